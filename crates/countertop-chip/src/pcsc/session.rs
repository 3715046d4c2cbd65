//! A session with the card in a PC/SC reader.

use async_trait::async_trait;
use countertop_device::{CardProtocol, CardSession, DeviceError, Sensitive};

use super::talk::{Powered, Talker};

/// Is the exclusive use of a powered card; the card is powered down when it is dropped.
#[derive(Debug)]
pub(super) struct PcscSession {
    talker: Talker,
    card: Powered,
}

impl PcscSession {
    pub(super) fn new(talker: Talker, card: Powered) -> Self {
        Self { talker, card }
    }
}

#[async_trait]
impl CardSession for PcscSession {
    fn protocol(&self) -> CardProtocol {
        self.card.protocol
    }

    fn answer_to_reset(&self) -> &[u8] {
        &self.card.answer_to_reset
    }

    async fn transmit(&mut self, command: &[u8]) -> Result<Sensitive, DeviceError> {
        self.talker.transmit(&self.card.session, command).await
    }

    async fn close(self: Box<Self>) -> Result<(), DeviceError> {
        self.talker.disconnect(&self.card.session).await
    }
}
