//! Driver `visa-pinpad` against the virtual PIN pad and against strangers.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use core::time::Duration;

use countertop_device::{
    Attention, Currency, Device as _, DeviceErrorKind, Driver as _, Health, HealthLevel, KeyUsage,
    Money, OfflinePinRequest, PinBlockFormat, PinEntry, PinPad, PinRequest, Selector, Sensitive,
    Settings, WrappedKey,
};
use countertop_input::pinpad::{VisaPinPad, VisaPinPadDriver};
use countertop_transport::{BoxLink, FaultInjector, FaultPlan, memory};
use countertop_virtual::pinpad::{PinPadConfig, PinPadControl, TEST_MASTER_KEY, VirtualPinPad};
use countertop_virtual::pty::Pty;
use countertop_wire::pin_block::{DesKey, decode_format0};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::time::timeout;

const PAN: &[u8] = b"6200000000000005";
const PIN_KEY: [u8; 16] = [0x31; 16];
const MAC_KEY: [u8; 8] = [0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef];

fn selector() -> Selector {
    Selector::Virtual("pinpad".into())
}

fn settings() -> Settings {
    Settings::new().with("quiet_ms", 20).with("exchange_ms", 500)
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
        timeout: Duration::from_secs(40),
    }
}

fn device() -> (BoxLink, PinPadControl) {
    let (pad, control) = VirtualPinPad::new(PinPadConfig::default()).unwrap();
    let (host, device) = memory::pair();
    tokio::spawn(pad.serve(device));
    (host, control)
}

async fn open() -> (VisaPinPad, PinPadControl) {
    let (link, control) = device();
    (VisaPinPad::new(link, selector(), &settings()).await.unwrap(), control)
}

async fn open_with_keys() -> (VisaPinPad, PinPadControl) {
    let (mut pad, control) = open().await;
    load_keys(&mut pad).await;
    (pad, control)
}

async fn load_keys(pad: &mut dyn PinPad) {
    assert!(pad.update_key(KeyUsage::Pin, &wrap(&PIN_KEY)).await.unwrap());
    assert!(pad.update_key(KeyUsage::Mac, &wrap(&MAC_KEY)).await.unwrap());
}

fn assert_pin(entry: PinEntry, digits: &[u8]) {
    let PinEntry::Entered(block) = entry else { panic!("{entry:?}") };
    let key = DesKey::new(&PIN_KEY).unwrap();
    let block = key.decrypt_block(block.expose().try_into().unwrap());
    assert_eq!(decode_format0(&block, PAN).unwrap().expose(), digits);
}

#[tokio::test]
async fn says_who_it_is() {
    let (pad, _control) = open().await;
    let capabilities = pad.capabilities();
    assert_eq!(capabilities.serial_number, "VIRTUAL00001");
    assert!(capabilities.test_keys_only && capabilities.offline_enciphered_pin);
    assert_eq!(pad.info().driver, "visa-pinpad");
}

#[tokio::test]
async fn a_pin_comes_as_a_block() {
    let (mut pad, mut control) = open_with_keys().await;
    for digits in ["1234", "123456"] {
        let hand = async {
            let screen = control.prompted().await.unwrap();
            assert_eq!(screen.lines, ["CNY 12.34", "ENTER PIN"]);
            control.type_pin(digits);
        };
        let request = request();
        let (entry, ()) = tokio::join!(pad.encrypt_pin(&request), hand);
        assert_pin(entry.unwrap(), digits.as_bytes());
    }
}

#[tokio::test]
async fn works_byte_by_byte() {
    let (link, control) = device();
    let plan = FaultPlan { chop: true, ..FaultPlan::none(1) };
    let link = Box::new(FaultInjector::new(link, plan));
    let mut pad = VisaPinPad::new(link, selector(), &settings()).await.unwrap();
    load_keys(&mut pad).await;
    control.type_pin("1234");
    assert_pin(pad.encrypt_pin(&request()).await.unwrap(), b"1234");
}

#[tokio::test]
async fn bypass_and_cancel() {
    let (mut pad, control) = open_with_keys().await;
    control.press_enter();
    assert_eq!(pad.encrypt_pin(&request()).await.unwrap(), PinEntry::Bypassed);
    control.press_cancel();
    assert_eq!(pad.encrypt_pin(&request()).await.unwrap(), PinEntry::Cancelled);
}

