//! What is on paper, against what was said.

use countertop_device::PrintOutcome;
use countertop_printer::EncodedJob;
use countertop_virtual::printer::PrinterControl;

/// Is in the line that marks a copy.
pub(crate) const COPY: &str = "COPY";

/// Is the lines that the job has, and the blocks they are in.
pub(crate) struct Oracle {
    pub(crate) lines: Vec<String>,
    /// How many lines are in the blocks up to each.
    ends: Vec<usize>,
}

impl Oracle {
    pub(crate) fn new(lines: Vec<String>, job: &EncodedJob) -> Self {
        let mut count = 0;
        let ends = job.blocks.iter().map(|block| {
            count += block.bytes.windows(2).filter(|two| two[0] == b'#' && two[1] == b'L').count();
            count
        });
        let ends: Vec<usize> = ends.collect();
        assert_eq!(ends.last(), Some(&lines.len()), "every line is in a block");
        Self { lines, ends }
    }

    /// Returns the paper in pieces: what came before the first mark, and behind each.
    fn pieces(control: &PrinterControl) -> Vec<Vec<String>> {
        let mut pieces = vec![Vec::new()];
        for line in control.paper().iter().flat_map(|page| page.text().lines()) {
            if line.contains(COPY) {
                pieces.push(Vec::new());
            } else if !line.trim().is_empty() && !line.starts_with('[') {
                // What is in brackets is a picture.
                pieces.last_mut().unwrap().push(line.to_owned());
            }
        }
        pieces
    }

    fn number(&self, line: &str) -> Option<usize> {
        self.lines.iter().position(|own| own == line)
    }

    /// Checks what is always so: within a piece each line is there once at most, and in order.
    fn no_unmarked_duplicate(&self, pieces: &[Vec<String>]) -> Result<(), String> {
        for piece in pieces {
            let numbers: Vec<usize> = piece.iter().filter_map(|line| self.number(line)).collect();
            if !numbers.is_sorted_by(|one, other| one < other) {
                return Err(format!("an unmarked duplicate: {piece:#?}"));
            }
        }
        Ok(())
    }

    /// Checks what an outcome says against the paper.
    pub(crate) fn check(
        &self,
        control: &PrinterControl,
        outcome: PrintOutcome,
    ) -> Result<(), String> {
        let pieces = Self::pieces(control);
        self.no_unmarked_duplicate(&pieces)?;
        let last = pieces.last().unwrap();
        match outcome {
            PrintOutcome::Confirmed | PrintOutcome::Processed if *last != self.lines => {
                Err(format!("{outcome:?}, and on paper is {last:#?}"))
            }
            PrintOutcome::NotStarted if last.iter().any(|line| self.number(line).is_some()) => {
                Err(format!("{outcome:?}, and on paper is {last:#?}"))
            }
            PrintOutcome::Partial { last_block } => {
                let known = last_block.checked_sub(1).map_or(0, |block| self.ends[block as usize]);
                if last.get(..known) == self.lines.get(..known) {
                    return Ok(());
                }
                Err(format!("{outcome:?} are {known} lines, and on paper is {last:#?}"))
            }
            _ => Ok(()),
        }
    }

    /// Returns how many copies are on paper.
    pub(crate) fn copies(control: &PrinterControl) -> usize {
        Self::pieces(control).len() - 1
    }
}
