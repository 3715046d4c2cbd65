//! Receipt printer and cash drawer.

use async_trait::async_trait;
use countertop_device::document::{Block, Document};
use countertop_device::{
    Attention, CashDrawer, DeviceError, DeviceErrorKind, PrintOutcome, PrinterCapabilities,
    PrinterStatus, ReceiptPrinter,
};

use super::Watched;
use crate::Statistic;
use crate::monitor::Monitor;

#[async_trait]
impl ReceiptPrinter for Watched<dyn ReceiptPrinter> {
    fn capabilities(&self) -> &PrinterCapabilities {
        self.inner.capabilities()
    }

    async fn print(&mut self, document: &Document) -> Result<PrintOutcome, DeviceError> {
        let result = self.inner.print(document).await;
        count_print(&self.monitor, &result, document);
        result
    }

    async fn resume(
        &mut self,
        document: &Document,
        outcome: PrintOutcome,
        copy: &Document,
    ) -> Result<PrintOutcome, DeviceError> {
        let result = self.inner.resume(document, outcome, copy).await;
        count_print(&self.monitor, &result, document);
        result
    }

    async fn status(&mut self) -> Result<PrinterStatus, DeviceError> {
        let result = self.inner.status().await;
        self.monitor.exchanged(&result);
        if let Ok(status) = &result {
            self.monitor.attention(status.attention);
        }
        result
    }

    async fn status_changed(&mut self) -> Result<PrinterStatus, DeviceError> {
        let result = self.inner.status_changed().await;
        self.monitor.exchanged(&result);
        if let Ok(status) = &result {
            self.monitor.attention(status.attention);
        }
        result
    }
}

fn count_print(monitor: &Monitor, result: &Result<PrintOutcome, DeviceError>, document: &Document) {
    match result {
        Ok(PrintOutcome::Confirmed | PrintOutcome::Processed) => {
            monitor.worked(result);
            count_document(monitor, document);
        }
        Ok(_) => monitor.counters().count(Statistic::PrinterFaultCount),
        Err(error) => {
            monitor.failed(error);
            count_trouble(monitor, error);
        }
    }
}

fn count_document(monitor: &Monitor, document: &Document) {
    for block in &document.blocks {
        let (statistic, number) = match block {
            Block::Text { .. } | Block::Runs { .. } | Block::Columns { .. } | Block::Rule(_) => {
                (Statistic::ReceiptLinePrintedCount, 1)
            }
            Block::Table(table) => (Statistic::ReceiptLinePrintedCount, table.rows.len() as u64),
            Block::Feed(lines) => (Statistic::ReceiptLineFeedCount, u64::from(*lines)),
            Block::Code(_) => (Statistic::BarcodePrintedCount, 1),
            Block::Cut => (Statistic::PaperCutCount, 1),
            _ => continue,
        };
        monitor.counters().add(statistic, number);
    }
}

fn count_trouble(monitor: &Monitor, error: &DeviceError) {
    let DeviceErrorKind::NeedsAttention(attention) = error.kind() else { return };
    let statistic = match attention {
        Attention::CoverOpen => Statistic::ReceiptCoverOpenCount,
        Attention::CutterJammed => Statistic::FailedPaperCutCount,
        Attention::Overheated => Statistic::MaximumTempReachedCount,
        Attention::Fault => Statistic::PrinterFaultCount,
        _ => return,
    };
    monitor.counters().count(statistic);
}

#[async_trait]
impl CashDrawer for Watched<dyn CashDrawer> {
    async fn open_drawer(&mut self) -> Result<(), DeviceError> {
        let result = self.inner.open_drawer().await;
        self.monitor.exchanged(&result);
        self.monitor.counters().count(match result {
            Ok(()) => Statistic::DrawerGoodOpenCount,
            Err(_) => Statistic::DrawerFailedOpenCount,
        });
        result
    }

    async fn drawer_opened(&mut self) -> Result<bool, DeviceError> {
        let result = self.inner.drawer_opened().await;
        self.monitor.exchanged(&result);
        result
    }
}
