//! What ends before anything is sent leaves no trace at the host.

use countertop_hub::Role;
use countertop_terminal::flow::{Ending, Prompt};
use countertop_wire::iso8583::Mti;

use crate::counter::clerk::{Clerk, Deed, On};
use crate::counter::{Counter, cards, completed};

/// Sells and expects that the sale is cancelled with nothing at the host.
async fn cancelled(plan: impl FnOnce(&mut Clerk)) {
    let (mut counter, ready) = Counter::open().await;
    plan(&mut counter.clerk);
    let (ready, ending) = counter.sale(ready, "1200.00").await;
    assert!(matches!(ending, Ending::Cancelled), "{ending:?}");
    assert!(counter.clerk.shown.contains(&Prompt::Cancelled));
    assert_eq!(counter.host.seen(Mti::FINANCIAL) + counter.host.seen(Mti::REVERSAL), 0);
    assert!(ready.journal().transactions().unwrap().is_empty());
    counter.sells_again(ready).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_a_card_is_awaited() {
    cancelled(|clerk| {
        clerk.on(On::PresentCard, Deed::Cancel);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_chip_is_read() {
    cancelled(|clerk| {
        clerk.on(On::PresentCard, Deed::Insert(cards::debit()));
        clerk.on(On::ReadingCard, Deed::Cancel);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_pin_is_asked_for() {
    for present in
        [Deed::Insert(cards::debit()), Deed::Tap(cards::debit()), Deed::Swipe(cards::STRIPE)]
    {
        for cancel in [Deed::CancelAtPinPad, Deed::PinCancel] {
            cancelled(|clerk| {
                clerk.on(On::PresentCard, present.clone()).on(On::EnterPin, cancel);
            })
            .await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_the_cashier_does_not_confirm() {
    for present in [
        Deed::Insert(cards::debit()),
        Deed::Tap(cards::debit()),
        Deed::Swipe(cards::STRIPE),
        Deed::Scan(cards::payment_code()),
    ] {
        cancelled(|clerk| {
            clerk.on(On::PresentCard, present.clone());
            clerk.on(On::EnterPin, Deed::Pin(cards::PIN)).on(On::Confirm, Deed::Refuse);
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_nothing_comes_in_time() {
    let short = |desk: &mut crate::counter::desk::Desk| desk.settings.prompt_timeout_ms = 1_500;
    let (mut counter, ready) = Counter::with(short).await;
    let (ready, ending) = counter.sale(ready, "12.00").await;
    assert!(matches!(ending, Ending::Cancelled), "{ending:?}");

    counter.clerk.on(On::PresentCard, Deed::Insert(cards::debit()));
    let (ready, ending) = counter.sale(ready, "12.00").await;
    assert!(matches!(ending, Ending::Cancelled), "no PIN in time: {ending:?}");
    assert_eq!(counter.host.seen(Mti::FINANCIAL), 0);
    counter.sells_again(ready).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_that_is_lost_leaves_the_others_at_work() {
    let (mut counter, ready) = Counter::open().await;
    counter.clerk.on(On::PresentCard, Deed::UnplugField).pays_by_chip();
    let (ready, ending) = counter.sale(ready, "12.00").await;
    completed(&ending);
    let asked = counter.clerk.shown.iter().filter_map(|prompt| match prompt {
        Prompt::PresentCard { readers, .. } => Some(readers.contains(&Role::Contactless)),
        _ => None,
    });
    assert_eq!(asked.collect::<Vec<_>>(), [true, false]);
    counter.sells_again(ready).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pin_pad_that_is_unplugged_charges_nothing() {
    let (mut counter, ready) = Counter::open().await;
    counter.desk.unplug_pin_pad().await;
    counter.clerk.on(On::PresentCard, Deed::Swipe(cards::STRIPE));
    let (ready, ending) = counter.sale(ready, "12.00").await;
    let Ending::Failed(error) = &ending else { panic!("{ending:?}") };
    assert!(error.help().is_some(), "{error}");
    assert_eq!(counter.host.seen(Mti::FINANCIAL), 0);

    counter.desk.plug_pin_pad();
    counter.clerk = Clerk::new(counter.desk.hands.clone());
    // The new one has no working keys: the terminal signs in before the next sale.
    counter.sells_again(ready).await;
}
