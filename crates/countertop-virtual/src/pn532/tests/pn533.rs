//! What a PN533 does in another way.

use super::*;

#[tokio::test]
async fn needs_no_waking_and_says_what_it_is() {
    let (mut host, _) = Host::pn533();
    host.expect("02", "03 33 02 07 07").await;
    // A host repairs the chip's descriptors with what follows.
    host.expect(&format!("02 {}", "00".repeat(79)), "03 33 02 07 07").await;
    host.send("14 01").await;
    assert_eq!(host.frame().await, Frame::SyntaxError);
}

#[tokio::test]
async fn puts_a_status_in_front_of_registers() {
    let (mut host, _) = Host::pn533();
    host.expect("06 63 02 63 03", "07 00 80 80").await;
    host.expect("08 63 02 00", "09 00").await;
    host.expect("06 63 02", "07 00 00").await;
}

#[tokio::test]
async fn finds_a_card() {
    let (mut host, _) = Host::pn533();
    host.control.put(card());
    let found = host.ask(LIST).await;
    assert_eq!(found[..2], hex("4b 01"));
}

#[tokio::test]
async fn forgets_everything_without_power() {
    let (mut host, shared) = Host::pn533();
    host.expect("08 63 16 59", "09 00").await;
    host.expect("32 01 01", "33").await;
    // A search without end, and half a frame.
    host.send(LIST).await;
    host.write(&hex("0000ff02fe")).await;
    shared.cut_power();
    assert!(!host.control.field_is_on());
    host.control.put(card());
    host.silence().await;
    host.expect("06 63 16", "07 00 00").await;
}
