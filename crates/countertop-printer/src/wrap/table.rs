//! Tables.

use core::convert::Infallible;

use countertop_device::document::{Align, Cell, Column, Style, Table, Width};

use super::flow::{Line, Span, each_line};
use super::{Metrics, Piece, Sink};

/// Hands a table's lines to `sink`.
pub(super) fn lines<E>(table: &Table, metrics: &Metrics<'_>, sink: Sink<'_, E>) -> Result<(), E> {
    match widths(table, metrics) {
        Some(widths) => {
            table.rows.iter().try_for_each(|row| row_lines(table, row, &widths, metrics, sink))
        }
        // The columns do not fit beside each other.
        None => table.rows.iter().flatten().try_for_each(|cell| {
            each_line(&spans(cell), metrics, metrics.capacity, &mut |line| sink(Align::Left, line))
        }),
    }
}

fn spans(cell: &Cell) -> Vec<Span<'_>> {
    cell.runs.iter().map(Span::from).collect()
}

fn gap(table: &Table, metrics: &Metrics<'_>) -> usize {
    usize::from(table.gap) * metrics.unit()
}

/// Returns how wide each column is, in whole narrow characters; `None` when one would have no room.
fn widths(table: &Table, metrics: &Metrics<'_>) -> Option<Vec<usize>> {
    let unit = metrics.unit();
    let gaps = gap(table, metrics) * table.columns.len().saturating_sub(1);
    let room = metrics.capacity.checked_sub(gaps)?;
    let wanted = |(index, column): (usize, &Column)| match column.width {
        Width::Content => content(table, index, metrics).next_multiple_of(unit),
        Width::Fixed(columns) => usize::from(columns) * unit,
        Width::Share(_) => 0,
    };
    let mut widths: Vec<_> = table.columns.iter().enumerate().map(wanted).collect();
    let parts: usize = table.columns.iter().map(|column| share(*column)).sum();
    let least = parts.min(1) * unit * table.columns.iter().filter(|it| share(**it) > 0).count();
    shrink(&mut widths, &table.columns, room.checked_sub(least)?, unit);
    let rest = room.checked_sub(widths.iter().sum())?;
    divide(&mut widths, &table.columns, rest / unit, unit);
    (!widths.contains(&0)).then_some(widths)
}

fn share(column: Column) -> usize {
    match column.width {
        Width::Share(parts) => usize::from(parts),
        _ => 0,
    }
}

/// Returns the width of a column's widest line that is not broken.
fn content(table: &Table, index: usize, metrics: &Metrics<'_>) -> usize {
    let cells = table.rows.iter().filter_map(|row| row.get(index));
    let width = |cell: &Cell| {
        let mut widest = 0;
        let Ok(()) = each_line(&spans(cell), metrics, usize::MAX, &mut |line| {
            widest = widest.max(line.iter().map(|piece| metrics.piece(piece)).sum());
            Ok::<(), Infallible>(())
        });
        widest
    };
    cells.map(width).max().unwrap_or_default()
}

/// Takes room from the widest columns that are as wide as their content until all fit.
fn shrink(widths: &mut [usize], columns: &[Column], room: usize, unit: usize) {
    while widths.iter().sum::<usize>() > room {
        let content = widths.iter_mut().zip(columns);
        let content = content.filter(|(_, column)| column.width == Width::Content);
        match content.map(|(width, _)| width).max() {
            Some(widest) if *widest > unit => *widest -= unit,
            _ => return,
        }
    }
}

/// Divides `rest` units among the columns that share them; what is left over goes to the first.
fn divide(widths: &mut [usize], columns: &[Column], rest: usize, unit: usize) {
    let parts: usize = columns.iter().map(|column| share(*column)).sum();
    let mut left = rest;
    for (width, column) in widths.iter_mut().zip(columns).filter(|(_, it)| share(**it) > 0) {
        let units = rest * share(*column) / parts.max(1);
        *width = units * unit;
        left = left.saturating_sub(units);
    }
    let first = widths.iter_mut().zip(columns).find(|(_, column)| share(**column) > 0);
    if let Some((width, _)) = first {
        *width += left * unit;
    }
}

fn row_lines<E>(
    table: &Table,
    row: &[Cell],
    widths: &[usize],
    metrics: &Metrics<'_>,
    sink: Sink<'_, E>,
) -> Result<(), E> {
    let cells: Vec<_> =
        row.iter().zip(widths).map(|(it, width)| cell_lines(it, *width, metrics)).collect();
    let height = cells.iter().map(Vec::len).max().unwrap_or_default();
    for number in 0..height {
        let mut pieces = Vec::new();
        // Where the last piece ends, and where this column begins.
        let (mut end, mut begin) = (0, 0);
        for ((lines, width), column) in cells.iter().zip(widths).zip(&table.columns) {
            if let Some(line) = lines.get(number).filter(|line| line.width > 0) {
                let place = begin + indent(*width, line.width, column.align, metrics.unit());
                if place > end {
                    pieces.push(Piece::Gap(place - end, gap_style(&pieces, metrics)));
                }
                pieces.extend(line.pieces());
                end = place + line.width;
            }
            begin += width + gap(table, metrics);
        }
        sink(Align::Left, &pieces)?;
    }
    Ok(())
}

/// Returns the look of the text before a gap where its spaces are as wide as plain ones, so that it
/// need not be changed for them.
fn gap_style(pieces: &[Piece<'_>], metrics: &Metrics<'_>) -> Style {
    match pieces.last() {
        Some(Piece::Text(_, style)) if metrics.narrow(*style) == metrics.unit() => *style,
        _ => Style::PLAIN,
    }
}

fn cell_lines(cell: &Cell, width: usize, metrics: &Metrics<'_>) -> Vec<Line> {
    let mut lines = Vec::new();
    let Ok(()) = each_line(&spans(cell), metrics, width, &mut |line| {
        lines.push(Line::of(line, metrics));
        Ok::<(), Infallible>(())
    });
    lines
}

fn indent(width: usize, line: usize, align: Align, unit: usize) -> usize {
    let room = width.saturating_sub(line);
    match align {
        Align::Left => 0,
        Align::Centre => room / 2 / unit * unit,
        Align::Right => room,
    }
}
