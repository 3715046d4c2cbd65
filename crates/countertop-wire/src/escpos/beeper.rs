//! How the beeper sounds.
//!
//! Source: Epson, ESC/POS Command Reference, ESC ( A; DLE DC4, function 3.

use super::Ranged;
use super::table::record;

record! {
    /// Is the sound of ESC ( A, function 48.
    Beep {
        /// The tone, by its number in the printer's table: 48 to 57.
        tone: Ranged<48, 57>,
        /// How often; 255 until it is stopped.
        times: u8,
        /// How long, in tenths of a second.
        length: u8,
    }
}

record! {
    /// Is the sound of ESC ( A, function 97; times are in tenths of a second.
    BeepInTurns {
        /// The pattern; Epson has 100 alone.
        pattern: u8,
        /// How often; nought stops it.
        times: u8,
        /// How long it sounds.
        on: u8,
        /// How long it rests.
        off: u8,
    }
}

record! {
    /// Is when and how the beeper sounds on an offline cause (ESC ( A, function 98); times are in
    /// tenths of a second.
    BeepAtOffline {
        /// The cause: 48 cover, 49 paper end, 50 recoverable error, 51 unrecoverable error.
        cause: u8,
        /// Which of the cause's events; Epson has 1 alone.
        event: u8,
        /// The pattern; Epson has 100 alone.
        pattern: u8,
        /// 0 for no sound, 255 for one that lasts.
        times: u8,
        /// How long it sounds; 255 without end.
        on: u8,
        /// How long it rests.
        off: u8,
    }
}

record! {
    /// Is when and how the beeper sounds on what keeps no printer offline (ESC ( A, function 99); times
    /// are in tenths of a second.
    BeepAtPaper {
        /// The cause: 48 paper near its end.
        cause: u8,
        /// Which of the cause's events; Epson has 1 alone.
        event: u8,
        /// The pattern; Epson has 100 alone.
        pattern: u8,
        /// 0 for no sound, 255 for one that lasts.
        times: u8,
        /// How long it sounds; 255 without end.
        on: u8,
        /// How long it rests.
        off: u8,
    }
}

record! {
    /// Is the sound of DLE DC4, function 3; times are in tenths of a second.
    RealTimeBeep {
        /// The pattern; Epson has 0 alone.
        pattern: u8,
        /// Where it sounds; Epson has 0 alone.
        place: u8,
        /// How often; nought stops it.
        times: u8,
        /// How long it sounds.
        on: u8,
        /// How long it rests.
        off: u8,
    }
}
