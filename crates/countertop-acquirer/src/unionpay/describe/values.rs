//! What the values of fields mean.

use countertop_wire::iso8583::{Dissection, Format, Mti, RawField};
use countertop_wire::unionpay::{
    Institutions, condition_name, entry_mode_name, gbk, processing_name, response_name,
    reversal_reason_name,
};

use super::hex::hex;
use super::objects::{self, text_or_hex};
use super::parts::{self, money};
use super::{Part, mask};

/// Is what a field shows.
#[derive(Default)]
pub(super) struct Shown {
    pub(super) value: String,
    pub(super) meaning: Option<String>,
    pub(super) parts: Vec<Part>,
    pub(super) problem: Option<String>,
    /// Whether the value was masked, so that the bytes have to be too.
    pub(super) secret: bool,
}

impl Shown {
    fn secret(value: String) -> Self {
        Self { value, secret: true, ..Self::default() }
    }

    fn with_parts(value: String, parts: Option<Vec<Part>>) -> Self {
        Self { value, parts: parts.unwrap_or_default(), ..Self::default() }
    }
}

pub(super) fn show(field: &RawField<'_>, message: &Dissection<'_>) -> Shown {
    let text = core::str::from_utf8(&field.value).unwrap_or_default();
    match field.spec.number {
        2 => Shown::secret(mask::pan(text)),
        35 | 36 | 45 => Shown::secret(mask::track(text)),
        48 => settlement(field, message.mti),
        52 => Shown::secret(mask::withheld(field.value.len())),
        54 => Shown::with_parts(text.into(), parts::amounts(text)),
        55 => icc_data(field),
        59 => private(field),
        60 => Shown::with_parts(text.into(), parts::information(text)),
        61 => Shown::with_parts(text.into(), parts::original(text)),
        62 => private_by_transaction(field, message.mti),
        46 | 47 | 56 | 57 | 58 => opaque(field),
        64 => Shown { value: text_or_hex(&field.value), ..Shown::default() },
        _ => plain(field, message),
    }
}

fn plain(field: &RawField<'_>, message: &Dissection<'_>) -> Shown {
    let value = match field.spec.format {
        Format::Binary => hex(&field.value),
        _ => gbk(&field.value),
    };
    let meaning = meaning(field.spec.number, &value, message);
    Shown { value, meaning, ..Shown::default() }
}

fn meaning(number: u8, value: &str, message: &Dissection<'_>) -> Option<String> {
    let name = match number {
        3 => processing_name(value),
        25 => condition_name(value),
        39 if message.mti == Mti::REVERSAL => reversal_reason_name(value),
        39 => response_name(value),
        49 => currency_name(value),
        4 => return value.parse().ok().map(money),
        12 => return time(value),
        22 => return entry_mode(value),
        44 => return institutions(value),
        53 => return security(value),
        _ => None,
    };
    name.map(String::from)
}

fn currency_name(code: &str) -> Option<&'static str> {
    Some(match code {
        "156" => "CNY",
        "344" => "HKD",
        "392" => "JPY",
        "446" => "MOP",
        "840" => "USD",
        "978" => "EUR",
        _ => return None,
    })
}

fn time(digits: &str) -> Option<String> {
    Some(format!("{}:{}:{}", digits.get(..2)?, digits.get(2..4)?, digits.get(4..6)?))
}

fn entry_mode(digits: &str) -> Option<String> {
    let pin = match digits.get(2..3)? {
        "1" => ", with PIN",
        "2" => ", without PIN",
        _ => "",
    };
    entry_mode_name(digits).map(|name| format!("{name}{pin}"))
}

fn institutions(value: &str) -> Option<String> {
    let Institutions { issuer, acquirer } = Institutions::parse(value.as_bytes());
    let named = |role: &str, name: Option<String>| name.map(|name| format!("{role} {name}"));
    let both = [named("issuer", issuer), named("acquirer", acquirer)];
    let text = both.into_iter().flatten().collect::<Vec<_>>().join(", ");
    (!text.is_empty()).then_some(text)
}

