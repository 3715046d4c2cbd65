//! Breaking text into lines by the width that it takes on paper.

mod columns;
mod flow;
mod metrics;
mod table;
#[cfg(test)]
mod tests;

use countertop_device::document::{Align, Block, Rule, Style};

use flow::Span;
pub(crate) use metrics::{Class, Classes, Metrics};

/// Is a part of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    /// Text of one look.
    Text(&'a str, Style),
    /// Room between texts, in the units of [`Metrics`], with the look of what is before it.
    Gap(usize, Style),
}

/// Takes lines as they come.
pub(crate) type Sink<'s, E> = &'s mut dyn FnMut(Align, &[Piece<'_>]) -> Result<(), E>;

/// Hands the lines of a block of text to `sink`; tells whether it is one.
///
/// # Errors
///
/// The sink's.
pub(crate) fn lines<E>(block: &Block, metrics: &Metrics<'_>, sink: Sink<'_, E>) -> Result<bool, E> {
    match block {
        Block::Text { text, align, style } => {
            flow::each_line(
                &[Span { text, style: *style }],
                metrics,
                metrics.capacity,
                &mut |line| sink(*align, line),
            )?;
        }
        Block::Runs { runs, align } => {
            let spans: Vec<_> = runs.iter().map(Span::from).collect();
            flow::each_line(&spans, metrics, metrics.capacity, &mut |line| sink(*align, line))?;
        }
        Block::Columns { left, right, style } => {
            columns::lines(left, right, *style, metrics, sink)?;
        }
        Block::Table(table) => table::lines(table, metrics, sink)?,
        Block::Rule(Rule::Dashed) => rule("-", metrics, sink)?,
        Block::Rule(Rule::Double) => rule("=", metrics, sink)?,
        Block::Rule(Rule::Dotted) => rule(".", metrics, sink)?,
        _ => return Ok(false),
    }
    Ok(true)
}

fn rule<E>(char: &str, metrics: &Metrics<'_>, sink: Sink<'_, E>) -> Result<(), E> {
    let line = char.repeat(metrics.columns());
    sink(Align::Left, &[Piece::Text(&line, Style::PLAIN)])
}
