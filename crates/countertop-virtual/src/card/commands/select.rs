//! SELECT (EMV Book 1, clauses 11.3 and 12.3; Book B, clause 3.3.1).

use countertop_wire::apdu::{CommandApdu, StatusWord};
use countertop_wire::tlv::{TlvWriter, tags};

use crate::card::log::LOG_ENTRY;
use crate::card::payment_card::Answer;
use crate::card::session::{Phase, Session};
use crate::card::{ApplicationEntry, Fault, Interface, PaymentCard};

/// The directories of the contact and the contactless interface.
const PSE: &[u8] = b"1PAY.SYS.DDF01";
const PPSE: &[u8] = b"2PAY.SYS.DDF01";

/// P1: by name. P2: the first or only occurrence, the next one.
const BY_NAME: u8 = 0x04;
const FIRST: u8 = 0x00;
const NEXT: u8 = 0x02;

/// The card's languages.
const LANGUAGES: &[u8] = b"zhen";

impl PaymentCard {
    pub(in crate::card) fn select(&mut self, command: &CommandApdu) -> Answer {
        if command.p1() != BY_NAME {
            return Err(StatusWord::FUNCTION_NOT_SUPPORTED);
        }
        let next = match command.p2() {
            FIRST => false,
            NEXT => true,
            _ => return Err(StatusWord::INCORRECT_PARAMETERS),
        };
        let name = command.data();
        if name.is_empty() || name.len() > 16 {
            return Err(StatusWord::WRONG_LENGTH);
        }
        match self.interface {
            Interface::Contact if name == PSE && self.profile.static_data.directory => {
                self.select_directory(pse(), next)
            }
            Interface::Contactless if name == PPSE => {
                self.select_directory(ppse(&self.profile.applications), next)
            }
            _ => self.select_application(name, next),
        }
    }

    /// Selects the directory, of which there is one: a next one is not found.
    fn select_directory(&mut self, information: Vec<u8>, next: bool) -> Answer {
        if next {
            return Err(StatusWord::FILE_NOT_FOUND);
        }
        self.session = Session { phase: Phase::Directory, ..Session::default() };
        Ok(information)
    }

    fn select_application(&mut self, name: &[u8], next: bool) -> Answer {
        let first =
            if next && self.application_is_selected() { self.session.application + 1 } else { 0 };
        let found = self
            .profile
            .applications
            .iter()
            .enumerate()
            .skip(first)
            .find(|(_, application)| application.aid.starts_with(name));
        let (index, application) = found.ok_or(StatusWord::FILE_NOT_FOUND)?;
        let mut information = self.application_information(application);
        if self.profile.faults.contains(&Fault::TruncatedFci) {
            information.truncate(information.len() / 2);
        }
        self.session = Session { phase: Phase::Selected, application: index, ..Session::default() };
        Ok(information)
    }

    fn application_is_selected(&self) -> bool {
        !matches!(self.session.phase, Phase::Idle | Phase::Directory)
    }

    fn application_information(&self, application: &ApplicationEntry) -> Vec<u8> {
        let discretionary = TlvWriter::new().put(tags::LOG_ENTRY, LOG_ENTRY);
        let by_radio = match self.interface {
            Interface::Contact => &[][..],
            Interface::Contactless => &self.profile.radio.selected,
        };
        let discretionary =
            by_radio.iter().fold(discretionary, |data, (tag, value)| data.put(*tag, value));
        let proprietary = TlvWriter::new()
            .put(tags::APPLICATION_LABEL, &application.label)
            .put(tags::APPLICATION_PRIORITY_INDICATOR, [application.priority])
            .put(tags::PDOL, self.interface_data().pdol.to_bytes())
            .put(tags::LANGUAGE_PREFERENCE, LANGUAGES)
            .template(tags::FCI_ISSUER_DISCRETIONARY_DATA, discretionary);
        file_control_information(&application.aid, proprietary)
    }
}

/// Returns a record of the directory: one for each application (EMV Book 1, clause 12.2.3).
pub(super) fn directory_record(applications: &[ApplicationEntry], number: u8) -> Option<Vec<u8>> {
    let application = applications.get(usize::from(number.checked_sub(1)?))?;
    let entry = TlvWriter::new().template(tags::APPLICATION_TEMPLATE, entry(application));
    Some(TlvWriter::new().template(tags::READ_RECORD_TEMPLATE, entry).finish())
}

fn pse() -> Vec<u8> {
    let proprietary = TlvWriter::new()
        .put(tags::SHORT_FILE_IDENTIFIER, [super::read::DIRECTORY_FILE])
        .put(tags::LANGUAGE_PREFERENCE, LANGUAGES)
        .put(tags::ISSUER_CODE_TABLE_INDEX, [0x01]);
    file_control_information(PSE, proprietary)
}

fn ppse(applications: &[ApplicationEntry]) -> Vec<u8> {
    let entries = applications.iter().fold(TlvWriter::new(), |entries, application| {
        let entry = entry(application).put(tags::KERNEL_IDENTIFIER, [application.kernel]);
        entries.template(tags::APPLICATION_TEMPLATE, entry)
    });
    let proprietary = TlvWriter::new().template(tags::FCI_ISSUER_DISCRETIONARY_DATA, entries);
    file_control_information(PPSE, proprietary)
}

fn entry(application: &ApplicationEntry) -> TlvWriter {
    TlvWriter::new()
        .put(tags::APPLICATION_IDENTIFIER, &application.aid)
        .put(tags::APPLICATION_LABEL, &application.label)
        .put(tags::APPLICATION_PRIORITY_INDICATOR, [application.priority])
}

fn file_control_information(name: &[u8], proprietary: TlvWriter) -> Vec<u8> {
    let information = TlvWriter::new()
        .put(tags::DEDICATED_FILE_NAME, name)
        .template(tags::FCI_PROPRIETARY_TEMPLATE, proprietary);
    TlvWriter::new().template(tags::FCI_TEMPLATE, information).finish()
}
