//! Answers to reset in words (ISO/IEC 7816-3, clause 8.2).

use core::fmt::Write as _;

use countertop_wire::atr::{AnswerToReset, Convention, ErrorDetection};
use serde_json::{Value, json};

use super::objects::hex;

pub(super) fn text(bytes: &[u8]) -> String {
    let mut text = format!("answer to reset: {}\n", hex(bytes));
    match AnswerToReset::parse(bytes) {
        Ok(answer) => lines(&answer, &mut text),
        // Writing to a string does not fail.
        Err(error) => drop(writeln!(text, "  not as ISO/IEC 7816-3 has it: {error}")),
    }
    text
}

fn lines(answer: &AnswerToReset, text: &mut String) {
    let protocols: Vec<_> =
        answer.protocols().iter().map(|it| format!("T={}", it.number())).collect();
    let _ = writeln!(text, "  offers {}, {} convention", protocols.join(", "), convention(answer));
    if let Some(rate) = answer.transmission_rate() {
        let (f, d, clock) = (rate.clock_rate, rate.adjustment, rate.max_clock);
        let _ = writeln!(text, "  rate F={f}, D={d}, clock up to {clock} kHz");
    }
    if let Some(mode) = answer.specific_mode() {
        let _ = writeln!(text, "  speaks T={} only", mode.protocol.number());
    }
    if let Some(t0) = answer.t0_parameters() {
        let _ = writeln!(text, "  T=0: waiting time integer {}", t0.waiting_integer);
    }
    if let Some(t1) = answer.t1_parameters() {
        let check = match t1.error_detection {
            ErrorDetection::Lrc => "LRC",
            ErrorDetection::Crc => "CRC",
        };
        let (size, block) = (t1.information_field_size, t1.block_waiting_integer);
        let character = t1.character_waiting_integer;
        let _ = writeln!(
            text,
            "  T=1: fields of {size} bytes, {check}, waiting time integers {block} (block) and \
             {character} (character)"
        );
    }
    if !answer.historical_bytes().is_empty() {
        let _ = writeln!(text, "  historical bytes {}", hex(answer.historical_bytes()));
    }
    if let Some(capabilities) = answer.capabilities() {
        let yes = |it: bool| if it { "yes" } else { "no" };
        let (chaining, extended) =
            (yes(capabilities.command_chaining()), yes(capabilities.extended_lengths()));
        let _ = writeln!(text, "  command chaining: {chaining}; extended lengths: {extended}");
    }
}

fn convention(answer: &AnswerToReset) -> &'static str {
    match answer.convention() {
        Convention::Inverse => "inverse",
        Convention::Direct => "direct",
    }
}

pub(super) fn json(bytes: &[u8]) -> Value {
    let Ok(answer) = AnswerToReset::parse(bytes) else { return json!({ "bytes": hex(bytes) }) };
    let protocols: Vec<_> =
        answer.protocols().iter().map(|it| format!("T={}", it.number())).collect();
    json!({
        "bytes": hex(bytes),
        "convention": convention(&answer),
        "protocols": protocols,
        "historical": hex(answer.historical_bytes()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_in_words() {
        let bytes = [0x3b, 0xe3, 0x00, 0x00, 0x81, 0x31, 0xfe, 0x45, 0x80, 0x31, 0xc0, 0x99];
        let text = text(&bytes);
        assert!(text.starts_with("answer to reset: 3BE300008131FE458031C099\n"), "{text}");
        assert!(text.contains("T=1: fields of 254 bytes, LRC"), "{text}");
        assert_eq!(json(&bytes)["protocols"][0], "T=1");
    }

    #[test]
    fn what_is_none_is_said() {
        assert!(text(&[0x3b]).contains("not as ISO/IEC 7816-3 has it"));
        assert_eq!(json(&[0x00])["bytes"], "00");
    }
}
