//! Whatever comes, the card answers with a status word.

use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any, prop_oneof, proptest};

use super::*;

fn conversation() -> Vec<CommandApdu> {
    vec![
        select(*b"1PAY.SYS.DDF01"),
        read_record(1, 1),
        select(AID),
        processing_options(&PDOL_DATA),
        read_record(2, 1),
        get_data(tags::PIN_TRY_COUNTER),
        verify(&[0x26, 0x12, 0x34, 0x56, 0xff, 0xff, 0xff, 0xff]),
        generate_ac(CryptogramKind::Arqc, &CDOL1_DATA),
        external_authenticate(&[0; 10]),
        generate_ac(CryptogramKind::Tc, &cdol2_data(*b"00")),
    ]
}

#[test]
fn every_truncation_of_every_command() {
    for command in conversation() {
        let bytes = command.to_bytes();
        for length in 0..bytes.len() {
            let mut card = card();
            initiate(&mut card);
            let answer = ResponseApdu::parse(&card.transmit(&bytes[..length])).unwrap();
            if length < 4 {
                assert_eq!(answer.status(), StatusWord::WRONG_LENGTH);
            }
        }
    }
}

/// Mostly headers that the card knows, with any data.
fn any_command() -> impl Strategy<Value = Vec<u8>> {
    let instruction = prop_oneof![
        Just(0x20),
        Just(0x82),
        Just(0x84),
        Just(0x88),
        Just(0xa4),
        Just(0xa8),
        Just(0xae),
        Just(0xb2),
        Just(0xca),
        any::<u8>(),
    ];
    let class = prop_oneof![Just(0x00), Just(0x80), any::<u8>()];
    let header = (class, instruction, any::<u8>(), any::<u8>());
    (header, vec(any::<u8>(), 0..40)).prop_map(|((class, instruction, p1, p2), data)| {
        CommandApdu::new(class, instruction, p1, p2).with_data(data).expecting(256).to_bytes()
    })
}

proptest! {
    #[test]
    fn any_bytes(bytes in vec(any::<u8>(), 0..300), contactless in any::<bool>()) {
        let interface = if contactless { Interface::Contactless } else { Interface::Contact };
        let mut card = card().on(interface);
        assert!(card.transmit(&bytes).len() >= 2);
    }

    #[test]
    fn any_commands_in_any_state(
        before in 0..11usize,
        commands in vec(any_command(), 1..8),
    ) {
        let mut card = card();
        for command in conversation().iter().take(before) {
            card.transmit(&command.to_bytes());
        }
        for command in commands {
            let answer = card.transmit(&command);
            assert!((2..=258).contains(&answer.len()));
        }
    }
}
