//! Codes and characters as Epson's specifications measure them.

use super::*;

/// Returns the columns between the first and the last black dot.
fn width(page: &Page) -> usize {
    let black = |x: &usize| (0..page.bitmap().height()).any(|y| page.bitmap().is_black(*x, y));
    let columns: Vec<usize> = (0..page.bitmap().width()).filter(black).collect();
    columns.last().map_or(0, |last| last - columns[0] + 1)
}

fn on_wide_paper(bytes: &[u8]) -> Page {
    preview(bytes, 576).remove(0)
}

#[test]
fn thick_bars_are_those_of_the_table_of_gs_w() {
    // Twelve characters of six thin and three thick elements, and eleven gaps (GS w: thin, thick).
    for (module, thin, thick) in [(2, 2, 5), (3, 3, 8)] {
        let bytes = [b"\x1Dw".as_slice(), &[module], b"\x1DkE\x0AABCDEFGHIJ"].concat();
        assert_eq!(width(&on_wide_paper(&bytes)), 12 * (6 * thin + 3 * thick) + 11 * thin);
    }
    // ITF of two digits: four thin elements, ten of which four are thick, and thick, thin, thin.
    let itf = on_wide_paper(b"\x1Dw\x04\x1DkF\x0212");
    assert_eq!(width(&itf), 4 * 4 + (6 * 4 + 4 * 10) + (10 + 2 * 4));
    // Too wide for 512 dots, so that nothing is printed and a note says why.
    let pages = preview(b"\x1DkE\x0AABCDEFGHIJ\x1DVA\x08", 512);
    assert_eq!(pages[0].notes(), ["Code39 ABCDEFGHIJ: 537 dots are wider than 512"]);
}

#[test]
fn sizes_of_bars_out_of_range_change_nothing() {
    let height = |bytes: &[u8]| only(bytes).bitmap().height();
    let code = b"\x1Dk\x0396385074\x00";
    let usual = only(code);
    for wrong in [b"\x1Dw\x00".as_slice(), b"\x1Dw\x01", b"\x1Dw\x07", b"\x1Dh\x00"] {
        assert_eq!(width(&only(&[wrong, code].concat())), width(&usual), "{wrong:02X?}");
        assert_eq!(height(&[wrong, code].concat()), usual.bitmap().height(), "{wrong:02X?}");
    }
    assert_eq!(height(&[b"\x1Dh\x01", code.as_slice()].concat()), 1);
}

#[test]
fn wide_and_narrow_characters_have_sizes_of_their_own() {
    let inverted = |bytes: &[u8]| only(&[b"\x1DB\x01", bytes].concat()).bitmap().black_dots();
    let (narrow, wide) = (12 * 24, 24 * 24);
    let both = b" \x1C&\xA1\xA1\x1C.\n";
    let with = |modes: &[u8]| inverted(&[modes, both].concat());
    assert_eq!(with(b"\x1D!\x11"), 4 * narrow + 4 * wide);
    assert_eq!(with(b"\x1B!\x30"), 4 * narrow + wide);
    assert_eq!(with(b"\x1C!\x0C"), narrow + 4 * wide);
    assert_eq!(with(b"\x1CW\x01"), narrow + 4 * wide);
    assert_eq!(with(b"\x1D!\x11\x1C!\x00"), 4 * narrow + wide);
    // A line is under the kind of characters that it was told for.
    let under = |bytes: &[u8]| only(bytes).bitmap().black_dots();
    assert_eq!(under(b"\x1B-\x01\x1C&\xA1\xA1\n"), 0);
    assert_eq!(under(b"\x1C-\x01 \n\x1C&\xA1\xA1\n"), 24);
}

#[test]
fn a_cut_without_a_feed_is_heeded_at_the_beginning_of_a_line_alone() {
    let pages = preview(b"one\x1DV\x00two\n\x1DV\x00", 384);
    assert_eq!(pages.len(), 1);
    assert_eq!(pages[0].text(), "onetwo\n");
    assert_eq!(pages[0].notes(), ["not cut: characters wait for the end of their line"]);
    assert_eq!(preview(b"one\x1DVA\x10two\n", 384).len(), 2);
}

#[test]
fn a_bar_code_behind_characters_is_text() {
    let page = only(b"A\x1Dk\x0496385074\x00\n");
    assert_eq!(page.text(), "A96385074\n");
    assert_eq!(page.notes(), ["bar code Code39 behind characters: printed as text"]);
}

