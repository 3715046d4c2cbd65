//! Waiting for a card or a code: whichever of swipe, insert, tap and scan comes first.

use core::time::Duration;

use countertop_device::{
    CardProtocol, CardSession, ChipReader, CodeScanner, ContactlessReader, ContactlessTarget,
    DeviceError, DeviceErrorKind, Money, Scan, Sensitive, StripeReader, Swipe,
};
use countertop_hub::{Devices, Role, Slot};
use countertop_wire::iso7813::Track2;
use countertop_wire::payment_code::PaymentCode;

use super::core::Core;
use super::{Attendant, Ending, Prompt, Ready, Step};

/// Is a sale with an amount that waits for a card or a code.
#[derive(Debug)]
pub struct AwaitingCard {
    ready: Ready,
    amount: Money,
    lost: Vec<Role>,
    /// Whether what was tapped last was refused, and may still lie there.
    refused: bool,
}

/// Is a sale with an amount and a card or a code.
#[derive(Debug)]
pub struct CardPresented {
    pub(super) ready: Ready,
    pub(super) amount: Money,
    pub(super) card: Presented,
}

/// Is what was presented.
#[derive(Debug)]
pub(super) enum Presented {
    Stripe { track2: Track2, fallback: bool },
    Chip(Box<dyn CardSession>),
    Contactless(Box<dyn CardSession>),
    Code(Sensitive),
}

/// Is what came first.
enum First {
    Cancelled,
    TimedOut,
    Swiped(Swipe),
    Inserted,
    Tapped(ContactlessTarget),
    Scanned(Scan),
    Lost(Role, DeviceError),
}

/// Is what an event leads to.
enum Next {
    Take(Presented),
    Again(Prompt),
    End(Ending),
}

impl AwaitingCard {
    pub(super) fn new(ready: Ready, amount: Money) -> Self {
        Self { ready, amount, lost: Vec::new(), refused: false }
    }

    /// Waits for a card or a code. An unreadable stripe, an unknown code, a chip card that was swiped, a
    /// tag that is no payment card, two cards at once and a card that left too early are shown, and the wait
    /// goes on.
    ///
    /// # Cancel safety
    ///
    /// Not cancel safe: the terminal is consumed. The attendant's cancel ends the wait.
    pub async fn read(mut self, attendant: &mut dyn Attendant) -> Step<CardPresented> {
        let mut prompt = self.present_card();
        loop {
            attendant.show(&prompt);
            let core = &mut self.ready.duty.core;
            let first = core.first_card(&self.lost, self.refused, attendant).await;
            prompt = match self.next(first, attendant).await {
                Next::Take(card) => {
                    attendant.show(&Prompt::ReadingCard);
                    let Self { ready, amount, .. } = self;
                    return Step::Next(CardPresented { ready, amount, card });
                }
                Next::Again(prompt) => prompt,
                Next::End(ending) => return self.ready.ended(ending, attendant).await,
            };
        }
    }

    fn present_card(&self) -> Prompt {
        let devices = &self.ready.duty.core.parts.devices;
        let readers = [
            (Role::Chip, devices.chip.assigned()),
            (Role::Contactless, devices.contactless.assigned()),
            (Role::Stripe, devices.stripe.assigned()),
            (Role::Scanner, devices.scanner.assigned()),
        ];
        let readers =
            readers.into_iter().filter(|(role, assigned)| *assigned && !self.lost.contains(role));
        Prompt::PresentCard {
            amount: self.amount,
            readers: readers.map(|(role, _)| role).collect(),
        }
    }

    async fn next(&mut self, first: First, attendant: &mut dyn Attendant) -> Next {
        match first {
            First::Cancelled | First::TimedOut => Next::End(Ending::Cancelled),
            First::Swiped(swipe) => self.swiped(&swipe),
            First::Inserted => self.inserted(attendant).await,
            First::Tapped(target) => self.tapped(&target).await,
            First::Scanned(scan) => scanned(&scan),
            First::Lost(role, error) => self.lost(role, error),
        }
    }

