//! Generates pictures of every kind.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::BoxedStrategy;

use super::{family, key, ranged};
use crate::escpos::*;

/// Makes `lines` lines of `dots` dots.
fn dots(dots: u16, lines: u16) -> impl Strategy<Value = Vec<u8>> {
    vec(any::<u8>(), usize::from(dots).div_ceil(8) * usize::from(lines))
}

fn definition<const FN: u8>() -> BoxedStrategy<GraphicsDefinition<FN>> {
    (key(), select(GraphicsTone::ALL), 1..20_u16, 1..6_u16)
        .prop_flat_map(|(key, tone, line, lines)| {
            let size = if FN == 68 || FN == 84 { (lines, line) } else { (line, lines) };
            let plane = (select(GraphicsColour::ALL), dots(line, lines))
                .prop_map(|(colour, data)| Plane { colour, data });
            vec(plane, 1..=4).prop_filter_map("no planes", move |planes| {
                GraphicsDefinition::new(key, tone, size, planes).ok()
            })
        })
        .boxed()
}

fn graphics_print() -> BoxedStrategy<GraphicsPrint> {
    (key(), ranged(), ranged())
        .prop_map(|(key, width, height)| GraphicsPrint { key, width, height })
        .boxed()
}

pub(super) fn image() -> BoxedStrategy<Command> {
    use Image as It;
    let plain = select(
        [
            It::PrintGraphics(PrintGraphics::Function50),
            It::NvCapacity,
            It::NvRemaining,
            It::DownloadRemaining,
            It::NvKeyCodes,
            It::DeleteAllNvGraphics,
            It::DownloadKeyCodes,
            It::DeleteAllDownloadGraphics,
        ]
        .as_slice(),
    );
    let scale = || select(RasterScale::ALL);
    let graphics = (1..30_u16, 1..5_u16, select(GraphicsTone::ALL), select(GraphicsColour::ALL))
        .prop_flat_map(|(width, rows, tone, colour)| {
            dots(width, rows).prop_filter_map("no graphics", move |data| {
                Some(Graphics::new((1, 2), width, data).ok()?.plane(tone, colour))
            })
        });
    let columns = (1..30_u16, 1..5_u16, select(GraphicsColour::ALL)).prop_flat_map(
        |(height, columns, colour)| {
            dots(height, columns).prop_filter_map("no graphics", move |data| {
                ColumnGraphics::new((2, 1), colour, height, data).ok()
            })
        },
    );
    let strip = (select(ColumnDensity::ALL), 1..20_usize).prop_flat_map(|(density, columns)| {
        let data = vec(any::<u8>(), columns * usize::from(density.bytes_per_column()));
        data.prop_filter_map("no strip", move |data| ColumnImage::new(density, data).ok())
    });
    let nv = (1..3_u16, 1..3_u16).prop_flat_map(|(across, down)| {
        let data = vec(any::<u8>(), usize::from(across * down) * 8);
        data.prop_filter_map("no image", move |data| NvBitImage::new(across, down, data).ok())
    });
    let download = (1..3_u8, 1..3_u8).prop_flat_map(|(across, down)| {
        let data = vec(any::<u8>(), usize::from(across * down) * 8);
        data.prop_filter_map("no image", move |data| DownloadBitImage::new(across, down, data).ok())
    });
    let bitmap = (key(), select(GraphicsMemory::ALL), vec(any::<u8>(), 8..40)).prop_filter_map(
        "no bitmap",
        |(key, memory, rest)| {
            let length = u32::try_from(rest.len() + 6).unwrap().to_le_bytes();
            WindowsBitmap::new(memory, key, [&b"BM"[..], &length, &rest].concat()).ok()
        },
    );
    family![
        plain,
        strip.prop_map(It::Columns),
        (scale(), 1..6_u16, 1..6_u16).prop_flat_map(|(scale, width, rows)| {
            dots(width * 8, rows).prop_filter_map("no picture", move |data| {
                Raster::new(scale, width, data).ok().map(It::Raster)
            })
        }),
        (scale(), 1..6_u16, 1..6_u16).prop_flat_map(|(scale, height, columns)| {
            dots(height * 8, columns).prop_filter_map("no picture", move |data| {
                VerticalImage::new(scale, height, data).ok().map(It::Vertical)
            })
        }),
        graphics.prop_map(It::StoreGraphics),
        columns.prop_map(It::StoreColumnGraphics),
        (select(Density::ALL), select(Density::ALL)).prop_map(|(horizontal, vertical)| {
            It::ReferenceDensity(ReferenceDensity { horizontal, vertical })
        }),
        key().prop_map(It::DeleteNvGraphics),
        definition().prop_map(It::DefineNvGraphics),
        definition().prop_map(It::DefineNvColumnGraphics),
        graphics_print().prop_map(It::PrintNvGraphics),
        key().prop_map(It::DeleteDownloadGraphics),
        definition().prop_map(It::DefineDownloadGraphics),
        definition().prop_map(It::DefineDownloadColumnGraphics),
        graphics_print().prop_map(It::PrintDownloadGraphics),
        bitmap.prop_map(It::DefineWindowsBitmap),
        (ranged(), scale())
            .prop_map(|(number, scale)| It::PrintNvBitImage(NvPrint { number, scale })),
        vec(nv, 1..4)
            .prop_filter_map("no images", |all| NvBitImages::new(all).ok())
            .prop_map(It::DefineNvBitImages),
        download.prop_map(It::DefineDownloadBitImage),
        scale().prop_map(It::PrintDownloadBitImage),
    ]
}
