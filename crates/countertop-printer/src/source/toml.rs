//! Documents in TOML: a list of `[[block]]`, each with one key that says what it is.
//!
//! ```
//! use countertop_printer::source::{Folder, toml};
//!
//! let text = r#"
//! [[block]]
//! text = { text = "Corner Shop", align = "centre", style = { bold = true, size = [2, 2] } }
//! [[block]]
//! columns = { left = "TOTAL", right = "12.00" }
//! [[block]]
//! code = { system = "ean13", content = "400638133393" }
//! [[block]]
//! cut = true
//! "#;
//! let document = toml::parse(text, &Folder::none()).unwrap();
//! assert_eq!(document.blocks.len(), 4);
//!
//! let error = toml::parse("[[block]]\ntext = { txet = \"a\" }\n", &Folder::none()).unwrap_err();
//! assert!(error.to_string().starts_with("line 2: "));
//! ```

use ::toml::Spanned;
use countertop_device::document::{
    Align, Block, Code, Dither, Document, DrawerPort, Rule, Run, Scale, Style, Table,
};
use serde::Deserialize;

use super::{Folder, SourceError};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    block: Vec<Entry>,
}

/// Is a block as it is written.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Entry {
    Text(Text),
    Runs(Runs),
    Columns(Columns),
    Table(Table),
    Rule(Rule),
    Feed(u8),
    Code(Code),
    Image(Picture),
    Drawer(DrawerPort),
    Beep(u8),
    Cut(bool),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    text: String,
    #[serde(default)]
    align: Align,
    #[serde(default)]
    style: Style,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Runs {
    runs: Vec<Run>,
    #[serde(default)]
    align: Align,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Columns {
    left: String,
    right: String,
    #[serde(default)]
    style: Style,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Picture {
    file: Spanned<String>,
    #[serde(default)]
    dither: Dither,
    #[serde(default)]
    scale: Scale,
    #[serde(default = "Picture::default_align")]
    align: Align,
}

impl Picture {
    const fn default_align() -> Align {
        Align::Centre
    }
}

/// Makes a document of TOML.
///
/// # Errors
///
/// For what is no TOML, an unknown key or value, or a picture that cannot be read, with the line.
pub fn parse(text: &str, folder: &Folder) -> Result<Document, SourceError> {
    let file: File = ::toml::from_str(text).map_err(|error| {
        let place = error.span().map_or(0, |span| span.start);
        SourceError::at(text, place, error.message().trim_end().replace('\n', ", "))
    })?;
    let mut document = Document::new();
    for entry in file.block {
        if let Some(block) = entry.block(text, folder)? {
            document.push(block);
        }
    }
    Ok(document)
}

impl Entry {
    fn block(self, text: &str, folder: &Folder) -> Result<Option<Block>, SourceError> {
        Ok(Some(match self {
            Self::Text(Text { text, align, style }) => Block::Text { text, align, style },
            Self::Runs(Runs { runs, align }) => Block::Runs { runs, align },
            Self::Columns(Columns { left, right, style }) => Block::Columns { left, right, style },
            Self::Table(table) => Block::Table(table),
            Self::Rule(rule) => Block::Rule(rule),
            Self::Feed(lines) => Block::Feed(lines),
            Self::Code(code) => Block::Code(code),
            Self::Image(picture) => {
                let place = picture.file.span().start;
                let image = folder.image(picture.file.get_ref());
                let mut image = image.map_err(|what| SourceError::at(text, place, what))?;
                image.align = picture.align;
                Block::Image(image.with_dither(picture.dither).with_scale(picture.scale))
            }
            Self::Drawer(port) => Block::Drawer(port),
            Self::Beep(times) => Block::Beep { times },
            Self::Cut(true) => Block::Cut,
            Self::Cut(false) => return Ok(None),
        }))
    }
}
