//! The terminal's side against the virtual acquirer, over real TCP.

#![expect(clippy::unwrap_used, reason = "a failing test may panic")]

mod common;

use core::time::Duration;

use common::*;
use countertop_acquirer::unionpay::{MacKind, Profile, UnionPay};
use countertop_acquirer::{
    Acquirer, BatchRecord, FinancialRequest, HostAnswer, HostError, OriginalTransaction,
    ParameterTable, PreparedRequest, ReversalReason, SettlementFlag, SettlementTotals, SideTotals,
    Submission, UnknownReason, Verdict,
};
use countertop_virtual::acquirer::{
    Account, AccountStatus, AcquirerConfig, AcquirerControl, Behaviour, EntryKind, EntryState,
    HostParameters, TerminalIdentity, read_ledger,
};
use countertop_wire::iso8583::Mti;
use countertop_wire::unionpay::{HostTask, MacAlgorithm};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A terminal that has signed in, and its host.
struct Counter {
    client: UnionPay,
    pad: TestPad,
    control: AcquirerControl,
    host: String,
}

impl Counter {
    async fn open() -> Self {
        Self::with(config()).await
    }

    async fn with(config: AcquirerConfig) -> Self {
        let (host, control) = start(config).await;
        let (mut client, mut pad) = (client(&host), TestPad::new());
        client.sign_in(&mut pad, &sign_in_request()).await.unwrap();
        Self { client, pad, control, host }
    }

    async fn prepare(&mut self, request: &FinancialRequest) -> PreparedRequest {
        self.client.prepare(&mut self.pad, request).await.unwrap()
    }

    async fn submit(&mut self, request: &FinancialRequest) -> (Submission, PreparedRequest) {
        let prepared = self.prepare(request).await;
        (self.client.submit(&mut self.pad, &prepared).await, prepared)
    }

    async fn answer(&mut self, request: &FinancialRequest) -> HostAnswer {
        match self.submit(request).await {
            (Submission::Answered(answer), _) => answer,
            (other, _) => panic!("{other:?}"),
        }
    }

    async fn code(&mut self, request: &FinancialRequest) -> String {
        self.answer(request).await.code.to_string()
    }

    async fn reverse(&mut self, prepared: &PreparedRequest) -> Result<String, HostError> {
        let reason = ReversalReason::NoAnswer;
        let reversal = &prepared.reversal;
        let code = self.client.reverse(&mut self.pad, reversal, reason, None).await?;
        Ok(code.to_string())
    }

    fn states(&self) -> Vec<(u32, EntryState)> {
        self.control.ledger().iter().map(|entry| (entry.stan, entry.state)).collect()
    }
}

fn original(number: u32, answer: &HostAnswer) -> OriginalTransaction {
    OriginalTransaction {
        batch: batch(1),
        stan: stan(number),
        rrn: answer.rrn.clone().unwrap(),
        authorization_code: answer.authorization_code.clone(),
    }
}

fn totals(debit: (u64, u32), credit: (u64, u32)) -> SettlementTotals {
    let domestic = SideTotals {
        debit_amount: debit.0,
        debit_count: debit.1,
        credit_amount: credit.0,
        credit_count: credit.1,
    };
    SettlementTotals { domestic, foreign: SideTotals::default() }
}

