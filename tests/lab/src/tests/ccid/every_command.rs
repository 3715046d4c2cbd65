//! The reader unplugged in and before each command of a conversation.

use std::time::{Duration, Instant};

use countertop_chip::PcscReader;
use countertop_device::{CardSession, DeviceErrorKind, Settings};
use countertop_virtual::ccid::{CcidConfig, CcidFault, FunctionCard};
use countertop_wire::ccid::Exchange;

use super::bench::{Bench, connect, expect, open, readers, soon};
use super::service::Service;
use crate::lab_test::{TestResult, check};

/// Commands of a conversation.
const COMMANDS: u8 = 8;
/// How long an error may take behind the cable, in an emulated guest.
const DEADLINE: Duration = Duration::from_secs(20);
const ATR_T1: [u8; 6] = [0x3b, 0x81, 0x81, 0x01, 0x00, 0x00];

/// Says when the cable is pulled.
#[derive(Debug, Clone, Copy)]
enum Moment {
    /// Before the command is sent.
    Before,
    /// While the card thinks.
    In,
}

/// Each time the error is the reader's within its time, and the reader is used again when it is back.
pub(super) async fn unplugged() -> TestResult {
    Service::start().await?.nursing(unplugged_each_time()).await
}

async fn unplugged_each_time() -> TestResult {
    let config = CcidConfig::default().with_exchange(Exchange::ShortApdu);
    let mut bench = Bench::new(config).await?;
    bench.plug().await?;
    let mut reader = open(&Settings::new()).await?;
    let mut slowest = Duration::ZERO;
    for command in 0..COMMANDS {
        for moment in [Moment::Before, Moment::In] {
            let took = pulled_at(&mut bench, &mut reader, command, moment).await;
            let took = took.map_err(|error| format!("{moment:?} command {command}: {error}"))?;
            slowest = slowest.max(took);
        }
    }
    println!("unplugged {} times; slowest error {slowest:.1?}", 2 * COMMANDS);
    converse(&mut reader, &bench, COMMANDS).await?;
    drop(reader);
    bench.unplug().await
}

async fn pulled_at(
    bench: &mut Bench,
    reader: &mut PcscReader,
    command: u8,
    moment: Moment,
) -> TestResult<Duration> {
    let mut session = converse(reader, bench, command).await?;
    let blocks = bench.control.blocks();
    let took = match moment {
        Moment::Before => {
            bench.plugged()?.pull();
            let pulled = Instant::now();
            let answer = soon("an answer", session.transmit(&command_of(command))).await?;
            expect("pulled before it", answer, DeviceErrorKind::Disconnected)?;
            pulled.elapsed()
        }
        Moment::In => {
            bench.control.inject(CcidFault::Silent);
            let apdu = command_of(command);
            let mut answer = Box::pin(session.transmit(&apdu));
            tokio::select! {
                _ = &mut answer => return Err("a silent reader answered".into()),
                () = bench.control.until_blocks(blocks + 1) => {}
            }
            bench.plugged()?.pull();
            let pulled = Instant::now();
            let answer = soon("an answer", answer).await?;
            expect("pulled in it", answer, DeviceErrorKind::Disconnected)?;
            pulled.elapsed()
        }
    };
    check!(took < DEADLINE, "the error took {took:.1?}");
    drop(session);
    bench.control.remove();
    bench.unplug().await?;
    readers(0).await?;
    bench.plug().await?;
    readers(1).await?;
    Ok(took)
}

/// Powers a new card and has so many commands answered, so that all before them works again.
async fn converse(
    reader: &mut PcscReader,
    bench: &Bench,
    commands: u8,
) -> TestResult<Box<dyn CardSession>> {
    bench.control.remove();
    bench.control.insert(FunctionCard::new(ATR_T1, |command: &[u8]| {
        vec![command.get(2).copied().unwrap_or_default(), 0x90, 0x00]
    }))?;
    let mut session = connect(reader).await?;
    for command in 0..commands {
        let answer = soon("an answer", session.transmit(&command_of(command))).await??;
        check!(answer.expose() == [command, 0x90, 0x00], "command {command}");
    }
    Ok(session)
}

/// READ RECORD of this number.
fn command_of(number: u8) -> [u8; 5] {
    [0x00, 0xb2, number, 0x0c, 0x00]
}
