//! A whole contact transaction with DDA and the longest keys of EMV (1984, 1976 and 1976 bits): ours, and
//! the crate `emv` alone, side by side.
//!
//! `card` has the virtual card sign; `terminal` replays its answers, so that nothing but the
//! terminal's own time is left.
#![expect(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a benchmark")]
#![allow(missing_docs, reason = "criterion_main makes a public function")]

#[path = "../tests/common/mod.rs"]
mod common;
mod turns;

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use common::{MemorySession, parameters, purchase};
use countertop_emv::TransactionData;
use countertop_emv::contact::{ContactTransaction, Step};
use countertop_emv::parameters::{CaPublicKey, EmvParameters};
use countertop_virtual::card::{
    CardKeys, CardProfile, CvmMethod, CvmRule, PaymentCard, TestCa, VirtualCard,
};
use criterion::{Criterion, criterion_group, criterion_main};
use emv::contact::cardholder_verification::CvmExecutionResult;
use emv::contact::dol_resolve::DolResolveExt as _;
use emv::contact::online_processing::{OnlineAuthorisation, OnlineAuthorisationResponse};
use emv::contact::processing_restrictions::TransactionCategory;
use emv::contact::terminal::{Terminal, TerminalApplication};
use emv::contact::transaction::{CvmFlags, TransactionContext, TransactionInputs};
use emv::contact::transaction_driver::Transaction;
use emv::core::apdu::{Command, Response};
use emv::core::application_cryptogram_type::ApplicationCryptogramType as Kind;
use emv::core::card_reader::CardReader;
use emv::core::dol::Dol;
use emv::core::generate_ac::{GenerateAcResponse, SignatureRequest};
use emv::core::{oda, tags};
use emv::de::additional_terminal_capabilities::AdditionalTerminalCapabilities;
use emv::de::terminal_capabilities::TerminalCapabilities;
use emv::de::terminal_type::TerminalType;
use tokio::runtime::{Builder, Runtime};

const LONGEST: CardKeys = CardKeys::new(1984, 1976, 1976);
const RID: [u8; 5] = [0xA0, 0, 0, 0x03, 0x33];

type Known = Arc<Mutex<HashMap<Vec<u8>, Vec<u8>>>>;

/// Is a card that writes its answers down, or one that has nothing but what was written down.
#[derive(Debug)]
struct Recorded {
    card: Option<PaymentCard>,
    known: Known,
}

impl VirtualCard for Recorded {
    fn answer_to_reset(&self) -> Vec<u8> {
        vec![0x3B, 0x00]
    }

    fn answer_to_select(&self) -> Vec<u8> {
        Vec::new()
    }

    fn reset(&mut self) {
        if let Some(card) = &mut self.card {
            card.reset();
        }
    }

    fn transmit(&mut self, command: &[u8]) -> Vec<u8> {
        let mut known = self.known.lock().unwrap();
        match &mut self.card {
            Some(card) => {
                let answer = card.transmit(command);
                known.insert(command.to_vec(), answer.clone());
                answer
            }
            None => known.get(command).cloned().unwrap_or_else(|| vec![0x6A, 0x82]),
        }
    }
}

fn card() -> PaymentCard {
    PaymentCard::new(
        CardProfile::unionpay_debit()
            .with_keys(LONGEST)
            .with_cvm_rules([CvmRule::or_fail(CvmMethod::NoCvm)]),
    )
}

fn key() -> countertop_virtual::card::CaPublicKey {
    TestCa::capk(RID, LONGEST)
}

fn ours() -> Arc<EmvParameters> {
    let key = key();
    let key = CaPublicKey::new(key.rid, key.index, key.modulus, key.exponent);
    Arc::new((*parameters()).clone().with_key(key))
}

fn run_ours(
    runtime: &Runtime,
    card: impl VirtualCard + 'static,
    parameters: &Arc<EmvParameters>,
    data: &TransactionData,
) {
    let (session, _) = MemorySession::open(card);
    let start = ContactTransaction::start(session, Arc::clone(parameters), data.clone());
    let outcome = runtime.block_on(async {
        match start.await.unwrap() {
            Step::GoOnline(request) => request.host_answered(true, *b"00", &[]).await.unwrap(),
            step => panic!("{step:?}"),
        }
    });
    assert!(outcome.is_approved() && outcome.tvr.0[0] == 0, "{outcome:?}");
}

