//! The suite finds what is wrong with drivers that were made wrong on purpose.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use core::time::Duration;

use countertop_conformance::{
    EventFixture, ExchangeFixture, Fixture, Report, Tap, printer, stripe,
};
use countertop_device::document::Document;
use countertop_device::{
    Device, DeviceError, DeviceErrorKind, DeviceInfo, Health, HealthLevel, HealthReport,
    PrintOutcome, PrinterCapabilities, PrinterStatus, ReceiptPrinter, Selector, Sensitive,
    StripeReader, Swipe, TrackRead, async_trait,
};
use countertop_transport::{Line, memory};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::mpsc;

const SOON: Duration = Duration::from_millis(50);
const QUIET: Duration = Duration::from_millis(5);

/// Names what is wrong with a driver.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wrong {
    Nothing,
    /// A track is a plain text.
    ShowsTracks,
    /// The end of the link is no error of the kind that says so.
    HidesHangUp,
    /// Whatever is there when the line falls silent is a swipe.
    TakesHalves,
    /// What a dropped call had read is glued to the next swipe.
    KeepsHalves,
    /// Health is always good.
    AlwaysWell,
    /// Does not drain the line before it asks.
    TakesLateAnswers,
    /// Waits for an answer for ever.
    WaitsForEver,
}

#[derive(Debug)]
struct Wired {
    line: Line,
    info: DeviceInfo,
    wrong: Wrong,
    kept: Vec<u8>,
    shown: String,
    capabilities: PrinterCapabilities,
}

impl Wired {
    fn new(line: Line, wrong: Wrong) -> Self {
        let info = DeviceInfo::new(Selector::Virtual("wired".into()), "wired", "made wrong");
        let capabilities = PrinterCapabilities::new(32, 384, false);
        Self { line, info, wrong, kept: Vec::new(), shown: String::new(), capabilities }
    }

    fn tell(&self, error: DeviceError) -> DeviceError {
        if self.wrong == Wrong::HidesHangUp && error.kind() == DeviceErrorKind::Disconnected {
            return self.line.error(DeviceErrorKind::Other, "read");
        }
        error
    }

    /// Reads to the end of a line; `None` when it does not come.
    async fn read_line(&mut self) -> Result<Option<Vec<u8>>, DeviceError> {
        let start = self.kept.len();
        let mut half = false;
        loop {
            if let Some(end) = self.kept.iter().position(|&byte| byte == b'\r') {
                return Ok(Some(self.kept.drain(..=end).collect()));
            }
            let patience = if half { SOON } else { Duration::from_secs(86_400) };
            match self.line.read_some(&mut self.kept, patience, "read swipe").await {
                Ok(_count) => half = true,
                Err(error) if half && error.kind() == DeviceErrorKind::TimedOut => {
                    let half = self.kept.split_off(start);
                    return Ok((self.wrong == Wrong::TakesHalves).then_some(half));
                }
                Err(error) => return Err(self.tell(error)),
            }
        }
    }

    /// Asks the question `?` and returns the answer's byte.
    async fn ask(&mut self, question: u8) -> Result<u8, DeviceError> {
        if self.wrong != Wrong::TakesLateAnswers {
            self.line.drain(QUIET).await;
        }
        self.line.write(&[question], SOON, "ask").await?;
        let forever = self.wrong == Wrong::WaitsForEver;
        let patience = if forever { Duration::from_secs(86_400) } else { SOON };
        let mut answer = Vec::new();
        while answer.len() < 2 {
            let read = self.line.read_some(&mut answer, patience, "hear").await;
            read.map_err(|error| self.tell(error))?;
        }
        match answer[..] {
            [b'!', value] => Ok(value),
            _ => Err(self.line.error(DeviceErrorKind::Protocol, "hear")),
        }
    }
}

#[async_trait]
impl Device for Wired {
    fn info(&self) -> &DeviceInfo {
        &self.info
    }

    async fn check_health(&mut self, level: HealthLevel) -> Result<HealthReport, DeviceError> {
        if level == HealthLevel::Interactive {
            self.next_swipe().await?;
        } else if let Err(error) = self.ask(b'h').await
            && self.wrong != Wrong::AlwaysWell
        {
            return Ok(HealthReport::new(Health::Bad, error.to_string()));
        }
        Ok(HealthReport::good("well"))
    }
}

#[async_trait]
impl StripeReader for Wired {
    async fn next_swipe(&mut self) -> Result<Swipe, DeviceError> {
        if self.wrong != Wrong::KeepsHalves {
            self.kept.clear();
            self.line.drain(QUIET).await;
        }
        loop {
            let Some(line) = self.read_line().await? else { continue };
            let Some(start) = line.iter().position(|&byte| byte == b';') else { continue };
            let track = &line[start + 1..];
            let track = track.strip_suffix(b"\r").unwrap_or(track);
            if self.wrong == Wrong::ShowsTracks {
                self.shown = String::from_utf8_lossy(track).into_owned();
            }
            let track = TrackRead::Good(Sensitive::from(track));
            return Ok(Swipe { tracks: [TrackRead::Absent, track, TrackRead::Absent] });
        }
    }
}

