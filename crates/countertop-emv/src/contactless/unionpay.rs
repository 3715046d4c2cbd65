//! Kernel 7: UnionPay, quick transactions that go online (qUICS).

use countertop_device::CardSession;
use countertop_wire::apdu::{CommandApdu, ResponseApdu, StatusWord};
use countertop_wire::tlv::{Dol, Tag, TlvWriter, find, find_anywhere, tags, tlvs};

use super::limits::Permitted;
use super::ppse::Entry;
use super::{Interface, OnlineRequest, Outcome, Retry, afl, cvm};
use crate::exchange::{ALL, read_record, select, send};
use crate::parameters::EmvParameters;
use crate::values::TerminalValues;
use crate::{
    ApplicationCryptogram, Candidate, CardData, CryptogramKind, EmvError, TransactionData, field55,
};

/// Tag of an answer that has no cryptogram: the card wants a transaction as by contact.
const FORMAT_1: [u8; 1] = [0x80];

/// Is one combination of a card's application and the terminal's.
#[derive(Debug)]
pub(super) struct Kernel<'a> {
    pub(super) entry: &'a Entry,
    pub(super) permitted: &'a Permitted<'a>,
    pub(super) parameters: &'a EmvParameters,
    pub(super) data: &'a TransactionData,
}

/// Holds the data objects that the card gave, the first of each kind.
#[derive(Default)]
struct Objects(Vec<(Tag, Vec<u8>)>);

impl Kernel<'_> {
    /// Runs the application; `None` when the next one is to be tried.
    pub(super) async fn run(
        &self,
        session: &mut dyn CardSession,
    ) -> Result<Option<Outcome>, EmvError> {
        let name = [self.entry.aid.as_slice(), &self.entry.extension].concat();
        let fci = send(session, &select(&name)).await?;
        if !fci.is_success() {
            return Ok(None);
        }
        let Some(list) = quick_list(fci.data())? else {
            return Ok(Some(Outcome::TryAnotherInterface(Interface::CardAsks)));
        };
        let options = self.processing_options(session, &list).await?;
        if !options.is_success() {
            return Ok(refused(options.status()));
        }
        if options.data().starts_with(&FORMAT_1) {
            return Ok(Some(Outcome::TryAnotherInterface(Interface::CardAsks)));
        }
        let mut objects = Objects::default();
        objects.take(options.data(), tags::RESPONSE_TEMPLATE_FORMAT_2)?;
        self.read(session, &mut objects).await?;
        self.conclude(fci.data(), &objects).map(Some)
    }

    /// Sends GET PROCESSING OPTIONS (EMV Book 3, clause 6.5.8).
    async fn processing_options(
        &self,
        session: &mut dyn CardSession,
        list: &Dol,
    ) -> Result<ResponseApdu, EmvError> {
        let template =
            TlvWriter::new().put(tags::COMMAND_TEMPLATE, list.answer(|tag| self.value(tag)));
        let command =
            CommandApdu::new(0x80, 0xA8, 0, 0).with_data(template.finish()).expecting(ALL);
        send(session, &command).await
    }

    async fn read(
        &self,
        session: &mut dyn CardSession,
        objects: &mut Objects,
    ) -> Result<(), EmvError> {
        let locator = objects.get(tags::APPLICATION_FILE_LOCATOR).unwrap_or_default();
        for (sfi, number) in afl::records(locator)? {
            let record = send(session, &read_record(sfi, number)).await?;
            if !record.is_success() {
                let why = format!("record {number} of file {sfi}: {}", record.status());
                return Err(EmvError::malformed("READ RECORD", why));
            }
            objects.take(record.data(), tags::READ_RECORD_TEMPLATE)?;
        }
        Ok(())
    }

    /// Judges what the card gave; it may leave the field now.
    fn conclude(&self, fci: &[u8], objects: &Objects) -> Result<Outcome, EmvError> {
        let cryptogram = objects.cryptogram()?;
        match cryptogram.kind {
            CryptogramKind::Arqc => {}
            CryptogramKind::Aac => return Ok(Outcome::Declined("the card declines")),
            CryptogramKind::Tc => {
                return Ok(Outcome::TryAnotherInterface(Interface::OfflineOnly));
            }
        }
        let qualifiers = objects.get(tags::CARD_TRANSACTION_QUALIFIERS);
        let Some(cvm) = cvm::decide(self.permitted, qualifiers) else {
            return Ok(Outcome::Declined("card and terminal verify cardholders in different ways"));
        };
        objects.mandatory(tags::APPLICATION_INTERCHANGE_PROFILE)?;
        let application = self.application(fci)?;
        let field55 = self.field55(&application, objects, &cryptogram);
        let card = CardData::read(application, |tag| objects.get(tag))?;
        Ok(Outcome::OnlineRequest(Box::new(OnlineRequest { card, field55, cryptogram, cvm })))
    }

    fn application(&self, fci: &[u8]) -> Result<Candidate, EmvError> {
        let name = find(fci, &[tags::FCI_TEMPLATE, tags::DEDICATED_FILE_NAME])?;
        let label = find_anywhere(fci, tags::APPLICATION_LABEL)?;
        Ok(Candidate::new(
            name.unwrap_or(&self.entry.aid).to_vec(),
            label.or(self.entry.label.as_deref()),
            find_anywhere(fci, tags::APPLICATION_PREFERRED_NAME)?,
            find_anywhere(fci, tags::ISSUER_CODE_TABLE_INDEX)?
                .and_then(|index| index.first().copied()),
        ))
    }

    fn field55(
        &self,
        application: &Candidate,
        objects: &Objects,
        cryptogram: &ApplicationCryptogram,
    ) -> countertop_device::Sensitive {
        field55::build(|tag| match tag {
            // Nothing is verified offline.
            tags::TERMINAL_VERIFICATION_RESULTS => Some(vec![0; 5]),
            tags::CRYPTOGRAM_INFORMATION_DATA => Some(vec![cryptogram.information]),
            tags::DEDICATED_FILE_NAME => Some(application.aid.clone()),
            _ => objects.get(tag).map(<[u8]>::to_vec).or_else(|| self.value(tag)),
        })
    }

    fn value(&self, tag: Tag) -> Option<Vec<u8>> {
        if tag == tags::TERMINAL_TRANSACTION_QUALIFIERS {
            return Some(self.permitted.ttq.to_vec());
        }
        let values = TerminalValues { parameters: self.parameters, data: self.data };
        values.get(tag, Some(self.permitted.application))
    }
}

