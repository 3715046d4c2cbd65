//! Jobs in blocks, each of which can be confirmed and begun anew.

use countertop_wire::escpos::{Command, Parser};

use super::effect::{Effect, effect};
use crate::journal::JobDigest;

/// Bytes after which [`EncodedJob::split`] ends a block at the next end of a line, where nothing
/// else is said: a quarter of the smallest receive buffer that is common, 4 KiB.
pub const BLOCK: usize = 1024;

/// Bytes that are taken apart at once.
const PIECE: usize = 4096;

/// Is a job as a printer takes it, in blocks from top to bottom.
///
/// The blocks' bytes, one after the other, are the whole job, from the printer's initialisation
/// (ESC @) on. A block is whole lines: it never ends within a line, a strip of a picture or a code,
/// and a cut ends it. So a block is on paper whole or the printer stopped within it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EncodedJob {
    /// The blocks in order.
    pub blocks: Vec<JobBlock>,
}

/// Is whole lines of a job.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct JobBlock {
    /// Brings a printer that was just initialised with ESC @ into the state in which the block
    /// begins: alignment, style, code page. Prints nothing.
    pub restore: Vec<u8>,
    /// The lines.
    pub bytes: Vec<u8>,
}

impl EncodedJob {
    /// Returns what tells this job from others, in a journal too.
    #[must_use]
    pub fn digest(&self) -> JobDigest {
        JobDigest::of(self.blocks.iter().map(|block| &*block.bytes))
    }

    /// Splits a job that is not in blocks: ESC/POS from any source. A block ends with the line that
    /// brings it to `target` bytes.
    ///
    /// After what it does not know, and within a page of page mode, it makes no block, so that a
    /// block's state is always known; in the worst case the job is one block.
    #[must_use]
    pub fn split(bytes: &[u8], target: usize) -> Self {
        let mut splitter = Splitter { bytes, target, ..Splitter::default() };
        let mut parser = Parser::new();
        let (mut fed, mut at) = (0, 0);
        for piece in bytes.chunks(PIECE) {
            parser.feed(piece);
            fed += piece.len();
            while let Some(command) = parser.next_command() {
                let end = fed - parser.pending();
                splitter.command(&command, at, end);
                at = end;
            }
        }
        splitter.end()
    }

    /// Tells whether there is nothing to print.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the number of bytes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.blocks.iter().map(|block| block.bytes.len()).sum()
    }

    /// Returns the whole job's bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.len());
        self.blocks.iter().for_each(|block| bytes.extend_from_slice(&block.bytes));
        bytes
    }
}

/// Is where a split has come to.
#[derive(Debug, Default)]
struct Splitter<'a> {
    bytes: &'a [u8],
    target: usize,
    blocks: Vec<JobBlock>,
    /// The settings since ESC @ that are in force, each by its key, oldest first.
    state: Vec<(u32, Vec<u8>)>,
    /// The settings that were in force when the block began.
    restore: Vec<u8>,
    begin: usize,
    /// Whether the printer's state is not known any more.
    lost: bool,
    /// Whether a page of page mode is open.
    page: bool,
}

impl Splitter<'_> {
    fn command(&mut self, command: &Command, begin: usize, end: usize) {
        let bytes = self.bytes.get(begin..end).unwrap_or_default();
        match effect(command, bytes) {
            Effect::Initializes => {
                self.state.clear();
                (self.lost, self.page) = (false, false);
            }
            Effect::Sets(key) => {
                self.state.retain(|(other, _)| *other != key);
                self.state.push((key, bytes.to_vec()));
            }
            Effect::BeginsPage => self.page = true,
            Effect::EndsPage => {
                self.page = false;
                self.line_ends(end, false);
            }
            Effect::EndsLine => self.line_ends(end, false),
            Effect::Cuts => self.line_ends(end, true),
            Effect::StaysInLine => {}
            Effect::Unknown => self.lost = true,
        }
    }

    fn line_ends(&mut self, end: usize, cut: bool) {
        if !self.lost && !self.page && (cut || end - self.begin >= self.target) {
            self.block_ends(end);
            self.restore = self.state.iter().flat_map(|(_, bytes)| bytes.clone()).collect();
        }
    }

    fn block_ends(&mut self, end: usize) {
        let bytes = self.bytes.get(self.begin..end).unwrap_or_default();
        if !bytes.is_empty() {
            let restore = core::mem::take(&mut self.restore);
            self.blocks.push(JobBlock { restore, bytes: bytes.to_vec() });
        }
        self.begin = end;
    }

    fn end(mut self) -> EncodedJob {
        self.block_ends(self.bytes.len());
        EncodedJob { blocks: self.blocks }
    }
}

