//! Cards in the field of a contactless reader.

use countertop_chip::PcscContactlessDriver;
use countertop_device::{
    CardProtocol, ChipReader as _, ContactlessReader as _, DeviceErrorKind, Driver as _, Settings,
};
use countertop_virtual::card::VirtualCard;
use countertop_virtual::ccid::FunctionCard;
use countertop_virtual::contactless_reader::{PassedOn, StorageTag};
use countertop_wire::pcsc_part3::{KeyType, StorageCommand};

use crate::common::{READER, RawCard, Service};
use crate::{kind, soon};

/// Holds a card into the field.
fn tap(mut card: impl VirtualCard + 'static) -> RawCard {
    let answer_to_reset = card.answer_to_reset();
    RawCard::insert(answer_to_reset, move |command| Some(card.transmit(command)))
}

async fn open() -> countertop_chip::PcscContactlessReader {
    let selector = READER.parse().unwrap();
    PcscContactlessDriver::new().open_reader(&selector, &Settings::new()).await.unwrap()
}

#[tokio::test]
async fn a_payment_card_is_tapped() {
    let _service = Service::start();
    let mut reader = open().await;
    let card = FunctionCard::new([], |_| vec![0x6f, 0x00, 0x90, 0x00]);
    let card = tap(PassedOn::new(card, [8, 1, 2, 3]));
    let target = soon(reader.await_target()).await.unwrap();
    assert_eq!((target.uid, target.protocol), (vec![8, 1, 2, 3], CardProtocol::IsoDep));
    let mut session = soon(reader.connect()).await.unwrap();
    assert_eq!(session.protocol(), CardProtocol::IsoDep);
    let answer = soon(session.transmit(&[0, 0xa4, 4, 0, 0])).await.unwrap();
    assert_eq!(answer.expose(), [0x6f, 0x00, 0x90, 0x00]);
    soon(session.close()).await.unwrap();
    drop(card);
    soon(reader.as_chip_reader().await_removal()).await.unwrap();
    assert_eq!(kind(soon(reader.connect()).await), DeviceErrorKind::CardRemoved);
}

#[tokio::test]
async fn a_classic_card_is_read_and_written() {
    let _service = Service::start();
    let mut reader = open().await;
    let _card = tap(StorageTag::mifare_classic_1k([4, 1, 2, 3]));
    let target = soon(reader.await_target()).await.unwrap();
    assert_eq!((target.sak, target.protocol), (0x08, CardProtocol::StorageCard));
    let mut session = soon(reader.connect()).await.unwrap();
    let key = [0xff; 6].as_slice().into();
    let block = vec![0x42; 16];
    for (command, expected) in [
        (StorageCommand::LoadKey { persistent: false, number: 0, key }, vec![]),
        (StorageCommand::Authenticate { address: 4, key_type: KeyType::A, number: 0 }, vec![]),
        (StorageCommand::UpdateBinary { address: 5, data: block.clone().into() }, vec![]),
        (StorageCommand::ReadBinary { address: 5, length: 16 }, block),
    ] {
        let answer = soon(session.transmit(&command.to_apdu().to_bytes())).await.unwrap();
        assert_eq!(answer.expose(), [&expected[..], &[0x90, 0x00]].concat());
    }
}

#[tokio::test]
async fn a_type_2_tag_speaks_its_own_commands() {
    let _service = Service::start();
    let mut reader = open().await;
    let _card = tap(StorageTag::mifare_ultralight([4, 1, 2, 3, 4, 5, 6]));
    let target = soon(reader.await_target()).await.unwrap();
    assert_eq!((target.uid.len(), target.protocol), (7, CardProtocol::Type2));
    let mut session = soon(reader.connect()).await.unwrap();
    let written = soon(session.transmit(&[0xa2, 0x04, 1, 2, 3, 4])).await.unwrap();
    assert_eq!(written.expose(), [0x0a]);
    let read = soon(session.transmit(&[0x30, 0x04])).await.unwrap();
    assert_eq!(read.expose(), [&[1, 2, 3, 4][..], &[0; 12]].concat());
    assert_eq!(kind(soon(session.transmit(&[0x30, 0x20])).await), DeviceErrorKind::Protocol);
    assert_eq!(kind(soon(session.transmit(&[0x60])).await), DeviceErrorKind::InvalidInput);
}

#[tokio::test]
async fn readers_for_contacts_are_not_listed() {
    let service = Service::start();
    let driver = PcscContactlessDriver::new();
    assert!(driver.list().unwrap().is_empty());
    let functions = driver.open(&READER.parse().unwrap(), &Settings::new()).await.unwrap();
    let reader = functions.contactless.unwrap();
    assert_eq!(reader.info().driver, "pcsc-contactless");
    drop(service);
}
