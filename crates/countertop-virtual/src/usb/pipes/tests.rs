use std::task::Waker;
use std::time::Duration;

use countertop_wire::usb::{EndpointDescriptor, Interface};

use super::*;

const IN: u8 = 0x81;
const OUT: u8 = 0x02;

fn pipes() -> SharedPipes {
    let interface = Interface::new(0, 0xff, 0, 0)
        .endpoint(EndpointDescriptor::bulk(IN, 8))
        .endpoint(EndpointDescriptor::bulk(OUT, 8));
    let pipes = SharedPipes::new(&UsbDescriptors::new(1, 2).interface(interface));
    pipes.lock().plug();
    pipes.lock().configure(1);
    pipes
}

fn ask(pipes: &SharedPipes, sequence: u32, length: u32) {
    let submit = Submit::new(sequence, Direction::In, 1, length);
    pipes.lock().submit(&submit, Vec::new());
}

fn send(pipes: &SharedPipes, sequence: u32, data: &[u8]) -> Option<Vec<u8>> {
    let length = u32::try_from(data.len()).unwrap();
    let submit = Submit::new(sequence, Direction::Out, 2, length);
    pipes.lock().submit(&submit, data.to_vec())
}

fn unlink(pipes: &SharedPipes, sequence: u32, victim: u32) {
    let unlink = Unlink { sequence, device: 0, victim };
    pipes.lock().unlink(&unlink);
}

fn queue(pipes: &SharedPipes, data: &[u8], ends: bool) {
    pipes.lock().input(IN).unwrap().queue(data, ends);
}

/// Returns each reply's sequence number, status, length and data.
fn replies(pipes: &SharedPipes) -> Vec<(u32, i32, u32, Vec<u8>)> {
    let context = Context::from_waker(Waker::noop());
    let Poll::Ready(frames) = pipes.lock().poll_replies(&context) else { return Vec::new() };
    let read = |frame: Frame| match Reply::parse(&frame).unwrap() {
        Reply::Submit(reply) => {
            (reply.sequence, reply.status, reply.actual_length, frame[48..].to_vec())
        }
        Reply::Unlink(reply) => (reply.sequence, reply.status, 0, Vec::new()),
        _ => panic!("no reply"),
    };
    frames.into_iter().map(read).collect()
}

fn data(sequence: u32, data: &[u8]) -> (u32, i32, u32, Vec<u8>) {
    (sequence, status::OK, u32::try_from(data.len()).unwrap(), data.to_vec())
}

fn ended(sequence: u32, status: i32, length: u32) -> (u32, i32, u32, Vec<u8>) {
    (sequence, status, length, Vec::new())
}

#[test]
fn a_short_packet_ends_a_transfer() {
    let pipes = pipes();
    ask(&pipes, 1, 64);
    assert_eq!(replies(&pipes), []);
    queue(&pipes, b"twelve bytes", true);
    queue(&pipes, b"next", true);
    assert_eq!(replies(&pipes), [data(1, b"twelve bytes")]);
    ask(&pipes, 2, 64);
    assert_eq!(replies(&pipes), [data(2, b"next")]);
}

#[test]
fn a_full_request_ends_and_the_rest_follows() {
    let pipes = pipes();
    queue(&pipes, b"0123456789abcdef!", true);
    for sequence in 1..=3 {
        ask(&pipes, sequence, 8);
    }
    assert_eq!(replies(&pipes), [data(1, b"01234567"), data(2, b"89abcdef"), data(3, b"!")]);
}

#[test]
fn an_empty_packet_ends_what_fills_its_packets() {
    let pipes = pipes();
    queue(&pipes, b"12345678", true);
    queue(&pipes, b"x", true);
    ask(&pipes, 1, 64);
    ask(&pipes, 2, 64);
    assert_eq!(replies(&pipes), [data(1, b"12345678"), data(2, b"x")]);
    // Where the request is full by then, the empty packet answers the next one.
    queue(&pipes, b"12345678", true);
    ask(&pipes, 3, 8);
    ask(&pipes, 4, 8);
    assert_eq!(replies(&pipes), [data(3, b"12345678"), data(4, b"")]);
}

#[test]
fn an_open_transfer_goes_on_with_the_next() {
    let pipes = pipes();
    queue(&pipes, b"12345678", false);
    ask(&pipes, 1, 64);
    assert_eq!(replies(&pipes), []);
    queue(&pipes, b"9", true);
    assert_eq!(replies(&pipes), [data(1, b"123456789")]);
    queue(&pipes, b"12345678", false);
    ask(&pipes, 2, 8);
    assert_eq!(replies(&pipes), [data(2, b"12345678")]);
}

#[test]
fn a_packet_larger_than_the_room_is_babble() {
    let pipes = pipes();
    queue(&pipes, b"12345678", true);
    ask(&pipes, 1, 4);
    assert_eq!(replies(&pipes), [ended(1, status::OVERFLOW, 0)]);
}

#[test]
fn out_waits_until_it_is_taken() {
    let pipes = pipes();
    pipes.lock().output(OUT).unwrap().hold();
    assert_eq!(send(&pipes, 1, b"abcdef"), None);
    send(&pipes, 2, b"");
    assert_eq!(replies(&pipes), []);
    assert_eq!(pipes.lock().output(OUT).unwrap().peek(), Some(b"abcdef".as_slice()));
    pipes.lock().output(OUT).unwrap().take(4);
    assert_eq!(replies(&pipes), []);
    pipes.lock().output(OUT).unwrap().take(2);
    assert_eq!(replies(&pipes), [ended(1, status::OK, 6)]);
    assert_eq!(pipes.lock().output(OUT).unwrap().peek(), Some(b"".as_slice()));
    pipes.lock().output(OUT).unwrap().take(0);
    assert_eq!(replies(&pipes), [ended(2, status::OK, 0)]);
}

