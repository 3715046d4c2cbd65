//! Modules that are unplugged and plugged in again.

use countertop_device::{CardSession, ContactlessReader, Device, DeviceErrorKind, Identity};
use countertop_nfc::NfcReader;
use countertop_virtual::pn532::{Pn532Fault, Pn533Config};

use super::station::{SELECT_PPSE, Station, begins, read_directory};
use crate::kernel::{Vanishing, soon};
use crate::lab_test::{TestResult, check};

pub(super) async fn pn533() -> TestResult {
    run(Station::pn533(&Pn533Config::nxp()).await?).await
}

pub(super) async fn pn532() -> TestResult {
    run(Station::pn532().await?).await
}

/// Taps, then is unplugged while waiting and in a command; each time the same module comes back.
async fn run(mut station: Station) -> TestResult {
    station.plug().await?;
    let listed = station.listing().await?.info.identity.ok_or("listed without identity")?;
    let mut reader = station.open().await?;
    is(&reader, &listed)?;
    let card = station.tap();
    let session = read_directory(&mut reader).await?;
    soon("the end", session.close()).await??;
    station.control.take(card);
    waiting(&station, &mut reader).await?;
    station.unplug().await?;

    station.plug().await?;
    // The one before is still there, but has let go of the device.
    let mut again = station.open().await?;
    is(&again, &listed)?;
    drop(reader);
    station.tap();
    let mut session = read_directory(&mut again).await?;
    in_a_command(&station, session.as_mut()).await?;
    drop((session, again));
    station.unplug().await?;

    station.plug().await?;
    let mut reader = station.open().await?;
    is(&reader, &listed)?;
    let session = read_directory(&mut reader).await?;
    drop((session, reader));
    station.unplug().await
}

async fn waiting(station: &Station, reader: &mut NfcReader) -> TestResult {
    let mut wait = Box::pin(reader.await_target());
    begins(&mut wait).await?;
    let stopwatch = Vanishing::of(station.folder()?);
    station.pull();
    let waited = soon("the end of the wait", wait).await?;
    stopwatch.report("waiting for a card")?;
    disconnected("while waiting", waited.map(drop))
}

async fn in_a_command(station: &Station, session: &mut dyn CardSession) -> TestResult {
    station.control.inject(Pn532Fault::NoResponse);
    let commands = station.control.commands();
    let mut command = Box::pin(session.transmit(SELECT_PPSE));
    tokio::select! {
        _ = &mut command => return Err("the silent module answered".into()),
        () = station.control.until_commands(commands + 1) => {}
    }
    let stopwatch = Vanishing::of(station.folder()?);
    station.pull();
    let answer = soon("the end of the command", command).await?;
    stopwatch.report("in a command")?;
    disconnected("in a command", answer.map(drop))
}

fn disconnected(what: &str, result: Result<(), countertop_device::DeviceError>) -> TestResult {
    match result {
        Err(error) if error.kind() == DeviceErrorKind::Disconnected => Ok(()),
        Err(error) => Err(format!("unplugged {what}: {error}").into()),
        Ok(()) => Err(format!("unplugged {what}: it went well").into()),
    }
}

fn is(reader: &NfcReader, identity: &Identity) -> TestResult {
    let own = reader.info().identity.as_ref();
    check!(own == Some(identity), "opened as {own:?}, listed as {identity:?}");
    Ok(())
}
