//! What stands within a line.

use countertop_device::document::{Font, Run, Style, Underline};

/// Collects a paragraph's text.
#[derive(Debug, Default)]
pub(super) struct Inline {
    runs: Vec<Run>,
    /// The look of text without marks.
    pub(super) base: Style,
    /// How many marks of bold text, and of emphasis, are open.
    pub(super) bold: usize,
    pub(super) underline: usize,
    pub(super) image: Option<Image>,
}

/// Is an image whose description is being read.
#[derive(Debug)]
pub(super) struct Image {
    pub(super) alt: String,
    pub(super) target: String,
    pub(super) title: String,
}

impl Inline {
    pub(super) fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    fn style(&self) -> Style {
        Style {
            bold: self.base.bold || self.bold > 0,
            underline: if self.underline > 0 { Underline::Thin } else { self.base.underline },
            ..self.base
        }
    }

    pub(super) fn push(&mut self, text: &str) {
        self.push_styled(text, self.style());
    }

    /// Adds text between backquotes: in the small font.
    pub(super) fn code(&mut self, text: &str) {
        self.push_styled(text, Style { font: Font::B, ..self.style() });
    }

    fn push_styled(&mut self, text: &str, style: Style) {
        let text: String =
            text.chars().filter(|char| *char == '\n' || !char.is_control()).collect();
        match self.runs.last_mut() {
            Some(run) if run.style == style => run.text.push_str(&text),
            _ => self.runs.push(Run { text, style }),
        }
    }

    /// Returns the text that was collected, but for what stood between backquotes.
    pub(super) fn plain_text(&self) -> String {
        let plain = self.runs.iter().filter(|run| run.style.font == Font::A);
        plain.map(|run| run.text.as_str()).collect()
    }

    /// Takes what was collected.
    pub(super) fn take(&mut self) -> Vec<Run> {
        core::mem::take(&mut self.runs)
    }
}
