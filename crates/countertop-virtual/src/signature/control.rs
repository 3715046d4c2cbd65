//! The hand at the pad.

use countertop_wire::jbig::Bitmap;
use tokio::sync::{mpsc, oneshot, watch};

use super::Handwriting;

/// Is what a person does at the pad.
#[derive(Debug)]
pub(super) enum Act {
    Sign(Handwriting),
    SignSample,
    SignPicture(Bitmap),
    StartOver,
    Cancel,
}

#[derive(Debug)]
pub(super) struct HandRequest {
    pub(super) act: Act,
    pub(super) outcome: oneshot::Sender<HandOutcome>,
}

/// Says what the pad made of what a person did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum HandOutcome {
    /// The pad took it.
    Done,
    /// Nothing was written, and the pad does not allow that; it still waits.
    BlankRefused,
    /// The person has started over as often as allowed; the pad still waits.
    NoResignsLeft,
    /// Nobody asked for a signature, or the pad is switched off.
    NotAsked,
}

/// Signs on a virtual pad.
#[derive(Debug, Clone)]
pub struct SignatureControl {
    acts: mpsc::Sender<HandRequest>,
    shown: watch::Receiver<Option<String>>,
}

impl SignatureControl {
    pub(super) fn new(
        acts: mpsc::Sender<HandRequest>,
        shown: watch::Receiver<Option<String>>,
    ) -> Self {
        Self { acts, shown }
    }

    /// Waits until the pad asks for a signature and returns the feature code that it shows.
    /// `None` when the pad is switched off.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe.
    pub async fn asked(&mut self) -> Option<String> {
        let shown = self.shown.wait_for(Option::is_some).await.ok()?;
        shown.clone()
    }

    /// Waits until the pad no longer asks for a signature. Returns `false` when it is switched off.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe.
    pub async fn idle(&mut self) -> bool {
        self.shown.wait_for(Option::is_none).await.is_ok()
    }

    /// Writes and confirms.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: the pad may or may not have taken it.
    pub async fn sign(&self, handwriting: &Handwriting) -> HandOutcome {
        self.act(Act::Sign(handwriting.clone())).await
    }

    /// Writes [`Handwriting::sample`] in the size of the writing area, and confirms.
    ///
    /// # Cancel safety
    ///
    /// As [`sign`](Self::sign).
    pub async fn sign_sample(&self) -> HandOutcome {
        self.act(Act::SignSample).await
    }

    /// Confirms a picture as if it had been written.
    ///
    /// # Cancel safety
    ///
    /// As [`sign`](Self::sign).
    pub async fn sign_picture(&self, picture: &Bitmap) -> HandOutcome {
        self.act(Act::SignPicture(picture.clone())).await
    }

    /// Confirms without writing.
    ///
    /// # Cancel safety
    ///
    /// As [`sign`](Self::sign).
    pub async fn sign_blank(&self) -> HandOutcome {
        self.sign(&Handwriting::default()).await
    }

    /// Wipes the pad to write again.
    ///
    /// # Cancel safety
    ///
    /// As [`sign`](Self::sign).
    pub async fn start_over(&self) -> HandOutcome {
        self.act(Act::StartOver).await
    }

    /// Presses cancel.
    ///
    /// # Cancel safety
    ///
    /// As [`sign`](Self::sign).
    pub async fn cancel(&self) -> HandOutcome {
        self.act(Act::Cancel).await
    }

    async fn act(&self, act: Act) -> HandOutcome {
        let (outcome, seen) = oneshot::channel();
        if self.acts.send(HandRequest { act, outcome }).await.is_err() {
            return HandOutcome::NotAsked;
        }
        seen.await.unwrap_or(HandOutcome::NotAsked)
    }
}
