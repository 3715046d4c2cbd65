//! Requests of the printer class on the control endpoint (USB printer class 1.1, §4.2).
//!
//! SOFT_RESET is not among them: it forgets what the printer has in its buffer, and older kernels and
//! printers disagree on whom it is addressed to.

use std::io;
use std::sync::{Arc, Weak};
use std::time::Duration;

use super::claim::Claim;
use super::error;
use crate::PrinterPort;
use crate::printer_port::{Ask, device_id};

/// GET_DEVICE_ID (§4.2.1).
const GET_DEVICE_ID: u8 = 0x00;
/// GET_PORT_STATUS (§4.2.2).
const GET_PORT_STATUS: u8 = 0x01;

/// How long a printer may take to answer.
const DEADLINE: Duration = Duration::from_secs(1);

/// Holds a claimed interface as long as its link does.
#[derive(Debug)]
struct OfLink(Weak<Claim>);

/// Creates the port of a printer whose link is open.
pub(super) fn port(claim: &Arc<Claim>, device: &str) -> PrinterPort {
    PrinterPort::new(Arc::new(OfLink(Arc::downgrade(claim))), device.to_owned())
}

impl OfLink {
    fn claim(&self) -> io::Result<Arc<Claim>> {
        self.0.upgrade().ok_or_else(|| io::Error::from_raw_os_error(error::GONE))
    }
}

impl Ask for OfLink {
    fn port_status(&self) -> io::Result<u8> {
        let claim = self.claim()?;
        let (interface, _) = claim.interface();
        let mut status = [0];
        match claim.ask(GET_PORT_STATUS, interface.into(), &mut status, DEADLINE)? {
            1 => Ok(status[0]),
            _ => Err(io::ErrorKind::InvalidData.into()),
        }
    }

    fn device_id(&self) -> io::Result<String> {
        /// The longest that the kernel's usblp asks for.
        const LONGEST: usize = 1023;
        let claim = self.claim()?;
        let (interface, alternate) = claim.interface();
        let mut answer = vec![0; LONGEST];
        let index = u16::from_be_bytes([interface, alternate]);
        let count = claim.ask(GET_DEVICE_ID, index, &mut answer, DEADLINE)?;
        device_id(answer.get(..count).unwrap_or_default())
            .ok_or_else(|| io::ErrorKind::InvalidData.into())
    }
}