struct Reader(Box<dyn VirtualCard>);

impl CardReader for Reader {
    type Error = emv::Error;

    fn transmit(&mut self, command: &Command) -> Result<Response, emv::Error> {
        Response::parse(&self.0.transmit(&command.to_bytes()?))
    }
}

struct NoHost;

impl OnlineAuthorisation for NoHost {
    type Error = Infallible;

    fn authorise(
        &mut self,
        _: &TransactionContext<'_>,
        _: &GenerateAcResponse,
    ) -> Result<OnlineAuthorisationResponse, Infallible> {
        panic!("nobody is asked")
    }
}

fn theirs() -> (Terminal, oda::CaPublicKey) {
    let terminal = Terminal {
        terminal_type: TerminalType(0x22),
        terminal_capabilities: TerminalCapabilities::parse(&[0xE0, 0x78, 0xC8]).unwrap(),
        additional_terminal_capabilities: AdditionalTerminalCapabilities::default(),
        terminal_country_code: 156,
        terminal_identification: [b' '; 8],
        ifd_serial_number: [b'0'; 8],
        merchant_category_code: 5999,
        merchant_identifier: [b' '; 15],
        merchant_name_and_location: Vec::new(),
        acquirer_identifier: None,
        cardholder_selection_and_confirmation_supported: true,
        applications: vec![TerminalApplication {
            aid: vec![0xA0, 0, 0, 0x03, 0x33, 1, 1, 1],
            partial_match_allowed: true,
            application_version_number: [0x00, 0x20],
            terminal_floor_limit: 0,
            terminal_risk_management_data: None,
            default_ddol: Some(vec![0x9F, 0x37, 0x04]),
            default_tdol: None,
            tac_denial: Some([0x00, 0x10, 0, 0, 0]),
            tac_online: Some([0xD8, 0x40, 0x04, 0xF8, 0]),
            tac_default: Some([0xD8, 0x40, 0x00, 0xA8, 0]),
            rts_target_percentage: None,
            rts_max_target_percentage: None,
            rts_threshold_value: None,
        }],
    };
    let key = key();
    let key = oda::CaPublicKey {
        rid: key.rid,
        index: key.index,
        modulus: key.modulus,
        exponent: key.exponent,
    };
    (terminal, key)
}

/// Goes through the steps of the crate's own program, without its printing.
fn run_theirs(
    card: impl VirtualCard + 'static,
    terminal: &Terminal,
    key: &oda::CaPublicKey,
    data: &TransactionData,
) {
    let inputs = TransactionInputs {
        amount_authorised: data.amount.minor(),
        amount_other: 0,
        transaction_currency_code: 156,
        transaction_currency_exponent: 2,
        transaction_date: data.date,
        transaction_time: data.time,
        transaction_type: 0,
        transaction_sequence_counter: 1,
        unpredictable_number: data.unpredictable_number,
    };
    let mut tx = Transaction::new(Reader(Box::new(card)), terminal, inputs, NoHost);
    let listed = tx.build_candidate_list().unwrap_or_else(|_| panic!("candidates"));
    let fci = tx.select_application(&listed[0].df_name).unwrap_or_else(|_| panic!("select"));
    let pdol = fci.pdol.unwrap().resolve(&tx.ctx);
    tx.initiate(&pdol).unwrap_or_else(|_| panic!("initiate"));
    let records = tx.read_application_data().unwrap_or_else(|_| panic!("read")).oda_input;
    let keys = core::slice::from_ref(key);
    let outcome = tx
        .perform_offline_data_authentication(keys, &[], &[], &records)
        .unwrap_or_else(|_| panic!("authenticate"));
    assert!(matches!(outcome, oda::OdaOutcome::DdaSuccess { .. }), "{outcome:?}");
    tx.ctx.process_restrictions(TransactionCategory::Purchase, false).unwrap();
    tx.ctx
        .cardholder_verification(CvmFlags::default(), |_| CvmExecutionResult::Successful)
        .unwrap();
    tx.run_terminal_risk_management(None, None).unwrap_or_else(|_| panic!("risk"));
    let wanted = tx.ctx.terminal_action_analysis(false).unwrap();
    let answer = |tx: &Transaction<'_, Reader, NoHost>, tag| {
        Dol::parse(tx.ctx.tag_store.get(tag).unwrap()).unwrap().resolve(&tx.ctx)
    };
    let list = answer(&tx, tags::CDOL1);
    let first = tx
        .first_generate_ac(wanted, SignatureRequest::None, list)
        .unwrap_or_else(|_| panic!("first"));
    tx.ctx.card_action_analysis(&first);
    let list = answer(&tx, tags::CDOL2);
    tx.second_generate_ac(Kind::Tc, SignatureRequest::None, list)
        .unwrap_or_else(|_| panic!("second"));
}