#[cfg(test)]
mod tests {
    use countertop_device::Settings;
    use countertop_device::document::{Block, Document, Picture, Style};
    use proptest::prelude::*;

    use super::super::{EscPosSettings, encode};
    use super::*;

    fn receipt(lines: usize) -> Vec<u8> {
        let mut document = Document::new();
        document.centred("签购单 SALES SLIP", Style::LARGE);
        for line in 0..lines {
            document.columns(format!("line {line} 商品"), "￥1.00");
        }
        document.push(Block::Picture(Picture { width: 384, rows: vec![0x55; 48 * 200] }));
        document.qr("https://example.com").centred("谢谢", Style::BOLD).cut().line("after").cut();
        encode(&document, &EscPosSettings::from_settings(&Settings::new()).unwrap()).unwrap()
    }

    #[test]
    fn blocks_make_the_whole() {
        let bytes = receipt(100);
        for target in [1, 64, BLOCK, 1 << 20] {
            let job = EncodedJob::split(&bytes, target);
            assert_eq!(job.to_bytes(), bytes);
            assert_eq!(job.len(), bytes.len());
        }
    }

    #[test]
    fn blocks_end_with_lines_and_cuts() {
        let job = EncodedJob::split(&receipt(100), BLOCK);
        assert!(job.blocks.len() > 4, "{} blocks", job.blocks.len());
        for block in &job.blocks[..3] {
            assert_eq!(block.bytes.last(), Some(&0x0A));
            assert!(block.bytes.len() < BLOCK + 64, "{} bytes", block.bytes.len());
        }
        let cuts = EncodedJob::split(&receipt(0), 1 << 20);
        assert_eq!(cuts.blocks.len(), 2);
        assert!(cuts.blocks[0].bytes.ends_with(b"\x1DVB\x00"));
        assert!(cuts.blocks[1].bytes.starts_with(b"\x1Ba\x00\x1BE\x00after"));
    }

    #[test]
    fn a_block_begins_in_the_state_of_the_job() {
        let bytes = b"\x1B@\x1Ba\x01\x1BE\x01one\n\x1BE\x00two\n\x1B@three\n\x1B3\x10\x1B2four\n";
        let job = EncodedJob::split(bytes, 1);
        let restored: Vec<&[u8]> = job.blocks.iter().map(|block| &*block.restore).collect();
        assert_eq!(restored, [&b""[..], b"\x1Ba\x01\x1BE\x01", b"\x1Ba\x01\x1BE\x00", b""]);
    }

    #[test]
    fn what_is_unknown_is_not_split_after() {
        let bytes = b"\x1B@one\n\x1B\x01two\nthree\n\x1B@four\nfive\n";
        let job = EncodedJob::split(bytes, 1);
        let blocks: Vec<&[u8]> = job.blocks.iter().map(|block| &*block.bytes).collect();
        assert_eq!(blocks, [&b"\x1B@one\n"[..], b"\x1B\x01two\nthree\n\x1B@four\n", b"five\n"]);
    }

    #[test]
    fn a_page_is_one_block() {
        let bytes = b"\x1B@one\n\x1BLtwo\nthree\n\x0Cfour\n";
        let job = EncodedJob::split(bytes, 1);
        assert_eq!(job.blocks.len(), 3);
        assert_eq!(job.blocks[1].bytes, b"\x1BLtwo\nthree\n\x0C");
    }

    #[test]
    fn nothing_is_no_block() {
        assert!(EncodedJob::split(b"", BLOCK).is_empty());
        assert_eq!(EncodedJob::split(b"", BLOCK).blocks, []);
    }

    proptest! {
        #[test]
        fn any_bytes_are_kept(bytes in proptest::collection::vec(any::<u8>(), 0..6000)) {
            prop_assert_eq!(EncodedJob::split(&bytes, 16).to_bytes(), bytes);
        }
    }
}
