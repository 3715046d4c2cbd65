//! Cards and tags that can be held to the antenna.

mod desfire;
mod fault;
mod felica;
mod iso_dep_card;
mod mifare_access;
mod mifare_classic;
mod target;
mod topaz;
mod type2;
mod type2_memory;
mod type2_model;
mod type4;
mod type_a;
mod type_b;

pub use desfire::{DesfireApplication, DesfireCard, DesfireFile};
pub use fault::TargetFault;
pub use felica::FelicaTag;
pub use mifare_classic::{MifareClassic, MifareSize};
pub use target::Target;
pub use topaz::TopazTag;
pub use type2::Type2Tag;
pub use type2_model::Type2Model;
pub use type4::Type4Tag;

pub(super) use iso_dep_card::FRAME_SIZES;
