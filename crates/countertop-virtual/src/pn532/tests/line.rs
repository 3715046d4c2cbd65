use proptest::prelude::*;

use super::*;

#[tokio::test]
async fn sleeps_until_it_is_woken() {
    let mut host = Host::asleep();
    let command = hex("0000ff02fed4022a00");
    host.write(&command).await;
    host.silence().await;
    // The edges of the lost command have woken it.
    host.expect("02", "03 32 01 06 07").await;
    host.expect("16 f0", "17 00").await;
    host.write(&command).await;
    host.silence().await;
    host.write(&WAKE_UP).await;
    host.expect("02", "03 32 01 06 07").await;
}

#[tokio::test]
async fn acknowledges_before_it_answers() {
    let mut host = Host::awake().await;
    host.write(&hex("0000ff02fed4022a00")).await;
    let mut answer = [0; 19];
    timeout(LIMIT, host.link.read_exact(&mut answer)).await.unwrap().unwrap();
    assert_eq!(answer[..6], ACK);
    assert_eq!(answer[6..], hex("0000ff06fad50332010607e800"));
}

#[tokio::test]
async fn refuses_what_it_does_not_know() {
    let mut host = Host::awake().await;
    for command in
        ["99", "8c 00", "44", "4a 03 00", "4a 01 09", "32 99", "00 05", "00 04 03", "00 03"]
    {
        host.send(command).await;
        assert_eq!(host.frame().await, Frame::SyntaxError, "{command}");
    }
    host.write(&Frame::command(vec![0x99]).unwrap().encode()).await;
    let mut answer = [0; 14];
    timeout(LIMIT, host.link.read_exact(&mut answer)).await.unwrap().unwrap();
    assert_eq!(answer[6..], SYNTAX_ERROR);
}

#[tokio::test]
async fn repeats_on_nack() {
    let mut host = Host::awake().await;
    host.expect("00 00 01 02", "01 00 01 02").await;
    for _ in 0..2 {
        host.write(&Frame::Nack.encode()).await;
        assert_eq!(host.response().await, hex("01 00 01 02"));
    }
    host.send("99").await;
    host.frame().await;
    host.write(&Frame::Nack.encode()).await;
    assert_eq!(host.frame().await, Frame::SyntaxError);
}

#[tokio::test]
async fn takes_and_gives_the_longest_frames() {
    let mut host = Host::awake().await;
    let echo = "5a".repeat(262);
    host.expect(&format!("00 00 {echo}"), &format!("01 00 {echo}")).await;
}

#[tokio::test]
async fn takes_frames_in_pieces_in_heaps_and_between_garbage() {
    let mut host = Host::awake().await;
    let command = hex("0000ff02fed4022a00");
    for byte in &command {
        host.write(&[*byte]).await;
    }
    assert_eq!(host.frame().await, Frame::Ack);
    host.response().await;
    host.write(&[&command[..], b"noise", &command, &[0, 0, 0], &command].concat()).await;
    for _ in 0..3 {
        assert_eq!(host.frame().await, Frame::Ack);
        assert_eq!(host.response().await, hex("03 32 01 06 07"));
    }
}

#[tokio::test]
async fn does_not_hear_broken_frames_and_its_own() {
    let mut host = Host::awake().await;
    for broken in ["0000ff02fed4022b00", "0000ff02fcd4022a00", "0000ff02fed5151600"] {
        host.write(&hex(broken)).await;
        host.silence().await;
    }
    host.expect("02", "03 32 01 06 07").await;
}

#[tokio::test]
async fn changes_its_speed_and_its_pins() {
    let mut host = Host::awake().await;
    host.expect("10 08", "11").await;
    host.write(&ACK).await;
    host.expect("0c", "0d 3f 06 00").await;
    host.expect("0e 95 00", "0f").await;
    host.expect("0c", "0d 15 06 00").await;
    for (test, response) in [("00 01", "01 00"), ("00 02", "01 00"), ("00 07 20", "01 00")] {
        host.expect(test, response).await;
    }
}

