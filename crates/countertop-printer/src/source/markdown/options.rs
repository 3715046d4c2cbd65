//! Images: codes to scan, and pictures with their options.

use countertop_device::document::{Block, Code, CodeSystem, Dither, QrLevel, Scale};
use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::Error;

use super::inline::Image;
use crate::source::Folder;

/// Returns what is printed of `![…](…)`.
pub(super) fn block(image: &Image, folder: &Folder) -> Result<Block, String> {
    let name = image.alt.trim();
    let name = name.strip_prefix("barcode ").unwrap_or(name);
    if let Ok(system) = system(name) {
        return Ok(Block::Code(Code::new(system, image.target.clone())));
    }
    let mut picture = folder.image(&image.target)?;
    for option in image.title.split_whitespace() {
        picture = match dither(option) {
            Some(dither) => picture.with_dither(dither),
            None => picture.with_scale(scale(option)?),
        };
    }
    Ok(Block::Image(picture))
}

/// Returns a kind of code by its name in documents; `qr-h` says the level.
pub(super) fn system(name: &str) -> Result<CodeSystem, String> {
    let name = name.to_ascii_lowercase();
    match name.as_str() {
        "qr" => return Ok(CodeSystem::Qr(QrLevel::M)),
        "qr-l" => return Ok(CodeSystem::Qr(QrLevel::L)),
        "qr-m" => return Ok(CodeSystem::Qr(QrLevel::M)),
        "qr-q" => return Ok(CodeSystem::Qr(QrLevel::Q)),
        "qr-h" => return Ok(CodeSystem::Qr(QrLevel::H)),
        _ => {}
    }
    CodeSystem::deserialize(name.as_str().into_deserializer())
        .map_err(|_: Error| format!("`{name}` is no kind of code"))
}

fn dither(option: &str) -> Option<Dither> {
    Some(match option {
        "atkinson" => Dither::Atkinson,
        "bayer" => Dither::Bayer,
        "floyd-steinberg" => Dither::FloydSteinberg,
        "threshold" => Dither::Threshold(128),
        _ => return None,
    })
}

fn scale(option: &str) -> Result<Scale, String> {
    let unknown = || {
        format!(
            "`{option}` is no option of a picture: a width as `50%` or `200`, `fill`, or a way of dithering"
        )
    };
    match option.strip_suffix('%') {
        _ if option == "fill" => Ok(Scale::Fill),
        Some(hundredths) => hundredths.parse().map(Scale::Percent).map_err(|_| unknown()),
        None => option.parse().map(Scale::Dots).map_err(|_| unknown()),
    }
}
