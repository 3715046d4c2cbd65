//! The hand that pulls.

use std::time::Duration;

use countertop_device::{DeviceErrorKind, Identity};
use tokio::task::JoinSet;

use super::station::Station;
use super::{chip, contactless, printer, stripe};
use crate::chance::Chance;
use crate::kernel;
use crate::lab_test::{TestResult, check};
use crate::tests::ccid::service::Service;

/// Is how long after the plug was pulled the program may learn of it. The kernel's own time under
/// emulation is in it; what is ours alone the areas of the devices measure.
const DEADLINE: Duration = Duration::from_secs(10);

/// Pulls each of the devices `pulls` times while all of them work, and plugs it in again.
pub(super) async fn at_random(pulls: usize) -> TestResult {
    let mut chance = Chance::seeded();
    let service = Service::start().await?;
    let stations = [
        printer::station().await?,
        stripe::station().await?,
        chip::station().await?,
        contactless::station().await?,
    ];
    let mut hands = JoinSet::new();
    for (station, identity) in stations {
        hands.spawn(hand(station, identity, chance.another(), pulls));
    }
    let test = async {
        let result = all(&mut hands).await;
        if result.is_err() {
            println!("{}", kernel::threads()?);
        }
        result
    };
    let result = service.nursing(test).await;
    // A kernel that waits for a device of this process would keep the process from ending.
    hands.shutdown().await;
    result
}

async fn all(hands: &mut JoinSet<TestResult>) -> TestResult {
    while let Some(hand) = hands.join_next().await {
        hand??;
    }
    Ok(())
}

async fn hand(
    mut station: Station,
    identity: Identity,
    mut chance: Chance,
    pulls: usize,
) -> TestResult {
    for pull in 1..=pulls {
        tokio::time::sleep(chance.pause(400)).await;
        station.undisturbed()?;
        one_pull(pull, &mut station, &identity).await?;
    }
    station.end().await
}

async fn one_pull(pull: usize, station: &mut Station, identity: &Identity) -> TestResult {
    let (error, after) = station.pull().await?;
    println!("{pull}: {}: after {after:?}: {error}", station.name);
    let kind = error.kind();
    check!(kind == DeviceErrorKind::Disconnected, "{}: pulled: {error}", station.name);
    check!(after < DEADLINE, "{}: told {after:?} after it was pulled", station.name);
    let again = station.replug().await?;
    check!(again == *identity, "{}: another identity: {again}", station.name);
    Ok(())
}
