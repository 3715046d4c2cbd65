use super::*;

fn code(prefix: &str, digits: usize) -> String {
    format!("{prefix}{}", "7".repeat(digits - prefix.len()))
}

fn parse(text: &str) -> Result<PaymentScheme, PaymentCodeError> {
    PaymentCode::parse(text.as_bytes()).map(|code| code.scheme())
}

#[test]
fn every_row_of_the_table() {
    for prefix in 10..=15 {
        assert_eq!(parse(&code(&prefix.to_string(), 18)), Ok(PaymentScheme::WeChatPay));
    }
    for (prefix, digits) in (25..=30).flat_map(|prefix| (16..=24).map(move |n| (prefix, n))) {
        assert_eq!(parse(&code(&prefix.to_string(), digits)), Ok(PaymentScheme::Alipay));
    }
    assert_eq!(parse(&code("62", 19)), Ok(PaymentScheme::UnionPay));
    assert_eq!(parse(&code("01", 19)), Ok(PaymentScheme::ECny));
}

#[test]
fn every_other_length_is_refused() {
    for (prefix, scheme) in [
        ("10", PaymentScheme::WeChatPay),
        ("28", PaymentScheme::Alipay),
        ("62", PaymentScheme::UnionPay),
        ("01", PaymentScheme::ECny),
    ] {
        for digits in (2..40).filter(|digits| !scheme.lengths().contains(digits)) {
            let error = PaymentCodeError::Length { scheme, digits };
            assert_eq!(parse(&code(prefix, digits)), Err(error));
        }
    }
}

#[test]
fn every_other_prefix_is_refused() {
    for prefix in (0..100).filter(|prefix| !matches!(prefix, 1 | 10..=15 | 25..=30 | 62)) {
        for digits in [16, 18, 19, 24] {
            let text = code(&format!("{prefix:02}"), digits);
            assert_eq!(parse(&text), Err(PaymentCodeError::Scheme));
        }
    }
    assert_eq!(parse("6"), Err(PaymentCodeError::Scheme));
}

#[test]
fn what_is_no_number_is_refused() {
    assert_eq!(parse(""), Err(PaymentCodeError::Empty));
    for text in ["https://example.com", " 62", "6277777777777777777\r", "６２７７"] {
        assert_eq!(parse(text), Err(PaymentCodeError::Digits));
    }
}

#[test]
fn shows_four_digits_at_the_most() {
    let code = PaymentCode::parse(b"130000000000001234").unwrap();
    assert_eq!((code.last4(), code.expose().len()), ("1234", 18));
    assert_eq!(format!("{code:?}"), "PaymentCode(WeChat Pay, *1234)");
}
