//! Heads and feet of slips.

use countertop_device::document::{Align, Block, Document, Style};

use super::Layout;

impl Layout {
    /// Begins a slip: its title in both languages, and the mark of training.
    pub(super) fn head(&self, title: &str, title_english: &str) -> Document {
        let mut document = Document::new();
        document.centred(title, Style::LARGE).centred(title_english, Style::BOLD);
        self.mark_training(&mut document);
        document.rule();
        document
    }

    /// Adds the merchant's name and number, and the terminal's.
    pub(super) fn merchant(&self, document: &mut Document) {
        self.field(document, "商户名称(MERCHANT NAME)", &self.merchant_name);
        self.field(document, "商户编号(MERCHANT NO)", &self.merchant_id);
        self.field(document, "终端编号(TERMINAL NO)", &self.terminal_id);
    }

    /// Ends a slip: the lines at the foot, the mark of training, and the cut.
    pub(super) fn foot(&self, mut document: Document) -> Document {
        for line in &self.profile.footer {
            document.styled(line, Align::Centre, Style::PLAIN);
        }
        self.mark_training(&mut document);
        document.push(Block::Feed(2)).cut();
        document
    }

    fn mark_training(&self, document: &mut Document) {
        if self.training {
            document
                .centred("测试/TESTING", Style::LARGE)
                .centred("凭证无效 NOT VALID AS VOUCHER", Style::BOLD);
        }
    }
}
