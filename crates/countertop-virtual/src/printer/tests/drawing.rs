//! Dots, as Epson's reference has them.

use super::*;

fn black_columns(page: &Page, y: usize) -> Vec<usize> {
    (0..page.bitmap().width()).filter(|x| page.bitmap().is_black(*x, y)).collect()
}

fn first_black(bytes: &[u8]) -> usize {
    let page = only(bytes);
    (0..384).find(|x| (0..24).any(|y| page.bitmap().is_black(*x, y))).unwrap()
}

#[test]
fn a_letter_is_the_same_on_every_machine() {
    let page = only(b"L\n");
    let row = black_columns(&page, 18);
    assert_eq!(row, (1..10).collect::<Vec<_>>());
    assert_eq!(page.bitmap().black_dots(), 15 + 8);
}

#[test]
fn fonts_have_their_cells() {
    for (bytes, width, height) in [
        (&b"\x1dB\x01\x1bM\x02 \n"[..], 8, 16),
        (b"\x1dB\x01\x1bM\x01 \n", 9, 17),
        (b"\x1dB\x01\x1c(A\x02\x00\x30\x01\x1c&\xA1\xA1\n", 20, 24),
        (b"\x1dB\x01\x1c(A\x02\x00\x30\x02\x1c&\xA1\xA1\n", 16, 16),
        (b"\x1dB\x01\x1cS\x02\x03\x1c&\xA1\xA1\n", 29, 24),
    ] {
        assert_eq!(only(bytes).bitmap().black_dots(), width * height, "{bytes:02X?}");
    }
}

#[test]
fn underlines_are_as_thick_as_told_and_not_under_turned_letters() {
    let under = |bytes: &[u8]| only(bytes).bitmap().black_dots();
    assert_eq!(under(b"\x1b-\x01 \n"), 12);
    assert_eq!(under(b"\x1b-\x02\x1d!\x11 \n"), 48);
    assert_eq!(under(b"\x1b-\x01\x1bV\x01 \n"), 0);
    assert_eq!(under(b"\x1b-\x01\x1dB\x01 \n"), 12 * 24);
    assert_eq!(under(b"\x1b-\x01\tx\n") - under(b"\tx\n"), 12);
    assert_eq!(under(b"\x1c-\x02\x1c&\xA1\xA1\n"), 48);
}

/// ESC ! and FS ! switch the line on, ESC - and FS - say how thick it is (Epson, ESC !).
#[test]
fn a_print_mode_keeps_the_thickness_of_the_underline() {
    let under = |bytes: &[u8]| only(&[bytes, b" \n"].concat()).bitmap().black_dots();
    assert_eq!(under(b"\x1b!\x80"), 12);
    assert_eq!(under(b"\x1b-\x02\x1b!\x80"), 24);
    assert_eq!(under(b"\x1b-\x02\x1b-\x00"), 0);
    assert_eq!(under(b"\x1b-\x02\x1b-\x00\x1b!\x80"), 24);
    assert_eq!(under(b"\x1b-\x02\x1b!\x00"), 0);
    assert_eq!(under(b"\x1b-\x02\x1b!\x80\x1b-1"), 12);
    assert_eq!(under(b"\x1b-\x02\x1b@\x1b!\x80"), 12);
    let wide = |bytes: &[u8]| only(&[bytes, b"\x1c&\xA1\xA1\n"].concat()).bitmap().black_dots();
    assert_eq!(wide(b"\x1c!\x80"), 24);
    assert_eq!(wide(b"\x1c-\x02\x1c!\x80"), 48);
    assert_eq!(wide(b"\x1b-\x02\x1c!\x80"), 24);
}

#[test]
fn double_strike_and_emphasis_are_told_apart() {
    let plain = only(b"H\n").bitmap().black_dots();
    let bold = only(b"\x1bE\x01H\n").bitmap().black_dots();
    assert!(bold > plain);
    assert_eq!(only(b"\x1bG\x01H\n").bitmap().black_dots(), bold);
    assert_eq!(only(b"\x1bG\x01\x1bE\x01\x1bE\x00H\n").bitmap().black_dots(), bold);
}

