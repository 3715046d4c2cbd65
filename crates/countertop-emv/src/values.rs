//! The data objects whose source is the terminal (EMV Book 3, annex A1).

use countertop_wire::tlv::{Tag, numeric, tags};

use crate::TransactionData;
use crate::parameters::{ApplicationParameters, EmvParameters};

/// Answers data object lists from the terminal's side.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TerminalValues<'a> {
    pub(crate) parameters: &'a EmvParameters,
    pub(crate) data: &'a TransactionData,
}

impl TerminalValues<'_> {
    /// Returns Terminal Capabilities (`9F33`) without what the PIN pad cannot do.
    pub(crate) fn capabilities(&self) -> [u8; 3] {
        let [input, verification, security] = self.parameters.terminal.capabilities;
        // Offline PIN on elliptic curves is not there; XDA (bit 3) is a matter of the contacts and the application.
        [input, verification & !self.data.missing_capabilities() & !0x01, security & !0x04]
    }

    /// Returns the value of a data object of the terminal; `application` is the chosen one.
    pub(crate) fn get(
        &self,
        tag: Tag,
        application: Option<&ApplicationParameters>,
    ) -> Option<Vec<u8>> {
        self.of_transaction(tag)
            .or_else(|| self.of_terminal(tag))
            .or_else(|| Self::of_application(tag, application?))
    }

    fn of_transaction(&self, tag: Tag) -> Option<Vec<u8>> {
        let data = self.data;
        let currency = data.amount.currency();
        match tag {
            tags::AMOUNT_AUTHORISED => numeric::encode(data.amount.minor(), 6),
            tags::AMOUNT_AUTHORISED_BINARY => binary(data.amount.minor()),
            tags::AMOUNT_OTHER => numeric::encode(data.amount_other, 6),
            tags::AMOUNT_OTHER_BINARY => binary(data.amount_other),
            tags::TRANSACTION_CURRENCY_CODE => numeric::encode(currency.numeric().into(), 2),
            tags::TRANSACTION_CURRENCY_EXPONENT => numeric::encode(currency.exponent().into(), 1),
            tags::TRANSACTION_DATE => Some(data.date.to_vec()),
            tags::TRANSACTION_TIME => Some(data.time.to_vec()),
            tags::TRANSACTION_TYPE => Some(vec![data.transaction_type.0]),
            tags::TRANSACTION_SEQUENCE_COUNTER => numeric::encode(data.sequence_counter.into(), 4)
                .or_else(|| numeric::encode(u64::from(data.sequence_counter) % 100_000_000, 4)),
            tags::UNPREDICTABLE_NUMBER => Some(data.unpredictable_number.to_vec()),
            tags::TERMINAL_IDENTIFICATION => Some(text::<8>(&data.terminal_id).to_vec()),
            tags::MERCHANT_IDENTIFIER => Some(text::<15>(&data.merchant_id).to_vec()),
            tags::MERCHANT_NAME_AND_LOCATION => Some(data.merchant_name.clone().into_bytes()),
            _ => None,
        }
    }

    fn of_terminal(&self, tag: Tag) -> Option<Vec<u8>> {
        let terminal = &self.parameters.terminal;
        match tag {
            tags::TERMINAL_COUNTRY_CODE => numeric::encode(terminal.country_code.into(), 2),
            tags::TERMINAL_TYPE => Some(vec![terminal.terminal_type]),
            tags::TERMINAL_CAPABILITIES => Some(self.capabilities().to_vec()),
            tags::ADDITIONAL_TERMINAL_CAPABILITIES => Some(terminal.additional_capabilities.into()),
            tags::INTERFACE_DEVICE_SERIAL_NUMBER => {
                Some(text::<8>(&terminal.serial_number).to_vec())
            }
            tags::MERCHANT_CATEGORY_CODE => {
                numeric::encode(terminal.merchant_category_code.into(), 2)
            }
            _ => None,
        }
    }

    fn of_application(tag: Tag, application: &ApplicationParameters) -> Option<Vec<u8>> {
        match tag {
            tags::APPLICATION_IDENTIFIER_TERMINAL => Some(application.aid.clone()),
            tags::APPLICATION_VERSION_NUMBER_TERMINAL => Some(application.version.to_vec()),
            tags::TERMINAL_FLOOR_LIMIT => Some(application.floor_limit.to_be_bytes().to_vec()),
            _ => None,
        }
    }
}

/// Amounts that four bytes cannot hold are given as the largest that they can.
fn binary(minor: u64) -> Option<Vec<u8>> {
    Some(u32::try_from(minor).unwrap_or(u32::MAX).to_be_bytes().to_vec())
}

/// Returns text of a fixed length, padded with spaces.
pub(crate) fn text<const N: usize>(text: &str) -> [u8; N] {
    let mut field = [b' '; N];
    field.iter_mut().zip(text.bytes()).for_each(|(place, byte)| *place = byte);
    field
}

#[cfg(test)]
mod tests {
    use countertop_device::{Currency, Money};

    use super::*;
    use crate::{PinSupport, TransactionType};

    fn data() -> TransactionData {
        let amount = Money::from_minor(1234, Currency::CNY);
        let mut data = TransactionData::new(
            amount,
            TransactionType::PURCHASE,
            [0x26, 0x11, 0x22],
            [0x20, 0x15, 0x00],
            [1, 2, 3, 4],
        );
        data.terminal_id = "T1".into();
        data
    }

    #[test]
    fn values_have_their_formats() {
        let (parameters, data) = (EmvParameters::default(), data());
        let values = TerminalValues { parameters: &parameters, data: &data };
        let get = |tag| values.get(tag, None);
        assert_eq!(get(tags::AMOUNT_AUTHORISED), Some(vec![0, 0, 0, 0, 0x12, 0x34]));
        assert_eq!(get(tags::AMOUNT_AUTHORISED_BINARY), Some(vec![0, 0, 0x04, 0xD2]));
        assert_eq!(get(tags::TRANSACTION_CURRENCY_CODE), Some(vec![0x01, 0x56]));
        assert_eq!(get(tags::TRANSACTION_SEQUENCE_COUNTER), Some(vec![0, 0, 0, 1]));
        assert_eq!(get(tags::TERMINAL_IDENTIFICATION), Some(b"T1      ".to_vec()));
        assert_eq!(get(tags::TERMINAL_FLOOR_LIMIT), None);
        let application = parameters.applications.first();
        assert_eq!(
            values.get(tags::APPLICATION_VERSION_NUMBER_TERMINAL, application),
            Some(vec![0x00, 0x20])
        );
    }

    #[test]
    fn capabilities_follow_the_pin_pad() {
        let parameters = EmvParameters::default();
        let mut data = data();
        for (pin, byte) in [
            (PinSupport::None, 0x28),
            (PinSupport::Online, 0x68),
            (PinSupport::OnlineAndOfflineEnciphered, 0x78),
        ] {
            data.pin = pin;
            let values = TerminalValues { parameters: &parameters, data: &data };
            assert_eq!(values.capabilities(), [0xE0, byte, 0xC8]);
        }
        let mut parameters = parameters;
        parameters.terminal.capabilities = [0xE0, 0xF8, 0xC8];
        for (pin_at_reader, byte) in [(false, 0x78), (true, 0xF8)] {
            data.pin_at_reader = pin_at_reader;
            let values = TerminalValues { parameters: &parameters, data: &data };
            assert_eq!(values.capabilities()[1], byte);
        }
    }
}
