//! Both drivers of contactless readers, on the virtual PN532.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

mod support;

use core::time::Duration;

use countertop_conformance::contactless::{self, ContactlessFixture, Disturbance};
use countertop_conformance::{Fixture, Tap};
use countertop_device::{ContactlessReader, DeviceError, Selector, Settings, async_trait};
use countertop_nfc::{LibnfcDriver, Pn532Driver};
use countertop_virtual::card::VirtualCard;
use countertop_virtual::pn532::{Pn532Control, Pn532Fault, Target, VirtualPn532};
use countertop_virtual::pty::Pty;
use support::Transport;

/// Answers each command with the command itself.
#[derive(Debug)]
struct EchoCard;

impl VirtualCard for EchoCard {
    fn answer_to_reset(&self) -> Vec<u8> {
        vec![0x3b, 0x00]
    }

    fn answer_to_select(&self) -> Vec<u8> {
        vec![0x05, 0x78, 0x80, 0x70, 0x02]
    }

    fn reset(&mut self) {}

    fn transmit(&mut self, command: &[u8]) -> Vec<u8> {
        [command, &[0x90, 0x00]].concat()
    }
}

/// Names the driver under examination.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Which {
    Libnfc,
    Pn532,
}

struct Reader {
    which: Which,
    selector: Option<Selector>,
    control: Option<Pn532Control>,
}

impl Reader {
    fn control(&self) -> &Pn532Control {
        self.control.as_ref().unwrap()
    }

    async fn open_at(
        &self,
        selector: &Selector,
    ) -> Result<Box<dyn ContactlessReader>, DeviceError> {
        let settings = Settings::new().with("poll_ms", 20).with("transmit_timeout_ms", 500);
        Ok(match self.which {
            Which::Libnfc => Box::new(LibnfcDriver::new().open_reader(selector, &settings).await?),
            Which::Pn532 => Box::new(Pn532Driver::new().open_reader(selector, &settings).await?),
        })
    }
}

#[async_trait]
impl Fixture for Reader {
    type Function = dyn ContactlessReader;

    async fn open(&mut self, tap: &Tap) -> Result<Box<dyn ContactlessReader>, DeviceError> {
        let pty = Pty::open(None).unwrap();
        let path = pty.path().display().to_string();
        let (chip, control) = VirtualPn532::new();
        tokio::spawn(chip.serve(tap.wrap(pty)));
        self.control = Some(control);
        let selector = match self.which {
            Which::Libnfc => Selector::Nfc(format!("pn532_uart:{path}")),
            Which::Pn532 => Selector::Serial(path),
        };
        self.selector = Some(selector.clone());
        self.open_at(&selector).await
    }

    fn deadline(&self) -> Duration {
        Duration::from_secs(10)
    }
}

#[async_trait]
impl ContactlessFixture for Reader {
    fn put(&mut self, number: usize) {
        let number = u8::try_from(number).unwrap();
        self.control().put(Target::iso_dep([0x08, number, 2, 3], EchoCard));
    }

    fn clear(&mut self) {
        self.control().clear();
    }

    fn disturb(&mut self, disturbance: Disturbance) {
        self.control().inject(match disturbance {
            Disturbance::BadChecksum => Pn532Fault::BadChecksum,
            Disturbance::Deaf => Pn532Fault::Deaf,
            Disturbance::LateAck => Pn532Fault::LateAck,
            Disturbance::Nack => Pn532Fault::Nack,
            _ => Pn532Fault::NoResponse,
        });
    }

    async fn reopen(&mut self) -> Result<Box<dyn ContactlessReader>, DeviceError> {
        let selector = self.selector.clone().unwrap();
        self.open_at(&selector).await
    }
}

async fn examine(which: Which) {
    let mut reader = Reader { which, selector: None, control: None };
    contactless::run(&mut reader).await.assert_passed();
}

#[tokio::test(flavor = "multi_thread")]
async fn pn532_conforms() {
    examine(Which::Pn532).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn libnfc_conforms() {
    examine(Which::Libnfc).await;
}

/// The bytes of our own driver go over any link.
#[tokio::test]
async fn pn532_over_tcp_and_in_memory() {
    for transport in [Transport::Memory, Transport::Tcp, Transport::Pty] {
        let (selector, host, device) = support::connect(transport, &Tap::default()).await.unwrap();
        let (chip, control) = VirtualPn532::new();
        tokio::spawn(chip.serve(device));
        let mut reader = Pn532Driver::on_link(host, selector, &Settings::new()).await.unwrap();
        control.put(Target::iso_dep([8, 1, 2, 3], EchoCard));
        reader.await_target().await.unwrap();
        let answer = reader.connect().await.unwrap().transmit(&[0; 4]).await.unwrap();
        assert_eq!(answer.expose(), [0, 0, 0, 0, 0x90, 0x00], "{transport:?}");
    }
}
