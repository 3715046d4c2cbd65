//! Slips as text, with what differs from run to run taken out.

use countertop_device::document::Document;

/// Words of lines whose numbers come from the host's clock, or from random numbers.
const CHANGING: &[&str] = &["授权码", "参考号", "日期/时间", "[QR", "ct:"];

/// Renders a slip; each digit that changes from run to run is shown as `#`.
pub(crate) fn redacted(slip: &Document) -> String {
    let text = countertop_printer::text::render(slip, 32);
    let lines = text.lines().map(|line| match line.split_once(':') {
        Some((name @ ("TC" | "ARQC"), value)) => format!("{name}:{}", "#".repeat(value.len())),
        _ if CHANGING.iter().any(|word| line.contains(word)) => {
            line.replace(|it: char| it.is_ascii_digit(), "#")
        }
        _ => line.to_owned(),
    });
    lines.collect::<Vec<_>>().join("\n")
}