#[test]
fn smoothing_fills_steps_of_large_letters_alone() {
    let dots = |bytes: &[u8]| only(bytes).bitmap().black_dots();
    assert!(dots(b"\x1db\x01\x1d!\x33/\n") > dots(b"\x1d!\x33/\n"));
    assert_eq!(dots(b"\x1db\x01\x1d!\x30/\n"), dots(b"\x1d!\x30/\n"));
    assert_eq!(dots(b"\x1db\x01/\n"), dots(b"/\n"));
}

#[test]
fn tabs_are_set_in_characters_of_the_moment() {
    let bar = b"\xDB";
    let at = |head: &[u8]| first_black(&[head, bar, b"\n"].concat());
    assert_eq!(at(b"\t"), 96);
    assert_eq!(at(b"\x1bM\x01\x1bD\x04\x00\x1bM\x00\t"), 36);
    assert_eq!(at(b"\x1d!\x10\x1bD\x04\x00\x1d!\x00\t"), 96);
    assert_eq!(at(b"\x1b \x03\x1bD\x02\x00\x1b \x00\t"), 30);
    assert_eq!(at(b"\x1bD\x04\x00\t\t"), 48);
    // 5 ends the list behind 10, and what follows prints nothing.
    assert_eq!(at(b"\x1bD\x0a\x05\x14\x00\t"), 120);
    // A stop beyond the area is at its end, so that the next character is on a line of its own.
    let page = only(b"\x1bD\x28\x00x\ty\n");
    assert_eq!(page.text(), "x\t\ny\n");
}

#[test]
fn places_outside_the_area_are_ignored() {
    assert_eq!(first_black(b"\x1b$\x10\x00\x1b$\x00\x04\xDB\n"), 16);
    assert_eq!(first_black(b"\x1b\\\x10\x00\x1b\\\xE0\xFF\xDB\n"), 16);
    assert_eq!(first_black(b"\x1dL\x08\x00\x1dW\x20\x00\x1b$\x30\x00\xDB\n"), 8);
    assert_eq!(first_black(b"\x1dPe\xcb\x1b$\x10\x00\xDB\n"), 32);
}

#[test]
fn some_settings_are_heeded_at_the_beginning_of_a_line_alone() {
    assert_eq!(first_black(b"\xDB\x1ba\x02\n"), 0);
    assert_eq!(first_black(b"\xDB\x1dL\x20\x00\n"), 0);
    let upside_down = only(b"\x1b{\x01\xDB\n");
    assert!(upside_down.bitmap().is_black(383, 0) && !upside_down.bitmap().is_black(0, 0));
    assert!(only(b"\xDB\x1b{\x01\n").bitmap().is_black(0, 0));
    assert_eq!(only(b"ab\x1dT\x00cd\n").text(), "cd\n");
    assert_eq!(only(b"ab\x1dT\x01cd\n").text(), "abcd\n");
}

#[test]
fn paper_goes_back() {
    let page = only(b"\xDB\n\x1bK\x1e \xDB\n");
    assert_eq!(page.bitmap().height(), 30);
    assert!(page.bitmap().is_black(0, 0) && page.bitmap().is_black(12, 0));
    assert_eq!(only(b"\xDB\n\x1be\x01 \xDB\n").bitmap().height(), 30);
}

#[test]
fn characters_are_those_that_the_host_defines() {
    // A bar of three columns in place of A, and a wide one.
    let define = b"\x1b&\x03AA\x03\xff\xff\xff\xff\xff\xff\xff\xff\xff";
    let dots = |tail: &[u8]| only(&[&define[..], tail].concat()).bitmap().black_dots();
    assert_eq!(dots(b"\x1b%\x01A\n"), 72);
    assert_ne!(dots(b"A\n"), 72);
    assert_ne!(dots(b"\x1b%\x01\x1bM\x01A\n"), 72);
    assert_ne!(dots(b"\x1b%\x01\x1b?AA\n"), 72);
    assert_ne!(dots(b"\x1b@\x1b%\x01A\n"), 72);
    let kanji = [&b"\x1c2\xfe\xa1"[..], &[0xFF; 72], b"\x1c&\xfe\xa1\n"].concat();
    assert_eq!(only(&kanji).bitmap().black_dots(), 24 * 24);
}

