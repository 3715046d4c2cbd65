//! From the reader's report to the swipe of the function trait.

use countertop_device::Swipe;
use countertop_wire::iso7813::{TrackNumber, strip_sentinels};
use countertop_wire::magtek::{CardLayout, CardReport, ReportError, TrackData};
use countertop_wire::stripe::TrackField;

use super::MagtekError;
use crate::swipe::swipe_of;

/// Returns what a report says; `None` for one that is not about a card.
pub(super) fn judge(layout: &CardLayout, report: &[u8]) -> Option<Result<Swipe, MagtekError>> {
    match layout.parse(report) {
        Ok(card) => Some(read(&card)),
        Err(ReportError::OtherReport) => None,
        // A card went by, and what came of it is not whole.
        Err(_broken) => Some(Ok(swipe_of(&[const { TrackField::Unreadable }; 3], false))),
    }
}

fn read(card: &CardReport) -> Result<Swipe, MagtekError> {
    if let Some(magnesafe) = &card.magnesafe {
        if magnesafe.status.is_exhausted() {
            return Err(MagtekError::KeysExhausted);
        }
        if magnesafe.status.encrypts() {
            return Err(MagtekError::EncryptedHead);
        }
    }
    let [one, two, three] = &card.tracks;
    let tracks = [
        field(TrackNumber::One, one)?,
        field(TrackNumber::Two, two)?,
        field(TrackNumber::Three, three)?,
    ];
    let read_well = !tracks.contains(&TrackField::Unreadable);
    Ok(swipe_of(&tracks, read_well))
}

fn field(track: TrackNumber, data: &TrackData) -> Result<TrackField, MagtekError> {
    match data {
        TrackData::Absent => Ok(TrackField::Absent),
        TrackData::Unreadable => Ok(TrackField::Unreadable),
        TrackData::Clear(text) => {
            let inner = strip_sentinels(track, text);
            Ok(inner.map_or(TrackField::Unreadable, TrackField::text))
        }
        TrackData::Encrypted(_) => Err(MagtekError::EncryptedHead),
    }
}