/// Returns the card's list for GET PROCESSING OPTIONS; `None` when it does not ask for the terminal's
/// qualifiers, and so is for no quick transaction.
fn quick_list(fci: &[u8]) -> Result<Option<Dol>, EmvError> {
    let list = find_anywhere(fci, tags::PDOL)?.map(Dol::parse).transpose()?;
    Ok(list.filter(|list| list.contains(tags::TERMINAL_TRANSACTION_QUALIFIERS)))
}

/// Says what a refused GET PROCESSING OPTIONS means; `None` when the next application is to be
/// tried.
fn refused(status: StatusWord) -> Option<Outcome> {
    match status {
        StatusWord::CONDITIONS_NOT_SATISFIED => None,
        StatusWord::REFERENCE_DATA_INVALIDATED => {
            Some(Outcome::TryAnotherInterface(Interface::CardAsks))
        }
        StatusWord::COMMAND_NOT_ALLOWED => Some(Outcome::TryAgain(Retry::SeePhone)),
        status => {
            let text = format!("the card refuses GET PROCESSING OPTIONS: {status}");
            Some(Outcome::EndApplication(text))
        }
    }
}

impl Objects {
    /// Keeps the data objects of an answer; a second one of a kind is against the rules
    /// (EMV Book 3, clause 10.2).
    fn take(&mut self, answer: &[u8], template: Tag) -> Result<(), EmvError> {
        let content = find(answer, &[template])?
            .ok_or_else(|| EmvError::malformed("a command", format!("no template {template}")))?;
        for object in tlvs(content) {
            let object = object?;
            if self.get(object.tag).is_some() {
                let why = format!("data object {} twice", object.tag);
                return Err(EmvError::malformed("a command", why));
            }
            self.0.push((object.tag, object.value.to_vec()));
        }
        Ok(())
    }

    fn get(&self, tag: Tag) -> Option<&[u8]> {
        self.0.iter().find(|(known, _)| *known == tag).map(|(_, value)| value.as_slice())
    }

    fn mandatory(&self, tag: Tag) -> Result<&[u8], EmvError> {
        self.get(tag).filter(|value| !value.is_empty()).ok_or(EmvError::Missing(tag))
    }

    fn fixed<const N: usize>(&self, tag: Tag) -> Result<[u8; N], EmvError> {
        self.mandatory(tag)?
            .try_into()
            .map_err(|_| EmvError::malformed("a command", format!("{tag} is not {N} bytes long")))
    }

    fn cryptogram(&self) -> Result<ApplicationCryptogram, EmvError> {
        let issuer_application_data = self.mandatory(tags::ISSUER_APPLICATION_DATA)?.to_vec();
        let information = match self.get(tags::CRYPTOGRAM_INFORMATION_DATA) {
            Some([information]) => *information,
            _ => information_of(&issuer_application_data)?,
        };
        let kind = CryptogramKind::from_information(information)
            .ok_or_else(|| EmvError::malformed("a command", "a cryptogram of a reserved kind"))?;
        Ok(ApplicationCryptogram {
            kind,
            information,
            value: self.fixed(tags::APPLICATION_CRYPTOGRAM)?,
            counter: u16::from_be_bytes(self.fixed(tags::APPLICATION_TRANSACTION_COUNTER)?),
            issuer_application_data,
        })
    }
}

/// Takes Cryptogram Information Data out of Issuer Application Data, where a quick card has it:
/// bits 6 and 5 of the second byte of the Card Verification Results.
fn information_of(issuer_application_data: &[u8]) -> Result<u8, EmvError> {
    match issuer_application_data {
        [_, _, _, _, verification, ..] => Ok(verification << 2 & 0xC0),
        _ => Err(EmvError::malformed("a command", "no card verification results")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_is_in_the_issuer_application_data() {
        for (verification, kind) in
            [(0xA0, CryptogramKind::Arqc), (0x90, CryptogramKind::Tc), (0x80, CryptogramKind::Aac)]
        {
            let information = information_of(&[7, 1, 1, 3, verification, 0, 0, 1]).unwrap();
            assert_eq!(CryptogramKind::from_information(information), Some(kind));
        }
        assert!(information_of(&[7, 1, 1, 3]).is_err());
    }

    #[test]
    fn a_data_object_given_twice_ends_the_application() {
        let answer = [0x70, 0x06, 0x5F, 0x34, 0x00, 0x5F, 0x34, 0x00];
        let mut objects = Objects::default();
        assert!(objects.take(&answer, tags::READ_RECORD_TEMPLATE).is_err());
        assert!(Objects::default().take(&answer, tags::RESPONSE_TEMPLATE_FORMAT_2).is_err());
    }
}