fn contact(criterion: &mut Criterion) {
    let runtime = Builder::new_current_thread().build().unwrap();
    let (parameters, data) = (ours(), purchase(1234));
    let (terminal, key) = theirs();
    let fresh = card();

    let mut group = criterion.benchmark_group("contact/card");
    group.sample_size(20);
    group.bench_function("countertop", |bencher| {
        bencher.iter(|| run_ours(&runtime, fresh.clone(), &parameters, &data));
    });
    group.bench_function("emv", |bencher| {
        bencher.iter(|| run_theirs(fresh.clone(), &terminal, &key, &data));
    });
    group.finish();

    let [our_answers, their_answers] = [Known::default(), Known::default()];
    let record = |known: &Known| Recorded { card: Some(fresh.clone()), known: Arc::clone(known) };
    let replay = |known: &Known| Recorded { card: None, known: Arc::clone(known) };
    run_ours(&runtime, record(&our_answers), &parameters, &data);
    run_theirs(record(&their_answers), &terminal, &key, &data);
    let mut group = criterion.benchmark_group("contact/terminal");
    group.bench_function("countertop", |bencher| {
        bencher.iter(|| run_ours(&runtime, replay(&our_answers), &parameters, &data));
    });
    group.bench_function("emv", |bencher| {
        bencher.iter(|| run_theirs(replay(&their_answers), &terminal, &key, &data));
    });
    group.finish();
}

/// Prints the median of each side, the two run by turns, and the processor's time of a transaction, threads that
/// have ended included: on a busy machine the wall's clock counts other programs, once for each message between
/// threads.
fn side_by_side(_: &mut Criterion) {
    const RUNS: u32 = 1_000;
    let runtime = Builder::new_current_thread().build().unwrap();
    let (parameters, data) = (ours(), purchase(1234));
    let (terminal, key) = theirs();
    let [our_answers, their_answers] = [Known::default(), Known::default()];
    let record = |known: &Known| Recorded { card: Some(card()), known: Arc::clone(known) };
    let replay = |known: &Known| Recorded { card: None, known: Arc::clone(known) };
    run_ours(&runtime, record(&our_answers), &parameters, &data);
    run_theirs(record(&their_answers), &terminal, &key, &data);
    let ours = || run_ours(&runtime, replay(&our_answers), &parameters, &data);
    let theirs = || run_theirs(replay(&their_answers), &terminal, &key, &data);
    turns::race("our part by turns", 4_000, ours, theirs);
    let [ours, theirs] = [processor_time(ours, RUNS), processor_time(theirs, RUNS)];
    println!("processor time of a transaction: countertop {ours:?}, emv {theirs:?}");
}

/// Returns the processor's time that this process takes for one of `runs`.
fn processor_time(mut work: impl FnMut(), runs: u32) -> Duration {
    let before = spent();
    (0..runs).for_each(|_| work());
    (spent() - before) / runs
}

/// Returns the processor's time of this process: its 14th and 15th field, in ticks of 10 ms.
fn spent() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let (_, fields) = stat.rsplit_once(") ").unwrap();
    let ticks = |field: &str| field.parse::<u64>().unwrap();
    Duration::from_millis(fields.split(' ').skip(11).take(2).map(ticks).sum::<u64>() * 10)
}

criterion_group!(benches, contact, side_by_side);
criterion_main!(benches);
