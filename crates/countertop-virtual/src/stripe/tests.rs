use core::time::Duration;

use countertop_wire::iso7813::TrackNumber;
use countertop_wire::stripe::msr::{RawResponse, ReadResponse, Status};
use countertop_wire::stripe::{TrackField, line};
use tokio::io::DuplexStream;
use tokio::time::timeout;

use super::*;

const TRACK_2: &str = "6200000000000005=30122010000000000";

fn card() -> StripeCard {
    StripeCard::new([None, Some(TRACK_2), None]).unwrap()
}

fn start(config: StripeConfig) -> (DuplexStream, StripeControl) {
    let (reader, control) = VirtualStripe::new(config);
    let (host, device) = tokio::io::duplex(4096);
    tokio::spawn(reader.serve(device));
    (host, control)
}

async fn read(host: &mut DuplexStream, count: usize) -> Vec<u8> {
    let mut bytes = vec![0; count];
    timeout(Duration::from_secs(5), host.read_exact(&mut bytes)).await.unwrap().unwrap();
    bytes
}

async fn read_response(host: &mut DuplexStream) -> ReadResponse {
    let mut bytes = Vec::new();
    loop {
        bytes.extend(read(host, 1).await);
        if let Some((response, _)) = ReadResponse::parse(&bytes).unwrap() {
            return response;
        }
    }
}

#[tokio::test]
async fn answers_the_manuals_initialisation() {
    let (mut host, _control) = start(StripeConfig::default());
    host.write_all(b"\x1ba\x1be\x1ba\x1bt\x1bv").await.unwrap();
    assert_eq!(read(&mut host, 14).await, b"\x1by\x1b3S\x1bREVT1.00");
}

#[tokio::test]
async fn answers_every_other_command() {
    let (mut host, _control) = start(StripeConfig::default());
    for (command, answer) in [
        (b"\x1bo\x08\x08\x08".as_slice(), b"\x1b0\x08\x08\x08".as_slice()),
        (b"\x1bb\xd2", b"\x1b0"),
        (b"\x1bz\x10\x11", b"\x1b0"),
        (b"\x1bl", b"\x1b\x10\x11"),
        (b"\x1by", b"\x1b0"),
        (b"\x1bd", b"\x1bL"),
        (b"\x1b\x87", b"\x1b0"),
        (b"\x1b\x82\x1bQ", b"\x1b4"),
        (b"\x1bw\x1bs\x1b\x01A?\x1c", b"\x1b1"),
    ] {
        host.write_all(command).await.unwrap();
        assert_eq!(read(&mut host, answer.len()).await, answer, "{command:?}");
    }
}

#[tokio::test]
async fn reads_a_swipe_only_when_armed() {
    let (mut host, mut control) = start(StripeConfig::default());
    assert!(!control.swipe(&card()).await);
    host.write_all(b"\x1br").await.unwrap();
    assert!(control.armed().await);
    assert!(control.swipe(&card()).await);
    let response = read_response(&mut host).await;
    assert_eq!(response.status, Status::Good);
    assert_eq!(response.tracks[1], TrackField::text(TRACK_2.as_bytes()));
    assert!(!control.swipe(&card()).await);
}

#[tokio::test]
async fn backward_reads_and_scratched_does_not() {
    let (mut host, mut control) = start(StripeConfig::default());
    for (fault, field, status) in [
        (SwipeFault::Backward, TrackField::text(TRACK_2.as_bytes()), Status::Good),
        (SwipeFault::Scratch(TrackNumber::Two), TrackField::Unreadable, Status::ReadError),
    ] {
        host.write_all(b"\x1br").await.unwrap();
        assert!(control.armed().await);
        assert!(control.swipe_with(&card(), fault).await);
        let response = read_response(&mut host).await;
        assert_eq!((&response.tracks[1], response.status), (&field, status));
    }
}

#[tokio::test]
async fn gives_raw_bits() {
    let (mut host, mut control) = start(StripeConfig::default());
    host.write_all(b"\x1bm").await.unwrap();
    assert!(control.armed().await);
    assert!(control.swipe(&card()).await);
    let mut bytes = Vec::new();
    let response = loop {
        bytes.extend(read(&mut host, 1).await);
        if let Some((response, _)) = RawResponse::parse(&bytes).unwrap() {
            break response;
        }
    };
    // `;` is 1101 0, and `6` starts with 011.
    assert_eq!(response.tracks[1].to_packed()[0], 0b1101_0011);
    let text = countertop_wire::iso7813::decode_bits(TrackNumber::Two, &response.tracks[1]);
    assert_eq!(&*text.unwrap(), TRACK_2.as_bytes());
}

#[tokio::test]
async fn sends_lines() {
    let (mut host, control) = start(StripeConfig::new(StripeDialect::Line));
    assert!(control.swipe(&card()).await);
    let bytes = read(&mut host, TRACK_2.len() + 3).await;
    let tracks = line::parse_line(bytes.strip_suffix(b"\r").unwrap()).unwrap();
    assert_eq!(tracks[1], TrackField::text(TRACK_2.as_bytes()));
}

#[tokio::test]
async fn ends_with_its_link() {
    let (reader, mut control) = VirtualStripe::new(StripeConfig::default());
    let (host, device) = tokio::io::duplex(64);
    drop(host);
    reader.serve(device).await.unwrap();
    assert!(!control.armed().await);
    assert!(!control.swipe(&card()).await);
}

#[test]
fn cards_hold_only_what_tracks_can() {
    assert!(StripeCard::new([Some("lower"), None, None]).is_err());
    assert_eq!(format!("{:?}", card()), "StripeCard { .. }");
}
