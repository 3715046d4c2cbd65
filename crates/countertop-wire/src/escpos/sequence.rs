//! Macros and counters: what the printer repeats and numbers by itself.

use super::table::{Parameter, choice, commands, record};
use super::{GS, OutOfRange, Ranged};

commands! {
    /// Defines or runs a macro, or numbers receipts.
    Sequence {
        /// GS :: begins a macro, or ends it.
        DefineMacro = [GS, b':'];
        /// GS ^: runs the macro.
        RunMacro(MacroRun) = [GS, b'^'];
        /// GS C 0: how the counter is printed.
        CounterForm(CounterForm) = [GS, b'C', b'0'];
        /// GS C 1: how the counter counts.
        CounterMode(CounterMode) = [GS, b'C', b'1'];
        /// GS C 2: sets the counter.
        CounterValue(u16) = [GS, b'C', b'2'];
        /// GS C ;: how the counter counts, and its value, in digits.
        CounterText(CounterText) = [GS, b'C', b';'];
        /// GS c: prints the counter and lets it count.
        PrintCounter = [GS, b'c'];
    }
}

choice! {
    /// Is when a macro runs.
    MacroStart {
        /// At once.
        AtOnce = 0x00 | 0x30;
        /// When the feed button is pressed.
        AtButton = 0x01 | 0x31;
    }
}

record! {
    /// Is a run of GS ^.
    MacroRun {
        /// How often.
        times: u8,
        /// The pause before each, in tenths of a second.
        pause: u8,
        /// When.
        start: MacroStart,
    }
}

choice! {
    /// Is where a counter's digits stand in their columns.
    CounterAlign {
        /// To the right, after spaces.
        Spaces = 0x00 | 0x30;
        /// To the right, after noughts.
        Noughts = 0x01 | 0x31;
        /// To the left.
        Left = 0x02 | 0x32;
    }
}

record! {
    /// Is the form of GS C 0.
    CounterForm {
        /// Columns; nought for as many as it takes.
        columns: Ranged<0, 5>,
        /// Where the digits stand.
        align: CounterAlign,
    }
}

record! {
    /// Is the range of GS C 1; it counts up from the first to the second, or down if the first is
    /// greater.
    CounterMode {
        /// One end.
        from: u16,
        /// The other end.
        to: u16,
        /// How far each step goes.
        step: u8,
        /// How often a number is printed before the next.
        repeat: u8,
    }
}

/// Is the counter of GS C ;, whose numbers are written out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CounterText {
    from: u16,
    to: u16,
    step: u8,
    repeat: u8,
    value: u16,
}

impl CounterText {
    /// Creates a counter.
    ///
    /// # Errors
    ///
    /// When the value is not from one end to the other.
    pub fn new(mode: CounterMode, value: u16) -> Result<Self, OutOfRange> {
        let CounterMode { from, to, step, repeat } = mode;
        let ends = usize::from(from.min(to))..=usize::from(from.max(to));
        OutOfRange::check("value of a counter", usize::from(value), ends)?;
        Ok(Self { from, to, step, repeat, value })
    }

    /// Returns the range.
    #[must_use]
    pub fn mode(self) -> CounterMode {
        CounterMode { from: self.from, to: self.to, step: self.step, repeat: self.repeat }
    }

    /// Returns the value.
    #[must_use]
    pub fn value(self) -> u16 {
        self.value
    }
}

impl Parameter for CounterText {
    fn emit(&self, out: &mut Vec<u8>) {
        let numbers =
            [self.from, self.to, u16::from(self.step), u16::from(self.repeat), self.value];
        for number in numbers {
            out.extend_from_slice(number.to_string().as_bytes());
            out.push(b';');
        }
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let text = core::str::from_utf8(bytes).ok()?.strip_suffix(';')?;
        let numbers: Vec<u16> = text.split(';').map(|n| n.parse().ok()).collect::<Option<_>>()?;
        let [from, to, step, repeat, value] = numbers.try_into().ok()?;
        let (step, repeat) = (u8::try_from(step).ok()?, u8::try_from(repeat).ok()?);
        Self::new(CounterMode { from, to, step, repeat }, value).ok()
    }
}
