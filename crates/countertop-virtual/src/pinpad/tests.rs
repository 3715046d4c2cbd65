use core::time::Duration;

use countertop_wire::pin_block::{DesKey, decode_format0};
use countertop_wire::pinpad::{
    ACK, EOT, Frame, FrameDecoder, FrameKind, MacRequest, MacResponse, MacStatus, NAK,
    PinEntryRequest, PinError, PinResponse, Request, Response, Token,
};
use tokio::io::DuplexStream;
use tokio::time::timeout;
use zeroize::Zeroizing;

use super::*;

const PAN: &[u8] = b"6200000000000005";

struct Host {
    line: DuplexStream,
    decoder: FrameDecoder,
}

impl Host {
    async fn send(&mut self, bytes: &[u8]) {
        self.line.write_all(bytes).await.unwrap();
    }

    async fn request(&mut self, request: &Request) {
        self.send(&request.encode().unwrap().encode()).await;
    }

    async fn token(&mut self) -> Token {
        loop {
            if let Some(token) = self.decoder.next_token() {
                return token;
            }
            let mut byte = [0];
            let read = self.line.read_exact(&mut byte);
            timeout(Duration::from_secs(3600), read).await.unwrap().unwrap();
            self.decoder.push(&byte);
        }
    }

    async fn response(&mut self) -> Response {
        match self.token().await {
            Token::Frame(frame) => Response::parse(&frame).unwrap(),
            token => panic!("{token:?}"),
        }
    }

    /// Sends a request, takes ACK and the answer, and acknowledges that.
    async fn exchange(&mut self, request: &Request) -> Response {
        self.request(request).await;
        assert_eq!(self.token().await, Token::Ack);
        let response = self.response().await;
        self.send(&[ACK]).await;
        response
    }
}

fn start() -> (Host, PinPadControl) {
    let (pad, control) = VirtualPinPad::new(PinPadConfig::default()).unwrap();
    let (line, device) = tokio::io::duplex(8192);
    tokio::spawn(pad.serve(device));
    (Host { line, decoder: FrameDecoder::new() }, control)
}

fn master() -> DesKey {
    DesKey::new(&TEST_MASTER_KEY).unwrap()
}

fn wrapped(byte: u8, len: usize) -> (DesKey, Vec<u8>) {
    let key = DesKey::new(&vec![byte; len]).unwrap();
    let cryptogram = master().wrap_key(&key);
    (key, cryptogram)
}

fn pin_entry(working_key: Vec<u8>, null_allowed: bool) -> Request {
    Request::PinEntry(PinEntryRequest {
        account: Zeroizing::new(PAN.to_vec()),
        working_key,
        min_length: 4,
        max_length: 6,
        null_allowed,
        prompt: "CNY 12.34".into(),
        second_prompt: "ENTER PIN".into(),
        processing_prompt: "PROCESSING".into(),
        half_minutes: Some(1),
    })
}

fn mac(working_key: &[u8], sequence: u8, last: bool, data: &[u8]) -> Request {
    Request::Mac(MacRequest {
        last,
        sequence,
        master_key: 0,
        working_key: working_key.to_vec(),
        data: data.to_vec(),
    })
}

#[test]
fn refuses_a_live_profile() {
    let error = VirtualPinPad::new(PinPadConfig::new(ProfileKind::Live)).unwrap_err();
    assert!(error.to_string().contains("test keys"), "{error}");
}

#[tokio::test]
async fn says_who_it_is() {
    let (mut host, _control) = start();
    let serial = host.exchange(&Request::SerialNumber).await;
    assert_eq!(serial, Response::SerialNumber("VIRTUAL00001".into()));
    assert_eq!(host.token().await, Token::Eot);
    let Response::Capabilities(names) = host.exchange(&Request::Capabilities).await else {
        panic!("no capabilities")
    };
    assert!(names.contains(&"TESTKEYS".to_string()));
    assert_eq!(host.token().await, Token::Eot);
    let loaded = host.exchange(&Request::CheckMasterKey(0)).await;
    assert_eq!(loaded, Response::MasterKey { loaded: true });
    assert_eq!(host.token().await, Token::Eot);
    let empty = host.exchange(&Request::CheckMasterKey(1)).await;
    assert_eq!(empty, Response::MasterKey { loaded: false });
}

