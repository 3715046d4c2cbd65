//! A chip card reader whose card is asked for its payment applications without end.

use async_trait::async_trait;
use countertop_chip::PcscDriver;
use countertop_device::{ChipReader, DeviceError, DeviceErrorKind, Driver, Functions, Identity};
use countertop_virtual::card::{CardProfile, PaymentCard};
use countertop_virtual::ccid::{CcidConfig, VirtualCcidReader};

use super::station::{Station, Work};
use crate::kernel;
use crate::lab_test::TestResult;

/// SELECT the payment system environment (EMV Book 1, 11.3).
const SELECT_PSE: &[u8] = b"\x00\xa4\x04\x00\x0e1PAY.SYS.DDF01\x00";

#[derive(Debug, Default)]
struct Reading(Option<Box<dyn ChipReader>>);

/// Plugs the reader in, with a card, and starts to read.
pub(super) async fn station() -> TestResult<(Station, Identity)> {
    kernel::modprobe(&["vhci_hcd"]).await?;
    let (device, reader, control) =
        VirtualCcidReader::new(CcidConfig::default().with_serial("LAB0003"))?;
    tokio::spawn(reader.serve());
    control.insert(PaymentCard::new(CardProfile::unionpay_debit()))?;
    Station::start("chip reader", device, Reading::default()).await
}

#[async_trait]
impl Work for Reading {
    fn driver(&self) -> &'static dyn Driver {
        &PcscDriver
    }

    fn take(&mut self, functions: Functions) -> Option<()> {
        self.0 = Some(functions.chip?);
        Some(())
    }

    async fn exchange(&mut self) -> Result<(), DeviceError> {
        let wrong = |what| DeviceError::new(DeviceErrorKind::Other, "chip reader", what);
        let reader = self.0.as_mut().ok_or_else(|| wrong("use"))?;
        reader.await_card().await?;
        let mut session = reader.connect().await?;
        for _ in 0..4 {
            let answer = session.transmit(SELECT_PSE).await?;
            if !answer.expose().ends_with(&[0x90, 0x00]) {
                return Err(wrong("select the payment system environment"));
            }
        }
        session.close().await
    }

    fn close(&mut self) {
        self.0 = None;
    }
}
