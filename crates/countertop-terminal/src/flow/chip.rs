//! Cards with a chip, by contact: the kernel's steps, with the PIN pad and the people at the counter.

use countertop_acquirer::{CardEntry, HostAnswer, Stan};
use countertop_device::{
    CardSession, DeviceError, DeviceErrorKind, EncryptedPinBlock, Money, PinEntry, Sensitive,
};
use countertop_emv::contact::{
    ContactTransaction, Decision, EnterOfflinePin, GoOnline, Outcome, Step as EmvStep,
};
use countertop_emv::{
    ApplicationCryptogram, CardData, CryptogramKind, EmvError, PinSupport, TransactionData,
    TransactionType,
};
use countertop_hub::Role;
use countertop_wire::tlv::{self, Tag, numeric};

use super::core::Core;
use super::verify::Read;
use super::{Attendant, FlowError, Prompt};
use crate::journal::{self, Cryptogram, EmvVoucher, SignatureState};
use crate::vault::RandomnessError;

/// Is what a card still has to do after the host has answered.
#[derive(Debug)]
pub(super) enum ChipState {
    /// Nothing: there is no chip, or nothing of it goes on the voucher.
    None,
    /// The second cryptogram.
    Contact(Box<GoOnline>),
    /// Nothing, the card has left the field; but the voucher names the application.
    Contactless(EmvVoucher),
}

/// Says why a card was not read to the end, before anything was sent.
#[derive(Debug)]
pub(super) enum Stop {
    /// The cashier or the cardholder cancelled, or nothing came in time.
    Cancelled,
    /// The card left before it was read.
    CardLeft,
    /// Card or terminal refused.
    Declined,
    /// A device failed.
    Device(Role, DeviceError),
    /// The card cannot be used.
    Card(FlowError),
}

impl Stop {
    pub(super) fn pin_pad(error: DeviceError) -> Self {
        Self::Device(Role::PinPad, error)
    }

    pub(super) fn card(role: Role, error: EmvError) -> Self {
        match error {
            EmvError::Device(error) if error.kind() == DeviceErrorKind::CardRemoved => {
                Self::CardLeft
            }
            EmvError::Device(error) => Self::Device(role, error),
            error => Self::Card(error.into()),
        }
    }
}

impl From<RandomnessError> for Stop {
    fn from(error: RandomnessError) -> Self {
        Self::Card(error.into())
    }
}

impl ChipState {
    pub(super) fn is_contact(&self) -> bool {
        matches!(self, Self::Contact(_))
    }

    /// Brings the host's approval to the card and returns what goes on the voucher.
    ///
    /// An error means that the card did not complete what the host approved.
    pub(super) async fn complete(
        self,
        answer: &HostAnswer,
    ) -> Result<Option<EmvVoucher>, EmvError> {
        let request = match self {
            Self::None => return Ok(None),
            Self::Contactless(voucher) => return Ok(Some(voucher)),
            Self::Contact(request) => request,
        };
        let code = answer.code.as_bytes();
        let outcome = request.host_answered(true, code, answer.emv.expose()).await?;
        match outcome.decision {
            Decision::Approved => Ok(Some(voucher(&outcome))),
            _ => Err(EmvError::InvalidInput("the card declined what the host approved")),
        }
    }

    /// Brings the host's refusal to the card. What the card makes of it changes nothing.
    pub(super) async fn refused(self, answer: &HostAnswer) {
        if let Self::Contact(request) = self {
            let code = answer.code.as_bytes();
            let told = request.host_answered(false, code, answer.emv.expose()).await;
            log("refusal not brought to the card", told.map(drop));
        }
    }

    /// Ends the card's transaction without the host. Whatever the card says, nothing is approved.
    pub(super) async fn abandon(self) {
        if let Self::Contact(request) = self {
            let told = request.unable_to_go_online().await;
            log("card's transaction not ended", told.map(drop));
        }
    }
}

fn log(what: &str, told: Result<(), EmvError>) {
    if let Err(error) = told {
        tracing::info!(%error, "{what}");
    }
}

impl Core {
    pub(super) async fn read_chip(
        &mut self,
        session: Box<dyn CardSession>,
        stan: Stan,
        amount: Money,
        attendant: &mut dyn Attendant,
    ) -> Result<Read, Stop> {
        let data = self.transaction_data(stan, amount).await?;
        let parameters = self.parts.emv.clone();
        let start = ContactTransaction::start(session, parameters, data);
        let mut pin_block = None;
        let mut step = self.kernel(start, attendant).await?;
        loop {
            step = match step {
                EmvStep::ChooseApplication(choice) => {
                    let names: Vec<_> =
                        choice.candidates().iter().map(|it| it.name().to_owned()).collect();
                    let Some(index) = attendant.choose_application(&names).await else {
                        return Err(Stop::Cancelled);
                    };
                    self.kernel(choice.choose(index), attendant).await?
                }
                EmvStep::EnterOnlinePin(entry) => {
                    let pan = entry.card().pan.clone();
                    pin_block = self.ask_pin(&pan, amount, attendant).await?;
                    match &pin_block {
                        Some(_) => self.kernel(entry.captured(), attendant).await?,
                        None => self.kernel(entry.bypassed(), attendant).await?,
                    }
                }
                EmvStep::EnterOfflinePin(entry) => {
                    self.offline_pin(entry, amount, attendant).await?
                }
                EmvStep::GoOnline(request) => {
                    self.chip_failed = false;
                    return Ok(contact_read(request, pin_block));
                }
                // Nothing is approved without the host here: the floor limit is nought.
                EmvStep::Finished(_) => return Err(Stop::Declined),
                _ => return Err(Stop::Declined),
            };
        }
    }