#[test]
fn out_that_nobody_holds_goes_to_the_function() {
    let pipes = pipes();
    assert_eq!(send(&pipes, 1, b"lamp"), Some(b"lamp".to_vec()));
    assert_eq!(replies(&pipes), [ended(1, status::OK, 4)]);
}

#[test]
fn what_is_taken_back_is_answered_once() {
    let pipes = pipes();
    ask(&pipes, 1, 8);
    unlink(&pipes, 2, 1);
    assert_eq!(replies(&pipes), [ended(2, status::UNLINKED, 0)]);
    queue(&pipes, b"kept", true);
    ask(&pipes, 3, 8);
    unlink(&pipes, 4, 3);
    assert_eq!(replies(&pipes), [data(3, b"kept"), ended(4, status::OK, 0)]);
}

#[test]
fn out_taken_back_in_part_tells_how_much_went() {
    let pipes = pipes();
    pipes.lock().output(OUT).unwrap().hold();
    send(&pipes, 1, b"abcdef");
    pipes.lock().output(OUT).unwrap().take(4);
    unlink(&pipes, 2, 1);
    assert_eq!(replies(&pipes), [ended(1, status::UNLINKED, 4), ended(2, status::OK, 0)]);
    send(&pipes, 3, b"gh");
    unlink(&pipes, 4, 3);
    assert_eq!(replies(&pipes), [ended(4, status::UNLINKED, 0)]);
}

#[test]
fn a_halt_stalls_until_it_is_cleared() {
    let pipes = pipes();
    queue(&pipes, b"later", true);
    for address in [IN, OUT] {
        assert!(pipes.lock().set_halt(address, true));
    }
    ask(&pipes, 1, 8);
    assert_eq!(send(&pipes, 2, b"x"), None);
    assert_eq!(replies(&pipes), [ended(1, status::STALL, 0), ended(2, status::STALL, 0)]);
    assert_eq!(pipes.lock().halted(IN), Some(true));
    pipes.lock().configure(1);
    assert_eq!(pipes.lock().halted(OUT), Some(false));
    ask(&pipes, 3, 8);
    assert_eq!(replies(&pipes), [data(3, b"later")]);
    assert!(!pipes.lock().set_halt(0x85, true));
    assert_eq!(pipes.lock().halted(0x85), None);
}

#[test]
fn what_cannot_be_is_refused() {
    let pipes = pipes();
    let isochronous = Submit { packets: 1, ..Submit::new(1, Direction::In, 1, 8) };
    pipes.lock().submit(&isochronous, Vec::new());
    pipes.lock().submit(&Submit::new(2, Direction::In, 5, 8), Vec::new());
    let refused = [ended(1, status::INVALID, 0), ended(2, status::NO_ENTRY, 0)];
    assert_eq!(replies(&pipes), refused);
}

#[test]
fn unplugging_forgets() {
    let pipes = pipes();
    queue(&pipes, b"old", true);
    ask(&pipes, 1, 1);
    pipes.lock().unplug();
    pipes.lock().plug();
    pipes.lock().configure(1);
    ask(&pipes, 2, 8);
    assert_eq!(replies(&pipes), []);
    queue(&pipes, b"new", true);
    assert_eq!(replies(&pipes), [data(2, b"new")]);
}

#[tokio::test(start_paused = true)]
async fn a_pace_keeps_answers_apart() {
    let pipes = pipes();
    pipes.lock().input(IN).unwrap().set_pace(Some(Duration::from_millis(10)));
    for (sequence, text) in [(1, b"a"), (2, b"b")] {
        queue(&pipes, text, true);
        ask(&pipes, sequence, 8);
    }
    assert_eq!(replies(&pipes), [data(1, b"a")]);
    let due = pipes.lock().next_due().unwrap();
    assert_eq!(due - Instant::now(), Duration::from_millis(10));
    tokio::time::advance(Duration::from_millis(10)).await;
    assert_eq!(replies(&pipes), [data(2, b"b")]);
    assert_eq!(pipes.lock().next_due(), None);
}

#[test]
fn intervals_are_frames_or_powers_of_microframes() {
    assert_eq!(input::interval(10, false), Duration::from_millis(10));
    assert_eq!(input::interval(0, false), Duration::from_millis(1));
    assert_eq!(input::interval(4, true), Duration::from_millis(1));
}

#[test]
fn a_pulled_plug_fails_what_waits() {
    let pipes = pipes();
    pipes.lock().output(OUT).unwrap().hold();
    ask(&pipes, 1, 8);
    ask(&pipes, 2, 8);
    queue(&pipes, &[1, 2], true);
    assert_eq!(send(&pipes, 3, &[1, 2, 3]), None);
    pipes.lock().output(OUT).unwrap().take(2);
    pipes.lock().keep_silent(4);
    pipes.lock().sever();
    let gone = |sequence, length| ended(sequence, status::PROTOCOL, length);
    let expected = [data(1, &[1, 2]), gone(4, 0), gone(2, 0), gone(3, 2)];
    assert_eq!(replies(&pipes), expected);
    let late = |sequence, direction| Submit::new(sequence, direction, 1, 8);
    pipes.lock().lose(&late(5, Direction::In));
    pipes.lock().lose(&late(6, Direction::Out));
    pipes.lock().lose(&late(7, Direction::Out));
    pipes.lock().forget_lost(6);
    pipes.lock().unplug();
    assert_eq!(pipes.lock().take_lost(), [7]);
    pipes.lock().plug();
    assert!(!pipes.lock().is_severed());
}