fn security(digits: &str) -> Option<String> {
    let format = match digits.get(..1)? {
        "0" => "no PIN",
        "1" => "PIN block without card number",
        "2" => "PIN block with card number",
        _ => return None,
    };
    let algorithm = match digits.get(1..2)? {
        "0" => "DES",
        "6" => "triple DES",
        "3" => "SM4",
        _ => return None,
    };
    let tracks = if digits.get(2..3)? == "1" { ", tracks enciphered" } else { "" };
    Some(format!("{format}, {algorithm}{tracks}"))
}

fn settlement(field: &RawField<'_>, mti: Mti) -> Shown {
    let text = core::str::from_utf8(&field.value).unwrap_or_default();
    let parts = parts::settlement(mti, text);
    // Totals are no secret; a batch upload has card numbers, and what cannot be read may have.
    let totals = matches!(mti.to_bytes(), [0x05, _]) && parts.is_some();
    if totals || !mask::has_secret_digits(&field.value) {
        return Shown::with_parts(text.into(), parts);
    }
    let parts = parts.unwrap_or_default();
    Shown { parts, ..Shown::secret(mask::withheld(field.value.len())) }
}

fn icc_data(field: &RawField<'_>) -> Shown {
    let value = format!("{} bytes of BER-TLV", field.value.len());
    match objects::ber(&field.value) {
        Ok((parts, secret)) => Shown { parts, secret, ..Shown::with_parts(value, None) },
        Err(error) => broken(field, error.to_string()),
    }
}

/// Field 59 holds data objects at UnionPay's own host, and what other acquirers put there.
fn private(field: &RawField<'_>) -> Shown {
    if !matches!(field.value.as_slice(), [b'A', b'1'..=b'9', ..]) {
        return opaque(field);
    }
    let value = format!("{} bytes of data objects", field.value.len());
    match objects::private(&field.value) {
        Ok((parts, secret)) => Shown { parts, secret, ..Shown::with_parts(value, None) },
        Err(error) => broken(field, error.to_string()),
    }
}

/// Withholds a field whose inside cannot be told apart: card data may be in it.
fn broken(field: &RawField<'_>, problem: String) -> Shown {
    let withheld = Shown::secret(mask::withheld(field.value.len()));
    Shown { problem: Some(problem), ..withheld }
}

/// Field 62 holds whatever the transaction needs: a serial number, keys, chip parameters, texts.
fn private_by_transaction(field: &RawField<'_>, mti: Mti) -> Shown {
    let bytes = field.value.as_slice();
    let value = format!("{} bytes", bytes.len());
    if let Some(serial) = bytes.strip_prefix(b"Sequence No") {
        return sequence(bytes, serial);
    }
    if mti.to_bytes() == [0x08, 0x10]
        && let Some(parts) = objects::keys(bytes)
    {
        return Shown::with_parts(value, Some(parts));
    }
    if !bytes.is_empty()
        && let Ok((parts, secret)) = objects::private(bytes)
    {
        return Shown { secret, ..Shown::with_parts(value, Some(parts)) };
    }
    if let Ok((parts, secret)) = objects::ber(bytes)
        && parts.iter().any(|part| part.name != "not known")
    {
        return Shown { secret, ..Shown::with_parts(value, Some(parts)) };
    }
    opaque(field)
}

fn sequence(bytes: &[u8], serial: &[u8]) -> Shown {
    let number = serial.get(2..).map(|number| Part::new("62", "serial number", gbk(number)));
    Shown::with_parts(text_or_hex(bytes), Some(number.into_iter().collect()))
}

fn opaque(field: &RawField<'_>) -> Shown {
    if mask::has_secret_digits(&field.value) {
        return Shown::secret(mask::withheld(field.value.len()));
    }
    Shown { value: text_or_hex(&field.value), ..Shown::default() }
}
