//! What drivers must do that wait for events.

use core::future::Future;
use core::time::Duration;

use async_trait::async_trait;
use countertop_device::{
    CodeScanner, Device, DeviceError, DeviceErrorKind, Health, HealthLevel, Scan, StripeReader,
    Swipe,
};
use tokio::time::{sleep, timeout};

use crate::common::{self, DropAfter, has_kind, keeps_secrets, open, within};
use crate::random::{self, Random};
use crate::report::{Fault, Report, require};
use crate::{EventFixture, Tap};

/// Calls that are dropped in one run.
const DROPS: usize = 24;
/// Polls after which a call is dropped at the latest.
const MOST_POLLS: usize = 12;
/// Places at which an event is cut off in one run.
const CUTS: usize = 4;

/// Waits for the next event.
#[async_trait]
pub(crate) trait Waits<E>: Device {
    async fn next(&mut self) -> Result<E, DeviceError>;
}

#[async_trait]
impl Waits<Swipe> for dyn StripeReader {
    async fn next(&mut self) -> Result<Swipe, DeviceError> {
        self.next_swipe().await
    }
}

#[async_trait]
impl Waits<Scan> for dyn CodeScanner {
    async fn next(&mut self) -> Result<Scan, DeviceError> {
        self.next_scan().await
    }
}

/// Makes all checks.
pub(crate) async fn examine<F>(fixture: &mut F) -> Report
where
    F: EventFixture,
    F::Function: Waits<F::Event>,
{
    let seed = random::seed();
    let mut report = Report::new(seed);
    report.add("identity", common::identity(fixture).await);
    report.add("health", common::health(fixture).await);
    report.add("mute device", common::mute(fixture).await);
    report.add("device gone before health", common::gone(fixture).await);
    report.add("events in order", in_order(fixture, Tap::restore).await);
    report.add("bytes one by one", in_order(fixture, Tap::chop).await);
    report.add("interactive health", interactive(fixture).await);
    report.add("noise before an event", noise(fixture).await);
    report.add("event cut off", cut_off(fixture, seed).await);
    report.add("dropped calls", dropped(fixture, seed).await);
    report.add("device gone while waiting", gone_while_waiting(fixture).await);
    report
}

/// Every event arrives, in order, as it was presented, and betrays nothing.
async fn in_order<F>(fixture: &mut F, disturb: impl Fn(&Tap)) -> Result<(), Fault>
where
    F: EventFixture,
    F::Function: Waits<F::Event>,
{
    let mut opened = open(fixture).await?;
    disturb(&opened.tap);
    for number in 0..3 {
        let (deadline, settle) = (patience(fixture), fixture.silence());
        let hand = async {
            // Now the driver waits for certain, also for a device that cannot tell.
            sleep(settle).await;
            fixture.present(number).await;
        };
        let event = next_while(&mut *opened.function, hand, deadline).await?;
        let event = event.map_err(|error| Fault::new(format!("event {number}: {error}")))?;
        require(event == fixture.expected(number), || format!("event {number} came as {event:?}"))?;
        keeps_secrets(fixture, &event)?;
        keeps_secrets(fixture, &opened.function)?;
    }
    Ok(())
}

async fn interactive<F: EventFixture>(fixture: &mut F) -> Result<(), Fault> {
    let mut opened = open(fixture).await?;
    let (deadline, settle) = (patience(fixture), fixture.silence());
    let hand = async {
        sleep(settle).await;
        fixture.present(0).await;
    };
    let health = opened.function.check_health(HealthLevel::Interactive);
    let report = within(deadline, "interactive health", while_acting(health, hand)).await?;
    let well = report.as_ref().is_ok_and(|report| report.health == Health::Good);
    require(well, || format!("with a person taking part, health is {report:?}"))
}

/// Noise costs one event at the most.
async fn noise<F>(fixture: &mut F) -> Result<(), Fault>
where
    F: EventFixture,
    F::Function: Waits<F::Event>,
{
    let mut opened = open(fixture).await?;
    let mut events = Events::default();
    for _ in 0..3 {
        opened.tap.noise(&fixture.noise());
        events.next(fixture, &mut *opened.function).await?;
    }
    Ok(())
}

/// An event that is cut off is discarded whole; a later one arrives.
async fn cut_off<F>(fixture: &mut F, seed: u64) -> Result<(), Fault>
where
    F: EventFixture,
    F::Function: Waits<F::Event>,
{
    let mut opened = open(fixture).await?;
    let (mut events, mut random) = (Events::default(), Random::new(seed));
    let before = opened.tap.sent();
    events.next(fixture, &mut *opened.function).await?;
    let length = opened.tap.sent() - before;
    for _ in 0..CUTS {
        let cut = 1 + random.below(length.saturating_sub(1));
        opened.tap.cut_after(cut);
        events.present_lost(fixture, &mut *opened.function, &opened.tap).await?;
        opened.tap.restore();
        let after = |fault| Fault::new(format!("after a cut at {cut} of {length} bytes: {fault}"));
        events.next(fixture, &mut *opened.function).await.map_err(after)?;
    }
    Ok(())
}