    fn swiped(&self, swipe: &Swipe) -> Next {
        let track2 = swipe.track(2).and_then(|track| Track2::parse(track.expose()).ok());
        let Some(track2) = track2.filter(|track| track.pan().luhn_is_good()) else {
            return Next::Again(Prompt::StripeUnreadable);
        };
        let core = &self.ready.duty.core;
        let fallback = track2.has_chip() && core.parts.devices.chip.assigned();
        if fallback && !core.chip_failed {
            return Next::Again(Prompt::InsertChip);
        }
        Next::Take(Presented::Stripe { track2, fallback })
    }

    async fn inserted(&mut self, attendant: &mut dyn Attendant) -> Next {
        let core = &mut self.ready.duty.core;
        match connect_chip(&mut core.parts.devices.chip).await {
            Ok(session) => {
                core.card_in = true;
                Next::Take(Presented::Chip(session))
            }
            Err(error) if error.kind() == DeviceErrorKind::CardRemoved => {
                Next::Again(Prompt::CardLeft)
            }
            Err(error) if error.kind() == DeviceErrorKind::Protocol => {
                core.chip_failed = true;
                attendant.show(&Prompt::SwipeInstead);
                core.await_removal(attendant).await;
                Next::Again(Prompt::SwipeInstead)
            }
            Err(error) => self.lost(Role::Chip, error),
        }
    }

    async fn tapped(&mut self, target: &ContactlessTarget) -> Next {
        let refusal = refusal(target);
        self.refused = refusal.is_some();
        if let Some(prompt) = refusal {
            return Next::Again(prompt);
        }
        let slot = &mut self.ready.duty.core.parts.devices.contactless;
        match connect_contactless(slot).await {
            Ok(session) => Next::Take(Presented::Contactless(session)),
            Err(error) if error.kind() == DeviceErrorKind::CardRemoved => {
                Next::Again(Prompt::CardLeft)
            }
            Err(error) => self.lost(Role::Contactless, error),
        }
    }

    /// Goes on without a reader that failed; without the last one the sale ends.
    fn lost(&mut self, role: Role, error: DeviceError) -> Next {
        tracing::warn!(%role, %error, "reader left out of this sale");
        self.ready.duty.core.parts.devices.note(role, &error);
        self.lost.push(role);
        match self.present_card() {
            Prompt::PresentCard { readers, .. } if readers.is_empty() => {
                Next::End(Ending::Failed(error.into()))
            }
            prompt => Next::Again(prompt),
        }
    }
}

/// Says why a card must not pay; `None` for one that may.
fn refusal(target: &ContactlessTarget) -> Option<Prompt> {
    match target.collision {
        _ if !speaks_emv(target.protocol) => Some(Prompt::NoPaymentCard),
        true => Some(Prompt::PresentOneCardOnly),
        false => None,
    }
}

/// Tells whether payment applications are spoken to in this way (EMV Contactless Book D).
fn speaks_emv(protocol: CardProtocol) -> bool {
    matches!(protocol, CardProtocol::IsoDep | CardProtocol::T0 | CardProtocol::T1)
}

fn scanned(scan: &Scan) -> Next {
    match PaymentCode::parse(scan.data.expose()) {
        Ok(_) => Next::Take(Presented::Code(scan.data.clone())),
        Err(_) => Next::Again(Prompt::CodeUnknown),
    }
}

async fn connect_chip(
    slot: &mut Slot<Box<dyn ChipReader>>,
) -> Result<Box<dyn CardSession>, DeviceError> {
    slot.open().await?.connect().await
}

async fn connect_contactless(
    slot: &mut Slot<Box<dyn ContactlessReader>>,
) -> Result<Box<dyn CardSession>, DeviceError> {
    slot.open().await?.connect().await
}