#[test]
fn wide_characters_of_all_sets_are_told_apart() {
    for (set, bytes, text) in [
        (WideSet::Gb18030, &b"\xD6\xD0\xB9\xFA"[..], "中国"),
        (WideSet::Big5, b"\xA4\xA4\xB0\xEA", "中國"),
        (WideSet::ShiftJis, b"\x93\xFA\x96\x7B", "日本"),
        (WideSet::EucKr, b"\xC7\xD1\xB1\xDB", "한글"),
    ] {
        let pages = preview_with(&[b"\x1c&", bytes, b"\x1c.\n"].concat(), 384, set);
        assert_eq!(pages[0].text(), format!("{text}\n"));
    }
    let utf8 = [b"\x1c(C\x02\x00\x30\x02", "Zł 中€\n".as_bytes()].concat();
    assert_eq!(only(&utf8).text(), "Zł 中€\n");
}

#[test]
fn graphics_are_kept_in_two_memories() {
    let define = |fn_: u8, key: &[u8; 2]| {
        [&b"\x1d(L\x0c\x00\x30"[..], &[fn_, 48], key, b"\x01\x08\x00\x01\x00\x31\xF0"].concat()
    };
    let print = |fn_: u8, key: &[u8; 2], scale: u8| {
        [&b"\x1d(L\x06\x00\x30"[..], &[fn_], key, &[scale, scale]].concat()
    };
    let all = [define(67, b"AA"), define(83, b"BB"), print(69, b"AA", 1), print(85, b"BB", 2)];
    assert_eq!(only(&all.concat()).bitmap().black_dots(), 4 + 16);
    let forgotten = [
        define(67, b"AA"),
        define(83, b"BB"),
        b"\x1b@".to_vec(),
        print(69, b"AA", 1),
        print(85, b"BB", 1),
    ];
    let page = only(&forgotten.concat());
    assert_eq!(page.bitmap().black_dots(), 4);
    assert_eq!(page.notes(), ["not drawn: graphics of key BB: none is defined"]);
}

#[test]
fn older_pictures_are_drawn() {
    let nv = [&b"\x1cq\x01\x01\x00\x01\x00"[..], &[0xFF; 8], b"\x1cp\x01\x03"].concat();
    assert_eq!(only(&nv).bitmap().black_dots(), 256);
    let download = [&b"\x1d*\x01\x02"[..], &[0x81; 16], b"\x1d/\x00"].concat();
    assert_eq!(only(&download).bitmap().black_dots(), 32);
    let columns =
        b"\x1d(L\x0d\x00\x30\x71\x30\x01\x01\x31\x03\x00\x08\x00\xff\x00\x01\x1d(L\x02\x00\x30\x32";
    assert_eq!(only(columns).bitmap().black_dots(), 9);
    let vertical = b"\x1dQ0\x00\x02\x00\x01\x00\xff\x01";
    assert_eq!(only(vertical).bitmap().black_dots(), 9);
}

#[test]
fn macros_run_as_often_as_told() {
    let page = only(b"\x1d:a\nb\n\x1d:c\n\x1d^\x02\x00\x00");
    assert_eq!(page.text(), "c\na\nb\na\nb\n");
    assert_eq!(only(b"\x1d:a\n\x1b@b\n\x1d:\x1d:\x1d^\x01\x00\x00c\n").text(), "b\nc\n");
}

#[test]
fn counters_count() {
    let page = only(b"\x1dC0\x04\x01\x1dC1\x01\x00\x03\x00\x01\x02\x1dc \x1dc \x1dc \x1dc \x1dc\n");
    assert_eq!(page.text(), "0001 0001 0002 0002 0003\n");
    let down = only(b"\x1dC;10;1;5;1;10;\x1dc,\x1dc,\x1dc\n");
    assert_eq!(down.text(), "10,5,10\n");
}

