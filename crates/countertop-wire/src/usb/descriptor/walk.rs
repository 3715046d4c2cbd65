use super::super::UsbError;

/// Is a descriptor as it stands among others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RawDescriptor<'a> {
    /// bDescriptorType.
    pub kind: u8,
    /// All its bytes, length and type included.
    pub bytes: &'a [u8],
}

/// Iterates over descriptors that stand one after another.
#[derive(Debug, Clone)]
pub struct RawDescriptors<'a> {
    rest: &'a [u8],
}

impl<'a> RawDescriptors<'a> {
    /// Begins at the first of them.
    #[must_use]
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    fn split(&self) -> Result<(RawDescriptor<'a>, &'a [u8]), UsbError> {
        let what = "descriptor";
        let truncated = UsbError::Truncated { what, length: self.rest.len() };
        let &[length, kind, ..] = self.rest else { return Err(truncated) };
        let length = usize::from(length);
        if length < 2 {
            return Err(UsbError::BadLength { what, length });
        }
        let (bytes, rest) = self.rest.split_at_checked(length).ok_or(truncated)?;
        Ok((RawDescriptor { kind, bytes }, rest))
    }
}

impl<'a> Iterator for RawDescriptors<'a> {
    type Item = Result<RawDescriptor<'a>, UsbError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        match self.split() {
            Ok((descriptor, rest)) => {
                self.rest = rest;
                Some(Ok(descriptor))
            }
            Err(error) => {
                self.rest = &[];
                Some(Err(error))
            }
        }
    }
}
