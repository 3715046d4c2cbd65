//! Diagnose: the chip's tests of itself (UM0701-02, 7.2.1).

use countertop_wire::pn532::{Status, diagnose};

use super::chip::Chip;
use super::other_types::poll_felica;
use super::search::ANY_SYSTEM;

/// How often the test of polling asks.
const POLLINGS: u8 = 128;

impl Chip {
    /// Returns the result of a test that ends; `None` for one that is not known, or not so.
    pub(super) fn diagnose(&mut self, test: u8, parameters: &[u8]) -> Option<Vec<u8>> {
        match (test, parameters) {
            (diagnose::COMMUNICATION_LINE, echo) => Some([&[test], echo].concat()),
            (diagnose::ROM | diagnose::RAM | diagnose::SELF_ANTENNA, _) => Some(vec![0x00]),
            // 212 or 424 kbit/s.
            (diagnose::POLLING, [1 | 2]) => Some(vec![self.failed_pollings()]),
            (diagnose::ATTENTION_REQUEST, _) => {
                let status = self.attention_request();
                Some(vec![self.note(status).code()])
            }
            _ => None,
        }
    }

    /// Returns how many of the requests no FeliCa card answered.
    fn failed_pollings(&mut self) -> u8 {
        self.switch_field(true);
        self.known.clear();
        let mut field = self.shared.field();
        let answered = (0..POLLINGS).filter(|_| poll_felica(&mut field, ANY_SYSTEM, 1).is_some());
        POLLINGS - u8::try_from(answered.count()).unwrap_or(POLLINGS)
    }

    fn attention_request(&self) -> Status {
        let mut field = self.shared.field();
        self.known.is_present(&mut field).err().unwrap_or(Status::OK)
    }
}
