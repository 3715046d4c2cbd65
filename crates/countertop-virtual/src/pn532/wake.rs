//! How a sleeping chip wakes.

/// Counts rising edges on the serial line: the fifth wakes the chip (UM0701-02, 7.2.11).
#[derive(Debug, Default)]
pub(super) struct WakeUp {
    edges: u32,
}

const EDGES: u32 = 5;

impl WakeUp {
    /// Hears bytes and returns those behind the one that woke the chip, or `None` while it sleeps.
    /// What was heard in sleep is lost.
    pub(super) fn hear<'a>(&mut self, bytes: &'a [u8]) -> Option<&'a [u8]> {
        for (index, byte) in bytes.iter().enumerate() {
            self.edges += rising_edges(*byte);
            if self.edges >= EDGES {
                return bytes.get(index + 1..);
            }
        }
        None
    }
}

/// Start bit 0, eight bits from the lowest, stop bit 1.
fn rising_edges(byte: u8) -> u32 {
    let line = (u16::from(byte) << 1) | 0x200;
    (!line & (line >> 1) & 0x1ff).count_ones()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_edges() {
        assert_eq!(rising_edges(0x55), 5);
        assert_eq!(rising_edges(0x00), 1);
        assert_eq!(rising_edges(0xff), 1);
        assert_eq!(rising_edges(0xaa), 4);
    }

    #[test]
    fn wakes_by_one_busy_byte_or_five_zeros() {
        assert_eq!(WakeUp::default().hear(&[0x55, 1, 2]), Some(&[1, 2][..]));
        assert_eq!(WakeUp::default().hear(&[0, 0, 0, 0, 0, 3]), Some(&[3][..]));
        let mut wake_up = WakeUp::default();
        assert_eq!(wake_up.hear(&[0, 0]), None);
        assert_eq!(wake_up.hear(&[0, 0, 0]), Some(&[][..]));
    }
}
