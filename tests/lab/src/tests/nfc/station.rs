//! A virtual NFC module on the bus, with the hands that plug it and hold cards to it.

use std::path::PathBuf;
use std::time::Duration;

use countertop_device::{CardSession, ContactlessReader, Driver, Listing, Settings};
use countertop_nfc::LibnfcDriver;
use countertop_nfc::NfcReader;
use countertop_virtual::card::{CardProfile, Interface, PaymentCard};
use countertop_virtual::pn532::{
    Pn532Control, Pn533Config, Target, TargetId, VirtualPn532, VirtualPn533,
};
use countertop_virtual::usb::{PluggedDevice, UsbDevice, UsbIdentity, ft232r};
use tokio::time::timeout;

use crate::kernel::{self, LONG, soon, wait_for};
use crate::lab_test::{TestResult, check};

/// SELECT of the proximity payment system environment (EMV Book B, clause 3.3.1).
pub(crate) const SELECT_PPSE: &[u8] = b"\x00\xa4\x04\x00\x0e2PAY.SYS.DDF01\x00";
/// The UID that nfc-list shows.
pub(crate) const UID: &str = "08  a1  b2  c3";

/// Is a virtual module, plugged or not.
pub(crate) struct Station {
    pub(crate) control: Pn532Control,
    device: Option<UsbDevice>,
    plugged: Option<PluggedDevice>,
}

impl Station {
    /// Makes a PN533 on USB.
    pub(crate) async fn pn533(config: &Pn533Config) -> TestResult<Self> {
        kernel::modprobe(&["vhci_hcd"]).await?;
        let (device, chip, control) = VirtualPn533::new(config)?;
        tokio::spawn(chip.serve());
        Ok(Self { control, device: Some(device), plugged: None })
    }

    /// Makes a PN532 behind a serial adapter.
    pub(crate) async fn pn532() -> TestResult<Self> {
        kernel::modprobe(&["vhci_hcd", "ftdi_sio"]).await?;
        let (chip, control) = VirtualPn532::new();
        let identity = UsbIdentity::new(0x0403, 0x6001, "FT232R USB UART");
        let (device, line, _modem_lines) = ft232r(&identity)?;
        tokio::spawn(chip.serve(line));
        Ok(Self { control, device: Some(device), plugged: None })
    }

    /// Plugs the module in and waits for kernel and udev.
    pub(crate) async fn plug(&mut self) -> TestResult {
        let device = self.device.take().ok_or("it is plugged")?;
        let plugged = device.plug().await?;
        plugged.configured().await?;
        self.plugged = Some(plugged);
        self.listing().await?;
        kernel::settle().await
    }

    /// Returns the device's folder.
    pub(crate) fn folder(&self) -> TestResult<PathBuf> {
        let plugged = self.plugged.as_ref().ok_or("it is not plugged")?;
        plugged.sysfs_path().ok_or_else(|| "it has no address".into())
    }

    /// Pulls the plug at once, and does not wait.
    pub(crate) fn pull(&self) {
        if let Some(plugged) = &self.plugged {
            plugged.pull();
        }
    }

    /// Unplugs it and waits until the kernel has let go.
    pub(crate) async fn unplug(&mut self) -> TestResult {
        let plugged = self.plugged.take().ok_or("it is not plugged")?;
        self.device = Some(plugged.unplug().await?);
        let gone = || LibnfcDriver::new().list().ok().filter(Vec::is_empty);
        wait_for("an empty list", LONG, gone).await.map(drop)
    }

    /// Returns the one row of the driver's list.
    pub(crate) async fn listing(&self) -> TestResult<Listing> {
        let look = || LibnfcDriver::new().list().ok()?.into_iter().next();
        wait_for("the reader in the list", LONG, look).await
    }

    /// Opens the module as it is listed.
    pub(crate) async fn open(&self) -> TestResult<NfcReader> {
        let selector = self.listing().await?.info.selector;
        let settings = Settings::new().with("transmit_timeout_ms", 10_000);
        Ok(LibnfcDriver::new().open_reader(&selector, &settings).await?)
    }

    /// Holds a payment card to the antenna.
    pub(crate) fn tap(&self) -> TargetId {
        let card = PaymentCard::new(CardProfile::unionpay_debit()).on(Interface::Contactless);
        self.control.put(Target::iso_dep([0x08, 0xa1, 0xb2, 0xc3], card))
    }
}

/// Starts a session with the card in the field, and reads its directory.
pub(crate) async fn read_directory(reader: &mut NfcReader) -> TestResult<Box<dyn CardSession>> {
    soon("a card", reader.await_target()).await??;
    let mut session = soon("a session", reader.connect()).await??;
    let answer = soon("an answer", session.transmit(SELECT_PPSE)).await??;
    check!(answer.expose().ends_with(&[0x90, 0x00]), "no 9000 to SELECT");
    Ok(session)
}

/// Lets a wait begin; fails when it ends.
pub(crate) async fn begins(wait: impl Future) -> TestResult {
    check!(timeout(Duration::from_millis(500), wait).await.is_err(), "the wait ended at once");
    Ok(())
}
