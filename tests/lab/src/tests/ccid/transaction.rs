//! A whole contact transaction through reader, libccid and pcscd.

use std::sync::Arc;
use std::time::Instant;

use countertop_chip::PcscReader;
use countertop_device::{Currency, Money, Settings};
use countertop_emv::contact::{ContactTransaction, GoOnline, Outcome, Step};
use countertop_emv::parameters::{CaPublicKey, EmvParameters};
use countertop_emv::{PinSupport, TransactionData, TransactionType};
use countertop_virtual::card::{TestCa, TestIssuer};
use countertop_virtual::ccid::CcidConfig;
use countertop_wire::ccid::Exchange;
use countertop_wire::tlv::{TlvWriter, tags};

use super::bench::{Bench, connect, open, readers, soon};
use super::service::Service;
use crate::lab_test::{TestResult, check};

/// PAN of the card, and the host's "approved".
const PAN: &str = "6200000000000005";
const APPROVED: [u8; 2] = *b"00";

/// Approved online with PIN and DDA, where the host makes T=1 blocks and where it sends APDUs.
pub(super) async fn approved() -> TestResult {
    for exchange in [Exchange::Tpdu, Exchange::ExtendedApdu] {
        let service = Service::start().await?;
        let mut bench = Bench::new(CcidConfig::default().with_exchange(exchange)).await?;
        bench.plug().await?;
        bench.insert_payment_card()?;
        let mut reader = open(&Settings::new()).await?;
        let before = bench.control.blocks();
        let outcome = transact(&mut reader).await?;
        check!(outcome.is_approved() && outcome.online, "{exchange:?}: {outcome:?}");
        check!(outcome.tvr.0[0] == 0, "{exchange:?}: the card's data were not authenticated");
        println!("{exchange:?}: {} blocks", bench.control.blocks() - before);
        drop(reader);
        bench.unplug().await?;
        readers(0).await?;
        service.kill().await?;
    }
    Ok(())
}

async fn transact(reader: &mut PcscReader) -> TestResult<Outcome> {
    let session = connect(reader).await?;
    let begin = Instant::now();
    let keys = TestCa::capks().into_iter();
    let keys = keys.map(|key| CaPublicKey::new(key.rid, key.index, key.modulus, key.exponent));
    let parameters = keys.fold(EmvParameters::default(), EmvParameters::with_key);
    let start = ContactTransaction::start(session, Arc::new(parameters), purchase());
    let mut step = soon("the card", start).await??;
    let outcome = loop {
        step = match step {
            Step::EnterOnlinePin(entry) => soon("the card", entry.captured()).await??,
            Step::GoOnline(request) => break issuer_approves(request).await?,
            step => return Err(format!("unexpected: {step:?}").into()),
        };
    };
    println!("a whole transaction in {:.1?}", begin.elapsed());
    Ok(outcome)
}

/// The issuer checks the card's cryptogram, and the card the issuer's.
async fn issuer_approves(request: Box<GoOnline>) -> TestResult<Outcome> {
    let verified = TestIssuer.verify(PAN, 1, request.field55().expose())?;
    let answer = TlvWriter::new()
        .put(tags::ISSUER_AUTHENTICATION_DATA, verified.authentication_data(APPROVED))
        .put(tags::AUTHORISATION_RESPONSE_CODE, APPROVED)
        .finish();
    Ok(*soon("the card", request.host_answered(true, APPROVED, &answer)).await??)
}

/// 12.34 yuan on 22 November 2026.
fn purchase() -> TransactionData {
    let mut data = TransactionData::new(
        Money::from_minor(1_234, Currency::CNY),
        TransactionType::PURCHASE,
        [0x26, 0x11, 0x22],
        [0x20, 0x15, 0x00],
        [0x12, 0x34, 0x56, 0x78],
    );
    data.pin = PinSupport::OnlineAndOfflineEnciphered;
    data
}
