//! Serial PIN pads of the VISA packet family, in master/session key management.
//!
//! The packets are those of VeriFone's PINpad 101/201/1000/1000SE and of the internal PIN pads of the
//! MX800 series, which Uniform's PP790/PP791 and others speak as well. Sources: "PINpad 1000SE
//! Reference and Programmers Guide", VeriFone 22903 E; "MX800 Series Programmers Guide" (VeriFone),
//! chapter "IPP MS and DUKPT Communications Packets"; "PIN Pad 791 Programmer's Manual", Uniform
//! UDN PM0103-U, revision 06.
//!
//! A packet is `STX text ETX LRC` (transactions) or `SI text SO LRC` (administration), the LRC being
//! the XOR of all bytes after the start up to the end. The receiver answers ACK or NAK; EOT ends an
//! exchange. Administration ends with an EOT from the PIN pad.
//!
//! | packet | text | answer | source |
//! |---|---|---|---|
//! | [`Request::CheckMasterKey`] | `04` key | `04` `F` or `0` | documented (PP791 p. 34, MX800 p. 319) |
//! | [`Request::SerialNumber`] | `06` | `06` serial number | documented (PP791 p. 37, MX800 p. 290) |
//! | [`Request::SelectMasterKey`] | `08` key | EOT alone, or `080` | documented (MX800 p. 322, PP791 p. 39) |
//! | [`Request::ConnectionTest`] | `11` | ACK and EOT | documented (PINpad 1000SE, packet 11) |
//! | [`Request::Capabilities`] | `1C` | `1C` FS name … | documented (PP791 p. 58) |
//! | [`TEST_KEYS`] | a name in the answer to `1C` | | **extension** |
//! | [`OFFLINE_PIN`] | a name in the answer to `1C` | | **extension** |
//! | [`AmountPinRequest`] | `70.` account FS key amount FS time | `71` | documented (PP791 p. 201) |
//! | [`PinEntryRequest`] | `Z62.` account FS key min max null prompt FS prompt FS prompt FS time | `71` | documented (PP791 p. 228) |
//! | [`PinResponse`] | `71.0` length `01` block, or `71` code | | documented (PP791 p. 204, MX800 p. 323) |
//! | [`Request::Cancel`] | `72` | EOT in an entry, else ACK | documented (PP791 p. 206) |
//! | [`Request::Reset`] | `Z1` | | documented (PP791 p. 208) |
//! | [`Request::DisplayString`] | `Z2` SUB text | | documented (PP791 p. 209) |
//! | [`Request::DisplayLines`] | `Z3` count SUB text FS text … | | documented (PP791 p. 212) |
//! | [`MacRequest`] | `Z66` flag sequence key FS key FS key FS data | `Z67` | documented (MX800 p. 336, PP791 p. 231) |
//! | [`MacResponse`] | `Z67` code MAC | | documented (MX800 p. 339, PP791 p. 234) |
//! | [`OfflinePinRequest`] | `X36` modulus FS exponent FS challenge FS prompt FS time | `X37` | **extension** (the PP791's own `T36` is not public) |
//! | [`OfflinePinResponse`] | `X37` code data | | **extension** |
//!
//! Working keys travel wrapped under the selected master key, within the request that uses them;
//! keys of 16 bytes take 32 hexadecimal digits (PP791). There is no packet for key check values, and
//! none is needed: the MAC of eight zero bytes under a working key *is* its check value, be the MAC
//! ANSI X9.9 (single length) or ISO/IEC 9797-1 algorithm 3 (double length). In the same way the
//! triple-DES CBC-MAC, which no manual has, is chained out of MACs of one block each.
//!
//! `02`, which loads a master key in the clear, is left out on purpose.

mod display;
mod frame;
mod hex;
mod mac;
mod offline;
mod pin;
mod request;
mod response;
mod text;

pub use frame::{ACK, EOT, Frame, FrameDecoder, FrameKind, NAK, Token};
pub use mac::{MAX_MAC_DATA, MacRequest, MacResponse, MacStatus};
pub use offline::{OfflinePinRequest, OfflinePinResponse};
pub use pin::{AmountPinRequest, PinEntryRequest, PinError, PinResponse};
pub use request::Request;
pub use response::{OFFLINE_PIN, Response, TEST_KEYS};
pub use text::PacketError;

#[cfg(test)]
mod tests;
