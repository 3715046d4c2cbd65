//! Kills its own process at a named place, as a power cut would.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use countertop_acquirer::{
    Acquirer, BatchNumber, BatchRecord, FinancialRequest, HostError, ParameterTable,
    PreparedRequest, ResponseCode, ReversalReason, SettlementAnswer, SettlementTotals,
    SignInRequest, SignedIn, Stan, Submission,
};
use countertop_device::document::Document;
use countertop_device::{
    Device, DeviceError, DeviceInfo, HealthLevel, HealthReport, PinPad, PrintOutcome,
    PrinterCapabilities, PrinterStatus, ReceiptPrinter, Sensitive,
};
use rustix::process::{Signal, getpid, kill_process};

/// Names the place, and which time it is reached: `submit after#2`.
pub(crate) const PLACE: &str = "COUNTERTOP_TEST_CRASH_AT";

/// Is called at each place; at the one that the environment names it does not return.
pub(crate) fn at(place: &str) {
    static REACHED: Mutex<BTreeMap<String, usize>> = Mutex::new(BTreeMap::new());
    let mut reached = REACHED.lock().unwrap_or_else(PoisonError::into_inner);
    let count = reached.entry(place.to_owned()).or_default();
    *count += 1;
    if std::env::var(PLACE).is_ok_and(|wanted| wanted == format!("{place}#{count}")) {
        kill_process(getpid(), Signal::KILL).unwrap();
        // The signal is on its way; nothing more may happen.
        loop {
            std::thread::park();
        }
    }
}

/// Is a host's protocol with places before and after each step that moves money.
#[derive(Debug)]
pub(crate) struct MinedAcquirer(pub(crate) Box<dyn Acquirer>);

#[async_trait]
impl Acquirer for MinedAcquirer {
    fn host(&self) -> &str {
        self.0.host()
    }

    async fn echo_test(&mut self, batch: BatchNumber) -> Result<(), HostError> {
        self.0.echo_test(batch).await
    }

    async fn sign_in(
        &mut self,
        pin_pad: &mut dyn PinPad,
        request: &SignInRequest,
    ) -> Result<SignedIn, HostError> {
        self.0.sign_in(pin_pad, request).await
    }

    async fn prepare(
        &mut self,
        pin_pad: &mut dyn PinPad,
        request: &FinancialRequest,
    ) -> Result<PreparedRequest, HostError> {
        at("prepare before");
        let prepared = self.0.prepare(pin_pad, request).await;
        at("prepare after");
        prepared
    }

    async fn submit(&mut self, pin_pad: &mut dyn PinPad, prepared: &PreparedRequest) -> Submission {
        at("submit before");
        let submission = self.0.submit(pin_pad, prepared).await;
        at("submit after");
        submission
    }

    async fn reverse(
        &mut self,
        pin_pad: &mut dyn PinPad,
        reversal: &Sensitive,
        reason: ReversalReason,
        authorization_code: Option<&str>,
    ) -> Result<ResponseCode, HostError> {
        at("reverse before");
        let reversed = self.0.reverse(pin_pad, reversal, reason, authorization_code).await;
        at("reverse after");
        reversed
    }

    async fn settle(
        &mut self,
        stan: Stan,
        batch: BatchNumber,
        operator: u8,
        totals: &SettlementTotals,
    ) -> Result<SettlementAnswer, HostError> {
        at("settle before");
        let settled = self.0.settle(stan, batch, operator, totals).await;
        at("settle after");
        settled
    }

    async fn upload_batch(
        &mut self,
        stan: Stan,
        batch: BatchNumber,
        records: &[BatchRecord],
    ) -> Result<Stan, HostError> {
        self.0.upload_batch(stan, batch, records).await
    }

    fn parameters_due(&self) -> Option<ParameterTable> {
        self.0.parameters_due()
    }

    async fn download_parameters(
        &mut self,
        batch: BatchNumber,
        table: ParameterTable,
    ) -> Result<Vec<Vec<u8>>, HostError> {
        self.0.download_parameters(batch, table).await
    }

    async fn sign_out(&mut self, stan: Stan, batch: BatchNumber) -> Result<(), HostError> {
        self.0.sign_out(stan, batch).await
    }
}

/// Is a printer with places before and after each slip.
#[derive(Debug)]
pub(crate) struct MinedPrinter(pub(crate) Box<dyn ReceiptPrinter>);

#[async_trait]
impl Device for MinedPrinter {
    fn info(&self) -> &DeviceInfo {
        self.0.info()
    }

    async fn check_health(&mut self, level: HealthLevel) -> Result<HealthReport, DeviceError> {
        self.0.check_health(level).await
    }
}

#[async_trait]
impl ReceiptPrinter for MinedPrinter {
    fn capabilities(&self) -> &PrinterCapabilities {
        self.0.capabilities()
    }

    async fn print(&mut self, document: &Document) -> Result<PrintOutcome, DeviceError> {
        at("print before");
        let printed = self.0.print(document).await;
        at("print after");
        printed
    }

    async fn resume(
        &mut self,
        document: &Document,
        outcome: PrintOutcome,
        copy: &Document,
    ) -> Result<PrintOutcome, DeviceError> {
        self.0.resume(document, outcome, copy).await
    }

    async fn status(&mut self) -> Result<PrinterStatus, DeviceError> {
        self.0.status().await
    }

    async fn status_changed(&mut self) -> Result<PrinterStatus, DeviceError> {
        self.0.status_changed().await
    }
}
