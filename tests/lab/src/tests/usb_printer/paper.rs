//! What is on paper, against what was said of it.

use countertop_device::document::Document;
use countertop_device::{PrintOutcome, Settings};
use countertop_printer::{EscPosSettings, encode_job};
use countertop_virtual::printer::PrinterControl;

use crate::lab_test::{TestResult, check};

const COPY: &str = "COPY";

/// Returns what marks a receipt that is printed again.
pub(super) fn copy() -> Document {
    let mut document = Document::new();
    document.line(format!("{COPY} 重打印"));
    document
}

/// Is a receipt of numbered lines, and where its blocks end.
pub(super) struct Receipt {
    pub(super) document: Document,
    lines: Vec<String>,
    /// How many lines are in the blocks up to each.
    ends: Vec<usize>,
}

impl Receipt {
    /// Makes a receipt of so many lines, for a printer that is opened with `settings`.
    pub(super) fn new(count: usize, settings: &Settings) -> TestResult<Self> {
        let document = super::bench::lines(count);
        let job = encode_job(&document, &EscPosSettings::from_settings(settings)?)?;
        let mut sum = 0;
        let ends = job.blocks.iter().map(|block| {
            sum += block.bytes.windows(5).filter(|bytes| bytes == b"line ").count();
            sum
        });
        let ends = ends.collect();
        check!(sum == count, "{sum} of {count} lines are in blocks");
        let lines = (0..count).map(|number| format!("line {number} of {count}")).collect();
        Ok(Self { document, lines, ends })
    }

    /// Checks the paper against `outcome`, and returns how many copies are on it.
    pub(super) fn check(
        &self,
        control: &PrinterControl,
        outcome: PrintOutcome,
    ) -> TestResult<usize> {
        let pieces = pieces(control);
        let (last, before) = pieces.split_last().ok_or("no paper")?;
        for piece in before {
            check!(self.begins_with(piece), "before a copy there is {piece:#?}");
        }
        match outcome {
            PrintOutcome::Confirmed => {
                check!(*last == self.lines, "confirmed, and on paper is {last:#?}");
            }
            PrintOutcome::NotStarted => {
                check!(last.is_empty(), "not started, and on paper is {last:#?}");
            }
            PrintOutcome::Partial { last_block } => {
                let block = usize::try_from(last_block)?.checked_sub(1);
                let known = block.map_or(Some(0), |block| self.ends.get(block).copied());
                let known = known.ok_or_else(|| format!("there is no block {last_block}"))?;
                check!(self.begins_with(last), "on paper is {last:#?}");
                check!(last.len() >= known, "{known} lines are said to be on paper: {last:#?}");
            }
            other => return Err(format!("the outcome is {other:?}").into()),
        }
        Ok(before.len())
    }

    /// Tells whether `piece` is the receipt's beginning; its last line may be half a line.
    fn begins_with(&self, piece: &[String]) -> bool {
        let Some((last, whole)) = piece.split_last() else { return true };
        let next = self.lines.get(whole.len());
        self.lines.starts_with(whole) && next.is_some_and(|line| line.starts_with(last.as_str()))
    }
}

/// Returns how many lines have something on them.
pub(super) fn printed_lines(control: &PrinterControl) -> usize {
    pieces(control).iter().map(Vec::len).sum()
}

/// Returns the lines up to the first copy's mark, and behind each.
fn pieces(control: &PrinterControl) -> Vec<Vec<String>> {
    let mut pieces = vec![];
    let mut piece = vec![];
    for page in control.paper() {
        for line in page.text().lines().map(str::trim_end).filter(|line| !line.is_empty()) {
            if line.contains(COPY) {
                pieces.push(std::mem::take(&mut piece));
            } else {
                piece.push(line.to_owned());
            }
        }
    }
    pieces.push(piece);
    pieces
}

/// Checks that the last receipt ends with `whole`, and is once on its paper but behind a mark.
pub(super) fn check_last(control: &PrinterControl, whole: &str) -> TestResult {
    let page = control.pages().pop().ok_or("no receipt")?;
    let text = page.text();
    check!(text.ends_with(whole), "its end is missing: {text}");
    let first = whole.lines().next().ok_or("an empty receipt")?;
    for piece in text.split(COPY) {
        let count = piece.lines().filter(|line| *line == first).count();
        check!(count <= 1, "{count} times without a mark: {text}");
    }
    Ok(())
}
