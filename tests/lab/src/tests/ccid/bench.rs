//! A virtual reader on the bus, with the hands that plug it and insert cards.

use std::time::Duration;

use countertop_chip::{PcscDriver, PcscReader};
use countertop_device::{
    CardSession, ChipReader, DeviceError, DeviceErrorKind, Driver, Listing, Settings,
};
use countertop_virtual::card::{CardProfile, Fault, PaymentCard};
use countertop_virtual::ccid::{CcidConfig, CcidControl, VirtualCcidReader};
use countertop_virtual::usb::{PluggedDevice, UsbDevice};
use tokio::time::timeout;

use crate::kernel::{self, LONG, wait_for};
use crate::lab_test::{TestResult, check};

/// SELECT of the payment system environment (EMV Book 1, clause 12.3.2).
pub(crate) const SELECT_PSE: &[u8] = b"\x00\xa4\x04\x00\x0e1PAY.SYS.DDF01\x00";
/// READ RECORD 1 of its directory.
const READ_DIRECTORY: &[u8] = &[0x00, 0xb2, 0x01, 0x0c, 0x00];

/// Is a virtual reader, plugged or not.
pub(crate) struct Bench {
    pub(crate) control: CcidControl,
    device: Option<UsbDevice>,
    plugged: Option<PluggedDevice>,
}

impl Bench {
    pub(crate) async fn new(config: CcidConfig) -> TestResult<Self> {
        kernel::modprobe(&["vhci_hcd"]).await?;
        let (device, reader, control) = VirtualCcidReader::new(config)?;
        tokio::spawn(reader.serve());
        Ok(Self { control, device: Some(device), plugged: None })
    }

    /// Plugs the reader in and waits for the kernel.
    pub(crate) async fn plug(&mut self) -> TestResult {
        let device = self.device.take().ok_or("it is plugged")?;
        let plugged = device.plug().await?;
        plugged.configured().await?;
        self.plugged = Some(plugged);
        Ok(())
    }

    pub(crate) fn plugged(&self) -> TestResult<&PluggedDevice> {
        self.plugged.as_ref().ok_or_else(|| "it is not plugged".into())
    }

    /// Unplugs it and waits until the kernel has let go.
    pub(crate) async fn unplug(&mut self) -> TestResult {
        let plugged = self.plugged.take().ok_or("it is not plugged")?;
        self.device = Some(plugged.unplug().await?);
        Ok(())
    }

    pub(crate) fn insert_payment_card(&self) -> TestResult {
        Ok(self.control.insert(PaymentCard::new(CardProfile::unionpay_debit()))?)
    }

    /// Inserts a card that takes so long for each answer.
    pub(crate) fn insert_slow_card(&self, delay: Duration) -> TestResult {
        let profile = CardProfile::unionpay_debit().with_fault(Fault::Slow(delay));
        Ok(self.control.insert(PaymentCard::new(profile))?)
    }
}

/// Waits until pcscd shows so many readers, and returns them.
pub(crate) async fn readers(count: usize) -> TestResult<Vec<Listing>> {
    let look = || PcscDriver::new().list().ok().filter(|readers| readers.len() == count);
    wait_for(&format!("{count} readers"), LONG, look).await
}

/// Opens the one reader that is there.
pub(crate) async fn open(settings: &Settings) -> TestResult<PcscReader> {
    let readers = readers(1).await?;
    let selector = &readers.first().ok_or("no reader")?.info.selector;
    Ok(PcscDriver::new().open_reader(selector, settings).await?)
}

/// Powers the card that is in, or will be.
pub(crate) async fn connect(reader: &mut PcscReader) -> TestResult<Box<dyn CardSession>> {
    soon("a card", reader.await_card()).await??;
    Ok(soon("a session", reader.connect()).await??)
}

/// Reads the directory of a payment card.
pub(crate) async fn read_directory(session: &mut Box<dyn CardSession>) -> TestResult {
    for command in [SELECT_PSE, READ_DIRECTORY] {
        let answer = soon("an answer", session.transmit(command)).await??;
        check!(answer.expose().ends_with(&[0x90, 0x00]), "no 9000 to {command:02x?}");
    }
    Ok(())
}

/// Fails unless `result` is an error of this kind.
pub(crate) fn expect<T>(
    what: &str,
    result: Result<T, DeviceError>,
    kind: DeviceErrorKind,
) -> TestResult {
    match result {
        Err(error) if error.kind() == kind => Ok(()),
        Err(error) => Err(format!("{what}: {kind:?} was to come, but: {error}").into()),
        Ok(_) => Err(format!("{what}: {kind:?} was to come, but it went well").into()),
    }
}

/// Waits for what has to come.
pub(crate) async fn soon<F: Future>(what: &str, future: F) -> TestResult<F::Output> {
    timeout(LONG, future).await.map_err(|_| format!("waited in vain for {what}").into())
}
