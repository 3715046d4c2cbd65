//! The state machine of a pad: bytes, acts of a hand and time in, bytes out.

use core::time::Duration;

use countertop_wire::jbig::Bitmap;
use countertop_wire::sign_pad::{
    Command, Decoder, MAX_DATA, Response, Setting, Zone, draw_watermark, encode_frame,
    encode_picture,
};
use tokio::time::Instant;

use super::control::Act;
use super::store::Store;
use super::{HandOutcome, Handwriting, SignatureConfig};

/// Silence after which a frame that has begun is given up.
const GAP: Duration = Duration::from_millis(200);

/// Reasons in the answer that no signature comes, as this pad has them.
const CANCELLED: u8 = 0x01;
const TIMED_OUT: u8 = 0x02;
const FAULT: u8 = 0x03;

/// Status of a setting that cannot be.
const REFUSED: u8 = 0x01;

/// A request for a signature that stands.
#[derive(Debug)]
struct Asked {
    feature_code: [u8; 8],
    started_over: u8,
    deadline: Instant,
    heartbeat: Option<Instant>,
}

#[derive(Debug)]
pub(super) struct Pad {
    config: SignatureConfig,
    decoder: Decoder,
    last_byte: Option<Instant>,
    store: Store,
    zone: Zone,
    timeout: Duration,
    allow_blank: bool,
    resigns: u8,
    pen: u8,
    asked: Option<Asked>,
}

impl Pad {
    pub(super) fn new(config: SignatureConfig) -> Self {
        let zone = config.zone;
        Self {
            config,
            decoder: Decoder::new(),
            last_byte: None,
            store: Store::default(),
            zone,
            timeout: Duration::from_secs(60),
            allow_blank: true,
            resigns: 0,
            pen: 1,
            asked: None,
        }
    }

    /// Returns the feature code on the display, while a signature is asked for.
    pub(super) fn shown(&self) -> Option<String> {
        let asked = self.asked.as_ref()?;
        Some(String::from_utf8_lossy(&asked.feature_code).into_owned())
    }

    /// Takes what the host sent and returns the answers.
    pub(super) fn receive(&mut self, bytes: &[u8], now: Instant) -> Vec<u8> {
        self.decoder.push(bytes);
        let first = self.decoder.next_frame();
        self.answer_from(first, now)
    }

    fn answer_from(&mut self, first: Option<Vec<u8>>, now: Instant) -> Vec<u8> {
        let mut answers = Vec::new();
        let mut next = first;
        while let Some(data) = next {
            // What is no command is not answered: the protocol has no word for it.
            let response = Command::parse(&data).ok().and_then(|command| self.obey(command, now));
            answers.extend(response.iter().flat_map(frame));
            next = self.decoder.next_frame();
        }
        self.last_byte = self.decoder.is_within_frame().then_some(now);
        answers
    }

    fn obey(&mut self, command: Command, now: Instant) -> Option<Response> {
        match command {
            Command::Handshake => Some(Response::Handshake { state: self.config.state }),
            Command::ReportUpload { sequence, outcome } => {
                Some(Response::UploadReported(self.store.report(sequence, outcome)))
            }
            Command::BeginSignature { feature_code } => self.ask(feature_code, now),
            Command::EndSignature => {
                self.asked = None;
                Some(Response::Ended)
            }
            Command::BeginBatch => Some(self.store.oldest()),
            Command::EndBatch => Some(Response::BatchEnded),
            Command::BatchReceived { sequence } => {
                self.store.delete(sequence);
                None
            }
            Command::Set(setting) => {
                let status = if self.set(setting) { 0 } else { REFUSED };
                Some(Response::Set { code: setting.code(), status })
            }
            _ => None,
        }
    }

    fn ask(&mut self, feature_code: [u8; 8], now: Instant) -> Option<Response> {
        if !feature_code.iter().all(u8::is_ascii_hexdigit) {
            return Some(Response::NoSignature { reason: FAULT });
        }
        let deadline = now + self.timeout;
        let heartbeat = self.config.heartbeat.map(|every| now + every);
        self.asked = Some(Asked { feature_code, started_over: 0, deadline, heartbeat });
        None
    }

    fn set(&mut self, setting: Setting) -> bool {
        match setting {
            Setting::Timeout(seconds) => self.timeout = Duration::from_secs(seconds.into()),
            Setting::AllowBlank(allowed) => self.allow_blank = allowed,
            Setting::Resigns(times) => self.resigns = times,
            Setting::PenWidth(width) => self.pen = width,
            Setting::Zone(zone) if fits(zone) => self.zone = zone,
            _ => return false,
        }
        true
    }

