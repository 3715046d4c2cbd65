//! The download of chip parameters: a list of records, each record, and the end.

use countertop_wire::iso8583::Message;
use countertop_wire::unionpay::{
    BadParameters, HostTask, PARAMETER_RECORDS_MAX, ParameterList, ParameterName, parameter_query,
    parse_parameter_record,
};

use super::financial::bad_request;
use super::messages::Download;
use super::{UnionPay, messages};
use crate::{BatchNumber, HostError, ParameterTable};

const ACTION: &str = "download parameters";

impl UnionPay {
    pub(super) fn table_due(&self) -> Option<ParameterTable> {
        match self.host_task {
            HostTask::UpdateCapk => Some(ParameterTable::CaPublicKeys),
            HostTask::UpdateIccParameters => Some(ParameterTable::Applications),
            _ => None,
        }
    }

    pub(super) async fn do_download(
        &mut self,
        batch: BatchNumber,
        table: ParameterTable,
    ) -> Result<Vec<Vec<u8>>, HostError> {
        let names = self.list(batch, table).await?;
        let mut records = Vec::with_capacity(names.len());
        for name in names {
            records.push(self.fetch(batch, table, &name).await?);
        }
        self.request(batch, table, Download::End, None).await?;
        Ok(records)
    }

    async fn list(
        &mut self,
        batch: BatchNumber,
        table: ParameterTable,
    ) -> Result<Vec<ParameterName>, HostError> {
        let mut names = Vec::new();
        loop {
            let query = parameter_query(names.len()).map_err(|error| self.unread(error))?;
            let answer = self.request(batch, table, Download::Query, Some(&query)).await?;
            let list = self.field_62(&answer).map(ParameterList::parse)?;
            let list = list.map_err(|error| self.unread(error))?;
            let goes_on = list.more && !list.names.is_empty();
            names.extend(list.names);
            if !goes_on || names.len() > PARAMETER_RECORDS_MAX {
                return Ok(names);
            }
        }
    }

    async fn fetch(
        &mut self,
        batch: BatchNumber,
        table: ParameterTable,
        name: &ParameterName,
    ) -> Result<Vec<u8>, HostError> {
        let asked = name.to_bytes();
        let answer = self.request(batch, table, Download::Record, Some(&asked)).await?;
        let record = self.field_62(&answer).map(parse_parameter_record)?;
        match record.map_err(|error| self.unread(error))? {
            Some(record) => Ok(record.to_vec()),
            None => Err(self.bad(ACTION, "a record of the list is not there")),
        }
    }

    async fn request(
        &mut self,
        batch: BatchNumber,
        table: ParameterTable,
        step: Download,
        field_62: Option<&[u8]>,
    ) -> Result<Message, HostError> {
        let message = messages::download(self.profile(), batch, table, step, field_62);
        self.manage(&message.map_err(bad_request)?, ACTION).await
    }

    fn field_62<'answer>(&self, answer: &'answer Message) -> Result<&'answer [u8], HostError> {
        answer.get(62).ok_or_else(|| self.bad(ACTION, "answer without field 62"))
    }

    fn unread(&self, error: BadParameters) -> HostError {
        self.bad(ACTION, error.to_string())
    }
}
