//! The page as the flow's attendant.

use std::sync::Arc;

use async_trait::async_trait;
use countertop_device::document::Document;
use countertop_terminal::flow::{Attendant, Confirmation, Prompt};
use tokio::sync::{mpsc, watch};

use super::command::Answer;
use super::slips::Slips;
use super::view::{Question, Shown, SlipName, View};
use super::words::Words;

/// Shows prompts in the view and takes answers from a channel.
#[derive(Debug)]
pub(crate) struct PageAttendant {
    view: watch::Sender<View>,
    answers: mpsc::Receiver<Answer>,
    slips: Arc<Slips>,
}

impl PageAttendant {
    /// Creates an attendant that shows in `view` and listens to `answers`.
    pub(crate) fn new(
        view: watch::Sender<View>,
        answers: mpsc::Receiver<Answer>,
        slips: Arc<Slips>,
    ) -> Self {
        Self { view, answers, slips }
    }

    /// Tells of trouble that is no prompt of the flow.
    pub(super) fn trouble(&mut self, words: Words) {
        self.forget_answers();
        self.view.send_modify(|view| view.prompt = Some(Shown::trouble(words)));
    }

    /// Shows that nobody is signed in any more.
    pub(super) fn signed_out(&mut self) {
        let (lines, notices) = {
            let view = self.view.borrow();
            (view.devices.clone(), view.notices.clone())
        };
        self.show(&Prompt::SelfTested { lines });
        self.view.send_modify(|view| view.notices = notices);
    }

    async fn ask<T>(
        &mut self,
        question: Question,
        mut accept: impl FnMut(Answer) -> Option<T>,
        otherwise: T,
    ) -> T {
        self.view.send_modify(|view| view.question = Some(question));
        let answer = loop {
            match self.answers.recv().await {
                Some(answer) => {
                    if let Some(accepted) = accept(answer) {
                        break accepted;
                    }
                }
                // The page is being shut down: nobody will answer.
                None => break otherwise,
            }
        };
        self.view.send_modify(|view| view.question = None);
        answer
    }

    fn forget_answers(&mut self) {
        while self.answers.try_recv().is_ok() {}
    }
}

#[async_trait]
impl Attendant for PageAttendant {
    fn show(&mut self, prompt: &Prompt) {
        if !prompt.can_cancel() {
            self.forget_answers();
        }
        self.view.send_modify(|view| {
            if let Prompt::SelfTested { lines } = prompt {
                view.devices.clone_from(lines);
                view.notices.clear();
            }
            // A question that was given up, because the card left, is asked no longer.
            view.question = None;
            let shown = Shown::from(prompt.clone());
            if shown.is_outcome() {
                view.outcome = Some(shown.clone());
            }
            view.prompt = Some(shown);
        });
    }

    async fn cancelled(&mut self) {
        loop {
            match self.answers.recv().await {
                Some(Answer::Cancel) => return,
                Some(_) => {}
                None => std::future::pending().await,
            }
        }
    }

    async fn confirm(&mut self, confirmation: &Confirmation) -> bool {
        let accept = |answer| match answer {
            Answer::Confirm { yes } => Some(yes),
            Answer::Cancel => Some(false),
            Answer::Choose { .. } | Answer::TryAgain { .. } => None,
        };
        self.ask(Question::Confirm(confirmation.clone()), accept, false).await
    }

    async fn choose_application(&mut self, labels: &[String]) -> Option<usize> {
        let count = labels.len();
        let accept = |answer| match answer {
            Answer::Choose { index } if index < count => Some(Some(index)),
            Answer::Cancel => Some(None),
            _ => None,
        };
        self.ask(Question::Choose { labels: labels.to_vec() }, accept, None).await
    }

    async fn try_again(&mut self, prompt: &Prompt) -> bool {
        self.show(prompt);
        let accept = |answer| match answer {
            Answer::TryAgain { yes } => Some(yes),
            Answer::Cancel => Some(false),
            Answer::Choose { .. } | Answer::Confirm { .. } => None,
        };
        self.ask(Question::TryAgain, accept, false).await
    }

    fn slip(&mut self, name: &str, slip: &Document) {
        let id = self.slips.add(slip);
        let name = SlipName { id, name: name.to_owned() };
        self.view.send_modify(|view| {
            view.slips.push(name);
            if view.slips.len() > Slips::LIMIT {
                view.slips.remove(0);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use countertop_device::{Currency, Money};
    use tokio::time::timeout;

    use super::*;

    fn attendant() -> (PageAttendant, mpsc::Sender<Answer>, watch::Receiver<View>) {
        let (view, shown) = watch::channel(View::default());
        let (sender, answers) = mpsc::channel(8);
        (PageAttendant::new(view, answers, Arc::new(Slips::default())), sender, shown)
    }

    fn confirmation() -> Confirmation {
        Confirmation {
            amount: Money::from_minor(1234, Currency::CNY),
            kind: "SALE",
            card: "620000******0005".into(),
            label: None,
            pin_entered: true,
        }
    }

    #[tokio::test]
    async fn asks_and_takes_the_answer() {
        let (mut attendant, sender, shown) = attendant();
        sender.send(Answer::TryAgain { yes: true }).await.unwrap();
        sender.send(Answer::Confirm { yes: true }).await.unwrap();
        assert!(attendant.confirm(&confirmation()).await);
        assert!(shown.borrow().question.is_none());
        sender.send(Answer::Cancel).await.unwrap();
        assert!(!attendant.confirm(&confirmation()).await);
    }

    #[tokio::test]
    async fn a_choice_out_of_range_is_no_answer() {
        let (mut attendant, sender, _shown) = attendant();
        sender.send(Answer::Choose { index: 2 }).await.unwrap();
        sender.send(Answer::Choose { index: 1 }).await.unwrap();
        let labels = ["Debit".to_owned(), "Credit".to_owned()];
        assert_eq!(attendant.choose_application(&labels).await, Some(1));
    }

    #[tokio::test]
    async fn cancel_waits_for_its_time_but_not_past_sending() {
        let (mut attendant, sender, _shown) = attendant();
        sender.send(Answer::Cancel).await.unwrap();
        attendant.show(&Prompt::ReadingCard);
        attendant.cancelled().await;
        sender.send(Answer::Cancel).await.unwrap();
        attendant.show(&Prompt::Authorising);
        let waited = timeout(Duration::from_millis(20), attendant.cancelled()).await;
        assert!(waited.is_err(), "a cancel that came too late counts for nothing");
    }
}
