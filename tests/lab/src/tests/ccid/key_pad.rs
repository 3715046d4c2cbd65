//! A PIN typed at the reader's own key pad, through libccid's FEATURE_VERIFY_PIN_DIRECT.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use countertop_chip::PcscReader;
use countertop_device::{
    CardProtocol, CardSession, ChipReader, DeviceError, DeviceErrorKind, SecurePinEntry,
    SecurePinOutcome, SecurePinRequest, Sensitive, Settings,
};
use countertop_emv::contact::{ContactTransaction, EnterPinAtReader, Outcome, Step};
use countertop_virtual::card::{CardProfile, CvmMethod, CvmRule, PaymentCard};
use countertop_virtual::ccid::{CcidConfig, CcidControl, FunctionCard};
use countertop_wire::ccid::Exchange;

use super::bench::{Bench, connect, expect, open, readers, soon};
use super::service::Service;
use crate::lab_test::{TestResult, check};
use crate::purchase::{APPROVED, issuer_approves, parameters, purchase};

const PIN: &[u8; 4] = b"8642";
/// VERIFY with it, as the card hears it (EMV Book 3, clause 6.5.12).
const VERIFY: &[u8] =
    &[0x00, 0x20, 0x00, 0x80, 0x08, 0x24, 0x86, 0x42, 0xff, 0xff, 0xff, 0xff, 0xff];
const VERIFY_INSTRUCTION: u8 = 0x20;
const ATR_T0: [u8; 4] = [0x3b, 0x60, 0x00, 0x00];
const ATR_T1: [u8; 6] = [0x3b, 0x81, 0x81, 0x01, 0x00, 0x00];

type Commands = Arc<Mutex<Vec<Vec<u8>>>>;

/// Notes what goes through the driver.
#[derive(Debug)]
struct Noted {
    session: Box<dyn CardSession>,
    commands: Commands,
}

#[async_trait]
impl CardSession for Noted {
    fn protocol(&self) -> CardProtocol {
        self.session.protocol()
    }

    fn answer_to_reset(&self) -> &[u8] {
        self.session.answer_to_reset()
    }

    async fn transmit(&mut self, command: &[u8]) -> Result<Sensitive, DeviceError> {
        note(&self.commands, command);
        self.session.transmit(command).await
    }

    async fn secure_pin_entry(&mut self) -> Result<Option<&mut dyn SecurePinEntry>, DeviceError> {
        self.session.secure_pin_entry().await
    }

    async fn close(self: Box<Self>) -> Result<(), DeviceError> {
        self.session.close().await
    }
}

fn note(commands: &Commands, command: &[u8]) {
    commands.lock().unwrap_or_else(PoisonError::into_inner).push(command.to_vec());
}

