//! Records, and the well-known types for links and texts.

/// Is one record of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// What kind of name [`kind`](Self::kind) is.
    pub type_name: TypeName,
    /// The type, such as `U`.
    pub kind: Vec<u8>,
    /// The identifier, empty when there is none.
    pub id: Vec<u8>,
    /// The content.
    pub payload: Vec<u8>,
}

/// Says what kind of name a record's type is: TNF (NDEF 1.0, 3.2.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TypeName {
    /// The record is empty.
    Empty,
    /// A name of the NFC Forum.
    WellKnown,
    /// A media type (RFC 2046).
    Media,
    /// An absolute URI.
    AbsoluteUri,
    /// A name with a domain in front.
    External,
    /// Not known.
    Unknown,
}

/// Is a text with its language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// The language, such as `en` or `zh-CN`.
    pub language: String,
    /// The text.
    pub text: String,
}

/// Abbreviated beginnings of URIs by code (NFC Forum URI RTD 1.0, table 3).
const URI_PREFIXES: [&str; 36] = [
    "",
    "http://www.",
    "https://www.",
    "http://",
    "https://",
    "tel:",
    "mailto:",
    "ftp://anonymous:anonymous@",
    "ftp://ftp.",
    "ftps://",
    "sftp://",
    "smb://",
    "nfs://",
    "ftp://",
    "dav://",
    "news:",
    "telnet://",
    "imap:",
    "rtsp://",
    "urn:",
    "pop:",
    "sip:",
    "sips:",
    "tftp:",
    "btspp://",
    "btl2cap://",
    "btgoep://",
    "tcpobex://",
    "irdaobex://",
    "file://",
    "urn:epc:id:",
    "urn:epc:tag:",
    "urn:epc:pat:",
    "urn:epc:raw:",
    "urn:epc:",
    "urn:nfc:",
];

/// External type of the Android application record.
const ANDROID_APPLICATION: &str = "android.com:pkg";
/// Bit of a text's status byte: UTF-16 instead of UTF-8.
const UTF16: u8 = 0x80;
/// Bits of a text's status byte: length of the language.
const LANGUAGE_LENGTH: u8 = 0x3f;

impl TypeName {
    pub(super) const fn code(self) -> u8 {
        match self {
            Self::Empty => 0,
            Self::WellKnown => 1,
            Self::Media => 2,
            Self::AbsoluteUri => 3,
            Self::External => 4,
            Self::Unknown => 5,
        }
    }

    /// Codes 6 (a middle chunk) and 7 (reserved) are none.
    pub(super) const fn from_code(code: u8) -> Option<Self> {
        Some(match code {
            0 => Self::Empty,
            1 => Self::WellKnown,
            2 => Self::Media,
            3 => Self::AbsoluteUri,
            4 => Self::External,
            5 => Self::Unknown,
            _ => return None,
        })
    }
}

impl Record {
    /// Creates a link, abbreviated where the standard has a code.
    #[must_use]
    pub fn uri(uri: &str) -> Self {
        let (code, rest) = URI_PREFIXES
            .iter()
            .zip(0u8..)
            .filter_map(|(prefix, code)| uri.strip_prefix(prefix).map(|rest| (code, rest)))
            .min_by_key(|(_, rest)| rest.len())
            .unwrap_or((0, uri));
        Self::well_known(b"U", [&[code], rest.as_bytes()].concat())
    }

    /// Creates a text in UTF-8. Of a language longer than 63 bytes the rest is cut off.
    #[must_use]
    pub fn text(language: &str, text: &str) -> Self {
        let language: String = language.chars().filter(char::is_ascii).take(63).collect();
        let status = u8::try_from(language.len()).unwrap_or(LANGUAGE_LENGTH);
        let payload = [&[status], language.as_bytes(), text.as_bytes()].concat();
        Self::well_known(b"T", payload)
    }

    /// Creates content of a media type, such as `text/vcard`.
    #[must_use]
    pub fn media(media_type: &str, payload: impl Into<Vec<u8>>) -> Self {
        Self::of(TypeName::Media, media_type.as_bytes(), payload.into())
    }

