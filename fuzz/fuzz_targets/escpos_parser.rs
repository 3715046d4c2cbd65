//! Any bytes, whole and in pieces: the same commands, which come back from their own bytes if all are
//! known.
#![no_main]

use countertop_wire::escpos::{Command, Parser, Text};
use libfuzzer_sys::fuzz_target;

/// Parses a stream that comes in pieces; text that was cut in between is put together.
fn parse<'a>(pieces: impl Iterator<Item = &'a [u8]>) -> Vec<Command> {
    let mut parser = Parser::new();
    let mut commands = Vec::new();
    for piece in pieces {
        parser.feed(piece);
        while let Some(command) = parser.next_command() {
            push(&mut commands, command);
        }
    }
    if let Some(rest) = parser.finish() {
        push(&mut commands, rest);
    }
    assert_eq!(parser.pending(), 0);
    commands
}

fn push(commands: &mut Vec<Command>, command: Command) {
    match (commands.last_mut(), command) {
        (Some(Command::Text(before)), Command::Text(text)) => {
            let joined = [before.bytes(), text.bytes()].concat();
            *before = Text::new(joined).expect("text is of printable bytes");
        }
        (_, command) => commands.push(command),
    }
}

fuzz_target!(|data: &[u8]| {
    let Some((size, stream)) = data.split_first() else { return };
    let whole = parse([stream].into_iter());
    let pieces = parse(stream.chunks(usize::from(*size).max(1)));
    assert_eq!(whole, pieces, "in pieces of {size}");
    // After bytes that are no command, another spelling of the next one may make it one.
    if whole.iter().any(|command| matches!(command, Command::Unknown(_))) {
        return;
    }
    let bytes: Vec<u8> = whole.iter().flat_map(Command::to_bytes).collect();
    assert_eq!(parse([bytes.as_slice()].into_iter()), whole, "from its own bytes");
});