#[tokio::test]
async fn a_whole_day() {
    let mut counter = Counter::open().await;
    counter.client.echo_test(batch(1)).await.unwrap();
    let pin_block = Some(counter.pad.type_pin("123456", PAN));
    let first = FinancialRequest { pin_block: pin_block.clone(), ..sale(2, "12.34", chip()) };
    let answer = counter.answer(&first).await;
    assert_eq!(answer.code.verdict(), Verdict::Approved);
    assert_eq!(answer.scheme.as_deref(), Some("CUP"));
    assert_eq!(answer.rrn.as_ref().unwrap().len(), 12);
    assert!(answer.settlement_date.is_some() && answer.time.is_some());
    assert_eq!(counter.code(&sale(3, "1000.00", tap())).await, "00");
    let swiped = FinancialRequest { pin_block, ..sale(4, "0.50", swipe()) };
    assert_eq!(counter.code(&swiped).await, "00");
    assert_eq!(counter.code(&sale(5, "0.01", code())).await, "00");
    assert_eq!(counter.code(&void(6, "12.34", original(2, &answer))).await, "00");
    let kinds: Vec<_> = counter.control.ledger().iter().map(|entry| entry.kind).collect();
    use EntryKind::{Sale, Void};
    assert_eq!(kinds, [Sale, Sale, Sale, Sale, Void]);
    assert_eq!(counter.control.ledger()[0].state, EntryState::Voided);
    assert_eq!(counter.control.ledger()[0].card.as_deref(), Some("620000******0005"));

    let sum = totals((1_234 + 100_000 + 50 + 1, 4), (1_234, 1));
    let settled = counter.client.settle(stan(7), batch(1), 1, &sum).await.unwrap();
    assert!(settled.balanced(), "{settled:?}");
    let again = counter.client.settle(stan(8), batch(1), 1, &sum).await.unwrap();
    assert!(again.balanced(), "a settlement can be repeated");
    counter.client.sign_out(stan(9), batch(2)).await.unwrap();
    let codes = counter.control.seen();
    assert!(codes.iter().all(|seen| seen.code.as_deref() == Some("00")), "{codes:?}");
}

#[tokio::test]
async fn a_lost_request_leaves_nothing_and_its_reversal_is_done() {
    let mut counter = Counter::open().await;
    counter.control.next(Behaviour::DropRequest);
    let (submission, prepared) = counter.submit(&sale(2, "12.34", chip())).await;
    let Submission::Unknown(UnknownReason::NoAnswer, HostError::NoAnswer { .. }) = submission
    else {
        panic!("{submission:?}")
    };
    assert_eq!(counter.states(), []);
    assert_eq!(counter.reverse(&prepared).await.unwrap(), "25");
    let late = counter.client.submit(&mut counter.pad, &prepared).await;
    let Submission::Answered(answer) = late else { panic!("{late:?}") };
    assert_eq!(answer.code.to_string(), "94", "what was reversed is not booked any more");
}

#[tokio::test]
async fn a_lost_answer_is_reversed_once() {
    for behaviour in [
        Behaviour::DropResponse,
        Behaviour::Garble,
        Behaviour::WrongTrace,
        Behaviour::Delay(Duration::from_secs(5)),
    ] {
        let mut counter = Counter::open().await;
        counter.control.next(behaviour.clone());
        let (submission, prepared) = counter.submit(&sale(2, "12.34", chip())).await;
        let unknown = matches!(submission, Submission::Unknown(UnknownReason::NoAnswer, _));
        assert!(unknown, "{behaviour:?}: {submission:?}");
        assert_eq!(counter.states(), [(2, EntryState::Approved)]);
        assert_eq!(counter.reverse(&prepared).await.unwrap(), "00");
        assert_eq!(counter.reverse(&prepared).await.unwrap(), "00");
        assert_eq!(counter.states(), [(2, EntryState::Reversed)]);
        let settled = counter.client.settle(stan(3), batch(1), 1, &totals((0, 0), (0, 0))).await;
        assert!(settled.unwrap().balanced());
    }
}

#[tokio::test]
async fn a_wrong_code_of_the_answer_is_told_apart() {
    let mut counter = Counter::open().await;
    counter.control.next(Behaviour::BadMac);
    let (submission, prepared) = counter.submit(&sale(2, "12.34", chip())).await;
    let bad =
        matches!(submission, Submission::Unknown(UnknownReason::BadMac, HostError::BadMac { .. }));
    assert!(bad, "{submission:?}");
    let reason = ReversalReason::BadMac;
    let reversal = &prepared.reversal;
    let code = counter.client.reverse(&mut counter.pad, reversal, reason, Some("123456")).await;
    assert_eq!(code.unwrap().to_string(), "00");
    let fields = &counter.control.seen().last().unwrap().fields.clone();
    assert!(fields.contains(&38) && fields.contains(&39) && !fields.contains(&35), "{fields:?}");
}

