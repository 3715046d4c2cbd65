//! Faults as text.

use core::fmt;
use core::str::FromStr;
use core::time::Duration;

use super::{Fault, FaultKind, FaultTrigger};

/// Says why a text is no fault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FaultParseError {
    /// No kind has this name.
    #[error("no fault is named `{0}`; there are {kinds}", kinds = names())]
    Kind(String),
    /// After `@` stands something else than `byte=N`, `command=N` or `rows=N`.
    #[error("a fault comes @byte=N, @command=N or @rows=N, not @{0}")]
    Trigger(String),
    /// After the comma stands something else than `for=TIME`.
    #[error("a fault lasts for=2s or for=500ms, not {0}")]
    Duration(String),
}

fn names() -> String {
    FaultKind::ALL.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(", ")
}

impl FromStr for Fault {
    type Err = FaultParseError;

    fn from_str(text: &str) -> Result<Self, FaultParseError> {
        let (rest, lasts) = match text.split_once(',') {
            Some((rest, time)) => (rest, Some(duration(time)?)),
            None => (text, None),
        };
        let (name, trigger) = match rest.split_once('@') {
            Some((name, trigger)) => (name, self::trigger(trigger)?),
            None => (rest, FaultTrigger::Now),
        };
        let kind =
            FaultKind::from_name(name).ok_or_else(|| FaultParseError::Kind(name.to_owned()))?;
        Ok(Self { kind, trigger, lasts })
    }
}

fn trigger(text: &str) -> Result<FaultTrigger, FaultParseError> {
    let wrong = || FaultParseError::Trigger(text.to_owned());
    let (what, count) = text.split_once('=').ok_or_else(wrong)?;
    let count = count.parse().map_err(|_| wrong())?;
    match what {
        "byte" => Ok(FaultTrigger::Byte(count)),
        "command" => Ok(FaultTrigger::Command(count)),
        "rows" => Ok(FaultTrigger::Rows(count)),
        _ => Err(wrong()),
    }
}

fn duration(text: &str) -> Result<Duration, FaultParseError> {
    let wrong = || FaultParseError::Duration(text.to_owned());
    let time = text.strip_prefix("for=").ok_or_else(wrong)?;
    let millis = match (time.strip_suffix("ms"), time.strip_suffix('s')) {
        (Some(count), _) => count.parse().ok(),
        (None, Some(count)) => count.parse().ok().and_then(|count: u64| count.checked_mul(1000)),
        (None, None) => None,
    };
    millis.map(Duration::from_millis).ok_or_else(wrong)
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.name())?;
        match self.trigger {
            FaultTrigger::Now => {}
            FaultTrigger::Byte(count) => write!(f, "@byte={count}")?,
            FaultTrigger::Command(count) => write!(f, "@command={count}")?,
            FaultTrigger::Rows(count) => write!(f, "@rows={count}")?,
        }
        self.lasts.map_or(Ok(()), |time| write!(f, ",for={}ms", time.as_millis()))
    }
}
