//! Two texts at the two margins.

use countertop_device::document::{Align, Style};

use super::flow::{Span, each_line};
use super::{Metrics, Piece, Sink};

/// Puts two texts at the two margins: on one line when they fit with a space between, else on lines
/// of their own.
pub(super) fn lines<E>(
    left: &str,
    right: &str,
    style: Style,
    metrics: &Metrics<'_>,
    sink: Sink<'_, E>,
) -> Result<(), E> {
    let whole = !left.contains('\n') && !right.contains('\n');
    let capacity = metrics.capacity / metrics.narrow(style).max(1) * metrics.narrow(style);
    let room = capacity.checked_sub(metrics.text(left, style) + metrics.text(right, style));
    if let Some(room) = room.filter(|room| *room > 0 && whole) {
        let left = Piece::Text(left, style);
        return sink(Align::Left, &[left, Piece::Gap(room, style), Piece::Text(right, style)]);
    }
    if !left.is_empty() {
        each_line(&[Span { text: left, style }], metrics, capacity, &mut |line| {
            sink(Align::Left, line)
        })?;
    }
    each_line(&[Span { text: right, style }], metrics, capacity, &mut |line| {
        let width: usize = line.iter().map(|piece| metrics.piece(piece)).sum();
        let mut pieces = vec![Piece::Gap(capacity.saturating_sub(width), style)];
        pieces.extend_from_slice(line);
        sink(Align::Left, &pieces)
    })
}