#[tokio::test]
async fn encrypts_a_pin_that_the_host_can_verify() {
    let (mut host, mut control) = start();
    for len in [8, 16] {
        let (key, cryptogram) = wrapped(0x31 + u8::try_from(len).unwrap(), len);
        host.request(&pin_entry(cryptogram, true)).await;
        assert_eq!(host.token().await, Token::Ack);
        let screen = control.prompted().await.unwrap();
        assert_eq!(screen.lines, ["CNY 12.34", "ENTER PIN"]);
        control.press_digit(1);
        control.press_digit(2);
        assert!(control.shows(|screen| screen.stars == 2).await.is_some());
        control.press_clear();
        // Too short, then too long: the seventh digit is not taken.
        control.type_pin("123");
        control.type_pin("4567");
        let Response::Pin(PinResponse::Entered { length, block }) = host.response().await else {
            panic!("no PIN")
        };
        host.send(&[ACK]).await;
        let pin = decode_format0(&key.decrypt_block(*block), PAN).unwrap();
        assert_eq!((length, pin.expose()), (6, b"123456".as_slice()));
        assert_eq!(control.screen().lines, ["PROCESSING"]);
    }
}

#[tokio::test]
async fn takes_keys_that_were_typed_before() {
    let (mut host, control) = start();
    control.press_enter();
    control.press_cancel();
    let (_, cryptogram) = wrapped(0x42, 16);
    let response = host.exchange(&pin_entry(cryptogram.clone(), true)).await;
    assert_eq!(response, Response::Pin(PinResponse::Null));
    host.request(&pin_entry(cryptogram, true)).await;
    assert_eq!(host.token().await, Token::Ack);
    assert_eq!(host.token().await, Token::Eot);
}

#[tokio::test]
async fn a_null_pin_has_to_be_allowed() {
    let (mut host, mut control) = start();
    let (_, cryptogram) = wrapped(0x42, 16);
    host.request(&pin_entry(cryptogram, false)).await;
    assert_eq!(host.token().await, Token::Ack);
    control.press_enter();
    assert!(control.prompted().await.is_some());
    control.type_pin("1234");
    assert!(matches!(host.response().await, Response::Pin(PinResponse::Entered { .. })));
}

#[tokio::test(start_paused = true)]
async fn an_entry_runs_out_of_time() {
    let (mut host, _control) = start();
    let (_, cryptogram) = wrapped(0x42, 16);
    let started = Instant::now();
    host.request(&pin_entry(cryptogram, true)).await;
    assert_eq!(host.token().await, Token::Ack);
    assert_eq!(host.token().await, Token::Eot);
    assert_eq!(started.elapsed().as_secs(), 30);
}

#[tokio::test]
async fn cancellation_depends_on_what_it_interrupts() {
    let (mut host, mut control) = start();
    host.request(&Request::Cancel).await;
    assert_eq!(host.token().await, Token::Ack);
    let (_, cryptogram) = wrapped(0x42, 16);
    host.request(&pin_entry(cryptogram, true)).await;
    assert_eq!(host.token().await, Token::Ack);
    assert!(control.prompted().await.is_some());
    host.request(&Request::Cancel).await;
    assert_eq!(host.token().await, Token::Eot);
    assert!(control.shows(|screen| !screen.prompting).await.is_some());
}

#[tokio::test]
async fn the_mac_of_zeros_is_the_check_value() {
    let (mut host, _control) = start();
    for len in [8, 16] {
        let (key, cryptogram) = wrapped(0x17, len);
        let answer = host.exchange(&mac(&cryptogram, 0, true, &[0; 8])).await;
        assert_eq!(answer, Response::Mac(MacResponse::Mac(key.check_value())));
    }
}

#[tokio::test]
async fn macs_over_several_packets() {
    let (mut host, _control) = start();
    let data: Vec<u8> = (0..50).collect();
    for len in [8, 16] {
        let (key, cryptogram) = wrapped(0x17, len);
        let ready = Response::Mac(MacResponse::Status(MacStatus::Ready));
        assert_eq!(host.exchange(&mac(&cryptogram, 0, false, &data[..24])).await, ready);
        assert_eq!(host.exchange(&mac(&cryptogram, 1, false, &data[24..48])).await, ready);
        let answer = host.exchange(&mac(&cryptogram, 2, true, &data[48..])).await;
        assert_eq!(answer, Response::Mac(MacResponse::Mac(key.retail_mac(&data))));
    }
}

#[tokio::test]
async fn mac_errors_have_codes() {
    let (mut host, _control) = start();
    let (_, key) = wrapped(0x17, 16);
    let refused = |status| Response::Mac(MacResponse::Status(status));
    let answer = host.exchange(&mac(&key, 1, true, &[1; 8])).await;
    assert_eq!(answer, refused(MacStatus::Sequence));
    let answer = host.exchange(&mac(&key, 0, false, &[1; 7])).await;
    assert_eq!(answer, refused(MacStatus::Length));
    assert_eq!(host.exchange(&mac(&key, 0, true, &[])).await, refused(MacStatus::Length));
    let Request::Mac(mut other) = mac(&key, 0, true, &[1; 8]) else { panic!("no MAC request") };
    other.master_key = 5;
    let answer = host.exchange(&Request::Mac(other)).await;
    assert_eq!(answer, refused(MacStatus::NoMasterKey));
}

