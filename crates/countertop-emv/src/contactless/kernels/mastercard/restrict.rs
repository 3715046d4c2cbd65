//! Processing restrictions (Book C-2, clause 7.7).

use countertop_wire::tlv::tags;

use super::Transaction;
use crate::contactless::primitives::{Tvr, TvrBit, allows, has_expired, is_not_yet_effective};

impl Transaction<'_> {
    /// Notes in the results what the application is not meant for.
    pub(super) fn restrict(&mut self) {
        let data = self.activation.data;
        let country = self.activation.parameters.terminal.country_code;
        let version = self.objects.sized(tags::APPLICATION_VERSION_NUMBER);
        let differ = version.is_some_and(|v| v != self.activation.combination.application.version);
        for (applies, bit) in [
            (differ, TvrBit::VERSIONS_DIFFER),
            (is_not_yet_effective(&self.objects, data.date), TvrBit::NOT_YET_EFFECTIVE),
            (has_expired(&self.objects, data.date), TvrBit::EXPIRED),
            (!allows(&self.objects, country, data), TvrBit::SERVICE_NOT_ALLOWED),
        ] {
            if applies {
                self.tvr.set(bit);
            }
        }
    }
}
