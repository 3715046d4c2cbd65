//! A transaction with a virtual card in a real reader: pcscd and its virtual reader.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod common;
#[allow(dead_code, reason = "the fixture has more than is used here")]
#[path = "../../countertop-chip/tests/common/mod.rs"]
mod service;

use std::time::Duration;

use common::{issuer_answer, parameters, purchase, soon};
use countertop_chip::PcscReader;
use countertop_device::{ChipReader, DeviceErrorKind};
use countertop_emv::EmvError;
use countertop_emv::contact::{ContactTransaction, Outcome, Step};
use countertop_virtual::card::{CardProfile, Fault, PaymentCard};
use countertop_virtual::vpcd::{CardSlot, CardSlotControl, Reconnect};
use service::Service;

fn slot() -> CardSlotControl {
    let (slot, control) = CardSlot::new("127.0.0.1:35963", Reconnect::Never);
    tokio::spawn(slot.run());
    control
}

async fn insert(control: &CardSlotControl, profile: CardProfile) {
    // The reader may still be taking note that the last card has left.
    while soon(control.insert(PaymentCard::new(profile.clone()))).await.is_err() {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn transact(reader: &mut PcscReader) -> Result<Box<Outcome>, EmvError> {
    soon(reader.await_card()).await?;
    let session = soon(reader.connect()).await?;
    let mut step = soon(ContactTransaction::start(session, parameters(), purchase(1234))).await?;
    loop {
        step = match step {
            Step::EnterOnlinePin(entry) => soon(entry.captured()).await?,
            Step::GoOnline(request) => {
                let request55 = request.field55().expose();
                let answer = issuer_answer("6200000000000005", request55, *b"00");
                return soon(request.host_answered(true, *b"00", &answer)).await;
            }
            step => panic!("{step:?}"),
        };
    }
}

#[tokio::test]
async fn approved_in_a_reader_of_pcscd() {
    let service = Service::start();
    let mut reader = service.open().await;
    let control = slot();
    insert(&control, CardProfile::unionpay_debit()).await;
    let outcome = transact(&mut reader).await.unwrap();
    assert!(outcome.is_approved(), "{outcome:?}");
    soon(control.remove()).await.unwrap();
    soon(reader.await_removal()).await.unwrap();
}

#[tokio::test]
async fn pulled_out_of_a_reader_of_pcscd() {
    let service = Service::start();
    let mut reader = service.open().await;
    for at in [1, 5, 12] {
        let control = slot();
        insert(&control, CardProfile::unionpay_debit().with_fault(Fault::RemovedAt(at))).await;
        match transact(&mut reader).await {
            Err(EmvError::Device(error)) => {
                assert_eq!(error.kind(), DeviceErrorKind::CardRemoved, "{at}: {error}");
            }
            other => panic!("{at}: {other:?}"),
        }
        soon(reader.await_removal()).await.unwrap();
    }
}
