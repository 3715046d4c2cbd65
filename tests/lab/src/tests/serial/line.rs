//! What a line does: speed and parity, flow control, modem lines.

use std::time::{Duration, Instant};

use countertop_device::{DeviceErrorKind, Settings};
use countertop_transport::BoxLink;
use countertop_virtual::usb::HostLines;
use countertop_wire::usb::cdc::{Parity, StopBits};
use countertop_wire::usb::ftdi::FtdiFlow;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::time::timeout;
use tokio_serial::SerialPort;

use super::bench::{ADAPTER, SOON, adapter, open};
use crate::kernel;
use crate::lab_test::{TestResult, check};

pub(super) async fn settings_arrive() -> TestResult {
    let (mut cable, mut far, control) = adapter().await?;
    for (baud, data_bits, parity, stop_bits) in
        [(9600, 8, "none", 1), (19_200, 7, "even", 1), (115_200, 8, "odd", 2)]
    {
        let settings = Settings::new().with("baud", baud).with("data_bits", data_bits);
        let settings = settings.with("parity", parity).with("stop_bits", stop_bits);
        let mut line = open(ADAPTER, &settings).await?;
        let coding = control.host_lines().coding;
        check!(coding.baud.abs_diff(baud) * 100 <= baud, "{baud} arrives as {}", coding.baud);
        let wanted = match parity {
            "even" => Parity::Even,
            "odd" => Parity::Odd,
            _ => Parity::None,
        };
        let stops = if stop_bits == 2 { StopBits::Two } else { StopBits::One };
        let seen = (coding.data_bits, coding.parity, coding.stop_bits);
        check!(seen == (data_bits, wanted, stops), "{settings:?} arrives as {coding:?}");
        line.write(b"to", SOON, "write").await?;
        let mut bytes = [0; 2];
        timeout(SOON, far.read_exact(&mut bytes)).await??;
        far.write_all(b"fro").await?;
        let mut received = Vec::new();
        while received.len() < 3 {
            line.read_some(&mut received, SOON, "read").await?;
        }
        check!((&bytes, received.as_slice()) == (b"to", b"fro"), "{bytes:?}, {received:?}");
    }
    cable.unplug().await
}

pub(super) async fn cts_holds_the_host() -> TestResult {
    let (mut cable, mut far, control) = adapter().await?;
    let settings = Settings::new().with("flow", "rtscts");
    let mut line = open(ADAPTER, &settings).await?;
    check!(control.flow() == FtdiFlow::RtsCts, "the chip has {:?}", control.flow());
    control.set_cts(false);
    let sent: Vec<u8> = (0..2000u16).map(|number| number.to_le_bytes()[0]).collect();
    let begun = Instant::now();
    let held = line.write(&sent, Duration::from_millis(300), "write").await;
    let kind = held.err().map(|error| error.kind());
    check!(kind == Some(DeviceErrorKind::TimedOut), "a held write gave {kind:?}");
    check!(begun.elapsed() < Duration::from_secs(2), "it took {:?}", begun.elapsed());
    control.set_cts(true);
    let mut received = vec![0; sent.len()];
    timeout(SOON, far.read_exact(&mut received)).await??;
    check!(received == sent, "the far end read something else");
    control.set_cts(false);
    // What is held when the line is closed does not hold the next one who wants it.
    let _ = line.write(&sent, Duration::from_millis(100), "write").await;
    let begun = Instant::now();
    drop(line);
    check!(begun.elapsed() < Duration::from_secs(1), "closing took {:?}", begun.elapsed());
    let mut rest = vec![0; sent.len()];
    timeout(SOON, far.read_exact(&mut rest)).await??;
    timeout(SOON, control.wait_until(|lines| !lines.dtr)).await?;
    check!(begun.elapsed() < Duration::from_secs(3), "freeing took {:?}", begun.elapsed());
    drop(open(ADAPTER, &settings).await?);
    cable.unplug().await
}

/// DSR is read by our driver, as the kernel has no such flow control.
pub(super) async fn dsr_holds_the_host() -> TestResult {
    let (mut cable, mut far, control) = adapter().await?;
    let settings = Settings::new().with("flow", "dtrdsr");
    let selector = format!("serial:{ADAPTER}").parse()?;
    let line = countertop_transport::open(&selector, &settings).await?;
    check!(control.host_lines().dtr, "DTR is off");
    control.set_dsr(false);
    let sent: Vec<u8> = (0..400u16).map(|number| number.to_le_bytes()[0]).collect();
    let (line, taken) = written(line, sent.clone(), Duration::from_millis(500)).await?;
    // What is in the kernel when DSR goes off leaves all the same.
    check!(taken <= 64, "{taken} bytes were taken while DSR is off");
    let mut received = vec![0; sent.len()];
    timeout(SOON, far.read_exact(&mut received[..taken])).await??;
    control.set_dsr(true);
    // The chip holds 256 bytes, so that the far end reads meanwhile.
    let arriving = timeout(3 * SOON, far.read_exact(&mut received[taken..]));
    let (written, arrived) = tokio::join!(written(line, sent[taken..].to_vec(), SOON), arriving);
    let (line, rest) = written?;
    check!(taken + rest == sent.len(), "{rest} bytes were taken when DSR was on again");
    arrived??;
    check!(received == sent, "the far end read something else");
    drop(line);
    cable.unplug().await
}

