//! What the terminal sends equals, to the byte, what an independent implementation encodes.

#![expect(clippy::unwrap_used, reason = "a failing test may panic")]

mod common;

use common::*;
use countertop_acquirer::unionpay::UnionPay;
use countertop_acquirer::{
    Acquirer, BatchRecord, HostError, OriginalTransaction, ReversalReason, SettlementTotals,
    SideTotals, UnknownReason,
};
use countertop_acquirer::{FinancialRequest, Submission};
use countertop_device::{KeyUsage, PinPad, WrappedKey};
use countertop_wire::unionpay::{Frame, KeyBlock, WorkingKey};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

fn frame(name: &str) -> Vec<u8> {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../countertop-wire/tests/fixtures/unionpay-frames.json"
    );
    let fixture: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    hex(fixture["frames"][name]["frame"].as_str().unwrap())
}

/// Returns a PIN pad with the keys of the reference frames.
async fn pad() -> TestPad {
    let mut pad = TestPad::new();
    let answer = Frame::parse(&frame("signin_rsp")).unwrap().read_message().unwrap();
    let block = KeyBlock::parse(answer.get(62).unwrap()).unwrap();
    for (usage, key) in [(KeyUsage::Pin, block.pin), (KeyUsage::Mac, block.mac)] {
        assert!(pad.update_key(usage, &wrapped(key)).await.unwrap());
    }
    pad
}

fn wrapped(key: WorkingKey) -> WrappedKey {
    WrappedKey { cryptogram: key.cryptogram, check_value: key.check_value.to_vec() }
}

/// Starts a host that answers each frame with the next of `answers`, and tells what it got.
async fn scripted(answers: Vec<Vec<u8>>) -> (String, mpsc::Receiver<Vec<u8>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let host = listener.local_addr().unwrap().to_string();
    let (sender, receiver) = mpsc::channel(100);
    tokio::spawn(async move {
        for answer in answers {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut got = vec![0; 2];
            stream.read_exact(&mut got).await.unwrap();
            let length = usize::from(u16::from_be_bytes([got[0], got[1]]));
            got.resize(2 + length, 0);
            stream.read_exact(&mut got[2..]).await.unwrap();
            sender.send(got).await.unwrap();
            stream.write_all(&answer).await.unwrap();
        }
    });
    (host, receiver)
}

async fn prepared(pad: &mut TestPad, request: FinancialRequest) -> Vec<u8> {
    let mut client = client("127.0.0.1:1");
    client.prepare(pad, &request).await.unwrap().frame.expose().to_vec()
}

#[tokio::test]
async fn financial_requests() {
    let mut pad = pad().await;
    let pin = Some(pad.type_pin("123456", PAN));
    let chip_sale = FinancialRequest { pin_block: pin.clone(), ..sale(2, "12.34", chip()) };
    assert_eq!(prepared(&mut pad, chip_sale).await, frame("sale_chip_pin"));
    let tap_sale = sale(3, "1000.00", tap());
    assert_eq!(prepared(&mut pad, tap_sale).await, frame("sale_tap_qps"));
    let swipe_sale = FinancialRequest { pin_block: pin, ..sale(4, "12.34", swipe()) };
    assert_eq!(prepared(&mut pad, swipe_sale).await, frame("sale_swipe_pin"));
    let scan_sale = sale(5, "0.01", code());
    assert_eq!(prepared(&mut pad, scan_sale).await, frame("sale_scan"));
    let original = OriginalTransaction {
        batch: batch(1),
        stan: stan(2),
        rrn: "101213000002".into(),
        authorization_code: Some("A1B2C3".into()),
    };
    let void = void(7, "12.34", original);
    assert_eq!(prepared(&mut pad, void).await, frame("void"));
}

#[tokio::test]
async fn reversal_of_a_chip_sale() {
    let mut pad = pad().await;
    let (host, mut got) = scripted(vec![Vec::new()]).await;
    let mut client = client(&host);
    let pin_block = Some(pad.type_pin("123456", PAN));
    let request = FinancialRequest { pin_block, ..sale(2, "12.34", chip()) };
    let prepared = client.prepare(&mut pad, &request).await.unwrap();
    let reason = ReversalReason::NoAnswer;
    let error = client.reverse(&mut pad, &prepared.reversal, reason, None).await.unwrap_err();
    assert!(matches!(error, HostError::NoAnswer { .. }), "{error}");
    assert_eq!(got.recv().await.unwrap(), frame("reversal_of_sale_chip"));
}

