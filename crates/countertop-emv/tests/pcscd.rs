//! A transaction with a virtual card in a real reader: pcscd and its virtual reader.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod common;

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use common::{Altered, issuer_answer, parameters, purchase, soon};
use countertop_chip::{PcscDriver, PcscReader};
use countertop_device::{ChipReader, DeviceErrorKind, Settings};
use countertop_emv::EmvError;
use countertop_emv::contact::{ContactTransaction, Outcome, Step};
use countertop_tests::pcscd::{Service, VPCD};
use countertop_virtual::card::{
    CardProfile, CvmMethod, CvmRule, Fault, PaymentCard, TestCa, Transmission, VirtualCard,
};
use countertop_virtual::vpcd::{CardSlot, CardSlotControl, Reconnect};

async fn open() -> PcscReader {
    let reader = "pcsc:Virtual PCD 00 00".parse().unwrap();
    PcscDriver::new().open_reader(&reader, &Settings::new()).await.unwrap()
}

fn slot() -> CardSlotControl {
    let (slot, control) = CardSlot::new(VPCD, Reconnect::Never);
    tokio::spawn(slot.run());
    control
}

async fn insert<C: VirtualCard + 'static>(control: &CardSlotControl, card: impl Fn() -> C) {
    // The reader may still be taking note that the last card has left.
    while soon(control.insert(card())).await.is_err() {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn transact(reader: &mut PcscReader) -> Result<Box<Outcome>, EmvError> {
    soon(reader.await_card()).await?;
    let session = soon(reader.connect()).await?;
    let mut step = soon(ContactTransaction::start(session, parameters(), purchase(1234))).await?;
    loop {
        step = match step {
            Step::EnterOnlinePin(entry) => soon(entry.captured()).await?,
            Step::GoOnline(request) => {
                let request55 = request.field55().expose();
                let answer = issuer_answer("6200000000000005", request55, *b"00");
                return soon(request.host_answered(true, *b"00", &answer)).await;
            }
            step => panic!("{step:?}"),
        };
    }
}

#[tokio::test]
async fn approved_in_a_reader_of_pcscd() {
    let _service = Service::start().unwrap();
    let mut reader = open().await;
    let control = slot();
    insert(&control, || PaymentCard::new(CardProfile::unionpay_debit())).await;
    let outcome = transact(&mut reader).await.unwrap();
    assert!(outcome.is_approved(), "{outcome:?}");
    soon(control.remove()).await.unwrap();
    soon(reader.await_removal()).await.unwrap();
}

/// Is how many commands a card has heard, and when it left at one.
#[derive(Debug, Default)]
struct Heard {
    commands: u32,
    left: Option<Instant>,
}

fn watched(card: PaymentCard, heard: Arc<Mutex<Heard>>) -> impl VirtualCard + 'static {
    Altered::new(card, move |card, _, _| {
        let mut heard = heard.lock().unwrap();
        heard.commands += 1;
        heard.left = (!card.is_present()).then(Instant::now);
    })
}

/// Inserts a card, makes a purchase and waits until the card is out. Returns what came of the purchase, how
/// many commands the card has heard, and how long after it had left the error came.
async fn purchase_with(
    control: &CardSlotControl,
    reader: &mut PcscReader,
    profile: CardProfile,
) -> (Result<Box<Outcome>, EmvError>, u32, Duration) {
    let heard = Arc::new(Mutex::new(Heard::default()));
    let card = || watched(PaymentCard::new(profile.clone()), Arc::clone(&heard));
    insert(control, card).await;
    let outcome = transact(reader).await;
    let (commands, left) = {
        let heard = heard.lock().unwrap();
        (heard.commands, heard.left)
    };
    let late = left.map(|left| left.elapsed()).unwrap_or_default();
    soon(control.remove()).await.unwrap();
    soon(reader.await_removal()).await.unwrap();
    (outcome, commands, late)
}

/// How long the error may take behind the card: nothing waits for it, but the machine may be busy.
const DEADLINE: Duration = Duration::from_secs(2);

