//! GET PROCESSING OPTIONS and the records (S1 to S4).

use countertop_device::CardSession;
use countertop_wire::apdu::CommandApdu;
use countertop_wire::tlv::{Dol, tags};

use super::{
    Activation, Control, PROFILE_CDA, PROFILE_EMV_MODE, Stop, Transaction, other_card,
    other_card_error,
};
use crate::contactless::outcome::{ErrorIndication, Level2Error};
use crate::contactless::primitives::{
    Objects, StaticData, Tvr, TvrBit, command_template, read_records, take_options,
};
use crate::contactless::{ContactlessCvm, Outcome, Reason};
use crate::exchange::{ALL, send};
use crate::{CvmResults, EmvError, TerminalVerificationResults};

/// Bit of Terminal Capabilities, byte 3: CDA.
const CAPABILITY_CDA: u8 = 0x08;

impl<'a> Transaction<'a> {
    /// Sends GET PROCESSING OPTIONS; a card that cannot answer it is left for its next application
    /// (S3.9, S3.90).
    pub(super) async fn initiate(
        activation: &'a Activation<'a>,
        session: &mut dyn CardSession,
    ) -> Result<Self, Stop> {
        let next = |error: EmvError| match other_card_error(&error) {
            Some(indication) => Stop::from(Outcome::select_next(indication)),
            None => Stop::Error(error),
        };
        let (objects, pdol_data) = options(activation, session).await.map_err(next)?;
        let profile = objects.fixed(tags::APPLICATION_INTERCHANGE_PROFILE).map_err(next)?;
        objects.mandatory(tags::APPLICATION_FILE_LOCATOR).map_err(next)?;
        let mut transaction = Self::new(activation, objects, pdol_data, profile);
        transaction.choose_mode()?;
        Ok(transaction)
    }

    fn new(
        activation: &'a Activation<'a>,
        objects: Objects,
        pdol_data: Vec<u8>,
        profile: [u8; 2],
    ) -> Self {
        Self {
            activation,
            objects,
            signed: StaticData::default(),
            pdol_data,
            cdol_data: Vec::new(),
            profile,
            combined: false,
            tvr: TerminalVerificationResults::default(),
            capabilities: activation.capabilities(),
            cvm: ContactlessCvm::None,
            cvm_results: CvmResults([0; 3]),
            receipt: false,
            control: Control::default(),
            recovered: Vec::new(),
        }
    }

    /// S3.15 to S3R1.20: a card without EMV mode is refused; what there is of authentication and
    /// relay resistance is noted.
    fn choose_mode(&mut self) -> Result<(), Stop> {
        if self.profile[1] & PROFILE_EMV_MODE == 0 {
            let error = ErrorIndication::level_2(Level2Error::MagStripeNotSupported);
            return Err(other_card(self.activation, Reason::CardAsks, error).into());
        }
        self.tvr.set(TvrBit::RELAY_NOT_PERFORMED);
        self.combined =
            self.profile[0] & PROFILE_CDA != 0 && self.capabilities[2] & CAPABILITY_CDA != 0;
        if !self.combined {
            self.tvr.set(TvrBit::AUTHENTICATION_NOT_PERFORMED);
        }
        Ok(())
    }

    /// Reads the records (S4).
    pub(super) async fn read(&mut self, session: &mut dyn CardSession) -> Result<(), Stop> {
        self.signed = read_records(session, &mut self.objects).await?;
        Ok(())
    }
}

async fn options(
    activation: &Activation<'_>,
    session: &mut dyn CardSession,
) -> Result<(Objects, Vec<u8>), EmvError> {
    let mut objects = activation.objects()?;
    let list = Dol::parse(objects.get(tags::PDOL).unwrap_or_default())?;
    let data = list.answer(|tag| activation.terminal(tag));
    let command =
        CommandApdu::new(0x80, 0xA8, 0, 0).with_data(command_template(&data)).expecting(ALL);
    let answer = send(session, &command).await?;
    if !answer.is_success() {
        let command = "GET PROCESSING OPTIONS";
        return Err(EmvError::Refused { command, status: answer.status() });
    }
    take_options(&mut objects, answer.data())?;
    Ok((objects, data))
}
