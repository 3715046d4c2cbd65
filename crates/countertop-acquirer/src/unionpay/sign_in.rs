//! Sign-in: working keys into the PIN pad.

use countertop_device::{KeyUsage, PinPad, WrappedKey};
use countertop_wire::iso8583::Message;
use countertop_wire::unionpay::{KeyBlock, TransactionInformation, WorkingKey};

use super::financial::bad_request;
use super::{UnionPay, messages};
use crate::{BatchNumber, HostError, SignInRequest, SignedIn};

const ACTION: &str = "sign in";

/// The longest serial number that two digits of length can tell.
const SERIAL_MAX: usize = 99;

impl UnionPay {
    pub(super) async fn do_sign_in(
        &mut self,
        pin_pad: &mut dyn PinPad,
        request: &SignInRequest,
    ) -> Result<SignedIn, HostError> {
        self.check_pin_pad(pin_pad)?;
        let serial = &pin_pad.capabilities().serial_number;
        if serial.len() > SERIAL_MAX {
            return Err(bad_request("serial number of the PIN pad is too long"));
        }
        let message = messages::sign_in(self.profile(), request, serial).map_err(bad_request)?;
        let answer = self.manage(&message, ACTION).await?;
        self.load_keys(pin_pad, &answer).await?;
        let batch = assigned_batch(&answer).unwrap_or(request.batch);
        let text = |field| answer.text(field).map(String::from);
        Ok(SignedIn { batch, date: text(13), time: text(12) })
    }

    async fn load_keys(
        &mut self,
        pin_pad: &mut dyn PinPad,
        answer: &Message,
    ) -> Result<(), HostError> {
        let block = answer.get(62).ok_or_else(|| self.bad(ACTION, "answer without keys"))?;
        let block = KeyBlock::parse(block).map_err(|error| self.bad(ACTION, error.to_string()))?;
        self.load(pin_pad, KeyUsage::Pin, "PIN", &block.pin).await?;
        self.load(pin_pad, KeyUsage::Mac, "MAC", &block.mac).await?;
        if let Some(data) = &block.data {
            self.load(pin_pad, KeyUsage::Data, "data", data).await?;
        }
        self.double_length_pin_key = block.pin.cryptogram.len() > 8;
        Ok(())
    }

    async fn load(
        &self,
        pin_pad: &mut dyn PinPad,
        usage: KeyUsage,
        name: &'static str,
        key: &WorkingKey,
    ) -> Result<(), HostError> {
        let key = WrappedKey {
            cryptogram: key.cryptogram.clone(),
            check_value: key.check_value.to_vec(),
        };
        if pin_pad.update_key(usage, &key).await? {
            return Ok(());
        }
        Err(HostError::BadKey { host: self.profile().host.clone(), key: name })
    }
}

/// Returns the batch of field 60 of an answer, if it is one.
fn assigned_batch(answer: &Message) -> Option<BatchNumber> {
    let information: TransactionInformation = answer.text(60)?.parse().ok()?;
    BatchNumber::new(information.batch)
}
