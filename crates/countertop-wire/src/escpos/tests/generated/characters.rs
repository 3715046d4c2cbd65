//! Generates characters, Kanji and positions.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::BoxedStrategy;

use super::{family, of_bytes, ranged};
use crate::escpos::*;

pub(super) fn character() -> BoxedStrategy<Command> {
    use Character as It;
    family![
        any::<u8>().prop_map(It::Spacing),
        of_bytes(1).prop_map(It::PrintMode),
        select(Underline::ALL).prop_map(It::Underline),
        any::<bool>().prop_map(It::Emphasized),
        any::<bool>().prop_map(It::DoubleStrike),
        select(Font::ALL).prop_map(It::Font),
        select(Rotation::ALL).prop_map(It::Rotation),
        any::<bool>().prop_map(It::UpsideDown),
        any::<u8>().prop_map(It::InternationalSet),
        any::<u8>().prop_map(It::CodePage),
        any::<bool>().prop_map(It::UserDefined),
        user_characters().prop_map(It::Define),
        ranged().prop_map(It::Undefine),
        select(Colour::ALL).prop_map(It::Colour),
        select(CharacterColour::ALL).prop_map(It::CharacterColour),
        select(CharacterColour::ALL).prop_map(It::BackgroundColour),
        (select(ShadowMode::ALL), select(CharacterColour::ALL))
            .prop_map(|(mode, colour)| It::Shadow(Shadow { mode, colour })),
        of_bytes(1).prop_map(It::Size),
        any::<bool>().prop_map(It::Invert),
        any::<bool>().prop_map(It::Smoothing),
    ]
}

fn user_characters() -> BoxedStrategy<UserCharacters> {
    let glyph = |height: usize| {
        (0..4_usize).prop_flat_map(move |width| {
            let data = vec(any::<u8>(), width * height);
            data.prop_map(move |data| UserGlyph { width: width as u8, data })
        })
    };
    (1..=3_u8, ranged())
        .prop_flat_map(move |(height, first)| {
            let glyphs = vec(glyph(usize::from(height)), 1..5);
            glyphs.prop_map(move |glyphs| UserCharacters::new(height, first, glyphs))
        })
        .prop_filter_map("beyond 7E", Result::ok)
        .boxed()
}

pub(super) fn kanji() -> BoxedStrategy<Command> {
    use Kanji as It;
    family![
        Just(It::Enter),
        Just(It::Leave),
        of_bytes(1).prop_map(It::PrintMode),
        select(Underline::ALL).prop_map(It::Underline),
        any::<u8>().prop_map(It::CodeSystem),
        of_bytes(2).prop_map(It::Spacing),
        any::<bool>().prop_map(It::Quadruple),
        of_bytes(74).prop_map(It::Define),
        any::<[u8; 2]>().prop_map(It::Undefine),
        select(KanjiFont::ALL).prop_map(It::Font),
        select(TextEncoding::ALL).prop_map(It::Encoding),
        (ranged(), select(Utf8Font::ALL))
            .prop_map(|(place, font)| It::FontPriority(FontPriority { place, font })),
    ]
}

pub(super) fn position() -> BoxedStrategy<Command> {
    use Position as It;
    let plain = select(
        [
            It::HorizontalTab,
            It::LineFeed,
            It::FormFeed,
            It::CarriageReturn,
            It::Cancel,
            It::PrintPage,
            It::DefaultLineSpacing,
            It::PageMode,
            It::StandardMode,
            It::FeedToMark,
        ]
        .as_slice(),
    );
    family![
        plain,
        any::<u16>().prop_map(It::Absolute),
        any::<u8>().prop_map(It::LineSpacing),
        tab_stops().prop_map(It::TabStops),
        any::<u8>().prop_map(It::FeedDots),
        any::<u8>().prop_map(It::ReverseFeedDots),
        select(PageDirection::ALL).prop_map(It::PageDirection),
        of_bytes(8).prop_map(It::PageArea),
        any::<i16>().prop_map(It::Relative),
        select(Align::ALL).prop_map(It::Align),
        any::<u8>().prop_map(It::FeedLines),
        any::<u8>().prop_map(It::ReverseFeedLines),
        any::<u16>().prop_map(It::AbsoluteVertical),
        any::<u16>().prop_map(It::LeftMargin),
        of_bytes(2).prop_map(It::MotionUnits),
        any::<u8>().prop_map(It::LineStart),
        any::<u16>().prop_map(It::AreaWidth),
        any::<i16>().prop_map(It::RelativeVertical),
        of_bytes(6).prop_map(It::PrintableArea),
        drawn_line().prop_map(It::DrawLine),
        (drawn_line(), any::<[u8; 2]>()).prop_map(|(line, [corner, fill])| {
            let PageLine { x1, y1, x2, y2, colour, style, mode } = line;
            It::DrawRectangle(PageRectangle { x1, y1, x2, y2, colour, style, mode, corner, fill })
        }),
    ]
}

fn tab_stops() -> BoxedStrategy<TabStops> {
    let columns = proptest::collection::btree_set(1..=255_u8, 0..32);
    columns.prop_filter_map("no tab stops", |all| TabStops::new(all.into_iter().collect())).boxed()
}

fn drawn_line() -> BoxedStrategy<PageLine> {
    (any::<[u16; 4]>(), any::<[u8; 2]>(), select(LineStyle::ALL))
        .prop_map(|([x1, y1, x2, y2], [colour, mode], style)| PageLine {
            x1,
            y1,
            x2,
            y2,
            colour,
            style,
            mode,
        })
        .boxed()
}
