//! Times of the operating field while a card is searched for, and how a second one is looked for.

use core::time::Duration;

use countertop_device::{CardProtocol, ContactlessTarget, Technology};

/// What a card may take to be ready behind the field's rise (EMV Book D, annex A: `t_P`; ISO/IEC 14443-3,
/// 6.2.3 has 5 ms).
pub(crate) const RISE: Duration = Duration::from_micros(5_100);

/// How long the field goes off to reset the cards in it (EMV Book D, annex A: `t_RESET`, 5.1 to 10 ms).
pub(crate) const RESET: Duration = Duration::from_millis(6);

/// How long a search goes on in one field. A card whose answer to RATS was lost is in its protocol and hears
/// no request (ISO/IEC 14443-3, 6.3: state PROTOCOL): only the field's fall brings it back.
pub(crate) const SEARCH: Duration = Duration::from_millis(500);

/// WUPA, which halted cards hear too, and its bits (ISO/IEC 14443-3, 6.4.1): behind a card that is in its protocol,
/// whatever answers is another one (EMV Book D, 9.3).
pub(crate) const WUPA: u8 = 0x52;
pub(crate) const SHORT_FRAME: u8 = 7;

/// Tells whether a card that was activated hears no request any more (ISO/IEC 14443-3, 6.3.6).
pub(crate) fn is_in_protocol(target: &ContactlessTarget) -> bool {
    target.technology == Technology::TypeA && target.protocol == CardProtocol::IsoDep
}