/// Writes until nothing is taken for so long, and returns how much was. It asks the kernel for DSR, which
/// asks the device at this process's other end: so on a thread of its own, not on one that serves the device.
async fn written(
    mut line: BoxLink,
    data: Vec<u8>,
    patience: Duration,
) -> TestResult<(BoxLink, usize)> {
    let runtime = tokio::runtime::Handle::current();
    let written = tokio::task::spawn_blocking(move || {
        runtime.block_on(async move {
            let mut taken = 0;
            while taken < data.len() {
                match timeout(patience, line.write(&data[taken..])).await {
                    Ok(count) => taken += count?,
                    Err(_) => break,
                }
            }
            Ok::<_, std::io::Error>((line, taken))
        })
    });
    Ok(written.await??)
}

/// XOFF and XON are the kernel's, or the chip's.
pub(super) async fn xoff_holds_the_host() -> TestResult {
    let (mut cable, mut far, control) = adapter().await?;
    let settings = Settings::new().with("flow", "xonxoff");
    let mut line = open(ADAPTER, &settings).await?;
    let flow = control.flow();
    check!(flow == FtdiFlow::XonXoff { xon: 0x11, xoff: 0x13 }, "the chip has {flow:?}");
    far.write_all(&[0x13]).await?;
    tokio::time::sleep(Duration::from_millis(500)).await;
    let sent: Vec<u8> = (0..2000u16).map(|number| 0x20 | number.to_le_bytes()[0]).collect();
    let held = line.write(&sent, Duration::from_millis(500), "write").await;
    let kind = held.err().map(|error| error.kind());
    check!(matches!(kind, None | Some(DeviceErrorKind::TimedOut)), "a held write gave {kind:?}");
    // A packet of the kernel's may have been in the chip already.
    let mut received = vec![0; sent.len()];
    let mut early = 0;
    let patience = Duration::from_millis(500);
    while let Ok(count) = timeout(patience, far.read(&mut received[early..])).await {
        early += count?;
        check!(early <= 256, "{early} bytes came behind XOFF");
    }
    far.write_all(&[0x11]).await?;
    timeout(SOON, far.read_exact(&mut received[early..])).await??;
    check!(received == sent, "the far end read something else");
    cable.unplug().await
}

pub(super) async fn modem_lines() -> TestResult {
    let (mut cable, _far, control) = adapter().await?;
    let levels = |lines: HostLines| (lines.dtr, lines.rts);
    check!(levels(control.host_lines()) == (false, false), "lines are set while it is closed");
    for (dtr, rts) in
        [(None, None), (Some(false), None), (None, Some(false)), (Some(true), Some(true))]
    {
        let level = |on: bool| if on { "on" } else { "off" };
        let mut settings = Settings::new();
        if let Some(on) = dtr {
            settings = settings.with("dtr", level(on));
        }
        if let Some(on) = rts {
            settings = settings.with("rts", level(on));
        }
        let line = open(ADAPTER, &settings).await?;
        let wanted = (dtr.unwrap_or(true), rts.unwrap_or(true));
        let seen = levels(control.host_lines());
        check!(seen == wanted, "{settings:?} set DTR and RTS to {seen:?}");
        drop(line);
        timeout(SOON, control.wait_until(|lines| !lines.dtr)).await?;
    }
    strangers_see(&control).await?;
    cable.unplug().await
}

/// Looks at the device's lines through another's crate.
async fn strangers_see(control: &countertop_virtual::usb::Ft232rControl) -> TestResult {
    let mut port = tokio_serial::new(ADAPTER, 9600).open()?;
    type Read = fn(&mut dyn SerialPort) -> tokio_serial::Result<bool>;
    type Set = fn(&countertop_virtual::usb::Ft232rControl, bool);
    let lines: [(&str, Set, Read); 4] = [
        ("CTS", |control, on| control.set_cts(on), |port| port.read_clear_to_send()),
        ("DSR", |control, on| control.set_dsr(on), |port| port.read_data_set_ready()),
        ("RI", |control, on| control.set_ring(on), |port| port.read_ring_indicator()),
        ("RLSD", |control, on| control.set_carrier(on), |port| port.read_carrier_detect()),
    ];
    for (name, set, read) in lines {
        for level in [true, false, true] {
            set(control, level);
            let seen = read(port.as_mut())?;
            check!(seen == level, "{name} is {level} and read as {seen}");
        }
    }
    port.write_request_to_send(false)?;
    let lines =
        kernel::wait_for("RTS off", SOON, || Some(control.host_lines()).filter(|lines| !lines.rts));
    check!(lines.await?.dtr, "DTR went off with RTS");
    Ok(())
}
