//! Command APDUs over T=0 (ISO/IEC 7816-3, clause 12.2; EMV Book 1, clause 9.3.1).
//!
//! SCardTransmit takes the TPDU for T=0: the length field of a case 4 command is left out, and what
//! the card has to say is fetched with GET RESPONSE.

use countertop_device::Sensitive;
use zeroize::Zeroizing;

/// GET RESPONSE (ISO/IEC 7816-4).
const GET_RESPONSE: u8 = 0xC0;
/// How many exchanges one command may take, for the longest answer and what leads to it: a card that
/// always has more to say is broken.
pub(super) const GET_RESPONSE_LIMIT: usize = 260;

/// Says why a command did not come to an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TransmitError<E> {
    /// The line failed.
    Line(E),
    /// The command is shorter than its header or its length field says.
    Malformed,
    /// The answer has no status word, or the card never comes to an end.
    BadAnswer,
    /// The reader takes no extended length fields, and the card no chains.
    TooLong,
}

/// Carries single commands to the card.
pub(super) trait Line {
    /// What can go wrong.
    type Error;

    /// Sends what SCardTransmit takes and returns what it gives.
    fn exchange(&mut self, command: &[u8]) -> Result<Sensitive, Self::Error>;
}

/// Sends a short `command` and returns the whole answer with its last status word.
pub(super) fn transmit<L: Line>(
    command: &[u8],
    line: &mut L,
) -> Result<Sensitive, TransmitError<L::Error>> {
    let (tpdu, expects_data) = tpdu(command).ok_or(TransmitError::Malformed)?;
    run(command, tpdu, expects_data, line)
}

/// Sends `command` as it is and fetches what the card has more (ISO/IEC 7816-4, clause 5.3.4).
pub(super) fn fetch_all<L: Line>(
    command: &[u8],
    line: &mut L,
) -> Result<Sensitive, TransmitError<L::Error>> {
    run(command, command.into(), false, line)
}

fn run<L: Line>(
    command: &[u8],
    mut pending: Sensitive,
    expects_data: bool,
    line: &mut L,
) -> Result<Sensitive, TransmitError<L::Error>> {
    let mut data = Zeroizing::new(Vec::new());
    for _ in 0..GET_RESPONSE_LIMIT {
        let answer = line.exchange(pending.expose()).map_err(TransmitError::Line)?;
        let (body, status) =
            answer.expose().split_last_chunk::<2>().ok_or(TransmitError::BadAnswer)?;
        match *status {
            [0x61, length] => pending = get_response(command, length),
            [0x6C, length] => match with_length(pending.expose(), length) {
                Some(repeated) => pending = repeated,
                None => return Ok(answer),
            },
            [0x62 | 0x63, _] if expects_data && data.is_empty() && body.is_empty() => {
                return after_warning(command, *status, line);
            }
            // Mostly there is one part alone.
            _ if data.is_empty() => return Ok(answer),
            status => {
                append(&mut data, &[body, &status].concat());
                return Ok(Sensitive::from(data.as_slice()));
            }
        }
        append(&mut data, body);
    }
    Err(TransmitError::BadAnswer)
}

/// Appends without leaving a copy behind when memory moves.
fn append(data: &mut Zeroizing<Vec<u8>>, more: &[u8]) {
    if data.capacity() - data.len() < more.len() {
        let mut longer = Vec::with_capacity((data.len() + more.len()).max(2 * data.capacity()));
        longer.extend_from_slice(data);
        *data = Zeroizing::new(longer);
    }
    data.extend_from_slice(more);
}

/// Fetches the data behind a warning, all of them; without data the warning is the answer. A card may give its
/// warning again with the data.
fn after_warning<L: Line>(
    command: &[u8],
    warning: [u8; 2],
    line: &mut L,
) -> Result<Sensitive, TransmitError<L::Error>> {
    let answer = run(command, get_response(command, 0), false, line)?;
    let data = match answer.expose().split_last_chunk::<2>() {
        Some((body, [0x90 | 0x62 | 0x63, _])) => body,
        _ => &[],
    };
    Ok([data, &warning].concat().into())
}

