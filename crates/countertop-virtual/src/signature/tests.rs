use countertop_wire::jbig::Bitmap;
use countertop_wire::sign_pad::{
    Command, Decoder, Response, Setting, StorageStatus, decode_picture, encode_frame,
};
use tokio::io::DuplexStream;
use tokio::time::timeout;

use super::*;

const CODE: [u8; 8] = *b"1A2B3C4D";

struct Host {
    link: DuplexStream,
    decoder: Decoder,
}

impl Host {
    async fn send(&mut self, command: Command) {
        let frame = encode_frame(&command.to_data()).unwrap();
        self.link.write_all(&frame).await.unwrap();
    }

    async fn hear(&mut self) -> Response {
        let mut chunk = [0; 64];
        loop {
            if let Some(data) = self.decoder.next_frame() {
                return Response::parse(&data).unwrap();
            }
            let read = timeout(Duration::from_secs(100), self.link.read(&mut chunk));
            let count = read.await.unwrap().unwrap();
            assert!(count > 0, "the pad hung up");
            self.decoder.push(&chunk[..count]);
        }
    }

    async fn exchange(&mut self, command: Command) -> Response {
        self.send(command).await;
        self.hear().await
    }

    async fn set(&mut self, setting: Setting) -> Response {
        self.exchange(Command::Set(setting)).await
    }

    async fn ask(&mut self, control: &mut SignatureControl) {
        self.send(Command::BeginSignature { feature_code: CODE }).await;
        assert_eq!(control.asked().await.as_deref(), Some("1A2B3C4D"));
    }

    async fn hear_picture(&mut self) -> Bitmap {
        let Response::Signature { picture, .. } = self.hear().await else { panic!("no signature") };
        decode_picture(&picture).unwrap()
    }
}

fn start(config: SignatureConfig) -> (Host, SignatureControl) {
    let (pad, control) = VirtualSignature::new(config);
    let (link, device) = tokio::io::duplex(4096);
    tokio::spawn(pad.serve(device));
    (Host { link, decoder: Decoder::new() }, control)
}

fn silent() -> SignatureConfig {
    SignatureConfig::default().with_heartbeat(None)
}

#[tokio::test]
async fn shakes_hands_and_takes_settings() {
    let (mut host, _control) = start(silent());
    assert_eq!(host.exchange(Command::Handshake).await, Response::Handshake { state: 0 });
    for setting in [Setting::Timeout(30), Setting::AllowBlank(false), Setting::Resigns(3)] {
        let done = Response::Set { code: setting.code(), status: 0 };
        assert_eq!(host.set(setting).await, done);
    }
    let huge = Zone { width: 1, height: 1, picture_width: 4096, picture_height: 4096 };
    let refused = Response::Set { code: 0xe3, status: 1 };
    assert_eq!(host.set(Setting::Zone(huge)).await, refused);
}

#[tokio::test]
async fn gives_out_what_was_written_over_the_code() {
    for format in [PictureFormat::Bmp, PictureFormat::Jbig] {
        let (mut host, mut control) = start(silent().with_format(format));
        host.set(Setting::PenWidth(2)).await;
        host.ask(&mut control).await;
        assert_eq!(control.sign(&Handwriting::sample(480, 160)).await, HandOutcome::Done);
        let signed = host.hear_picture().await;
        assert_eq!((signed.width(), signed.height()), (240, 80));
        host.ask(&mut control).await;
        assert_eq!(control.sign_blank().await, HandOutcome::Done);
        let blank = host.hear_picture().await;
        assert!(blank.black_dots() > 100 && signed.black_dots() > blank.black_dots() + 300);
        assert_eq!(host.exchange(Command::EndSignature).await, Response::Ended);
    }
}

#[tokio::test]
async fn refuses_a_blank_and_limits_starting_over() {
    let (mut host, mut control) = start(silent());
    host.set(Setting::AllowBlank(false)).await;
    host.set(Setting::Resigns(2)).await;
    host.ask(&mut control).await;
    assert_eq!(control.sign_blank().await, HandOutcome::BlankRefused);
    assert_eq!(control.start_over().await, HandOutcome::Done);
    assert_eq!(control.start_over().await, HandOutcome::Done);
    assert_eq!(control.start_over().await, HandOutcome::NoResignsLeft);
    let mut picture = Bitmap::new(240, 80).unwrap();
    picture.set(5, 5, true);
    assert_eq!(control.sign_picture(&picture).await, HandOutcome::Done);
    assert!(host.hear_picture().await.get(5, 5));
    assert_eq!(control.sign_blank().await, HandOutcome::NotAsked);
}

