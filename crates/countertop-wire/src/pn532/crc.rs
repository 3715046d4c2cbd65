//! The check bytes of ISO/IEC 14443-3 type A.

/// Returns CRC_A of `bytes`, in the order in which it follows them (ISO/IEC 14443-3, annex B).
#[must_use]
pub fn crc_a(bytes: &[u8]) -> [u8; 2] {
    let mut crc = 0x6363u16;
    for byte in bytes {
        crc ^= u16::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 0 { crc >> 1 } else { (crc >> 1) ^ 0x8408 };
        }
    }
    crc.to_le_bytes()
}

/// Appends CRC_A to `bytes`.
#[must_use]
pub fn with_crc_a(bytes: &[u8]) -> Vec<u8> {
    [bytes, &crc_a(bytes)].concat()
}

/// Returns `bytes` without their CRC_A, or `None` when it is missing or wrong.
#[must_use]
pub fn without_crc_a(bytes: &[u8]) -> Option<&[u8]> {
    let (data, crc) = bytes.split_last_chunk::<2>()?;
    (crc_a(data) == *crc).then_some(data)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// ISO/IEC 14443-3, annex B, examples 1 and 2; HLTA and READ as the world knows them.
    #[test]
    fn vectors() {
        assert_eq!(crc_a(&[0x00, 0x00]), [0xa0, 0x1e]);
        assert_eq!(crc_a(&[0x12, 0x34]), [0x26, 0xcf]);
        assert_eq!(crc_a(&[0x50, 0x00]), [0x57, 0xcd]);
        assert_eq!(crc_a(&[0x30, 0x04]), [0x26, 0xee]);
    }

    #[test]
    fn comes_and_goes() {
        let framed = with_crc_a(&[0xe0, 0x50]);
        assert_eq!(framed, [0xe0, 0x50, 0xbc, 0xa5]);
        assert_eq!(without_crc_a(&framed), Some([0xe0, 0x50].as_slice()));
        assert_eq!(without_crc_a(&[0xe0, 0x50, 0xbc, 0xa4]), None);
        assert_eq!(without_crc_a(&[0xe0]), None);
    }
}
