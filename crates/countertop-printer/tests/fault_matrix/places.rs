//! Where in the stream of a job its blocks begin and end.

use countertop_device::document::Document;
use countertop_device::{DeviceInfo, PrintOutcome, ReceiptPrinter as _, Selector, Settings};
use countertop_printer::{EncodedJob, EscPosPrinter};
use countertop_virtual::printer::PrinterConfig;

use crate::faults::{Fault, Random, Transport};
use crate::relay::{Cable, Port};

/// Bytes around a boundary within which a fault strikes next to it.
const NEAR: u64 = 16;

/// Is where the blocks of a job are, in bytes from the driver's first question on.
#[derive(Debug)]
pub(crate) struct Places {
    /// Where each block begins, and where its own bytes end; what confirms it comes behind.
    blocks: Vec<(u64, u64)>,
    total: u64,
}

impl Places {
    /// Measures them in a run without a fault.
    pub(crate) async fn measure(
        mut config: PrinterConfig,
        settings: &Settings,
        document: &Document,
        job: &EncodedJob,
    ) -> Self {
        config.speed = None;
        let none = (Fault::None, Transport::Memory, u64::MAX);
        let cable = Cable::lay(config, none, Port::Memory);
        let info = DeviceInfo::new(Selector::Virtual("printer".into()), "escpos", "measured");
        let mut printer = EscPosPrinter::open(cable.plug_in(), info, settings).unwrap();
        let outcome = printer.print(document).await.unwrap();
        assert!(matches!(outcome, PrintOutcome::Confirmed | PrintOutcome::Processed));
        Self::find(&cable.seen(), job)
    }

    fn find(stream: &[u8], job: &EncodedJob) -> Self {
        let mut from = 0;
        let blocks = job.blocks.iter().map(|block| {
            let rest = stream[from..].windows(block.bytes.len());
            let begin = from + rest.clone().position(|bytes| bytes == &*block.bytes).unwrap();
            from = begin + block.bytes.len();
            (begin as u64, from as u64)
        });
        Self { blocks: blocks.collect(), total: stream.len() as u64 }
    }

    /// Returns how many bytes the job takes in all.
    pub(crate) fn total(&self) -> u64 {
        self.total
    }

    /// Returns how many boundaries there are: before each block, and behind all.
    pub(crate) fn boundaries(&self) -> u64 {
        self.blocks.len() as u64 + 1
    }

    /// Returns after how many bytes the fault of the `nth` boundary strikes: before the block, between its
    /// bytes and what confirms it, next to the boundary, or anywhere.
    pub(crate) fn strike(&self, random: &mut Random, nth: u64) -> u64 {
        let nth = usize::try_from(nth % self.boundaries()).unwrap();
        let (begin, end) = self.blocks.get(nth).copied().unwrap_or((self.total, self.total));
        let place = match random.below(4) {
            0 => begin,
            1 => end,
            2 => begin.saturating_sub(NEAR) + random.below(2 * NEAR),
            _ => random.below(self.total),
        };
        place.clamp(1, self.total)
    }
}
