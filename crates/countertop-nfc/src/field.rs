//! Times of the operating field while a card is searched for.

use core::time::Duration;

/// What a card may take to be ready behind the field's rise (EMV Book D, annex A: `t_P`; ISO/IEC 14443-3,
/// 6.2.3 has 5 ms).
pub(crate) const RISE: Duration = Duration::from_micros(5_100);

/// How long the field goes off to reset the cards in it (EMV Book D, annex A: `t_RESET`, 5.1 to 10 ms).
pub(crate) const RESET: Duration = Duration::from_millis(6);

/// How long a search goes on in one field. A card whose answer to RATS was lost is in its protocol and hears
/// no request (ISO/IEC 14443-3, 6.3: state PROTOCOL): only the field's fall brings it back.
pub(crate) const SEARCH: Duration = Duration::from_millis(500);
