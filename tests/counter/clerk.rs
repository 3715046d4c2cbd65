//! Cashier and customer by script: at each prompt they do what was planned for it.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use countertop_device::document::Document;
use countertop_terminal::flow::{Attendant, Confirmation, Prompt};
use countertop_virtual::card::CardProfile;
use countertop_virtual::pinpad::PinPadControl;
use countertop_virtual::printer::PrinterControl;
use countertop_virtual::scanner::ScannerControl;
use countertop_virtual::signature::{Handwriting, SignatureControl};
use countertop_virtual::stripe::{StripeCard, StripeControl, SwipeFault};
use countertop_wire::iso7813::TrackNumber;
use tokio::sync::Notify;
use tokio::task::{AbortHandle, JoinSet};

use super::cards;
use super::readers::Seat;

/// Holds the hands at every device.
#[derive(Debug, Clone)]
pub(crate) struct Hands {
    pub(crate) chip: Seat,
    pub(crate) field: Seat,
    pub(crate) pin_pad: PinPadControl,
    pub(crate) printer: PrinterControl,
    pub(crate) scanner: ScannerControl,
    pub(crate) signature: SignatureControl,
    pub(crate) stripe: StripeControl,
}

/// Names a prompt, whatever it carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum On {
    Authorising,
    Approved,
    CardLeft,
    CodeUnknown,
    Confirm,
    EnterPin,
    InsertChip,
    LoadingParameters,
    NoPaymentCard,
    PresentCard,
    PresentOneCardOnly,
    Printing,
    PrinterTrouble,
    ReadingCard,
    Reversing,
    Settling,
    Sign,
    StripeUnreadable,
    SwipeInstead,
    TakeCard,
    Trouble,
    Other,
}