#[tokio::test]
async fn pulled_at_every_command_and_the_next_card_works() {
    let _service = Service::start().unwrap();
    let mut reader = open().await;
    let control = slot();
    let profile = CardProfile::unionpay_debit();
    let (whole, commands, _) = purchase_with(&control, &mut reader, profile.clone()).await;
    assert!(whole.unwrap().is_approved());
    let mut slowest = Duration::ZERO;
    for at in 1..=commands {
        let torn = profile.clone().with_fault(Fault::RemovedAt(at));
        let (outcome, heard, late) = purchase_with(&control, &mut reader, torn).await;
        let error = outcome.unwrap_err();
        let EmvError::Device(cause) = &error else { panic!("{at}: {error:?}") };
        assert_eq!(cause.kind(), DeviceErrorKind::CardRemoved, "{at}: {error}");
        assert_eq!(heard, at, "commands behind the one at which the card left");
        assert!(late < DEADLINE, "{at}: told after {late:?}");
        slowest = slowest.max(late);
        let (next, ..) = purchase_with(&control, &mut reader, profile.clone()).await;
        assert!(next.unwrap().is_approved(), "the card after the one torn at {at}");
    }
    println!("{commands} commands; the slowest error came {slowest:?} after its card had left");
}

/// The terminal of the crate `emv`'s own program: attended, every CVM, SDA, DDA and CDA.
const TERMINAL: &str = r#"
ifd_serial_number = "COUNTERT"
terminal_country_code = 156
terminal_type = "22"
terminal_capabilities = "E028C8"
additional_terminal_capabilities = "F000F0A001"
cardholder_selection_and_confirmation_supported = false
"#;

const APPLICATIONS: &str = r#"
[defaults]
merchant_category_code = 5999
merchant_identifier = "COUNTERTOP00001"
merchant_name_and_location = "Countertop"
terminal_identification = "COUNTER1"
transaction_currency_code = 156
transaction_currency_exponent = 2
partial_match_allowed = true
default_ddol = "9F3704"
terminal_floor_limit = 100000
tac_denial  = "0010000000"
tac_online  = "FC78FCF8F0"
tac_default = "FC78FCF8F0"

[[aids]]
aid = "A000000333010101"
application_version_number = "0020"
"#;

/// Returns the crate's program, which a dependency on the crate does not build.
fn emv_test_transaction() -> std::path::PathBuf {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let program = root.join("target/strangers/bin/emv-test-transaction");
    assert!(
        program.exists(),
        "the crate emv's own program is missing; `tools/run-tests` builds it, or `cargo install \
         --root target/strangers --version =0.1.1 --bin emv-test-transaction emv`"
    );
    program
}

#[tokio::test]
async fn the_crate_emvs_own_program_approves_the_card() {
    let program = emv_test_transaction();
    let folder = tempfile::tempdir().unwrap();
    let hex = |bytes: &[u8]| -> String { bytes.iter().map(|byte| format!("{byte:02X}")).collect() };
    let key = TestCa::capks().remove(0);
    let keys = format!(
        "[[capk_rsa]]\nrid = \"{}\"\nindex = \"{:02X}\"\nmodulus = \"{}\"\nexponent = \"{}\"\n",
        hex(&key.rid),
        key.index,
        hex(&key.modulus),
        hex(&key.exponent)
    );
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let (terminal, aids) = (file("terminal.toml", TERMINAL), file("aids.toml", APPLICATIONS));
    let (keys, revoked) = (file("capk.toml", &keys), file("crl.toml", ""));
    for transmission in [Transmission::T1, Transmission::T0] {
        let _service = Service::start().unwrap();
        let mut reader = open().await;
        let control = slot();
        let profile = CardProfile::unionpay_debit()
            .with_transmission(transmission)
            .with_offline_limits(10_000, 0)
            .with_cvm_rules([CvmRule::or_fail(CvmMethod::NoCvm)]);
        insert(&control, || PaymentCard::new(profile.clone())).await;
        soon(reader.await_card()).await.unwrap();
        drop(reader);
        let mut command = tokio::process::Command::new(&program);
        command.arg("--terminal").arg(&terminal).arg("--aids").arg(&aids);
        command.arg("--capk").arg(&keys).arg("--crl").arg(&revoked);
        command.stdin(std::process::Stdio::null()).kill_on_drop(true);
        let output = soon(command.output()).await.unwrap();
        let told = String::from_utf8_lossy(&output.stdout);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{transmission:?}: {told}\n{errors}");
        for wanted in
            ["DdaSuccess", "Final outcome: Approved offline", "Final TVR: 0000000000", "E800"]
        {
            assert!(told.contains(wanted), "{transmission:?}: no {wanted}: {told}\n{errors}");
        }
    }
}
