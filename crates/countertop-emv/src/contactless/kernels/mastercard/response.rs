//! The card's answer to GENERATE AC or RECOVER AC (S9.15 to S910.37).

use countertop_wire::apdu::ResponseApdu;
use countertop_wire::tlv::{Tlv, find, tags};

use super::{Stop, Transaction, other_card};
use crate::contactless::Reason;
use crate::contactless::outcome::{ErrorIndication, Level2Error};
use crate::contactless::primitives::{CardKey, Tvr, TvrBit, read_cryptogram};
use crate::{ApplicationCryptogram, CryptogramKind, EmvError};

impl Transaction<'_> {
    /// Reads the answer, and verifies the signature where there is one.
    pub(super) fn check(&mut self, answer: &ResponseApdu) -> Result<ApplicationCryptogram, Stop> {
        self.take_answer(answer.data())?;
        let [information] = self.objects.fixed(tags::CRYPTOGRAM_INFORMATION_DATA)?;
        self.objects.mandatory(tags::APPLICATION_TRANSACTION_COUNTER)?;
        let kind = CryptogramKind::from_information(information);
        let Some(kind) = kind.filter(|kind| self.control.allows(*kind)) else {
            return Err(self.fault(Level2Error::CardDataError, "a cryptogram not asked for"));
        };
        let signature = self.objects.get(tags::SIGNED_DYNAMIC_APPLICATION_DATA).map(<[u8]>::to_vec);
        let value = match signature {
            Some(signature) => self.signed(&signature, information, answer.data())?,
            None => self.unsigned(kind)?,
        };
        Ok(read_cryptogram(&self.objects, information, value)?)
    }

    /// Keeps format 1 (`80`: values one after the other) or 2 (`77`).
    fn take_answer(&mut self, answer: &[u8]) -> Result<(), EmvError> {
        let Some(values) = find(answer, &[tags::RESPONSE_TEMPLATE_FORMAT_1])? else {
            return self.objects.take(answer, tags::RESPONSE_TEMPLATE_FORMAT_2);
        };
        let parts = values.split_first_chunk::<1>().and_then(|(information, rest)| {
            let (counter, rest) = rest.split_first_chunk::<2>()?;
            let (cryptogram, issuer) = rest.split_first_chunk::<8>()?;
            (issuer.len() <= 32).then_some((information, counter, cryptogram, issuer))
        });
        let Some((information, counter, cryptogram, issuer)) = parts else {
            return Err(EmvError::malformed("GENERATE AC", "a length that cannot be"));
        };
        self.objects.put(tags::CRYPTOGRAM_INFORMATION_DATA, information)?;
        self.objects.put(tags::APPLICATION_TRANSACTION_COUNTER, counter)?;
        self.objects.put(tags::APPLICATION_CRYPTOGRAM, cryptogram)?;
        if issuer.is_empty() {
            return Ok(());
        }
        self.objects.put(tags::ISSUER_APPLICATION_DATA, issuer)
    }

    /// S910.30 to S910.38: without a signature a refusal counts, and what none was asked for.
    fn unsigned(&self, kind: CryptogramKind) -> Result<[u8; 8], Stop> {
        let refusal = kind == CryptogramKind::Aac && self.control.kind != CryptogramKind::Aac;
        let value = self.objects.fixed(tags::APPLICATION_CRYPTOGRAM)?;
        if self.control.signed && !refusal {
            return Err(self.fault(Level2Error::CardDataError, "no signature"));
        }
        Ok(value)
    }

    /// S910.1 to S910.7: returns the cryptogram that the signature holds.
    fn signed(
        &mut self,
        signature: &[u8],
        information: u8,
        answer: &[u8],
    ) -> Result<[u8; 8], Stop> {
        match self.verify(signature, information, answer) {
            Some(cryptogram) => Ok(cryptogram),
            None => {
                self.tvr.set(TvrBit::CDA_FAILED);
                let error = ErrorIndication::level_2(Level2Error::CamFailed);
                Err(other_card(self.activation, Reason::NotGenuine, error).into())
            }
        }
    }

    fn verify(&self, signature: &[u8], information: u8, answer: &[u8]) -> Option<[u8; 8]> {
        let data = self.signed.input(&self.objects)?;
        let issuer = self.issuer_key()?;
        let date = self.activation.data.date;
        let key = CardKey::recover(&issuer, &self.objects, &data, date)?;
        let number = self.terminal(tags::UNPREDICTABLE_NUMBER)?.try_into().ok()?;
        let covered =
            [self.pdol_data.as_slice(), &self.cdol_data, &without_signature(answer)?].concat();
        let verified = key.signed_cryptogram(signature, number, &covered, information)?;
        Some(verified.application_cryptogram)
    }
}

/// Returns the data objects of an answer as they came, but for the signature (EMV Book 2,
/// clause 6.6.2, step 10).
fn without_signature(answer: &[u8]) -> Option<Vec<u8>> {
    let mut rest = find(answer, &[tags::RESPONSE_TEMPLATE_FORMAT_2]).ok()??;
    let mut covered = Vec::new();
    while let Some((first, after)) = rest.split_first() {
        if *first == 0x00 {
            rest = after;
            continue;
        }
        let (object, after) = Tlv::parse(rest).ok()?;
        let (bytes, _) = rest.split_at_checked(rest.len().checked_sub(after.len())?)?;
        if object.tag != tags::SIGNED_DYNAMIC_APPLICATION_DATA {
            covered.extend_from_slice(bytes);
        }
        rest = after;
    }
    Some(covered)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_covered_stays_as_it_came() {
        // A length of two bytes that could have one, padding, and the signature in between.
        let answer = [
            0x77, 0x10, 0x9F, 0x27, 0x81, 0x01, 0x80, 0x00, 0x9F, 0x4B, 0x01, 0xFF, 0x9F, 0x36,
            0x02, 0x00, 0x07, 0x00,
        ];
        assert_eq!(
            without_signature(&answer).unwrap(),
            [0x9F, 0x27, 0x81, 0x01, 0x80, 0x9F, 0x36, 0x02, 0x00, 0x07]
        );
        assert_eq!(without_signature(&[0x80, 0x00]), None);
        assert_eq!(without_signature(&[0x77, 0x02, 0x9F, 0x27]), None);
    }
}
