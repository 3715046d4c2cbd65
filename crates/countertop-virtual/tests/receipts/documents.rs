//! The documents: bytes as they are sent to a printer.

use countertop_wire::escpos::WideSet;

use crate::language::{in_page, wide};

/// Is one document.
pub(crate) struct Document {
    pub(crate) name: &'static str,
    pub(crate) bytes: Vec<u8>,
    pub(crate) dots: u16,
    pub(crate) wide: WideSet,
    /// Whether some of its characters come from the system's font.
    pub(crate) system_font: bool,
}

fn document(name: &'static str, parts: &[&[u8]]) -> Document {
    let bytes = [b"\x1b@", parts.concat().as_slice()].concat();
    Document { name, bytes, dots: 384, wide: WideSet::Gb18030, system_font: false }
}

impl Document {
    fn wide(self, wide: WideSet) -> Self {
        Self { wide, system_font: true, ..self }
    }

    fn system_font(self) -> Self {
        Self { system_font: true, ..self }
    }

    fn dots(self, dots: u16) -> Self {
        Self { dots, ..self }
    }
}

/// GS ( k with its length.
fn code(cn: u8, function: u8, parameters: &[u8]) -> Vec<u8> {
    let length = u16::try_from(parameters.len() + 2).unwrap().to_le_bytes();
    [&b"\x1d(k"[..], &length, &[cn, function], parameters].concat()
}

/// GS ( L with its length.
fn graphics(parameters: &[u8]) -> Vec<u8> {
    let length = u16::try_from(parameters.len()).unwrap().to_le_bytes();
    [&b"\x1d(L"[..], &length, parameters].concat()
}

/// GS k, function B.
fn barcode(system: u8, data: &[u8]) -> Vec<u8> {
    [&[0x1D, b'k', system, u8::try_from(data.len()).unwrap()], data].concat()
}

/// A picture of rings, `bytes` × 8 dots wide and `rows` high, in rows.
fn rings(bytes: usize, rows: usize) -> Vec<u8> {
    let black = |x: usize, y: usize| {
        let (across, down) = (x.abs_diff(bytes * 4), y.abs_diff(rows / 2));
        (across * across + down * down) / 64 % 2 == 0
    };
    let byte = |at: usize| {
        let (x, y) = (at % bytes * 8, at / bytes);
        (0..8).fold(0, |byte, bit| byte << 1 | u8::from(black(x + bit, y)))
    };
    (0..bytes * rows).map(byte).collect()
}

pub(crate) fn documents() -> Vec<Document> {
    [styles(), places(), languages(), pictures(), codes(), whole()].into_iter().flatten().collect()
}

fn styles() -> Vec<Document> {
    let sizes: Vec<u8> = (0..8_u8).flat_map(|n| [0x1D, b'!', n << 4 | n, b'A' + n]).collect();
    vec![
        document("fonts", &[b"Font A: 12 x 24 \x1bM\x01Font B: 9 x 17 \x1bM\x02Font C: 8 x 16\n"]),
        document("sizes", &[&sizes, b"\n\x1d!\x30wide\x1d!\x03high\n\x1b!\x30print mode\n"]).dots(576),
        document("bold", &[b"plain \x1bE\x01emphasised \x1bE\x00\x1bG\x01double-strike\x1bG\x00\n"]),
        document("underline", &[b"\x1b-\x01one dot\x1b-\x02 two dots \x1d!\x11large\x1b-\x00 none\n"]),
        document("reverse", &[b"\x1dB\x01 white on black \x1dB\x00 black \x1dB\x01\x1b-\x01\x1d!\x11 large \n"]),
        document("upside-down", &[b"upright\n\x1b{\x01upside down\nsecond\n\x1b{\x00upright\n"]),
        document("rotated", &[b"\x1bV\x01turned\x1bV\x02 more\n\x1d!\x01high \x1d!\x10wide\n"]),
        document("smoothing", &[b"\x1d!\x33\x1db\x01S/8\x1db\x00S/8\n"]),
        document("spacing", &[b"\x1b \x06spaced \x1d!\x10wide\x1b \x00\x1d!\x00 close\n"]),
        document("two-colours", &[b"\x1br\x01second colour\x1br\x00 first \x1d(N\x02\x00\x30\x30none\x1d(N\x02\x00\x30\x31 one\n"]),
        document(
            "user-defined",
            &[
                b"\x1b&\x03#$\x0c",
                &rings(3, 12),
                b"\x0c",
                &[0x81; 36],
                b"\x1b%\x01before #$ after\x1b%\x00 #$\n",
            ],
        ),
    ]
}

