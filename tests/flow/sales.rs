//! Sales by every kind of card, from the first prompt to the voucher.

use countertop_wire::iso8583::Mti;

use crate::counter::cards;
use crate::counter::clerk::{Deed, On};
use crate::counter::{Counter, completed};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn chip_with_pin() {
    let (mut counter, ready) = Counter::open().await;
    counter.clerk.pays_by_chip();
    let (ready, ending) = counter.sale(ready, "12.34").await;
    completed(&ending);
    assert!(counter.clerk.confirmations[0].pin_entered);
    insta::assert_snapshot!("chip_merchant", counter.clerk.slip("merchant copy"));
    insta::assert_snapshot!("chip_cardholder", counter.clerk.slip("cardholder copy"));
    assert_eq!(counter.desk.hands.printer.page_count(), 2);
    counter.sells_again(ready).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tap_needs_no_pin_up_to_the_limit() {
    let (mut counter, ready) = Counter::open().await;
    counter.clerk.pays_by_tap();
    let (ready, ending) = counter.sale(ready, "1000.00").await;
    completed(&ending);
    assert!(!counter.clerk.saw(On::EnterPin));
    insta::assert_snapshot!("tap_merchant", counter.clerk.slip("merchant copy"));

    counter.clerk.pays_by_tap().on(On::EnterPin, Deed::Pin(cards::PIN));
    let (ready, ending) = counter.sale(ready, "1000.01").await;
    completed(&ending);
    assert!(counter.clerk.saw(On::EnterPin));
    assert_eq!(counter.host.seen(Mti::FINANCIAL), 2);
    counter.sells_again(ready).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stripe_with_pin_and_signature() {
    let (mut counter, ready) = Counter::open().await;
    counter.clerk.pays_by_stripe();
    let (ready, ending) = counter.sale(ready, "256.00").await;
    completed(&ending);
    assert!(counter.clerk.saw(On::EnterPin) && counter.clerk.saw(On::Sign));
    insta::assert_snapshot!("stripe_merchant", counter.clerk.slip("merchant copy"));
    counter.sells_again(ready).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_chip_card_that_was_swiped_is_to_be_inserted() {
    let (mut counter, ready) = Counter::open().await;
    let clerk = &mut counter.clerk;
    clerk.on(On::PresentCard, Deed::Swipe(cards::CHIP_STRIPE));
    clerk.on(On::InsertChip, Deed::Insert(cards::debit()));
    clerk.on(On::EnterPin, Deed::Pin(cards::PIN));
    let (ready, ending) = counter.sale(ready, "20.00").await;
    completed(&ending);
    assert!(counter.clerk.slip("merchant copy").contains("AID:A000000333010101"));
    counter.sells_again(ready).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mute_chip_opens_the_way_for_its_stripe() {
    let (mut counter, ready) = Counter::open().await;
    let clerk = &mut counter.clerk;
    clerk.on(On::PresentCard, Deed::InsertMute);
    // It is shown twice: to take the card, and to swipe it.
    clerk.on(On::SwipeInstead, Deed::Nothing);
    clerk.on(On::SwipeInstead, Deed::Swipe(cards::CHIP_STRIPE));
    clerk.on(On::EnterPin, Deed::Pin(cards::PIN)).on(On::Sign, Deed::Sign);
    let (ready, ending) = counter.sale(ready, "30.00").await;
    completed(&ending);
    // ISO 8583 field 22: 80 for a fallback to the stripe, 1 for a PIN.
    assert_eq!(counter.host.last_field(Mti::FINANCIAL, 22).as_deref(), Some("801"));
    insta::assert_snapshot!("fallback_merchant", counter.clerk.slip("merchant copy"));

    // The way is open for that one card only.
    counter.clerk.on(On::PresentCard, Deed::Swipe(cards::CHIP_STRIPE));
    counter.clerk.on(On::InsertChip, Deed::Cancel);
    let (ready, ending) = counter.sale(ready, "30.00").await;
    assert_eq!(format!("{ending:?}"), "Cancelled");
    counter.sells_again(ready).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn payment_code() {
    let (mut counter, ready) = Counter::open().await;
    counter.clerk.pays_by_code();
    let (ready, ending) = counter.sale(ready, "3.50").await;
    completed(&ending);
    assert!(!counter.clerk.saw(On::EnterPin) && !counter.clerk.saw(On::Sign));
    insta::assert_snapshot!("code_merchant", counter.clerk.slip("merchant copy"));
    counter.sells_again(ready).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_second_try_counts_at_stripe_and_scanner() {
    let (mut counter, ready) = Counter::open().await;
    let clerk = &mut counter.clerk;
    clerk.on(On::PresentCard, Deed::SwipeBad);
    clerk.on(On::StripeUnreadable, Deed::Swipe(cards::STRIPE));
    clerk.on(On::EnterPin, Deed::Pin(cards::PIN)).on(On::Sign, Deed::Sign);
    let (ready, ending) = counter.sale(ready, "5.00").await;
    completed(&ending);
    assert!(counter.clerk.saw(On::StripeUnreadable));

    let clerk = &mut counter.clerk;
    clerk.on(On::PresentCard, Deed::Scan("https://example.org/".into()));
    clerk.on(On::CodeUnknown, Deed::Scan(cards::payment_code()));
    let (ready, ending) = counter.sale(ready, "6.00").await;
    completed(&ending);
    assert!(counter.clerk.saw(On::CodeUnknown));
    counter.sells_again(ready).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ticket_at_the_reader_is_no_card() {
    let (mut counter, ready) = Counter::open().await;
    let clerk = &mut counter.clerk;
    clerk.on(On::PresentCard, Deed::TapTag);
    clerk.on(On::NoPaymentCard, Deed::Tap(cards::debit())).on(On::EnterPin, Deed::Pin(cards::PIN));
    let (ready, ending) = counter.sale(ready, "6.00").await;
    completed(&ending);
    assert!(counter.clerk.saw(On::NoPaymentCard));

    // It may stay there while another reader is used.
    let clerk = &mut counter.clerk;
    clerk.on(On::PresentCard, Deed::TapTag);
    clerk.on(On::NoPaymentCard, Deed::Scan(cards::payment_code()));
    let (ready, ending) = counter.sale(ready, "7.00").await;
    completed(&ending);
    counter.sells_again(ready).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_cards_at_the_reader_none_pays() {
    let (mut counter, ready) = Counter::open().await;
    let clerk = &mut counter.clerk;
    clerk.on(On::PresentCard, Deed::TapTwo(cards::debit()));
    clerk.on(On::PresentOneCardOnly, Deed::Tap(cards::debit()));
    clerk.on(On::EnterPin, Deed::Pin(cards::PIN));
    let before = counter.desk.hands.field.commands();
    let (ready, ending) = counter.sale(ready, "6.00").await;
    completed(&ending);
    assert!(counter.clerk.saw(On::PresentOneCardOnly));
    let one = counter.desk.hands.field.commands() - before;

    // One that does not choose does not pay by tap.
    let clerk = &mut counter.clerk;
    clerk.on(On::PresentCard, Deed::TapTwo(cards::debit()));
    clerk.on(On::PresentOneCardOnly, Deed::Scan(cards::payment_code()));
    let (ready, ending) = counter.sale(ready, "7.00").await;
    completed(&ending);
    assert_eq!(counter.desk.hands.field.commands() - before, one, "nobody has asked the cards");
    counter.sells_again(ready).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pin_that_is_bypassed_is_replaced_by_a_signature() {
    let (mut counter, ready) = Counter::open().await;
    let clerk = &mut counter.clerk;
    clerk.on(On::PresentCard, Deed::Swipe(cards::STRIPE));
    clerk.on(On::EnterPin, Deed::Bypass).on(On::Sign, Deed::Sign);
    let (ready, ending) = counter.sale(ready, "7.00").await;
    completed(&ending);
    assert!(!counter.clerk.confirmations[0].pin_entered);
    counter.sells_again(ready).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_signature_that_is_cancelled_leaves_a_line_for_the_pen() {
    let (mut counter, ready) = Counter::open().await;
    let clerk = &mut counter.clerk;
    clerk.on(On::PresentCard, Deed::Swipe(cards::STRIPE));
    clerk.on(On::EnterPin, Deed::Pin(cards::PIN));
    clerk.on(On::Sign, Deed::SignCancel);
    let (ready, ending) = counter.sale(ready, "8.00").await;
    completed(&ending);
    insta::assert_snapshot!("pen_merchant", counter.clerk.slip("merchant copy"));
    counter.sells_again(ready).await;
}
