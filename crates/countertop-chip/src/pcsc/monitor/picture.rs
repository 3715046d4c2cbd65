//! What is known of all readers, and what is new.

use super::ReaderEvent;

/// Is what is seen of a reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) reader: String,
    /// The answer to reset of the card that is in.
    pub(super) card: Option<Vec<u8>>,
    /// pcscd's count of cards that came and went.
    pub(super) count: u32,
}

/// Is what is known of all readers.
#[derive(Debug, Default)]
pub(super) struct Picture(Vec<Seen>);

impl Picture {
    /// Takes what is seen now and returns what has happened.
    pub(super) fn update(&mut self, now: Vec<Seen>) -> Vec<ReaderEvent> {
        let before = core::mem::replace(&mut self.0, now);
        let mut events = Vec::new();
        for old in &before {
            if !self.0.iter().any(|new| new.reader == old.reader) {
                remove_card(old, &mut events);
                events.push(ReaderEvent::ReaderDeparted { reader: old.reader.clone() });
            }
        }
        for new in &self.0 {
            match before.iter().find(|old| old.reader == new.reader) {
                Some(old) => compare(old, new, &mut events),
                None => {
                    events.push(ReaderEvent::ReaderArrived { reader: new.reader.clone() });
                    insert_card(new, &mut events);
                }
            }
        }
        events
    }
}

fn compare(old: &Seen, new: &Seen, events: &mut Vec<ReaderEvent>) {
    // A card that was changed for another one between two looks, or the same one put in again.
    let changed = new.card != old.card || new.count != old.count;
    if changed {
        remove_card(old, events);
        insert_card(new, events);
    }
}

fn remove_card(seen: &Seen, events: &mut Vec<ReaderEvent>) {
    if seen.card.is_some() {
        events.push(ReaderEvent::CardRemoved { reader: seen.reader.clone() });
    }
}

fn insert_card(seen: &Seen, events: &mut Vec<ReaderEvent>) {
    if let Some(answer_to_reset) = seen.card.clone() {
        events.push(ReaderEvent::CardInserted { reader: seen.reader.clone(), answer_to_reset });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(reader: &str, card: Option<u8>, count: u32) -> Seen {
        Seen { reader: reader.into(), card: card.map(|byte| vec![0x3b, byte]), count }
    }

    fn names(events: &[ReaderEvent]) -> Vec<String> {
        let name = |event: &ReaderEvent| {
            let what = match event {
                ReaderEvent::CardInserted { answer_to_reset, .. } => {
                    format!("inserted {:02x}", answer_to_reset[1])
                }
                ReaderEvent::CardRemoved { .. } => "removed".into(),
                ReaderEvent::ReaderArrived { .. } => "arrived".into(),
                ReaderEvent::ReaderDeparted { .. } => "departed".into(),
                ReaderEvent::ServiceBack | ReaderEvent::ServiceGone => "service".into(),
            };
            format!("{} {what}", event.reader().unwrap_or_default())
        };
        events.iter().map(name).collect()
    }

    #[test]
    fn tells_what_is_new() {
        let mut picture = Picture::default();
        let mut update = |now: Vec<Seen>| names(&picture.update(now));
        assert_eq!(update(vec![seen("a", None, 0)]), ["a arrived"]);
        assert_eq!(update(vec![seen("a", None, 0)]), [""; 0]);
        assert_eq!(
            update(vec![seen("a", Some(1), 1), seen("b", Some(2), 1)]),
            ["a inserted 01", "b arrived", "b inserted 02"]
        );
        // Out and in again between two looks, with the same card and another one.
        assert_eq!(
            update(vec![seen("a", Some(1), 3), seen("b", Some(3), 3)]),
            ["a removed", "a inserted 01", "b removed", "b inserted 03"]
        );
        assert_eq!(update(vec![seen("b", None, 4)]), ["a removed", "a departed", "b removed"]);
        assert_eq!(update(vec![]), ["b departed"]);
    }

    #[test]
    fn a_card_that_came_and_went_unseen_is_nothing() {
        let mut picture = Picture::default();
        picture.update(vec![seen("a", None, 0)]);
        assert_eq!(names(&picture.update(vec![seen("a", None, 2)])), [""; 0]);
    }
}