/// Calls dropped anywhere lose at the most the event that was half read.
async fn dropped<F>(fixture: &mut F, seed: u64) -> Result<(), Fault>
where
    F: EventFixture,
    F::Function: Waits<F::Event>,
{
    let mut opened = open(fixture).await?;
    let (mut events, mut random) = (Events::default(), Random::new(seed));
    for _ in 0..DROPS {
        let polls = random.below(MOST_POLLS);
        let fate = random.below(3);
        if fate > 0 {
            opened.tap.chop();
        }
        if fate > 1 {
            opened.tap.cut_after(1 + random.below(MOST_POLLS));
        }
        events.drop_one(fixture, &mut *opened.function, polls).await?;
        if fate > 1 {
            // The rest of the event is sent, and lost, while nobody waits.
            sleep(fixture.silence()).await;
        }
        opened.tap.restore();
        if random.below(4) == 0 {
            let after = |fault| Fault::new(format!("after a drop at poll {polls}: {fault}"));
            events.next(fixture, &mut *opened.function).await.map_err(after)?;
        }
    }
    events.next(fixture, &mut *opened.function).await
}

async fn gone_while_waiting<F>(fixture: &mut F) -> Result<(), Fault>
where
    F: EventFixture,
    F::Function: Waits<F::Event>,
{
    let mut opened = open(fixture).await?;
    let (tap, settle) = (opened.tap.clone(), fixture.silence());
    for hand in [true, false] {
        let deadline = patience(fixture);
        let event = if hand {
            let acting = while_acting(opened.function.next(), hang_up_once(&tap, settle));
            within(deadline, "waiting while the device goes", acting).await?
        } else {
            within(deadline, "waiting after the device went", opened.function.next()).await?
        };
        match event {
            Err(error) => has_kind(fixture, &error, DeviceErrorKind::Disconnected)?,
            Ok(event) => return Err(Fault::new(format!("a device that is gone sends {event:?}"))),
        }
    }
    Ok(())
}

async fn hang_up_once(tap: &Tap, settle: Duration) {
    sleep(settle).await;
    tap.hang_up();
}

/// How long an event may take with its presentation.
fn patience<F: EventFixture>(fixture: &F) -> Duration {
    fixture.deadline() + 2 * fixture.silence()
}

async fn next_while<E, T: Waits<E> + ?Sized>(
    function: &mut T,
    hand: impl Future<Output = ()>,
    deadline: Duration,
) -> Result<Result<E, DeviceError>, Fault> {
    within(deadline, "waiting for an event", while_acting(function.next(), hand)).await
}

/// Lets a hand act until a future is ready; the hand may be ready before.
async fn while_acting<T>(future: impl Future<Output = T>, hand: impl Future<Output = ()>) -> T {
    let acting = async {
        hand.await;
        core::future::pending::<()>().await;
    };
    tokio::select! {
        output = future => output,
        () = acting => unreachable!("a hand that has acted waits"),
    }
}

/// Remembers which events were presented and which arrived.
#[derive(Default)]
struct Events {
    /// The number of the next event to present.
    next: usize,
    /// The number above the last that arrived.
    arrived: usize,
}

impl Events {
    /// Presents events, one after the other, until one arrives whole.
    async fn next<F>(&mut self, fixture: &mut F, function: &mut F::Function) -> Result<(), Fault>
    where
        F: EventFixture,
        F::Function: Waits<F::Event>,
    {
        let (deadline, settle) = (patience(fixture), fixture.silence());
        let next = &mut self.next;
        let hand = async {
            loop {
                sleep(settle).await;
                *next += 1;
                fixture.present(*next - 1).await;
            }
        };
        let event = next_while(function, hand, deadline).await?;
        let event = event.map_err(|error| Fault::new(error.to_string()))?;
        self.arrive(fixture, &event)
    }

    fn arrive<F: EventFixture>(&mut self, fixture: &F, event: &F::Event) -> Result<(), Fault> {
        let number = (self.arrived..self.next).find(|&number| fixture.expected(number) == *event);
        let number = number.ok_or_else(|| {
            Fault::new(format!("{event:?} is none of events {}..{}", self.arrived, self.next))
        })?;
        self.arrived = number + 1;
        Ok(())
    }

    /// Presents an event of which bytes are lost, and waits until they are and the line is silent.
    async fn present_lost<F>(
        &mut self,
        fixture: &mut F,
        function: &mut F::Function,
        tap: &Tap,
    ) -> Result<(), Fault>
    where
        F: EventFixture,
        F::Function: Waits<F::Event>,
    {
        let settle = fixture.silence();
        let number = self.next;
        self.next += 1;
        let hand = async {
            sleep(settle).await;
            fixture.present(number).await;
        };
        let both = while_acting(function.next(), hand);
        // The driver may wait for the rest or for the next event: both end here.
        match timeout(3 * settle, both).await {
            Err(_elapsed) => require(tap.lost() > 0, || "the device sent nothing".into()),
            Ok(Ok(event)) => self.arrive(fixture, &event),
            Ok(Err(error)) => Err(Fault::new(format!("an event cut off is an error: {error}"))),
        }
    }

    /// Drops a call after some polls, while an event is presented.
    async fn drop_one<F>(
        &mut self,
        fixture: &mut F,
        function: &mut F::Function,
        polls: usize,
    ) -> Result<(), Fault>
    where
        F: EventFixture,
        F::Function: Waits<F::Event>,
    {
        let settle = fixture.silence();
        let number = self.next;
        self.next += 1;
        let call = DropAfter::new(polls, function.next());
        let both = while_acting(call, fixture.present(number));
        match timeout(settle, both).await {
            Ok(Some(Ok(event))) => self.arrive(fixture, &event),
            Ok(Some(Err(error))) => Err(Fault::new(format!("after dropped calls: {error}"))),
            Ok(None) | Err(_) => Ok(()),
        }
    }
}
