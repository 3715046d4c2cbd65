//! Codes and swipes among what a keyboard types.

use core::fmt;
use core::time::Duration;
use std::collections::VecDeque;

use zeroize::Zeroizing;

use super::{KeyDecoder, KeyEvent, Layout, Typed};
use crate::scanner::{ScanDecoder, Suffix};

/// Fewest characters that were lost with events: the kernel keeps 64 of them before it drops any, and
/// a character makes four (a key down, a key up, each with its SYN_REPORT).
const LOST: usize = 16;

/// How many gaps long a pause is after which nothing belongs to what was typed before.
const REST: u32 = 8;

/// Is what a device typed in one go.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Burst {
    /// Text that ended as it should, without its suffix, in UTF-8.
    Text(Zeroizing<Vec<u8>>),
    /// Text of which characters were lost, or which has keys without meaning in the layout. Holds how
    /// many characters there were, as far as known.
    Spoilt(usize),
}

impl fmt::Debug for Burst {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "Text({} bytes)", text.len()),
            Self::Spoilt(count) => write!(f, "Spoilt({count} characters)"),
        }
    }
}

/// Cuts what a keyboard types into bursts.
///
/// A device types without pauses. Where two keys go down further apart than the gap, a new burst
/// begins; the one before it is complete if silence is what ends it, and dropped if it lacks its suffix. So what a
/// person types on the same device falls apart into single characters.
pub struct WedgeDecoder {
    keys: KeyDecoder,
    text: ScanDecoder,
    gap: Duration,
    /// When the last key of the current burst went down.
    last: Option<Duration>,
    /// When the last key of a burst went down that was dropped for want of its suffix.
    cut_off: Option<Duration>,
    ends_by_silence: bool,
    count: usize,
    spoilt: bool,
    unwanted: bool,
    bursts: VecDeque<Burst>,
}

impl WedgeDecoder {
    /// Creates a decoder for a device that types in `layout`, ends a burst with `suffix`, and pauses
    /// for `gap` between bursts.
    #[must_use]
    pub fn new(layout: Layout, suffix: Suffix, gap: Duration) -> Self {
        Self {
            keys: KeyDecoder::new(layout),
            ends_by_silence: suffix == Suffix::Silence,
            text: ScanDecoder::new(suffix),
            gap,
            last: None,
            cut_off: None,
            count: 0,
            spoilt: false,
            unwanted: false,
            bursts: VecDeque::new(),
        }
    }

    /// Takes a key that went down or up at `time`, by any clock that only goes forward.
    pub fn key(&mut self, event: KeyEvent, time: Duration) {
        if event.pressed {
            self.pass(time);
        }
        for typed in self.keys.key(event) {
            self.count += 1;
            match typed {
                Typed::Char(character) => self.push(character),
                Typed::Unknown => self.spoilt = true,
            }
        }
    }

    /// Takes the news that events were lost at `time`, and with them which keys are held.
    pub fn lost(&mut self, time: Duration) {
        self.pass(time);
        self.keys.reset();
        self.count += LOST;
        self.spoilt = true;
    }

    /// Returns the next burst that is complete.
    pub fn next_burst(&mut self) -> Option<Burst> {
        self.bursts.pop_front()
    }

    /// Tells whether a burst has begun, which silence would end.
    #[must_use]
    pub fn is_pending(&self) -> bool {
        self.spoilt || self.unwanted || self.text.is_pending()
    }

    /// Ends the current burst because nothing came for as long as the gap.
    pub fn silence(&mut self) {
        let cut = !self.ends_by_silence && (self.count > 0 || self.unwanted);
        self.cut_off = self.last.filter(|_| cut).or(self.cut_off);
        self.last = None;
        let text = self.text.silence();
        self.end(text);
    }

    /// Drops what has come; of a burst that has begun, the rest is dropped, too.
    pub fn discard(&mut self) {
        self.unwanted = self.is_pending();
        self.bursts.clear();
    }

    fn pass(&mut self, time: Duration) {
        if self.last.is_some_and(|last| time.saturating_sub(last) > self.gap) {
            self.silence();
        }
        let rest = self.gap.saturating_mul(REST);
        self.cut_off = self.cut_off.filter(|cut_off| time.saturating_sub(*cut_off) <= rest);
        self.unwanted |= self.cut_off.is_some();
        self.last = Some(time);
    }

    fn push(&mut self, character: char) {
        let mut buffer = Zeroizing::new([0; 4]);
        self.text.push(character.encode_utf8(&mut *buffer).as_bytes());
        // A suffix ends also what holds nothing else.
        let ended = self.text.next_code();
        if ended.is_some() || !self.text.is_pending() {
            self.end(ended);
            self.cut_off = None;
        }
    }

    fn end(&mut self, text: Option<Zeroizing<Vec<u8>>>) {
        let count = core::mem::take(&mut self.count);
        let spoilt = core::mem::take(&mut self.spoilt);
        if core::mem::take(&mut self.unwanted) {
            return;
        }
        if spoilt {
            self.bursts.push_back(Burst::Spoilt(count));
        } else {
            self.bursts.extend(text.map(Burst::Text));
        }
    }
}

