//! Vouchers, with a printer that needs a person and without one.

use countertop_hub::Role;
use countertop_terminal::flow::Prompt;

use crate::counter::clerk::{Deed, On};
use crate::counter::{Counter, books, completed, soon};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_voucher_printed_again_is_a_duplicate() {
    let (mut counter, ready) = Counter::open().await;
    counter.clerk.pays_by_tap();
    let (mut ready, ending) = counter.sale(ready, "5.00").await;
    completed(&ending);
    assert!(!counter.clerk.slip("merchant copy").contains("DUPLICATE"));
    let stan = ready.journal().last().unwrap().unwrap().stan;
    soon(ready.reprint(stan, &mut counter.clerk)).await.unwrap();
    insta::assert_snapshot!("duplicate_merchant", counter.clerk.slip("merchant copy"));
    assert_eq!(counter.desk.hands.printer.page_count(), 4);
    counter.sells_again(ready).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn paper_that_ends_in_the_middle_gives_a_whole_voucher_once_there_is_paper() {
    let (mut counter, ready) = Counter::open().await;
    counter.desk.hands.printer.end_paper_after(300);
    counter.clerk.pays_by_tap().on(On::PrinterTrouble, Deed::LoadPaper);
    let (ready, ending) = counter.sale(ready, "5.00").await;
    completed(&ending);
    assert!(counter.clerk.saw(On::PrinterTrouble));
    let pages = counter.desk.hands.printer.pages();
    let whole = |copy: &str| {
        let whole = |text: &str| text.contains(copy) && text.contains("5.00");
        pages.iter().filter(|page| whole(page.text())).count()
    };
    assert!(whole("MERCHANT COPY") >= 1 && whole("CARDHOLDER COPY") >= 1, "{pages:?}");
    counter.sells_again(ready).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn vouchers_wait_while_nobody_loads_paper() {
    let (mut counter, ready) = Counter::open().await;
    counter.desk.hands.printer.end_paper();
    counter.clerk.pays_by_tap();
    let (ready, ending) = counter.sale(ready, "5.00").await;
    completed(&ending);
    assert_eq!(ready.journal().pending_receipts().unwrap().len(), 2);
    assert_eq!(counter.desk.hands.printer.page_count(), 0);

    counter.desk.hands.printer.load_paper();
    let ready = counter.sells_again(ready).await;
    assert_eq!(counter.desk.hands.printer.page_count(), 4);
    drop(ready);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_printer_the_slips_go_to_the_screen() {
    let (mut counter, ready) = Counter::with(|desk| desk.without.push(Role::ReceiptPrinter)).await;
    counter.clerk.pays_by_tap();
    let (ready, ending) = counter.sale(ready, "5.00").await;
    completed(&ending);
    assert_eq!(counter.clerk.slips.len(), 2);
    counter.sells_again(ready).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_signature_pad_there_is_a_line_for_the_pen() {
    let (mut counter, ready) = Counter::with(|desk| desk.without.push(Role::SignaturePad)).await;
    counter.clerk.pays_by_stripe();
    let (ready, ending) = counter.sale(ready, "5.00").await;
    completed(&ending);
    assert!(!counter.clerk.saw(On::Sign));
    assert!(counter.clerk.slip("merchant copy").contains("CARDHOLDER SIGNATURE"));
    counter.sells_again(ready).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_printer_that_is_unplugged_keeps_no_sale_from_its_end() {
    let (mut counter, ready) = Counter::open().await;
    counter.desk.unplug_the_rest().await;
    counter.clerk.pays_by_chip();
    let (ready, ending) = counter.sale(ready, "5.00").await;
    completed(&ending);
    let help = counter.clerk.shown.iter().find_map(|prompt| match prompt {
        Prompt::PrinterTrouble { help, .. } => Some(help.clone()),
        _ => None,
    });
    assert!(help.is_some_and(|help| !help.is_empty()));
    assert_eq!(ready.journal().pending_receipts().unwrap().len(), 2);
    books::agree(ready.journal(), &counter.host.control.ledger());
    drop(ready);

    // The next start does without it: what waits comes to the screen.
    counter.desk.without.push(Role::ReceiptPrinter);
    let ready = counter.start().await;
    assert!(ready.journal().pending_receipts().unwrap().is_empty());
}
