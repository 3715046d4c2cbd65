//! One card at a time.

use countertop_device::ContactlessTarget;

use crate::failure::Failure;

/// Refuses a card beside which another one has answered: whoever asked has not said which is meant.
pub(super) fn alone(target: &ContactlessTarget, reader: &str) -> Result<(), Failure> {
    if target.collision {
        return Err(Failure::new(format!("{reader}: more than one card is in the field"))
            .with_help("hold one card alone to the antenna"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_are_too_many() {
        let card = ContactlessTarget::new(vec![8, 1, 2, 3], [0, 4], 0x20, vec![2, 0x78]);
        assert!(alone(&card, "nfc:").is_ok());
        let error = alone(&card.with_collision(), "nfc:").unwrap_err().to_string();
        assert!(error.contains("nfc:: more than one card"), "{error}");
    }
}
