//! Searches for targets.

use countertop_device::{ContactlessTarget, DeviceError, DeviceErrorKind, Technology};
use countertop_wire::pn532::{
    ChipCommand, ChipResponse, FelicaTarget, InitiatorCommand, InitiatorResponse, JewelTarget,
    Modulation, Response, TypeATarget, TypeBTarget, register,
};
use tokio::time::Instant;

use super::chip::Chip;
use crate::field;

const ACTION: &str = "search for a card";
/// All application families (ISO/IEC 14443-3, 7.7.3).
const ANY_FAMILY: &[u8] = &[0x00];
/// POLLING of any system, with its code, in one time slot (JIS X 6319-4).
const ANY_SYSTEM: &[u8] = &[0x00, 0xff, 0xff, 0x01, 0x00];
/// The system of NFC Forum tags, and POLLING of it alone.
const NDEF: [u8; 2] = [0x12, 0xfc];
const NDEF_SYSTEM: &[u8] = &[0x00, 0x12, 0xfc, 0x01, 0x00];
/// What the buffer still holds when nobody answered it (ISO/IEC 14443-3, 6.4.1).
const REQA: u8 = 0x26;
/// Marks a part of a long UID (ISO/IEC 14443-3, 6.5.4).
const CASCADE_TAG: u8 = 0x88;

impl Chip {
    /// Searches until a target answers. The field has to be on.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: the next command aborts the search. The field may be on or off then.
    pub(super) async fn search(&mut self) -> Result<ContactlessTarget, DeviceError> {
        loop {
            let end = Instant::now() + field::SEARCH;
            while Instant::now() < end {
                if let Some(target) = self.search_round().await? {
                    return self.with_collision(target).await;
                }
                tokio::time::sleep(self.options.poll).await;
            }
            self.reset_field(ACTION).await?;
        }
    }

    /// Searches once for each technology.
    async fn search_round(&mut self) -> Result<Option<ContactlessTarget>, DeviceError> {
        for modulation in self.options.technologies.clone() {
            if let Some(target) = self.search_step(modulation).await? {
                return Ok(Some(target));
            }
        }
        Ok(None)
    }

    /// Searches for a technology as part of a round. A Topaz is asked for behind type A, and only
    /// when somebody has answered the request: its own request wakes every card of type A, which
    /// the next one then sends back to idle.
    async fn search_step(
        &mut self,
        modulation: Modulation,
    ) -> Result<Option<ContactlessTarget>, DeviceError> {
        let searches = |it| self.options.technologies.contains(&it);
        let (type_a, topaz) = (searches(Modulation::TypeA), searches(Modulation::Jewel));
        if modulation == Modulation::Jewel && type_a {
            return Ok(None);
        }
        let found = self.search_once(modulation, &[]).await?;
        let may_be_topaz = found.is_none() && modulation == Modulation::TypeA && topaz;
        if may_be_topaz && self.was_request_answered().await? {
            return self.search_once(Modulation::Jewel, &[]).await;
        }
        Ok(found)
    }

    /// Tells whether somebody answered the request of a search of type A that found nothing: then
    /// the chip's buffer does not hold the request any more (nfcpy, `pn53x.py`).
    async fn was_request_answered(&mut self) -> Result<bool, DeviceError> {
        let buffer = ChipCommand::ReadRegister(vec![register::CIU_FIFO_DATA]);
        match self.ask_chip(buffer, ACTION).await? {
            ChipResponse::Registers(values) => Ok(values.first() != Some(&REQA)),
            _ => Err(self.error(DeviceErrorKind::Protocol, ACTION)),
        }
    }

    /// Searches once for a target of a technology, of type A also for the one of a UID, and makes
    /// it the active one.
    pub(super) async fn search_once(
        &mut self,
        modulation: Modulation,
        uid: &[u8],
    ) -> Result<Option<ContactlessTarget>, DeviceError> {
        let found = match modulation {
            Modulation::TypeA => self.list(modulation, &with_cascade_tags(uid)).await?,
            Modulation::TypeB => self.list(modulation, ANY_FAMILY).await?,
            Modulation::Felica212 => self.poll_felica().await?,
            _ => self.list(modulation, &[]).await?,
        };
        self.active.clone_from(&found);
        Ok(found.map(|(_, target)| target))
    }

