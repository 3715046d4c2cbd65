//! The code that binds a signature's picture to its transaction.

/// Says why there is no feature code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BadFeatureCode {
    /// The settlement date is no four digits.
    #[error("settlement date is no four digits")]
    Date,
    /// The retrieval reference number is no twelve digits; UnionPay allows letters there, but such
    /// a number has no feature code.
    #[error("retrieval reference number is no twelve digits")]
    Rrn,
}

/// Returns the feature code of a transaction: eight hexadecimal characters, which a signature pad
/// draws behind the signature.
///
/// It is the settlement date (`MMDD`, field 15; `None` counts as `0000`) and the retrieval reference
/// number (field 37) as eight BCD bytes, the first four XORed with the last four.
///
/// # Errors
///
/// [`BadFeatureCode`] when one of the two is not all digits.
pub fn feature_code(settlement_date: Option<&str>, rrn: &str) -> Result<String, BadFeatureCode> {
    let date = digits(settlement_date.unwrap_or("0000"), 4).ok_or(BadFeatureCode::Date)?;
    let rrn = digits(rrn, 12).ok_or(BadFeatureCode::Rrn)?;
    let (high, low) = (date << 16 | rrn >> 32, rrn & 0xFFFF_FFFF);
    Ok(format!("{:08X}", high ^ low))
}

/// Reads decimal digits as BCD.
fn digits(text: &str, count: usize) -> Option<u64> {
    let decimal = text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    decimal.then(|| u64::from_str_radix(text, 16).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_absent_date_counts_as_zeros() {
        assert_eq!(feature_code(None, "101213000002").unwrap(), "13001010");
        assert_eq!(feature_code(Some("0000"), "101213000002").unwrap(), "13001010");
    }

    #[test]
    fn letters_have_no_code() {
        assert_eq!(feature_code(Some("081"), "123456789012"), Err(BadFeatureCode::Date));
        assert_eq!(feature_code(Some("+815"), "123456789012"), Err(BadFeatureCode::Date));
        assert_eq!(feature_code(None, "12345678901A"), Err(BadFeatureCode::Rrn));
        assert_eq!(feature_code(None, ""), Err(BadFeatureCode::Rrn));
    }
}
