//! A reader with one card after the other.

use std::sync::Arc;
use std::time::{Duration, Instant};

use countertop_chip::{PcscDriver, PcscReader, PcscSession};
use countertop_device::{
    CardSession as _, ChipReader as _, DeviceError, DeviceErrorKind, Settings,
};
use tokio::sync::Barrier;
use tokio::time::timeout;

use super::tally::{Fault, Tally};
use super::{COMMANDS, DEADLINE};
use crate::common::{ATR_T0, ATR_T1};
use crate::lanes::{LaneCard, Reaction, selector};

/// READ RECORD, which needs nothing of T=0.
const COMMAND: &[u8] = &[0x00, 0xb2, 0x01, 0x0c, 0x00];

/// Is a reader, and what came of its cards.
pub(super) struct Lane {
    pub(super) number: u16,
    pub(super) reader: PcscReader,
    pub(super) tally: Tally,
    /// Which fault is next, of all that there are.
    next: usize,
}

/// Says how a conversation ended early.
struct Broken {
    /// The command that failed.
    at: usize,
    error: DeviceError,
    took: Duration,
}

/// Is when a service is killed that many talk to.
pub(super) struct Killing {
    /// All are about to send the command that the service does not survive.
    pub(super) ready: Barrier,
    /// It is under way.
    pub(super) under_way: Barrier,
    /// The service is dead.
    pub(super) dead: Barrier,
}

impl Lane {
    /// Opens a lane's reader; `first` is the fault to begin with.
    pub(super) async fn open(number: u16, first: usize, settings: &Settings) -> Self {
        let selector = selector(number).parse().unwrap();
        let reader = PcscDriver::new().open_reader(&selector, settings).await.unwrap();
        Self { number, reader, tally: Tally::default(), next: first }
    }

    /// One card that leaves at some command, and the next one, which has to work.
    pub(super) async fn pull(&mut self) {
        let (fault, place) = self.next_of([Fault::TornBefore, Fault::TornBehind]);
        // Behind the answer it is the next command that fails, unless vpcd noticed before it read it.
        let (reaction, expected) = match fault {
            Fault::TornBehind => (Reaction::AnswerAndLeave, [place, place + 1]),
            _ => (Reaction::Leave, [place, place]),
        };
        self.suffer(fault, place, reaction, expected, DeviceErrorKind::CardRemoved).await;
    }

    /// One card that hangs at some command, and the next one, which has to work.
    pub(super) async fn hang(&mut self) {
        let (fault, place) = self.next_of([Fault::Hung]);
        self.suffer(fault, place, Reaction::Hang, [place; 2], DeviceErrorKind::TimedOut).await;
    }

    async fn suffer(
        &mut self,
        fault: Fault,
        place: usize,
        reaction: Reaction,
        expected: [usize; 2],
        kind: DeviceErrorKind,
    ) {
        let what = format!("lane {}: {reaction:?} at {place}", self.number);
        let card = self.insert(place, reaction).await;
        let Err(broken) = self.converse().await else { panic!("{what} was not noticed") };
        assert_eq!(broken.error.kind(), kind, "{what}, at {}: {:?}", broken.at, broken.error);
        assert!(expected.contains(&broken.at), "{what}, failed at {}", broken.at);
        assert!(broken.took < DEADLINE, "{what} took {:?}", broken.took);
        self.tally.note(fault, place, broken.took);
        drop(card);
        self.empties().await;
        self.next_card_works().await;
    }

    /// Talks to a card up to some command, which the service does not survive.
    pub(super) async fn be_killed(&mut self, killing: Arc<Killing>) {
        // pcscd lets one command at a time into a driver, which a pair of lanes shares.
        let kind =
            if self.number.is_multiple_of(2) { Fault::KilledIn } else { Fault::KilledBefore };
        let (fault, place) = self.next_of([kind]);
        let mut card = self.insert(place, Reaction::Hang).await;
        let mut session = self.connect().await;
        for number in 0..place {
            exchange(&mut session, number).await.unwrap();
        }
        killing.ready.wait().await;
        let command = exchange(&mut session, place);
        tokio::pin!(command);
        if fault == Fault::KilledIn {
            tokio::select! {
                answer = &mut command => panic!("lane {}: {answer:?}", self.number),
                () = card.hung() => {}
            }
        }
        killing.under_way.wait().await;
        killing.dead.wait().await;
        let begin = Instant::now();
        let error = command.await.unwrap_err();
        let took = begin.elapsed();
        assert_eq!(error.kind(), DeviceErrorKind::ServiceGone, "lane {}: {error:?}", self.number);
        assert!(took < DEADLINE, "lane {}: {took:?}", self.number);
        self.tally.note(fault, place, took);
    }

    /// Finds the service that is back, and talks to a card.
    pub(super) async fn recover(&mut self) {
        // Whether the loss of the service meets this wait or met the time before it, is chance.
        match timeout(DEADLINE, self.reader.await_removal()).await.unwrap() {
            Err(error) if error.kind() == DeviceErrorKind::ServiceGone => self.empties().await,
            other => other.unwrap(),
        }
        self.next_card_works().await;
    }

    async fn next_card_works(&mut self) {
        let card = self.insert(usize::MAX, Reaction::Answer).await;
        if let Err(Broken { at, error, .. }) = self.converse().await {
            panic!("lane {}: the next card fails at {at}: {error:?}", self.number);
        }
        drop(card);
        self.empties().await;
    }

    /// Inserts a card and waits until it is seen.
    async fn insert(&mut self, place: usize, reaction: Reaction) -> LaneCard {
        // Both protocols on each lane by turns.
        let answer_to_reset = if self.next.is_multiple_of(2) { ATR_T0 } else { ATR_T1 };
        let card = LaneCard::insert(self.number, answer_to_reset, place, reaction);
        let seen = timeout(DEADLINE, self.reader.await_card()).await;
        seen.unwrap_or_else(|_| panic!("lane {}: the card is not seen", self.number)).unwrap();
        card
    }

    /// Waits until the slot is empty, as pcscd sees it: it does not notice that there is another card when both
    /// moves are between two of its looks.
    async fn empties(&mut self) {
        let empty = timeout(DEADLINE, self.reader.await_removal()).await;
        empty.unwrap_or_else(|_| panic!("lane {}: the card is still seen", self.number)).unwrap();
    }

    async fn connect(&mut self) -> PcscSession {
        let session = self.reader.connect_card().await;
        session.unwrap_or_else(|error| panic!("lane {}: {error:?}", self.number))
    }

    /// Talks to the card that is in until the first error, or ends the session in good order.
    async fn converse(&mut self) -> Result<(), Broken> {
        let mut session = self.connect().await;
        // One more than there are places, so that a card that leaves is always noticed.
        for at in 0..=COMMANDS {
            let begin = Instant::now();
            let answer = exchange(&mut session, at).await;
            answer.map_err(|error| Broken { at, error, took: begin.elapsed() })?;
        }
        // Waited for, because the card that is powered down would be the next one.
        Box::new(session).close().await.unwrap();
        Ok(())
    }

    /// Returns a fault of `kinds` and the command where it happens: each in its turn.
    fn next_of<const N: usize>(&mut self, kinds: [Fault; N]) -> (Fault, usize) {
        let case = self.next;
        self.next += 1;
        (kinds[case / COMMANDS % N], case % COMMANDS)
    }
}

async fn exchange(session: &mut PcscSession, number: usize) -> Result<(), DeviceError> {
    let answer = session.transmit(COMMAND).await?;
    assert_eq!(answer.expose(), [u8::try_from(number).unwrap() + 1, 0x90, 0x00]);
    Ok(())
}