#[tokio::test]
async fn a_reversal_that_fails_can_be_repeated() {
    let mut counter = Counter::open().await;
    counter.control.next_of(Mti::FINANCIAL, Behaviour::DropResponse);
    counter.control.next_of(Mti::REVERSAL, Behaviour::DropResponse);
    counter.control.next_of(Mti::REVERSAL, Behaviour::BadMac);
    counter.control.next_of(Mti::REVERSAL, Behaviour::Decline(*b"96"));
    let (_, prepared) = counter.submit(&sale(2, "12.34", chip())).await;
    assert!(matches!(counter.reverse(&prepared).await, Err(HostError::NoAnswer { .. })));
    assert!(matches!(counter.reverse(&prepared).await, Err(HostError::BadMac { .. })));
    assert_eq!(counter.reverse(&prepared).await.unwrap(), "96");
    assert_eq!(counter.reverse(&prepared).await.unwrap(), "00");
    assert_eq!(counter.control.clear_script(), 0);
}

#[tokio::test]
async fn a_void_that_is_reversed_restores_the_sale() {
    let mut counter = Counter::open().await;
    let answer = counter.answer(&sale(2, "12.34", chip())).await;
    counter.control.next(Behaviour::DropResponse);
    let (_, prepared) = counter.submit(&void(3, "12.34", original(2, &answer))).await;
    assert_eq!(counter.states(), [(2, EntryState::Voided), (3, EntryState::Approved)]);
    assert_eq!(counter.reverse(&prepared).await.unwrap(), "00");
    assert_eq!(counter.states(), [(2, EntryState::Approved), (3, EntryState::Reversed)]);
    assert_eq!(counter.code(&void(4, "12.34", original(2, &answer))).await, "00");
}

#[tokio::test]
async fn voids_have_to_name_their_sale() {
    let mut counter = Counter::open().await;
    let answer = counter.answer(&sale(2, "12.34", chip())).await;
    let good = original(2, &answer);
    let wrong_rrn = OriginalTransaction { rrn: "000000000000".into(), ..good.clone() };
    assert_eq!(counter.code(&void(3, "12.34", wrong_rrn)).await, "25");
    let wrong_stan = OriginalTransaction { stan: stan(9), ..good.clone() };
    assert_eq!(counter.code(&void(4, "12.34", wrong_stan)).await, "25");
    assert_eq!(counter.code(&void(5, "12.35", good.clone())).await, "64");
    assert_eq!(counter.code(&void(6, "12.34", good.clone())).await, "00");
    assert_eq!(counter.code(&void(7, "12.34", good)).await, "12");
}

#[tokio::test]
async fn nothing_is_sent_when_nobody_listens() {
    let mut counter = Counter::open().await;
    let prepared = counter.prepare(&sale(2, "12.34", chip())).await;
    let mut nobody = client("127.0.0.1:1");
    let submission = nobody.submit(&mut counter.pad, &prepared).await;
    assert!(matches!(submission, Submission::NotSent(HostError::Connect { .. })));
    let error = nobody.echo_test(batch(1)).await.unwrap_err();
    assert!(error.to_string().contains("check the network"), "{error}");
}

#[tokio::test]
async fn a_closed_connection_is_no_answer() {
    let mut counter = Counter::open().await;
    counter.control.next(Behaviour::HangUp);
    let (submission, _) = counter.submit(&sale(2, "12.34", chip())).await;
    assert!(matches!(submission, Submission::Unknown(UnknownReason::NoAnswer, _)));
    assert_eq!(counter.states(), []);
}

