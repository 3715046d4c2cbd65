//! What can be wrong with a card on purpose.

use core::time::Duration;

use countertop_wire::apdu::StatusWord;

/// Is a fault of a virtual card. Commands are counted from 1 after each reset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The card is gone at this command and does not come back.
    RemovedAt(u32),
    /// The card gives no answer to this command.
    MuteAt(u32),
    /// The card answers this command with a status word alone, and does not carry it out.
    StatusAt(u32, StatusWord),
    /// The card takes this long for each answer.
    Slow(Duration),
    /// The application cryptograms are wrong: the host refuses them.
    WrongCryptogram,
    /// The issuer's certificate is no certificate: offline data authentication fails.
    WrongCertificate,
}
