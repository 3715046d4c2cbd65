//! What makes one table of commands serve both directions.

/// Is what follows a command's fixed bytes.
pub(super) trait Parameter: Sized {
    /// Appends the parameter's bytes.
    fn emit(&self, out: &mut Vec<u8>);

    /// Decodes exactly `bytes`; `None` when they are out of the parameter's range.
    fn decode(bytes: &[u8]) -> Option<Self>;
}

impl Parameter for u8 {
    fn emit(&self, out: &mut Vec<u8>) {
        out.push(*self);
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(|[byte]: [Self; 1]| byte)
    }
}

/// Is a switch: the lowest bit counts.
impl Parameter for bool {
    fn emit(&self, out: &mut Vec<u8>) {
        out.push(Self::into(*self));
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        u8::decode(bytes).map(|byte| byte & 1 == 1)
    }
}

impl Parameter for u16 {
    fn emit(&self, out: &mut Vec<u8>) {
        out.extend(self.to_le_bytes());
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self::from_le_bytes)
    }
}

impl Parameter for i16 {
    fn emit(&self, out: &mut Vec<u8>) {
        out.extend(self.to_le_bytes());
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self::from_le_bytes)
    }
}

/// Defines a family of commands: each with its fixed bytes and what follows them.
macro_rules! commands {
    (
        $(#[$meta:meta])*
        $name:ident {
            $( $(#[$doc:meta])* $variant:ident $(($parameter:ty))? = [$($byte:expr),+ $(,)?]; )+
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum $name {
            $( $(#[$doc])* $variant $(($parameter))?, )+
        }

        impl $name {
            /// Appends the command's bytes.
            pub(in crate::escpos) fn emit(&self, out: &mut Vec<u8>) {
                match self {
                    $( Self::$variant $((commands!(@value value $parameter)))? => {
                        out.extend_from_slice(&[$($byte),+]);
                        $( <$parameter as $crate::escpos::table::Parameter>::emit(value, out); )?
                    } )+
                }
            }

            /// Decodes one whole command of this family.
            pub(in crate::escpos) fn decode(frame: &[u8]) -> Option<Self> {
                $( if let Some(rest) = frame.strip_prefix(&[$($byte),+][..]) {
                    commands!(@decode rest, $variant $(, $parameter)?);
                } )+
                None
            }
        }

        impl From<$name> for $crate::escpos::Command {
            fn from(command: $name) -> Self {
                Self::$name(command)
            }
        }
    };
    (@value $value:ident $parameter:ty) => { $value };
    (@decode $rest:ident, $variant:ident) => {
        if $rest.is_empty() {
            return Some(Self::$variant);
        }
    };
    (@decode $rest:ident, $variant:ident, $parameter:ty) => {
        if let Some(value) = <$parameter as $crate::escpos::table::Parameter>::decode($rest) {
            return Some(Self::$variant(value));
        }
    };
}

/// Defines a parameter of one byte with named values; the first byte of each is the one sent.
macro_rules! choice {
    (
        $(#[$meta:meta])*
        $name:ident { $( $(#[$doc:meta])* $variant:ident = $first:literal $(| $other:literal)*; )+ }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $( $(#[$doc])* $variant, )+
        }

        impl $name {
            /// Lists all values.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
        }

        impl $crate::escpos::table::Parameter for $name {
            fn emit(&self, out: &mut Vec<u8>) {
                out.push(match self { $( Self::$variant => $first, )+ });
            }

            fn decode(bytes: &[u8]) -> Option<Self> {
                match bytes {
                    $( [$first] $(| [$other])* => Some(Self::$variant), )+
                    _ => None,
                }
            }
        }
    };
}

pub(super) use {choice, commands};
