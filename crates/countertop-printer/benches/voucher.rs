//! Measures how long encoding a voucher takes; the target is under a millisecond.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::hint::black_box;

use countertop_device::Settings;
use countertop_device::document::{Document, Style};
use countertop_printer::{EscPosSettings, encode, text};
use criterion::{Criterion, criterion_group, criterion_main};

fn voucher() -> Document {
    let mut document = Document::new();
    document.centred("POS签购单", Style::LARGE).rule();
    document.line("商户名称：测试商店（北京）有限公司").columns("商户编号", "898100012345678");
    document.columns("终端编号", "10000001").columns("操作员号", "01");
    document.rule().line("卡号：620000******0005 /I").columns("交易类型", "消费 SALE");
    document.columns("批次号：000001", "凭证号：000012").columns("授权码", "123456");
    document.columns("日期时间", "2026/01/31 12:34:56").columns("金额", "￥1234.56");
    document.rule().line("本人确认以上交易，同意将其计入本卡账户").qr("https://example.com/r/0001");
    document.cut();
    document
}

fn benches(criterion: &mut Criterion) {
    let document = voucher();
    let settings = EscPosSettings::from_settings(&Settings::new()).unwrap();
    criterion.bench_function("encode a voucher", |bencher| {
        bencher.iter(|| encode(black_box(&document), &settings).unwrap());
    });
    criterion.bench_function("render a voucher as text", |bencher| {
        bencher.iter(|| text::render(black_box(&document), 32));
    });
}

criterion_group!(group, benches);
criterion_main!(group);
