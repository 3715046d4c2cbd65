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

impl<const LENGTH: usize> Parameter for [u8; LENGTH] {
    fn emit(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self);
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok()
    }
}

impl<const LENGTH: usize> Fixed for [u8; LENGTH] {
    const WIDTH: usize = LENGTH;
}

impl Parameter for i16 {
    fn emit(&self, out: &mut Vec<u8>) {
        out.extend(self.to_le_bytes());
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self::from_le_bytes)
    }
}

/// Is a parameter that always takes as many bytes.
pub(super) trait Fixed: Parameter {
    /// How many.
    const WIDTH: usize;
}

impl Fixed for u8 {
    const WIDTH: usize = 1;
}

impl Fixed for bool {
    const WIDTH: usize = 1;
}

impl Fixed for u16 {
    const WIDTH: usize = 2;
}

/// Appends a place for a length and what it begins to count; returns where that begins.
pub(super) fn open_count(out: &mut Vec<u8>, function: &[u8]) -> usize {
    out.extend([0x00, 0x00]);
    let at = out.len();
    out.extend_from_slice(function);
    at
}

/// Writes the length of what follows `at`. No parameter is longer than the length can say.
pub(super) fn close_count(out: &mut [u8], at: usize) {
    let length = u16::try_from(out.len().saturating_sub(at)).unwrap_or(u16::MAX);
    let place = at.checked_sub(2).and_then(|place| out.get_mut(place..at));
    if let Some(place) = place {
        place.copy_from_slice(&length.to_le_bytes());
    }
}

/// Returns what a length of two bytes counts; `None` when it counts wrongly.
pub(super) fn counted(bytes: &[u8]) -> Option<&[u8]> {
    let (length, rest) = bytes.split_first_chunk()?;
    (usize::from(u16::from_le_bytes(*length)) == rest.len()).then_some(rest)
}

/// Defines a family of commands: each with its fixed bytes and what follows them. With `counted`
/// comes the length that Epson calls pL pH, then the function's bytes, each with its spellings, of
/// which the first is sent.
macro_rules! commands {
    (
        $(#[$meta:meta])*
        $name:ident {
            $( $(#[$doc:meta])* $variant:ident $(($parameter:ty))?
                = [$($byte:expr),+ $(,)?] $(counted $function:tt)?; )+
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum $name {
            $( $(#[$doc])* $variant $(($parameter))?, )+
        }

        impl $name {
            /// Lists the names of all commands of this family.
            #[cfg(test)]
            pub(in crate::escpos) const NAMES: &'static [&'static str] =
                &[$(stringify!($variant)),+];

            /// Appends the command's bytes.
            // Inlined, because which command it is, is mostly known where it is called.
            #[inline]
            pub fn emit(&self, out: &mut Vec<u8>) {
                match self {
                    $( Self::$variant $((commands!(@value value $parameter)))? => {
                        out.extend_from_slice(&[$($byte),+]);
                        $( let at = commands!(@open out $function); )?
                        $( <$parameter as $crate::escpos::table::Parameter>::emit(value, out); )?
                        $( commands!(@close out at $function); )?
                    } )+
                }
            }

            /// Decodes one whole command of this family.
            pub(in crate::escpos) fn decode(frame: &[u8]) -> Option<Self> {
                $( if let Some(rest) = frame.strip_prefix(&[$($byte),+][..])
                    $( && let Some(rest) = commands!(@function rest $function) )?
                {
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
    (@open $out:ident [$($first:literal $(| $other:literal)*),*]) => {
        $crate::escpos::table::open_count($out, &[$($first),*])
    };
    (@close $out:ident $at:ident $function:tt) => {
        $crate::escpos::table::close_count($out, $at)
    };
    (@function $rest:ident []) => {
        $crate::escpos::table::counted($rest)
    };
    (@function $rest:ident [$($first:literal $(| $other:literal)*),*]) => {
        match $crate::escpos::table::counted($rest) {
            Some([$($first $(| $other)*,)* parameters @ ..]) => Some(parameters),
            _ => None,
        }
    };
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

        impl $crate::escpos::table::Fixed for $name {
            const WIDTH: usize = 1;
        }
    };
}

/// Defines a parameter of several fields, each of a fixed width, in the order in which they are sent.
macro_rules! record {
    (
        $(#[$meta:meta])*
        $name:ident { $( $(#[$doc:meta])* $field:ident: $type:ty, )+ }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub struct $name {
            $( $(#[$doc])* pub $field: $type, )+
        }

        impl $crate::escpos::table::Parameter for $name {
            fn emit(&self, out: &mut Vec<u8>) {
                $( <$type as $crate::escpos::table::Parameter>::emit(&self.$field, out); )+
            }

            fn decode(bytes: &[u8]) -> Option<Self> {
                $(
                    let width = <$type as $crate::escpos::table::Fixed>::WIDTH;
                    let (field, bytes) = bytes.split_at_checked(width)?;
                    let $field = <$type as $crate::escpos::table::Parameter>::decode(field)?;
                )+
                bytes.is_empty().then_some(Self { $($field),+ })
            }
        }

        impl $crate::escpos::table::Fixed for $name {
            const WIDTH: usize = 0 $( + <$type as $crate::escpos::table::Fixed>::WIDTH )+;
        }
    };
}

pub(super) use {choice, commands, record};
