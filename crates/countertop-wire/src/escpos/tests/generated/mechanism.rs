//! Generates the mechanism's commands and enquiries.

use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::BoxedStrategy;

use super::{family, of_bytes, ranged};
use crate::escpos::*;

pub(super) fn mechanism() -> BoxedStrategy<Command> {
    use Mechanism as It;
    let plain = select(
        [
            It::PowerOff,
            It::ClearBuffers,
            It::Initialize,
            It::CutOnePoint,
            It::CutThreePoints,
            It::ReturnHome,
            It::ReleaseSlip,
            It::Stamp,
        ]
        .as_slice(),
    );
    let feed_and_cut = || {
        (select(CutShape::ALL), any::<u8>()).prop_map(|(shape, feed)| FeedAndCut { shape, feed })
    };
    let cut =
        (select(CutShape::ALL), any::<u8>(), 0..4_u8).prop_map(|(shape, feed, kind)| match kind {
            0 => Cut::Here(shape),
            1 => Cut::Feed(shape, feed),
            2 => Cut::Mark(shape, feed),
            _ => Cut::FeedAndReturn(shape, feed),
        });
    family![
        plain,
        (select(DrawerPin::ALL), 1..=8_u8).prop_filter_map("no pulse", |(pin, time)| {
            RealTimePulse::new(pin, time).map(It::RealTimePulse)
        }),
        of_bytes(5).prop_map(It::RealTimeBeep),
        (ranged(), any::<[u8; 2]>()).prop_map(|(tone, [times, length])| It::Beep(Beep {
            tone,
            times,
            length
        })),
        of_bytes(4).prop_map(It::BeepInTurns),
        of_bytes(6).prop_map(It::BeepAtOffline),
        of_bytes(6).prop_map(It::BeepAtPaper),
        of_bytes(2).prop_map(It::BatchPrint),
        any::<bool>().prop_map(It::Unidirectional),
        any::<u8>().prop_map(It::SelectSheet),
        any::<u8>().prop_map(It::SheetOfLineSpacing),
        (ranged(), ranged())
            .prop_map(|(insertion, start)| It::SlipWait(SlipWait { insertion, start })),
        any::<bool>().prop_map(It::ReverseEject),
        any::<bool>().prop_map(It::SelectPeripheral),
        any::<u8>().prop_map(It::PaperEndSensors),
        any::<u8>().prop_map(It::PaperStopSensors),
        any::<bool>().prop_map(It::DisablePanelButtons),
        (select(DrawerPin::ALL), any::<[u8; 2]>())
            .prop_map(|(pin, [on, off])| It::DrawerPulse(DrawerPulse { pin, on, off })),
        cut.prop_map(It::Cut),
        select(CutShape::ALL).prop_map(It::CutHere),
        feed_and_cut().prop_map(It::FeedAndCut),
        feed_and_cut().prop_map(It::ReserveCut),
        (select(TestPaper::ALL), select(TestPattern::ALL))
            .prop_map(|(paper, pattern)| It::TestPrint(TestPrint { paper, pattern })),
        any::<u8>().prop_map(It::HeadControl),
        of_bytes(2).prop_map(It::OnlineRecovery),
    ]
}

pub(super) fn enquiry() -> BoxedStrategy<Command> {
    use Enquiry as It;
    family![
        select([It::Acknowledge, It::NegativeAcknowledge, It::PaperStatus].as_slice()),
        select(RealTimeStatus::ALL).prop_map(It::RealTimeStatus),
        any::<u8>().prop_map(It::InkStatus),
        any::<u8>().prop_map(It::MicrStatus),
        any::<u8>().prop_map(It::DeviceStatus),
        select(Recovery::ALL).prop_map(It::Recover),
        select(RealTimeReport::ALL).prop_map(It::RealTimeReport),
        any::<u8>().prop_map(It::PeripheralStatus),
        any::<u32>().prop_map(|number| It::ProcessId(ProcessId::from_number(number))),
        select(OfflineResponse::ALL).prop_map(It::OfflineResponse),
        any::<u8>().prop_map(It::ExtendedStatusBack),
        any::<u8>().prop_map(It::InkStatusBack),
        any::<u16>().prop_map(It::ResetMaintenanceCounter),
        any::<u16>().prop_map(It::MaintenanceCounter),
        any::<u8>().prop_map(It::PrinterId),
        any::<u8>().prop_map(|bits| It::AutomaticStatusBack(AsbTriggers::from_bits(bits))),
        select(StatusKind::ALL).prop_map(It::Status),
    ]
}
