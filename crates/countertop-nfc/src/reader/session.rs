//! A session with a card or tag.

use async_trait::async_trait;
use countertop_device::{CardProtocol, CardSession, DeviceError, Sensitive};

use super::{Request, SessionHandle};

/// Is a session. It is over after any error but `InvalidInput`, and when its reader waits for the
/// next card; what is sent then is answered with
/// [`CardRemoved`](countertop_device::DeviceErrorKind::CardRemoved).
#[derive(Debug)]
pub(super) struct NfcSession {
    session: SessionHandle,
}

impl NfcSession {
    pub(super) fn new(session: SessionHandle) -> Self {
        Self { session }
    }
}

#[async_trait]
impl CardSession for NfcSession {
    fn protocol(&self) -> CardProtocol {
        self.session.protocol
    }

    fn answer_to_reset(&self) -> &[u8] {
        &self.session.ats
    }

    async fn transmit(&mut self, command: &[u8]) -> Result<Sensitive, DeviceError> {
        let (session, command) = (self.session.id, Sensitive::from(command));
        self.session
            .handle
            .ask("transmit", |reply| Request::Transmit { session, command, reply })
            .await
    }

    async fn close(self: Box<Self>) -> Result<(), DeviceError> {
        let session = self.session.id;
        let close = |reply| Request::Close { session, reply: Some(reply) };
        self.session.handle.ask("close", close).await
    }
}
