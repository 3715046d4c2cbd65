//! The trait [`Acquirer`] for UnionPay-style hosts.

use async_trait::async_trait;
use countertop_device::{PinPad, Sensitive};
use countertop_wire::iso8583::Message;
use countertop_wire::unionpay::Frame;

use super::financial::bad_request;
use super::transport::Failure;
use super::{UnionPay, answer, authenticate, financial, messages, reversal};
use crate::{
    Acquirer, BatchNumber, BatchRecord, FinancialRequest, HostError, ParameterTable,
    PreparedRequest, ResponseCode, ReversalReason, SettlementAnswer, SettlementTotals,
    SignInRequest, SignedIn, Stan, Submission, UnknownReason, Verdict,
};

const SUBMIT: &str = "financial request";
const REVERSE: &str = "reversal";

#[async_trait]
impl Acquirer for UnionPay {
    fn host(&self) -> &str {
        &self.profile().host
    }

    async fn echo_test(&mut self, batch: BatchNumber) -> Result<(), HostError> {
        let message = messages::echo_test(self.profile(), batch).map_err(bad_request)?;
        self.manage(&message, "echo test").await.map(|_| ())
    }

    async fn sign_in(
        &mut self,
        pin_pad: &mut dyn PinPad,
        request: &SignInRequest,
    ) -> Result<SignedIn, HostError> {
        self.do_sign_in(pin_pad, request).await
    }

    async fn prepare(
        &mut self,
        pin_pad: &mut dyn PinPad,
        request: &FinancialRequest,
    ) -> Result<PreparedRequest, HostError> {
        self.check_pin_pad(pin_pad)?;
        let mut message = financial::request(self.profile(), request, self.double_length_pin_key)?;
        let reversal = reversal::save(&message)?;
        authenticate::sign(pin_pad, self.profile().mac, &mut message).await?;
        let frame = Sensitive::from(self.frame(&message)?.as_slice());
        Ok(PreparedRequest { frame, reversal })
    }

    async fn submit(&mut self, pin_pad: &mut dyn PinPad, prepared: &PreparedRequest) -> Submission {
        let frame = prepared.frame.expose();
        let request = match self.check_pin_pad(pin_pad) {
            Ok(()) => Frame::parse(frame).and_then(|frame| frame.read_message()),
            Err(error) => return Submission::NotSent(error.into()),
        };
        let request = match request {
            Ok(request) => request,
            Err(error) => return Submission::NotSent(bad_request(error)),
        };
        let (answer, frame) = match self.exchange(frame, &request, SUBMIT).await {
            Ok(answer) => answer,
            Err(Failure::NotSent(error)) => return Submission::NotSent(error),
            Err(Failure::NoAnswer(error)) => {
                return Submission::Unknown(UnknownReason::NoAnswer, error);
            }
        };
        if let Err((reason, error)) = self.verify(pin_pad, &answer, &frame, SUBMIT).await {
            return Submission::Unknown(reason, error);
        }
        match answer::read(&answer) {
            Ok(answer) => Submission::Answered(answer),
            Err(reason) => Submission::Unknown(UnknownReason::NoAnswer, self.bad(SUBMIT, reason)),
        }
    }

    async fn reverse(
        &mut self,
        pin_pad: &mut dyn PinPad,
        reversal: &Sensitive,
        reason: ReversalReason,
        authorization_code: Option<&str>,
    ) -> Result<ResponseCode, HostError> {
        self.check_pin_pad(pin_pad)?;
        let mut message = reversal::complete(reversal, reason, authorization_code)?;
        authenticate::sign(pin_pad, self.profile().mac, &mut message).await?;
        let frame = self.frame(&message)?;
        let (answer, frame) = self.exchange(&frame, &message, REVERSE).await?;
        self.verify(pin_pad, &answer, &frame, REVERSE).await.map_err(|(_, error)| error)?;
        answer::code(&answer).map_err(|reason| self.bad(REVERSE, reason))
    }

    async fn settle(
        &mut self,
        stan: Stan,
        batch: BatchNumber,
        operator: u8,
        totals: &SettlementTotals,
    ) -> Result<SettlementAnswer, HostError> {
        self.do_settle(stan, batch, operator, totals).await
    }

    async fn upload_batch(
        &mut self,
        stan: Stan,
        batch: BatchNumber,
        records: &[BatchRecord],
    ) -> Result<Stan, HostError> {
        self.do_upload(stan, batch, records).await
    }

    fn parameters_due(&self) -> Option<ParameterTable> {
        self.table_due()
    }

    async fn download_parameters(
        &mut self,
        batch: BatchNumber,
        table: ParameterTable,
    ) -> Result<Vec<Vec<u8>>, HostError> {
        self.do_download(batch, table).await
    }

    async fn sign_out(&mut self, stan: Stan, batch: BatchNumber) -> Result<(), HostError> {
        let message = messages::sign_out(self.profile(), stan, batch).map_err(bad_request)?;
        self.manage(&message, "sign out").await.map(|_| ())
    }
}

impl UnionPay {
    /// Checks the authentication code of an answer.
    ///
    /// A host that has lost the terminal's keys refuses without a code. Such a refusal is not
    /// believed, since anyone can forge it, but it is told: the cure is another sign-in.
    async fn verify(
        &self,
        pin_pad: &mut dyn PinPad,
        answer: &Message,
        frame: &Frame,
        action: &'static str,
    ) -> Result<(), (UnknownReason, HostError)> {
        let host = self.profile().host.clone();
        match authenticate::verify(pin_pad, self.profile().mac, &frame.message).await {
            Ok(Some(true)) => Ok(()),
            Ok(Some(false)) => Err((UnknownReason::BadMac, HostError::BadMac { host, action })),
            Ok(None) => Err((UnknownReason::BadMac, unsigned(answer, host, action))),
            Err(error) => Err((UnknownReason::NoAnswer, error.into())),
        }
    }
}

fn unsigned(answer: &Message, host: String, action: &'static str) -> HostError {
    match answer::code(answer) {
        Ok(code) if code.verdict() == Verdict::SignInAgain => {
            HostError::Refused { host, action, code }
        }
        _ => HostError::BadMac { host, action },
    }
}
