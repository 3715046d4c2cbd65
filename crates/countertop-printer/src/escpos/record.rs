//! Writing down what becomes of a job.

use countertop_device::{DeviceError, DeviceErrorKind, PrintOutcome};

use super::job::ACTION;
use super::transport::Session;
use crate::journal::JobDigest;

impl Session {
    /// Writes that a job begins, before its first byte leaves.
    pub(super) fn record_begin(
        &mut self,
        job: &JobDigest,
        blocks: usize,
    ) -> Result<(), DeviceError> {
        let blocks = u32::try_from(blocks).unwrap_or(u32::MAX);
        let Some(journal) = &mut self.journal else { return Ok(()) };
        journal.begin(*job, blocks).map_err(|error| {
            DeviceError::new(DeviceErrorKind::Other, self.writer.device(), ACTION)
                .with_source(error)
                .with_help("make room for the journal of print jobs, or name another file for it")
        })
    }

    /// Writes that blocks are on paper. What cannot be written is not known at the next start, and a
    /// copy is printed where the job could have gone on: nothing is lost by it.
    pub(super) fn record_confirmed(&mut self, blocks: u32) {
        let written = self.journal.as_mut().map_or(Ok(()), |journal| journal.confirm(blocks));
        self.warn(written);
    }

    /// Writes what became of the job; unwritten it counts as broken off at the next start.
    pub(super) fn record_end(&mut self, outcome: PrintOutcome) {
        let written = self.journal.as_mut().map_or(Ok(()), |journal| journal.end(outcome));
        self.warn(written);
    }

    fn warn(&self, written: std::io::Result<()>) {
        if let Err(error) = written {
            let device = self.device();
            tracing::warn!(%error, device, "the journal of print jobs could not be written");
        }
    }
}
