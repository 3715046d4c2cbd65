//! Looking for secrets in whatever a program leaves behind.

/// Is a secret in every form in which it could leak.
pub struct Secret {
    name: String,
    forms: Vec<(&'static str, Vec<u8>)>,
}

/// Withholds the secret.
impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Secret({})", self.name)
    }
}

impl Secret {
    /// Creates a secret that is text: looked for in ASCII, in UTF-16, and as the hexadecimal of its
    /// characters.
    #[must_use]
    pub fn text(name: &str, text: &str) -> Self {
        let utf16 = |bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect();
        let forms = vec![
            ("ASCII", text.as_bytes().to_vec()),
            ("UTF-16, little endian", utf16(u16::to_le_bytes)),
            ("UTF-16, big endian", utf16(u16::to_be_bytes)),
            ("hexadecimal of ASCII", hex(text.as_bytes()).into_bytes()),
            ("list of ASCII", list(text.as_bytes())),
        ];
        Self { name: name.into(), forms }.with_lower_case()
    }

    /// Creates a secret of digits: looked for as [`text`](Self::text), and packed two to a byte.
    #[must_use]
    pub fn digits(name: &str, digits: &str) -> Self {
        let mut this = Self::text(name, digits);
        this.forms.push(("packed digits", packed(digits)));
        this.forms.push(("packed digits, odd", packed(&digits[1..])));
        this
    }

    /// Creates a secret of bytes: looked for as they are, in hexadecimal, and as a list of numbers.
    #[must_use]
    pub fn bytes(name: &str, bytes: &[u8]) -> Self {
        let forms = vec![
            ("bytes", bytes.to_vec()),
            ("hexadecimal", hex(bytes).into_bytes()),
            ("list", list(bytes)),
        ];
        Self { name: name.into(), forms }.with_lower_case()
    }

    fn with_lower_case(mut self) -> Self {
        let lower: Vec<_> = self
            .forms
            .iter()
            .filter(|(form, _)| form.starts_with("hexadecimal"))
            .map(|(_, bytes)| ("hexadecimal, lower case", bytes.to_ascii_lowercase()))
            .collect();
        self.forms.extend(lower);
        self
    }

    /// Returns the forms, to plant them where they have to be found.
    pub fn forms(&self) -> impl Iterator<Item = &[u8]> {
        self.forms.iter().map(|(_, bytes)| bytes.as_slice())
    }

    /// Says what was found of the secret, without showing it.
    #[must_use]
    pub fn found_in(&self, place: &str, bytes: &[u8]) -> Option<String> {
        let found = self.forms.iter().find(|(_, form)| contains(bytes, form));
        found.map(|(form, _)| format!("{place}: {} as {form}", self.name))
    }
}

/// Returns the runs of digits in `bytes` that stand alone: no letter, digit or point beside them.
pub fn numbers(bytes: &[u8]) -> impl Iterator<Item = &str> {
    let words = bytes.split(|byte| !(byte.is_ascii_alphanumeric() || *byte == b'.'));
    let numbers = words.filter(|word| !word.is_empty() && word.iter().all(u8::is_ascii_digit));
    numbers.filter_map(|word| std::str::from_utf8(word).ok())
}

fn contains(bytes: &[u8], form: &[u8]) -> bool {
    !form.is_empty() && bytes.windows(form.len()).any(|window| window == form)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

fn list(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().map(u8::to_string).collect::<Vec<_>>().join(", ").into_bytes()
}

/// Packs digits; of an odd number the last one is left out.
fn packed(digits: &str) -> Vec<u8> {
    let nibble = |digit: &u8| digit & 0x0f;
    let pairs = digits.as_bytes().chunks_exact(2);
    pairs.map(|pair| nibble(&pair[0]) << 4 | nibble(&pair[1])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_found_in_each_form() {
        for secret in [Secret::digits("number", "6200000000000005"), Secret::bytes("key", &[7; 8])]
        {
            for form in secret.forms() {
                let planted = [b"before", form, b"after"].concat();
                assert!(secret.found_in("here", &planted).is_some(), "{secret:?}");
            }
            assert_eq!(secret.found_in("here", b"620000******0005"), None);
        }
    }

    #[test]
    fn numbers_stand_alone() {
        let found: Vec<_> = numbers(b"PIN 123456, t=1.123456 x123456 \"123456\"").collect();
        assert_eq!(found, ["123456", "123456"]);
    }
}