#[tokio::test(start_paused = true)]
async fn nobody_types() {
    let (mut pad, control) = open_with_keys().await;
    for seconds in [40, 300] {
        let request = PinRequest { timeout: Duration::from_secs(seconds), ..request() };
        assert_eq!(pad.encrypt_pin(&request).await.unwrap(), PinEntry::TimedOut);
        assert!(!control.screen().prompting);
    }
    control.type_pin("1234");
    assert_pin(pad.encrypt_pin(&request()).await.unwrap(), b"1234");
}

#[tokio::test]
async fn a_dropped_prompt_is_ended_by_the_next_call() {
    let (mut pad, mut control) = open_with_keys().await;
    let request = request();
    tokio::select! {
        entry = pad.encrypt_pin(&request) => panic!("{entry:?}"),
        screen = control.prompted() => assert!(screen.is_some()),
    }
    assert!(control.screen().prompting);
    let mac = pad.compute_mac(b"12345678").await.unwrap();
    assert_eq!(mac, DesKey::new(&MAC_KEY).unwrap().cbc_mac(b"12345678"));
    assert!(!control.screen().prompting);
}

#[tokio::test]
async fn keys_are_taken_only_with_their_check_value() {
    let (mut pad, control) = open_with_keys().await;
    let mut wrong = wrap(&[0x55; 16]);
    wrong.check_value[0] ^= 1;
    assert!(!pad.update_key(KeyUsage::Pin, &wrong).await.unwrap());
    // The old key stays.
    control.type_pin("1234");
    assert_pin(pad.encrypt_pin(&request()).await.unwrap(), b"1234");
    let short = WrappedKey { cryptogram: vec![0; 7], check_value: vec![0; 4] };
    let error = pad.update_key(KeyUsage::Pin, &short).await.unwrap_err();
    assert_eq!(error.kind(), DeviceErrorKind::InvalidInput);
}

#[tokio::test]
async fn without_keys_nothing_is_asked() {
    let (mut pad, _control) = open().await;
    let missing = DeviceErrorKind::NeedsAttention(Attention::KeysMissing);
    assert_eq!(pad.encrypt_pin(&request()).await.unwrap_err().kind(), missing);
    assert_eq!(pad.compute_mac(b"1").await.unwrap_err().kind(), missing);
}

#[tokio::test]
async fn an_empty_key_slot_is_told() {
    let (link, _control) = device();
    let settings = settings().with("master_key", 3);
    let mut pad = VisaPinPad::new(link, selector(), &settings).await.unwrap();
    let error = pad.update_key(KeyUsage::Pin, &wrap(&PIN_KEY)).await.unwrap_err();
    assert_eq!(error.kind(), DeviceErrorKind::NeedsAttention(Attention::KeysMissing));
    assert!(error.help().unwrap().contains("load the terminal's keys"));
    let report = pad.check_health(HealthLevel::Internal).await.unwrap();
    assert_eq!((report.health, report.text.as_str()), (Health::Bad, "master key 3 not loaded"));
}

#[tokio::test]
async fn macs_of_all_lengths() {
    let (mut pad, _control) = open().await;
    for key in [&MAC_KEY[..], &TEST_MASTER_KEY] {
        pad.update_key(KeyUsage::Mac, &wrap(key)).await.unwrap();
        let key = DesKey::new(key).unwrap();
        for len in [1, 8, 9, 112, 113, 300] {
            let data: Vec<u8> = (0..len).map(|byte| u8::try_from(byte % 251).unwrap()).collect();
            assert_eq!(pad.compute_mac(&data).await.unwrap(), key.cbc_mac(&data), "{len}");
        }
    }
    let error = pad.compute_mac(b"").await.unwrap_err();
    assert_eq!(error.kind(), DeviceErrorKind::InvalidInput);
}

