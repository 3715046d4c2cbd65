//! Any bytes as frames, whole and in pieces, and as what frames carry.
#![no_main]

use countertop_wire::pn532::{Command, Decoder, Frame, FrameError, Response};
use libfuzzer_sys::fuzz_target;

fn decode<'a>(pieces: impl Iterator<Item = &'a [u8]>) -> Vec<Result<Frame, FrameError>> {
    let mut decoder = Decoder::new();
    let mut frames = Vec::new();
    for piece in pieces {
        decoder.push(piece);
        while let Some(frame) = decoder.next_frame() {
            frames.push(frame);
        }
    }
    frames
}

fuzz_target!(|data: &[u8]| {
    let Some((size, stream)) = data.split_first() else { return };
    let whole = decode([stream].into_iter());
    assert_eq!(whole, decode(stream.chunks(usize::from(*size).max(1))));
    for frame in whole.into_iter().flatten() {
        let bytes = frame.encode();
        assert_eq!(decode([bytes.as_slice()].into_iter()), [Ok(frame)]);
    }
    if let Ok(command) = Command::decode(stream) {
        assert_eq!(Command::decode(&command.encode()), Ok(command));
    }
    if let Ok(response) = Response::decode(stream) {
        assert_eq!(Response::decode(&response.encode()), Ok(response));
    }
});