    /// Lets a person act and returns what the pad makes of it, and what it tells the host.
    pub(super) fn act(&mut self, act: Act) -> (HandOutcome, Vec<u8>) {
        let Some(asked) = &mut self.asked else { return (HandOutcome::NotAsked, Vec::new()) };
        match act {
            Act::Sign(handwriting) => self.write(&handwriting),
            Act::SignSample => self.write(&Handwriting::sample(self.zone.width, self.zone.height)),
            Act::SignPicture(signed) => self.confirm(|picture| copy(&signed, picture)),
            Act::StartOver if self.resigns != 0 && asked.started_over >= self.resigns => {
                (HandOutcome::NoResignsLeft, Vec::new())
            }
            Act::StartOver => {
                asked.started_over = asked.started_over.saturating_add(1);
                (HandOutcome::Done, Vec::new())
            }
            Act::Cancel => (HandOutcome::Done, self.give_up(CANCELLED)),
        }
    }

    fn write(&mut self, handwriting: &Handwriting) -> (HandOutcome, Vec<u8>) {
        let (zone, pen) = (self.zone, self.pen);
        self.confirm(|picture| handwriting.draw(picture, zone, pen))
    }

    fn confirm(&mut self, write: impl FnOnce(&mut Bitmap)) -> (HandOutcome, Vec<u8>) {
        let size = (self.zone.picture_width.into(), self.zone.picture_height.into());
        let Ok(mut picture) = Bitmap::new(size.0, size.1) else {
            return (HandOutcome::Done, self.give_up(FAULT));
        };
        write(&mut picture);
        if picture.black_dots() == 0 && !self.allow_blank {
            return (HandOutcome::BlankRefused, Vec::new());
        }
        let asked = self.asked.take();
        let code = asked.map(|asked| asked.feature_code).unwrap_or_default();
        // A request with another code was refused.
        let _drawn = draw_watermark(&mut picture, &code);
        let picture = encode_picture(&picture, self.config.format);
        let sequence = self.store.number(&picture);
        (HandOutcome::Done, frame(&Response::Signature { sequence, picture }))
    }

    fn give_up(&mut self, reason: u8) -> Vec<u8> {
        self.asked = None;
        frame(&Response::NoSignature { reason })
    }

    /// Returns when [`tick`](Self::tick) is due.
    pub(super) fn wake(&self) -> Option<Instant> {
        let asked = self.asked.as_ref();
        let gap = self.last_byte.map(|last| last + GAP);
        let heartbeat = asked.and_then(|asked| asked.heartbeat);
        [gap, heartbeat, asked.map(|asked| asked.deadline)].into_iter().flatten().min()
    }

    /// Lets time pass and returns what the pad says of its own.
    pub(super) fn tick(&mut self, now: Instant) -> Vec<u8> {
        if self.last_byte.is_some_and(|last| now >= last + GAP) {
            let behind = self.decoder.resynchronise();
            return self.answer_from(behind, now);
        }
        let Some(asked) = &mut self.asked else { return Vec::new() };
        if now >= asked.deadline {
            return self.give_up(TIMED_OUT);
        }
        asked.heartbeat = self.config.heartbeat.map(|every| now + every);
        frame(&Response::Heartbeat)
    }
}

/// Tells whether a zone makes a picture that fits a frame.
fn fits(zone: Zone) -> bool {
    let stride = usize::from(zone.picture_width).div_ceil(32) * 4;
    let sides = [zone.width, zone.height, zone.picture_width, zone.picture_height];
    let headers = 80;
    sides.iter().all(|&side| side > 0)
        && stride * usize::from(zone.picture_height) + headers <= MAX_DATA
}

fn copy(from: &Bitmap, to: &mut Bitmap) {
    for y in 0..to.height().cast_signed() {
        for x in 0..to.width().cast_signed() {
            to.set(x, y, from.get(x, y));
        }
    }
}

/// Frames a response. A picture that does not fit a frame becomes the answer that there is none.
fn frame(response: &Response) -> Vec<u8> {
    encode_frame(&response.to_data())
        .or_else(|_| encode_frame(&Response::NoSignature { reason: FAULT }.to_data()))
        .unwrap_or_default()
}
