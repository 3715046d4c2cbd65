//! Generates macros, counters, user memory and setup.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::BoxedStrategy;

use super::{family, key, model_data, of_bytes, ranged, settings};
use crate::escpos::*;

fn counter_mode() -> BoxedStrategy<CounterMode> {
    of_bytes(6)
}

pub(super) fn sequence() -> BoxedStrategy<Command> {
    use Sequence as It;
    family![
        select([It::DefineMacro, It::PrintCounter].as_slice()),
        (any::<[u8; 2]>(), select(MacroStart::ALL))
            .prop_map(|([times, pause], start)| { It::RunMacro(MacroRun { times, pause, start }) }),
        (ranged(), select(CounterAlign::ALL))
            .prop_map(|(columns, align)| It::CounterForm(CounterForm { columns, align })),
        counter_mode().prop_map(It::CounterMode),
        any::<u16>().prop_map(It::CounterValue),
        counter_mode().prop_filter_map("no counter", |mode| {
            CounterText::new(mode, mode.from).ok().map(It::CounterText)
        }),
    ]
}

pub(super) fn user_memory() -> BoxedStrategy<Command> {
    use UserMemory as It;
    let data = || vec(0x20..=0xFF_u8, 1..40);
    family![
        select([It::Used, It::Remaining, It::KeyCodes, It::DeleteAll].as_slice()),
        (any::<u32>(), data()).prop_filter_map("no data", |(address, data)| {
            MemoryWrite::new(address, data).ok().map(It::Write)
        }),
        of_bytes(6).prop_map(It::Read),
        key().prop_map(It::Delete),
        (key(), data()).prop_filter_map("no data", |(key, data)| {
            MemoryRecord::new(key, data).ok().map(It::Store)
        }),
        key().prop_map(It::Fetch),
    ]
}

pub(super) fn setup() -> BoxedStrategy<Command> {
    use Setup as It;
    let real_time = (select(RealTimeKind::ALL), select(Switch::ALL))
        .prop_map(|(kind, switch)| RealTimeSwitch { kind, switch });
    let copy = (ranged(), select(CopyDirection::ALL), select(CopyDirection::ALL))
        .prop_map(|(font, from, to)| CopyUserPage { font, from, to });
    let place = || select(LogoPlace::ALL);
    family![
        select([It::Begin, It::End, It::DeletePaperLayout].as_slice()),
        settings(of_bytes(2)).prop_map(It::StatusBits),
        settings(real_time).prop_map(It::RealTimeCommands),
        settings(of_bytes(9)).prop_map(It::SetMemorySwitches),
        any::<u8>().prop_map(It::MemorySwitch),
        settings(of_bytes(3)).prop_map(It::SetValues),
        any::<u8>().prop_map(It::Value),
        copy.prop_map(It::CopyUserPage),
        model_data().prop_map(It::DefineUserPageColumns),
        model_data().prop_map(It::DefineUserPageRows),
        any::<[u8; 2]>().prop_map(It::DeleteUserPage),
        model_data().prop_map(It::SetSerial),
        any::<u8>().prop_map(It::Serial),
        model_data().prop_map(It::SetBluetooth),
        any::<u8>().prop_map(It::Bluetooth),
        model_data().prop_map(It::SetUsb),
        any::<u8>().prop_map(It::Usb),
        model_data().prop_map(It::SetPaperLayout),
        any::<u8>().prop_map(It::PaperLayout),
        model_data().prop_map(It::SetLabelControl),
        model_data().prop_map(It::LabelControl),
        model_data().prop_map(It::SetBuzzer),
        model_data().prop_map(It::Buzzer),
        any::<u8>().prop_map(It::PrintControl),
        any::<u8>().prop_map(It::PrintDensity),
        any::<u8>().prop_map(It::PrintSpeed),
        any::<u8>().prop_map(It::HeadParts),
        any::<u8>().prop_map(It::SaveValues),
        any::<u8>().prop_map(It::LoadValues),
        any::<u8>().prop_map(It::ValuesAtInitialize),
        place().prop_map(|place| It::DeleteLogo(DeleteLogo(place))),
        place().prop_map(It::LogoSettings),
        (key(), ranged(), any::<u8>()).prop_map(|(key, align, lines)| It::TopLogo(TopLogo {
            key,
            align,
            lines
        })),
        (key(), ranged()).prop_map(|(key, align)| It::BottomLogo(BottomLogo { key, align })),
        settings(of_bytes(2)).prop_map(It::LogoTimes),
        of_bytes(2).prop_map(It::EnableLogo),
        model_data().prop_map(It::SetLabelLayout),
        any::<u8>().prop_map(It::LabelLayout),
        any::<u8>().prop_map(It::LabelPosition),
        any::<u8>().prop_map(It::FeedToPeel),
        any::<u8>().prop_map(It::FeedToCut),
        any::<u8>().prop_map(It::FeedToStart),
        any::<u8>().prop_map(It::LabelMargin),
    ]
}
