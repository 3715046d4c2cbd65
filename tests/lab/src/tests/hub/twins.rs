//! Two devices of one model.

use countertop_device::{DeviceErrorKind, Driver as _, Identity, Listing};
use countertop_hub::Role;
use countertop_printer::EscPosDriver;

use super::bench::{Printer, hub, print};
use crate::lab_test::{TestResult, check};

/// Prints on each identity, and looks on which printer it came out.
async fn prints(
    round: &str,
    left: (&Printer, &Identity),
    right: (&Printer, &Identity),
) -> TestResult {
    // Both at once: each hub is as another program.
    let [mut one, mut two] =
        [left.1, right.1].map(|it| hub(Role::ReceiptPrinter, "escpos", it.clone()).devices());
    let (left_text, right_text) = (format!("left {round}"), format!("right {round}"));
    print(&mut two, &right_text).await?;
    print(&mut one, &left_text).await?;
    check!(left.0.has_printed(&left_text), "{left_text} did not reach its printer");
    check!(right.0.has_printed(&right_text), "{right_text} did not reach its printer");
    Ok(())
}

/// Returns the only listing that is not among `others`.
fn new_listing(others: &[Identity]) -> TestResult<Listing> {
    let listed = EscPosDriver.list()?;
    let mut new = listed
        .into_iter()
        .filter(|it| it.info.place.as_ref().is_some_and(|place| !others.contains(place)));
    new.next().ok_or_else(|| "no new printer is listed".into())
}

fn place(listing: &Listing) -> TestResult<Identity> {
    Ok(listing.info.place.clone().ok_or("a printer without a place")?)
}

fn identity(listing: &Listing) -> TestResult<Identity> {
    Ok(listing.info.identity.clone().ok_or("a printer without an identity")?)
}

pub(super) async fn by_place() -> TestResult {
    let (mut left, mut right) = (Printer::new(None).await?, Printer::new(None).await?);
    let left_port = left.plug_as(1, None).await?;
    let left_place = place(&new_listing(&[])?)?;
    let right_port = right.plug_as(2, None).await?;
    let right_place = place(&new_listing(std::slice::from_ref(&left_place))?)?;
    prints("first", (&left, &left_place), (&right, &right_place)).await?;
    left.unplug().await?;
    right.unplug().await?;
    right.plug_as(1, Some(right_port)).await?;
    left.plug_as(2, Some(left_port)).await?;
    prints("second", (&left, &left_place), (&right, &right_place)).await?;
    left.unplug().await?;
    right.unplug().await
}

pub(super) async fn by_serial_number() -> TestResult {
    let (mut left, mut right) =
        (Printer::new(Some("LAB0001")).await?, Printer::new(Some("LAB0002")).await?);
    let left_port = left.plug_as(1, None).await?;
    let first = new_listing(&[])?;
    let right_port = right.plug_as(2, None).await?;
    let second = new_listing(&[place(&first)?])?;
    let (left_identity, right_identity) = (identity(&first)?, identity(&second)?);
    prints("first", (&left, &left_identity), (&right, &right_identity)).await?;
    left.unplug().await?;
    right.unplug().await?;
    left.plug_as(1, Some(right_port)).await?;
    right.plug_as(2, Some(left_port)).await?;
    prints("second", (&left, &left_identity), (&right, &right_identity)).await?;
    left.unplug().await?;
    right.unplug().await
}

pub(super) async fn one_serial_number() -> TestResult {
    let (mut left, mut right) =
        (Printer::new(Some("12345")).await?, Printer::new(Some("12345")).await?);
    left.plug_as(1, None).await?;
    let first = new_listing(&[])?;
    right.plug_as(2, None).await?;
    let second = new_listing(&[place(&first)?])?;
    let mut devices = hub(Role::ReceiptPrinter, "escpos", identity(&first)?).devices();
    let error = devices.printer.open().await.err().ok_or("one of two twins was opened")?;
    check!(error.kind() == DeviceErrorKind::InvalidInput, "the caller got {error}");
    let help = error.help().unwrap_or_default().to_owned();
    check!(help.contains(&place(&second)?.0), "the cure names no place: {help}");
    prints("by place", (&left, &place(&first)?), (&right, &place(&second)?)).await?;
    left.unplug().await?;
    right.unplug().await
}
