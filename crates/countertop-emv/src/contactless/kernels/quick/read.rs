//! From GET PROCESSING OPTIONS to the last record (clauses 5.2 to 5.4).

use countertop_device::CardSession;
use countertop_wire::apdu::{CommandApdu, ResponseApdu, StatusWord};
use countertop_wire::tlv::{Dol, find_anywhere, tags};

use super::{Activation, Rules, Stop, Taken};
use crate::EmvError;
use crate::contactless::outcome::{ErrorIndication, Level2Error, UserInterface};
use crate::contactless::primitives::{command_template, read_records};
use crate::contactless::{
    AlternateInterface, MessageIdentifier, Outcome, Reason, UiRequest, UiStatus,
};
use crate::exchange::{ALL, send};

/// Tag of an answer that has no cryptogram: the card wants a transaction as by contact.
const FORMAT_1: [u8; 1] = [0x80];

/// Reads the card; it may leave the field afterwards.
pub(super) async fn read<'a>(
    rules: &'a Rules,
    activation: &'a Activation<'a>,
    session: &mut dyn CardSession,
    ui: &mut dyn UserInterface,
) -> Result<Taken<'a>, Stop> {
    let Some(list) = quick_list(activation.fci)? else {
        // The card is for no quick transaction.
        return Err(Outcome::select_next(no_quick_list()).because(Reason::CardAsks).into());
    };
    let options = processing_options(activation, session, &list).await?;
    if !options.is_success() {
        return Err(refused(options.status()).into());
    }
    if options.data().starts_with(&FORMAT_1) {
        let contact = Some(AlternateInterface::Contact);
        return Err(Outcome::try_another_interface(Reason::CardAsks, contact).into());
    }
    let mut objects = activation.objects()?;
    objects.take(options.data(), tags::RESPONSE_TEMPLATE_FORMAT_2)?;
    let signed = read_records(session, &mut objects).await?;
    ui.request(&UiRequest::new(MessageIdentifier::CardReadOk, UiStatus::CardReadSuccessfully));
    Ok(Taken::new(rules, activation, objects, signed)?)
}

/// Returns the card's list for GET PROCESSING OPTIONS; `None` when it does not ask for the terminal's
/// qualifiers.
fn quick_list(fci: &[u8]) -> Result<Option<Dol>, EmvError> {
    let list = find_anywhere(fci, tags::PDOL)?.map(Dol::parse).transpose()?;
    Ok(list.filter(|list| list.contains(tags::TERMINAL_TRANSACTION_QUALIFIERS)))
}

fn no_quick_list() -> ErrorIndication {
    ErrorIndication::level_2(Level2Error::CardDataMissing)
}

async fn processing_options(
    activation: &Activation<'_>,
    session: &mut dyn CardSession,
    list: &Dol,
) -> Result<ResponseApdu, EmvError> {
    let data = command_template(&list.answer(|tag| activation.terminal(tag)));
    let command = CommandApdu::new(0x80, 0xA8, 0, 0).with_data(data).expecting(ALL);
    send(session, &command).await
}

/// Says what a refused GET PROCESSING OPTIONS means (requirement 5.2.2.2).
fn refused(status: StatusWord) -> Outcome {
    let error = ErrorIndication::status(status);
    match status {
        StatusWord::CONDITIONS_NOT_SATISFIED => Outcome::select_next(error),
        StatusWord::REFERENCE_DATA_INVALIDATED => {
            let contact = Some(AlternateInterface::Contact);
            Outcome { error, ..Outcome::try_another_interface(Reason::CardAsks, contact) }
        }
        StatusWord::COMMAND_NOT_ALLOWED => Outcome { error, ..Outcome::see_phone() },
        status => {
            let text = format!("the card refuses GET PROCESSING OPTIONS: {status}");
            Outcome::end_application(Reason::CardError(text), error)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contactless::{OutcomeStatus, Start};

    #[test]
    fn refusals_follow_the_table() {
        for (status, expected, start) in [
            (0x6984, OutcomeStatus::TryAnotherInterface, None),
            (0x6985, OutcomeStatus::SelectNext, Some(Start::C)),
            (0x6986, OutcomeStatus::EndApplication, Some(Start::B)),
            (0x6A80, OutcomeStatus::EndApplication, None),
        ] {
            let outcome = refused(StatusWord(status));
            assert_eq!((outcome.status, outcome.start), (expected, start), "{status:04X}");
            assert_eq!(outcome.error.status, Some(StatusWord(status)));
        }
    }
}
