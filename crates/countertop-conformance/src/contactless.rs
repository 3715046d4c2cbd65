//! Examines drivers of contactless readers.

use core::time::Duration;

use async_trait::async_trait;
use countertop_device::{
    CardSession, ContactlessReader, ContactlessTarget, DeviceError, DeviceErrorKind, HealthLevel,
};
use tokio::time::timeout;

use crate::common::{self, Opened, open, within};
use crate::report::{Fault, require};
use crate::{Fixture, Report, Tap, random};

/// Connects the driver to a reader into whose field cards are held.
#[async_trait]
pub trait ContactlessFixture: Fixture<Function = dyn ContactlessReader> {
    /// Holds a card of ISO/IEC 14443-4 to the antenna that answers each command with the command
    /// itself and 9000. Cards of different numbers have different UIDs.
    fn put(&mut self, number: usize);

    /// Takes every card away.
    fn clear(&mut self);

    /// Makes the reader's next answer go wrong once.
    fn disturb(&mut self, disturbance: Disturbance);

    /// Opens the driver again on the same reader, which the one before has left in whatever state.
    async fn reopen(&mut self) -> Result<Box<dyn ContactlessReader>, DeviceError>;
}

/// Is what goes wrong once between a reader and its host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Disturbance {
    /// The answer's checksum is wrong.
    BadChecksum,
    /// The command is not heard.
    Deaf,
    /// The acknowledgement comes late.
    LateAck,
    /// The command is refused as broken.
    Nack,
    /// The command is acknowledged and not answered.
    NoAnswer,
}

const DISTURBANCES: [Disturbance; 5] = [
    Disturbance::BadChecksum,
    Disturbance::Deaf,
    Disturbance::LateAck,
    Disturbance::Nack,
    Disturbance::NoAnswer,
];
const COMMAND: [u8; 5] = [0x00, 0xa4, 0x04, 0x00, 0x00];
/// Waits that are given up in one run.
const ABORTS: usize = 5;

/// Makes all checks.
///
/// # Cancel safety
///
/// Dropping it ends the examination; the fixture may be used again.
pub async fn run<F: ContactlessFixture>(fixture: &mut F) -> Report {
    let mut report = Report::new(random::seed());
    report.add("identity", common::identity(fixture).await);
    report.add("health", common::health(fixture).await);
    report.add("card present", present(fixture, Tap::restore).await);
    report.add("bytes one by one", present(fixture, Tap::chop).await);
    report.add("card comes later", comes_later(fixture).await);
    report.add("card removed in the middle", removed(fixture).await);
    report.add("card removed before connecting", removed_early(fixture).await);
    for disturbance in DISTURBANCES {
        report.add(name(disturbance), disturbed(fixture, disturbance).await);
    }
    report.add("wait given up", given_up(fixture).await);
    report.add("command given up", command_given_up(fixture).await);
    report.add("two cards at once", two_at_once(fixture).await);
    report.add("opened again", opened_again(fixture).await);
    report
}

const fn name(disturbance: Disturbance) -> &'static str {
    match disturbance {
        Disturbance::BadChecksum => "wrong checksum",
        Disturbance::Deaf => "deaf reader",
        Disturbance::LateAck => "late acknowledgement",
        Disturbance::Nack => "refused frame",
        Disturbance::NoAnswer => "no answer",
    }
}

type Session = Box<dyn CardSession>;

async fn tap<F: ContactlessFixture>(
    fixture: &F,
    reader: &mut dyn ContactlessReader,
) -> Result<(ContactlessTarget, Session), Fault> {
    let failed = |what: &str| {
        let what = what.to_owned();
        move |error: DeviceError| Fault::new(format!("{what}: {error}"))
    };
    let target = within(fixture.deadline(), "wait for a card", reader.await_target()).await?;
    let target = target.map_err(failed("wait for a card"))?;
    let session = within(fixture.deadline(), "connect", reader.connect()).await?;
    Ok((target, session.map_err(failed("connect"))?))
}

async fn transmit<F: ContactlessFixture>(
    fixture: &F,
    session: &mut dyn CardSession,
) -> Result<Result<(), DeviceError>, Fault> {
    let answer = within(fixture.deadline(), "transmit", session.transmit(&COMMAND)).await?;
    match answer {
        Err(error) => Ok(Err(error)),
        Ok(answer) => {
            let whole = answer.expose().strip_suffix(&[0x90, 0x00]) == Some(&COMMAND);
            require(whole, || "the card's answer is another one".into())?;
            Ok(Ok(()))
        }
    }
}

/// A card is found, answers, and its session is closed.
async fn works<F: ContactlessFixture>(
    fixture: &mut F,
    reader: &mut dyn ContactlessReader,
    when: &str,
) -> Result<(), Fault> {
    fixture.clear();
    fixture.put(0);
    let (_, mut session) =
        tap(fixture, reader).await.map_err(|fault| Fault::new(format!("{when}: {fault}")))?;
    for _ in 0..3 {
        let result = transmit(fixture, session.as_mut()).await?;
        result.map_err(|error| Fault::new(format!("{when}: transmit: {error}")))?;
    }
    let closed = within(fixture.deadline(), "close", session.close()).await?;
    closed.map_err(|error| Fault::new(format!("{when}: close: {error}")))
}

async fn present<F: ContactlessFixture>(
    fixture: &mut F,
    disturb: impl Fn(&Tap),
) -> Result<(), Fault> {
    let mut opened = open(fixture).await?;
    disturb(&opened.tap);
    works(fixture, &mut *opened.function, "undisturbed").await?;
    works(fixture, &mut *opened.function, "a second time").await
}

