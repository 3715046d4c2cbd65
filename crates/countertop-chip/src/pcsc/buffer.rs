//! Where answers are received.

use countertop_device::Sensitive;
use pcsc::{Error, MAX_BUFFER_SIZE_EXTENDED};
use zeroize::{Zeroize as _, Zeroizing};

/// Takes an answer of any length, and holds none longer than it takes to copy it.
pub(super) struct Buffer(Zeroizing<Vec<u8>>);

impl Buffer {
    pub(super) fn new() -> Self {
        Self(Zeroizing::new(vec![0; MAX_BUFFER_SIZE_EXTENDED]))
    }

    /// Returns what `receive` has put at the beginning, and wipes it there.
    pub(super) fn take(
        &mut self,
        receive: impl FnOnce(&mut [u8]) -> Result<&[u8], Error>,
    ) -> Result<Sensitive, Error> {
        match receive(&mut self.0) {
            Ok(answer) => {
                let (taken, length) = (Sensitive::from(answer), answer.len());
                self.0.get_mut(..length).unwrap_or_default().zeroize();
                Ok(taken)
            }
            // How far it had come is not known.
            Err(error) => {
                self.0.as_mut_slice().zeroize();
                Err(error)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_left_behind() {
        let mut buffer = Buffer::new();
        let taken = buffer.take(|place| {
            place[..3].copy_from_slice(&[1, 2, 3]);
            Ok(&place[..3])
        });
        assert_eq!(taken.unwrap().expose(), [1, 2, 3]);
        let failed = buffer.take(|place| {
            place[1_000] = 7;
            Err(Error::RemovedCard)
        });
        assert_eq!(failed, Err(Error::RemovedCard));
        assert!(buffer.0.iter().all(|byte| *byte == 0));
    }
}