fn places() -> Vec<Document> {
    vec![
        document("alignment", &[b"left\n\x1ba\x01centre\n\x1ba\x02right\n\x1ba\x00left again\n"]),
        document("tabs", &[b"\ta\tb\tc\n\x1bD\x05\x0a\x14\x00\ta\tb\tc\tlast\n\x1d!\x10\x1bD\x04\x00\t|\n"]),
        document("positions", &[b"\x1b$\x64\x00at 100\x1b\\\x14\x00and 20\x1b\\\xd8\xffback 40\n"]),
        document("margins", &[b"\x1dL\x40\x00left margin\n\x1dW\xa0\x00lines break where the area ends\n"]),
        document("line-spacing", &[b"\x1b3\x18a\nb\n\x1b3\x50c\n\x1b2d\n\x1bJ\x40\xc4\n\x1bd\x02e\n"]),
        document("backwards", &[b"first\n\x1bK\x1e\x1b$\x80\x00beside\nsecond\n\x1be\x01\x1b$\xa0\x00too\n"]),
        document("motion-units", &[b"\x1dP\x19\x19\x1b$\x0a\x00ten 25ths\x1bJ\x05\n\x1dP\x00\x00\x1b$\x0a\x00ten dots\n"]),
        document("wrapping", &[&[b'x'; 40], b"\n\x1d!\x11too wide for a line\n"]),
        document("line-start", &[b"forgotten\x1dT\x00kept\x1dT\x01below\n"]),
        document("macro", &[b"\x1d:\x1bE\x01run\x1bE\x00 \x1d:before: \x1d^\x03\x00\x00after\n"]),
        document("counter", &[b"\x1dC0\x05\x01\x1dC1\x62\x00\x00\x01\x01\x01No \x1dc\nNo \x1dc\nNo \x1dc\n"]),
    ]
}

fn languages() -> Vec<Document> {
    let all: Vec<u8> = (0x80..=0xFF).collect();
    let international: Vec<u8> =
        (0..=15).flat_map(|set| [b"\x1bR", &[set][..], b"#$@[\\]^`{|}~\n"].concat()).collect();
    let utf8 = "UTF-8: naïve Ωμέγα Жук 中文 한글 日本 €\n";
    let style = b"\x1c-\x02\x1c&\xd6\xd0\x1c-\x00\x1cS\x04\x08\xd6\xd0\x1cS\x00\x00\x1cW\x01\xd6\xd0\x1cW\x00";
    vec![
        document("code-page-437", &[&all, b"\n"]),
        document(
            "western",
            &[&in_page(16, "Crème brûlée 12,50 €"), &in_page(19, "Größe, señor: 3 €")],
        ),
        document("polish", &[&in_page(18, "Zażółć gęślą jaźń"), &in_page(45, "Łódź, Šumava, őr")]),
        document("russian", &[&in_page(17, "Итого: двенадцать"), &in_page(46, "Чек № 7")]),
        document("greek", &[&in_page(14, "Σύνολο δώδεκα"), &in_page(47, "Ευρώ €")]),
        document("turkish", &[&in_page(13, "İğdır şarabı çok güzel"), &in_page(48, "Toplam €")]),
        document("baltic", &[&in_page(33, "Ačiū, žąsys"), &in_page(51, "Paldies, šūpoles")]),
        document("hebrew", &[&in_page(36, "שלום"), &in_page(49, "תודה")]).system_font(),
        document("katakana", &[&in_page(1, "ｺﾞｳｹｲ 120")]).system_font(),
        document("international-sets", &[&international]),
        document(
            "chinese",
            &[
                &wide(WideSet::Gb18030, "银联商务 签购单 金额：￥12.34"),
                &wide(WideSet::Gb18030, "〇一二三　㈱①龘"),
            ],
        )
        .wide(WideSet::Gb18030),
        document("traditional-chinese", &[&wide(WideSet::Big5, "電子發票證明聯 總計 120")])
            .wide(WideSet::Big5),
        document("japanese", &[&wide(WideSet::ShiftJis, "領収書 合計 ￥1,200 ありがとう")])
            .wide(WideSet::ShiftJis),
        document("korean", &[&wide(WideSet::EucKr, "영수증 합계 12,000원 감사합니다")])
            .wide(WideSet::EucKr),
        document("utf-8", &[b"\x1c(C\x02\x00\x30\x02", utf8.as_bytes()]).system_font(),
        document(
            "kanji-styles",
            &[style, b"\x1c.\n\x1c(A\x02\x00\x30\x02\x1c&\xd6\xd0\xb9\xfa\x1c.small\n"],
        )
        .system_font(),
        document(
            "user-defined-kanji",
            &[b"\x1c2\xfe\xa1", &rings(3, 24), b"\x1c&\xfe\xa1\xfe\xa1\x1c.\n"],
        ),
    ]
}

