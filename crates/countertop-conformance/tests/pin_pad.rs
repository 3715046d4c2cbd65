//! Our driver of PIN pads.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

mod support;

use core::time::Duration;

use countertop_conformance::{ExchangeFixture, Fixture, Tap, pin_pad};
use countertop_device::{
    Currency, DeviceError, KeyUsage, Money, PinBlockFormat, PinEntry, PinPad, PinRequest,
    Sensitive, Settings, WrappedKey, async_trait,
};
use countertop_input::pinpad::VisaPinPad;
use countertop_virtual::pinpad::{PinPadConfig, PinPadControl, TEST_MASTER_KEY, VirtualPinPad};
use countertop_wire::pin_block::{DesKey, decode_format0};
use support::Transport;

const PAN: &[u8] = b"6200000000000005";
const PIN: &str = "482915";
const PIN_KEY: [u8; 16] = [0x31; 16];
const MAC_KEY: [u8; 8] = [0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef];

struct Pad {
    transport: Transport,
    control: Option<PinPadControl>,
}

fn wrap(key: &[u8]) -> WrappedKey {
    let (master, key) = (DesKey::new(&TEST_MASTER_KEY).unwrap(), DesKey::new(key).unwrap());
    WrappedKey { cryptogram: master.wrap_key(&key), check_value: key.check_value()[..4].to_vec() }
}

fn request() -> PinRequest {
    PinRequest {
        pan: Sensitive::from(PAN),
        amount: Money::from_minor(1234, Currency::CNY),
        format: PinBlockFormat::Iso0,
        min_length: 4,
        max_length: 6,
        timeout: Duration::from_secs(2),
    }
}

#[async_trait]
impl Fixture for Pad {
    type Function = dyn PinPad;

    async fn open(&mut self, tap: &Tap) -> Result<Box<dyn PinPad>, DeviceError> {
        let (selector, host, device) = support::connect(self.transport, tap).await?;
        let (pad, control) = VirtualPinPad::new(PinPadConfig::default()).unwrap();
        tokio::spawn(pad.serve(device));
        self.control = Some(control);
        let settings = Settings::new().with("quiet_ms", 20).with("exchange_ms", 200);
        let mut pad = VisaPinPad::new(host, selector, &settings).await?;
        assert!(pad.update_key(KeyUsage::Pin, &wrap(&PIN_KEY)).await?);
        assert!(pad.update_key(KeyUsage::Mac, &wrap(&MAC_KEY)).await?);
        Ok(Box::new(pad))
    }

    fn secrets(&self) -> Vec<Vec<u8>> {
        vec![PAN.to_vec(), PIN.as_bytes().to_vec()]
    }
}

#[async_trait]
impl ExchangeFixture for Pad {
    async fn exchange(&mut self, pad: &mut Self::Function) -> Result<(), DeviceError> {
        let mac = pad.compute_mac(b"conformance").await?;
        assert_eq!(mac, DesKey::new(&MAC_KEY).unwrap().cbc_mac(b"conformance"));
        let control = self.control.as_mut().unwrap();
        let cardholder = async {
            control.shows(|screen| !screen.prompting).await;
            control.prompted().await;
            control.type_pin(PIN);
            core::future::pending::<()>().await;
        };
        let request = request();
        let entry = tokio::select! {
            entry = pad.encrypt_pin(&request) => entry?,
            () = cardholder => unreachable!(),
        };
        if let PinEntry::Entered(block) = entry {
            let key = DesKey::new(&PIN_KEY).unwrap();
            let block = key.decrypt_block(block.expose().try_into().unwrap());
            assert_eq!(decode_format0(&block, PAN).unwrap().expose(), PIN.as_bytes());
        }
        Ok(())
    }
}

async fn examine(transport: Transport) {
    pin_pad::run(&mut Pad { transport, control: None }).await.assert_passed();
}

#[tokio::test(start_paused = true)]
async fn visa_pinpad_in_memory() {
    examine(Transport::Memory).await;
}

#[tokio::test]
async fn visa_pinpad_on_a_serial_line() {
    examine(Transport::Pty).await;
}

#[tokio::test]
async fn visa_pinpad_over_tcp() {
    examine(Transport::Tcp).await;
}
