//! The check bytes of ISO/IEC 14443-3, types A and B, and of FeliCa.

/// Returns CRC_A of `bytes`, in the order in which it follows them (ISO/IEC 14443-3, annex B).
#[must_use]
pub fn crc_a(bytes: &[u8]) -> [u8; 2] {
    from_lowest(0x6363, bytes).to_le_bytes()
}

/// Returns CRC_B of `bytes`, in the order in which it follows them (ISO/IEC 14443-3, annex B).
#[must_use]
pub fn crc_b(bytes: &[u8]) -> [u8; 2] {
    (!from_lowest(0xffff, bytes)).to_le_bytes()
}

/// Returns the CRC of a FeliCa frame, its length byte included, in the order in which it follows
/// (JIS X 6319-4).
#[must_use]
pub fn crc_felica(bytes: &[u8]) -> [u8; 2] {
    let crc = bytes.iter().fold(0u16, |crc, byte| {
        (0..8).fold(crc ^ (u16::from(*byte) << 8), |crc, _| {
            if crc & 0x8000 == 0 { crc << 1 } else { (crc << 1) ^ 0x1021 }
        })
    });
    crc.to_be_bytes()
}

fn from_lowest(start: u16, bytes: &[u8]) -> u16 {
    bytes.iter().fold(start, |crc, byte| {
        (0..8).fold(crc ^ u16::from(*byte), |crc, _| {
            if crc & 1 == 0 { crc >> 1 } else { (crc >> 1) ^ 0x8408 }
        })
    })
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

/// Appends CRC_B to `bytes`.
#[must_use]
pub fn with_crc_b(bytes: &[u8]) -> Vec<u8> {
    [bytes, &crc_b(bytes)].concat()
}

/// Returns `bytes` without their CRC_B, or `None` when it is missing or wrong.
#[must_use]
pub fn without_crc_b(bytes: &[u8]) -> Option<&[u8]> {
    let (data, crc) = bytes.split_last_chunk::<2>()?;
    (crc_b(data) == *crc).then_some(data)
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

    /// ISO/IEC 14443-3, annex B, examples of type B; the check values of CRC-16/X-25 and
    /// CRC-16/XMODEM for "123456789".
    #[test]
    fn vectors_of_others() {
        assert_eq!(crc_b(&[0x00, 0x00, 0x00]), [0xcc, 0xc6]);
        assert_eq!(crc_b(&[0x0f, 0xaa, 0xff]), [0xfc, 0xd1]);
        assert_eq!(crc_b(b"123456789"), [0x6e, 0x90]);
        assert_eq!(crc_felica(b"123456789"), [0x31, 0xc3]);
        let framed = with_crc_b(&[0x05, 0x00, 0x08]);
        assert_eq!(framed, [0x05, 0x00, 0x08, 0x39, 0x73]);
        assert_eq!(without_crc_b(&framed), Some([0x05, 0x00, 0x08].as_slice()));
        assert_eq!(without_crc_b(&framed[1..]), None);
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