impl Core {
    async fn first_card(
        &mut self,
        lost: &[Role],
        refused: bool,
        attendant: &mut dyn Attendant,
    ) -> First {
        let timeout = self.parts.settings.prompt_timeout();
        let Devices { stripe, chip, contactless, scanner, .. } = &mut self.parts.devices;
        let used = |role: Role, assigned: bool| assigned && !lost.contains(&role);
        let stripe_used = used(Role::Stripe, stripe.assigned());
        let chip_used = used(Role::Chip, chip.assigned());
        let contactless_used = used(Role::Contactless, contactless.assigned());
        let scanner_used = used(Role::Scanner, scanner.assigned());
        tokio::select! {
            biased;
            () = attendant.cancelled() => First::Cancelled,
            first = swipe(stripe), if stripe_used => first,
            first = insert(chip), if chip_used => first,
            first = tap(contactless, refused), if contactless_used => first,
            first = scan(scanner), if scanner_used => first,
            () = tokio::time::sleep(timeout) => First::TimedOut,
        }
    }

    /// Waits until a card that was inserted for this transaction is taken; asks for that only where
    /// it still is in.
    pub(super) async fn await_card_taken(&mut self, attendant: &mut dyn Attendant) {
        if std::mem::take(&mut self.card_in) && !self.chip_reader_is_empty().await {
            self.await_removal(attendant).await;
        }
    }

    async fn chip_reader_is_empty(&mut self) -> bool {
        const AT_ONCE: Duration = Duration::from_millis(20);
        let Some(reader) = self.parts.devices.chip.opened() else { return true };
        matches!(tokio::time::timeout(AT_ONCE, reader.await_removal()).await, Ok(Ok(())))
    }

    /// Waits until the chip reader is empty; gives up after the time of a prompt, on cancel, or when
    /// the reader fails: the transaction is over either way.
    pub(super) async fn await_removal(&mut self, attendant: &mut dyn Attendant) {
        let timeout = self.parts.settings.prompt_timeout();
        let slot = &mut self.parts.devices.chip;
        let removal =
            async {
                if let Ok(reader) = slot.open().await {
                    reader.await_removal().await.inspect_err(|error| {
                    tracing::warn!(%error, "chip reader failed while the card was to be taken");
                }).ok();
                }
            };
        attendant.show(&Prompt::TakeCard);
        tokio::select! {
            () = removal => {}
            () = attendant.cancelled() => {}
            () = tokio::time::sleep(timeout) => {}
        }
    }
}

async fn swipe(slot: &mut Slot<Box<dyn StripeReader>>) -> First {
    let swiped = match slot.open().await {
        Ok(reader) => reader.next_swipe().await,
        Err(error) => Err(error),
    };
    swiped.map_or_else(|error| First::Lost(Role::Stripe, error), First::Swiped)
}

async fn insert(slot: &mut Slot<Box<dyn ChipReader>>) -> First {
    let inserted = match slot.open().await {
        Ok(reader) => reader.await_card().await,
        Err(error) => Err(error),
    };
    inserted.map_or_else(|error| First::Lost(Role::Chip, error), |()| First::Inserted)
}

/// Waits for a tap. What was refused gets time to be taken away first: it would be found again at once.
async fn tap(slot: &mut Slot<Box<dyn ContactlessReader>>, refused: bool) -> First {
    const TAKE_AWAY: Duration = Duration::from_secs(1);
    if refused {
        tokio::time::sleep(TAKE_AWAY).await;
    }
    let tapped = match slot.open().await {
        Ok(reader) => reader.await_target().await,
        Err(error) => Err(error),
    };
    tapped.map_or_else(|error| First::Lost(Role::Contactless, error), First::Tapped)
}

async fn scan(slot: &mut Slot<Box<dyn CodeScanner>>) -> First {
    let scanned = match slot.open().await {
        Ok(scanner) => scanner.next_scan().await,
        Err(error) => Err(error),
    };
    scanned.map_or_else(|error| First::Lost(Role::Scanner, error), First::Scanned)
}
