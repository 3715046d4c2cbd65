//! A PN532 behind a serial adapter, whose card is asked for its payment applications without end.

use async_trait::async_trait;
use countertop_device::{
    ContactlessReader, DeviceError, DeviceErrorKind, Driver, Functions, Identity,
};
use countertop_nfc::LibnfcDriver;
use countertop_virtual::card::{CardProfile, Interface, PaymentCard};
use countertop_virtual::pn532::{Target, VirtualPn532};
use countertop_virtual::usb::{UsbIdentity, ft232r};

use super::station::{Station, Work};
use crate::kernel;
use crate::lab_test::TestResult;

/// SELECT the proximity payment system environment (EMV Book B, 3.3.2).
const SELECT_PPSE: &[u8] = b"\x00\xa4\x04\x00\x0e2PAY.SYS.DDF01\x00";

#[derive(Debug, Default)]
struct Tapping {
    reader: Option<Box<dyn ContactlessReader>>,
    doing: &'static str,
}

/// Plugs the module in, with a card in its field, and starts to read.
pub(super) async fn station() -> TestResult<(Station, Identity)> {
    kernel::modprobe(&["vhci_hcd", "ftdi_sio"]).await?;
    let (chip, antenna) = VirtualPn532::new();
    let identity =
        UsbIdentity::new(0x0403, 0x6001, "FT232R USB UART").with_serial_number("LAB0004");
    let (device, line, _control) = ft232r(&identity)?;
    tokio::spawn(chip.serve(line));
    let card = PaymentCard::new(CardProfile::unionpay_debit()).on(Interface::Contactless);
    antenna.put(Target::iso_dep([0x08, 0xa1, 0xb2, 0xc3], card));
    Station::start("contactless reader", device, Tapping::default()).await
}

#[async_trait]
impl Work for Tapping {
    fn driver(&self) -> &'static dyn Driver {
        &LibnfcDriver
    }

    fn take(&mut self, functions: Functions) -> Option<()> {
        self.reader = Some(functions.contactless?);
        Some(())
    }

    async fn prepare(&mut self) -> TestResult {
        kernel::close_usb_serial_at_once().await
    }

    async fn exchange(&mut self) -> Result<(), DeviceError> {
        let wrong = |what| DeviceError::new(DeviceErrorKind::Other, "contactless reader", what);
        let reader = self.reader.as_mut().ok_or_else(|| wrong("use"))?;
        self.doing = "wait for a card";
        reader.await_target().await?;
        self.doing = "connect";
        let mut session = reader.connect().await?;
        for _ in 0..4 {
            self.doing = "transmit";
            let answer = session.transmit(SELECT_PPSE).await?;
            if !answer.expose().ends_with(&[0x90, 0x00]) {
                let status = &answer.expose()[answer.expose().len().saturating_sub(2)..];
                return Err(wrong("select the payment system environment")
                    .with_source(format!("the card answered {status:02x?}")));
            }
        }
        self.doing = "close";
        session.close().await
    }

    fn doing(&self) -> &'static str {
        self.doing
    }

    fn close(&mut self) {
        self.reader = None;
    }
}
