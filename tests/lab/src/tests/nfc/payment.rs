//! The same purchase as by contact, as a tap.

use std::time::Instant;

use countertop_device::{ContactlessReader, Driver, Settings};
use countertop_emv::CryptogramKind;
use countertop_emv::contactless::{AuthenticationResult, OutcomeStatus, tap};
use countertop_nfc::{NfcReader, Pn532Driver};
use countertop_virtual::card::{CardProfile, Interface, PaymentCard};
use countertop_virtual::pn532::{Pn533Config, Target};

use super::station::Station;
use crate::kernel::soon;
use crate::lab_test::{TestResult, check};
use crate::purchase::{issuer_approves, parameters, purchase};

/// By libnfc over USB.
pub(super) async fn pn533() -> TestResult {
    let mut station = Station::pn533(&Pn533Config::nxp()).await?;
    station.plug().await?;
    pays(&station, station.open().await?).await?;
    station.unplug().await
}

/// By libnfc and by our own driver over the serial adapter.
pub(super) async fn pn532() -> TestResult {
    let mut station = Station::pn532().await?;
    station.plug().await?;
    pays(&station, station.open().await?).await?;
    // libnfc closes the line in its own time.
    station.unplug().await?;
    station.plug().await?;
    let driver = Pn532Driver::new();
    let selector = driver.list()?.pop().ok_or("nothing is listed")?.info.selector;
    let settings = Settings::new().with("transmit_timeout_ms", 10_000);
    let reader = driver.open_reader(&selector, &settings);
    pays(&station, soon("the reader", reader).await??).await?;
    station.unplug().await
}

/// Pays with a card of each scheme.
async fn pays(station: &Station, mut reader: NfcReader) -> TestResult {
    for profile in [CardProfile::unionpay_debit(), CardProfile::visa(), CardProfile::mastercard()] {
        let name = profile.applications().first().ok_or("no application")?.label.clone();
        let paid = pays_with(station, &mut reader, profile).await;
        paid.map_err(|error| format!("{name}: {error}"))?;
    }
    Ok(())
}

async fn pays_with(station: &Station, reader: &mut NfcReader, profile: CardProfile) -> TestResult {
    let card = PaymentCard::new(profile.clone()).on(Interface::Contactless);
    let card = station.control.put(Target::iso_dep([0x08, 0xa1, 0xb2, 0xc3], card));
    soon("a card", reader.await_target()).await??;
    let session = soon("a session", reader.connect()).await??;
    let (begin, parameters) = (Instant::now(), parameters());
    let outcome = soon("the card", tap(session, &parameters, &purchase())).await??;
    println!("{:?} after {:.1?}", outcome.status, begin.elapsed());
    check!(outcome.status == OutcomeStatus::OnlineRequest, "{outcome:?}");
    let record = outcome.record.ok_or("nothing for the host")?;
    check!(record.cryptogram.kind == CryptogramKind::Arqc, "{:?}", record.cryptogram);
    let authentication = record.authentication;
    check!(authentication == AuthenticationResult::Passed, "authentication: {authentication:?}");
    issuer_approves(&profile, record.field55.expose())?;
    station.control.take(card);
    Ok(())
}