#[async_trait]
impl ReceiptPrinter for Wired {
    fn capabilities(&self) -> &PrinterCapabilities {
        &self.capabilities
    }

    async fn print(&mut self, _document: &Document) -> Result<PrintOutcome, DeviceError> {
        Ok(PrintOutcome::Unknown)
    }

    async fn status(&mut self) -> Result<PrinterStatus, DeviceError> {
        let mut status = PrinterStatus::default();
        status.drawer_open = Some(self.ask(b'?').await? == b'1');
        Ok(status)
    }

    async fn status_changed(&mut self) -> Result<PrinterStatus, DeviceError> {
        self.status().await
    }
}

/// Answers questions and sends lines; the drawer is opened and closed in turn.
struct Bench {
    wrong: Wrong,
    slot: Option<mpsc::Sender<Vec<u8>>>,
}

impl Bench {
    fn connect(&mut self, tap: &Tap) -> Wired {
        let (host, device) = memory::pair();
        let (slot, mut swipes) = mpsc::channel::<Vec<u8>>(1);
        self.slot = Some(slot);
        let mut device = tap.wrap(device);
        tokio::spawn(async move {
            let mut turn = b'0';
            loop {
                let said = tokio::select! {
                    Some(line) = swipes.recv() => line,
                    heard = device.read_u8() => match heard {
                        Ok(b'h') => b"!h".to_vec(),
                        Ok(_question) => {
                            turn ^= 1;
                            vec![b'!', turn]
                        }
                        Err(_gone) => return,
                    },
                };
                if device.write_all(&said).await.is_err() {
                    return;
                }
            }
        });
        Wired::new(Line::new(host, "wired"), self.wrong)
    }
}

struct Reader(Bench);

#[async_trait]
impl Fixture for Reader {
    type Function = dyn StripeReader;

    async fn open(&mut self, tap: &Tap) -> Result<Box<dyn StripeReader>, DeviceError> {
        Ok(Box::new(self.0.connect(tap)))
    }

    fn secrets(&self) -> Vec<Vec<u8>> {
        vec![b"6200000000000005".to_vec()]
    }
}

#[async_trait]
impl EventFixture for Reader {
    type Event = Swipe;

    async fn present(&mut self, number: usize) {
        let line = format!(";6200000000000005={number:05}\r").into_bytes();
        // A reader that is switched off sends nothing.
        let _ = self.0.slot.as_ref().unwrap().send(line).await;
    }

    fn expected(&self, number: usize) -> Swipe {
        let track = format!("6200000000000005={number:05}").into_bytes();
        let track = TrackRead::Good(Sensitive::new(track));
        Swipe { tracks: [TrackRead::Absent, track, TrackRead::Absent] }
    }
}

struct Printer(Bench);

#[async_trait]
impl Fixture for Printer {
    type Function = dyn ReceiptPrinter;

    async fn open(&mut self, tap: &Tap) -> Result<Box<dyn ReceiptPrinter>, DeviceError> {
        Ok(Box::new(self.0.connect(tap)))
    }
}

#[async_trait]
impl ExchangeFixture for Printer {
    async fn exchange(&mut self, printer: &mut Self::Function) -> Result<(), DeviceError> {
        printer.status().await.map(drop)
    }
}

async fn examine_reader(wrong: Wrong) -> Report {
    stripe::run(&mut Reader(Bench { wrong, slot: None })).await
}

async fn examine_printer(wrong: Wrong) -> Report {
    printer::run(&mut Printer(Bench { wrong, slot: None })).await
}

fn failed(report: &Report) -> Vec<&'static str> {
    report.failed().iter().map(|(check, _)| *check).collect()
}

#[tokio::test(start_paused = true)]
async fn good_drivers_pass() {
    examine_reader(Wrong::Nothing).await.assert_passed();
    examine_printer(Wrong::Nothing).await.assert_passed();
}

#[tokio::test(start_paused = true)]
async fn wrong_readers_are_found_out() {
    for (wrong, check) in [
        (Wrong::ShowsTracks, "events in order"),
        (Wrong::HidesHangUp, "device gone while waiting"),
        (Wrong::TakesHalves, "event cut off"),
        (Wrong::KeepsHalves, "dropped calls"),
        (Wrong::AlwaysWell, "mute device"),
    ] {
        let report = examine_reader(wrong).await;
        assert!(failed(&report).contains(&check), "{wrong:?}: {report}");
    }
}

#[tokio::test(start_paused = true)]
async fn wrong_printers_are_found_out() {
    for (wrong, check) in [
        (Wrong::HidesHangUp, "device gone within an exchange"),
        (Wrong::TakesLateAnswers, "silence and late answers"),
        (Wrong::WaitsForEver, "silence and late answers"),
        (Wrong::AlwaysWell, "mute device"),
    ] {
        let report = examine_printer(wrong).await;
        assert!(failed(&report).contains(&check), "{wrong:?}: {report}");
    }
}
