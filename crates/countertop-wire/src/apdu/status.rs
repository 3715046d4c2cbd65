//! Status words.

use core::fmt;

/// Is the status word SW1 SW2 at the end of a response (ISO/IEC 7816-4, clause 5.6; EMV Book 3,
/// clause 6.3.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct StatusWord(pub u16);

macro_rules! status_words {
    ($($constant:ident = $number:literal, $name:literal;)*) => {
        impl StatusWord {
            $(
                #[doc = concat!("Says: ", $name, ".")]
                pub const $constant: Self = Self($number);
            )*

            /// Returns what ISO/IEC 7816-4 and EMV call this status, if they do.
            #[must_use]
            pub fn name(self) -> Option<&'static str> {
                Some(match self.0 {
                    $($number => $name,)*
                    0x6100..=0x61ff => "response bytes still available",
                    0x63c0..=0x63cf => "verification failed, tries left in the last digit",
                    0x6c00..=0x6cff => "wrong Le, the right one in SW2",
                    _ => return None,
                })
            }
        }
    };
}

status_words! {
    SUCCESS = 0x9000, "success";
    FILE_INVALIDATED = 0x6283, "selected file invalidated";
    AUTHENTICATION_FAILED = 0x6300, "authentication failed";
    MEMORY_FAILURE = 0x6581, "memory failure";
    WRONG_LENGTH = 0x6700, "wrong length";
    SECURE_MESSAGING_NOT_SUPPORTED = 0x6882, "secure messaging not supported";
    INCOMPATIBLE_WITH_FILE_STRUCTURE = 0x6981, "command incompatible with file structure";
    SECURITY_STATUS_NOT_SATISFIED = 0x6982, "security status not satisfied";
    AUTHENTICATION_METHOD_BLOCKED = 0x6983, "authentication method blocked";
    REFERENCE_DATA_INVALIDATED = 0x6984, "reference data invalidated";
    CONDITIONS_NOT_SATISFIED = 0x6985, "conditions of use not satisfied";
    COMMAND_NOT_ALLOWED = 0x6986, "command not allowed";
    WRONG_DATA = 0x6a80, "incorrect parameters in the data field";
    FUNCTION_NOT_SUPPORTED = 0x6a81, "function not supported";
    FILE_NOT_FOUND = 0x6a82, "file not found";
    RECORD_NOT_FOUND = 0x6a83, "record not found";
    INCORRECT_PARAMETERS = 0x6a86, "incorrect parameters P1 P2";
    REFERENCED_DATA_NOT_FOUND = 0x6a88, "referenced data not found";
    WRONG_PARAMETERS = 0x6b00, "wrong parameters P1 P2";
    INSTRUCTION_NOT_SUPPORTED = 0x6d00, "instruction not supported";
    CLASS_NOT_SUPPORTED = 0x6e00, "class not supported";
    NO_PRECISE_DIAGNOSIS = 0x6f00, "no precise diagnosis";
}

impl StatusWord {
    /// Returns the status word of a failed verification with `tries` left (`63Cx`; at most 15).
    #[must_use]
    pub fn verification_failed(tries: u8) -> Self {
        Self(0x63c0 | u16::from(tries.min(0x0f)))
    }

    /// Returns how many tries a failed verification leaves (`63Cx`).
    #[must_use]
    pub fn tries_left(self) -> Option<u8> {
        let [sw1, sw2] = self.0.to_be_bytes();
        (sw1 == 0x63 && sw2 & 0xf0 == 0xc0).then_some(sw2 & 0x0f)
    }

    /// Returns how many bytes GET RESPONSE can fetch (`61xx`; 256 for `6100`).
    #[must_use]
    pub fn bytes_available(self) -> Option<usize> {
        self.length_after(0x61)
    }

    /// Returns the Le with which to repeat the command (`6Cxx`; 256 for `6C00`).
    #[must_use]
    pub fn right_expected(self) -> Option<usize> {
        self.length_after(0x6c)
    }

    fn length_after(self, leading: u8) -> Option<usize> {
        let [sw1, sw2] = self.0.to_be_bytes();
        (sw1 == leading).then_some(if sw2 == 0 { 0x100 } else { usize::from(sw2) })
    }
}

impl fmt::Display for StatusWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04X}", self.0)?;
        self.name().map_or(Ok(()), |name| write!(f, " ({name})"))
    }
}
