//! Receipts in Markdown (CommonMark with tables).
//!
//! ```
//! use countertop_printer::source::{Folder, markdown};
//!
//! let text = "
//! ## Corner Shop
//!
//! | Item | Price |
//! |------|------:|
//! | Tea  |  2.50 |
//!
//! ---
//! **TOTAL 2.50**
//!
//! ![qr](https://example.com/r/1)
//! ";
//! let document = markdown::parse(text, &Folder::none()).unwrap();
//! let shown = countertop_printer::text::render(&document, 20);
//! assert!(shown.starts_with("    Corner Shop\nItem           Price\nTea             2.50\n"));
//! assert!(shown.ends_with("TOTAL 2.50\n[QR https://\nexample.com/r/1]\n"));
//! ```

mod fence;
mod inline;
mod options;

use core::ops::Range;

use countertop_device::document::{
    Align, Block, Cell, Column, Document, Rule, Run, Size, Style, Table, Width,
};
use pulldown_cmark::{Alignment, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::{Folder, SourceError};
use fence::Fence;
use inline::Inline;

/// Makes a document of Markdown.
///
/// # Errors
///
/// For a code or picture that is not known, and for HTML, with the line.
pub fn parse(text: &str, folder: &Folder) -> Result<Document, SourceError> {
    let mut reader = Reader {
        text,
        folder,
        document: Document::new(),
        inline: Inline::default(),
        align: Align::Left,
        lists: Vec::new(),
        quotes: 0,
        table: None,
        fence: None,
    };
    for (event, range) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
        reader.event(event, range)?;
    }
    Ok(reader.document)
}

/// Is what is known at a place of the text.
struct Reader<'a> {
    text: &'a str,
    folder: &'a Folder,
    document: Document,
    inline: Inline,
    align: Align,
    /// The number of the next entry of each list that is open; `None` of those without numbers.
    lists: Vec<Option<u64>>,
    quotes: usize,
    table: Option<Table>,
    fence: Option<Fence>,
}

