//! What a voucher says about the card and its chip.

use countertop_device::document::Document;

use super::Layout;
use crate::journal::{EmvVoucher, TransactionRecord};

impl Layout {
    /// Adds the masked card number and the letter of its entry.
    pub(super) fn card(&self, document: &mut Document, record: &TransactionRecord) {
        let letter = self.profile.letters.of(record.entry);
        let number = record.card.as_ref().map_or("", |card| card.as_str());
        self.field(document, "卡号(CARD NO)", &format!("{number}  {letter}"));
    }

    /// Adds issuer and acquirer, by name or number.
    pub(super) fn institutions(&self, document: &mut Document, record: &TransactionRecord) {
        let issuer = self.institution(record.issuer.as_deref());
        let acquirer = self.institution(record.acquirer.as_deref());
        self.pair(document, &format!("发卡行:{issuer}"), &format!("收单行:{acquirer}"));
        if let Some(scheme) = &record.scheme {
            document.line(format!("卡组织(SCHEME):{scheme}"));
        }
    }

    /// Adds the chip's data; its last cryptogram is a TC when the card approved, else an ARQC.
    pub(super) fn chip(&self, document: &mut Document, emv: &EmvVoucher) {
        if let Some(cryptogram) = &emv.cryptogram {
            self.field(document, cryptogram.kind.name(), &cryptogram.value);
        }
        self.pair(document, &format!("AID:{}", emv.aid), &format!("TVR:{}", emv.tvr));
        let (tsi, atc) = (emv.tsi.as_deref(), emv.atc.as_deref());
        if tsi.is_some() || atc.is_some() {
            let (tsi, atc) = (tsi.unwrap_or_default(), atc.unwrap_or_default());
            self.pair(document, &format!("TSI:{tsi}"), &format!("ATC:{atc}"));
        }
        if let Some(label) = &emv.label {
            self.field(document, "APP LABEL", label);
        }
        if let Some(name) = &emv.preferred_name {
            self.field(document, "APP NAME", name);
        }
    }
}
