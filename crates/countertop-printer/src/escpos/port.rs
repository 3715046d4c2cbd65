//! What a printer on USB tells of itself past its data: the one thing that a printer without an answer
//! channel tells, and one that takes no bytes any more.

use countertop_device::{Attention, PrinterStatus};
use countertop_wire::usb::printer::PortStatus;

use super::transport::Session;

impl Session {
    /// Asks for the port status; `None` where there is no such thing, or no answer. What it returns
    /// does not borrow the session, which cannot be shared.
    pub(super) fn port_state(&self) -> impl Future<Output = Option<PrinterStatus>> + use<> {
        let (port, deadline) = (self.port.clone(), self.settings.status_timeout);
        async move {
            let mut state = PrinterStatus::default();
            let status = port?.status(deadline).await.ok()?;
            state.attention = attention(PortStatus::from_byte(status));
            Some(state)
        }
    }

    /// Tells whether a printer that says nothing is out of paper, which is all that is to be believed:
    /// many printers have paper wired to their port status, and few anything else.
    pub(super) fn out_of_paper(&self) -> impl Future<Output = bool> + use<> {
        let state = self.port_state();
        async move { state.await.and_then(|it| it.attention) == Some(Attention::PaperOut) }
    }
}

fn attention(status: PortStatus) -> Option<Attention> {
    let causes = [
        (status.paper_empty, Attention::PaperOut),
        (!status.selected, Attention::Offline),
        (status.error, Attention::Fault),
    ];
    causes.into_iter().find_map(|(found, attention)| found.then_some(attention))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paper_comes_first() {
        let of = |byte| attention(PortStatus::from_byte(byte));
        assert_eq!(of(0x18), None);
        assert_eq!(of(0x20), Some(Attention::PaperOut));
        assert_eq!(of(0x08), Some(Attention::Offline));
        assert_eq!(of(0x10), Some(Attention::Fault));
    }
}
