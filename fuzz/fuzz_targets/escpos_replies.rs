//! Any bytes from a printer, whole and in pieces: the same answers, of no more bytes.
#![no_main]

use countertop_wire::escpos::{Reply, ReplyParser};
use libfuzzer_sys::fuzz_target;

fn parse<'a>(pieces: impl Iterator<Item = &'a [u8]>) -> Vec<Reply> {
    let mut parser = ReplyParser::new();
    let mut replies = Vec::new();
    for piece in pieces {
        parser.feed(piece);
        while let Some(reply) = parser.next_reply() {
            replies.push(reply);
        }
    }
    replies
}

fuzz_target!(|data: &[u8]| {
    let Some((size, stream)) = data.split_first() else { return };
    let whole = parse([stream].into_iter());
    let pieces = parse(stream.chunks(usize::from(*size).max(1)));
    assert_eq!(whole, pieces, "in pieces of {size}");
    let length: usize = whole.iter().map(|reply| reply.to_bytes().len()).sum();
    assert!(length <= stream.len());
});