impl fmt::Debug for WedgeDecoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WedgeDecoder({:?}, {} bursts)", self.text, self.bursts.len())
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::{any, proptest};

    use super::*;
    use crate::keyboard::{BootReport, Mode, Typist, code_of_usage};

    const GAP: Duration = Duration::from_millis(60);

    struct Device {
        decoder: WedgeDecoder,
        now: Duration,
    }

    fn device(suffix: Suffix) -> Device {
        let decoder = WedgeDecoder::new(Layout::American, suffix, GAP);
        Device { decoder, now: Duration::from_secs(1) }
    }

    impl Device {
        /// Types with so many milliseconds between reports.
        fn type_text(&mut self, text: &str, pace: u64) {
            let reports = Typist::new(Layout::American, Mode::Layout).reports(text).unwrap();
            let mut last = BootReport::default();
            for report in reports {
                self.now += Duration::from_millis(pace);
                for event in core::mem::replace(&mut last, report).changes(report) {
                    self.decoder.key(event, self.now);
                }
            }
        }

        fn bursts(&mut self) -> Vec<String> {
            core::iter::from_fn(|| self.decoder.next_burst())
                .map(|burst| match burst {
                    Burst::Text(text) => String::from_utf8(text.to_vec()).unwrap(),
                    Burst::Spoilt(count) => format!("spoilt {count}"),
                })
                .collect()
        }
    }

    #[test]
    fn a_suffix_ends_a_code() {
        let mut device = device(Suffix::LineEnd);
        device.type_text("A-1\r\rb2", 4);
        assert_eq!(device.bursts(), ["A-1"]);
        assert!(device.decoder.is_pending());
        device.type_text("\r", 4);
        assert_eq!(device.bursts(), ["b2"]);
        assert!(!device.decoder.is_pending());
    }

    #[test]
    fn a_person_is_too_slow() {
        let mut device = device(Suffix::LineEnd);
        device.type_text("1234\r", 31);
        assert!(device.bursts().is_empty());
        device.type_text("99\r", 20);
        assert_eq!(device.bursts(), ["99"]);
    }

    #[test]
    fn the_rest_of_what_was_cut_off_is_no_code() {
        let mut device = device(Suffix::LineEnd);
        device.type_text("6200", 4);
        device.now += Duration::from_millis(200);
        device.type_text("0005", 4);
        device.decoder.silence();
        device.now += Duration::from_millis(200);
        device.type_text("13\r", 4);
        assert!(device.bursts().is_empty());
        device.type_text("new\r12", 4);
        assert_eq!(device.bursts(), ["new"]);
        device.decoder.silence();
        assert!(!device.decoder.is_pending());
        device.now += Duration::from_millis(500);
        device.type_text("later\r", 4);
        assert_eq!(device.bursts(), ["later"]);
    }

    #[test]
    fn silence_ends_a_code_where_nothing_else_does() {
        let mut device = device(Suffix::Silence);
        device.type_text("code", 8);
        assert!(device.bursts().is_empty());
        device.now += Duration::from_millis(100);
        device.type_text("more", 8);
        assert_eq!(device.bursts(), ["code"]);
        device.decoder.silence();
        assert_eq!(device.bursts(), ["more"]);
        device.decoder.silence();
        assert!(device.bursts().is_empty());
    }

    #[test]
    fn a_code_with_a_hole_is_spoilt() {
        let mut device = device(Suffix::LineEnd);
        device.type_text("123", 4);
        device.decoder.lost(device.now);
        device.type_text("456\r", 4);
        assert_eq!(device.bursts(), ["spoilt 23"]);
        device.type_text("789\r", 4);
        assert_eq!(device.bursts(), ["789"]);
        device.decoder.lost(device.now);
        assert!(device.decoder.is_pending());
        device.decoder.silence();
        assert_eq!(device.bursts(), ["spoilt 16"]);
    }

    #[test]
    fn keys_without_meaning_spoil_a_code() {
        let mut device = device(Suffix::LineEnd);
        for code in [100, code_of_usage(0x04).unwrap()] {
            device.decoder.key(KeyEvent { code, pressed: true }, device.now);
        }
        device.decoder.key(KeyEvent { code: 100, pressed: false }, device.now);
        device.type_text("12\r", 4);
        assert_eq!(device.bursts(), ["spoilt 4"]);
    }

    #[test]
    fn what_is_discarded_stays_away_whole() {
        let mut device = device(Suffix::LineEnd);
        device.type_text("old\rhalf", 4);
        device.decoder.discard();
        device.type_text(" rest\rnew\r", 4);
        assert_eq!(device.bursts(), ["new"]);
        device.type_text("half", 4);
        device.decoder.discard();
        device.now += Duration::from_millis(500);
        device.type_text("whole\r", 4);
        assert_eq!(device.bursts(), ["whole"]);
        device.decoder.discard();
        device.type_text("next\r", 4);
        assert_eq!(device.bursts(), ["next"]);
    }

    #[test]
    fn debug_shows_no_text() {
        let mut device = device(Suffix::LineEnd);
        device.type_text("6200\r62", 4);
        assert_eq!(format!("{:?}", device.decoder), "WedgeDecoder(ScanDecoder(2 bytes), 1 bursts)");
        assert_eq!(format!("{:?}", device.decoder.next_burst()), "Some(Text(4 bytes))");
        assert_eq!(format!("{:?}", Burst::Spoilt(3)), "Spoilt(3 characters)");
    }

    proptest! {
        #[test]
        fn any_keys_can_come(steps in vec((any::<u16>(), any::<bool>(), 0..200_u64), 0..200)) {
            for suffix in [Suffix::LineEnd, Suffix::Silence, Suffix::Bytes(b"##".to_vec())] {
                let mut device = device(suffix);
                for &(code, pressed, pause) in &steps {
                    device.now += Duration::from_millis(pause);
                    match code % 128 {
                        0 => device.decoder.lost(device.now),
                        1 => device.decoder.discard(),
                        2 => device.decoder.silence(),
                        code => device.decoder.key(KeyEvent { code, pressed }, device.now),
                    }
                    while device.decoder.next_burst().is_some() {}
                }
            }
        }
    }
}
