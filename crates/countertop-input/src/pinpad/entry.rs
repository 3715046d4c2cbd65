//! Asking the cardholder for a PIN.

use core::time::Duration;

use countertop_device::{
    DeviceError, DeviceErrorKind, EncryptedPinBlock, Money, OfflinePinRequest, PinBlockFormat,
    PinEntry, PinRequest, Sensitive,
};
use countertop_wire::pinpad::{
    AmountPinRequest, OfflinePinRequest as OfflinePacket, OfflinePinResponse, PinEntryRequest,
    PinResponse, Request, Response,
};
use tokio::time::Instant;
use zeroize::Zeroizing;

use super::VisaPinPad;
use super::channel::Reply;
use super::error::VisaPinPadError;
use super::options::PinPacket;

const ACTION: &str = "ask for a PIN";

/// Unit of the PIN pad's own time-out.
const HALF_MINUTE: Duration = Duration::from_secs(30);

/// What the PIN pad's clock may be ahead of ours.
const CLOCK_TOLERANCE: Duration = Duration::from_secs(1);

/// Fewest digits of an account number in a packet. Zeros before it do not change the PIN block.
const MIN_ACCOUNT: usize = 8;

/// Longest prompt.
const MAX_PROMPT: usize = 16;

impl VisaPinPad {
    pub(super) async fn ask_online_pin(
        &mut self,
        request: &PinRequest,
    ) -> Result<PinEntry, DeviceError> {
        let packet = self.online_packet(request)?;
        self.channel.begin().await?;
        self.channel.select_master_key(self.options.master_key).await?;
        let entry = self.ask(&packet, request.timeout).await?;
        let entry = match entry {
            PinEntry::Entered(Response::Pin(PinResponse::Entered { block, .. })) => {
                PinEntry::Entered(EncryptedPinBlock::new(*block))
            }
            PinEntry::Entered(Response::Pin(PinResponse::Null)) => PinEntry::Bypassed,
            PinEntry::Entered(Response::Pin(PinResponse::Refused(error))) => {
                return Err(self.channel.fail(VisaPinPadError::Pin(error), ACTION));
            }
            entry => self.without_pin(entry)?,
        };
        self.channel.finish();
        Ok(entry)
    }

    pub(super) async fn ask_offline_pin(
        &mut self,
        request: &OfflinePinRequest,
    ) -> Result<PinEntry<Sensitive>, DeviceError> {
        let packet = Request::OfflinePin(OfflinePacket {
            modulus: request.modulus.clone(),
            exponent: request.exponent.clone(),
            challenge: request.challenge,
            prompt: amount_prompt(request.amount),
            half_minutes: Some(half_minutes(request.timeout)),
        });
        self.channel.begin().await?;
        let entry = match self.ask(&packet, request.timeout).await? {
            PinEntry::Entered(Response::OfflinePin(OfflinePinResponse::Enciphered(data))) => {
                PinEntry::Entered(Sensitive::from(data.as_slice()))
            }
            PinEntry::Entered(Response::OfflinePin(OfflinePinResponse::Null)) => PinEntry::Bypassed,
            PinEntry::Entered(Response::OfflinePin(OfflinePinResponse::KeyRefused)) => {
                return Err(self.channel.fail(VisaPinPadError::CardKey, ACTION));
            }
            entry => self.without_pin(entry)?,
        };
        self.channel.finish();
        Ok(entry)
    }

    fn without_pin<T>(&self, entry: PinEntry<Response>) -> Result<PinEntry<T>, DeviceError> {
        match entry {
            PinEntry::Entered(_) => Err(self.channel.unexpected(ACTION)),
            PinEntry::Bypassed => Ok(PinEntry::Bypassed),
            PinEntry::Cancelled => Ok(PinEntry::Cancelled),
            PinEntry::TimedOut => Ok(PinEntry::TimedOut),
        }
    }

