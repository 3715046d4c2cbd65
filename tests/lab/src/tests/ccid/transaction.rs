//! A whole contact transaction through reader, libccid and pcscd.

use std::sync::Arc;
use std::time::Instant;

use countertop_chip::PcscReader;
use countertop_device::Settings;
use countertop_emv::contact::{ContactTransaction, GoOnline, Outcome, Step};
use countertop_virtual::card::CardProfile;
use countertop_virtual::ccid::CcidConfig;
use countertop_wire::ccid::Exchange;

use super::bench::{Bench, connect, open, readers, soon};
use super::service::Service;
use crate::lab_test::{TestResult, check};
use crate::purchase::{APPROVED, issuer_approves, parameters, purchase};

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
    let start = ContactTransaction::start(session, Arc::new(parameters()), purchase());
    let mut step = soon("the card", start).await??;
    let outcome = loop {
        step = match step {
            Step::EnterOnlinePin(entry) => soon("the card", entry.captured()).await??,
            Step::GoOnline(request) => break answered(request).await?,
            step => return Err(format!("unexpected: {step:?}").into()),
        };
    };
    println!("a whole transaction in {:.1?}", begin.elapsed());
    Ok(outcome)
}

/// The issuer checks the card's cryptogram, and the card the issuer's.
async fn answered(request: Box<GoOnline>) -> TestResult<Outcome> {
    let answer = issuer_approves(&CardProfile::unionpay_debit(), request.field55().expose())?;
    Ok(*soon("the card", request.host_answered(true, APPROVED, &answer)).await??)
}
