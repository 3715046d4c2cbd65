//! Generates codes of one and of two dimensions.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::BoxedStrategy;

use super::{family, of_bytes, ranged};
use crate::escpos::*;

pub(super) fn symbol() -> BoxedStrategy<Command> {
    use Symbol as It;
    family![
        select([QrModel::One, QrModel::Two, QrModel::Micro].as_slice()).prop_map(It::QrModel),
        of_bytes(1).prop_map(It::QrModuleSize),
        select(QrErrorCorrection::ALL).prop_map(It::QrErrorCorrection),
        Just(It::QrPrint),
        Just(It::QrSize),
        vec(any::<u8>(), 1..60)
            .prop_filter_map("no content", |data| QrContent::new(data).ok().map(It::QrStore)),
        select(HriPosition::ALL).prop_map(It::HriPosition),
        any::<u8>().prop_map(It::HriFont),
        any::<u8>().prop_map(It::BarcodeHeight),
        any::<u8>().prop_map(It::BarcodeWidth),
        barcode().prop_map(It::Barcode),
    ]
}

fn barcode() -> BoxedStrategy<Barcode> {
    let text = "[0-9]{1,14}".prop_map(String::into_bytes);
    let of_system = (select(BarcodeSystem::ALL), text, any::<bool>());
    let plain = of_system.prop_filter_map("no such code", |(system, data, terminated)| {
        if terminated { Barcode::terminated(system, data) } else { Barcode::new(system, data).ok() }
    });
    let code128 = "[ -~]{1,40}".prop_filter_map("no CODE128", |text| Barcode::code128(&text).ok());
    let gs1 = "[A-Z0-9()*]{1,20}".prop_filter_map("no GS1-128", |text| {
        let elements = [("01", "0401234567890"), ("10", text.as_str()), ("17", "261231")];
        Barcode::gs1(BarcodeSystem::Gs1128, &elements).ok()
    });
    prop_oneof![plain, code128, gs1].boxed()
}

fn store<const CN: u8>() -> BoxedStrategy<SymbolData<CN>> {
    vec(any::<u8>(), 1..60).prop_filter_map("no content", |data| SymbolData::new(data).ok()).boxed()
}

pub(super) fn two_dimensional() -> BoxedStrategy<Command> {
    use TwoDimensional as It;
    let plain = select(
        [
            It::Pdf417Print,
            It::Pdf417Size,
            It::MaxiCodePrint,
            It::MaxiCodeSize,
            It::DataBarPrint,
            It::DataBarSize,
            It::CompositePrint,
            It::CompositeSize,
            It::AztecPrint,
            It::AztecSize,
            It::DataMatrixPrint,
            It::DataMatrixSize,
        ]
        .as_slice(),
    );
    family![
        plain,
        ranged().prop_map(It::Pdf417Columns),
        of_bytes(1).prop_map(It::Pdf417Rows),
        ranged().prop_map(It::Pdf417ModuleWidth),
        ranged().prop_map(It::Pdf417RowHeight),
        prop_oneof![
            ranged().prop_map(Pdf417ErrorCorrection::Level),
            ranged().prop_map(Pdf417ErrorCorrection::Ratio)
        ]
        .prop_map(It::Pdf417ErrorCorrection),
        select(Pdf417Form::ALL).prop_map(It::Pdf417Form),
        store().prop_map(It::Pdf417Store),
        select(MaxiCodeMode::ALL).prop_map(It::MaxiCodeMode),
        store().prop_map(It::MaxiCodeStore),
        ranged().prop_map(It::DataBarModuleWidth),
        any::<u16>().prop_map(It::DataBarMaximumWidth),
        store().prop_map(It::DataBarStore),
        ranged().prop_map(It::CompositeModuleWidth),
        any::<u16>().prop_map(It::CompositeMaximumWidth),
        any::<u8>().prop_map(It::CompositeHriFont),
        store().prop_map(It::CompositeStore),
        prop_oneof![ranged().prop_map(AztecLayers::Full), ranged().prop_map(AztecLayers::Compact)]
            .prop_map(It::AztecLayers),
        ranged().prop_map(It::AztecModuleSize),
        ranged().prop_map(It::AztecErrorCorrection),
        store().prop_map(It::AztecStore),
        select([0_u8, 10, 32, 144].as_slice())
            .prop_map(|side| It::DataMatrixShape(DataMatrixShape::Square(side))),
        ranged().prop_map(It::DataMatrixModuleSize),
        store().prop_map(It::DataMatrixStore),
    ]
}