    /// Runs one step of the kernel while the cashier may cancel. A card that fails opens the way for
    /// its stripe.
    async fn kernel(
        &mut self,
        step: impl Future<Output = Result<EmvStep, EmvError>> + Send,
        attendant: &mut dyn Attendant,
    ) -> Result<EmvStep, Stop> {
        attendant.show(&Prompt::ReadingCard);
        let result = tokio::select! {
            biased;
            () = attendant.cancelled() => return Err(Stop::Cancelled),
            result = step => result,
        };
        result.map_err(|error| {
            let readable = matches!(&error, EmvError::Device(error) if error.kind() != DeviceErrorKind::Protocol);
            self.chip_failed |= !readable && !matches!(error, EmvError::CardBlocked);
            Stop::card(Role::Chip, error)
        })
    }

    async fn offline_pin(
        &mut self,
        entry: EnterOfflinePin,
        amount: Money,
        attendant: &mut dyn Attendant,
    ) -> Result<EmvStep, Stop> {
        attendant.show(&Prompt::EnterPin { amount });
        let request = entry.request(amount, self.parts.settings.prompt_timeout());
        let pin = tokio::select! {
            biased;
            () = attendant.cancelled() => None,
            pin = self.encipher_offline_pin(&request) => Some(pin.map_err(Stop::pin_pad)?),
        };
        match pin {
            Some(PinEntry::Entered(data)) => self.kernel(entry.enciphered(data), attendant).await,
            Some(PinEntry::Bypassed) => self.kernel(entry.bypassed(), attendant).await,
            Some(PinEntry::Cancelled | PinEntry::TimedOut) => Err(Stop::Cancelled),
            None => {
                self.clear_pin_pad().await;
                Err(Stop::Cancelled)
            }
        }
    }

    async fn encipher_offline_pin(
        &mut self,
        request: &countertop_device::OfflinePinRequest,
    ) -> Result<PinEntry<Sensitive>, DeviceError> {
        self.parts.devices.pin_pad.open().await?.encipher_offline_pin(request).await
    }

    pub(super) async fn transaction_data(
        &mut self,
        stan: Stan,
        amount: Money,
    ) -> Result<TransactionData, Stop> {
        let pin = match self.parts.devices.pin_pad.open().await {
            Ok(pin_pad) if pin_pad.capabilities().offline_enciphered_pin => {
                PinSupport::OnlineAndOfflineEnciphered
            }
            Ok(_) => PinSupport::Online,
            Err(error) => return Err(Stop::pin_pad(error)),
        };
        let mut unpredictable_number = [0; 4];
        self.parts.randomness.fill(&mut unpredictable_number)?;
        let now = self.parts.clock.now();
        let purchase = TransactionType::PURCHASE;
        let (date, time) =
            (numeric::pack_last_six(&now.date()), numeric::pack_last_six(&now.time()));
        let mut data = TransactionData::new(amount, purchase, date, time, unpredictable_number);
        let settings = &self.parts.settings;
        data.terminal_id.clone_from(&settings.terminal_id);
        data.merchant_id.clone_from(&settings.merchant_id);
        data.merchant_name.clone_from(&settings.merchant_name);
        data.sequence_counter = stan.get();
        data.pin = pin;
        Ok(data)
    }
}

fn contact_read(request: Box<GoOnline>, pin_block: Option<EncryptedPinBlock>) -> Read {
    let card = request.card();
    let signed = request.cvm().signature_required();
    Read {
        entry: CardEntry::Chip {
            pan: card.pan.clone(),
            expiry: card.expiry.clone(),
            sequence: card.sequence_number,
            track2: card.track_2.clone().unwrap_or_default(),
            emv: request.field55().clone(),
        },
        label: Some(card.application.name().to_owned()),
        pin_block,
        foreign: is_foreign(card),
        signature: if signed { SignatureState::Required } else { SignatureState::NotRequired },
        chip: ChipState::Contact(request),
    }
}

/// The terminal stands in China; a card that does not say its country counts as domestic.
pub(super) fn is_foreign(card: &CardData) -> bool {
    const CHINA: u16 = 156;
    card.country.is_some_and(|country| country != CHINA)
}

fn voucher(outcome: &Outcome) -> EmvVoucher {
    let application = outcome.application();
    EmvVoucher {
        aid: hex(&application.aid),
        label: Some(application.label.clone()),
        preferred_name: application.preferred_name.clone(),
        tvr: hex(&outcome.tvr.0),
        tsi: Some(hex(&outcome.tsi)),
        atc: outcome.cryptogram.as_ref().map(|it| format!("{:04X}", it.counter)),
        cryptogram: outcome.cryptogram.as_ref().map(cryptogram),
    }
}

pub(super) fn cryptogram(cryptogram: &ApplicationCryptogram) -> Cryptogram {
    let kind = match cryptogram.kind {
        CryptogramKind::Aac => journal::CryptogramKind::Aac,
        CryptogramKind::Arqc => journal::CryptogramKind::Arqc,
        CryptogramKind::Tc => journal::CryptogramKind::Tc,
    };
    Cryptogram { kind, value: hex(&cryptogram.value) }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

/// Returns a value of field 55, in hexadecimal.
pub(super) fn field(field55: &Sensitive, tag: Tag) -> Option<String> {
    tlv::find(field55.expose(), &[tag]).ok().flatten().map(hex)
}
