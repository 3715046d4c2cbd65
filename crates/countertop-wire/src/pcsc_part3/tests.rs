use proptest::collection::vec;
use proptest::prelude::{any, proptest};

use super::*;
use crate::apdu::CommandApdu;

/// The commands as the manual of the ACR122U prints them (version 2.04, chapter 5).
fn known() -> Vec<(StorageCommand, Vec<u8>)> {
    let key = [0xff; 6];
    vec![
        (StorageCommand::GetData(CardInformation::Uid), vec![0xff, 0xca, 0, 0, 0]),
        (StorageCommand::GetData(CardInformation::HistoricalBytes), vec![0xff, 0xca, 1, 0, 0]),
        (
            StorageCommand::LoadKey { persistent: false, number: 0, key: key.as_slice().into() },
            [&[0xff, 0x82, 0, 0, 6][..], &key].concat(),
        ),
        (
            StorageCommand::Authenticate { address: 4, key_type: KeyType::A, number: 0 },
            vec![0xff, 0x86, 0, 0, 5, 1, 0, 4, 0x60, 0],
        ),
        (StorageCommand::ReadBinary { address: 4, length: 16 }, vec![0xff, 0xb0, 0, 4, 16]),
        (
            StorageCommand::UpdateBinary { address: 5, data: vec![1, 2, 3, 4].into() },
            vec![0xff, 0xd6, 0, 5, 4, 1, 2, 3, 4],
        ),
    ]
}

#[test]
fn commands_both_ways() {
    for (command, bytes) in known() {
        assert_eq!(command.to_apdu().to_bytes(), bytes);
        let apdu = CommandApdu::parse(&bytes).unwrap();
        assert_eq!(StorageCommand::from_apdu(&apdu), Some(command));
    }
}

#[test]
fn what_is_none_of_them_is_refused() {
    for bytes in [
        &[0x00, 0xca, 0, 0, 0][..],
        &[0xff, 0xca, 2, 0, 0],
        &[0xff, 0x86, 0, 0, 5, 2, 0, 4, 0x60, 0],
        &[0xff, 0x86, 0, 0, 5, 1, 0, 4, 0x62, 0],
        &[0xff, 0x86, 0, 0, 4, 1, 0, 4, 0x60],
        &[0xff, 0x82, 0x40, 0, 1, 1],
        &[0xff, 0xb0, 0, 4],
        &[0xff, 0xd6, 0, 5],
    ] {
        let apdu = CommandApdu::parse(bytes).unwrap();
        assert_eq!(StorageCommand::from_apdu(&apdu), None, "{bytes:02x?}");
    }
}

#[test]
fn debug_shows_no_key() {
    let key = StorageCommand::LoadKey { persistent: true, number: 1, key: vec![0xa5; 6].into() };
    assert!(!format!("{key:?}").contains("165"));
}

proptest! {
    #[test]
    fn what_is_read_means_the_same_again(bytes in vec(any::<u8>(), 3..20)) {
        let bytes = [&[CLASS][..], &bytes].concat();
        if let Ok(apdu) = CommandApdu::parse(&bytes)
            && let Some(command) = StorageCommand::from_apdu(&apdu)
        {
            assert_eq!(StorageCommand::from_apdu(&command.to_apdu()), Some(command));
        }
    }
}
