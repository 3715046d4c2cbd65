//! Chip parameters from the host: fetched when it asks for it, stored, and in force at once.

use std::sync::Arc;

use countertop_acquirer::ParameterTable;
use countertop_emv::parameters::{EmvParameters, ParametersError};

use super::core::{Core, TerminalParts};
use super::{Attendant, FlowError, Prompt};

/// All tables.
const TABLES: [ParameterTable; 2] = [ParameterTable::CaPublicKeys, ParameterTable::Applications];

impl Core {
    /// Fetches the tables that the host asks to be fetched. One that does not come, or cannot be, is
    /// shown; the one before stays in force.
    pub(super) async fn load_parameters(&mut self, attendant: &mut dyn Attendant) {
        let mut asked = Vec::new();
        while let Some(table) = self.parts.acquirer.parameters_due()
            && !asked.contains(&table)
        {
            asked.push(table);
            attendant.show(&Prompt::LoadingParameters);
            if let Err(error) = self.load(table).await {
                let help = error.help().map(String::from);
                attendant.show(&Prompt::Trouble { reason: error.to_string(), help });
            }
        }
    }

    async fn load(&mut self, table: ParameterTable) -> Result<(), FlowError> {
        let batch = self.parts.journal.batch()?;
        let records = self.parts.acquirer.download_parameters(batch, table).await?;
        let next = with_table(&self.parts.emv, table, &records)?;
        self.parts.journal.replace_parameters(table, &records)?;
        tracing::info!(%table, records = records.len(), "chip parameters loaded");
        self.parts.emv = Arc::new(next);
        Ok(())
    }
}

impl TerminalParts {
    /// Puts in force what the host sent before the restart, and what this terminal can do.
    pub(super) fn take_up_parameters(&mut self) {
        for table in TABLES {
            match self.stored(table) {
                Ok(Some(parameters)) => self.emv = Arc::new(parameters),
                Ok(None) => {}
                Err(error) => {
                    tracing::error!(%table, %error, "stored chip parameters are left out");
                }
            }
        }
        // There is no advice of an offline approval to the host: each transaction is for the host.
        Arc::make_mut(&mut self.emv).refuse_offline_approvals();
    }

    fn stored(&self, table: ParameterTable) -> Result<Option<EmvParameters>, FlowError> {
        let Some(loaded) = self.journal.parameters(table)? else { return Ok(None) };
        let next = with_table(&self.emv, table, &loaded.records)?;
        Ok(Some(next))
    }
}

fn with_table(
    before: &EmvParameters,
    table: ParameterTable,
    records: &[Vec<u8>],
) -> Result<EmvParameters, ParametersError> {
    let mut next = before.clone();
    match table {
        ParameterTable::Applications => next.download_applications(records)?,
        // Applications are the other table there is.
        _ => next.download_keys(records)?,
    }
    next.refuse_offline_approvals();
    next.validate()?;
    Ok(next)
}