/// Returns the TPDU of a command APDU, and whether it is a case 4 command.
fn tpdu(command: &[u8]) -> Option<(Sensitive, bool)> {
    let (header, body) = command.split_first_chunk::<4>()?;
    match body {
        // Case 1: P3 is nought.
        [] => Some((Sensitive::new([header.as_slice(), &[0]].concat()), false)),
        // Case 2 short.
        [_] => Some((command.into(), false)),
        // Extended lengths do not exist in T=0; `apdu` makes something else of them.
        [0, ..] => None,
        [length, data @ ..] => match data.len().checked_sub(usize::from(*length))? {
            0 => Some((command.into(), false)),
            1 => Some((command.get(..command.len() - 1)?.into(), true)),
            _ => None,
        },
    }
}

fn get_response(command: &[u8], length: u8) -> Sensitive {
    let class = command.first().map_or(0, |class| plain_class(*class));
    Sensitive::new(vec![class, GET_RESPONSE, 0, 0, length])
}

/// Returns the class of a command that goes with one of `class`: the logical channel of an
/// interindustry command stays, secure messaging and chaining do not (ISO/IEC 7816-4, clause 5.4.1: channels 0
/// to 3, and 4 to 19 of the further interindustry classes).
pub(super) fn plain_class(class: u8) -> u8 {
    match class {
        0x00..0x40 => class & 0x03,
        0x40..0x80 => class & 0x4F,
        _ => 0,
    }
}

