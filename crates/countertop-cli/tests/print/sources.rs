//! Receipts that are no Markdown.

use countertop_device::document::{Block, Image};
use countertop_printer::source;

use super::*;

const WIDTH: &str = "384";

const BLOCKS: &str = r#"
[[block]]
text = { text = "Corner Shop", align = "centre", style = { bold = true, size = [2, 2] } }

[[block]]
runs = { runs = [{ text = "one " }, { text = "two", style = { underline = "thick" } }], align = "right" }

[[block]]
columns = { left = "TOTAL", right = "12.00" }

[[block]]
rule = "double"

[[block]]
code = { system = { qr = "m" }, content = "https://countertop.example/", module = 5 }

[[block]]
code = { system = "ean13", content = "400638133393", height = 60, hri = "below" }

[[block]]
image = { file = "logo.png", scale = { percent = 50 } }
"#;

/// Draws a receipt into a picture.
fn drawn(folder: &Path, name: &str) -> String {
    let path = folder.join(name);
    let picture = path.to_str().unwrap().to_owned();
    let output = run(&["print", &receipt(folder), "--preview", &picture]);
    assert!(output.status.success(), "{output:?}");
    picture
}

/// Prints a file on narrow paper.
fn print(file: &str, paper: &Path) {
    let printer = virtual_printer(paper, &["--dots", WIDTH]);
    let at = printer.line("printer: ").unwrap();
    let output = run(&["print", file, "--to", &at]);
    assert_eq!(out(&output), "confirmed\n", "{output:?}");
}

fn picture(path: &Path) -> Image {
    match source::read(path).unwrap().blocks.swap_remove(0) {
        Block::Image(image) => image,
        other => panic!("{} is no picture: {other:?}", path.display()),
    }
}

#[test]
fn blocks_in_toml_are_printed() {
    let folder = tempfile::tempdir().unwrap();
    drawn(folder.path(), "logo.png");
    let file = folder.path().join("receipt.toml");
    fs::write(&file, BLOCKS).unwrap();
    let paper = folder.path().join("paper");
    print(file.to_str().unwrap(), &paper);
    let text = text_in(&paper);
    let lines: Vec<_> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let total = format!("TOTAL{}12.00", " ".repeat(22));
    let wanted = [
        "Corner Shop",
        "one two",
        &total,
        &"=".repeat(32),
        "[QR https://countertop.example/]",
        "[Ean13 4006381333931]",
        "[picture]",
    ];
    assert_eq!(lines, wanted);
}

#[test]
fn a_picture_comes_on_paper_dot_by_dot() {
    let folder = tempfile::tempdir().unwrap();
    let file = drawn(folder.path(), "receipt.png");
    let paper = folder.path().join("paper");
    print(&file, &paper);
    assert_eq!(text_in(&paper).trim(), "[picture]");
    let (sent, seen) = (picture(Path::new(&file)), picture(&paper.join("receipt-0001.png")));
    assert_eq!(sent.width().to_string(), WIDTH);
    assert_eq!((seen.width(), seen.height()), (sent.width(), sent.height()));
    assert!(seen.luma() == sent.luma(), "the paper looks otherwise than the picture");
    assert!(sent.luma().contains(&0), "the picture is white");
}