/// The MAC of UnionPay hosts ("UnionPay ECB"): the blocks are folded into one, whose upper-case
/// hexadecimal text is what the PIN pad authenticates; the MAC's text is cut to eight characters.
#[tokio::test]
async fn mac_of_unionpay_hosts() {
    let mab: Vec<u8> = (0x01..=0x3b).collect();
    let mut folded = [0u8; 8];
    for (place, byte) in mab.iter().enumerate() {
        folded[place % 8] ^= byte;
    }
    let text: String = folded.iter().map(|byte| format!("{byte:02X}")).collect();
    let (mut pad, _control) = open().await;
    for (key, expected) in [(&MAC_KEY[..], "E460052A"), (&TEST_MASTER_KEY, "2C591BD6")] {
        pad.update_key(KeyUsage::Mac, &wrap(key)).await.unwrap();
        let mac = pad.compute_mac(text.as_bytes()).await.unwrap();
        let mac: String = mac[..4].iter().map(|byte| format!("{byte:02X}")).collect();
        assert_eq!(mac, expected);
    }
}

#[tokio::test]
async fn an_offline_pin_is_as_long_as_the_modulus() {
    let (mut pad, mut control) = open().await;
    let request = OfflinePinRequest {
        modulus: vec![0xc3; 128],
        exponent: vec![3],
        challenge: [1; 8],
        amount: Money::from_minor(1, Currency::CNY),
        timeout: Duration::from_secs(30),
    };
    let hand = async {
        assert_eq!(control.prompted().await.unwrap().lines[0], "CNY 0.01");
        control.type_pin("1234");
    };
    let (entry, ()) = tokio::join!(pad.encipher_offline_pin(&request), hand);
    let PinEntry::Entered(data) = entry.unwrap() else { panic!("no PIN") };
    assert_eq!(data.len(), 128);
    control.press_enter();
    assert_eq!(pad.encipher_offline_pin(&request).await.unwrap(), PinEntry::Bypassed);
    control.press_cancel();
    assert_eq!(pad.encipher_offline_pin(&request).await.unwrap(), PinEntry::Cancelled);
    control.type_pin("1234");
    let weak = OfflinePinRequest { modulus: vec![1; 128], ..request };
    let error = pad.encipher_offline_pin(&weak).await.unwrap_err();
    assert_eq!(error.kind(), DeviceErrorKind::InvalidInput);
}

#[tokio::test]
async fn a_pad_with_its_own_prompts() {
    let (link, mut control) = device();
    let settings = settings().with("pin_request", "70");
    let mut pad = VisaPinPad::new(link, selector(), &settings).await.unwrap();
    load_keys(&mut pad).await;
    let hand = async {
        assert_eq!(control.prompted().await.unwrap().lines[1], "$12.34");
        control.type_pin("123456");
    };
    let request = request();
    let (entry, ()) = tokio::join!(pad.encrypt_pin(&request), hand);
    assert_pin(entry.unwrap(), b"123456");
}

#[tokio::test]
async fn shows_text() {
    let (mut pad, mut control) = open().await;
    for (lines, shown) in [
        (&["WELCOME"][..], &["WELCOME"][..]),
        (&["THANK YOU", "A VERY LONG SECOND LINE"], &["THANK YOU", "A VERY LONG SECO"]),
        (&[], &["TEST PIN PAD"]),
    ] {
        pad.display(lines).await.unwrap();
        assert!(control.shows(|screen| screen.lines == shown).await.is_some());
    }
    let error = pad.display(&["付款"]).await.unwrap_err();
    assert_eq!(error.kind(), DeviceErrorKind::InvalidInput);
    assert!(error.to_string().contains("printable ASCII"), "{error}");
}

#[tokio::test]
async fn limits_are_checked() {
    let (mut pad, _control) = open_with_keys().await;
    for wrong in [
        PinRequest { min_length: 3, ..request() },
        PinRequest { max_length: 13, ..request() },
        PinRequest { min_length: 8, ..request() },
        PinRequest { pan: Sensitive::from(b"62x0000000000005".as_slice()), ..request() },
    ] {
        let error = pad.encrypt_pin(&wrong).await.unwrap_err();
        assert_eq!(error.kind(), DeviceErrorKind::InvalidInput);
    }
}

#[tokio::test]
async fn healthy_at_all_levels() {
    let (mut pad, _control) = open().await;
    for level in [HealthLevel::Internal, HealthLevel::External, HealthLevel::Interactive] {
        assert_eq!(pad.check_health(level).await.unwrap().health, Health::Good);
    }
}

