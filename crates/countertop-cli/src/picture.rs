//! Slips as pictures: what the printer's bytes look like on paper.

use countertop_device::Settings;
use countertop_device::document::{Block, Document};
use countertop_printer::EscPosSettings;
use countertop_printer::profile::Profile;
use countertop_virtual::printer::{self, Resolution};

/// Draws a slip as a PNG.
pub(crate) fn png(slip: &Document) -> Result<Vec<u8>, String> {
    let settings =
        EscPosSettings::from_settings(&Settings::new()).map_err(|error| error.to_string())?;
    // Cuts would part the picture.
    let mut whole = slip.clone();
    whole.blocks.retain(|block| !matches!(block, Block::Cut));
    let bytes = countertop_printer::encode(&whole, &settings).map_err(|error| error.to_string())?;
    let pages = printer::preview(&bytes, settings.capabilities().dots);
    let page = pages.first().ok_or("the slip is empty")?;
    page.to_png().map_err(|error| error.to_string())
}

/// Returns how long a model's dots and motion units are.
pub(crate) fn resolution(profile: &Profile) -> Resolution {
    let (horizontal, vertical) = profile.motion_units();
    Resolution { dpi: horizontal, horizontal, vertical }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_becomes_one_picture() {
        let mut slip = Document::new();
        slip.line("签购单 12.34").cut();
        let png = png(&slip).unwrap();
        assert_eq!(png.get(..4), Some(b"\x89PNG".as_slice()));
    }

    #[test]
    fn an_empty_slip_says_so() {
        assert!(png(&Document::new()).is_err());
    }
}
