//! Features and their control codes (clause 2.2).

use super::Part10Error;

/// The control code that asks for the list of features, as pcsc-lite numbers control codes.
pub const GET_FEATURE_REQUEST: u32 = 0x4200_0000 + 3_400;
/// The length of a control code.
const CODE_LENGTH: u8 = 4;

macro_rules! features {
    ($($feature:ident = $tag:literal, $text:literal;)*) => {
        /// Names a feature of a reader.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Feature {
            $(#[doc = $text] $feature,)*
            /// Another one, by its tag.
            Other(u8),
        }

        impl Feature {
            /// Returns the tag.
            #[must_use]
            pub fn tag(self) -> u8 {
                match self {
                    $(Self::$feature => $tag,)*
                    Self::Other(tag) => tag,
                }
            }

            /// Returns the feature of this tag.
            #[must_use]
            pub fn from_tag(tag: u8) -> Self {
                match tag {
                    $($tag => Self::$feature,)*
                    other => Self::Other(other),
                }
            }
        }
    };
}

features! {
    VerifyPinStart = 0x01, "Begins PIN verification and returns at once.";
    VerifyPinFinish = 0x02, "Ends a PIN verification that was begun.";
    ModifyPinStart = 0x03, "Begins a change of PIN and returns at once.";
    ModifyPinFinish = 0x04, "Ends a change of PIN that was begun.";
    GetKeyPressed = 0x05, "Asks which key was pressed.";
    VerifyPinDirect = 0x06, "Verifies a PIN and returns when the card has answered.";
    ModifyPinDirect = 0x07, "Changes a PIN and returns when the card has answered.";
    MctReaderDirect = 0x08, "Takes commands of MKT readers.";
    MctUniversal = 0x09, "Takes commands of MKT readers for any reader.";
    IfdPinProperties = 0x0a, "Tells of display and keys.";
    Abort = 0x0b, "Aborts what was begun.";
    SetSpeMessage = 0x0c, "Sets the texts that are shown.";
    VerifyPinDirectAppId = 0x0d, "Verifies a PIN of an application.";
    ModifyPinDirectAppId = 0x0e, "Changes a PIN of an application.";
    WriteDisplay = 0x0f, "Writes on the display.";
    GetKey = 0x10, "Waits for a key.";
    IfdDisplayProperties = 0x11, "Tells of the display.";
    GetTlvProperties = 0x12, "Tells of the reader, as data objects.";
    CcidEscCommand = 0x13, "Passes the maker's own commands on.";
    ExecutePace = 0x20, "Runs PACE.";
}

/// Lists the features of a reader with their control codes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FeatureList(Vec<(Feature, u32)>);

impl FeatureList {
    /// Creates a list of features with their control codes.
    pub fn new(features: impl IntoIterator<Item = (Feature, u32)>) -> Self {
        Self(features.into_iter().collect())
    }

    /// Reads the answer to [`GET_FEATURE_REQUEST`].
    ///
    /// # Errors
    ///
    /// [`Part10Error`].
    pub fn parse(mut bytes: &[u8]) -> Result<Self, Part10Error> {
        let mut features = Vec::new();
        while let [tag, length, rest @ ..] = bytes {
            let bad = Part10Error::BadLength { tag: *tag, length: usize::from(*length) };
            if *length != CODE_LENGTH {
                return Err(bad);
            }
            let (code, rest) = rest.split_first_chunk::<4>().ok_or(bad)?;
            features.push((Feature::from_tag(*tag), u32::from_be_bytes(*code)));
            bytes = rest;
        }
        match bytes {
            [] => Ok(Self(features)),
            _ => Err(Part10Error::WrongLength(bytes.len())),
        }
    }

    /// Returns the list as a reader sends it.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let object = |(feature, code): &(Feature, u32)| {
            let mut object = vec![feature.tag(), CODE_LENGTH];
            object.extend_from_slice(&code.to_be_bytes());
            object
        };
        self.0.iter().flat_map(object).collect()
    }

    /// Returns the control code of a feature; `None` when the reader does not have it.
    #[must_use]
    pub fn control_code(&self, feature: Feature) -> Option<u32> {
        self.0.iter().find(|(known, _)| *known == feature).map(|(_, code)| *code)
    }

    /// Returns the features in the reader's order.
    pub fn features(&self) -> impl Iterator<Item = Feature> {
        self.0.iter().map(|(feature, _)| *feature)
    }
}