fn noted(commands: &Commands) -> Vec<Vec<u8>> {
    commands.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

fn request() -> SecurePinRequest {
    SecurePinRequest { min_length: 4, max_length: 12, timeout: Duration::from_secs(60) }
}

/// Asks for a PIN and lets a person do something when the reader asks.
async fn ask(
    session: &mut dyn CardSession,
    control: &CcidControl,
    count: u64,
    person: impl FnOnce(&CcidControl),
) -> TestResult<Result<SecurePinOutcome, DeviceError>> {
    let entry = session.secure_pin_entry().await?.ok_or("the reader has no key pad")?;
    let request = request();
    let asking = async {
        control.until_pins_asked(count).await;
        person(control);
    };
    let (outcome, ()) =
        soon("the PIN", async { tokio::join!(entry.verify_pin(&request), asking) }).await?;
    Ok(outcome)
}

/// Right, wrong, too short, cancelled, and a card that is pulled while the reader asks: at the level of TPDUs
/// and of APDUs, T=0 and T=1.
pub(super) async fn entries() -> TestResult {
    let service = Service::start().await?;
    for (exchange, answer_to_reset) in
        [(Exchange::Tpdu, &ATR_T0[..]), (Exchange::Tpdu, &ATR_T1), (Exchange::ShortApdu, &ATR_T1)]
    {
        println!("{exchange:?}, {answer_to_reset:02x?}");
        let mut bench =
            Bench::new(CcidConfig::default().with_exchange(exchange).with_key_pad()).await?;
        bench.plug().await?;
        let mut reader = open(&Settings::new()).await?;
        one_card(&bench, &mut reader, answer_to_reset).await?;
        drop(reader);
        bench.unplug().await?;
        readers(0).await?;
    }
    service.kill().await
}

async fn one_card(bench: &Bench, reader: &mut PcscReader, answer_to_reset: &[u8]) -> TestResult {
    let control = &bench.control;
    let heard = Commands::default();
    let hears = Arc::clone(&heard);
    control.insert(FunctionCard::new(answer_to_reset, move |command: &[u8]| {
        note(&hears, command);
        if command == VERIFY { vec![0x90, 0x00] } else { vec![0x63, 0xc2] }
    }))?;
    let mut session = connect(reader).await?;
    let session = session.as_mut();
    let right = ask(session, control, 1, |pad| pad.type_pin(PIN)).await??;
    check!(right == SecurePinOutcome::Answered([0x90, 0x00]), "{right:?}");
    check!(noted(&heard) == [VERIFY], "the card heard something else");
    let wrong = ask(session, control, 2, |pad| pad.type_pin(b"123456")).await??;
    check!(wrong == SecurePinOutcome::Answered([0x63, 0xc2]), "{wrong:?}");
    let short = ask(session, control, 3, |pad| pad.type_pin(b"12")).await??;
    check!(short == SecurePinOutcome::WrongLength, "{short:?}");
    let cancelled = ask(session, control, 4, CcidControl::press_cancel).await??;
    check!(cancelled == SecurePinOutcome::Cancelled, "{cancelled:?}");
    check!(noted(&heard).len() == 2, "the card heard of a PIN that was none");
    let again = ask(session, control, 5, |pad| pad.type_pin(PIN)).await??;
    check!(again == SecurePinOutcome::Answered([0x90, 0x00]), "{again:?}");
    let pulled = ask(session, control, 6, |pad| drop(pad.remove())).await?;
    expect("pulled while the reader asks", pulled, DeviceErrorKind::CardRemoved)?;
    soon("an empty slot", reader.await_removal()).await??;
    Ok(())
}

/// A purchase whose card wants its PIN in the clear: a wrong one, the right one, approved. Through the driver
/// goes no VERIFY.
pub(super) async fn purchase_with_pin() -> TestResult {
    let service = Service::start().await?;
    let mut bench = Bench::new(CcidConfig::default().with_key_pad()).await?;
    bench.plug().await?;
    let mut reader = open(&Settings::new()).await?;
    bench.control.insert(PaymentCard::new(profile()))?;
    let commands = Commands::default();
    let session = connect(&mut reader).await?;
    let session = Box::new(Noted { session, commands: Arc::clone(&commands) });
    let mut parameters = parameters();
    // A terminal that takes PINs in the clear as well (EMV Book 4, table 26).
    parameters.terminal.capabilities = [0xe0, 0xf8, 0xc8];
    let start = ContactTransaction::start(session, Arc::new(parameters), purchase());
    let outcome = pay(&bench.control, soon("the card", start).await??).await?;
    check!(outcome.is_approved() && outcome.online, "{outcome:?}");
    check!(outcome.tvr.0[2] == 0, "the cardholder was not verified: {:02x?}", outcome.tvr);
    let through_the_driver = noted(&commands);
    check!(through_the_driver.len() > 5, "{} commands", through_the_driver.len());
    let verified = |command: &Vec<u8>| command.get(1) == Some(&VERIFY_INSTRUCTION);
    check!(!through_the_driver.iter().any(verified), "VERIFY went through the driver");
    drop(reader);
    bench.unplug().await?;
    readers(0).await?;
    service.kill().await
}

fn profile() -> CardProfile {
    let pin = std::str::from_utf8(PIN).unwrap_or_default();
    CardProfile::unionpay_debit()
        .with_pin(Some(pin), 3)
        .with_cvm_rules([CvmRule::or_fail(CvmMethod::PlaintextPin)])
}

async fn pay(control: &CcidControl, mut step: Step) -> TestResult<Outcome> {
    let mut pins = [&b"1111"[..], PIN].into_iter();
    let mut asked = 0;
    loop {
        step = match step {
            Step::EnterPinAtReader(entry) => {
                asked += 1;
                check!(entry.tries_left() == Some(4 - asked), "{:?} tries", entry.tries_left());
                let pin = pins.next().ok_or("asked for a third PIN")?;
                enter(entry, control, asked.into(), pin).await?
            }
            Step::GoOnline(request) => {
                check!(asked == 2, "asked for {asked} PINs");
                let answer = issuer_approves(&profile(), request.field55().expose())?;
                let end = request.host_answered(true, APPROVED, &answer);
                return Ok(*soon("the card", end).await??);
            }
            step => return Err(format!("unexpected: {step:?}").into()),
        };
    }
}

async fn enter(
    entry: EnterPinAtReader,
    control: &CcidControl,
    count: u64,
    pin: &[u8],
) -> TestResult<Step> {
    let person = async {
        control.until_pins_asked(count).await;
        control.type_pin(pin);
    };
    let verified = entry.verify(Duration::from_secs(60));
    let (step, ()) = soon("the PIN", async { tokio::join!(verified, person) }).await?;
    Ok(step?)
}
