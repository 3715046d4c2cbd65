//! PINs typed at the reader.

use countertop_wire::ccid::{CardData, PinVerification, Response};
use countertop_wire::pcsc_part10::{EntryValidation, PinFormat};
use countertop_wire::t1::{Block, Pcb};

use super::*;
use crate::ccid::key_pad;

/// VERIFY as a card hears it.
const VERIFY: [u8; 13] =
    [0x00, 0x20, 0x00, 0x80, 0x08, 0x24, 0x12, 0x34, 0xff, 0xff, 0xff, 0xff, 0xff];

fn verification() -> PinVerification {
    let block = [0x20, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
    PinVerification {
        timeout: 1,
        format: PinFormat::EMV,
        validation: EntryValidation::KEY,
        messages: 1,
        language: 0x0409,
        message_index: 0,
        prologue: [0x00, 0x00, 13],
        command: [&VERIFY[..5], &block].concat().into(),
    }
}

fn secure(content: impl Into<CardData>) -> CommandBody {
    CommandBody::Secure { waiting: 0, level: 0, data: content.into() }
}

/// Takes the right PIN alone.
fn card(answer_to_reset: &[u8]) -> FunctionCard<impl FnMut(&[u8]) -> Vec<u8> + Send + 'static> {
    FunctionCard::new(answer_to_reset, |command: &[u8]| {
        if command == VERIFY { vec![0x90, 0x00] } else { vec![0x63, 0xc2] }
    })
}

fn desk(exchange: Exchange, answer_to_reset: &[u8]) -> Desk {
    let mut desk = Desk::of(&CcidConfig::default().with_exchange(exchange).with_key_pad());
    desk.shared.lock().replace(Some(Box::new(card(answer_to_reset))));
    desk.answer(CommandBody::IccPowerOn(PowerSelect::Automatic));
    desk
}

impl Desk {
    fn typed(&self, verification: &PinVerification, pin: &[u8]) -> Outcome {
        let message = Command::new(0, self.sequence, secure(verification.encode())).encode();
        let header = Header::decode(&message).unwrap();
        let Outcome::Pin(asked) = self.raw(&message) else { panic!("it is not asked for") };
        assert_eq!(asked, *verification);
        key_pad::verify(&self.shared, &header, &asked, &pin.to_vec().into())
    }
}

fn card_says(outcome: Outcome) -> Vec<u8> {
    match outcome {
        Outcome::Card(reaction) => reaction.answer.unwrap(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_card_hears_a_block_of_format_2_at_each_level() {
    for (exchange, answer_to_reset) in [
        (Exchange::Tpdu, &ATR_T0[..]),
        (Exchange::ShortApdu, &ATR_T0),
        (Exchange::ShortApdu, &ATR_T1),
        (Exchange::ExtendedApdu, &ATR_T1),
    ] {
        let desk = desk(exchange, answer_to_reset);
        assert_eq!(card_says(desk.typed(&verification(), b"1234")), [0x90, 0x00]);
        assert_eq!(card_says(desk.typed(&verification(), b"1235")), [0x63, 0xc2]);
    }
}

#[test]
fn at_tpdu_level_the_reader_makes_the_block_of_t1() {
    let desk = desk(Exchange::Tpdu, &ATR_T1);
    let answer = Block::decode(&card_says(desk.typed(&verification(), b"1234"))).unwrap();
    assert!(matches!(answer.pcb, Pcb::Information { .. }));
    assert_eq!(*answer.information, [0x90, 0x00]);
}

#[test]
fn a_pin_of_another_length_never_comes_to_the_card() {
    let desk = desk(Exchange::ShortApdu, &ATR_T1);
    let blocks = *desk.shared.blocks.borrow();
    for pin in [&b""[..], b"123", b"1234567890123"] {
        match desk.typed(&verification(), pin) {
            Outcome::Answer(Response { body: ResponseBody::DataBlock { data, .. }, .. }) => {
                assert_eq!(*data, [0x64, 0x03]);
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(*desk.shared.blocks.borrow(), blocks);
}

#[test]
fn what_is_no_verification_is_refused() {
    let mut plain = Desk::with_card(Exchange::ShortApdu, card(&ATR_T1));
    let content = verification().encode();
    let (_, error) = refused(plain.run(secure(content.clone())));
    assert_eq!(error, SlotError::COMMAND_NOT_SUPPORTED);
    let mut desk = desk(Exchange::ShortApdu, &ATR_T1);
    let modification = [&[0x01], &content[1..]].concat();
    assert_eq!(refused(desk.run(secure(modification))).1, SlotError(10));
    assert_eq!(refused(desk.run(secure(&content[..14]))).1, SlotError::BAD_LENGTH);
    let mut short = verification();
    short.command = VERIFY[..8].into();
    assert_eq!(refused(desk.typed(&short, b"1234567890")).1, SlotError(12));
    desk.answer(CommandBody::IccPowerOff);
    assert_eq!(refused(desk.run(secure(content))).1, SlotError::ICC_MUTE);
}

/// On the bus, where the reader waits for a person.
mod asked {
    use super::super::bus::Host;
    use super::*;

    async fn host() -> Host {
        let config = CcidConfig::default().with_exchange(Exchange::ShortApdu).with_key_pad();
        let mut host = Host::of(config).await;
        host.insert(card(&ATR_T1)).await;
        host.run(CommandBody::IccPowerOn(PowerSelect::Automatic)).await;
        host
    }

    fn limited(seconds: u8) -> CommandBody {
        secure(PinVerification { timeout: seconds, ..verification() }.encode())
    }

    fn failed(error: SlotError) -> CommandStatus {
        CommandStatus::Failed(error)
    }

    #[tokio::test]
    async fn a_pin_a_cancel_and_silence() {
        let mut host = host().await;
        // What is typed before is no PIN.
        host.control.type_pin(b"9999");
        host.send(limited(60)).await;
        host.control.until_pins_asked(1).await;
        host.control.type_pin(b"1234");
        let response = host.response().await;
        assert_eq!(response.body, ResponseBody::data(&[0x90, 0x00][..]));
        host.send(limited(60)).await;
        host.control.until_pins_asked(2).await;
        host.control.press_cancel();
        assert_eq!(host.response().await.status.command, failed(SlotError::PIN_CANCELLED));
        host.send(limited(1)).await;
        assert_eq!(host.response().await.status.command, failed(SlotError::PIN_TIMEOUT));
    }

    #[tokio::test]
    async fn a_card_that_is_pulled_ends_the_asking() {
        let mut host = host().await;
        host.send(limited(60)).await;
        host.control.until_pins_asked(1).await;
        host.control.remove();
        let status = host.response().await.status;
        let expected = SlotStatus { icc: IccStatus::Absent, command: failed(SlotError::ICC_MUTE) };
        assert_eq!(status, expected);
    }
}
