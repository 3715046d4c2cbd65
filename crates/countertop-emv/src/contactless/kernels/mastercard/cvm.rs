//! CVM selection (Book C-2, clause 7.5; EMV Book 3, annex C3).

use countertop_wire::tlv::tags;

use super::{PROFILE_CVM, Stop, Transaction};
use crate::CvmResults;
use crate::contactless::ContactlessCvm;
use crate::contactless::outcome::Level2Error;
use crate::contactless::primitives::{Cash, Tvr, TvrBit, cash_of};

/// CVM codes, byte 1 of a rule.
const APPLY_SUCCEEDING: u8 = 0x40;
const METHOD: u8 = 0x3F;
const FAIL: u8 = 0x00;
const ENCIPHERED_PIN_ONLINE: u8 = 0x02;
const LAST_OF_PIN: u8 = 0x05;
const SIGNATURE: u8 = 0x1E;
const NO_CVM: u8 = 0x1F;

/// Byte 3 of the results.
const UNKNOWN: u8 = 0x00;
const FAILED: u8 = 0x01;
const SUCCESSFUL: u8 = 0x02;

/// Bits of Terminal Capabilities, byte 2.
const CAPABILITY_ONLINE_PIN: u8 = 0x40;
const CAPABILITY_SIGNATURE: u8 = 0x20;
const CAPABILITY_NO_CVM: u8 = 0x08;

/// Says whether a rule is to be looked at.
enum Condition {
    Met,
    NotMet,
    NotUnderstood,
}

impl Transaction<'_> {
    /// Returns the method and CVM Results (`9F34`).
    pub(super) fn select_cvm(&mut self) -> Result<(ContactlessCvm, CvmResults), Stop> {
        if self.on_device_cvm() {
            // CVM.2 to CVM.4.
            let required = self.amount() > self.activation.combination.limits.cvm_limit;
            return Ok(if required {
                (ContactlessCvm::ConsumerDevice, CvmResults([0x01, 0x00, SUCCESSFUL]))
            } else {
                (ContactlessCvm::None, CvmResults([0x3F, 0x00, SUCCESSFUL]))
            });
        }
        let nothing = (ContactlessCvm::None, CvmResults([0x3F, 0x00, UNKNOWN]));
        if self.profile[0] & PROFILE_CVM == 0 {
            return Ok(nothing);
        }
        let list = self.objects.get(tags::CVM_LIST).unwrap_or_default().to_vec();
        if list.is_empty() {
            self.tvr.set(TvrBit::ICC_DATA_MISSING);
            return Ok(nothing);
        }
        let Some((amounts, rules)) = amounts_and_rules(&list) else {
            return Err(self.fault(Level2Error::CardDataError, "its list of CVMs"));
        };
        if rules.is_empty() {
            self.tvr.set(TvrBit::ICC_DATA_MISSING);
            return Ok(nothing);
        }
        Ok(self.walk(amounts, rules))
    }

    /// CVM.9 to CVM.25: the first rule that applies and can be performed.
    fn walk(&mut self, amounts: [u64; 2], rules: &[[u8; 2]]) -> (ContactlessCvm, CvmResults) {
        let mut named = [0x3F, 0x00];
        for &[code, condition] in rules {
            match self.condition(condition, code, amounts) {
                Condition::Met => {}
                Condition::NotMet | Condition::NotUnderstood => continue,
            }
            if let Some(method) = self.method(code & METHOD) {
                return self.chosen(method, code, condition);
            }
            if code & METHOD == FAIL {
                named = [code, condition];
                break;
            }
            if code & APPLY_SUCCEEDING == 0 {
                break;
            }
        }
        self.tvr.set(TvrBit::CVM_NOT_SUCCESSFUL);
        // CVM.23 and CVM.24: no method is named that was not performed, but that of "Fail CVM".
        let [code, condition] = named;
        (ContactlessCvm::None, CvmResults([code, condition, FAILED]))
    }

    /// Returns the method of a rule, if it is one that the reader can perform.
    fn method(&mut self, method: u8) -> Option<ContactlessCvm> {
        let [_, can, _] = self.capabilities;
        match method {
            ENCIPHERED_PIN_ONLINE if can & CAPABILITY_ONLINE_PIN != 0 => {
                Some(ContactlessCvm::OnlinePin)
            }
            SIGNATURE if can & CAPABILITY_SIGNATURE != 0 => Some(ContactlessCvm::Signature),
            NO_CVM if can & CAPABILITY_NO_CVM != 0 => Some(ContactlessCvm::None),
            FAIL..=LAST_OF_PIN | SIGNATURE | NO_CVM => None,
            _ => {
                self.tvr.set(TvrBit::UNRECOGNISED_CVM);
                None
            }
        }
    }

    fn chosen(
        &mut self,
        method: ContactlessCvm,
        code: u8,
        condition: u8,
    ) -> (ContactlessCvm, CvmResults) {
        let result = match method {
            ContactlessCvm::OnlinePin => {
                self.tvr.set(TvrBit::ONLINE_PIN_ENTERED);
                UNKNOWN
            }
            ContactlessCvm::Signature => UNKNOWN,
            _ => SUCCESSFUL,
        };
        (method, CvmResults([code, condition, result]))
    }

    /// EMV Book 3, table 44. The terminal is attended.
    fn condition(&self, condition: u8, code: u8, [x, y]: [u64; 2]) -> Condition {
        let data = self.activation.data;
        let cash = cash_of(data);
        let same_currency = self.objects.get(tags::APPLICATION_CURRENCY_CODE)
            == self.terminal(tags::TRANSACTION_CURRENCY_CODE).as_deref();
        let amount = self.amount();
        let met = match condition {
            0x00 => true,
            0x01 => false,
            0x02 => cash == Cash::None,
            0x03 => self.supports(code & METHOD),
            0x04 => cash == Cash::Only,
            0x05 => cash == Cash::Back,
            0x06 => same_currency && amount < x,
            0x07 => same_currency && amount > x,
            0x08 => same_currency && amount < y,
            0x09 => same_currency && amount > y,
            _ => return Condition::NotUnderstood,
        };
        if met { Condition::Met } else { Condition::NotMet }
    }

    fn supports(&self, method: u8) -> bool {
        let [_, can, _] = self.capabilities;
        match method {
            ENCIPHERED_PIN_ONLINE => can & CAPABILITY_ONLINE_PIN != 0,
            SIGNATURE => can & CAPABILITY_SIGNATURE != 0,
            NO_CVM => can & CAPABILITY_NO_CVM != 0,
            FAIL => true,
            _ => false,
        }
    }
}

/// Splits CVM List (`8E`): the amounts X and Y, and the rules of two bytes each.
fn amounts_and_rules(list: &[u8]) -> Option<([u64; 2], &[[u8; 2]])> {
    let (x, rest) = list.split_first_chunk::<4>()?;
    let (y, rest) = rest.split_first_chunk::<4>()?;
    let (rules, odd) = rest.as_chunks::<2>();
    let amounts = [x, y].map(|amount| u64::from(u32::from_be_bytes(*amount)));
    odd.is_empty().then_some((amounts, rules))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_split() {
        let list = [0, 0, 0, 1, 0, 0, 0, 2, 0x42, 0x03, 0x1F, 0x00];
        let expected: &[[u8; 2]] = &[[0x42, 0x03], [0x1F, 0x00]];
        assert_eq!(amounts_and_rules(&list), Some(([1, 2], expected)));
        for length in [0, 3, 7, 9, 11] {
            assert_eq!(amounts_and_rules(&list[..length]), None, "{length}");
        }
    }
}
