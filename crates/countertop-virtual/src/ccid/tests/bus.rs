//! The reader on a bus, with a host at the other end.

use core::time::Duration;

use countertop_wire::ccid::request::{Request, decode_rates};
use countertop_wire::ccid::{
    ClassDescriptor, Command, CommandBody, CommandStatus, IccStatus, Notification, PowerSelect,
    Response, SlotError, SlotStatus,
};
use countertop_wire::usb::SetupPacket;
use tokio::time::timeout;

use super::{Exchange, FunctionCard, block, echo};
use crate::ccid::{CcidConfig, CcidControl, CcidFault, VirtualCcidReader};
use crate::usb::host::{AttachedHost, UsbHost};

const LIMIT: Duration = Duration::from_secs(60);
const COMMANDS: u8 = 0x01;
const RESPONSES: u8 = 0x82;
const NOTICES: u8 = 0x83;

pub(super) struct Host {
    bus: AttachedHost,
    pub(super) control: CcidControl,
    sequence: u8,
}

impl Host {
    /// Plugs in a reader at APDU level.
    async fn new() -> Self {
        Self::of(CcidConfig::default().with_exchange(Exchange::ShortApdu)).await
    }

    pub(super) async fn of(config: CcidConfig) -> Self {
        let pin_support = u8::from(config.key_pad);
        let (device, reader, control) = VirtualCcidReader::new(config).unwrap();
        tokio::spawn(reader.serve());
        let mut bus = UsbHost::attach(device);
        let found = bus.enumerate().await.unwrap();
        let interface = &found.configuration.interfaces[0];
        assert_eq!(interface.descriptor.class, 0x0b);
        let class = ClassDescriptor::decode(&interface.class_descriptors).unwrap();
        assert_eq!(class.features.exchange(), Some(Exchange::ShortApdu));
        assert_eq!(class.pin_support, pin_support);
        Self { bus, control, sequence: 0 }
    }

    /// Plugs it in with a powered card.
    async fn with_card(delay: Duration) -> Self {
        let mut host = Self::new().await;
        host.insert(echo().with_delay(delay)).await;
        host.run(CommandBody::IccPowerOn(PowerSelect::Automatic)).await;
        host
    }

    pub(super) async fn insert(
        &mut self,
        card: FunctionCard<impl FnMut(&[u8]) -> Vec<u8> + Send + 'static>,
    ) {
        self.control.insert(card).unwrap();
        assert_eq!(self.notice().await, Notification::slot_0(true));
    }

    async fn notice(&mut self) -> Notification {
        let notice = timeout(LIMIT, self.bus.receive(NOTICES, 8)).await.unwrap().unwrap();
        Notification::decode(&notice, 1).unwrap()
    }

    pub(super) async fn send(&mut self, body: CommandBody) -> u8 {
        self.sequence += 1;
        let message = Command::new(0, self.sequence, body).encode();
        timeout(LIMIT, self.bus.send(COMMANDS, &message)).await.unwrap().unwrap();
        self.sequence
    }

    /// Sends the half of an abort that comes by the control endpoint.
    async fn ask_to_abort(&mut self, sequence: u8) {
        let (request, value) = Request::Abort { slot: 0, sequence }.encode();
        self.bus.control(SetupPacket::new(0x21, request, value, 0, 0), &[]).await.unwrap();
    }

    pub(super) async fn response(&mut self) -> Response {
        let message = timeout(LIMIT, self.bus.receive(RESPONSES, 512)).await.unwrap().unwrap();
        Response::decode(&message).unwrap()
    }

    pub(super) async fn run(&mut self, body: CommandBody) -> Response {
        let sequence = self.send(body).await;
        let response = self.response().await;
        assert_eq!(response.sequence, sequence);
        response
    }
}

fn failed(response: &Response) -> (u8, IccStatus, SlotError) {
    let SlotStatus { icc, command: CommandStatus::Failed(error) } = response.status else {
        panic!("{response:?}");
    };
    (response.sequence, icc, error)
}

fn apdu() -> CommandBody {
    block(&[0x00, 0xa4, 0x04, 0x00])
}

#[tokio::test]
async fn tells_of_cards_that_come_and_go() {
    let mut host = Host::new().await;
    assert_eq!(host.run(CommandBody::GetSlotStatus).await.status.icc, IccStatus::Absent);
    host.insert(echo()).await;
    assert!(host.control.insert(echo()).is_err());
    let atr = host.run(CommandBody::IccPowerOn(PowerSelect::Automatic)).await;
    assert_eq!(atr.status, SlotStatus::processed(IccStatus::Active));
    assert!(host.control.is_powered());
    let answer = host.run(apdu()).await;
    assert_eq!(answer.status, SlotStatus::processed(IccStatus::Active));
    assert!(host.control.remove().is_some());
    assert_eq!(host.notice().await, Notification::slot_0(false));
    assert!(host.control.remove().is_none());
}

