//! The hands at the virtual counter: a customer's, and those that load paper or cut the line.

use countertop_virtual::acquirer::{AcquirerControl, Behaviour};
use countertop_virtual::card::{CardProfile, Interface, PaymentCard};
use countertop_virtual::pinpad::PinPadControl;
use countertop_virtual::pn532::{Pn532Control, Target};
use countertop_virtual::printer::PrinterControl;
use countertop_virtual::scanner::ScannerControl;
use countertop_virtual::signature::{HandOutcome, Handwriting, Point, SignatureControl};
use countertop_virtual::stripe::{StripeCard, StripeControl, SwipeFault};
use countertop_virtual::vpcd::CardSlotControl;
use countertop_wire::iso7813::TrackNumber;
use serde::Deserialize;

/// Is what a hand does.
#[derive(Deserialize)]
#[serde(tag = "act", rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) enum Act {
    /// Puts the chip card into the reader.
    Insert,
    /// Takes the chip card.
    Remove,
    /// Holds the card into the field, until it is taken away with [`Act::Remove`] or the next tap.
    Tap,
    /// Pulls the stripe card through.
    Swipe,
    /// Pulls the stripe card through so that it cannot be read.
    SwipeBad,
    /// Shows a new payment code to the scanner.
    Scan,
    /// Types a test PIN and presses enter; no digit is enter alone.
    Pin {
        /// The digits.
        digits: String,
    },
    /// Presses cancel at the PIN pad.
    PinCancel,
    /// Signs.
    Sign {
        /// Points of the pen's ways, in dots of the pad.
        strokes: Vec<Vec<Point>>,
    },
    /// Presses cancel at the signature pad.
    SignCancel,
    /// Takes the paper out of the printer.
    PaperOut,
    /// Loads paper.
    PaperIn,
    /// Lets the host decline the next request.
    HostDecline,
    /// Lets the host book the next request and never answer.
    HostSilent,
}

/// Withholds PIN and signature.
impl std::fmt::Debug for Act {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Act")
    }
}

/// Holds every device's control.
#[derive(Debug, Clone)]
pub(super) struct Controls {
    pub(super) acquirer: AcquirerControl,
    pub(super) chip: Option<CardSlotControl>,
    pub(super) field: Pn532Control,
    pub(super) pin_pad: PinPadControl,
    pub(super) printer: PrinterControl,
    pub(super) scanner: ScannerControl,
    pub(super) signature: SignatureControl,
    pub(super) stripe: StripeControl,
}

/// Acts on the devices.
#[derive(Debug, Clone)]
pub(crate) struct Hands {
    controls: Controls,
}

/// The stripe of the card without a chip: the third digit of its service code asks for the PIN.
const STRIPE_CARD: &str = "6200000000000005=30121200000000000";

impl Hands {
    pub(super) fn new(controls: Controls) -> Self {
        Self { controls }
    }

    /// Waits until the PIN pad asks for a PIN.
    pub(crate) async fn pin_prompted(&self) {
        self.controls.pin_pad.clone().prompted().await;
    }

    /// Takes whatever is in the field away.
    pub(crate) fn leave_field(&self) {
        self.controls.field.clear();
    }

    /// Does something, or says why it cannot be done.
    pub(crate) async fn act(&self, act: Act) -> Result<(), String> {
        match act {
            Act::Insert => self.insert().await,
            Act::Remove => self.remove().await,
            Act::Tap => self.tap(),
            Act::Swipe => self.swipe(None).await,
            Act::SwipeBad => self.swipe(Some(SwipeFault::Scratch(TrackNumber::Two))).await,
            Act::Scan => self.scan(),
            Act::Pin { digits } => self.pin(&digits),
            Act::PinCancel => self.done(|controls| controls.pin_pad.press_cancel()),
            Act::Sign { strokes } => self.sign(strokes).await,
            Act::SignCancel => signed(self.controls.signature.cancel().await),
            Act::PaperOut => self.done(|controls| controls.printer.end_paper()),
            Act::PaperIn => self.done(|controls| controls.printer.load_paper()),
            Act::HostDecline => self.host(Behaviour::Decline(*b"51")),
            Act::HostSilent => self.host(Behaviour::DropResponse),
        }
    }