#[tokio::test]
async fn pins_are_checked() {
    let mut counter = Counter::open().await;
    let wrong = Some(counter.pad.type_pin("654321", PAN));
    for number in 2..5 {
        let request = FinancialRequest { pin_block: wrong.clone(), ..sale(number, "1.00", chip()) };
        assert_eq!(counter.answer(&request).await.code.verdict(), Verdict::WrongPin);
    }
    let right = Some(counter.pad.type_pin("123456", PAN));
    let request = FinancialRequest { pin_block: right.clone(), ..sale(5, "1.00", chip()) };
    assert_eq!(counter.code(&request).await, "75");
    counter.control.set_account(Account::new(PAN, "123456"));
    let request = FinancialRequest { pin_block: right, ..sale(6, "1.00", chip()) };
    assert_eq!(counter.code(&request).await, "00");
    let other_card = Some(counter.pad.type_pin("123456", "4111111111111111"));
    let request = FinancialRequest { pin_block: other_card, ..sale(7, "1.00", chip()) };
    assert_eq!(counter.code(&request).await, "99");
}

#[tokio::test]
async fn accounts_decide() {
    let mut counter = Counter::open().await;
    let mut number = 1;
    for (status, balance, code) in [
        (AccountStatus::Expired, 10_000, "54"),
        (AccountStatus::Lost, 10_000, "41"),
        (AccountStatus::Stolen, 10_000, "43"),
        (AccountStatus::Restricted, 10_000, "62"),
        (AccountStatus::Active, 99, "51"),
        (AccountStatus::Active, 100, "00"),
    ] {
        let mut account = Account::new(PAN, "123456");
        (account.status, account.balance) = (status, balance);
        counter.control.set_account(account);
        number += 1;
        assert_eq!(counter.code(&sale(number, "1.00", chip())).await, code);
    }
    assert_eq!(counter.code(&sale(8, "0.01", chip())).await, "51", "the balance is used up");
    counter.control.next(Behaviour::Approve);
    assert_eq!(counter.code(&sale(9, "0.01", chip())).await, "00");
    assert_eq!(counter.code(&sale(9, "0.01", chip())).await, "94");
    assert_eq!(counter.code(&sale(10, "1.00", code())).await, "00");
    assert_eq!(counter.code(&sale(11, "1.00", code())).await, "22", "a code is used once");
}

#[tokio::test]
async fn amounts_decide_where_wanted() {
    let mut config = config();
    config.amount_rules = true;
    let mut counter = Counter::with(config).await;
    assert_eq!(counter.code(&sale(2, "44.51", chip())).await, "51");
    assert_eq!(counter.code(&sale(3, "44.00", chip())).await, "00");
    let (submission, _) = counter.submit(&sale(4, "45.02", chip())).await;
    assert!(matches!(submission, Submission::Unknown(UnknownReason::NoAnswer, _)));
    assert_eq!(counter.states().len(), 2);
}

#[tokio::test]
async fn ansi_x9_9_where_the_host_wants_it() {
    let mut config = config();
    config.mac = MacAlgorithm::AnsiX99;
    let (host, control) = start(config).await;
    let mut profile = profile(&host);
    profile.mac = MacKind::X99;
    let (mut client, mut pad) = (UnionPay::new(profile).unwrap(), TestPad::new());
    client.sign_in(&mut pad, &sign_in_request()).await.unwrap();
    let prepared = client.prepare(&mut pad, &sale(2, "12.34", chip())).await.unwrap();
    let submission = client.submit(&mut pad, &prepared).await;
    assert!(matches!(submission, Submission::Answered(_)), "{submission:?}");
    assert_eq!(control.ledger().len(), 1);
}

