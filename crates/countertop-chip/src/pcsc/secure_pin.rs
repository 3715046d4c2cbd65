//! The offline PIN of EMV at the reader's key pad.

use core::time::Duration;

use async_trait::async_trait;
use countertop_device::{
    DeviceError, DeviceErrorKind, SecurePinEntry, SecurePinOutcome, SecurePinRequest,
};
use countertop_wire::pcsc_part10::{PinFormat, PinOutcome, VerifyPin};

use super::session::PcscSession;

#[async_trait]
impl SecurePinEntry for PcscSession {
    async fn verify_pin(
        &mut self,
        request: &SecurePinRequest,
    ) -> Result<SecurePinOutcome, DeviceError> {
        let outcome = Self::verify_pin(self, &entry(request)).await?;
        let failed = |kind| DeviceError::new(kind, self.device(), "verify the PIN at the reader");
        match outcome {
            Some(PinOutcome::Card(status)) => {
                Ok(SecurePinOutcome::Answered(status.0.to_be_bytes()))
            }
            Some(PinOutcome::Cancelled) => Ok(SecurePinOutcome::Cancelled),
            Some(PinOutcome::TimedOut) => Ok(SecurePinOutcome::TimedOut),
            Some(PinOutcome::BadLength) => Ok(SecurePinOutcome::WrongLength),
            Some(_) => Err(failed(DeviceErrorKind::Protocol)),
            None => Err(failed(DeviceErrorKind::InvalidInput)
                .with_help("this reader has no key pad: ask for the PIN elsewhere")),
        }
    }
}

fn entry(request: &SecurePinRequest) -> VerifyPin {
    let emv = VerifyPin::emv(seconds(request.timeout));
    let format = PinFormat {
        min_digits: request.min_length,
        max_digits: request.max_length,
        ..PinFormat::EMV
    };
    VerifyPin { format, ..emv }
}

/// Rounds up; nought would mean the reader's own limit.
fn seconds(timeout: Duration) -> u8 {
    let seconds = timeout.as_secs() + u64::from(timeout.subsec_nanos() > 0);
    u8::try_from(seconds.max(1)).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_go_into_the_entry() {
        let timeout = Duration::from_millis(20_001);
        let entry = entry(&SecurePinRequest { min_length: 5, max_length: 6, timeout });
        assert_eq!((entry.timeout, entry.timeout_after_key), (21, 21));
        assert_eq!((entry.format.min_digits, entry.format.max_digits), (5, 6));
        assert_eq!(seconds(Duration::ZERO), 1);
        assert_eq!(seconds(Duration::from_secs(1_000)), 255);
    }
}
