//! Reed-Solomon check words over a field of 2^m elements.

/// Is a field GF(2^m), with the powers of its generator 2.
#[derive(Debug)]
pub(super) struct Field {
    size: usize,
    exp: Vec<u32>,
    log: Vec<usize>,
}

impl Field {
    /// Creates the field of 2^`bits` elements with a primitive polynomial.
    pub(super) fn new(bits: u32, polynomial: u32) -> Self {
        let size = 1_usize << bits;
        let mut field = Self { size, exp: vec![0; size], log: vec![0; size] };
        let mut value = 1_u32;
        for power in 0..size - 1 {
            field.exp[power] = value;
            field.log[value as usize] = power;
            value <<= 1;
            if value as usize >= size {
                value ^= polynomial;
            }
        }
        field
    }

    fn multiply(&self, a: u32, b: u32) -> u32 {
        if a == 0 || b == 0 {
            return 0;
        }
        let power = self.log[a as usize] + self.log[b as usize];
        self.exp[power % (self.size - 1)]
    }

    /// Returns the generator polynomial with roots 2^1 … 2^`count`, without its highest term.
    fn generator(&self, count: usize) -> Vec<u32> {
        let mut polynomial = vec![1];
        for root in 1..=count {
            let root = self.exp[root % (self.size - 1)];
            polynomial.push(0);
            for at in (1..polynomial.len()).rev() {
                polynomial[at] ^= self.multiply(polynomial[at - 1], root);
            }
        }
        polynomial.split_off(1)
    }

    /// Returns `count` check words of `data`, whose words are elements of the field.
    pub(super) fn check_words(&self, data: &[u32], count: usize) -> Vec<u32> {
        let generator = self.generator(count);
        let mut rest = vec![0; count];
        for word in data {
            let factor = word ^ rest.first().copied().unwrap_or(0);
            rest.rotate_left(1);
            if let Some(last) = rest.last_mut() {
                *last = 0;
            }
            for (word, coefficient) in rest.iter_mut().zip(&generator) {
                *word ^= self.multiply(*coefficient, factor);
            }
        }
        rest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_words_make_the_roots_vanish() {
        for (bits, polynomial) in [(4, 0x13), (6, 0x43), (8, 0x12D), (10, 0x409), (12, 0x1069)] {
            let field = Field::new(bits, polynomial);
            let data: Vec<u32> = (0..9).map(|n| n * 7 % (1 << bits)).collect();
            let mut word = data.clone();
            word.extend(field.check_words(&data, 5));
            for root in 1..=5 {
                let x = field.exp[root];
                let value = word.iter().fold(0, |sum, word| field.multiply(sum, x) ^ word);
                assert_eq!(value, 0, "GF(2^{bits}), root {root}");
            }
        }
    }
}
