//! The customer and the cashier of a shift: they do at each prompt what people would.

use std::time::Duration;

use async_trait::async_trait;
use countertop_device::document::Document;
use countertop_terminal::flow::{Attendant, Confirmation, Language, Prompt};
use tokio::task::{AbortHandle, JoinSet};

use crate::counter::{Act, Hands};
use crate::failure::Failure;

/// Says how the customer pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pays {
    /// Inserts the chip card and types the PIN.
    Chip,
    /// Holds the card into the field.
    Tap,
    /// Pulls the stripe card through, types the PIN and signs.
    Swipe,
    /// Shows a payment code.
    Code,
}

/// Presents a card or code as people do: when nothing happens, again.
async fn again_until_seen(hands: &Hands, act: fn() -> Act) -> Result<(), String> {
    const PATIENCE: Duration = Duration::from_millis(700);
    loop {
        tokio::time::sleep(PATIENCE).await;
        // A reader that is not armed at the moment lets the card pass unseen.
        if let Err(unseen) = hands.act(act()).await {
            tracing::debug!(unseen, "presented in vain");
        }
    }
}

/// Acts at the prompts.
#[derive(Debug)]
pub(super) struct Customer {
    hands: Hands,
    pays: Option<Pays>,
    acts: JoinSet<Result<(), String>>,
    presenting: Option<AbortHandle>,
    quiet: bool,
    troubles: Vec<String>,
}

impl Customer {
    pub(super) fn new(hands: Hands, quiet: bool) -> Self {
        Self {
            hands,
            pays: None,
            acts: JoinSet::new(),
            presenting: None,
            quiet,
            troubles: Vec::new(),
        }
    }

    /// Says how the next sale is paid.
    pub(super) fn pays(&mut self, pays: Pays) {
        self.pays = Some(pays);
    }

    /// Fails when something went wrong at the counter that the sales did not show.
    pub(super) fn check(&mut self) -> Result<(), Failure> {
        while let Some(done) = self.acts.try_join_next() {
            match done {
                Ok(Ok(())) => {}
                Ok(Err(trouble)) => self.troubles.push(trouble),
                Err(error) if error.is_cancelled() => {}
                Err(error) => self.troubles.push(error.to_string()),
            }
        }
        if self.troubles.is_empty() {
            return Ok(());
        }
        Err(Failure::new(format!("trouble at the counter: {}", self.troubles.join("; "))))
    }

    fn present(&mut self) {
        let Some(pays) = self.pays.take() else { return };
        let hands = self.hands.clone();
        self.presenting = Some(self.acts.spawn(async move {
            match pays {
                Pays::Chip => hands.act(Act::Insert).await,
                Pays::Tap => hands.act(Act::Tap).await,
                Pays::Code => again_until_seen(&hands, || Act::Scan).await,
                Pays::Swipe => again_until_seen(&hands, || Act::Swipe).await,
            }
        }));
    }

    /// A card that was seen is not presented again.
    fn seen(&mut self) {
        if let Some(presenting) = self.presenting.take() {
            presenting.abort();
        }
    }

    fn type_pin(&mut self) {
        let hands = self.hands.clone();
        self.acts.spawn(async move {
            hands.pin_prompted().await;
            hands.act(Act::Pin { digits: "123456".into() }).await
        });
    }

    fn sign(&mut self) {
        let hands = self.hands.clone();
        self.acts.spawn(async move { hands.sign_sample().await });
    }

    fn take_card(&mut self) {
        let hands = self.hands.clone();
        self.acts.spawn(async move { hands.act(Act::Remove).await });
    }
}

#[async_trait]
impl Attendant for Customer {
    fn show(&mut self, prompt: &Prompt) {
        if !self.quiet {
            outln!("    {}", prompt.text(Language::English));
        }
        if matches!(prompt, Prompt::ReadingCard) {
            self.seen();
        }
        match prompt {
            Prompt::PresentCard { .. } => self.present(),
            Prompt::EnterPin { .. } => self.type_pin(),
            Prompt::Sign => self.sign(),
            Prompt::TakeCard | Prompt::Authorising => self.take_card_if(prompt),
            Prompt::Trouble { reason, .. } => self.troubles.push(reason.clone()),
            _ => {}
        }
    }

    async fn cancelled(&mut self) {
        std::future::pending().await
    }

    async fn confirm(&mut self, _: &Confirmation) -> bool {
        true
    }

    async fn choose_application(&mut self, _: &[String]) -> Option<usize> {
        Some(0)
    }

    async fn try_again(&mut self, prompt: &Prompt) -> bool {
        self.troubles.push(prompt.text(Language::English));
        false
    }

    fn slip(&mut self, name: &str, slip: &Document) {
        if !self.quiet {
            outln!("--- {name}\n{}", countertop_printer::text::render(slip, 32));
        }
    }
}

impl Customer {
    /// The chip card is taken when the terminal says so; a card in the field may go once the request
    /// is on its way.
    fn take_card_if(&mut self, prompt: &Prompt) {
        if *prompt == Prompt::TakeCard {
            self.take_card();
        } else {
            self.hands.leave_field();
        }
    }
}