/// Of 128 requests all fail without a FeliCa card, and none with one.
#[tokio::test]
async fn counts_the_requests_that_failed() {
    let mut host = Host::awake().await;
    host.expect("00 04 01", "01 80").await;
    host.control.put(Target::felica(FelicaTag::new([2; 8])));
    host.expect("00 04 01", "01 00").await;
    host.expect("00 04 02", "01 00").await;
}

/// The test as an echoing target has no result: a command ends it, or ACK.
#[tokio::test(start_paused = true)]
async fn echoes_until_the_host_ends_it() {
    let mut host = Host::awake().await;
    host.send("00 05 00 80 80").await;
    host.silence().await;
    host.control.put(tag());
    host.silence().await;
    host.expect("02", "03 32010607").await;
    host.send("00 05 00 80 80").await;
    host.write(&ACK).await;
    host.silence().await;
    host.expect("02", "03 32010607").await;
}

#[tokio::test]
async fn keeps_registers() {
    let mut host = Host::awake().await;
    host.expect("06 63 02 63 03", "07 80 80").await;
    host.expect("08 63 02 00 63 16 59", "09").await;
    host.expect("06 63 16 63 02 63 03", "07 59 00 80").await;
    assert!(!host.control.field_is_on());
    host.expect("08 63 04 83", "09").await;
    assert!(host.control.field_is_on());
    host.expect("32 01 00", "33").await;
    host.expect("06 63 04", "07 80").await;
    assert!(!host.control.field_is_on());
}

#[tokio::test]
async fn faults_come_in_order() {
    let mut host = Host::awake().await;
    for fault in [Pn532Fault::Deaf, Pn532Fault::NoResponse, Pn532Fault::BadChecksum] {
        host.control.inject(fault);
    }
    let command = hex("0000ff02fed4022a00");
    host.write(&command).await;
    host.silence().await;
    host.send("02").await;
    host.silence().await;
    host.write(&command).await;
    let mut answer = [0; 19];
    timeout(LIMIT, host.link.read_exact(&mut answer)).await.unwrap().unwrap();
    assert_eq!(answer[17..], [0xe8 ^ 0xff, 0x00]);
    host.write(&Frame::Nack.encode()).await;
    assert_eq!(host.response().await, hex("03 32 01 06 07"));
}

#[tokio::test]
async fn ends_with_its_link() {
    let (link, device) = tokio::io::duplex(64);
    let (chip, _control) = VirtualPn532::new();
    let chip = tokio::spawn(chip.serve(device));
    drop(link);
    timeout(LIMIT, chip).await.unwrap().unwrap().unwrap();
}

/// Commands of all kinds with any parameters.
fn commands() -> impl Strategy<Value = Vec<Vec<u8>>> {
    let codes = vec![
        0x00, 0x04, 0x06, 0x08, 0x12, 0x16, 0x32, 0x40, 0x42, 0x44, 0x46, 0x4a, 0x4e, 0x50, 0x52,
        0x54, 0x56, 0x60,
    ];
    let code = prop::sample::select(codes);
    let parameters = prop::collection::vec(any::<u8>(), 0..24);
    let command = (code, parameters).prop_map(|(code, rest)| [vec![code], rest].concat());
    prop::collection::vec(command, 1..20)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn survives_any_command(commands in commands(), noise in prop::collection::vec(any::<u8>(), 0..80)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(async {
            let (mut link, device) = tokio::io::duplex(1 << 16);
            let (chip, control) = VirtualPn532::new();
            control.put(card());
            control.put(tag());
            let chip = tokio::spawn(chip.serve(device));
            link.write_all(&WAKE_UP).await.unwrap();
            for command in commands {
                link.write_all(&Frame::command(command).unwrap().encode()).await.unwrap();
                link.write_all(&noise).await.unwrap();
            }
            link.shutdown().await.unwrap();
            timeout(LIMIT, chip).await.unwrap().unwrap().unwrap();
        });
    }
}