#[tokio::test]
async fn a_host_without_our_keys_wants_a_sign_in() {
    let mut counter = Counter::open().await;
    counter.control.forget_keys();
    let (submission, prepared) = counter.submit(&sale(2, "12.34", chip())).await;
    let Submission::Unknown(UnknownReason::BadMac, HostError::Refused { code, .. }) = submission
    else {
        panic!("{submission:?}")
    };
    assert_eq!(code.verdict(), Verdict::SignInAgain);
    counter.client.sign_in(&mut counter.pad, &sign_in_request()).await.unwrap();
    assert_eq!(counter.reverse(&prepared).await.unwrap(), "25");
    assert_eq!(counter.code(&sale(3, "12.34", chip())).await, "00");
}

#[tokio::test]
async fn a_terminal_without_the_hosts_keys_believes_nothing() {
    let mut counter = Counter::open().await;
    counter.pad.spoil_mac_key();
    let (submission, _) = counter.submit(&sale(2, "12.34", chip())).await;
    assert!(matches!(submission, Submission::Unknown(UnknownReason::BadMac, _)));
    assert_eq!(counter.control.seen().last().unwrap().code.as_deref(), Some("A0"));
    assert_eq!(counter.states(), []);
}

#[tokio::test]
async fn a_tampered_request_is_refused() {
    let mut counter = Counter::open().await;
    let prepared = counter.prepare(&sale(2, "12.34", chip())).await;
    let mut frame = prepared.frame.expose().to_vec();
    let amount = frame.windows(6).position(|six| six == [0, 0, 0, 0, 0x12, 0x34]).unwrap();
    frame[amount + 5] = 0x35;
    let prepared = PreparedRequest { frame: frame.into(), ..prepared };
    let submission = counter.client.submit(&mut counter.pad, &prepared).await;
    let Submission::Answered(answer) = submission else { panic!("{submission:?}") };
    assert_eq!(answer.code.to_string(), "A0");
}

#[tokio::test]
async fn a_key_that_does_not_fit_fails_the_sign_in() {
    let mut counter = Counter::open().await;
    counter.control.next(Behaviour::BadCheckValue);
    let signed_in = counter.client.sign_in(&mut counter.pad, &sign_in_request()).await;
    assert!(matches!(signed_in, Err(HostError::BadKey { key: "MAC", .. })), "{signed_in:?}");
    counter.control.next(Behaviour::Decline(*b"97"));
    let signed_in = counter.client.sign_in(&mut counter.pad, &sign_in_request()).await;
    let error = signed_in.unwrap_err();
    assert!(error.to_string().ends_with("sign in: refused with 97"), "{error}");
}

#[tokio::test]
async fn unknown_terminals_and_merchants_are_refused() {
    for (terminal_id, merchant_id, code) in
        [("20000002", "000000000000001", "97"), ("10000001", "000000000000002", "03")]
    {
        let mut config = config();
        let (terminal_id, merchant_id) = (terminal_id.to_owned(), merchant_id.to_owned());
        config.terminals.push(TerminalIdentity { terminal_id, merchant_id });
        let (host, _) = start(config).await;
        let signed_in = client(&host).sign_in(&mut TestPad::new(), &sign_in_request()).await;
        let error = signed_in.unwrap_err().to_string();
        assert!(error.ends_with(&format!("refused with {code}")), "{error}");
    }
}

#[tokio::test]
async fn a_live_host_refuses_test_keys() {
    let (host, control) = start(config()).await;
    let mut live = profile(&host);
    live.live = true;
    let (mut client, mut pad) = (UnionPay::new(live).unwrap(), TestPad::new());
    let error = client.sign_in(&mut pad, &sign_in_request()).await.unwrap_err();
    assert!(error.to_string().contains("test keys only"), "{error}");
    let error = client.prepare(&mut pad, &sale(2, "12.34", chip())).await.unwrap_err();
    assert!(matches!(error, HostError::PinPad(_)), "{error}");
    assert!(control.seen().is_empty());
}

#[tokio::test]
async fn training_and_tasks_are_in_the_header() {
    let (host, control) = start(config()).await;
    let mut training: Profile = profile(&host);
    training.training = true;
    let mut client = UnionPay::new(training).unwrap();
    control.set_host_task(HostTask::UpdateCapk);
    client.echo_test(batch(1)).await.unwrap();
    assert!(control.seen()[0].training);
    assert_eq!(client.host_task(), HostTask::UpdateCapk);
}

