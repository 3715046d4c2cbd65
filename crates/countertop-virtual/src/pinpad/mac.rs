//! MACs over one packet or several.

use countertop_wire::pin_block::DesKey;
use countertop_wire::pinpad::{MacRequest, MacResponse, MacStatus};

use super::keys::{KeyError, KeyStore};

/// Is a MAC whose last part has not come yet.
#[derive(Debug)]
pub(super) struct MacSession {
    key: DesKey,
    cryptogram: Vec<u8>,
    chain: [u8; 8],
    next: u8,
}

/// Takes a part into the MAC and returns the answer.
pub(super) fn compute(
    session: &mut Option<MacSession>,
    keys: &mut KeyStore,
    request: &MacRequest,
) -> MacResponse {
    match step(session.take(), keys, request) {
        Ok((MacResponse::Status(MacStatus::Ready), open)) => {
            *session = Some(open);
            MacResponse::Status(MacStatus::Ready)
        }
        Ok((answer, _closed)) => answer,
        Err(status) => MacResponse::Status(status),
    }
}

fn step(
    session: Option<MacSession>,
    keys: &mut KeyStore,
    request: &MacRequest,
) -> Result<(MacResponse, MacSession), MacStatus> {
    let mut session = match session.filter(|_| request.sequence > 0) {
        Some(session) => session,
        None => open(keys, request)?,
    };
    if request.sequence != session.next || request.working_key != session.cryptogram {
        return Err(MacStatus::Sequence);
    }
    if !request.last && !request.data.len().is_multiple_of(8) {
        return Err(MacStatus::Length);
    }
    // ISO/IEC 9797-1 algorithm 3 goes through all blocks with the left half.
    let left = session.key.left();
    for chunk in request.data.chunks(8) {
        let mut block = [0; 8];
        block.iter_mut().zip(chunk).for_each(|(place, byte)| *place = *byte);
        session.chain = left.chain(session.chain, block);
    }
    session.next += 1;
    let answer = if request.last {
        MacResponse::Mac(session.key.finish_retail_mac(session.chain))
    } else {
        MacResponse::Status(MacStatus::Ready)
    };
    Ok((answer, session))
}

fn open(keys: &mut KeyStore, request: &MacRequest) -> Result<MacSession, MacStatus> {
    if request.data.is_empty() {
        return Err(MacStatus::Length);
    }
    let check_only = request.last && request.data == [0; 8];
    let key = keys.mac_key(request.master_key, &request.working_key, check_only);
    let key = key.map_err(|error| match error {
        KeyError::NoMasterKey => MacStatus::NoMasterKey,
        KeyError::Role => MacStatus::KeyUse,
        KeyError::Length => MacStatus::Key,
    })?;
    let cryptogram = request.working_key.clone();
    Ok(MacSession { key, cryptogram, chain: [0; 8], next: 0 })
}
