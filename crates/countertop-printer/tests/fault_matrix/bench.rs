//! One receipt, one fault, and a person who sees to it.

use core::time::Duration;
use std::fmt::Write as _;

use countertop_device::document::{Align, Block, Document, Picture, Style};
use countertop_device::{
    DeviceError, DeviceInfo, Driver, PrintOutcome, ReceiptPrinter, Selector, Settings,
};
use countertop_printer::{EncodedJob, EscPosDriver, EscPosPrinter, EscPosSettings, encode};
use countertop_virtual::printer::PrinterConfig;
use countertop_virtual::pty::Pty;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::time::sleep;

use crate::faults::{Fault, Random, Transport};
use crate::oracle::{COPY, Oracle};
use crate::places::Places;
use crate::relay::{Cable, Port};
use crate::transfers::in_transfers;

/// Lines of the receipt.
const LINES: usize = 24;
/// How often a person tries.
const TRIES: usize = 8;

/// Is how a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Ending {
    AtOnce,
    AsACopy,
    Continued,
}

pub(crate) struct Bench {
    random: Random,
    transport: Transport,
    /// Whether the link in memory is one of transfers.
    takes_transfers: bool,
    fault: Fault,
    cable: Cable,
    selector: Selector,
    settings: Settings,
    printer: Option<Box<dyn ReceiptPrinter>>,
    document: Document,
    copy: Document,
    oracle: Oracle,
    has_process_ids: bool,
    log: String,
    _folder: TempDir,
}

fn receipt(random: &mut Random) -> (Document, Vec<String>) {
    let mut document = Document::new();
    let mut lines = Vec::new();
    for number in 0..LINES {
        let text = match random.below(3) {
            0 => format!("#L{number:03} 商品 ￥{}.00", random.below(90)),
            1 => format!("#L{number:03} {}", "x".repeat(1 + random.below(20) as usize)),
            _ => format!("#L{number:03} total"),
        };
        let style = if random.once_in(4) { Style::BOLD } else { Style::PLAIN };
        document.styled(text.clone(), Align::Left, style);
        lines.push(text);
        if number == LINES / 2 {
            document.push(Block::Picture(Picture { width: 64, rows: vec![0xAA; 8 * 8] }));
        }
    }
    if random.once_in(2) {
        document.cut();
    }
    (document, lines)
}

fn job(document: &Document, settings: &Settings) -> EncodedJob {
    let parsed = EscPosSettings::from_settings(settings).unwrap();
    EncodedJob::split(&encode(document, &parsed).unwrap(), 128)
}

/// Returns settings whose deadlines a busy machine keeps where time is real.
fn settings(transport: Transport) -> Settings {
    let (status, confirm) = match transport {
        Transport::Memory => (300, 3000),
        Transport::Pty | Transport::Tcp => (1500, 12_000),
    };
    Settings::new()
        .with("status_timeout_ms", status)
        .with("quiet_ms", 10)
        .with("write_timeout_ms", 4000)
        .with("process_id_timeout_ms", 2 * status)
        .with("confirm_timeout_ms", confirm)
        .with("receive_buffer", 512)
}

async fn port(
    transport: Transport,
    folder: &TempDir,
) -> (Selector, Option<TcpListener>, Option<Pty>) {
    match transport {
        Transport::Memory => (Selector::Virtual("printer".into()), None, None),
        Transport::Pty => {
            let path = folder.path().join("tty");
            let pty = Pty::open(Some(&path)).unwrap();
            (Selector::Serial(path.display().to_string()), None, Some(pty))
        }
        Transport::Tcp => {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = listener.local_addr().unwrap();
            let selector = Selector::Tcp { host: address.ip().to_string(), port: address.port() };
            (selector, Some(listener), None)
        }
    }
}

async fn open(
    transport: Transport,
    takes_transfers: bool,
    cable: Cable,
    selector: Selector,
    settings: Settings,
) -> Result<Box<dyn ReceiptPrinter>, DeviceError> {
    if transport == Transport::Memory {
        let info = DeviceInfo::new(selector, "escpos", "bench");
        let link = cable.plug_in();
        let link = if takes_transfers { in_transfers(link) } else { link };
        return Ok(Box::new(EscPosPrinter::open(link, info, &settings)?));
    }
    let functions = EscPosDriver.open(&selector, &settings).await?;
    Ok(functions.printer.unwrap())
}

/// Returns one of the printers that there are.
fn printer(random: &mut Random) -> PrinterConfig {
    let mut config = PrinterConfig::default();
    config.receive_buffer = 512 << random.below(4);
    config.process_ids = !random.once_in(8);
    config.speed = random.once_in(2).then_some(6000);
    config
}

impl Bench {
    /// Prepares a run: in `turn` after turn every fault strikes at every boundary, at a place near it
    /// that the seed tells.
    pub(crate) async fn new(seed: u64, turn: u64, transport: Transport) -> Self {
        let faults = Fault::ALL.len() as u64;
        let fault = Fault::ALL[usize::try_from(turn % faults).unwrap()];
        let place = |places: &Places, random: &mut Random| places.strike(random, turn / faults);
        Self::with(seed, transport, fault, place).await
    }

