//! Memory of an NTAG213 (data sheet, 8.5).

/// Pages of four bytes: 00 to 2C.
pub(super) const PAGE_COUNT: usize = 0x2d;

const USER: core::ops::Range<usize> = 0x04..0x28;
/// MIRROR, RFUI, MIRROR_PAGE, AUTH0.
const CFG0: usize = 0x29;
/// ACCESS and reserved bytes.
const CFG1: usize = 0x2a;
const PWD: usize = 0x2b;
const PACK: usize = 0x2c;
/// Bit of ACCESS: reading needs the password as well.
const PROT: u8 = 0x80;

/// Is the memory of a tag.
#[derive(Debug, Clone)]
pub(super) struct TagMemory {
    pages: Vec<[u8; 4]>,
}

/// Says why a page cannot be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WriteError {
    Address,
    Protected,
}

impl TagMemory {
    pub(super) fn new([a, b, c, d, e, f, g]: [u8; 7]) -> Self {
        let mut pages = vec![[0; 4]; PAGE_COUNT];
        pages[0] = [a, b, c, 0x88 ^ a ^ b ^ c];
        pages[1] = [d, e, f, g];
        // BCC1, internal, two lock bytes.
        pages[2] = [d ^ e ^ f ^ g, 0x48, 0x00, 0x00];
        // Capability container: NDEF, version 1.0, 144 bytes, read and write.
        pages[3] = [0xe1, 0x10, 0x12, 0x00];
        pages[0x28] = [0x00, 0x00, 0x00, 0xbd];
        pages[CFG0] = [0x04, 0x00, 0x00, 0xff];
        pages[CFG1] = [0x00, 0x05, 0x00, 0x00];
        pages[PWD] = [0xff; 4];
        let mut memory = Self { pages };
        memory.write_ndef(&[]);
        memory
    }

    /// Writes an NDEF message TLV and a terminator TLV (NFC Forum Type 2 Tag, 2.3).
    pub(super) fn write_ndef(&mut self, message: &[u8]) {
        let wrapped = countertop_wire::ndef::wrap_tlv(message);
        let bytes = self.pages.get_mut(USER).unwrap_or_default().as_flattened_mut();
        for (index, byte) in bytes.iter_mut().enumerate() {
            *byte = wrapped.get(index).copied().unwrap_or_default();
        }
    }

    pub(super) fn uid(&self) -> [u8; 7] {
        let ([a, b, c, _], [d, e, f, g]) = (self.page(0), self.page(1));
        [a, b, c, d, e, f, g]
    }

    pub(super) fn user(&self) -> &[u8] {
        self.pages.get(USER).unwrap_or_default().as_flattened()
    }

    pub(super) fn password(&self) -> [u8; 4] {
        self.raw(PWD)
    }

    pub(super) fn password_acknowledge(&self) -> [u8; 2] {
        let [high, low, ..] = self.raw(PACK);
        [high, low]
    }

    /// The page as it reads: password and its answer read as zeros.
    pub(super) fn page(&self, page: u8) -> [u8; 4] {
        let page = usize::from(page);
        if page >= PWD { [0; 4] } else { self.raw(page) }
    }

    pub(super) fn read_wrapping(&self, first: u8, authenticated: bool) -> Vec<u8> {
        let end = (0..PAGE_COUNT)
            .filter_map(|page| u8::try_from(page).ok())
            .take_while(|page| self.can_read(*page, authenticated));
        let pages: Vec<u8> = end.collect();
        let place = pages.iter().position(|page| *page == first).unwrap_or_default();
        pages.iter().cycle().skip(place).take(4).flat_map(|page| self.page(*page)).collect()
    }

    pub(super) fn can_read(&self, page: u8, authenticated: bool) -> bool {
        let [access, ..] = self.raw(CFG1);
        let open = authenticated || access & PROT == 0 || page < self.first_protected();
        usize::from(page) < PAGE_COUNT && open
    }

    pub(super) fn write(
        &mut self,
        page: u8,
        content: [u8; 4],
        authenticated: bool,
    ) -> Result<(), WriteError> {
        if !(2..PAGE_COUNT).contains(&usize::from(page)) || self.is_locked(page) {
            return Err(WriteError::Address);
        }
        if page >= self.first_protected() && !authenticated {
            return Err(WriteError::Protected);
        }
        let place = self.pages.get_mut(usize::from(page)).ok_or(WriteError::Address)?;
        match page {
            // Lock bytes and capability container only gain ones.
            2 => *place = [place[0], place[1], place[2] | content[2], place[3] | content[3]],
            3 => place.iter_mut().zip(content).for_each(|(byte, new)| *byte |= new),
            _ => *place = content,
        }
        Ok(())
    }

    /// Static lock bits: of pages 3 to 7 in byte 2 of page 2, of 8 to 15 in byte 3.
    fn is_locked(&self, page: u8) -> bool {
        let [_, _, low, high] = self.raw(2);
        let locks = u16::from_le_bytes([low, high]);
        (3..16).contains(&page) && locks & (1 << page) != 0
    }

    fn first_protected(&self) -> u8 {
        let [.., auth0] = self.raw(CFG0);
        auth0
    }

    fn raw(&self, page: usize) -> [u8; 4] {
        self.pages.get(page).copied().unwrap_or_default()
    }
}
