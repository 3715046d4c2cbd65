//! A whole contact transaction with DDA as two programs make it, from start to end, by turns, with the same
//! card in the same reader of pcscd: ours, and the crate `emv`'s own.
//!
//! ```sh
//! cargo install --root target/strangers/release --version =0.1.1 --bin emv-test-transaction emv
//! cargo bench -p countertop-emv --bench program
//! ```
//!
//! Needs pcscd with vsmartcard-vpcd. The card approves offline and has keys of 1984 and 1976 bits. What a
//! program's start and its connection with pcscd cost is in both figures.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a benchmark fails by panicking"
)]
#![allow(dead_code, reason = "the tests' terminal is more than it needs")]

#[path = "../tests/common/mod.rs"]
mod common;
mod turns;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use common::purchase;
use countertop_chip::PcscDriver;
use countertop_device::{ChipReader as _, Settings};
use countertop_emv::contact::{ContactTransaction, Step};
use countertop_emv::parameters::EmvParameters;
use countertop_tests::pcscd::{Service, VPCD};
use countertop_virtual::card::{CardKeys, CardProfile, CvmMethod, CvmRule, PaymentCard, TestCa};
use countertop_virtual::vpcd::{CardSlot, Reconnect};
use tokio::runtime::{Builder, Runtime};

const KEYS: CardKeys = CardKeys::new(1984, 1976, 1976);
const RID: [u8; 5] = [0xA0, 0, 0, 0x03, 0x33];
/// The argument by which this program makes one purchase itself.
const PURCHASE: &str = "--purchase";

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

/// The same terminal, as our parameters have it.
const OURS: &str = r#"
[terminal]
type = "22"
capabilities = "E028C8"
additional_capabilities = "F000F0A001"
country_code = 156
serial_number = "COUNTERT"
merchant_category_code = 5999
cardholder_selection = false

[[application]]
aid = "A000000333010101"
partial_match = true
version = "0020"
floor_limit = 100000
tac_denial = "0010000000"
tac_online = "FC78FCF8F0"
tac_default = "FC78FCF8F0"
default_ddol = "9F3704"
"#;

fn main() {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let mut arguments = std::env::args().skip(1);
    match arguments.next().as_deref() {
        Some(PURCHASE) => runtime.block_on(make_purchase(Path::new(&arguments.next().unwrap()))),
        _ => race(&Builder::new_multi_thread().enable_all().build().unwrap()),
    }
}

/// Makes one purchase and says how it ended: what the program of the crate does.
async fn make_purchase(parameters: &Path) {
    let parameters = EmvParameters::from_toml(&std::fs::read_to_string(parameters).unwrap());
    let selector = "pcsc:Virtual PCD 00 00".parse().unwrap();
    let mut reader = PcscDriver::new().open_reader(&selector, &Settings::new()).await.unwrap();
    reader.await_card().await.unwrap();
    let session = reader.connect().await.unwrap();
    let start = ContactTransaction::start(session, Arc::new(parameters.unwrap()), purchase(100));
    match start.await.unwrap() {
        Step::Finished(outcome) => println!("{outcome:?}"),
        step => panic!("{step:?}"),
    }
}

fn race(runtime: &Runtime) {
    let _service = Service::start().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let _card = runtime.block_on(insert());
    let [ours, theirs] = [our_program(folder.path()), their_program(folder.path())];
    turns::race(
        "whole program",
        41,
        || run(&ours, "decision: Approved"),
        || run(&theirs, "Final outcome: Approved offline"),
    );
}

async fn insert() -> impl Sized {
    let (slot, control) = CardSlot::new(VPCD, Reconnect::Never);
    tokio::spawn(slot.run());
    let profile = CardProfile::unionpay_debit()
        .with_keys(KEYS)
        .with_offline_limits(10_000, 0)
        .with_cvm_rules([CvmRule::or_fail(CvmMethod::NoCvm)]);
    control.insert(PaymentCard::new(profile)).await.unwrap();
    control
}

fn our_program(folder: &Path) -> Vec<PathBuf> {
    let file = write(folder, "ours.toml", &format!("{OURS}\n[[key]]\n{}", key()));
    vec![std::env::current_exe().unwrap(), PURCHASE.into(), file]
}

fn their_program(folder: &Path) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let program = root.join("target/strangers/release/bin/emv-test-transaction");
    assert!(program.exists(), "{}: build it, as the first lines say", program.display());
    let keys = format!("[[capk_rsa]]\n{}", key());
    let files = [
        ("--terminal", TERMINAL),
        ("--aids", APPLICATIONS),
        ("--capk", keys.as_str()),
        ("--crl", ""),
    ];
    let arguments = files.into_iter().flat_map(|(option, text)| {
        [option.into(), write(folder, &format!("{}.toml", &option[2..]), text)]
    });
    core::iter::once(program).chain(arguments).collect()
}

/// Returns the authority's key; the two programs have the same words for it.
fn key() -> String {
    let key = TestCa::capk(RID, KEYS);
    let [rid, modulus, exponent] = [hex(&key.rid), hex(&key.modulus), hex(&key.exponent)];
    format!(
        "rid = \"{rid}\"\nindex = \"{:02X}\"\nmodulus = \"{modulus}\"\nexponent = \"{exponent}\"\n",
        key.index
    )
}

fn write(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

/// Runs a program, which has to say that the card approved.
fn run(program: &[PathBuf], approved: &str) {
    let mut command = Command::new(&program[0]);
    let output = command.args(&program[1..]).stdin(Stdio::null()).output().unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(told.contains(approved), "{told}\n{}", String::from_utf8_lossy(&output.stderr));
}
