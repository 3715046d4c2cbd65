//! Macros and counters.

use countertop_wire::escpos::{
    Command, CounterAlign, CounterForm, CounterMode, MacroRun, Mechanism, Sequence,
};

use super::Drawing;

/// Bytes that a macro holds (GS :).
const MACRO: usize = 2048;

/// Is the macro and the counter.
#[derive(Debug)]
pub(super) struct Sequences {
    commands: Vec<Command>,
    length: usize,
    recording: bool,
    form: Option<CounterForm>,
    mode: CounterMode,
    value: u16,
    printed: u8,
    /// Tenths of a second that runs of the macro have waited.
    waited: u64,
}

impl Default for Sequences {
    fn default() -> Self {
        Self {
            commands: Vec::new(),
            length: 0,
            recording: false,
            form: None,
            mode: CounterMode { from: 1, to: u16::MAX, step: 1, repeat: 1 },
            value: 1,
            printed: 0,
            waited: 0,
        }
    }
}

impl Sequences {
    pub(super) fn take_waited(&mut self) -> u64 {
        core::mem::take(&mut self.waited)
    }

    /// ESC @ ends a recording and forgets it.
    pub(super) fn stop_recording(&mut self) {
        if core::mem::take(&mut self.recording) {
            self.commands.clear();
        }
    }

    fn begin_or_end(&mut self) {
        self.recording = !self.recording;
        if self.recording {
            self.commands.clear();
            self.length = 0;
        }
    }

    /// Returns the counter as it is printed, and lets it count.
    fn next_number(&mut self) -> String {
        let columns = self.form.map_or(0, |form| usize::from(form.columns.get()));
        let digits = match self.form.map(|form| form.align) {
            Some(CounterAlign::Noughts) => format!("{:0columns$}", self.value),
            Some(CounterAlign::Left) => format!("{:<columns$}", self.value),
            _ => format!("{:>columns$}", self.value),
        };
        self.printed += 1;
        if self.printed >= self.mode.repeat.max(1) {
            self.printed = 0;
            self.count();
        }
        // What is longer than the columns loses its first digits.
        match digits.len().checked_sub(columns) {
            Some(over) if columns > 0 => digits.chars().skip(over).collect(),
            _ => digits,
        }
    }

    fn count(&mut self) {
        let CounterMode { from, to, step, .. } = self.mode;
        let step = u16::from(step);
        let next = match from <= to {
            true => self.value.checked_add(step).filter(|value| *value <= to),
            false => self.value.checked_sub(step).filter(|value| *value >= to),
        };
        self.value = next.unwrap_or(from);
    }
}

impl Drawing {
    /// Takes a command into the macro that is recorded, if one is.
    pub(super) fn record(&mut self, command: &Command) -> bool {
        let initializes = *command == Command::from(Mechanism::Initialize);
        let ends = *command == Command::from(Sequence::DefineMacro);
        if !self.sequences.recording || ends || initializes {
            return false;
        }
        let length = command.to_bytes().len();
        if self.sequences.length + length <= MACRO {
            self.sequences.length += length;
            self.sequences.commands.push(command.clone());
        } else {
            self.notes.push("macro: more than 2048 bytes".into());
        }
        true
    }

    pub(super) fn sequence(&mut self, command: &Sequence) {
        let it = &mut self.sequences;
        match command {
            Sequence::DefineMacro => it.begin_or_end(),
            Sequence::RunMacro(run) => self.run_macro(*run),
            Sequence::CounterForm(form) => it.form = Some(*form),
            Sequence::CounterMode(mode) => {
                it.mode = *mode;
                it.value = mode.from;
            }
            Sequence::CounterValue(value) => it.value = *value,
            Sequence::CounterText(text) => {
                it.mode = text.mode();
                it.value = text.value();
            }
            Sequence::PrintCounter => {
                let number = it.next_number();
                self.print_text(number.as_bytes());
            }
            _ => {}
        }
    }

    /// Runs the macro; a button that has to be pressed is pressed at once.
    fn run_macro(&mut self, run: MacroRun) {
        let commands = core::mem::take(&mut self.sequences.commands);
        for _ in 0..run.times {
            self.sequences.waited += u64::from(run.pause);
            let inner =
                |command: &&Command| !matches!(command, Command::Sequence(Sequence::RunMacro(_)));
            commands.iter().filter(inner).for_each(|command| self.perform(command));
        }
        if self.sequences.commands.is_empty() {
            self.sequences.commands = commands;
        }
    }
}
