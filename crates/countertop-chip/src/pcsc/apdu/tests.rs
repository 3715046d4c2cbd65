use super::*;

/// Answers each command as a function says, and remembers the commands.
struct Fake<F> {
    sent: Vec<Vec<u8>>,
    answer: F,
}

impl<F: FnMut(&[u8]) -> Vec<u8>> Line for Fake<F> {
    type Error = ();

    fn exchange(&mut self, command: &[u8]) -> Result<Sensitive, ()> {
        self.sent.push(command.to_vec());
        Ok((self.answer)(command).into())
    }
}

fn fake<F: FnMut(&[u8]) -> Vec<u8>>(answer: F) -> Fake<F> {
    Fake { sent: Vec::new(), answer }
}

fn long(length: usize, expected: usize) -> Vec<u8> {
    let data: Vec<u8> = (0..length).map(|at| at.to_be_bytes()[7]).collect();
    CommandApdu::new(0x00, 0xdb, 0x3f, 0xff).with_data(data).expecting(expected).to_bytes()
}

fn sends<F: FnMut(&[u8]) -> Vec<u8>>(
    command: &[u8],
    protocol: CardProtocol,
    ability: Ability,
    line: &mut Fake<F>,
) -> Vec<u8> {
    transmit(command, protocol, ability, line).unwrap().expose().to_vec()
}

const CHAINS: CardCapabilities = CardCapabilities([0, 0, 0x80]);
const BOTH: CardCapabilities = CardCapabilities([0, 0, 0xc0]);

#[test]
fn t1_takes_extended_commands_as_they_are() {
    let command = long(600, 0);
    for card in [None, Some(BOTH)] {
        let mut line = fake(|_| vec![0x90, 0x00]);
        let ability = Ability { card, reader: None };
        assert_eq!(sends(&command, CardProtocol::T1, ability, &mut line), [0x90, 0x00]);
        assert_eq!(line.sent, [&command[..]]);
    }
}

#[test]
fn a_card_that_chains_gets_a_chain() {
    let command = long(600, 65_536);
    let mut answers = vec![vec![0xaa; 256], vec![0xbb; 44]].into_iter();
    let mut line = fake(move |command| match command {
        [0x10, 0xdb, 0x3f, 0xff, 0xff, ..] => vec![0x90, 0x00],
        [0x00, 0xdb, ..] => [answers.next().unwrap(), vec![0x61, 0x2c]].concat(),
        [0x00, 0xc0, 0, 0, 0x2c] => [answers.next().unwrap(), vec![0x90, 0x00]].concat(),
        other => panic!("{other:02x?}"),
    });
    let ability = Ability { card: Some(CHAINS), reader: None };
    let answer = sends(&command, CardProtocol::T1, ability, &mut line);
    assert_eq!(answer.len(), 302);
    assert!(answer.ends_with(&[0xbb, 0x90, 0x00]));
    let lengths: Vec<_> = line.sent.iter().map(Vec::len).collect();
    assert_eq!(lengths, [260, 260, 5 + 90 + 1, 5]);
}

#[test]
fn a_chain_ends_with_the_link_that_is_refused() {
    let mut line = fake(|_| vec![0x6a, 0x84]);
    let ability = Ability { card: Some(CHAINS), reader: None };
    assert_eq!(sends(&long(600, 0), CardProtocol::T1, ability, &mut line), [0x6a, 0x84]);
    assert_eq!(line.sent.len(), 1);
}

#[test]
fn a_reader_of_short_commands_needs_a_card_that_chains() {
    let command = long(510, 0);
    for reader in [0, 400] {
        let mut line = fake(|_| vec![0x90, 0x00]);
        let ability = Ability { card: Some(BOTH), reader: Some(reader) };
        assert_eq!(sends(&command, CardProtocol::T1, ability, &mut line), [0x90, 0x00]);
        assert_eq!(line.sent.len(), 2);
        let ability = Ability { card: None, reader: Some(reader) };
        let refused = transmit(&command, CardProtocol::T1, ability, &mut line);
        assert_eq!(refused, Err(TransmitError::TooLong));
    }
}

#[test]
fn t0_puts_long_commands_into_envelopes() {
    let command = long(300, 256);
    let mut heard = Vec::new();
    let mut line = fake(|sent| match sent {
        [0x00, 0xc2, 0, 0, length, part @ ..] => {
            assert_eq!(part.len(), usize::from(*length));
            heard.extend_from_slice(part);
            if part.len() == 255 { vec![0x90, 0x00] } else { vec![0x61, 0x02] }
        }
        [0x00, 0xc0, 0, 0, 2] => vec![1, 2, 0x90, 0x00],
        other => panic!("{other:02x?}"),
    });
    let answer = sends(&command, CardProtocol::T0, Ability::default(), &mut line);
    assert_eq!(answer, [1, 2, 0x90, 0x00]);
    assert_eq!(line.sent.len(), 3);
    drop(line);
    assert_eq!(heard, command);
}

#[test]
fn t0_fetches_a_long_answer_in_parts() {
    let mut left = 1_000_usize;
    let mut line = fake(move |sent| {
        let part = match sent {
            [0x00, 0xb0, 0, 0, 0] => 256,
            [0x00, 0xc0, 0, 0, 0] => 256,
            [0x00, 0xc0, 0, 0, length] => usize::from(*length),
            other => panic!("{other:02x?}"),
        };
        left -= part;
        let status = match left {
            0 => [0x90, 0x00],
            256.. => [0x61, 0x00],
            less => [0x61, less.to_be_bytes()[7]],
        };
        [vec![0x55; part], status.to_vec()].concat()
    });
    let command = CommandApdu::new(0, 0xb0, 0, 0).expecting(1_000).to_bytes();
    assert!(is_extended(&command));
    let answer = sends(&command, CardProtocol::T0, Ability::default(), &mut line);
    assert_eq!(answer.len(), 1_002);
    assert_eq!(line.sent.len(), 4);
}

#[test]
fn t0_chains_where_the_card_can() {
    let mut line = fake(|_| vec![0x90, 0x00]);
    let ability = Ability { card: Some(CHAINS), reader: None };
    assert_eq!(sends(&long(300, 0), CardProtocol::T0, ability, &mut line), [0x90, 0x00]);
    let classes: Vec<_> = line.sent.iter().map(|command| command[0]).collect();
    assert_eq!(classes, [0x10, 0x00]);
}

#[test]
fn lengths_that_disagree_are_refused() {
    let mut line = fake(|_| vec![0x90, 0x00]);
    for command in [&[0, 1, 2, 3, 0, 0, 0, 1][..], &[0, 1, 2, 3, 0, 1, 0, 1]] {
        for protocol in [CardProtocol::T0, CardProtocol::T1] {
            let refused = transmit(command, protocol, Ability::default(), &mut line);
            assert_eq!(refused, Err(TransmitError::Malformed));
        }
    }
    assert!(line.sent.is_empty());
}