#[tokio::test]
async fn a_pin_key_makes_no_macs_and_the_reverse() {
    let (mut host, control) = start();
    let ((_, pin_key), (_, mac_key)) = (wrapped(0x21, 16), wrapped(0x22, 16));
    control.type_pin("1234");
    host.exchange(&pin_entry(pin_key.clone(), true)).await;
    let refused = Response::Mac(MacResponse::Status(MacStatus::KeyUse));
    assert_eq!(host.exchange(&mac(&pin_key, 0, true, &[1; 8])).await, refused);
    host.exchange(&mac(&mac_key, 0, true, &[1; 8])).await;
    let refused = Response::Pin(PinResponse::Refused(PinError::Key));
    assert_eq!(host.exchange(&pin_entry(mac_key, true)).await, refused);
    // The check value stays available.
    let answer = host.exchange(&mac(&pin_key, 0, true, &[0; 8])).await;
    assert!(matches!(answer, Response::Mac(MacResponse::Mac(_))));
}

#[tokio::test]
async fn without_a_master_key_there_is_no_pin() {
    let config = PinPadConfig { master_key: None, ..PinPadConfig::default() };
    let (pad, _control) = VirtualPinPad::new(config).unwrap();
    let (line, device) = tokio::io::duplex(8192);
    tokio::spawn(pad.serve(device));
    let mut host = Host { line, decoder: FrameDecoder::new() };
    let (_, key) = wrapped(0x21, 16);
    let answer = host.exchange(&pin_entry(key, true)).await;
    assert_eq!(answer, Response::Pin(PinResponse::Refused(PinError::NoMasterKey)));
}

#[tokio::test]
async fn shows_text() {
    let (mut host, mut control) = start();
    assert_eq!(control.screen().lines, ["TEST PIN PAD"]);
    for (request, lines) in [
        (Request::DisplayString("WELCOME".into()), vec!["WELCOME"]),
        (Request::DisplayLines(vec!["THANK".into(), "YOU".into()]), vec!["THANK", "YOU"]),
        (Request::Reset, vec!["TEST PIN PAD"]),
    ] {
        host.request(&request).await;
        assert_eq!(host.token().await, Token::Ack);
        assert!(control.shows(|screen| screen.lines == lines).await.is_some());
    }
}

#[tokio::test(start_paused = true)]
async fn sends_again_until_it_is_heard() {
    let (mut host, _control) = start();
    host.request(&Request::SerialNumber).await;
    assert_eq!(host.token().await, Token::Ack);
    host.response().await;
    host.send(&[NAK]).await;
    host.response().await;
    // Silence: once more after five seconds, then it gives up.
    host.response().await;
    assert_eq!(host.token().await, Token::Eot);
}

#[tokio::test]
async fn damaged_packets_are_asked_for_three_times() {
    let (mut host, _control) = start();
    for expected in [Token::Nak, Token::Nak, Token::Eot] {
        host.send(b"\x0f06\x0eX").await;
        assert_eq!(host.token().await, expected);
    }
    host.send(b"garbage\x0299\x03\x03").await;
    assert_eq!(host.token().await, Token::Ack);
    let serial = host.exchange(&Request::SerialNumber).await;
    assert!(matches!(serial, Response::SerialNumber(_)));
}

#[tokio::test]
async fn malformed_requests_are_refused() {
    let (mut host, _control) = start();
    for (text, prefix) in [("Z62.62", "718"), ("70.62", "718"), ("Z66x", "Z677"), ("X36", "X372")] {
        let frame = Frame::new(FrameKind::Transaction, text.into());
        host.send(&frame.encode()).await;
        assert_eq!(host.token().await, Token::Ack);
        let Token::Frame(answer) = host.token().await else { panic!("no answer to {text}") };
        assert_eq!(answer.text(), prefix.as_bytes());
        host.send(&[ACK]).await;
    }
}

#[tokio::test]
async fn the_single_eot_of_the_host_ends_an_exchange() {
    let (mut host, _control) = start();
    host.request(&Request::SerialNumber).await;
    assert_eq!(host.token().await, Token::Ack);
    host.response().await;
    host.send(&[EOT]).await;
    let serial = host.exchange(&Request::SerialNumber).await;
    assert!(matches!(serial, Response::SerialNumber(_)));
}

#[test]
fn debug_shows_no_secret() {
    let (mut pad, control) = VirtualPinPad::new(PinPadConfig::default()).unwrap();
    control.type_pin("9876");
    pad.pad.press(&pad.keys.try_recv().unwrap());
    let shown = format!("{pad:?} {control:?}");
    assert!(!shown.contains("57, 56") && !shown.contains("9876"), "{shown}");
}