    /// Prepares a run in which the cable is pulled after so many bytes, again from the first one behind the
    /// job's last.
    pub(crate) async fn pulled(seed: u64, transport: Transport, at: u64) -> Self {
        let place = |places: &Places, _: &mut Random| 1 + at % places.total();
        Self::with(seed, transport, Fault::Unplug, place).await
    }

    async fn with(
        seed: u64,
        transport: Transport,
        fault: Fault,
        place: impl FnOnce(&Places, &mut Random) -> u64,
    ) -> Self {
        let mut random = Random(seed);
        let settings = settings(transport);
        let (document, lines) = receipt(&mut random);
        let job = job(&document, &settings);
        let config = printer(&mut random);
        let has_process_ids = config.process_ids;
        let places = Places::measure(config.clone(), &settings, &document, &job).await;
        let at = place(&places, &mut random);
        let takes_transfers = random.once_in(2);
        let folder = tempfile::tempdir().unwrap();
        let (selector, listener, pty) = port(transport, &folder).await;
        let path = folder.path().join("tty");
        let cable = Cable::lay(config, (fault, transport, at), |links| match (listener, pty) {
            (Some(listener), _) => Port::Tcp(listener),
            (_, Some(pty)) => Port::Pty(path, Some(pty)),
            _ => Port::Memory(links),
        });
        let mut copy = Document::new();
        copy.line(format!("{COPY} 重打印"));
        Self {
            random,
            transport,
            takes_transfers,
            fault,
            cable,
            selector,
            settings,
            printer: None,
            document,
            copy,
            oracle: Oracle::new(lines, &job),
            has_process_ids,
            log: format!(
                "{fault:?} after {at} bytes of {places:?}, process IDs: {has_process_ids}, \
                 takes transfers: {takes_transfers}\n"
            ),
            _folder: folder,
        }
    }

    pub(crate) fn fault(&self) -> Fault {
        self.fault
    }

    pub(crate) fn transport(&self) -> Transport {
        self.transport
    }

    pub(crate) fn log(&self) -> &str {
        &self.log
    }

    fn note(&mut self, line: &impl std::fmt::Debug) {
        writeln!(self.log, "{line:?}").unwrap();
    }

    async fn try_once(&mut self, outcome: PrintOutcome) -> Result<PrintOutcome, DeviceError> {
        let mut printer = match self.printer.take() {
            Some(printer) => printer,
            None => {
                let (selector, settings) = (self.selector.clone(), self.settings.clone());
                let (transfers, cable) = (self.takes_transfers, self.cable.clone());
                open(self.transport, transfers, cable, selector, settings).await?
            }
        };
        let result = match outcome {
            PrintOutcome::NotStarted => printer.print(&self.document).await,
            outcome => printer.resume(&self.document, outcome, &self.copy).await,
        };
        // Nobody calls again over memory.
        let gone = self.transport == Transport::Memory
            && matches!(&result, Err(error) if error.kind() == countertop_device::DeviceErrorKind::Disconnected);
        self.printer = (!gone).then_some(printer);
        result
    }

    /// Prints until it is on paper, and checks each outcome.
    pub(crate) async fn examine(&mut self) -> Result<Ending, String> {
        let mut outcome = PrintOutcome::NotStarted;
        for attempt in 0..TRIES {
            let result = self.try_once(outcome).await;
            self.note(&result);
            if let Ok(told) = result {
                outcome = told;
                self.oracle.check(&self.cable.control, outcome)?;
            }
            if matches!(outcome, PrintOutcome::Confirmed | PrintOutcome::Processed) {
                return self.ended(attempt);
            }
            self.see_to_it(attempt).await;
        }
        Err(format!("after {TRIES} tries it is {outcome:?}"))
    }

    /// Returns how it ended behind so many attempts; what was no trouble has to end at once.
    fn ended(&self, attempts: usize) -> Result<Ending, String> {
        let ending = match (attempts, Oracle::copies(&self.cable.control)) {
            (0, _) => Ending::AtOnce,
            (_, 0) => Ending::Continued,
            _ => Ending::AsACopy,
        };
        if self.fault.is_harmless() && ending != Ending::AtOnce {
            return Err(format!("{ending:?}, though there was no trouble"));
        }
        if !self.cable.has_struck() {
            return Err("the fault has not struck".into());
        }
        Ok(ending)
    }

    /// Does what a person does who is told of trouble; some switch it off and on besides.
    async fn see_to_it(&mut self, attempt: usize) {
        let switch = self.fault.cure(&self.cable.control) || self.random.once_in(4);
        if switch {
            self.note(&"switches it off and on");
            self.cable.clone().switch_off_and_on().await;
        }
        // Without process IDs, answers to a program that ended cannot be told from those to the next.
        if self.has_process_ids && self.random.once_in(6) {
            self.note(&"opens the printer anew");
            self.printer = None;
        }
        // Longer each time.
        let pause = Duration::from_millis(50 + self.random.below(400) + 900 * attempt as u64);
        sleep(pause).await;
    }
}
