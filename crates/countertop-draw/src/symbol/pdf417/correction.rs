//! Check words over the integers modulo 929 (clause 5.7).

const MODULUS: u32 = 929;
/// The generator of the field.
const ROOT: u32 = 3;

/// Returns the coefficients of ∏ (x − 3ⁱ), i from 1 to `count`, from the highest after the first.
fn generator(count: usize) -> Vec<u32> {
    let mut polynomial = vec![0; count + 1];
    polynomial[0] = 1;
    let mut root = 1;
    for degree in 1..=count {
        root = root * ROOT % MODULUS;
        for at in (1..=degree).rev() {
            let product = polynomial[at - 1] * root % MODULUS;
            polynomial[at] = (polynomial[at] + MODULUS - product) % MODULUS;
        }
    }
    polynomial.split_off(1)
}

/// Returns the check words of data, `count` of them.
pub(in crate::symbol) fn check_words(data: &[u16], count: usize) -> Vec<u16> {
    let generator = generator(count);
    let mut rest = vec![0_u32; count];
    for word in data {
        let factor = (u32::from(*word) + rest.first().copied().unwrap_or(0)) % MODULUS;
        rest.rotate_left(1);
        if let Some(last) = rest.last_mut() {
            *last = 0;
        }
        for (word, coefficient) in rest.iter_mut().zip(&generator) {
            *word = (*word + MODULUS - factor * coefficient % MODULUS) % MODULUS;
        }
    }
    let negative = |word: u32| u16::try_from((MODULUS - word) % MODULUS).unwrap_or(0);
    rest.into_iter().map(negative).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_words_make_the_roots_vanish() {
        let mut words: Vec<u16> = vec![5, 453, 178, 121, 239];
        words.extend(check_words(&words, 4));
        let mut root = 1;
        for _ in 0..4 {
            root = root * ROOT % MODULUS;
            let value = words.iter().fold(0, |sum, word| (sum * root + u32::from(*word)) % MODULUS);
            assert_eq!(value, 0);
        }
        // The example of the standard, annex Q.
        assert_eq!(words[5..], [452, 327, 657, 619]);
    }
}
