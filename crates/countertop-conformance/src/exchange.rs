//! What drivers must do that ask and get answers.

use countertop_device::{DeviceError, DeviceErrorKind};
use tokio::time::timeout;

use crate::common::{self, DropAfter, Opened, has_kind, keeps_secrets, open, within};
use crate::random::{self, Random};
use crate::report::{Fault, Report};
use crate::{ExchangeFixture, Tap};

/// Exchanges that are dropped in one run.
const DROPS: usize = 16;
/// Polls after which an exchange is dropped at the latest.
const MOST_POLLS: usize = 24;
/// Places at which answers are cut off in one run.
const CUTS: usize = 6;
/// Makes all checks.
pub(crate) async fn examine<F: ExchangeFixture>(fixture: &mut F) -> Report {
    let seed = random::seed();
    let mut report = Report::new(seed);
    report.add("identity", common::identity(fixture).await);
    report.add("health", common::health(fixture).await);
    report.add("mute device", common::mute(fixture).await);
    report.add("device gone before health", common::gone(fixture).await);
    report.add("exchanges", several(fixture, Tap::restore).await);
    report.add("bytes one by one", several(fixture, Tap::chop).await);
    report.add("noise before an answer", noise(fixture).await);
    report.add("silence and late answers", silence(fixture).await);
    report.add("answer cut off", cut_off(fixture, seed).await);
    report.add("dropped exchanges", dropped(fixture, seed).await);
    report.add("device gone before an exchange", gone_before(fixture).await);
    report.add("device gone within an exchange", gone_within(fixture).await);
    report
}

async fn several<F: ExchangeFixture>(fixture: &mut F, disturb: impl Fn(&Tap)) -> Result<(), Fault> {
    let mut opened = open(fixture).await?;
    disturb(&opened.tap);
    for _ in 0..3 {
        succeed(fixture, &mut opened, "undisturbed").await?;
    }
    keeps_secrets(fixture, &opened.function)
}

/// Noise costs one exchange at the most.
async fn noise<F: ExchangeFixture>(fixture: &mut F) -> Result<(), Fault> {
    let mut opened = open(fixture).await?;
    opened.tap.noise(&fixture.noise());
    if let Err(error) = exchange(fixture, &mut opened).await? {
        keeps_secrets(fixture, &error)?;
    }
    opened.tap.restore();
    succeed(fixture, &mut opened, "after noise").await
}

/// A device that is silent times out, and its late answers do not disturb what follows.
async fn silence<F: ExchangeFixture>(fixture: &mut F) -> Result<(), Fault> {
    let mut opened = open(fixture).await?;
    for _ in 0..2 {
        opened.tap.cut_after(0);
        match exchange(fixture, &mut opened).await? {
            Err(error) => has_kind(fixture, &error, DeviceErrorKind::TimedOut)?,
            Ok(()) => return Err(Fault::new("an exchange with a mute device succeeds")),
        }
        opened.tap.release();
        succeed(fixture, &mut opened, "after silence").await?;
    }
    Ok(())
}

/// Whatever is made of half an answer, the next exchange works.
async fn cut_off<F: ExchangeFixture>(fixture: &mut F, seed: u64) -> Result<(), Fault> {
    let mut opened = open(fixture).await?;
    let mut random = Random::new(seed);
    let before = opened.tap.sent();
    succeed(fixture, &mut opened, "undisturbed").await?;
    let length = opened.tap.sent() - before;
    for _ in 0..CUTS {
        let cut = random.below(length);
        opened.tap.cut_after(cut);
        if let Err(error) = exchange(fixture, &mut opened).await? {
            keeps_secrets(fixture, &error)?;
        }
        opened.tap.restore();
        let after = format!("after answers cut off at {cut} of {length} bytes");
        succeed(fixture, &mut opened, &after).await?;
    }
    Ok(())
}

/// Whatever a dropped exchange left behind, the next one works.
async fn dropped<F: ExchangeFixture>(fixture: &mut F, seed: u64) -> Result<(), Fault> {
    let mut opened = open(fixture).await?;
    let mut random = Random::new(seed);
    for _ in 0..DROPS {
        let polls = random.below(MOST_POLLS);
        let (silence, function) = (fixture.silence(), &mut *opened.function);
        let exchange = DropAfter::new(polls, fixture.exchange(function));
        // Ends by itself, at a poll or by the clock: what follows is the same.
        let _ = timeout(silence, exchange).await;
        let after = format!("after an exchange dropped at poll {polls}");
        succeed(fixture, &mut opened, &after).await?;
    }
    Ok(())
}

async fn gone_before<F: ExchangeFixture>(fixture: &mut F) -> Result<(), Fault> {
    let mut opened = open(fixture).await?;
    opened.tap.hang_up();
    let outcome = exchange(fixture, &mut opened).await?;
    disconnected(fixture, outcome)
}

async fn gone_within<F: ExchangeFixture>(fixture: &mut F) -> Result<(), Fault> {
    let mut opened = open(fixture).await?;
    opened.tap.cut_after(0);
    let (tap, before) = (opened.tap.clone(), opened.tap.received());
    let hang_up = async {
        tap.received_more(before).await;
        tap.hang_up();
    };
    let (outcome, ()) = tokio::join!(exchange(fixture, &mut opened), hang_up);
    let outcome = outcome?;
    disconnected(fixture, outcome)
}

fn disconnected<F: ExchangeFixture>(
    fixture: &F,
    outcome: Result<(), DeviceError>,
) -> Result<(), Fault> {
    match outcome {
        Err(error) => has_kind(fixture, &error, DeviceErrorKind::Disconnected),
        Ok(()) => Err(Fault::new("an exchange with a device that is gone succeeds")),
    }
}

async fn exchange<F: ExchangeFixture>(
    fixture: &mut F,
    opened: &mut Opened<F::Function>,
) -> Result<Result<(), DeviceError>, Fault> {
    let deadline = fixture.deadline();
    within(deadline, "an exchange", fixture.exchange(&mut *opened.function)).await
}

async fn succeed<F: ExchangeFixture>(
    fixture: &mut F,
    opened: &mut Opened<F::Function>,
    when: &str,
) -> Result<(), Fault> {
    let outcome = exchange(fixture, opened).await?;
    outcome.map_err(|error| Fault::new(format!("{when}: {error}")))
}