impl Reader<'_> {
    fn event(&mut self, event: Event<'_>, range: Range<usize>) -> Result<(), SourceError> {
        match event {
            Event::Start(tag) => self.start(tag, range)?,
            Event::End(end) => self.end(end, range)?,
            Event::Text(text) => match (&mut self.fence, &mut self.inline.image) {
                (Some(fence), _) => fence.text.push_str(&text),
                (None, Some(image)) => image.alt.push_str(&text),
                (None, None) => self.inline.push(&text),
            },
            Event::Code(text) => self.inline.code(&text),
            Event::SoftBreak => self.inline.push(" "),
            Event::HardBreak => self.inline.push("\n"),
            Event::Rule => {
                self.document.push(Block::Rule(Rule::Dashed));
            }
            Event::Html(html) | Event::InlineHtml(html) => self.html(&html, range)?,
            other => {
                let what = format!("this is not known in receipts: {other:?}");
                return Err(SourceError::at(self.text, range.start, what));
            }
        }
        Ok(())
    }

    fn start(&mut self, tag: Tag<'_>, range: Range<usize>) -> Result<(), SourceError> {
        match tag {
            Tag::Heading { level, .. } => {
                let (style, align) = heading(level);
                self.inline.base = style;
                self.align = align;
            }
            Tag::BlockQuote(_) => self.quotes += 1,
            Tag::CodeBlock(kind) => self.fence = Some(Fence::new(&kind)),
            // An entry's paragraph ends before a list within it begins.
            Tag::List(first) => {
                self.paragraph();
                self.lists.push(first);
            }
            Tag::Item => self.item(),
            Tag::Table(alignments) => self.table = Some(table(&alignments)),
            Tag::TableHead => {
                self.inline.base = Style::BOLD;
                self.row();
            }
            Tag::TableRow => self.row(),
            Tag::Strong => self.inline.bold += 1,
            Tag::Emphasis => self.inline.underline += 1,
            Tag::Image { dest_url, title, .. } => {
                self.inline.image = Some(inline::Image {
                    alt: String::new(),
                    target: dest_url.into_string(),
                    title: title.into_string(),
                });
            }
            Tag::Link { .. } | Tag::Paragraph | Tag::TableCell | Tag::HtmlBlock => {}
            other => {
                let what = format!("this is not known in receipts: {other:?}");
                return Err(SourceError::at(self.text, range.start, what));
            }
        }
        Ok(())
    }

    fn end(&mut self, end: TagEnd, range: Range<usize>) -> Result<(), SourceError> {
        match end {
            TagEnd::Heading(_) => {
                self.no_broken_image(&range)?;
                self.paragraph();
                self.inline.base = Style::PLAIN;
                self.align = Align::Left;
            }
            TagEnd::Paragraph | TagEnd::Item => {
                self.no_broken_image(&range)?;
                self.paragraph();
            }
            TagEnd::BlockQuote(_) => self.quotes = self.quotes.saturating_sub(1),
            TagEnd::List(_) => {
                self.lists.pop();
            }
            TagEnd::CodeBlock => {
                if let Some(fence) = self.fence.take() {
                    let blocks = fence.blocks();
                    let blocks =
                        blocks.map_err(|what| SourceError::at(self.text, range.start, what))?;
                    self.document.blocks.extend(blocks);
                }
            }
            TagEnd::TableCell => {
                let cell = Cell::from(self.inline.take());
                if let Some(row) = self.table.as_mut().and_then(|table| table.rows.last_mut()) {
                    row.push(cell);
                }
            }
            TagEnd::TableHead => self.inline.base = Style::PLAIN,
            TagEnd::Table => {
                let table = self.table.take();
                self.document.blocks.extend(table.map(Block::Table));
            }
            TagEnd::Strong => self.inline.bold = self.inline.bold.saturating_sub(1),
            TagEnd::Emphasis => self.inline.underline = self.inline.underline.saturating_sub(1),
            TagEnd::Image => self.image(range)?,
            _ => {}
        }
        Ok(())
    }

    /// Refuses what was meant for an image and is text: a receipt would lack its code.
    fn no_broken_image(&self, range: &Range<usize>) -> Result<(), SourceError> {
        let written = self.text.get(range.clone()).unwrap_or_default();
        let shown = self.inline.plain_text();
        match written.find("![") {
            Some(place) if shown.contains("![") && !written.contains("\\!") => {
                let what = "this is no image; what has spaces stands in <…>: ![qr](<a b>)";
                Err(SourceError::at(self.text, range.start + place, what))
            }
            _ => Ok(()),
        }
    }

    /// Ends a paragraph.
    fn paragraph(&mut self) {
        let mut runs = self.inline.take();
        if runs.iter().all(|run| run.text.trim().is_empty()) {
            return;
        }
        if self.quotes > 0 {
            runs.insert(0, Run::from("> ".repeat(self.quotes)));
        }
        let align = self.align;
        match <[Run; 1]>::try_from(runs) {
            Ok([Run { text, style }]) => self.document.push(Block::Text { text, align, style }),
            Err(runs) => self.document.push(Block::Runs { runs, align }),
        };
    }

    /// Begins a list's entry.
    fn item(&mut self) {
        let depth = self.lists.len().saturating_sub(1);
        let mark = match self.lists.last_mut() {
            Some(Some(number)) => {
                *number += 1;
                format!("{}. ", *number - 1)
            }
            _ => "- ".to_owned(),
        };
        self.inline.push(&format!("{}{mark}", "  ".repeat(depth)));
    }

    fn row(&mut self) {
        if let Some(table) = &mut self.table {
            table.rows.push(Vec::new());
        }
    }

    /// Prints a picture or a code where a paragraph has an image.
    fn image(&mut self, range: Range<usize>) -> Result<(), SourceError> {
        let Some(image) = self.inline.image.take() else { return Ok(()) };
        let block = options::block(&image, self.folder)
            .map_err(|what| SourceError::at(self.text, range.start, what))?;
        self.paragraph();
        self.document.push(block);
        Ok(())
    }

    /// Takes line breaks and leaves comments out.
    fn html(&mut self, html: &str, range: Range<usize>) -> Result<(), SourceError> {
        let tag = html.trim();
        match tag.to_ascii_lowercase().as_str() {
            "" => {}
            "<br>" | "<br/>" | "<br />" if self.inline.is_empty() => {
                self.document.push(Block::Feed(1));
            }
            "<br>" | "<br/>" | "<br />" => self.inline.push("\n"),
            _ if tag.starts_with("<!--") || tag.ends_with("-->") => {}
            _ => {
                let what =
                    format!("HTML is not printed: `{tag}`; only <br> and comments are known");
                return Err(SourceError::at(self.text, range.start, what));
            }
        }
        Ok(())
    }
}

/// Returns how a heading looks, and where it stands.
fn heading(level: HeadingLevel) -> (Style, Align) {
    match level {
        HeadingLevel::H1 => (Style::LARGE, Align::Centre),
        HeadingLevel::H2 => (Style { size: Size::TALL, ..Style::BOLD }, Align::Centre),
        HeadingLevel::H3 => (Style::BOLD, Align::Centre),
        _ => (Style::BOLD, Align::Left),
    }
}

/// The first column takes what the others leave.
fn table(alignments: &[Alignment]) -> Table {
    let column = |(index, alignment): (usize, &Alignment)| {
        let width = if index == 0 { Width::Share(1) } else { Width::Content };
        let align = match alignment {
            Alignment::None | Alignment::Left => Align::Left,
            Alignment::Center => Align::Centre,
            Alignment::Right => Align::Right,
        };
        Column::new(width, align)
    };
    Table::new(alignments.iter().enumerate().map(column).collect())
}
