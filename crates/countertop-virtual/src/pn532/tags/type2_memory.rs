//! Memory of type 2 tags: MIFARE Ultralight (MF0ICU1, MF0ICU2 data sheets) and NTAG213/215/216 (data
//! sheet, 8.5).

use super::type2_model::Type2Model;

/// Bit of ACCESS: reading needs the password as well.
const PROT: u8 = 0x80;
/// Bits of ACCESS: readings are counted, and reading their number needs the password.
const NFC_CNT_EN: u8 = 0x10;
const NFC_CNT_PWD_PROT: u8 = 0x08;

/// Is the memory of a tag.
#[derive(Debug, Clone)]
pub(super) struct TagMemory {
    model: Type2Model,
    pages: Vec<[u8; 4]>,
}

/// Says why a page cannot be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WriteError {
    Address,
    Protected,
}

impl TagMemory {
    /// Creates the memory as it leaves the factory, with an empty message.
    pub(super) fn new(model: Type2Model, [a, b, c, d, e, f, g]: [u8; 7]) -> Self {
        let mut pages = vec![[0; 4]; model.pages()];
        // BCC1, internal, two lock bytes; the capability container allows to read and write.
        let head = [
            [a, b, c, 0x88 ^ a ^ b ^ c],
            [d, e, f, g],
            [d ^ e ^ f ^ g, 0x48, 0x00, 0x00],
            [0xe1, 0x10, model.container_size(), 0x00],
        ];
        pages.iter_mut().zip(head).for_each(|(page, value)| *page = value);
        for (page, value) in model.factory_pages() {
            if let Some(place) = pages.get_mut(page) {
                *place = value;
            }
        }
        let mut memory = Self { model, pages };
        memory.write_ndef(&[]);
        memory
    }

    pub(super) fn model(&self) -> Type2Model {
        self.model
    }

    /// Takes the capability container and the message away, as an unformatted tag has none.
    pub(super) fn wipe(&mut self) {
        let end = self.model.user().end;
        self.pages.get_mut(3..end).unwrap_or_default().fill([0; 4]);
    }

    /// Writes an NDEF message TLV and a terminator TLV (NFC Forum Type 2 Tag, 2.3).
    pub(super) fn write_ndef(&mut self, message: &[u8]) {
        let wrapped = countertop_wire::ndef::wrap_tlv(message);
        let bytes = self.pages.get_mut(self.model.user()).unwrap_or_default().as_flattened_mut();
        for (index, byte) in bytes.iter_mut().enumerate() {
            *byte = wrapped.get(index).copied().unwrap_or_default();
        }
    }

    pub(super) fn uid(&self) -> [u8; 7] {
        let ([a, b, c, _], [d, e, f, g]) = (self.page(0), self.page(1));
        [a, b, c, d, e, f, g]
    }

    pub(super) fn user(&self) -> &[u8] {
        self.pages.get(self.model.user()).unwrap_or_default().as_flattened()
    }

    /// Returns every page as it is, the password included.
    pub(super) fn pages(&self) -> &[[u8; 4]] {
        &self.pages
    }

    /// Returns all bytes.
    pub(super) fn bytes(&mut self) -> &mut [u8] {
        self.pages.as_flattened_mut()
    }

    pub(super) fn password(&self) -> Option<[u8; 4]> {
        self.model.configuration().map(|first| self.raw(first + 2))
    }

    pub(super) fn password_acknowledge(&self) -> [u8; 2] {
        let page = self.model.configuration().map(|first| self.raw(first + 3));
        let [high, low, ..] = page.unwrap_or_default();
        [high, low]
    }

    /// The page as it reads: password, its answer and keys read as zeros.
    pub(super) fn page(&self, page: u8) -> [u8; 4] {
        let page = usize::from(page);
        if page >= self.model.first_secret() { [0; 4] } else { self.raw(page) }
    }

    pub(super) fn read_wrapping(&self, first: u8, authenticated: bool) -> Vec<u8> {
        let end = (0..self.pages.len())
            .filter_map(|page| u8::try_from(page).ok())
            .take_while(|page| self.can_read(*page, authenticated));
        let pages: Vec<u8> = end.collect();
        let place = pages.iter().position(|page| *page == first).unwrap_or_default();
        pages.iter().cycle().skip(place).take(4).flat_map(|page| self.page(*page)).collect()
    }

    pub(super) fn can_read(&self, page: u8, authenticated: bool) -> bool {
        let open = authenticated || !self.guards_reading() || page < self.first_protected();
        usize::from(page) < self.model.readable() && open
    }

    pub(super) fn write(
        &mut self,
        page: u8,
        content: [u8; 4],
        authenticated: bool,
    ) -> Result<(), WriteError> {
        if !(2..self.pages.len()).contains(&usize::from(page)) || self.is_locked(page) {
            return Err(WriteError::Address);
        }
        if page >= self.first_protected() && !authenticated {
            return Err(WriteError::Protected);
        }
        let locks = self.model.dynamic_locks();
        let place = self.pages.get_mut(usize::from(page)).ok_or(WriteError::Address)?;
        match page {
            page if locks == Some(usize::from(page)) => {
                // The last byte is fixed.
                place.iter_mut().zip(content).take(3).for_each(|(byte, new)| *byte |= new);
            }
            // Lock bytes and capability container only gain ones.
            2 => *place = [place[0], place[1], place[2] | content[2], place[3] | content[3]],
            3 => place.iter_mut().zip(content).for_each(|(byte, new)| *byte |= new),
            _ => *place = content,
        }
        Ok(())
    }

    /// Static lock bits: of pages 3 to 7 in byte 2 of page 2, of 8 to 15 in byte 3. Behind them the
    /// dynamic ones.
    fn is_locked(&self, page: u8) -> bool {
        let [_, _, low, high] = self.raw(2);
        let locks = u16::from_le_bytes([low, high]);
        if page < 16 {
            return page >= 3 && locks & (1 << page) != 0;
        }
        let Some(bit) = self.model.dynamic_lock_bit(usize::from(page)) else { return false };
        let [low, high, ..] = self.model.dynamic_locks().map_or([0; 4], |page| self.raw(page));
        u16::from_le_bytes([low, high]) & (1 << bit) != 0
    }

    fn guards_reading(&self) -> bool {
        self.access() & PROT != 0
    }

    pub(super) fn counter_is_on(&self) -> bool {
        self.model.counts_reads() && self.access() & NFC_CNT_EN != 0
    }

    pub(super) fn counter_is_open(&self, authenticated: bool) -> bool {
        authenticated || self.access() & NFC_CNT_PWD_PROT == 0
    }

    fn access(&self) -> u8 {
        let page = self.model.configuration().map(|first| self.raw(first + 1));
        page.map_or(0, |[access, ..]| access)
    }

    fn first_protected(&self) -> u8 {
        let first = self.model.configuration().map(|first| self.raw(first));
        first.map_or(u8::MAX, |[.., auth0]| auth0)
    }

    fn raw(&self, page: usize) -> [u8; 4] {
        self.pages.get(page).copied().unwrap_or_default()
    }
}