#[tokio::test]
async fn the_sample_fits_the_zone() {
    let (mut host, mut control) = start(silent());
    for (picture_width, picture_height) in [(240, 120), (384, 120), (48, 16)] {
        let zone = Zone { width: 240, height: 120, picture_width, picture_height };
        let done = Response::Set { code: 0xe3, status: 0 };
        assert_eq!(host.set(Setting::Zone(zone)).await, done);
        host.ask(&mut control).await;
        assert_eq!(control.sign_sample().await, HandOutcome::Done);
        let signed = host.hear_picture().await;
        assert_eq!(signed.width(), u32::from(picture_width));
        let (width, height) = (signed.width().cast_signed(), signed.height().cast_signed());
        let right = (width * 3 / 4..width).any(|x| (0..height).any(|y| signed.get(x, y)));
        assert!(right, "the sample does not reach the right");
    }
}

#[tokio::test(start_paused = true)]
async fn beats_and_times_out() {
    let (mut host, mut control) = start(SignatureConfig::default());
    host.set(Setting::Timeout(3)).await;
    host.ask(&mut control).await;
    assert_eq!(host.hear().await, Response::Heartbeat);
    assert_eq!(host.hear().await, Response::Heartbeat);
    assert_eq!(host.hear().await, Response::NoSignature { reason: 2 });
    assert!(control.idle().await);
}

#[tokio::test]
async fn cancels_and_ends() {
    let (mut host, mut control) = start(silent());
    host.ask(&mut control).await;
    assert_eq!(control.cancel().await, HandOutcome::Done);
    assert_eq!(host.hear().await, Response::NoSignature { reason: 1 });
    host.ask(&mut control).await;
    assert_eq!(host.exchange(Command::EndSignature).await, Response::Ended);
    assert!(control.idle().await);
    assert_eq!(control.cancel().await, HandOutcome::NotAsked);
}

#[tokio::test]
async fn keeps_signatures_until_confirmed() {
    let (mut host, mut control) = start(silent());
    host.ask(&mut control).await;
    control.sign(&Handwriting::sample(480, 160)).await;
    let Response::Signature { sequence, picture } = host.hear().await else { panic!() };
    let failed = Command::ReportUpload { sequence, outcome: 1 };
    assert_eq!(host.exchange(failed).await, Response::UploadReported(StorageStatus::Stored));
    let kept = Response::Batch { left: 1, sequence, data: picture };
    assert_eq!(host.exchange(Command::BeginBatch).await, kept);
    host.send(Command::BatchReceived { sequence }).await;
    assert_eq!(host.exchange(Command::EndBatch).await, Response::BatchEnded);
}

#[tokio::test]
async fn strangers_are_survived() {
    let (mut host, _control) = start(silent());
    host.link.write_all(b"\x55\x02\x02garbage\x02\xff\xff").await.unwrap();
    assert_eq!(host.exchange(Command::Handshake).await, Response::Handshake { state: 0 });
    // Several commands in one write, one of them unknown.
    let mut bytes = Vec::new();
    for data in [&[0xa0][..], &[0x42], &[0xa3]] {
        bytes.extend(encode_frame(data).unwrap());
    }
    host.link.write_all(&bytes).await.unwrap();
    assert_eq!(host.hear().await, Response::Handshake { state: 0 });
    assert_eq!(host.hear().await, Response::Ended);
    let bad_code = Command::BeginSignature { feature_code: *b"not hex!" };
    assert_eq!(host.exchange(bad_code).await, Response::NoSignature { reason: 3 });
}

#[tokio::test(start_paused = true)]
async fn half_a_frame_is_given_up_after_silence() {
    let (mut host, _control) = start(silent());
    host.link.write_all(&[0x02, 0x20, 0x00, 0xa0]).await.unwrap();
    assert_eq!(host.exchange(Command::Handshake).await, Response::Handshake { state: 0 });
}

#[tokio::test]
async fn ends_with_its_link() {
    let (pad, mut control) = VirtualSignature::new(SignatureConfig::default());
    let (host, device) = tokio::io::duplex(64);
    drop(host);
    pad.serve(device).await.unwrap();
    assert_eq!(control.asked().await, None);
    assert_eq!(control.cancel().await, HandOutcome::NotAsked);
}