    /// Creates content of a type that a domain's owner defines, such as `example.com:ticket`
    /// (NDEF external type, RTD 1.0, 3.3).
    #[must_use]
    pub fn external(name: &str, payload: impl Into<Vec<u8>>) -> Self {
        Self::of(TypeName::External, name.to_ascii_lowercase().as_bytes(), payload.into())
    }

    /// Creates an Android application record: the package that is to handle the message (Android
    /// developers' guide, NFC basics).
    #[must_use]
    pub fn android_application(package: &str) -> Self {
        Self::external(ANDROID_APPLICATION, package)
    }

    /// Creates the record without content.
    #[must_use]
    pub fn empty() -> Self {
        Self::of(TypeName::Empty, b"", Vec::new())
    }

    /// Adds an identifier, by which other records refer to this one.
    #[must_use]
    pub fn with_id(mut self, id: impl Into<Vec<u8>>) -> Self {
        self.id = id.into();
        self
    }

    pub(super) fn well_known(kind: &[u8], payload: Vec<u8>) -> Self {
        Self::of(TypeName::WellKnown, kind, payload)
    }

    fn of(type_name: TypeName, kind: &[u8], payload: Vec<u8>) -> Self {
        Self { type_name, kind: kind.to_vec(), id: Vec::new(), payload }
    }

    /// Returns the content when this record is of the well-known type `kind`.
    pub(super) fn as_well_known(&self, kind: &[u8]) -> Option<&[u8]> {
        (self.type_name == TypeName::WellKnown && self.kind == kind).then_some(&self.payload)
    }

    /// Returns media type and content, if this record is one.
    #[must_use]
    pub fn as_media(&self) -> Option<(&str, &[u8])> {
        let media_type = self.named(TypeName::Media)?;
        Some((media_type, &self.payload))
    }

    /// Returns name and content of an external type, if this record is one.
    #[must_use]
    pub fn as_external(&self) -> Option<(&str, &[u8])> {
        let name = self.named(TypeName::External)?;
        Some((name, &self.payload))
    }

    /// Returns the package of an Android application record, if this record is one.
    #[must_use]
    pub fn as_android_application(&self) -> Option<&str> {
        let (ANDROID_APPLICATION, package) = self.as_external()? else { return None };
        core::str::from_utf8(package).ok()
    }

    fn named(&self, type_name: TypeName) -> Option<&str> {
        if self.type_name != type_name {
            return None;
        }
        core::str::from_utf8(&self.kind).ok()
    }

    /// Returns the link, if this record is one.
    #[must_use]
    pub fn as_uri(&self) -> Option<String> {
        match self.type_name {
            TypeName::WellKnown => {
                let (code, rest) = self.as_well_known(b"U")?.split_first()?;
                let prefix = URI_PREFIXES.get(usize::from(*code))?;
                Some([prefix, core::str::from_utf8(rest).ok()?].concat())
            }
            TypeName::AbsoluteUri => String::from_utf8(self.kind.clone()).ok(),
            _ => None,
        }
    }

    /// Returns the text, if this record is one.
    #[must_use]
    pub fn as_text(&self) -> Option<Text> {
        let (status, rest) = self.as_well_known(b"T")?.split_first()?;
        let (language, text) = rest.split_at_checked(usize::from(status & LANGUAGE_LENGTH))?;
        let text = match status & UTF16 {
            0 => core::str::from_utf8(text).ok()?.to_owned(),
            _ => utf16(text)?,
        };
        Some(Text { language: core::str::from_utf8(language).ok()?.to_owned(), text })
    }
}

/// Big-endian, unless a byte order mark says otherwise (Text RTD 1.0, 3.4).
fn utf16(bytes: &[u8]) -> Option<String> {
    let (pairs, []) = bytes.as_chunks::<2>() else { return None };
    let (pairs, convert): (_, fn([u8; 2]) -> u16) = match pairs {
        [[0xff, 0xfe], rest @ ..] => (rest, u16::from_le_bytes),
        [[0xfe, 0xff], rest @ ..] => (rest, u16::from_be_bytes),
        pairs => (pairs, u16::from_be_bytes),
    };
    let units: Vec<u16> = pairs.iter().copied().map(convert).collect();
    String::from_utf16(&units).ok()
}