async fn comes_later<F: ContactlessFixture>(fixture: &mut F) -> Result<(), Fault> {
    let mut opened = open(fixture).await?;
    let deadline = fixture.deadline();
    let (target, ()) =
        tokio::join!(within(deadline, "wait for a card", opened.function.await_target()), async {
            tokio::time::sleep(Duration::from_millis(100)).await;
            fixture.put(0);
        });
    target?.map_err(|error| Fault::new(format!("wait for a card: {error}")))?;
    works(fixture, &mut *opened.function, "behind a wait").await
}

async fn removed<F: ContactlessFixture>(fixture: &mut F) -> Result<(), Fault> {
    let mut opened = open(fixture).await?;
    fixture.put(0);
    let (_, mut session) = tap(fixture, &mut *opened.function).await?;
    fixture.clear();
    for _ in 0..2 {
        match transmit(fixture, session.as_mut()).await? {
            Ok(()) => return Err(Fault::new("a card that is gone answers")),
            Err(error) => common::has_kind(fixture, &error, DeviceErrorKind::CardRemoved)?,
        }
    }
    drop(session);
    works(fixture, &mut *opened.function, "behind a card that left").await
}

async fn removed_early<F: ContactlessFixture>(fixture: &mut F) -> Result<(), Fault> {
    let mut opened = open(fixture).await?;
    fixture.put(0);
    let deadline = fixture.deadline();
    let found = within(deadline, "wait for a card", opened.function.await_target()).await?;
    found.map_err(|error| Fault::new(format!("wait for a card: {error}")))?;
    fixture.clear();
    match within(deadline, "connect", opened.function.connect()).await? {
        Ok(_) => return Err(Fault::new("a session with a card that is gone begins")),
        Err(error) => common::has_kind(fixture, &error, DeviceErrorKind::CardRemoved)?,
    }
    works(fixture, &mut *opened.function, "behind a card that left").await
}

/// What goes wrong on the line is survived or told, and what follows works.
async fn disturbed<F: ContactlessFixture>(
    fixture: &mut F,
    disturbance: Disturbance,
) -> Result<(), Fault> {
    let mut opened = open(fixture).await?;
    fixture.put(0);
    fixture.disturb(disturbance);
    let (_, mut session) = tap(fixture, &mut *opened.function).await?;
    fixture.disturb(disturbance);
    if let Err(error) = transmit(fixture, session.as_mut()).await? {
        let kind = error.kind();
        let told = matches!(kind, DeviceErrorKind::TimedOut | DeviceErrorKind::Protocol);
        require(told, || format!("the kind is neither TimedOut nor Protocol: {error}"))?;
    }
    drop(session);
    works(fixture, &mut *opened.function, "afterwards").await
}

/// A wait that is given up leaves the reader usable at once.
async fn given_up<F: ContactlessFixture>(fixture: &mut F) -> Result<(), Fault> {
    let mut opened = open(fixture).await?;
    for _ in 0..ABORTS {
        let wait = opened.function.await_target();
        let found = timeout(Duration::from_millis(30), wait).await;
        require(found.is_err(), || format!("an empty field has a card: {found:?}"))?;
    }
    healthy(fixture, &mut opened).await?;
    works(fixture, &mut *opened.function, "behind waits that were given up").await
}

async fn healthy<F: ContactlessFixture>(
    fixture: &F,
    opened: &mut Opened<F::Function>,
) -> Result<(), Fault> {
    let level = HealthLevel::Internal;
    let report = common::check_health(fixture, &mut *opened.function, level).await?;
    report.map(drop).map_err(|error| Fault::new(format!("health: {error}")))
}

async fn command_given_up<F: ContactlessFixture>(fixture: &mut F) -> Result<(), Fault> {
    let mut opened = open(fixture).await?;
    for polls in 0..4 {
        fixture.clear();
        fixture.put(0);
        let (_, mut session) = tap(fixture, &mut *opened.function).await?;
        // Ends by itself or is given up: what follows is the same.
        let command = common::DropAfter::new(polls, session.transmit(&COMMAND));
        drop(timeout(fixture.silence(), command).await);
        drop(session);
        works(fixture, &mut *opened.function, "behind a command that was given up").await?;
    }
    Ok(())
}

async fn two_at_once<F: ContactlessFixture>(fixture: &mut F) -> Result<(), Fault> {
    let mut opened = open(fixture).await?;
    fixture.put(1);
    fixture.put(2);
    let (target, mut session) = tap(fixture, &mut *opened.function).await?;
    require(!target.uid.is_empty(), || "the card has no UID".into())?;
    let result = transmit(fixture, session.as_mut()).await?;
    result.map_err(|error| Fault::new(format!("one of two cards: {error}")))?;
    drop(session);
    works(fixture, &mut *opened.function, "behind two cards").await
}

/// Closed in the middle of a wait and of a session, the reader opens again.
async fn opened_again<F: ContactlessFixture>(fixture: &mut F) -> Result<(), Fault> {
    let mut opened = open(fixture).await?;
    let wait = opened.function.await_target();
    drop(timeout(Duration::from_millis(30), wait).await);
    let Opened { function, .. } = opened;
    drop(function);
    for round in ["in the middle of a wait", "in the middle of a session"] {
        let again = within(fixture.deadline(), "open again", fixture.reopen()).await?;
        let mut reader = again
            .map_err(|error| Fault::new(format!("closed {round}, it opens no more: {error}")))?;
        works(fixture, &mut *reader, "opened again").await?;
        fixture.put(1);
        let (_, session) = tap(fixture, &mut *reader).await?;
        drop(reader);
        drop(session);
    }
    Ok(())
}
