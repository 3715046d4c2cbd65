//! How fast text is encoded and a printer's stream is taken apart.

use std::hint::black_box;
use std::sync::Arc;

use countertop_wire::escpos::{
    CODE_PAGES, CharacterSets, Command, Graphics, Image, Parser, Position, TextEncoder, WideSet,
    code_page,
};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

/// A thousand lines of a receipt, each with Chinese, digits and a word of another script.
fn receipt() -> Vec<String> {
    let goods = ["可口可乐 330ml", "Crème brûlée", "Чай чёрный", "Zażółć gęślą", "苹果 (红富士)"];
    let line = |(index, name): (usize, &&str)| {
        format!("{index:04} {name:<24} 单价 {:>3}.50 金额￥{:>4}.00", index % 97, index % 991)
    };
    goods.iter().cycle().take(1000).enumerate().map(line).collect()
}

fn sets(wide: Option<WideSet>) -> Arc<CharacterSets> {
    let pages = CODE_PAGES.iter().filter_map(|(page, _)| Some((*page, code_page(*page)?.clone())));
    Arc::new(CharacterSets::new(pages, wide))
}

fn encode(lines: &[String], sets: &Arc<CharacterSets>) -> Vec<u8> {
    let mut out = Vec::with_capacity(64 * lines.len());
    let mut encoder = TextEncoder::with_sets(Arc::clone(sets));
    for line in lines {
        encoder.encode(line, &mut out);
        Command::from(Position::LineFeed).emit(&mut out);
    }
    out
}

fn parse(bytes: &[u8]) -> usize {
    let mut parser = Parser::new();
    parser.feed(bytes);
    core::iter::from_fn(|| parser.next_command()).count()
}

fn text(criterion: &mut Criterion) {
    let lines = receipt();
    let chinese = sets(Some(WideSet::Gb18030));
    let western = sets(None);
    let ascii: Vec<String> = (0..1000).map(|line| format!("{line:048}")).collect();
    let mut group = criterion.benchmark_group("1000 lines");
    group.bench_function("Chinese and code pages", |bencher| {
        bencher.iter(|| encode(black_box(&lines), &chinese));
    });
    group.bench_function("code pages", |bencher| {
        bencher.iter(|| encode(black_box(&lines), &western));
    });
    group.bench_function("ASCII", |bencher| bencher.iter(|| encode(black_box(&ascii), &chinese)));
    group.bench_function("columns", |bencher| {
        bencher.iter(|| lines.iter().map(|line| chinese.text_columns(line)).sum::<usize>());
    });
    group.finish();
}

fn parser(criterion: &mut Criterion) {
    let receipt = encode(&receipt(), &sets(Some(WideSet::Gb18030)));
    let graphics = Graphics::new((1, 1), 576, vec![0x55; 72 * 2000]);
    let picture = graphics.map(|graphics| Command::from(Image::StoreGraphics(graphics)).to_bytes());
    let mut group = criterion.benchmark_group("parser");
    group.throughput(Throughput::Bytes(receipt.len() as u64));
    group.bench_function("receipt", |bencher| bencher.iter(|| parse(black_box(&receipt))));
    if let Ok(picture) = picture {
        group.throughput(Throughput::Bytes(picture.len() as u64));
        group.bench_function("picture", |bencher| bencher.iter(|| parse(black_box(&picture))));
    }
    group.finish();
}

criterion_group!(benches, text, parser);
criterion_main!(benches);