#[test]
fn page_mode_keeps_what_is_its_own() {
    let page = only(b"\x1b3\x40\x1bL\x1bW\x00\x00\x00\x00\x80\x01\x64\x00a\nb\n\x0cc\n\xDB\n");
    assert_eq!(page.text(), "a\nb\n\nc\n█\n");
    // Lines of page mode are 30 dots apart; standard mode still has its 64.
    let rows = |x: usize| (0..400).filter(|y| page.bitmap().is_black(x, *y)).collect::<Vec<_>>();
    assert!(rows(0).contains(&(page.bitmap().height() - 64)));
}

#[test]
fn frames_are_drawn_on_the_page() {
    let frame = b"\x1bL\x1d(Q\x0e\x00\x31\x08\x00\x08\x00\x27\x00\x17\x00\x01\x01\x30\x30\x01\x0c";
    let page = only(frame);
    assert_eq!(black_columns(&page, 8), (8..=39).collect::<Vec<_>>());
    assert_eq!(black_columns(&page, 12), [8, 39]);
    let line = b"\x1bL\x1d(Q\x0c\x00\x30\x00\x00\x04\x00\x63\x00\x04\x00\x01\x03\x30\x0c";
    assert_eq!(only(line).bitmap().black_dots(), 102 * 3);
}

#[test]
fn codes_that_are_too_wide_are_not_printed() {
    let page = only(b"a\n\x1dw\x06\x1dkI\x14{Babcdefghijklmnopqr");
    assert_eq!(page.bitmap().height(), 30);
    assert!(page.notes()[0].contains("dots are wider than 384"), "{:?}", page.notes());
}

#[test]
fn a_place_across_outlasts_a_place_down() {
    let page = only(b"\x1bL\x1b$\x10\x00\x1d$\x28\x00\xDB\x0c");
    assert!(page.bitmap().is_black(16, 40) && !page.bitmap().is_black(15, 40));
    let beside = only(b"\x1bL\xDB\x1d\\\x14\x00\xDB\x0c");
    assert!(beside.bitmap().is_black(0, 0) && beside.bitmap().is_black(12, 20));
}

#[test]
fn check_digits_stand_beside_their_code() {
    let shown = |bytes: &[u8]| only(&[b"\x1dw\x02", bytes].concat()).text().trim_end().to_owned();
    assert_eq!(shown(b"\x1dkC\x0c400638133393"), "[Ean13 4006381333931]");
    assert_eq!(shown(b"\x1dkD\x079638507"), "[Ean8 96385074]");
    assert_eq!(shown(b"\x1dkA\x0b04210000526"), "[UpcA 042100005264]");
    assert_eq!(shown(b"\x1dkF\x0512345"), "[Itf 1234]");
}

#[test]
fn codes_stand_in_the_line_of_page_mode() {
    let bytes = b"\x1bLa\x1d(k\x04\x00\x31\x50\x30x\x1d(k\x03\x00\x31\x51\x30b\n\x0c";
    assert_eq!(only(bytes).text(), "a[QR x]b\n\n");
}

/// GS ( k, function 472: none (the default), font A, font B. The check digit is in the text.
#[test]
fn a_composite_symbol_has_its_linear_code_as_text() {
    let symbol = |font: &[u8]| {
        let linear = b"\x1d(k\x11\x004P00B400638133393";
        let second = b"\x1d(k\x0b\x004P01A(10)A7";
        let print = b"\x1d(k\x03\x004Q0";
        let page = only(&[font, linear, second, print].concat());
        (page.bitmap().height(), page.bitmap().black_dots())
    };
    let font = |number: u8| symbol(&[0x1d, b'(', b'k', 3, 0, 52, 72, number]);
    let dots = |bytes: &[u8]| only(bytes).bitmap().black_dots();
    let (height, bare) = symbol(b"");
    assert_eq!(font(48), (height, bare));
    assert_eq!(font(49), (height + 24, bare + dots(b"4006381333931\n")));
    assert_eq!(font(50), (height + 17, bare + dots(b"\x1bM\x014006381333931\n")));
    assert_eq!(font(60), (height, bare));
}
