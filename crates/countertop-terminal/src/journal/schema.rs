//! The tables, and whether a file holds them in good order.

use countertop_device::{Currency, Sensitive};
use rusqlite::{Connection, OptionalExtension, params};

use super::column::Text;
use super::{Books, Journal, JournalError};
use crate::vault::{SealContext, VaultError};

/// The steps from one version to the next; the version is the number of steps taken. Add steps, and
/// never change one.
const MIGRATIONS: [&str; 2] = [include_str!("schema_1.sql"), include_str!("schema_2.sql")];
const KEY_CHECK: &[u8] = b"countertop journal";

/// Brings the tables to the newest version.
pub(super) fn migrate(journal: &mut Journal) -> Result<(), JournalError> {
    let path = journal.books.path.clone();
    journal.write("update the tables", |work| {
        let version: u32 =
            work.storage.pragma_query_value(None, "user_version", |row| row.get(0))?;
        let taken = usize::try_from(version).unwrap_or(usize::MAX);
        let known = u32::try_from(MIGRATIONS.len()).unwrap_or(u32::MAX);
        let Some(steps) = MIGRATIONS.get(taken..) else {
            return Err(JournalError::NewerVersion { path, found: version, known }.into());
        };
        for step in steps {
            work.storage.execute_batch(step)?;
        }
        Ok(work.storage.pragma_update(None, "user_version", known)?)
    })
}

/// Refuses a damaged file.
pub(super) fn check(journal: &Journal) -> Result<(), JournalError> {
    let found = journal.read("check the file", |work| {
        let integrity: String =
            work.storage.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
        let broken_keys: i64 =
            work.storage
                .query_row("SELECT count(*) FROM pragma_foreign_key_check", [], |row| row.get(0))?;
        Ok((integrity, broken_keys))
    })?;
    let detail = match found {
        (integrity, 0) if integrity == "ok" => return Ok(()),
        (integrity, 0) => integrity,
        (_, broken) => format!("{broken} rows refer to rows that are missing"),
    };
    Err(JournalError::Corrupt { path: journal.books.path.clone(), detail })
}

struct Identity {
    training: bool,
    currency: Currency,
    key_check: Vec<u8>,
}

/// Writes into a new journal whose it is, and refuses another's.
pub(super) fn identify(journal: &mut Journal) -> Result<(), JournalError> {
    journal.write("identify it", |work| {
        match load_identity(work.storage)? {
            Some(identity) => verify(work.books, &identity)?,
            None => initialise(work.storage, work.books)?,
        }
        Ok(())
    })
}

fn load_identity(storage: &Connection) -> rusqlite::Result<Option<Identity>> {
    let select = "SELECT training, currency, key_check FROM identity";
    let read = |row: &rusqlite::Row<'_>| {
        let Text(currency) = row.get(1)?;
        Ok(Identity { training: row.get(0)?, currency, key_check: row.get(2)? })
    };
    storage.query_row(select, [], read).optional()
}

fn verify(books: &Books, identity: &Identity) -> Result<(), JournalError> {
    let path = books.path.clone();
    match books.vault.unseal(&identity.key_check, SealContext::KeyCheck) {
        Ok(_) => {}
        Err(VaultError::Forged(_)) => return Err(JournalError::WrongKey { path }),
        Err(error) => return Err(error.into()),
    }
    if identity.training != books.settings.training {
        let made_for = if identity.training { "training" } else { "live work" };
        return Err(JournalError::WrongMode { path, made_for });
    }
    if identity.currency != books.settings.currency {
        let (kept, asked) = (identity.currency, books.settings.currency);
        return Err(JournalError::OtherCurrency { path, kept, asked });
    }
    Ok(())
}

fn initialise(storage: &Connection, books: &Books) -> Result<(), super::Cause> {
    let key_check = books.vault.seal(&Sensitive::from(KEY_CHECK), SealContext::KeyCheck)?;
    storage.execute(
        "INSERT INTO identity (one, training, currency, key_check) VALUES (1, ?1, ?2, ?3)",
        params![books.settings.training, Text(books.settings.currency), key_check],
    )?;
    storage.execute("INSERT INTO counters (one, next_stan, stans_used) VALUES (1, 1, 0)", [])?;
    storage.execute("INSERT INTO batches (number, is_open, step) VALUES (1, 1, 'selling')", [])?;
    Ok(())
}