#[tokio::test(start_paused = true)]
async fn silence_times_out() {
    let (link, _device) = memory::pair();
    let error = VisaPinPad::new(link, selector(), &settings()).await.unwrap_err();
    assert_eq!(error.kind(), DeviceErrorKind::TimedOut);
    assert_eq!(error.action(), "read serial number");
}

/// Damage on the line costs repetitions, never a wrong answer.
#[tokio::test(start_paused = true)]
async fn a_noisy_line_gives_good_answers_or_errors() {
    let expected = DesKey::new(&MAC_KEY).unwrap().cbc_mac(&[7; 64]);
    let mut good = 0;
    for seed in 0..40 {
        let (link, _control) = device();
        let plan = FaultPlan { drop_per_mille: 3, corrupt_per_mille: 3, ..FaultPlan::none(seed) };
        let link = Box::new(FaultInjector::new(link, plan));
        let Ok(mut pad) = VisaPinPad::new(link, selector(), &settings()).await else { continue };
        if !pad.update_key(KeyUsage::Mac, &wrap(&MAC_KEY)).await.unwrap_or(false) {
            continue;
        }
        for _ in 0..10 {
            if let Ok(mac) = pad.compute_mac(&[7; 64]).await {
                assert_eq!(mac, expected, "seed {seed}");
                good += 1;
            }
        }
    }
    assert!(good > 300, "{good} of 400");
}

/// A PIN pad that knows no 1C, answers 08 with a packet and leaves out EOT.
#[tokio::test(start_paused = true)]
async fn a_stranger_with_other_habits() {
    let (link, mut device) = memory::pair();
    let stranger = async move {
        let mut chunk = [0; 512];
        while let Ok(count @ 1..) = device.read(&mut chunk).await {
            // Acknowledgements come together with the next packet.
            let start = chunk[..count].iter().position(|byte| ![0x04, 0x06].contains(byte));
            let answer: &[u8] = match &chunk[start.unwrap_or(count)..count] {
                [] => b"",
                [0x02, b'7', b'2', ..] => b"\x06",
                [0x0f, b'0', b'6', ..] => b"\x06\x0f06000000000000\x0e\x08",
                [0x0f, b'0', b'8', ..] => b"\x06\x0f080\x0e\x36",
                [0x02, b'Z', b'6', b'6', ..] => b"\x06\x02Z670D5D44FF7D5D44FF7\x03\x68",
                [0x02, b'Z', b'6', b'2', ..] => b"\x06\x02719\x03\x3c",
                _ => b"\x06",
            };
            device.write_all(answer).await.unwrap();
        }
    };
    tokio::spawn(stranger);
    let mut pad = VisaPinPad::new(link, selector(), &settings()).await.unwrap();
    assert_eq!(pad.capabilities().serial_number, "");
    assert!(!pad.capabilities().test_keys_only);
    let key = WrappedKey { cryptogram: vec![1; 8], check_value: vec![0xd5, 0xd4, 0x4f] };
    assert!(pad.update_key(KeyUsage::Pin, &key).await.unwrap());
    let error = pad.encrypt_pin(&request()).await.unwrap_err();
    assert_eq!(error.kind(), DeviceErrorKind::NeedsAttention(Attention::KeysMissing));
    assert!(error.to_string().ends_with("(no PIN: master key not loaded)"), "{error}");
}

#[tokio::test]
async fn opens_over_a_pty_by_selector() {
    let pty = Pty::open(None).unwrap();
    let selector: Selector = format!("serial:{}", pty.path().display()).parse().unwrap();
    let (virtual_pad, control) = VirtualPinPad::new(PinPadConfig::default()).unwrap();
    tokio::spawn(virtual_pad.serve(pty));
    let settings = settings();
    let opening = VisaPinPadDriver.open(&selector, &settings);
    let functions = timeout(Duration::from_secs(10), opening).await.unwrap().unwrap();
    let mut pad = functions.pin_pad.unwrap();
    load_keys(&mut *pad).await;
    control.type_pin("1234");
    assert_pin(pad.encrypt_pin(&request()).await.unwrap(), b"1234");
}
