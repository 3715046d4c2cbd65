//! The virtual module on a desk: a reader, and the hand that holds tags to it.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::time::Duration;

use countertop_device::{
    CardSession, ContactlessReader as _, ContactlessTarget, Selector, Settings,
};
use countertop_nfc::{NfcReader, Pn532Driver};
use countertop_transport::memory;
use countertop_virtual::pn532::{Pn532Control, VirtualPn532};
use tokio::time::timeout;

const LIMIT: Duration = Duration::from_secs(10);

pub(crate) struct Desk {
    pub(crate) reader: NfcReader,
    pub(crate) control: Pn532Control,
}

type Tapped = (Box<dyn CardSession>, ContactlessTarget);

impl Desk {
    pub(crate) async fn new() -> Self {
        let (host, device) = memory::pair();
        let (chip, control) = VirtualPn532::new();
        tokio::spawn(chip.serve(device));
        let settings = Settings::new().with("poll_ms", 1).with("transmit_timeout_ms", 500);
        let selector = Selector::Virtual("pn532".into());
        let reader = Pn532Driver::on_link(host, selector, &settings).await.unwrap();
        Self { reader, control }
    }

    pub(crate) async fn tap(&mut self) -> Tapped {
        let target = timeout(LIMIT, self.reader.await_target()).await.unwrap().unwrap();
        (self.reader.connect().await.unwrap(), target)
    }
}