fn pictures() -> Vec<Document> {
    let raster = |scale: u8| {
        let head = [0x1D, b'v', b'0', scale, 6, 0, 48, 0];
        [&head[..], &rings(6, 48)].concat()
    };
    let columns = |density: u8, height: usize| {
        let head = [0x1B, b'*', density, 48, 0];
        [&head[..], &rings(height, 48), b"\n"].concat()
    };
    let store = [&[0x30, 0x70, 0x30, 1, 2, 0x31, 48, 0, 48, 0][..], &rings(6, 48)].concat();
    let define = |function: u8, key: &[u8]| {
        [&[0x30, function, 0x30], key, &[1, 48, 0, 48, 0, 0x31], &rings(6, 48)].concat()
    };
    vec![
        document("raster", &[&raster(0), &raster(1), &raster(2), b"\x1ba\x01", &raster(3)]),
        document(
            "columns",
            &[&columns(0, 1), &columns(1, 1), &columns(32, 3), b"text ", &columns(33, 3)],
        ),
        document(
            "graphics",
            &[
                &graphics(&store),
                &graphics(&[0x30, 0x32]),
                &graphics(&define(67, b"N1")),
                &graphics(&define(84, b"D1")),
                &graphics(&[0x30, 69, b'N', b'1', 1, 1]),
                &graphics(&[0x30, 85, b'D', b'1', 2, 2]),
                &graphics(&[0x30, 69, b'N', b'?', 1, 1]),
            ],
        ),
        document(
            "bit-images",
            &[
                b"\x1cq\x01\x06\x00\x06\x00",
                &rings(6, 48),
                b"\x1cp\x01\x00\x1d*\x06\x06",
                &rings(6, 48),
                b"\x1d/\x03",
            ],
        ),
        document(
            "page-mode",
            &[
                b"\x1bL\x1bW\x00\x00\x00\x00\x80\x01\x90\x01",
                b"\x1bT\x00left to right\n\x1bT\x01bottom to top\n",
                b"\x1bT\x02right to left\n\x1bT\x03top to bottom\n\x0cafter\n",
            ],
        ),
        document(
            "page-mode-frames",
            &[
                b"\x1bL\x1bW\x00\x00\x00\x00\x80\x01\xc8\x00",
                b"\x1d(Q\x0e\x00\x31\x04\x00\x04\x00\x77\x01\xb4\x00\x01\x05\x30\x30\x01",
                b"\x1d(Q\x0c\x00\x30\x14\x00\x3c\x00\x64\x01\x3c\x00\x01\x03\x30",
                b"\x1b$\x14\x00\x1d$\x29\x00Total\x1b$\x18\x01\x1d$\x29\x0012.34",
                b"\x1b$\x14\x00\x1d$\x8f\x00",
                &code(49, 80, b"0page mode"),
                &code(49, 81, b"0"),
                b"\x1b\\\x14\x00beside the code\x0c",
            ],
        ),
    ]
}

