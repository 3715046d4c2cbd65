//! What can be wrong with a card on purpose.

use core::time::Duration;

use countertop_wire::apdu::StatusWord;
use countertop_wire::tlv::Tag;

/// Is a fault of a virtual card. Commands are counted from 1 after each reset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The card is gone at this command and does not come back.
    RemovedAt(u32),
    /// The card carries this command out once, and leaves before its answer arrives; it can be
    /// presented again.
    TornAt(u32),
    /// The card gives no answer to this command.
    MuteAt(u32),
    /// The card answers this command with a status word alone, and does not carry it out.
    StatusAt(u32, StatusWord),
    /// The card carries this command out and answers it with noise before `9000`.
    GarbageAt(u32),
    /// The card carries this command out; half of its answer's data are lost before `9000`.
    TruncatedAt(u32),
    /// The card takes this long for each answer.
    Slow(Duration),
    /// The application cryptograms are wrong: the host refuses them.
    WrongCryptogram,
    /// The card's cryptograms are of the reserved kind (`9F27` = `C0`).
    ReservedCryptogram,
    /// The card approves whatever the terminal asks for, a decline too.
    Overreaching,
    /// The card declines with the reason "service not allowed" (`9F27` = `01`).
    ServiceNotAllowed,
    /// The issuer's certificate is no certificate: offline data authentication fails.
    WrongCertificate,
    /// The card's certificate is no certificate.
    WrongIccCertificate,
    /// The issuer's certificate expired in 2020.
    ExpiredCertificate,
    /// The card's certificate expired in 2020.
    ExpiredIccCertificate,
    /// The certificate, or the signature of static data, is over other data than the card holds.
    WrongHash,
    /// The signatures (`93`, `9F4B`) are none.
    WrongSignature,
    /// The dynamic data lack the length byte of the ICC Dynamic Number.
    NoDynamicNumberLength,
    /// The card lacks a data object in its records.
    Missing(Tag),
    /// The card holds a data object twice.
    Duplicated(Tag),
    /// The last record goes on after the end of its template.
    RecordTooLong,
    /// The last record ends before its template does.
    RecordTruncated,
    /// The first record that is signed is in another template than `70`.
    RecordNotTemplate,
    /// The answer to SELECT of the application ends in the middle.
    TruncatedFci,
    /// The file locator names a file that is not there.
    DanglingLocator,
    /// The file locator has an entry whose last record is before its first.
    WrongLocator,
}
