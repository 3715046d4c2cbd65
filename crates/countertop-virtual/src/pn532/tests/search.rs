use super::*;

#[tokio::test]
async fn tells_what_a_target_is() {
    let mut host = Host::awake().await;
    let id = host.control.put(card());
    host.expect(LIST, &format!("4b 01 01 0004 20 04 {CARD} 0578807002")).await;
    host.expect("04", "05 00 00 01 01 00 00 00 00").await;
    host.control.take(id);
    host.control.put(tag());
    host.expect(LIST, &format!("4b 01 01 0044 00 07 {TAG}")).await;
    host.expect("12 00", "13").await;
    host.control.clear();
    host.control.put(card());
    // Without AutomaticRATS there is no answer to select.
    host.expect(LIST, &format!("4b 01 01 0004 20 04 {CARD}")).await;
}

/// Rate and modulation of each kind (UM0701-02, 7.2.3).
#[tokio::test]
async fn the_general_status_tells_rate_and_modulation() {
    let felica = || Target::felica(FelicaTag::new([2; 8]));
    for (target, list, row) in [
        (tag(), LIST, "01 00 00 00"),
        (Target::type_b([1, 2, 3, 4], EchoCard::default()), "4a 01 03 00", "01 00 00 00"),
        (felica(), "4a 01 01 00 ff ff 01 00", "01 01 01 10"),
        (felica(), "4a 01 02 00 ff ff 01 00", "01 02 02 10"),
        (Target::topaz(TopazTag::new([1, 2, 3, 4])), "4a 01 04", "01 00 00 02"),
    ] {
        let mut host = Host::awake().await;
        host.expect("04", "05 00 00 00 00").await;
        host.control.put(target);
        assert_eq!(host.ask(list).await[1], 1, "{list}");
        host.expect("04", &format!("05 00 00 01 {row} 00")).await;
    }
    let mut host = Host::awake().await;
    host.control.put(card());
    host.control.put(tag());
    assert_eq!(host.ask("4a 02 00").await[1], 2);
    host.expect("04", "05 00 00 02 01 00 00 00 02 00 00 00 00").await;
}

#[tokio::test]
async fn waits_for_a_target_until_it_comes() {
    let mut host = Host::awake().await;
    host.send(LIST).await;
    host.silence().await;
    host.control.put(tag());
    assert_eq!(host.response().await, hex(&format!("4b 01 01 0044 00 07 {TAG}")));
}

#[tokio::test]
async fn a_search_is_aborted_by_ack_and_by_a_command() {
    let mut host = Host::awake().await;
    host.send(LIST).await;
    host.write(&ACK).await;
    host.send(LIST).await;
    host.expect("02", "03 32 01 06 07").await;
    host.control.put(card());
    host.silence().await;
}

#[tokio::test]
async fn finds_nothing_quickly() {
    let mut host = Host::awake().await;
    host.expect(FEW_RETRIES, "33").await;
    host.expect(LIST, "4b 00").await;
    // The request that nobody answered.
    host.expect("06 63 39", "07 26").await;
    host.control.put(card());
    for other in ["4a 01 03 00", "4a 01 01 00 ff ff 01 00", "4a 01 02 00 ff ff 01 00", "4a 01 04"] {
        host.expect(other, "4b 00").await;
    }
    host.expect("56 01 00 00", "57 01").await;
    host.expect("46 00 00 00", "47 01").await;
}

#[tokio::test]
async fn a_deselected_target_is_halted() {
    let mut host = Host::awake().await;
    host.expect(FEW_RETRIES, "33").await;
    host.control.put(card());
    host.control.put(tag());
    host.expect(LIST, &format!("4b 01 01 0044 00 07 {TAG}")).await;
    host.expect("44 00", "45 00").await;
    host.expect(LIST, &format!("4b 01 01 0004 20 04 {CARD} 0578807002")).await;
    host.expect("44 01", "45 00").await;
    host.expect(LIST, "4b 00").await;
    // By its UID a halted target is woken; long ones are written with cascade tags.
    host.expect(&format!("{LIST} 88 {TAG}"), &format!("4b 01 01 0044 00 07 {TAG}")).await;
    host.expect("52 00", "53 00").await;
    host.expect("44 01", "45 27").await;
    // Without field everything is forgotten.
    host.expect("32 01 00", "33").await;
    host.expect("4a 02 00", &format!("4b 02 01 0044 00 07 {TAG} 02 0004 20 04 {CARD} 0578807002"))
        .await;
}

#[tokio::test]
async fn an_active_tag_is_found_again() {
    let mut host = Host::awake().await;
    host.expect(FEW_RETRIES, "33").await;
    host.control.put(tag());
    for _ in 0..3 {
        host.expect(LIST, &format!("4b 01 01 0044 00 07 {TAG}")).await;
    }
}

#[tokio::test]
async fn polls_for_types_by_turns() {
    let mut host = Host::awake().await;
    host.control.put(card());
    host.control.put(tag());
    let card = format!("04 20 04 {CARD} 0578807002");
    host.expect("60 01 01 03 11 20 10", &format!("61 01 20 0e 01 00 {card}")).await;
    host.expect("32 01 00", "33").await;
    host.expect("60 01 01 10 20", &format!("61 01 10 0c 01 0044 00 07 {TAG}")).await;
    host.expect("32 01 00", "33").await;
    host.expect("60 01 01 00", &format!("61 02 00 0c 01 0044 00 07 {TAG} 00 0e 02 00 {card}"))
        .await;
    // The last one is selected.
    host.expect("40 02 00 00 00 01", "41 00 00 90 00").await;
}

#[tokio::test(start_paused = true)]
async fn polling_ends_in_its_time() {
    let mut host = Host::awake().await;
    let before = tokio::time::Instant::now();
    host.expect("60 02 03 20 10", "61 00").await;
    assert_eq!(before.elapsed(), Duration::from_millis(2 * 3 * 2 * 150));
    host.send("60 ff 01 20").await;
    host.silence().await;
    host.control.put(card());
    assert_eq!(host.response().await[..3], hex("61 01 20"));
}
