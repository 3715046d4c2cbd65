//! What both drivers have to do with the same module, chips and faults.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::time::Duration;

use countertop_device::{ContactlessReader as _, ContactlessTarget};
use countertop_nfc::NfcReader;
use countertop_virtual::pn532::{
    Pn532Control, Pn532Fault, Target, TargetFault, Type2Model, Type2Tag,
};
use countertop_wire::ndef::{Message, Record};
use tokio::time::{sleep, timeout};

use crate::LIMIT;

/// The UID of the cards that are put.
pub(crate) const CARD: [u8; 4] = [0x08, 0xa1, 0xb2, 0xc3];
pub(crate) const TAG: [u8; 7] = [0x04, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66];

pub(crate) fn message() -> Message {
    Message::new(vec![Record::uri("https://example.com/table/7"), Record::text("zh", "谢谢")])
}

pub(crate) fn ntag() -> Target {
    Target::type2(Type2Tag::new(Type2Model::Ntag213, TAG).with_ndef(&message().encode()))
}

pub(crate) async fn await_target(reader: &mut NfcReader) -> ContactlessTarget {
    timeout(LIMIT, reader.await_target()).await.unwrap().unwrap()
}

/// Two cards are told from one, whatever the second is; each of them answers when it is alone.
pub(crate) async fn tells_a_second_card(
    reader: &mut NfcReader,
    control: &Pn532Control,
    card: impl Fn([u8; 4]) -> Target,
) {
    const OTHER: [u8; 4] = [0x08, 0x01, 0x02, 0x03];
    for round in 0..3 {
        let (first, second) = (control.put(card(CARD)), control.put(card(OTHER)));
        let both = await_target(reader).await;
        assert!(both.collision, "{round}: {both:?}");
        // Whoever wants to may still talk to it.
        let mut session = reader.connect().await.unwrap();
        assert!(session.transmit(&[0, 0xa4, 4, 0, 0]).await.is_ok());
        drop(session);
        control.take(first);
        let alone = await_target(reader).await;
        assert_eq!((alone.uid.as_slice(), alone.collision), (&OTHER[..], false), "{round}");
        control.take(second);
    }
    // A tag beside the card is a card that answers, too. A tag is not in a protocol, and is not asked.
    control.put(ntag());
    let tag = await_target(reader).await;
    assert_eq!((tag.uid.as_slice(), tag.collision), (&TAG[..], false));
    control.put(card(CARD));
    let either = await_target(reader).await;
    assert_eq!(either.collision, either.uid == CARD, "{either:?}");
    control.clear();
}

/// A card that has sent its ATS is in its protocol and hears no request, whoever has not heard the ATS.
pub(crate) async fn finds_unheard(reader: &mut NfcReader, control: &Pn532Control, card: Target) {
    control.put(card.with_fault(TargetFault::Unheard(1)));
    assert_eq!(await_target(reader).await.uid, CARD);
}

/// The chip has selected the card, and the word of it is lost on the line.
pub(crate) async fn finds_disturbed(
    reader: &mut NfcReader,
    control: &Pn532Control,
    card: impl Fn() -> Target,
) {
    for fault in [Pn532Fault::NoResponse, Pn532Fault::BadChecksum] {
        let disturbed = async {
            until_pause(control).await;
            let id = control.put(card());
            control.inject(fault);
            id
        };
        let (target, id) = tokio::join!(await_target(reader), disturbed);
        assert_eq!(target.uid, CARD, "{fault:?}");
        control.take(id);
    }
}

/// The line fails at each of `commands` with which the card is found and a second one is looked for.
pub(crate) async fn finds_disturbed_at_each_command(
    reader: &mut NfcReader,
    control: &Pn532Control,
    card: impl Fn() -> Target,
    commands: u64,
) {
    for at in 0..commands {
        let disturbed = async {
            until_pause(control).await;
            control.put(card());
            let before = control.commands();
            while control.commands() < before + at {
                sleep(Duration::from_micros(50)).await;
            }
            control.inject(Pn532Fault::NoResponse);
        };
        let (target, injected) = tokio::join!(await_target(reader), async {
            timeout(Duration::from_secs(2), disturbed).await
        });
        assert_eq!((target.uid.as_slice(), target.collision), (&CARD[..], false), "{at}");
        assert!(injected.is_ok(), "{at}: nobody has asked for so much");
        control.clear();
        control.heal();
    }
}

/// Waits until the reader pauses between two rounds of searches: the next command is a search of type A.
async fn until_pause(control: &Pn532Control) {
    let (mut before, mut same) = (0, 0);
    while before == 0 || same < 5 {
        sleep(Duration::from_millis(10)).await;
        let now = control.commands();
        same = if now == before { same + 1 } else { 0 };
        before = now;
    }
}
