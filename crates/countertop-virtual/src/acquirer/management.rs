//! Sign-in, sign-out, echo test, and what else is not money.

use std::collections::BTreeSet;

use countertop_wire::iso8583::Message;
use countertop_wire::pin_block::DesKey;
use countertop_wire::unionpay::{
    HostTask, KeyBlock, MacAlgorithm, TransactionInformation, WorkingKey,
};
use zeroize::Zeroizing;

use super::Behaviour;
use super::answer::approve;
use super::clock::Moment;
use super::financial::information;
use super::host::{Host, Keys, Refusal};

impl Host {
    pub(super) fn network_request(
        &mut self,
        message: &Message,
        behaviour: Option<&Behaviour>,
        now: &Moment,
    ) -> Result<Message, Refusal> {
        let information = information(message)?;
        match information.management {
            1 | 3 | 4 => {
                let bad = behaviour == Some(&Behaviour::BadCheckValue);
                self.sign_in(message, &information, bad, now)
            }
            370 => self.record(message, |tables| &tables.keys, now),
            380 => self.record(message, |tables| &tables.applications, now),
            371 => self.downloaded(HostTask::UpdateCapk, message, now),
            381 => self.downloaded(HostTask::UpdateIccParameters, message, now),
            // Ends of other downloads.
            361 | 364 => self.done(message, now),
            _ => Err(Refusal::NOT_SUPPORTED),
        }
    }

    pub(super) fn network_advice(
        &mut self,
        message: &Message,
        now: &Moment,
    ) -> Result<Message, Refusal> {
        match information(message)?.management {
            2 => {
                let terminal = message.text(41).ok_or(Refusal::FORMAT)?;
                self.terminals.entry(terminal.into()).or_default().keys = None;
                self.done(message, now)
            }
            // Echo test, status upload, signature upload.
            301 | 362 | 800..=899 => self.done(message, now),
            372 => self.names(message, |tables| &tables.keys, now),
            382 => self.names(message, |tables| &tables.applications, now),
            // There are no keys of the Chinese algorithms.
            373 => Ok(self.done(message, now)?.with(62, "0")?),
            _ => Err(Refusal::NOT_SUPPORTED),
        }
    }

    /// Asks for a download no more that has been made.
    fn downloaded(
        &mut self,
        task: HostTask,
        message: &Message,
        now: &Moment,
    ) -> Result<Message, Refusal> {
        if self.task == task {
            self.task = HostTask::None;
        }
        self.done(message, now)
    }

    pub(super) fn done(&mut self, message: &Message, now: &Moment) -> Result<Message, Refusal> {
        let rrn = self.next_rrn(now);
        Ok(approve(message, now, &rrn)?)
    }

    fn sign_in(
        &mut self,
        message: &Message,
        information: &TransactionInformation,
        bad_check_value: bool,
        now: &Moment,
    ) -> Result<Message, Refusal> {
        let terminal = message.text(41).ok_or(Refusal::FORMAT)?;
        message.get(11).ok_or(Refusal::FORMAT)?;
        let (keys, mut block) = self.new_keys(information.management)?;
        if bad_check_value {
            block.mac.check_value[0] ^= 0xFF;
        }
        let state = self.terminals.entry(terminal.into()).or_default();
        let batch = assign_batch(information.batch, state.batch, &state.closed);
        state.batch = Some(batch);
        state.keys = Some(keys);
        let information = TransactionInformation { batch, ..information.clone() };
        let rrn = self.next_rrn(now);
        let answer = approve(message, now, &rrn)?;
        Ok(answer.with(60, information.to_string())?.with(62, block.emit())?)
    }

    /// Makes random working keys and wraps them under the terminal master key.
    fn new_keys(&self, management: u16) -> Result<(Keys, KeyBlock), Refusal> {
        let pin_length = if management == 1 { 8 } else { 16 };
        let mac_length = if self.config.mac == MacAlgorithm::Sm4 { 16 } else { 8 };
        let fault = |_| Refusal::FAULT;
        let master = DesKey::new(&self.config.master_key).map_err(fault)?;
        let (pin, mac) = (random(pin_length)?, random(mac_length)?);
        let pin_key = DesKey::new(&pin).map_err(fault)?;
        let mac_key = DesKey::new(&mac).map_err(fault)?;
        let data = (management == 4).then(|| random(16)).transpose()?;
        let data_key = data.map(|data| DesKey::new(&data)).transpose().map_err(fault)?;
        let block = KeyBlock {
            pin: WorkingKey::wrap(&master, &pin_key),
            mac: WorkingKey::wrap(&master, &mac_key),
            data: data_key.map(|key| WorkingKey::wrap(&master, &key)),
        };
        Ok((Keys { pin: pin_key, mac }, block))
    }
}

fn random(length: usize) -> Result<Zeroizing<Vec<u8>>, Refusal> {
    let mut key = Zeroizing::new(vec![0; length]);
    getrandom::fill(&mut key).map_err(|_| Refusal::FAULT)?;
    Ok(key)
}

/// Returns the batch to use: the terminal's own, unless that one was settled.
fn assign_batch(asked: u32, open: Option<u32>, closed: &BTreeSet<u32>) -> u32 {
    let free = |batch: &u32| *batch != 0 && !closed.contains(batch);
    let own = Some(asked).filter(free);
    own.or_else(|| open.filter(free)).unwrap_or(1)
}
