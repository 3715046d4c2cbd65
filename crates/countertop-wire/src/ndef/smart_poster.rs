//! Smart posters: a link with titles and what to do with it (NFC Forum Smart Poster RTD 1.1).

use super::message::Message;
use super::record::{Record, Text};

/// Is a link with what a reader may show and do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct SmartPoster {
    /// The link.
    pub uri: String,
    /// Titles, one a language.
    pub titles: Vec<Text>,
    /// What to do with the link.
    pub action: Option<Action>,
    /// How many bytes are behind the link.
    pub size: Option<u32>,
    /// The media type of what is behind the link.
    pub media_type: Option<String>,
    /// Pictures: media type and content.
    pub icons: Vec<(String, Vec<u8>)>,
}

/// Says what to do with a smart poster's link (3.3.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Action {
    /// Do it: dial, browse, send.
    Do,
    /// Save for later.
    Save,
    /// Open for editing.
    Edit,
}

const SMART_POSTER: &[u8] = b"Sp";
const ACTION: &[u8] = b"act";
const SIZE: &[u8] = b"s";
const MEDIA_TYPE: &[u8] = b"t";

impl SmartPoster {
    /// Creates a poster with nothing but a link.
    #[must_use]
    pub fn new(uri: impl Into<String>) -> Self {
        Self { uri: uri.into(), ..Self::default() }
    }

    /// Adds a title.
    #[must_use]
    pub fn with_title(mut self, language: &str, text: &str) -> Self {
        self.titles.push(Text { language: language.into(), text: text.into() });
        self
    }

    /// Adds what to do.
    #[must_use]
    pub fn with_action(mut self, action: Action) -> Self {
        self.action = Some(action);
        self
    }

    /// Returns the poster as a record.
    #[must_use]
    pub fn to_record(&self) -> Record {
        let mut records = vec![Record::uri(&self.uri)];
        records.extend(self.titles.iter().map(|title| Record::text(&title.language, &title.text)));
        let action = self.action.map(|action| Record::well_known(ACTION, vec![action.code()]));
        let size = self.size.map(|size| Record::well_known(SIZE, size.to_be_bytes().to_vec()));
        let media_type = self.media_type.as_ref();
        let media_type = media_type.map(|name| Record::well_known(MEDIA_TYPE, name.clone().into()));
        records.extend(action.into_iter().chain(size).chain(media_type));
        records.extend(self.icons.iter().map(|(kind, icon)| Record::media(kind, icon.as_slice())));
        Record::well_known(SMART_POSTER, Message::new(records).encode())
    }

    /// Reads a poster; `None` when the record is none, or has not exactly one link (3.3.1). Records
    /// that this version does not know are passed over.
    #[must_use]
    pub fn from_record(record: &Record) -> Option<Self> {
        let message = Message::decode(record.as_well_known(SMART_POSTER)?).ok()?;
        let mut links = message.records.iter().filter_map(Record::as_uri);
        let (Some(uri), None) = (links.next(), links.next()) else { return None };
        let mut poster = Self::new(uri);
        message.records.iter().for_each(|inner| poster.take(inner));
        Some(poster)
    }

    fn take(&mut self, record: &Record) {
        if let Some(title) = record.as_text() {
            self.titles.push(title);
        } else if let Some([code]) = record.as_well_known(ACTION) {
            self.action = Action::from_code(*code);
        } else if let Some(size) = record.as_well_known(SIZE) {
            self.size = size.try_into().ok().map(u32::from_be_bytes);
        } else if let Some(name) = record.as_well_known(MEDIA_TYPE) {
            self.media_type = core::str::from_utf8(name).ok().map(String::from);
        } else if let Some((kind, icon)) = record.as_media() {
            self.icons.push((kind.into(), icon.into()));
        }
    }
}

impl Action {
    const fn code(self) -> u8 {
        match self {
            Self::Do => 0,
            Self::Save => 1,
            Self::Edit => 2,
        }
    }

    const fn from_code(code: u8) -> Option<Self> {
        match code {
            0 => Some(Self::Do),
            1 => Some(Self::Save),
            2 => Some(Self::Edit),
            _ => None,
        }
    }
}