#[tokio::test]
async fn tables_come_record_by_record() {
    let (host, control) = start(config()).await;
    let mut client = UnionPay::new(profile(&host)).unwrap();
    assert_eq!(client.parameters_due(), None);
    let tables = HostParameters::default();
    // Two names go into one answer, so that three are two queries.
    assert_eq!((tables.keys.len(), tables.applications.len()), (3, 3));
    for (task, table, records) in [
        (HostTask::UpdateCapk, ParameterTable::CaPublicKeys, tables.keys),
        (HostTask::UpdateIccParameters, ParameterTable::Applications, tables.applications),
    ] {
        control.set_host_task(task);
        client.echo_test(batch(1)).await.unwrap();
        assert_eq!(client.parameters_due(), Some(table));
        let before = control.seen().len();
        assert_eq!(client.download_parameters(batch(1), table).await.unwrap(), records);
        assert_eq!(control.seen().len(), before + 2 + 3 + 1);
        assert_eq!(client.parameters_due(), None, "the host has been told of the end");
    }
}

#[tokio::test]
async fn a_table_that_breaks_off_is_none() {
    let (host, control) = start(config()).await;
    let mut client = UnionPay::new(profile(&host)).unwrap();
    let table = ParameterTable::Applications;
    for requests in 0..6 {
        for _ in 0..requests {
            control.next(Behaviour::Approve);
        }
        control.next(Behaviour::DropRequest);
        let error = client.download_parameters(batch(1), table).await.unwrap_err();
        assert!(matches!(error, HostError::NoAnswer { .. }), "{requests}: {error}");
        control.clear_script();
    }
    let mut empty = HostParameters::default();
    empty.applications.clear();
    control.set_parameters(empty);
    let records = client.download_parameters(batch(1), table).await.unwrap();
    assert_eq!(records, Vec::<Vec<u8>>::new());
}

#[tokio::test]
async fn an_unbalanced_batch_is_uploaded_and_closed() {
    let mut counter = Counter::open().await;
    for number in 2..13 {
        assert_eq!(counter.code(&sale(number, "1.00", chip())).await, "00");
    }
    let sum = totals((1_200, 12), (0, 0));
    let settled = counter.client.settle(stan(20), batch(1), 1, &sum).await.unwrap();
    assert_eq!(settled.domestic, SettlementFlag::Unbalanced);
    assert_eq!(settled.foreign, SettlementFlag::Balanced);
    let record = |number, amount| BatchRecord {
        foreign: false,
        stan: stan(number),
        pan: Some(secret(PAN)),
        amount: yuan(amount),
    };
    let mut records: Vec<_> = (3..13).map(|number| record(number, "1.00")).collect();
    records.push(record(14, "2.00"));
    records[0] = record(3, "3.00");
    counter.control.next(Behaviour::DropResponse);
    counter.client.upload_batch(stan(21), batch(1), &records).await.unwrap_err();
    let last = counter.client.upload_batch(stan(22), batch(1), &records).await.unwrap();
    assert_eq!(last, stan(24), "two messages of eight and three, and the end");
    let found = counter.control.reconciliations();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].missing_at_host, [14]);
    assert_eq!(found[0].missing_at_terminal, [2]);
    assert_eq!(found[0].differing, [3]);

    let late = counter.answer(&sale(25, "1.00", chip())).await;
    assert_eq!(late.code.verdict(), Verdict::SignInAgain, "the batch is closed");
    let signed_in = counter.client.sign_in(&mut counter.pad, &sign_in_request()).await.unwrap();
    assert_eq!(signed_in.batch, batch(2));
    let next = FinancialRequest { batch: batch(2), ..sale(2, "1.00", chip()) };
    assert_eq!(counter.code(&next).await, "00");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_terminals_at_once() {
    let (host, control) = start(config()).await;
    let terminals = (0..4).map(|index| {
        let mut profile = profile(&host);
        profile.terminal_id = format!("1000000{index}");
        profile.response_timeout_ms = 10_000;
        tokio::spawn(async move {
            let (mut client, mut pad) = (UnionPay::new(profile).unwrap(), TestPad::new());
            client.sign_in(&mut pad, &sign_in_request()).await.unwrap();
            for number in 2..12 {
                let request = sale(number, "1.00", chip());
                let prepared = client.prepare(&mut pad, &request).await.unwrap();
                let submission = client.submit(&mut pad, &prepared).await;
                assert!(matches!(submission, Submission::Answered(_)), "{submission:?}");
            }
            let sum = totals((1_000, 10), (0, 0));
            client.settle(stan(12), batch(1), 1, &sum).await.unwrap().balanced()
        })
    });
    for terminal in terminals.collect::<Vec<_>>() {
        assert!(terminal.await.unwrap());
    }
    assert_eq!(control.ledger().len(), 40);
}

