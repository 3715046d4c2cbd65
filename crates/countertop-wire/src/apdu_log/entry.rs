//! Lines of a log.

use core::fmt;
use core::str::FromStr;
use core::time::Duration;

use super::{LogError, Octets};

/// Is a conversation with a card.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Log(pub Vec<LogEntry>);

/// Is a line of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum LogEntry {
    /// `# …`.
    Comment(String),
    /// `reset T=1 …`: the card was powered or selected.
    Reset {
        /// What is spoken.
        protocol: LogProtocol,
        /// The answer to reset, or to select; may be empty.
        answer: Octets,
    },
    /// `> …`.
    Command(Octets),
    /// `< …`.
    Answer {
        /// The answer.
        answer: Octets,
        /// How long it took.
        took: Option<Duration>,
    },
    /// `! …`: a command got no answer.
    Failed {
        /// Why.
        failure: Failure,
        /// How long that took.
        took: Option<Duration>,
    },
}

macro_rules! words {
    ($(#[$outer:meta])* $name:ident { $($(#[$inner:meta])* $variant:ident = $word:literal;)* }) => {
        $(#[$outer])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$inner])* $variant,)*
        }

        impl $name {
            fn word(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)*
                }
            }

            fn from_word(word: &str) -> Option<Self> {
                Some(match word {
                    $($word => Self::$variant,)*
                    _ => return None,
                })
            }
        }
    };
}

words! {
    /// Names what is spoken with a card.
    LogProtocol {
        /// ISO/IEC 7816-3, T=0.
        T0 = "T=0";
        /// ISO/IEC 7816-3, T=1.
        T1 = "T=1";
        /// ISO/IEC 14443-4.
        IsoDep = "ISO-DEP";
        /// A storage card behind a PC/SC reader.
        StorageCard = "PC/SC-storage";
        /// An NFC Forum type 2 tag.
        Type2 = "type-2";
        /// Something else.
        Other = "other";
    }
}

words! {
    /// Says why a command got no answer.
    Failure {
        /// The card left.
        CardRemoved = "card removed";
        /// The reader left.
        ReaderGone = "reader gone";
        /// The service ended.
        ServiceGone = "service gone";
        /// No answer came in time.
        TimedOut = "timed out";
        /// The answer was none that the protocol allows.
        Protocol = "protocol error";
        /// Anything else.
        Other = "failed";
    }
}

impl LogEntry {
    fn parse(line: &str) -> Result<Option<Self>, &'static str> {
        let line = line.trim();
        if line.is_empty() {
            return Ok(None);
        }
        if let Some(comment) = line.strip_prefix('#') {
            return Ok(Some(Self::Comment(comment.trim().to_owned())));
        }
        if let Some(reset) = line.strip_prefix("reset") {
            return parse_reset(reset).map(Some);
        }
        let (content, took) = split_time(line)?;
        Ok(Some(if let Some(command) = content.strip_prefix('>') {
            Self::Command(Octets::parse(command)?)
        } else if let Some(answer) = content.strip_prefix('<') {
            Self::Answer { answer: Octets::parse(answer)?, took }
        } else if let Some(failure) = content.strip_prefix('!') {
            let failure = Failure::from_word(failure.trim()).ok_or("this failure is not known")?;
            Self::Failed { failure, took }
        } else {
            return Err("a line starts with `#`, `reset`, `>`, `<` or `!`");
        }))
    }
}

fn parse_reset(text: &str) -> Result<LogEntry, &'static str> {
    let text = text.trim();
    let (protocol, answer) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let protocol = LogProtocol::from_word(protocol).ok_or("this protocol is not known")?;
    Ok(LogEntry::Reset { protocol, answer: Octets::parse(answer)? })
}

/// Splits `; 12 ms` off a line.
fn split_time(line: &str) -> Result<(&str, Option<Duration>), &'static str> {
    let Some((content, time)) = line.split_once(';') else { return Ok((line, None)) };
    let number = time.trim().strip_suffix("ms").ok_or(NO_TIME)?.trim();
    let milliseconds = number.parse().map_err(|_| NO_TIME)?;
    Ok((content, Some(Duration::from_millis(milliseconds))))
}

const NO_TIME: &str = "a time is written as `; 12 ms`";

impl FromStr for Log {
    type Err = LogError;

    fn from_str(text: &str) -> Result<Self, LogError> {
        let mut entries = Vec::new();
        for (number, line) in text.lines().enumerate() {
            let entry = LogEntry::parse(line);
            entries.extend(entry.map_err(|reason| LogError { line: number + 1, reason })?);
        }
        Ok(Self(entries))
    }
}

impl fmt::Display for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|entry| writeln!(f, "{entry}"))
    }
}

impl fmt::Display for LogEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let took = match self {
            Self::Comment(text) => {
                // A line of its own each, so that a comment cannot become a command.
                let lines: Vec<_> = text.split('\n').map(|line| format!("# {line}")).collect();
                return f.write_str(lines.join("\n").trim_end());
            }
            Self::Reset { protocol, answer } => {
                let line = format!("reset {} {answer}", protocol.word());
                return f.write_str(line.trim_end());
            }
            Self::Command(command) => return write!(f, "> {command}"),
            Self::Answer { answer, took } => {
                write!(f, "< {answer}")?;
                took
            }
            Self::Failed { failure, took } => {
                write!(f, "! {}", failure.word())?;
                took
            }
        };
        took.map_or(Ok(()), |took| write!(f, " ; {} ms", took.as_millis()))
    }
}
