use super::*;

const TDES: [u8; 16] = [
    0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 0xfe, 0xdc, 0xba, 0x98, 0x76, 0x54, 0x32, 0x10,
];

fn double() -> DesKey {
    DesKey::new(&TDES).unwrap()
}

fn single() -> DesKey {
    DesKey::new(&TDES[..8]).unwrap()
}

fn pin(digits: &[u8]) -> Pin {
    Pin::new(digits).unwrap()
}

/// Agrees with openssl.
#[test]
fn block_of_a_card_number_that_is_all_zeros_in_its_field() {
    let pan = b"6200000000000000005";
    let block = encode_format0(&pin(b"123456"), pan).unwrap();
    assert_eq!(*block, [0x06, 0x12, 0x34, 0x56, 0xff, 0xff, 0xff, 0xff]);
    assert_eq!(double().encrypt_block(*block), [0x43, 0xe9, 0x45, 0x58, 0x8e, 0xd5, 0x66, 0xd9]);
    assert_eq!(decode_format0(&block, pan).unwrap(), pin(b"123456"));
}

/// The example that most textbooks give: PIN 1234, card number 43219876543210987.
#[test]
fn block_of_the_textbooks() {
    let block = encode_format0(&pin(b"1234"), b"43219876543210987").unwrap();
    assert_eq!(*block, [0x04, 0x12, 0xac, 0x89, 0xab, 0xcd, 0xef, 0x67]);
}

#[test]
fn all_lengths_round_trip() {
    for len in 4..=12 {
        let pin = pin(&b"123456789012"[..len]);
        for pan in [b"6200000000000005".as_slice(), b"4111111111111111", b"12345678", b""] {
            let block = encode_format0(&pin, pan).unwrap();
            assert_eq!(decode_format0(&block, pan).unwrap(), pin);
        }
    }
}

#[test]
fn errors_are_typed() {
    assert_eq!(Pin::new(b"123"), Err(PinBlockError::Length));
    assert_eq!(Pin::new(b"1234567890123"), Err(PinBlockError::Length));
    assert_eq!(Pin::new(b"12a4"), Err(PinBlockError::Digits));
    assert_eq!(encode_format0(&pin(b"1234"), b"62x"), Err(PinBlockError::Pan));
    let decode = |block| decode_format0(&block, b"0000000000000000");
    assert_eq!(
        decode([0x14, 0x12, 0x34, 0xff, 0xff, 0xff, 0xff, 0xff]),
        Err(PinBlockError::Format)
    );
    assert_eq!(
        decode([0x0f, 0x12, 0x34, 0xff, 0xff, 0xff, 0xff, 0xff]),
        Err(PinBlockError::Length)
    );
    assert_eq!(
        decode([0x03, 0x12, 0x3f, 0xff, 0xff, 0xff, 0xff, 0xff]),
        Err(PinBlockError::Length)
    );
    assert_eq!(decode([0x04, 0x12, 0x34, 0xff, 0xff, 0xff, 0xff, 0xf0]), Err(PinBlockError::Fill));
    assert_eq!(
        decode([0x04, 0x12, 0x3a, 0xff, 0xff, 0xff, 0xff, 0xff]),
        Err(PinBlockError::Digits)
    );
    assert_eq!(DesKey::new(&[0; 7]), Err(PinBlockError::KeyLength));
    assert_eq!(double().unwrap_key(&[0; 12]), Err(PinBlockError::KeyLength));
    assert_eq!(double().unwrap_key(&[]), Err(PinBlockError::KeyLength));
}

#[test]
fn another_card_number_gives_no_pin_or_another() {
    let block = encode_format0(&pin(b"1234"), b"4111111111111111").unwrap();
    assert!(decode_format0(&block, b"6200000000000005").is_err());
}

/// Check values of the two keys, well known from key ceremonies with them.
#[test]
fn check_values() {
    assert_eq!(single().check_value()[..4], [0xd5, 0xd4, 0x4f, 0xf7]);
    assert_eq!(double().check_value()[..3], [0x08, 0xd7, 0xb4]);
    assert!(double().is_double() && !single().is_double());
}

#[test]
fn keys_wrap_and_unwrap() {
    for key in [single(), double()] {
        let wrapped = double().wrap_key(&key);
        assert_eq!(double().unwrap_key(&wrapped), Ok(key));
    }
}

/// FIPS 113, appendix 2: the MAC of "7654321 Now is the time for " under 0123456789ABCDEF.
#[test]
fn mac_of_fips_113() {
    let mac = single().cbc_mac(b"7654321 Now is the time for ");
    assert_eq!(mac[..4], [0xf1, 0xd3, 0x0f, 0x68]);
    assert_eq!(single().retail_mac(b"7654321 Now is the time for "), mac);
}

/// Of one block, the retail MAC is the block under triple DES.
#[test]
fn retail_mac_of_one_block_is_triple_des() {
    let block = *b"ABCDEFGH";
    assert_eq!(double().retail_mac(&block), double().encrypt_block(block));
    assert_ne!(double().retail_mac(b"ABCDEFGHI"), double().cbc_mac(b"ABCDEFGHI"));
}

#[test]
fn enciphered_pin_data() {
    let challenge = [0xfa, 0x64, 0xb7, 0x7c, 0xfc, 0x70, 0x65, 0xdd];
    let data = encipherment_data(&pin(b"1234"), challenge, 20, &[1, 2, 3]).unwrap();
    let mut expected = vec![0x7f, 0x24, 0x12, 0x34, 0xff, 0xff, 0xff, 0xff, 0xff];
    expected.extend(challenge);
    expected.extend([1, 2, 3]);
    assert_eq!(*data, expected);
    let refused = encipherment_data(&pin(b"1234"), challenge, 16, &[]);
    assert_eq!(refused, Err(PinBlockError::Modulus));
    let refused = encipherment_data(&pin(b"1234"), challenge, 20, &[1]);
    assert_eq!(refused, Err(PinBlockError::Modulus));
}

#[test]
fn debug_shows_no_secret() {
    assert_eq!(format!("{:?} {:?}", pin(b"1234"), double()), "Pin(..) DesKey(16 bytes)");
}