    /// Polls for any system. Of a card that has several the one of NDEF is preferred.
    async fn poll_felica(&mut self) -> Result<Option<(u8, ContactlessTarget)>, DeviceError> {
        let found = self.list(Modulation::Felica212, ANY_SYSTEM).await?;
        let Some((_, target)) = &found else { return Ok(None) };
        if let Technology::Felica { system_code: Some(NDEF), .. } = target.technology {
            return Ok(found);
        }
        match self.list(Modulation::Felica212, NDEF_SYSTEM).await? {
            // The chip has let the one go that it had found.
            None => self.list(Modulation::Felica212, ANY_SYSTEM).await,
            preferred => Ok(preferred),
        }
    }

    /// Tells whether the target that was active answers a new search, and makes it active again.
    pub(super) async fn select_again(
        &mut self,
        target: &ContactlessTarget,
    ) -> Result<bool, DeviceError> {
        let modulation = modulation(target);
        // The first request sends one that is active back to idle.
        for _ in 0..2 {
            let found = self.search_once(modulation, &target.uid).await?;
            if found.is_some_and(|found| found.uid == target.uid) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    async fn list(
        &mut self,
        modulation: Modulation,
        initiator_data: &[u8],
    ) -> Result<Option<(u8, ContactlessTarget)>, DeviceError> {
        let initiator_data = initiator_data.to_vec();
        let list =
            InitiatorCommand::InListPassiveTarget { max_targets: 1, modulation, initiator_data };
        let limit = self.options.exchange;
        let response = self.channel.ask(list, limit, ACTION).await?;
        let Response::Initiator(InitiatorResponse::PassiveTargets { count, data }) = response
        else {
            return Err(self.error(DeviceErrorKind::Protocol, ACTION));
        };
        if count == 0 {
            return Ok(None);
        }
        let found = describe(modulation, &data);
        found.map(Some).ok_or_else(|| self.error(DeviceErrorKind::Protocol, ACTION))
    }
}

fn modulation(target: &ContactlessTarget) -> Modulation {
    match target.technology {
        Technology::TypeB { .. } => Modulation::TypeB,
        Technology::Felica { .. } => Modulation::Felica212,
        Technology::Topaz => Modulation::Jewel,
        _ => Modulation::TypeA,
    }
}

fn describe(modulation: Modulation, data: &[u8]) -> Option<(u8, ContactlessTarget)> {
    Some(match modulation {
        Modulation::TypeA => {
            let (TypeATarget { number, atqa, sak, uid, ats }, _) = TypeATarget::decode(data, true)?;
            (number, ContactlessTarget::new(uid, atqa, sak, ats))
        }
        Modulation::TypeB => {
            let (card, _) = TypeBTarget::decode(data)?;
            let TypeBTarget { number, pupi, application_data, protocol_info, .. } = card;
            (number, ContactlessTarget::type_b(pupi, application_data, protocol_info))
        }
        Modulation::Felica212 | Modulation::Felica424 => {
            let (card, _) = FelicaTarget::decode(data)?;
            (card.number, ContactlessTarget::felica(card.idm, card.pmm, card.system_code))
        }
        Modulation::Jewel => {
            let (tag, _) = JewelTarget::decode(data)?;
            (tag.number, ContactlessTarget::topaz(tag.uid, tag.sens_res))
        }
        _ => return None,
    })
}

/// Writes a UID as the chip wants it (UM0701-02, 7.3.5): 8 bytes for 7, 12 for 10.
fn with_cascade_tags(uid: &[u8]) -> Vec<u8> {
    match uid {
        [a, b, c, rest @ ..] if rest.len() == 4 => [&[CASCADE_TAG, *a, *b, *c], rest].concat(),
        [a, b, c, d, e, f, rest @ ..] if rest.len() == 4 => {
            [&[CASCADE_TAG, *a, *b, *c, CASCADE_TAG, *d, *e, *f], rest].concat()
        }
        uid => uid.to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_uids_have_cascade_tags() {
        assert_eq!(with_cascade_tags(&[1, 2, 3, 4]), [1, 2, 3, 4]);
        assert_eq!(with_cascade_tags(&[1, 2, 3, 4, 5, 6, 7]), [0x88, 1, 2, 3, 4, 5, 6, 7]);
        let ten = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
        assert_eq!(with_cascade_tags(&ten), [0x88, 1, 2, 3, 0x88, 4, 5, 6, 7, 8, 9, 10]);
    }
}