#[tokio::test]
async fn the_ledger_outlives_the_host() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.jsonl");
    let mut config = config();
    config.ledger_file = Some(path.clone());
    let mut counter = Counter::with(config).await;
    let answer = counter.answer(&sale(2, "12.34", chip())).await;
    counter.answer(&void(3, "12.34", original(2, &answer))).await;
    counter.answer(&sale(4, "1.00", code())).await;
    assert_eq!(read_ledger(&path).unwrap(), counter.control.ledger());
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(!text.contains(PAN) && !text.contains("6200000000000000005"), "{text}");
}

#[tokio::test]
async fn strangers_cannot_bring_the_host_down() {
    let mut counter = Counter::open().await;
    let prepared = counter.prepare(&sale(2, "12.34", chip())).await;
    let frame = prepared.frame.expose();
    let mut garbage: Vec<Vec<u8>> = (0..frame.len()).map(|cut| frame[..cut].to_vec()).collect();
    // The authentication code protects the message, which begins at the fourteenth byte.
    garbage.extend((13..frame.len()).step_by(7).map(|place| {
        let mut damaged = frame.to_vec();
        damaged[place] ^= 0xFF;
        damaged
    }));
    garbage.extend([vec![0xFF; 70_000], vec![0, 0], vec![0, 1, 2, 0, 1, 2]]);
    for bytes in garbage {
        let mut stream = TcpStream::connect(&counter.host).await.unwrap();
        // The host may hang up before all is written.
        let _written = stream.write_all(&bytes).await;
        let _closed = stream.shutdown().await;
        let mut answer = Vec::new();
        let read = stream.read_to_end(&mut answer);
        let _read = tokio::time::timeout(Duration::from_secs(5), read).await.unwrap();
    }
    assert_eq!(counter.states(), []);
    assert_eq!(counter.code(&sale(3, "12.34", chip())).await, "00");
}

#[tokio::test]
async fn partial_and_joined_frames_are_served() {
    let counter = Counter::open().await;
    let echo = hex("0021 6000030000 603100310001 0820 0000000000C00010 \
        3130303030303031 303030303030303030303030303031 0011 000000013010");
    let length = u16::try_from(echo.len() - 2).unwrap().to_be_bytes();
    let echo = [&length[..], &echo[2..]].concat();
    let mut stream = TcpStream::connect(&counter.host).await.unwrap();
    let twice = [&echo[..], &echo[..]].concat();
    for byte in twice {
        stream.write_all(&[byte]).await.unwrap();
        stream.flush().await.unwrap();
    }
    for _ in 0..2 {
        let length = usize::from(stream.read_u16().await.unwrap());
        let mut body = vec![0; length];
        stream.read_exact(&mut body).await.unwrap();
        assert_eq!(body[11..13], [0x08, 0x30]);
    }
}
