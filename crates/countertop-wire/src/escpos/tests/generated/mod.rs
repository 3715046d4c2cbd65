//! Commands of every kind with any values: what is sent comes back.

mod characters;
mod images;
mod mechanism;
mod settings;
mod symbols;

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::{BoxedStrategy, ValueTree as _};
use proptest::test_runner::TestRunner;

use self::characters::{character, kanji, position};
use self::images::image;
use self::mechanism::{enquiry, mechanism};
use self::settings::{sequence, setup, user_memory};
use self::symbols::{symbol, two_dimensional};
use super::parse;
use crate::escpos::table::Parameter;
use crate::escpos::*;

/// Makes a parameter of any bytes that decode as one.
fn of_bytes<T: Parameter + core::fmt::Debug + 'static>(length: usize) -> BoxedStrategy<T> {
    let what = "bytes that are no parameter";
    vec(any::<u8>(), length).prop_filter_map(what, |bytes| T::decode(&bytes)).boxed()
}

fn ranged<const LEAST: u8, const MOST: u8>() -> BoxedStrategy<Ranged<LEAST, MOST>> {
    (LEAST..=MOST).prop_filter_map("out of range", |value| Ranged::new(value).ok()).boxed()
}

fn key() -> BoxedStrategy<KeyCode> {
    [0x20..=0x7E_u8, 0x20..=0x7E].prop_filter_map("no key code", KeyCode::new).boxed()
}

fn model_data() -> BoxedStrategy<ModelData> {
    vec(any::<u8>(), 1..40).prop_filter_map("no data", |data| ModelData::new(data).ok()).boxed()
}

fn settings<T: core::fmt::Debug + Clone + 'static>(
    one: impl Strategy<Value = T> + 'static,
) -> BoxedStrategy<Settings<T>> {
    vec(one, 1..6).prop_filter_map("no settings", |all| Settings::new(all).ok()).boxed()
}

/// Joins strategies of one family, each variant as likely as the others.
macro_rules! family {
    ($($strategy:expr),+ $(,)?) => {
        proptest::strategy::Union::new([$($strategy.prop_map(Command::from).boxed()),+]).boxed()
    };
}
use family;

fn text() -> BoxedStrategy<Command> {
    vec(0x20..=0xFF_u8, 1..20)
        .prop_filter_map("control bytes", |bytes| Text::new(bytes).map(Command::Text))
        .boxed()
}

fn command() -> BoxedStrategy<Command> {
    let all = [
        character(),
        kanji(),
        position(),
        mechanism(),
        enquiry(),
        symbol(),
        two_dimensional(),
        image(),
        sequence(),
        user_memory(),
        setup(),
        text(),
    ];
    proptest::strategy::Union::new(all).boxed()
}

#[test]
fn every_command_is_generated() {
    let families: [(BoxedStrategy<Command>, &[&str]); 11] = [
        (character(), Character::NAMES),
        (kanji(), Kanji::NAMES),
        (position(), Position::NAMES),
        (mechanism(), Mechanism::NAMES),
        (enquiry(), Enquiry::NAMES),
        (symbol(), Symbol::NAMES),
        (two_dimensional(), TwoDimensional::NAMES),
        (image(), Image::NAMES),
        (sequence(), Sequence::NAMES),
        (user_memory(), UserMemory::NAMES),
        (setup(), Setup::NAMES),
    ];
    let mut runner = TestRunner::deterministic();
    for (strategy, names) in families {
        let mut seen = BTreeSet::new();
        for _ in 0..150 * names.len() {
            let shown = format!("{:?}", strategy.new_tree(&mut runner).unwrap().current());
            let inner = shown.split_once('(').unwrap().1;
            seen.insert(inner.split(['(', ')']).next().unwrap().to_owned());
        }
        let missing: Vec<_> = names.iter().filter(|name| !seen.contains(**name)).collect();
        assert!(missing.is_empty(), "{missing:?} are not generated");
    }
}

/// Puts adjacent texts together, as a parser does.
fn joined(commands: Vec<Command>) -> Vec<Command> {
    let mut out: Vec<Command> = Vec::new();
    for command in commands {
        match (out.last_mut(), command) {
            (Some(Command::Text(before)), Command::Text(text)) => before.0.extend(text.0),
            (_, command) => out.push(command),
        }
    }
    out
}

proptest! {
    #[test]
    fn what_is_sent_comes_back(commands in vec(command(), 1..12)) {
        let bytes: Vec<u8> = commands.iter().flat_map(Command::to_bytes).collect();
        let parsed = joined(parse(&bytes));
        let again: Vec<u8> = parsed.iter().flat_map(Command::to_bytes).collect();
        prop_assert_eq!(&parsed, &joined(commands));
        prop_assert_eq!(again, bytes);
    }

    #[test]
    fn what_is_cut_off_is_named_and_nothing_else_happens(command in command(), at: prop::sample::Index) {
        let bytes = command.to_bytes();
        prop_assume!(!matches!(command, Command::Text(_)) && bytes.len() > 1);
        let cut = 1 + at.index(bytes.len() - 1);
        let mut parser = Parser::new();
        parser.feed(&bytes[..cut]);
        prop_assert_eq!(parser.next_command(), None);
        let Some(Command::Unknown(rest)) = parser.finish() else { panic!("nothing is left") };
        prop_assert_eq!(rest.bytes(), &bytes[..cut]);
    }

    #[test]
    fn pieces_of_any_size_are_the_same(commands in vec(command(), 1..6), size in 1..40_usize) {
        let bytes: Vec<u8> = commands.iter().flat_map(Command::to_bytes).collect();
        let mut parser = Parser::new();
        let mut seen = Vec::new();
        for piece in bytes.chunks(size) {
            parser.feed(piece);
            while let Some(command) = parser.next_command() {
                seen.push(command);
            }
        }
        prop_assert_eq!(parser.finish(), None);
        prop_assert_eq!(joined(seen), joined(commands));
    }
}
