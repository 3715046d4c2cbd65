//! Any bytes as a block of T=1.
#![no_main]

use countertop_wire::t1::Block;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let Ok(block) = Block::decode(data) {
        assert_eq!(Block::decode(&block.encode()), Ok(block));
    }
});