/// Is what is done at a prompt.
#[derive(Debug, Clone)]
pub(crate) enum Deed {
    Insert(CardProfile),
    InsertMute,
    Pull,
    Tap(CardProfile),
    /// A tag that is no card.
    TapTag,
    /// Two cards at once, of which one is this.
    TapTwo(CardProfile),
    LeaveField,
    Swipe(&'static str),
    SwipeBad,
    Scan(String),
    Pin(&'static str),
    /// Enter without a digit.
    Bypass,
    PinCancel,
    Sign,
    SignCancel,
    /// The cashier's cancel key, at once.
    Cancel,
    /// The cashier's cancel key, once the PIN pad asks for the PIN.
    CancelAtPinPad,
    /// The cashier does not confirm.
    Refuse,
    LoadPaper,
    EndPaper,
    UnplugChip,
    UnplugField,
    Both(Box<[Self; 2]>),
    /// Nothing; of a printer's trouble: tries again.
    Nothing,
}

/// Acts at the prompts.
#[derive(Debug)]
pub(crate) struct Clerk {
    hands: Hands,
    plan: Vec<(On, Deed)>,
    /// Every prompt that was shown.
    pub(crate) shown: Vec<Prompt>,
    /// Every slip, with its name.
    pub(crate) slips: Vec<(String, Document)>,
    /// Confirmations that were asked for.
    pub(crate) confirmations: Vec<Confirmation>,
    cancel: Arc<Notify>,
    refuse: VecDeque<()>,
    tasks: JoinSet<()>,
    presenting: Option<AbortHandle>,
    /// Where the process is killed, if a test of crashes says so.
    pub(crate) at: Option<fn(&str)>,
}

impl Clerk {
    pub(crate) fn new(hands: Hands) -> Self {
        Self {
            hands,
            plan: Vec::new(),
            shown: Vec::new(),
            slips: Vec::new(),
            confirmations: Vec::new(),
            cancel: Arc::default(),
            refuse: VecDeque::new(),
            tasks: JoinSet::new(),
            presenting: None,
            at: None,
        }
    }

    /// Plans a deed for the next time that a prompt is shown.
    pub(crate) fn on(&mut self, prompt: On, deed: Deed) -> &mut Self {
        self.plan.push((prompt, deed));
        self
    }

    pub(crate) fn pays_by_chip(&mut self) -> &mut Self {
        self.inserts(cards::debit())
    }

    pub(crate) fn inserts(&mut self, card: CardProfile) -> &mut Self {
        self.on(On::PresentCard, Deed::Insert(card)).on(On::EnterPin, Deed::Pin(cards::PIN))
    }

    pub(crate) fn pays_by_tap(&mut self) -> &mut Self {
        self.on(On::PresentCard, Deed::Tap(cards::debit()))
    }

    pub(crate) fn pays_by_stripe(&mut self) -> &mut Self {
        self.on(On::PresentCard, Deed::Swipe(cards::STRIPE))
            .on(On::EnterPin, Deed::Pin(cards::PIN))
            .on(On::Sign, Deed::Sign)
    }

    pub(crate) fn pays_by_code(&mut self) -> &mut Self {
        self.on(On::PresentCard, Deed::Scan(cards::payment_code()))
    }

    /// Forgets what is planned and takes every card away.
    pub(crate) fn forget(&mut self) {
        self.plan.clear();
        self.refuse.clear();
        self.stop_presenting();
        self.hands.chip.plug();
        self.hands.field.plug();
        self.hands.chip.take();
        self.hands.field.take();
    }

    /// Takes away what an earlier customer left.
    pub(crate) fn next_sale(&mut self) {
        self.stop_presenting();
        self.hands.chip.take();
        self.hands.field.take();
        self.shown.clear();
    }

    /// Tells whether a prompt was shown since the sale began.
    pub(crate) fn saw(&self, prompt: On) -> bool {
        self.shown.iter().any(|shown| On::of(shown) == prompt)
    }

    /// Returns the text of the slips whose name ends so, redacted.
    pub(crate) fn slip(&self, name: &str) -> String {
        let found = self.slips.iter().rev().find(|(known, _)| known.ends_with(name));
        let (_, slip) = found.unwrap_or_else(|| panic!("no slip {name}: {:?}", self.names()));
        super::slips::redacted(slip)
    }

    pub(crate) fn names(&self) -> Vec<&str> {
        self.slips.iter().map(|(name, _)| name.as_str()).collect()
    }

    fn planned(&mut self, prompt: On) -> Option<Deed> {
        let place = self.plan.iter().position(|(on, _)| *on == prompt)?;
        Some(self.plan.remove(place).1)
    }

    fn stop_presenting(&mut self) {
        if let Some(presenting) = self.presenting.take() {
            presenting.abort();
        }
    }

    fn act(&mut self, deed: Deed) {
        match deed {
            Deed::Cancel => self.cancel.notify_one(),
            Deed::Refuse => self.refuse.push_back(()),
            Deed::Both(deeds) => deeds.into_iter().for_each(|deed| self.act(deed)),
            Deed::CancelAtPinPad => {
                let (mut pin_pad, cancel) = (self.hands.pin_pad.clone(), self.cancel.clone());
                self.tasks.spawn(async move {
                    pin_pad.prompted().await;
                    cancel.notify_one();
                });
            }
            Deed::Swipe(_) | Deed::SwipeBad | Deed::Scan(_) => {
                self.presenting = Some(self.tasks.spawn(self.hands.clone().present(deed)));
            }
            deed => {
                let hands = self.hands.clone();
                if let Some(later) = hands.act_now(deed) {
                    self.tasks.spawn(hands.act_when_asked(later));
                }
            }
        }
    }

    fn reach(&self, place: &str) {
        if let Some(at) = self.at {
            at(place);
        }
    }
}

#[async_trait]
impl Attendant for Clerk {
    fn show(&mut self, prompt: &Prompt) {
        let on = On::of(prompt);
        self.shown.push(prompt.clone());
        self.reach(&format!("show {on:?}"));
        self.stop_presenting();
        if !prompt.can_cancel() {
            self.cancel = Arc::default();
        }
        // A printer's trouble is acted on when the flow asks what to do about it.
        let deed = if on == On::PrinterTrouble { None } else { self.planned(on) };
        match (on, deed) {
            (_, Some(deed)) => self.act(deed),
            (On::TakeCard, None) => self.hands.chip.take(),
            (On::Authorising, None) => self.hands.field.take(),
            _ => {}
        }
    }

    async fn cancelled(&mut self) {
        self.cancel.notified().await;
    }

    async fn confirm(&mut self, confirmation: &Confirmation) -> bool {
        self.confirmations.push(confirmation.clone());
        self.refuse.pop_front().is_none()
    }

    async fn choose_application(&mut self, _: &[String]) -> Option<usize> {
        Some(0)
    }

    async fn try_again(&mut self, prompt: &Prompt) -> bool {
        self.show(prompt);
        match self.planned(On::PrinterTrouble) {
            Some(deed) => {
                self.act(deed);
                true
            }
            None => false,
        }
    }

    fn slip(&mut self, name: &str, slip: &Document) {
        self.slips.push((name.to_owned(), slip.clone()));
        let word = name.split(' ').find(|word| word.chars().all(|it| it.is_ascii_lowercase()));
        self.reach(&format!("slip {}", word.unwrap_or(name)));
    }
}

impl Hands {
    /// Does what can be done at once; returns what has to wait for its device.
    fn act_now(&self, deed: Deed) -> Option<Deed> {
        match deed {
            Deed::Insert(card) => self.chip.put(cards::contact(card)),
            Deed::InsertMute => self.chip.put_mute(cards::contact(cards::debit())),
            Deed::Pull => self.chip.take(),
            Deed::Tap(card) => self.field.put(cards::contactless(card)),
            Deed::TapTag => self.field.put_tag(),
            Deed::TapTwo(card) => self.field.put_beside_another(cards::contactless(card)),
            Deed::LeaveField => self.field.take(),
            Deed::LoadPaper => self.printer.load_paper(),
            Deed::EndPaper => self.printer.end_paper(),
            Deed::UnplugChip => self.chip.unplug(),
            Deed::UnplugField => self.field.unplug(),
            Deed::Nothing => {}
            later => return Some(later),
        }
        None
    }

    async fn act_when_asked(mut self, deed: Deed) {
        match deed {
            Deed::Pin(digits) => {
                self.pin_pad.prompted().await;
                self.pin_pad.type_pin(digits);
            }
            Deed::Bypass => {
                self.pin_pad.prompted().await;
                self.pin_pad.press_enter();
            }
            Deed::PinCancel => {
                self.pin_pad.prompted().await;
                self.pin_pad.press_cancel();
            }
            Deed::Sign => {
                self.signature.asked().await;
                self.signature.sign(&Handwriting::sample(240, 80)).await;
            }
            Deed::SignCancel => {
                self.signature.asked().await;
                self.signature.cancel().await;
            }
            other => panic!("{other:?} waits for no device"),
        }
    }

    /// Presents a card or a code until it is seen: a reader that is not armed yet misses it.
    async fn present(mut self, deed: Deed) {
        loop {
            match &deed {
                Deed::Swipe(track) => {
                    self.stripe.armed().await;
                    self.stripe.swipe(&stripe(track)).await;
                }
                Deed::SwipeBad => {
                    self.stripe.armed().await;
                    let fault = SwipeFault::Scratch(TrackNumber::Two);
                    self.stripe.swipe_with(&stripe(cards::STRIPE), fault).await;
                }
                Deed::Scan(code) => self.scanner.scan(code),
                other => panic!("{other:?} is not presented"),
            }
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
    }
}

fn stripe(track: &str) -> StripeCard {
    StripeCard::new([None, Some(track), None]).unwrap()
}

impl On {
    pub(crate) fn of(prompt: &Prompt) -> Self {
        match prompt {
            Prompt::Authorising => Self::Authorising,
            Prompt::Approved { .. } => Self::Approved,
            Prompt::CardLeft => Self::CardLeft,
            Prompt::CodeUnknown => Self::CodeUnknown,
            Prompt::Confirm(_) => Self::Confirm,
            Prompt::EnterPin { .. } => Self::EnterPin,
            Prompt::InsertChip => Self::InsertChip,
            Prompt::LoadingParameters => Self::LoadingParameters,
            Prompt::NoPaymentCard => Self::NoPaymentCard,
            Prompt::PresentOneCardOnly => Self::PresentOneCardOnly,
            Prompt::PresentCard { .. } => Self::PresentCard,
            Prompt::Printing => Self::Printing,
            Prompt::PrinterTrouble { .. } => Self::PrinterTrouble,
            Prompt::ReadingCard => Self::ReadingCard,
            Prompt::Reversing { .. } => Self::Reversing,
            Prompt::Settling => Self::Settling,
            Prompt::Sign => Self::Sign,
            Prompt::StripeUnreadable => Self::StripeUnreadable,
            Prompt::SwipeInstead => Self::SwipeInstead,
            Prompt::TakeCard => Self::TakeCard,
            Prompt::Trouble { .. } => Self::Trouble,
            _ => Self::Other,
        }
    }
}
