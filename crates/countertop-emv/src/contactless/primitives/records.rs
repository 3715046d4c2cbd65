//! Reading an application's records (EMV Book 3, clauses 10.2 and 10.3).

use countertop_device::CardSession;
use countertop_wire::tlv::tags;

use super::{Objects, StaticData, afl};
use crate::EmvError;
use crate::exchange::{read_record, send};

/// Files up to here have records in template `70` only (EMV Book 3, clause 7.1).
const LAST_OPEN_FILE: u8 = 10;

/// Reads the records that `94` names, keeps their data objects, and returns what takes part in
/// offline data authentication.
///
/// Records of the files 11 to 30 are the payment system's or the issuer's own: they are read, but
/// not understood.
pub(in crate::contactless) async fn read_records(
    session: &mut dyn CardSession,
    objects: &mut Objects,
) -> Result<StaticData, EmvError> {
    let locator = objects.get(tags::APPLICATION_FILE_LOCATOR).unwrap_or_default().to_vec();
    let mut signed = StaticData::default();
    for record in afl::records(&locator)? {
        let answer = send(session, &read_record(record.sfi, record.number)).await?;
        if !answer.is_success() {
            return Err(EmvError::Refused { command: "READ RECORD", status: answer.status() });
        }
        if record.sfi <= LAST_OPEN_FILE {
            objects.take(answer.data(), tags::READ_RECORD_TEMPLATE)?;
        }
        if record.signed {
            signed.add(answer.data(), record.sfi <= LAST_OPEN_FILE);
        }
    }
    Ok(signed)
}