#[tokio::test]
async fn a_day_of_management() {
    let mut pad = pad().await;
    let names = ["signin_rsp", "settle_rsp_unbalanced"];
    let (host, mut got) = scripted(names.map(frame).to_vec()).await;
    let mut client = client(&host);
    let signed_in = client.sign_in(&mut pad, &sign_in_request()).await.unwrap();
    assert_eq!((signed_in.batch, signed_in.time.as_deref()), (batch(1), Some("101112")));
    assert_eq!(got.recv().await.unwrap(), frame("signin_req"));
    let domestic =
        SideTotals { debit_amount: 151_234, debit_count: 3, credit_amount: 1_334, credit_count: 2 };
    let totals = SettlementTotals { domestic, foreign: SideTotals::default() };
    let answer = client.settle(stan(15), batch(1), 1, &totals).await.unwrap();
    assert!(!answer.balanced());
    assert_eq!(got.recv().await.unwrap(), frame("settle_req"));
}

#[tokio::test]
async fn uploads_echo_and_sign_out() {
    let (host, mut got) = scripted(vec![approval(16), approval(17), Vec::new(), Vec::new()]).await;
    let mut client = client(&host);
    let record = |number| BatchRecord {
        foreign: false,
        stan: stan(number),
        pan: Some(secret(PAN)),
        amount: yuan("12.34"),
    };
    let records = [record(2), record(4)];
    assert_eq!(client.upload_batch(stan(16), batch(1), &records).await.unwrap(), stan(17));
    assert_eq!(got.recv().await.unwrap(), frame("batch_upload_mag"));
    assert_eq!(got.recv().await.unwrap(), frame("batch_upload_end"));
    client.echo_test(batch(1)).await.unwrap_err();
    assert_eq!(got.recv().await.unwrap(), frame("echo_test"));
    client.sign_out(stan(18), batch(1)).await.unwrap_err();
    assert_eq!(got.recv().await.unwrap(), frame("signout"));
}

/// Returns the approval of a batch upload's message.
fn approval(number: u32) -> Vec<u8> {
    let mut frame = Frame::parse(&frame("batch_upload_mag")).unwrap();
    let mut message = frame.read_message().unwrap();
    message.set_mti(message.mti().response());
    message.set(11, stan(number).to_string()).unwrap();
    message.set(39, "00").unwrap();
    *frame.message = message.emit();
    frame.emit().unwrap()
}

#[tokio::test]
async fn an_answer_of_the_other_implementation_is_believed() {
    let mut pad = pad().await;
    let (host, _got) = scripted(vec![frame("sale_chip_rsp"); 2]).await;
    let mut client = client(&host);
    let request = sale(2, "12.34", chip());
    let prepared = client.prepare(&mut pad, &request).await.unwrap();
    let Submission::Answered(answer) = client.submit(&mut pad, &prepared).await else {
        panic!("no answer")
    };
    assert_eq!(answer.rrn.as_deref(), Some("101213000002"));
    assert_eq!(answer.authorization_code.as_deref(), Some("A1B2C3"));
    assert_eq!(answer.issuer.as_deref(), Some("00010000000"));
    assert_eq!(answer.acquirer.as_deref(), Some("00010000"));
    assert_eq!(answer.scheme.as_deref(), Some("CUP"));
    let other = client.prepare(&mut pad, &sale(3, "12.34", chip())).await.unwrap();
    let submission = client.submit(&mut pad, &other).await;
    let Submission::Unknown(UnknownReason::NoAnswer, error) = submission else {
        panic!("{submission:?}")
    };
    assert!(error.to_string().ends_with("field 11 of the answer is not that of the request"));
}

#[tokio::test]
async fn nothing_that_must_not_be_kept_is_in_a_reversal() {
    let mut pad = pad().await;
    let mut client: UnionPay = client("127.0.0.1:1");
    let pin_block = Some(pad.type_pin("123456", PAN));
    for entry in [chip(), tap(), swipe(), code()] {
        let request = FinancialRequest { pin_block: pin_block.clone(), ..sale(2, "12.34", entry) };
        let prepared = client.prepare(&mut pad, &request).await.unwrap();
        let bytes = prepared.reversal.expose();
        let contains = |part: &[u8]| bytes.windows(part.len()).any(|window| window == part);
        for secret in [&hex("D3012201")[..], pin_block.as_ref().unwrap().expose(), b"62000000000"] {
            assert!(!contains(secret));
        }
        assert!(!format!("{prepared:?}").contains("6200"));
    }
}
