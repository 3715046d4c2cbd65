//! The driver against the virtual printer.

use std::time::Duration;

use countertop_device::document::{Align, Block, Document, Picture, Style};
use countertop_device::{
    Attention, CashDrawer, Device, DeviceErrorKind, DeviceInfo, Driver, Functions, Health,
    HealthLevel, PrintOutcome, ReceiptPrinter, Settings,
};
use countertop_printer::{EscPosDriver, EscPosPrinter};
use countertop_transport::memory;
use countertop_virtual::printer::{PrinterConfig, PrinterControl, VirtualPrinter};
use countertop_virtual::pty::Pty;
use tokio::net::TcpListener;
use tokio::time::timeout;

const PATIENCE: Duration = Duration::from_secs(20);

fn settings() -> Settings {
    Settings::new().with("status_timeout_ms", 200).with("process_id_timeout_ms", 300)
}

fn connect(config: PrinterConfig, settings: &Settings) -> (EscPosPrinter, PrinterControl) {
    let (device, control) = VirtualPrinter::new(config);
    let (ours, theirs) = memory::pair();
    tokio::spawn(device.serve(theirs));
    let info = DeviceInfo::new("virtual:printer".parse().unwrap(), "escpos", "test");
    (EscPosPrinter::open(ours, info, settings).unwrap(), control)
}

fn receipt() -> Document {
    let mut document = Document::new();
    document.centred("签购单", Style::LARGE).rule();
    document.line("商户名称：测试商店（北京）有限公司 TEST SHOP");
    document.columns("终端编号 TERMINAL", "10000001").columns("交易类型 TYPE", "消费 SALE");
    document.push(Block::Columns { left: "金额".into(), right: "￥1,234.56".into(), style: Style::LARGE });
    let underlined = Style { underline: true, ..Style::PLAIN };
    document.styled("underlined 下划线", Align::Right, underlined).rule();
    document.styled("bold 粗体", Align::Left, Style::BOLD);
    let rows = (0..32 * 12).map(|at| if at / 12 % 8 < 4 { 0xF0 } else { 0x0F }).collect();
    document.push(Block::Picture(Picture { width: 96, rows }));
    document.qr("https://example.com/receipt?id=0001&amount=1234.56").push(Block::Feed(1));
    document.centred("谢谢惠顾〇：", Style::PLAIN).cut();
    document
}

fn kind_of<T: std::fmt::Debug>(result: Result<T, countertop_device::DeviceError>) -> DeviceErrorKind {
    result.unwrap_err().kind()
}

#[tokio::test]
async fn a_receipt_is_printed_and_confirmed() {
    let (mut printer, control) = connect(PrinterConfig::default(), &settings());
    assert_eq!(printer.print(&receipt()).await.unwrap(), PrintOutcome::Confirmed);
    let pages = control.pages();
    assert_eq!(pages.len(), 1);
    assert_eq!(pages[0].notes(), [""; 0]);
    if let Ok(folder) = std::env::var("COUNTERTOP_LOOK") {
        std::fs::write(format!("{folder}/look.png"), pages[0].to_png().unwrap()).unwrap();
        std::fs::write(format!("{folder}/look.txt"), pages[0].to_text()).unwrap();
    }
    for line in ["签购单", "商户名称：测试商店（北京）有限", "谢谢惠顾〇："] {
        assert!(pages[0].text().contains(line), "{}", pages[0].text());
    }
    assert!(pages[0].text().contains("金额  ￥1,234.56"));
    assert!(control.unknown_commands().is_empty());
}