    /// Sends the packet and gives the cardholder `timeout`, then ends the entry.
    ///
    /// The PIN pad says EOT both for cancel and for running out of its own, longer time.
    async fn ask(
        &mut self,
        packet: &Request,
        timeout: Duration,
    ) -> Result<PinEntry<Response>, DeviceError> {
        self.channel.submit(packet, ACTION).await?;
        let started = Instant::now();
        let pads_own = HALF_MINUTE * u32::from(half_minutes(timeout));
        let ran_out = |elapsed: Duration| elapsed + CLOCK_TOLERANCE >= pads_own;
        match self.channel.reply(timeout, ACTION).await {
            Ok(Reply::Response(response)) => Ok(PinEntry::Entered(response)),
            Ok(Reply::Ended) if ran_out(started.elapsed()) => Ok(PinEntry::TimedOut),
            Ok(Reply::Ended) => Ok(PinEntry::Cancelled),
            Err(error) if error.kind() == DeviceErrorKind::TimedOut => {
                // Enter may have been pressed at the last moment.
                let late = self.channel.cancel("end the PIN entry").await?;
                Ok(late.map_or(PinEntry::TimedOut, PinEntry::Entered))
            }
            Err(error) => Err(error),
        }
    }

    fn online_packet(&self, request: &PinRequest) -> Result<Request, DeviceError> {
        let argument = |reason| self.channel.fail(VisaPinPadError::Argument(reason), ACTION);
        let PinBlockFormat::Iso0 = request.format else {
            return Err(argument("only PIN blocks of format 0"));
        };
        let no_key = || self.channel.fail(VisaPinPadError::NoWorkingKey, ACTION);
        let working_key = self.keys.pin().ok_or_else(no_key)?;
        let account = account(request.pan.expose());
        let half_minutes = Some(half_minutes(request.timeout));
        if self.options.pin_request == PinPacket::Amount {
            let amount = request.amount.decimal();
            let packet = AmountPinRequest { account, working_key, amount, half_minutes };
            return Ok(Request::AmountPin(packet));
        }
        Ok(Request::PinEntry(PinEntryRequest {
            account,
            working_key,
            min_length: request.min_length,
            max_length: request.max_length,
            null_allowed: true,
            prompt: amount_prompt(request.amount),
            second_prompt: "ENTER PIN".into(),
            processing_prompt: "PROCESSING".into(),
            half_minutes,
        }))
    }
}

/// Returns the card number, filled up with zeros on the left to what a packet needs.
fn account(pan: &[u8]) -> Zeroizing<Vec<u8>> {
    let zeros = MIN_ACCOUNT.saturating_sub(pan.len());
    let mut account = Zeroizing::new(Vec::with_capacity(zeros + pan.len()));
    account.resize(zeros, b'0');
    account.extend_from_slice(pan);
    account
}

/// Returns `CNY 12.34`, or the digits alone where that is too wide.
fn amount_prompt(amount: Money) -> String {
    let text = amount.to_string();
    if text.len() <= MAX_PROMPT { text } else { amount.decimal() }
}

/// Returns the PIN pad's own time-out: the next one above ours, so that ours ends first.
fn half_minutes(timeout: Duration) -> u8 {
    let units = timeout.as_millis() / HALF_MINUTE.as_millis() + 1;
    u8::try_from(units.clamp(1, 9)).unwrap_or(9)
}

#[cfg(test)]
mod tests {
    use countertop_device::Currency;

    use super::*;

    #[test]
    fn the_pads_own_time_is_longer_than_ours() {
        for (seconds, units) in [(0, 1), (29, 1), (30, 2), (31, 2), (60, 3), (270, 9), (900, 9)] {
            assert_eq!(half_minutes(Duration::from_secs(seconds)), units, "{seconds} s");
        }
    }

    #[test]
    fn wide_amounts_lose_their_currency() {
        let prompt = |minor| amount_prompt(Money::from_minor(minor, Currency::CNY));
        assert_eq!(prompt(1234), "CNY 12.34");
        assert_eq!(prompt(999_999_999_999), "9999999999.99");
    }

    #[test]
    fn short_accounts_are_filled_up() {
        assert_eq!(*account(b"123"), *b"00000123");
        assert_eq!(*account(b"6200000000000005"), *b"6200000000000005");
    }
}
