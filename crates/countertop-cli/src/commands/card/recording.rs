//! Writing down what is said between reader and card.

use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt as _;

use countertop_device::CardSession;
use countertop_transport::card::{Recorder, Redaction};

use super::args::LogArguments;
use super::trace::Annotated;
use crate::failure::Failure;

/// Records and traces a session as far as that is wanted. What shows a cardholder is withheld, of test
/// cards too: who sends a recording to others need not think about it.
pub(super) fn recorded(
    mut session: Box<dyn CardSession>,
    arguments: &LogArguments,
) -> Result<Box<dyn CardSession>, Failure> {
    if let Some(file) = &arguments.record {
        let opened =
            OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(file);
        let out = opened.map_err(|error| Failure::io(file.display(), &error))?;
        session = Box::new(Recorder::new(out, Redaction::Cardholder).record(session));
    }
    if arguments.trace {
        let out = Annotated::new(std::io::stderr());
        session = Box::new(Recorder::new(out, Redaction::Cardholder).record(session));
    }
    Ok(session)
}
