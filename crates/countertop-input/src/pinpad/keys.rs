//! Working keys and MACs.

use countertop_device::{DeviceError, KeyUsage, WrappedKey};
use countertop_wire::pinpad::{
    MAX_MAC_DATA, MacRequest, MacResponse, MacStatus, Request, Response,
};

use super::VisaPinPad;
use super::channel::Reply;
use super::error::VisaPinPadError;

const ACTION: &str = "compute MAC";

/// Holds the working keys as the host gave them: wrapped.
#[derive(Debug, Default)]
pub(super) struct WorkingKeys {
    pin: Option<Vec<u8>>,
    mac: Option<Vec<u8>>,
    data: Option<Vec<u8>>,
}

impl WorkingKeys {
    fn slot(&mut self, usage: KeyUsage) -> &mut Option<Vec<u8>> {
        match usage {
            KeyUsage::Pin => &mut self.pin,
            KeyUsage::Mac => &mut self.mac,
            KeyUsage::Data => &mut self.data,
        }
    }

    pub(super) fn pin(&self) -> Option<Vec<u8>> {
        self.pin.clone()
    }
}

impl VisaPinPad {
    /// Keeps a key when its check value fits: the MAC of eight zeros under it.
    pub(super) async fn verify_and_keep(
        &mut self,
        usage: KeyUsage,
        key: &WrappedKey,
    ) -> Result<bool, DeviceError> {
        const ACTION: &str = "load working key";
        if !matches!(key.cryptogram.len(), 8 | 16) || !(3..=8).contains(&key.check_value.len()) {
            const REASON: &str = "a key has 8 or 16 bytes and its check value at least 3";
            return Err(self.channel.fail(VisaPinPadError::Argument(REASON), ACTION));
        }
        self.channel.begin().await?;
        let answer = self.mac_packet(&key.cryptogram, 0, true, &[0; 8]).await?;
        let fits = match answer {
            MacResponse::Mac(check) => check.starts_with(&key.check_value),
            // The PIN pad itself sees that this is no key.
            MacResponse::Status(MacStatus::Key) => false,
            MacResponse::Status(status) => return Err(self.mac_refused(status, ACTION)),
        };
        self.channel.finish();
        if fits {
            *self.keys.slot(usage) = Some(key.cryptogram.clone());
        }
        Ok(fits)
    }

    /// Computes the CBC-MAC under the MAC key.
    pub(super) async fn mac(&mut self, data: &[u8]) -> Result<[u8; 8], DeviceError> {
        let Some(key) = self.keys.mac.clone() else {
            return Err(self.channel.fail(VisaPinPadError::NoWorkingKey, ACTION));
        };
        if data.is_empty() {
            let reason = VisaPinPadError::Argument("there is no MAC of no data");
            return Err(self.channel.fail(reason, ACTION));
        }
        self.channel.begin().await?;
        let mac = if key.len() == 8 {
            self.single_length_mac(&key, data).await?
        } else {
            self.double_length_mac(&key, data).await?
        };
        self.channel.finish();
        Ok(mac)
    }

    async fn single_length_mac(&mut self, key: &[u8], data: &[u8]) -> Result<[u8; 8], DeviceError> {
        let mut parts = data.chunks(MAX_MAC_DATA).peekable();
        let mut sequence = 0;
        while let Some(part) = parts.next() {
            let last = parts.peek().is_none();
            match self.mac_packet(key, sequence, last, part).await? {
                MacResponse::Mac(mac) if last => return Ok(mac),
                MacResponse::Status(MacStatus::Ready) if !last => sequence += 1,
                MacResponse::Mac(_) => return Err(self.channel.unexpected(ACTION)),
                MacResponse::Status(status) => return Err(self.mac_refused(status, ACTION)),
            }
        }
        Err(self.channel.unexpected(ACTION))
    }

    /// Chains MACs of one block each. Of one block, ISO/IEC 9797-1 algorithm 3, which the PIN pad
    /// computes with a double-length key, is the same as triple DES.
    async fn double_length_mac(&mut self, key: &[u8], data: &[u8]) -> Result<[u8; 8], DeviceError> {
        let mut chain = [0; 8];
        for chunk in data.chunks(8) {
            chain.iter_mut().zip(chunk).for_each(|(chain, byte)| *chain ^= byte);
            chain = match self.mac_packet(key, 0, true, &chain).await? {
                MacResponse::Mac(mac) => mac,
                MacResponse::Status(status) => return Err(self.mac_refused(status, ACTION)),
            };
        }
        Ok(chain)
    }

    async fn mac_packet(
        &mut self,
        key: &[u8],
        sequence: u8,
        last: bool,
        data: &[u8],
    ) -> Result<MacResponse, DeviceError> {
        let request = Request::Mac(MacRequest {
            last,
            sequence,
            master_key: self.options.master_key,
            working_key: key.to_vec(),
            data: data.to_vec(),
        });
        self.channel.submit(&request, ACTION).await?;
        match self.channel.reply(self.channel.exchange_deadline(), ACTION).await? {
            Reply::Response(Response::Mac(answer)) => Ok(answer),
            _ => Err(self.channel.unexpected(ACTION)),
        }
    }

    fn mac_refused(&self, status: MacStatus, action: &'static str) -> DeviceError {
        self.channel.fail(VisaPinPadError::Mac(status), action)
    }
}
