//! The trait that every host protocol implements.

use core::fmt;

use async_trait::async_trait;
use countertop_device::{PinPad, Sensitive};

use crate::{
    BatchNumber, BatchRecord, FinancialRequest, HostError, ParameterTable, PreparedRequest,
    ResponseCode, ReversalReason, SettlementAnswer, SettlementTotals, SignInRequest, SignedIn,
    Stan, Submission,
};

/// Speaks with an acquirer's host.
///
/// Every exchange has a deadline from the configuration. One request is under way at a time.
#[async_trait]
pub trait Acquirer: Send + fmt::Debug {
    /// Returns the host's address, for messages.
    fn host(&self) -> &str;

    /// Asks whether the host is there (echo test). Moves no money.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: a late answer is discarded.
    async fn echo_test(&mut self, batch: BatchNumber) -> Result<(), HostError>;

    /// Signs in and loads the working keys into the PIN pad.
    ///
    /// # Errors
    ///
    /// [`HostError::BadKey`] when a check value does not fit: the sign-in has failed as a whole.
    ///
    /// # Cancel safety
    ///
    /// Not cancel safe: keys may have been replaced; sign in again.
    async fn sign_in(
        &mut self,
        pin_pad: &mut dyn PinPad,
        request: &SignInRequest,
    ) -> Result<SignedIn, HostError>;

    /// Builds a financial request and its reversal; sends nothing to the host.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: nothing has left.
    async fn prepare(
        &mut self,
        pin_pad: &mut dyn PinPad,
        request: &FinancialRequest,
    ) -> Result<PreparedRequest, HostError>;

    /// Sends a prepared request and waits for the answer. To be called after the journal holds the
    /// reversal.
    ///
    /// # Cancel safety
    ///
    /// Not cancel safe: treat a cancelled call as [`Submission::Unknown`].
    async fn submit(&mut self, pin_pad: &mut dyn PinPad, prepared: &PreparedRequest) -> Submission;

    /// Sends a reversal and returns the host's code; `00`, `12` and `25` mean that it is done
    /// (see [`ResponseCode::reversal_done`]).
    ///
    /// `authorization_code` is that of the answer, if one came.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: a reversal can be repeated.
    async fn reverse(
        &mut self,
        pin_pad: &mut dyn PinPad,
        reversal: &Sensitive,
        reason: ReversalReason,
        authorization_code: Option<&str>,
    ) -> Result<ResponseCode, HostError>;

    /// Sends the totals of a batch.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: a settlement can be repeated.
    async fn settle(
        &mut self,
        stan: Stan,
        batch: BatchNumber,
        operator: u8,
        totals: &SettlementTotals,
    ) -> Result<SettlementAnswer, HostError>;

    /// Uploads the transactions of a batch that did not balance, from number `stan` on, and
    /// returns the last number used.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: an upload is repeated whole.
    async fn upload_batch(
        &mut self,
        stan: Stan,
        batch: BatchNumber,
        records: &[BatchRecord],
    ) -> Result<Stan, HostError>;

    /// Returns the table of chip parameters that the host's last answer asked to fetch again.
    fn parameters_due(&self) -> Option<ParameterTable> {
        None
    }

    /// Fetches a table of chip parameters: its records, as the host writes them. None are there where
    /// the host has no such table.
    ///
    /// # Errors
    ///
    /// Those of the exchange; a table that comes in part is none.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: a download can be repeated.
    async fn download_parameters(
        &mut self,
        batch: BatchNumber,
        table: ParameterTable,
    ) -> Result<Vec<Vec<u8>>, HostError>;

    /// Signs out.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: a sign-out can be repeated.
    async fn sign_out(&mut self, stan: Stan, batch: BatchNumber) -> Result<(), HostError>;
}
