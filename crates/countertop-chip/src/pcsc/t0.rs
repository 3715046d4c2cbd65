//! Command APDUs over T=0 (ISO/IEC 7816-3, clause 12.2; EMV Book 1, clause 9.3.1).
//!
//! SCardTransmit takes the TPDU for T=0: the length field of a case 4 command is left out, and what
//! the card has to say is fetched with GET RESPONSE.

use countertop_device::Sensitive;

/// GET RESPONSE (ISO/IEC 7816-4).
const GET_RESPONSE: u8 = 0xC0;
/// How many exchanges one command may take: a card that always has more to say is broken.
const MAX_EXCHANGES: usize = 64;

/// Says why a command did not come to an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum T0Error<E> {
    /// The line failed.
    Line(E),
    /// The command is shorter than its header or its length field says, or has extended lengths.
    Malformed,
    /// The answer has no status word, or the card never comes to an end.
    BadAnswer,
}

impl<E> From<E> for T0Error<E> {
    fn from(error: E) -> Self {
        Self::Line(error)
    }
}

/// Sends `command` with `exchange` and returns the whole answer with its last status word.
pub(super) fn transmit<E>(
    command: &[u8],
    mut exchange: impl FnMut(&[u8]) -> Result<Sensitive, E>,
) -> Result<Sensitive, T0Error<E>> {
    let (tpdu, expects_data) = tpdu(command).ok_or(T0Error::Malformed)?;
    let mut pending = tpdu;
    let mut data = Vec::new();
    for _ in 0..MAX_EXCHANGES {
        let answer = exchange(pending.expose())?;
        let (body, status) = answer.expose().split_last_chunk::<2>().ok_or(T0Error::BadAnswer)?;
        data.extend_from_slice(body);
        match *status {
            [0x61, length] => pending = get_response(command, length),
            [0x6C, length] => pending = with_length(pending.expose(), length),
            [0x62 | 0x63, _] if expects_data && data.is_empty() => {
                return Ok(after_warning(command, *status, exchange)?);
            }
            status => {
                data.extend_from_slice(&status);
                return Ok(data.into());
            }
        }
    }
    Err(T0Error::BadAnswer)
}

/// Fetches the data behind a warning; without data the warning is the answer.
fn after_warning<E>(
    command: &[u8],
    warning: [u8; 2],
    mut exchange: impl FnMut(&[u8]) -> Result<Sensitive, E>,
) -> Result<Sensitive, E> {
    let mut answer = exchange(get_response(command, 0).expose())?;
    if let [0x6C, length] = *answer.expose() {
        answer = exchange(get_response(command, length).expose())?;
    }
    let mut data = match answer.expose().split_last_chunk::<2>() {
        Some((body, [0x90, 0x00])) => body.to_vec(),
        _ => Vec::new(),
    };
    data.extend_from_slice(&warning);
    Ok(data.into())
}

/// Returns the TPDU of a command APDU, and whether it is a case 4 command.
fn tpdu(command: &[u8]) -> Option<(Sensitive, bool)> {
    let (header, body) = command.split_first_chunk::<4>()?;
    match body {
        // Case 1: P3 is nought.
        [] => Some((Sensitive::new([header.as_slice(), &[0]].concat()), false)),
        // Case 2 short.
        [_] => Some((command.into(), false)),
        // Extended lengths do not exist in T=0.
        [0, ..] => None,
        [length, data @ ..] => match data.len().checked_sub(usize::from(*length))? {
            0 => Some((command.into(), false)),
            1 => Some((command.get(..command.len() - 1)?.into(), true)),
            _ => None,
        },
    }
}

fn get_response(command: &[u8], length: u8) -> Sensitive {
    // The logical channel of an interindustry command stays, secure messaging does not.
    let class = command.first().filter(|class| **class < 0x40).map_or(0, |class| class & 0x03);
    Sensitive::new(vec![class, GET_RESPONSE, 0, 0, length])
}

fn with_length(tpdu: &[u8], length: u8) -> Sensitive {
    let mut repeated = tpdu.get(..4).unwrap_or(tpdu).to_vec();
    repeated.push(length);
    repeated.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    type Script<'s> = &'s [(&'s [u8], &'s [u8])];

    fn run(command: &[u8], script: Script<'_>) -> Result<Vec<u8>, T0Error<()>> {
        let mut steps = script.iter();
        let answer = transmit(command, |sent| {
            let (expected, answer) = steps.next().expect("an exchange too many");
            assert_eq!(sent, *expected);
            Ok(Sensitive::from(*answer))
        });
        assert!(steps.next().is_none(), "an exchange is missing");
        answer.map(|answer| answer.expose().to_vec())
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
    fn refuses_what_is_no_short_command() {
        for command in [&[][..], &[0, 1, 2], &[0, 1, 2, 3, 5, 1], &[0, 1, 2, 3, 0, 0, 1, 9]] {
            assert_eq!(run(command, &[]), Err(T0Error::Malformed), "{command:02x?}");
        }
    }

    #[test]
    fn a_card_without_end_is_given_up() {
        let answer = transmit(&[0, 0xB2, 1, 0x0C, 0], |_| {
            Ok::<_, ()>(Sensitive::from([0x61, 0x01].as_slice()))
        });
        assert_eq!(answer, Err(T0Error::BadAnswer));
        assert_eq!(run(&[0, 1, 2, 3], &[(&[0, 1, 2, 3, 0], &[0x90])]), Err(T0Error::BadAnswer));
    }
}