/// Epson, TM-L60II Technical Information, GS k, pp. 1264 and 1265: an inner `*` of CODE39 is its stop.
#[test]
fn code39_ends_at_its_second_star() {
    let plain = only(b"\x1DkE\x02AB");
    for data in [&b"\x1DkE\x03*AB"[..], b"\x1DkE\x03AB*", b"\x1Dk\x04*AB*\x00"] {
        let page = only(data);
        assert_eq!(page.bitmap(), plain.bitmap(), "{}", data.escape_ascii());
        assert!(page.notes().is_empty(), "{:?}", page.notes());
    }
    for (data, text) in [
        (&b"\x1DkE\x07*AB*C\nD"[..], "[Code39 *AB*]\nC\nD\n"),
        (b"\x1Dk\x04AB*C\nD\x00", "[Code39 AB*]\nC\nD\n"),
        (b"\x1DkE\x04AB**", "[Code39 AB*]\n*\n"),
    ] {
        let page = only(&[data, b"\n"].concat());
        assert_eq!(page.text(), text);
        assert_eq!(width(&plain), width(&page), "{text}");
        assert_eq!(page.notes().len(), 1, "{:?}", page.notes());
    }
    // Nothing is between start and stop.
    let page = only(b"\x1DkE\x03**A\n");
    assert_eq!(page.text(), "A\n");
    assert_eq!(page.notes().len(), 2, "{:?}", page.notes());
    // CODE93 has a character of that kind.
    assert!(only(b"\x1DkH\x03A*B").notes().is_empty());
}

#[test]
fn defining_nv_bit_images_resets_what_is_set() {
    let plain = only(b"x\n").bitmap().black_dots();
    let defined = b"\x1BE\x01\x1Cq\x01\x01\x00\x01\x00\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFFx\n";
    assert_eq!(only(defined).bitmap().black_dots(), plain);
}

#[tokio::test]
async fn sizes_of_codes_are_told() {
    let (mut host, _control) = start(PrinterConfig::default());
    let size = b"\x1D(k\x03\x00\x31\x52\x30";
    assert_eq!(host.ask(size).await, Reply::Block(b"\x37\x360\x1F0\x1F1\x1F1".to_vec()));
    host.send(b"\x1D(k\x07\x00\x31\x50\x30TEST").await;
    // Version 1 has 21 modules of three dots each.
    assert_eq!(host.ask(size).await, Reply::Block(b"\x37\x3663\x1F63\x1F1\x1F0".to_vec()));
    host.send(b"\x1D(k\x03\x00\x31\x43\x10\x1DW\x40\x00").await;
    assert_eq!(host.ask(size).await, Reply::Block(b"\x37\x36336\x1F336\x1F1\x1F1".to_vec()));
    for (code, identifier) in [(0x30, 0x2F), (0x32, 0x37), (0x33, 0x4F), (0x34, 0x50)] {
        let Reply::Block(block) = host.ask(&[0x1D, b'(', b'k', 3, 0, code, 0x52, 0x30]).await
        else {
            panic!("{code:#04x}")
        };
        assert_eq!(block, [&[0x37, identifier], b"0\x1F0\x1F1\x1F1".as_slice()].concat());
    }
}

#[tokio::test]
async fn real_time_commands_are_executed_within_pictures_too() {
    let (mut host, control) = start(PrinterConfig::default());
    // A picture of one byte across whose rows are a pulse for the drawer, and a question.
    host.send(b"\x1Dv0\x00\x01\x00\x08\x00\x10\x14\x01\x00\x01\x10\x04\x01").await;
    assert_eq!(host.reply().await, Reply::RealTimeStatus(0x12));
    assert_eq!(control.drawer_pulses(), 1);
    assert_eq!(host.ask(b"\x1Dr\x02").await, Reply::Status(0x00));
    // They are part of the picture all the same.
    assert_eq!(control.current().unwrap().bitmap().black_dots(), 1 + 2 + 1 + 1 + 1 + 1 + 1);
}

#[tokio::test]
async fn automatic_status_is_told_at_once_when_asked_for() {
    let (mut host, control) = start(PrinterConfig::default());
    control.open_cover();
    let Reply::AutomaticStatus(status) = host.ask(b"\x10\x14\x07\x01").await else { panic!() };
    assert!(status.cover_open && status.printer.offline);
}
