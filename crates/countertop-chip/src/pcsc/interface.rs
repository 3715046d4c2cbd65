//! What a reader's name tells of its slot.
//!
//! PC/SC part 3, clause 3.1.5 leaves names to makers; pcscd makes them of model, interface in brackets,
//! serial number in parentheses, number of the reader and number of the slot.

/// Says how a slot reaches its card, as far as the reader's name tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ReaderInterface {
    /// By contacts.
    Contact,
    /// By radio.
    Contactless,
    /// A slot inside for a security module, which is no cardholder's.
    Sam,
    /// The name does not tell; mostly a reader with one slot for contacts.
    Unknown,
}

impl ReaderInterface {
    /// Reads a reader's PC/SC name.
    #[must_use]
    pub fn of(name: &str) -> Self {
        // The interface in brackets says which slot of a model it is.
        let interface = name.split_once('[').and_then(|(_, rest)| rest.split_once(']'));
        let told = interface.map_or(Self::Unknown, |(interface, _)| Self::of_words(interface));
        if told == Self::Unknown { Self::of_words(name) } else { told }
    }

    fn of_words(text: &str) -> Self {
        let lower = text.to_ascii_lowercase();
        let mut words = lower.split(|letter: char| !letter.is_ascii_alphanumeric());
        let mut told = Self::Unknown;
        for word in words.by_ref() {
            match word {
                "sam" => return Self::Sam,
                "picc" | "contactless" | "cl" | "nfc" | "rfid" => return Self::Contactless,
                _ if is_contactless_model(word) => return Self::Contactless,
                "icc" | "contact" | "contacted" => told = Self::Contact,
                _ => {}
            }
        }
        told
    }
}

/// Tells whether a word is a model by radio alone: ACR122U, 5422CL, 3700F.
fn is_contactless_model(word: &str) -> bool {
    let number_and = |suffix| {
        word.strip_suffix(suffix)
            .is_some_and(|number: &str| number.ends_with(|last: char| last.is_ascii_digit()))
    };
    word.starts_with("acr122") || number_and("cl")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_the_interface() {
        use ReaderInterface as Interface;
        for (name, expected) in [
            ("ACS ACR122U PICC Interface 00 00", Interface::Contactless),
            ("ACS ACR1252 Dual Reader [ACR1252 Dual Reader PICC] 00 00", Interface::Contactless),
            ("ACS ACR1252 Dual Reader [ACR1252 Dual Reader SAM] 01 00", Interface::Sam),
            (
                "HID Global OMNIKEY 5422 Smartcard Reader [OMNIKEY 5422CL Smartcard Reader] 01 00",
                Interface::Contactless,
            ),
            (
                "HID Global OMNIKEY 5422 Smartcard Reader [OMNIKEY 5422 Smartcard Reader] 00 00",
                Interface::Unknown,
            ),
            (
                "Gemalto Prox-DU [Prox-DU Contactless_09A00795] (09A00795) 00 00",
                Interface::Contactless,
            ),
            ("Gemalto Prox-DU [Prox-DU Contact_09A00795] (09A00795) 00 01", Interface::Contact),
            (
                "Identiv CLOUD 4700 F Dual Interface Reader [CLOUD 4700 F Contactless Reader] 00 00",
                Interface::Contactless,
            ),
            (
                "Identiv uTrust 3700 F CL Reader [uTrust 3700 F CL Reader] 00 00",
                Interface::Contactless,
            ),
            ("ACS ACR39U ICC Reader 00 00", Interface::Contact),
            ("Virtual PCD 00 00", Interface::Unknown),
            ("Samsung Clear Reader 00 00", Interface::Unknown),
        ] {
            assert_eq!(ReaderInterface::of(name), expected, "{name}");
        }
    }
}