fn codes() -> Vec<Document> {
    let centred: &[u8] = b"\x1ba\x01\x1dh\x40\x1dH\x02";
    let two = |cn: u8, set: &[Vec<u8>], data: &[u8]| {
        [set.concat(), code(cn, 80, &[b"0", data].concat()), code(cn, 81, b"0"), b"\n".to_vec()]
            .concat()
    };
    vec![
        document(
            "retail-codes",
            &[
                centred,
                &barcode(65, b"042100005264"),
                &barcode(66, b"04252614"),
                &barcode(67, b"4006381333931"),
                &barcode(68, b"96385074"),
            ],
        ),
        document(
            "industrial-codes",
            &[
                centred,
                b"\x1dw\x02\x1df\x01",
                &barcode(69, b"ABC-123"),
                &barcode(70, b"12345678"),
                &barcode(71, b"A12345B"),
                &barcode(72, b"CODE93-1"),
                b"\x1dk\x04OLD FORM\x00",
            ],
        ),
        document(
            "code128",
            &[
                centred,
                b"\x1dw\x02\x1dH\x03",
                &barcode(73, b"{BNo.{C\x0c\x22\x38"),
                &barcode(79, b"auto123456"),
                &barcode(74, b"(01)0401234512345*(10)A7"),
            ],
        ),
        document(
            "databar",
            &[
                centred,
                b"\x1dw\x02",
                &barcode(75, b"0950110153000"),
                &barcode(76, b"0950110153000"),
                &barcode(77, b"1234567890123"),
                &barcode(78, b"(01)09501101530003(10)A7"),
                &two(51, &[], b"\x480950110153000"),
                &two(51, &[], b"\x490950110153000"),
                &two(51, &[code(51, 71, &[220, 0])], b"\x4c(01)09501101530003(10)ABC123"),
            ],
        )
        .dots(576),
        document(
            "qr",
            &[
                centred,
                &two(
                    49,
                    &[code(49, 67, &[4]), code(49, 69, b"1")],
                    b"https://example.com/r/000002",
                ),
                &two(49, &[code(49, 65, b"3\x00"), code(49, 69, b"0")], b"12345"),
                &two(49, &[code(49, 65, b"1\x00")], b"model 1"),
            ],
        ),
        document(
            "pdf417",
            &[
                centred,
                &two(48, &[code(48, 67, &[2])], b"PDF417 by the printer, 12345678901234567890"),
                &two(48, &[code(48, 65, &[3]), code(48, 70, &[1])], b"truncated, three columns"),
            ],
        ),
        document(
            "matrix-codes",
            &[
                centred,
                &two(54, &[code(54, 67, &[4])], b"Data Matrix 0123456789"),
                &two(54, &[code(54, 66, &[1, 8, 32])], b"rectangle"),
                &two(53, &[code(53, 67, &[4])], b"Aztec, full range"),
                &two(53, &[code(53, 66, &[1, 0])], b"compact"),
            ],
        ),
        document(
            "maxicode",
            &[
                centred,
                &two(50, &[], b"152382802\x1d840\x1d001\x1dMODE 2"),
                &two(50, &[code(50, 65, b"4")], b"MaxiCode of mode 4"),
            ],
        ),
        document(
            "composite",
            &[
                centred,
                &code(52, 80, b"00\x424006381333931"),
                &code(52, 80, b"01\x41(10)A7"),
                &code(52, 81, b"0"),
                &code(52, 80, b"00\x460361234567890"),
                &code(52, 80, b"01\x41(91)abcdefghijklmnopqrstuvwxyz0123456789"),
                &code(52, 81, b"0"),
                &code(52, 80, b"00\x4D(01)03812345678908"),
                &code(52, 80, b"01\x42(10)ABCD123456(11)990210"),
                &code(52, 81, b"0"),
            ],
        ),
        document(
            "wrong-codes",
            &[
                b"each of these is told, none is drawn\n",
                &barcode(67, b"4006381333930"),
                &barcode(70, b"12x4"),
                &barcode(73, b"no set"),
                &barcode(77, b"9999999999999"),
                &code(49, 81, b"0"),
                &code(50, 80, b"0no fields"),
                &code(50, 81, b"0"),
            ],
        ),
    ]
}

fn whole() -> Vec<Document> {
    let line = |text: &str| wide(WideSet::Gb18030, text);
    let rule = [b"\x1b3\x12".to_vec(), vec![0xC4; 32], b"\n\x1b2".to_vec()].concat();
    vec![
        document(
            "voucher",
            &[
                b"\x1ba\x01\x1d!\x11",
                &line("签购单"),
                b"\x1d!\x00\x1ba\x00",
                &rule,
                &line("商户名称：样板商店"),
                &line("卡号：620000******0005"),
                &line("交易类型：消费"),
                &line("批次号：000001 凭证号：000002"),
                b"\x1bE\x01",
                &line("金额：RMB 12.34"),
                b"\x1bE\x00",
                &rule,
                b"\x1ba\x01",
                &code(49, 67, &[5]),
                &code(49, 80, b"0https://example.com/r/000002"),
                &code(49, 81, b"0"),
                b"\n",
                &line("持卡人签名"),
                b"\n\n\x1dVB\x00",
            ],
        )
        .system_font(),
        document(
            "shop-receipt",
            &[
                b"\x1ba\x01\x1b!\x38CORNER SHOP\x1b!\x00\n12 Example Street\n\n\x1ba\x00",
                b"\x1bD\x18\x00Coffee\t3.20\nBread\t2.75\nButter 250 g\t4.10\n",
                &rule,
                b"\x1bE\x01Total\t10.05\x1bE\x00\n\nVISA ************1111\n\n\x1ba\x01\x1dh\x50\x1dw\x02\x1dH\x02",
                &barcode(73, b"{B000123"),
                b"\nThank you!\n\x1dVA\x10",
            ],
        ),
    ]
}