#[tokio::test]
async fn answers_class_requests() {
    let mut host = Host::new().await;
    let (request, value) = Request::GetDataRates.encode();
    let setup = SetupPacket::new(0xa1, request, value, 0, 64);
    let rates = host.bus.control(setup, &[]).await.unwrap();
    assert_eq!(decode_rates(&rates), [10_752, 344_086]);
    let unknown = SetupPacket::new(0xa1, 0x09, 0, 0, 64);
    assert!(host.bus.control(unknown, &[]).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn asks_for_time_while_a_card_thinks() {
    let mut host = Host::with_card(Duration::from_millis(1_200)).await;
    let sequence = host.send(apdu()).await;
    for _ in 0..2 {
        let response = host.response().await;
        assert_eq!(response.status.command, CommandStatus::TimeExtension(1));
        assert_eq!(response.sequence, sequence);
    }
    assert_eq!(host.response().await.status, SlotStatus::processed(IccStatus::Active));
}

#[tokio::test(start_paused = true)]
async fn does_one_command_at_a_time_and_aborts_it_when_asked_twice() {
    let mut host = Host::with_card(Duration::from_millis(400)).await;
    let command = host.send(apdu()).await;
    let second = host.send(CommandBody::GetSlotStatus).await;
    let busy = host.response().await;
    assert_eq!(failed(&busy), (second, IccStatus::Active, SlotError::SLOT_BUSY));
    // The message comes first, and waits for its request.
    let sequence = host.send(CommandBody::Abort).await;
    host.ask_to_abort(sequence).await;
    let aborted = host.response().await;
    assert_eq!(failed(&aborted), (command, IccStatus::Active, SlotError::ABORTED));
    let done = host.response().await;
    assert_eq!((done.sequence, done.status.command), (sequence, CommandStatus::Processed));
}

/// The request comes first: until the message with the same number is there, nothing is carried out.
#[tokio::test(start_paused = true)]
async fn fails_everything_until_an_abort_is_whole() {
    let mut host = Host::with_card(Duration::from_millis(400)).await;
    for busy in [true, false] {
        let command = if busy { Some(host.send(apdu()).await) } else { None };
        let next = host.sequence + 1;
        let abort = next + 2;
        host.ask_to_abort(abort).await;
        let refused = host.send(apdu()).await;
        assert_eq!(refused, next);
        let answer = host.response().await;
        assert_eq!(failed(&answer), (refused, IccStatus::Active, SlotError::ABORTED), "{busy}");
        // Another number is another abort.
        host.send(CommandBody::Abort).await;
        assert_eq!(host.send(CommandBody::Abort).await, abort);
        if let Some(command) = command {
            let aborted = host.response().await;
            assert_eq!(failed(&aborted), (command, IccStatus::Active, SlotError::ABORTED));
        }
        let done = host.response().await;
        assert_eq!((done.sequence, done.status.command), (abort, CommandStatus::Processed));
        let status = host.send(CommandBody::GetSlotStatus).await;
        assert_eq!(host.response().await.sequence, status, "{busy}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_card_pulled_in_a_command_is_mute_at_once() {
    let mut host = Host::with_card(Duration::from_millis(400)).await;
    let sequence = host.send(apdu()).await;
    host.control.until_blocks(1).await;
    host.control.remove();
    let mute = host.response().await;
    assert_eq!(failed(&mute), (sequence, IccStatus::Absent, SlotError::ICC_MUTE));
    assert_eq!(host.notice().await, Notification::slot_0(false));
}

#[tokio::test(start_paused = true)]
async fn starts_anew_behind_a_replug() {
    let mut host = Host::with_card(Duration::from_secs(5)).await;
    host.send(apdu()).await;
    host.control.until_blocks(1).await;
    let device = host.bus.unplug().await;
    let mut bus = UsbHost::attach(device);
    bus.enumerate().await.unwrap();
    let mut host = Host { bus, control: host.control, sequence: 0 };
    // The card that stayed in is told, and has no power.
    assert_eq!(host.notice().await, Notification::slot_0(true));
    let status = host.run(CommandBody::GetSlotStatus).await;
    assert_eq!(status.status, SlotStatus::processed(IccStatus::Inactive));
}

#[tokio::test]
async fn a_fault_may_be_silence() {
    let mut host = Host::with_card(Duration::ZERO).await;
    host.control.inject(CcidFault::Silent);
    host.send(apdu()).await;
    // The answer to the next command is the next answer.
    let status = host.send(CommandBody::GetSlotStatus).await;
    assert_eq!(host.response().await.sequence, status);
    assert_eq!(host.control.blocks(), 1);
}