/// Returns the command with the length that the card says is right; `None` for one that expects nothing.
fn with_length(command: &[u8], length: u8) -> Option<Sensitive> {
    let (header, body) = command.split_first_chunk::<4>()?;
    let kept = match body {
        [] | [_] => &[][..],
        [data_length, data @ ..] if data.len() == usize::from(*data_length) + 1 => {
            body.get(..body.len() - 1)?
        }
        _ => return None,
    };
    Some([header.as_slice(), kept, &[length]].concat().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Script<'s>(core::slice::Iter<'s, (&'s [u8], &'s [u8])>);

    impl Line for Script<'_> {
        type Error = ();

        fn exchange(&mut self, command: &[u8]) -> Result<Sensitive, ()> {
            let (expected, answer) = self.0.next().expect("an exchange too many");
            assert_eq!(command, *expected);
            Ok(Sensitive::from(*answer))
        }
    }

    fn run(command: &[u8], script: &[(&[u8], &[u8])]) -> Result<Vec<u8>, TransmitError<()>> {
        let mut script = Script(script.iter());
        let answer = transmit(command, &mut script);
        assert!(script.0.next().is_none(), "an exchange is missing");
        answer.map(|answer| answer.expose().to_vec())
    }

    /// Always has one byte more.
    struct Endless;

    impl Line for Endless {
        type Error = ();

        fn exchange(&mut self, _command: &[u8]) -> Result<Sensitive, ()> {
            Ok(Sensitive::from([0x00, 0x61, 0x01].as_slice()))
        }
    }

    #[test]
    fn case_1_gets_a_length_byte() {
        let answer = run(&[0, 0x20, 0, 0x80], &[(&[0, 0x20, 0, 0x80, 0], &[0x63, 0xC3])]);
        assert_eq!(answer.unwrap(), [0x63, 0xC3]);
    }

    #[test]
    fn case_2_is_repeated_with_the_right_length() {
        let answer = run(
            &[0, 0xB2, 1, 0x0C, 0],
            &[
                (&[0, 0xB2, 1, 0x0C, 0], &[0x6C, 0x02]),
                (&[0, 0xB2, 1, 0x0C, 2], &[0x70, 0x00, 0x90, 0x00]),
            ],
        );
        assert_eq!(answer.unwrap(), [0x70, 0x00, 0x90, 0x00]);
    }

    #[test]
    fn case_4_fetches_all_parts() {
        let answer = run(
            &[0, 0xA4, 4, 0, 2, 0xA0, 0x01, 0],
            &[
                (&[0, 0xA4, 4, 0, 2, 0xA0, 0x01], &[0x61, 0x02]),
                (&[0, 0xC0, 0, 0, 2], &[1, 2, 0x61, 0x01]),
                (&[0, 0xC0, 0, 0, 1], &[3, 0x90, 0x00]),
            ],
        );
        assert_eq!(answer.unwrap(), [1, 2, 3, 0x90, 0x00]);
    }

    #[test]
    fn a_warning_keeps_its_status_word() {
        let answer = run(
            &[0, 0xA4, 4, 0, 1, 0xA0, 0],
            &[
                (&[0, 0xA4, 4, 0, 1, 0xA0], &[0x62, 0x83]),
                (&[0, 0xC0, 0, 0, 0], &[0x6C, 0x01]),
                (&[0, 0xC0, 0, 0, 1], &[0x6F, 0x90, 0x00]),
            ],
        );
        assert_eq!(answer.unwrap(), [0x6F, 0x62, 0x83]);
    }

    #[test]
    fn all_data_behind_a_warning_are_fetched() {
        let select: [u8; 7] = [0, 0xA4, 4, 0, 1, 0xA0, 0];
        let parts = run(
            &select,
            &[
                (&select[..6], &[0x62, 0x82]),
                (&[0, 0xC0, 0, 0, 0], &[1, 2, 0x61, 0x01]),
                (&[0, 0xC0, 0, 0, 1], &[3, 0x90, 0x00]),
            ],
        );
        assert_eq!(parts.unwrap(), [1, 2, 3, 0x62, 0x82]);
        let repeated =
            [(&select[..6], &[0x62, 0x83][..]), (&[0, 0xC0, 0, 0, 0], &[0x6F, 0x00, 0x62, 0x83])];
        assert_eq!(run(&select, &repeated).unwrap(), [0x6F, 0x00, 0x62, 0x83]);
        let none = [(&select[..6], &[0x62, 0x83][..]), (&[0, 0xC0, 0, 0, 0], &[0x69, 0x85])];
        assert_eq!(run(&select, &none).unwrap(), [0x62, 0x83]);
    }

    /// The last link of a chain over T=1 is a whole command.
    #[test]
    fn a_wrong_length_behind_data_is_put_right_at_the_end() {
        let link = [0x00, 0xCB, 0x3F, 0xFF, 3, 0x5C, 0x01, 0x7E, 0];
        let right = [0x00, 0xCB, 0x3F, 0xFF, 3, 0x5C, 0x01, 0x7E, 0x20];
        let exchanges = [(&link[..], &[0x6C, 0x20][..]), (&right, &[0x7E, 0x90, 0x00])];
        let mut script = Script(exchanges.iter());
        assert_eq!(fetch_all(&link, &mut script).unwrap().expose(), [0x7E, 0x90, 0x00]);
        // Nothing was expected, so that there is nothing to put right.
        let case_3 = &link[..8];
        let exchanges = [(case_3, &[0x6C, 0x20][..])];
        let mut script = Script(exchanges.iter());
        assert_eq!(fetch_all(case_3, &mut script).unwrap().expose(), [0x6C, 0x20]);
    }

    #[test]
    fn a_channel_stays() {
        for (class, plain) in [
            (0x00, 0x00),
            (0x12, 0x02),
            (0x0F, 0x03),
            (0x41, 0x41),
            (0x7F, 0x4F),
            (0x80, 0x00),
            (0xFF, 0x00),
        ] {
            assert_eq!(plain_class(class), plain, "{class:02X}");
        }
    }

    #[test]
    fn refuses_what_is_no_short_command() {
        for command in [&[][..], &[0, 1, 2], &[0, 1, 2, 3, 5, 1], &[0, 1, 2, 3, 0, 0, 1, 9]] {
            assert_eq!(run(command, &[]), Err(TransmitError::Malformed), "{command:02x?}");
        }
    }

    #[test]
    fn a_card_without_end_is_given_up() {
        let answer = transmit(&[0, 0xB2, 1, 0x0C, 0], &mut Endless);
        assert_eq!(answer, Err(TransmitError::BadAnswer));
        let short = run(&[0, 1, 2, 3], &[(&[0, 1, 2, 3, 0], &[0x90])]);
        assert_eq!(short, Err(TransmitError::BadAnswer));
    }
}
