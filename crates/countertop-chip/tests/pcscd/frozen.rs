//! A service that neither dies nor answers.

use std::time::Instant;

use countertop_chip::PcscDriver;
use countertop_device::{CardSession as _, ChipReader as _, DeviceErrorKind, Driver as _};

use crate::common::{ATR_T1, PATIENCE, RawCard, Service};
use crate::{hasty, kind, soon};

#[tokio::test]
async fn every_call_is_bounded_in_time() {
    let service = Service::start();
    let mut reader = service.open_with(&hasty()).await;
    let card = RawCard::insert(ATR_T1, |_| Some(vec![0x90, 0x00]));
    soon(reader.await_card()).await.unwrap();
    let mut session = soon(reader.connect_card()).await.unwrap();
    service.freeze();
    let begin = Instant::now();
    assert_eq!(kind(session.transmit(&[0, 0xb0, 0, 0]).await), DeviceErrorKind::TimedOut);
    assert_eq!(kind(session.features().await), DeviceErrorKind::TimedOut);
    drop(session);
    // Each of them leaves a thread behind, and soon none is started any more.
    for _ in 0..2 {
        assert_eq!(kind(reader.connect_card().await), DeviceErrorKind::TimedOut);
    }
    assert_eq!(kind(reader.control(0x4200_0001, &[]).await), DeviceErrorKind::Busy);
    assert_eq!(kind(PcscDriver::new().list()), DeviceErrorKind::TimedOut);
    assert!(begin.elapsed() < PATIENCE, "{:?}", begin.elapsed());

    service.thaw();
    drop(card);
    soon(reader.await_removal()).await.unwrap();
    let _card = RawCard::insert(ATR_T1, |_| Some(vec![0x90, 0x00]));
    soon(reader.await_card()).await.unwrap();
    let mut session = soon(reader.connect_card()).await.unwrap();
    soon(session.transmit(&[0, 0xb0, 0, 0])).await.unwrap();
    // Nothing is left of the threads that hung.
    drop((session, reader));
    crate::no_thread_named("pcsc-talk").await;
}
