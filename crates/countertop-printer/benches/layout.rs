//! Measures layout, dithering and pictures. Targets: a receipt of 1,000 lines with Chinese in half a
//! millisecond, a picture of 576 × 2000 dots in five, a PNG of a receipt of 30 cm in fifty.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::hint::black_box;

use countertop_device::Settings;
use countertop_device::document::{Block, Dither, Document, Image, Picture, Style};
use countertop_printer::{EscPosSettings, encode, encode_job, image, render};
use countertop_virtual::printer::preview;
use criterion::{Criterion, criterion_group, criterion_main};

fn settings(profile: &str) -> EscPosSettings {
    let settings = Settings::new().with("profile", profile).with("chinese", true);
    EscPosSettings::from_settings(&settings).unwrap()
}

/// 1,000 lines of which a third is Chinese and some are of other scripts.
fn long() -> Document {
    let mut document = Document::new();
    for number in 0..250 {
        document.line("商户名称：测试商店（北京）有限公司");
        document.columns(format!("Item number {number}"), "1,234.56");
        document.columns("龙井茶 Green tea", "￥12.50");
        document.line(["Žluťoučký kůň", "Größe, façade", "plain text", "Łódź"][number % 4]);
    }
    document
}

fn photograph(width: u32, height: u32) -> Image {
    let shade = |at: u32| {
        let (x, y) = (at % width, at / width);
        ((x * 255 / width) as u8).wrapping_add((y / 3) as u8) ^ ((x * y) >> 7) as u8
    };
    Image::new(width, (0..width * height).map(shade).collect()).unwrap()
}

/// About 30 cm: 2,400 dots of 80 lines.
fn receipt() -> Document {
    let mut document = Document::new();
    document.centred("POS签购单", Style::LARGE).rule();
    for number in 0..68 {
        document.columns(format!("商品 Item {number}"), "￥1,234.56");
    }
    document.qr("https://example.com/r/0001").cut();
    document
}

fn pages(bytes: &[u8], dots: u16) -> Vec<Picture> {
    let pages = preview(bytes, dots).into_iter();
    pages.map(|page| render::from_luma(dots.into(), &page.bitmap().to_luma())).collect()
}

fn text(criterion: &mut Criterion) {
    let (document, settings) = (long(), settings("TM-T20III"));
    criterion.bench_function("encode 1,000 lines", |bencher| {
        bencher.iter(|| encode(black_box(&document), &settings).unwrap());
    });
    criterion.bench_function("encode 1,000 lines in blocks", |bencher| {
        bencher.iter(|| encode_job(black_box(&document), &settings).unwrap());
    });
}

fn pictures(criterion: &mut Criterion) {
    let settings = settings("TM-T20III");
    for dither in [Dither::FloydSteinberg, Dither::Atkinson, Dither::Bayer, Dither::Threshold(128)]
    {
        let mut document = Document::new();
        document.push(Block::Image(photograph(576, 2000).with_dither(dither)));
        criterion.bench_function(&format!("dither and encode 576 x 2000, {dither:?}"), |bencher| {
            bencher.iter(|| encode(black_box(&document), &settings).unwrap());
        });
    }
    let large = photograph(1152, 2000);
    criterion.bench_function("scale and dither 1152 x 2000 to 576", |bencher| {
        bencher.iter(|| image::to_picture(black_box(&large), 576));
    });
}

fn papers(criterion: &mut Criterion) {
    let (document, settings) = (receipt(), settings("TM-T20III"));
    let paper = render::papers(&document, &settings, pages).unwrap().remove(0);
    println!("the receipt is {} dots long", paper.height());
    criterion.bench_function("render a receipt of 30 cm to PNG", |bencher| {
        bencher.iter(|| {
            let papers = render::papers(black_box(&document), &settings, pages).unwrap();
            render::png(&papers[0]).unwrap()
        });
    });
    criterion.bench_function("write a receipt of 30 cm as SVG", |bencher| {
        bencher.iter(|| render::svg(black_box(&paper)));
    });
}

criterion_group!(group, text, pictures, papers);
criterion_main!(group);