    fn done(&self, act: impl FnOnce(&Controls)) -> Result<(), String> {
        act(&self.controls);
        Ok(())
    }

    async fn insert(&self) -> Result<(), String> {
        let Some(slot) = &self.controls.chip else {
            return Err("the virtual reader is used by another program: end that first".into());
        };
        let card = PaymentCard::new(CardProfile::unionpay_debit()).on(Interface::Contact);
        slot.insert(card).await.map_err(|error| error.to_string())
    }

    async fn remove(&self) -> Result<(), String> {
        self.controls.field.clear();
        match &self.controls.chip {
            Some(slot) => slot.remove().await.map(drop).map_err(|error| error.to_string()),
            None => Ok(()),
        }
    }

    fn tap(&self) -> Result<(), String> {
        let card = PaymentCard::new(CardProfile::unionpay_debit()).on(Interface::Contactless);
        self.controls.field.clear();
        // Payment cards show a new random identifier each time; it begins with 08.
        self.controls.field.put(Target::iso_dep([0x08, 0x52, 0x7a, 0x01], card));
        Ok(())
    }

    async fn swipe(&self, fault: Option<SwipeFault>) -> Result<(), String> {
        let card =
            StripeCard::new([None, Some(STRIPE_CARD), None]).map_err(|error| error.to_string())?;
        let read = match fault {
            None => self.controls.stripe.swipe(&card).await,
            Some(fault) => self.controls.stripe.swipe_with(&card, fault).await,
        };
        if read { Ok(()) } else { Err("the stripe reader is not waiting for a card".into()) }
    }

    fn scan(&self) -> Result<(), String> {
        self.done(|controls| controls.scanner.scan(&new_payment_code()))
    }

    fn pin(&self, digits: &str) -> Result<(), String> {
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err("a PIN has digits only".into());
        }
        self.done(|controls| match digits {
            "" => controls.pin_pad.press_enter(),
            digits => controls.pin_pad.type_pin(digits),
        })
    }

    async fn sign(&self, strokes: Vec<Vec<Point>>) -> Result<(), String> {
        signed(self.controls.signature.sign(&Handwriting::new(strokes)).await)
    }

    /// Signs with a sample once the pad asks.
    pub(crate) async fn sign_sample(&self) -> Result<(), String> {
        self.controls.signature.clone().asked().await;
        signed(self.controls.signature.sign(&Handwriting::sample(240, 80)).await)
    }

    fn host(&self, behaviour: Behaviour) -> Result<(), String> {
        self.done(|controls| controls.acquirer.next(behaviour))
    }
}

fn signed(outcome: HandOutcome) -> Result<(), String> {
    match outcome {
        HandOutcome::Done => Ok(()),
        HandOutcome::BlankRefused => Err("the pad refuses a blank signature".into()),
        HandOutcome::NotAsked => Err("the pad is not waiting for a signature".into()),
        HandOutcome::NoResignsLeft => Err("the signature cannot be started over again".into()),
        _ => Err("the signature pad did not take it".into()),
    }
}

/// Makes a payment code that was not used before: 62 and seventeen digits.
fn new_payment_code() -> String {
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::time::{SystemTime, UNIX_EPOCH};
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |it| it.as_secs());
    let serial = NEXT.fetch_add(1, Ordering::Relaxed);
    format!("62{:012}{:05}", seconds % 1_000_000_000_000, serial % 100_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn payment_codes_are_new_and_well_formed() {
        let (first, second) = (new_payment_code(), new_payment_code());
        assert_ne!(first, second);
        for code in [first, second] {
            assert!(code.len() == 19 && code.starts_with("62"), "{code}");
        }
    }

    #[test]
    fn acts_come_as_tagged_json_and_are_not_shown() {
        let act: Act = serde_json::from_str(r#"{"act":"pin","digits":"123456"}"#).unwrap();
        assert!(!format!("{act:?}").contains("123456"));
        assert!(serde_json::from_str::<Act>(r#"{"act":"steal"}"#).is_err());
    }
}
