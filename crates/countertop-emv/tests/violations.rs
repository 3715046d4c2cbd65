//! Cards that break the rules: what the books demand of the terminal, and the way that is left.
#![expect(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "tests")]

mod common;

use common::{Altered, MemorySession, parameters, purchase, soon};
use countertop_device::DeviceErrorKind;
use countertop_emv::contact::{ContactTransaction, Step};
use countertop_emv::{EmvError, Fallback};
use countertop_virtual::card::{CardProfile, Fault, PaymentCard};
use countertop_wire::apdu::StatusWord;
use countertop_wire::tlv::{TlvWriter, find, tags};

/// Runs a transaction whose host is never reached.
async fn run(fault: Fault) -> Result<(), EmvError> {
    let card = PaymentCard::new(CardProfile::unionpay_debit().with_fault(fault));
    let (session, _) = MemorySession::open(card);
    let mut step = soon(ContactTransaction::start(session, parameters(), purchase(1234))).await?;
    loop {
        step = match step {
            Step::ChooseApplication(choice) => soon(choice.choose(0)).await?,
            Step::EnterOnlinePin(entry) => soon(entry.captured()).await?,
            Step::GoOnline(request) => {
                return soon(request.unable_to_go_online()).await.map(drop);
            }
            Step::Finished(_) => return Ok(()),
            step => panic!("{step:?}"),
        }
    }
}

/// What a card's error is.
#[derive(Debug, Clone, Copy)]
enum Wanted {
    /// Book 3, clause 7.2: a mandatory data object.
    Missing(countertop_wire::tlv::Tag),
    /// Book 3, clause 7.5: wrong format, during this function.
    Malformed(&'static str),
    /// Book 3, clauses 6.3.5 and 6.5: a status word that ends the transaction.
    Refused(&'static str),
    /// Book 1, clause 12.4: nothing is left to select.
    NoApplication,
    Blocked,
    Device(DeviceErrorKind),
}

fn is(wanted: Wanted, error: &EmvError) -> bool {
    match (wanted, error) {
        (Wanted::Missing(tag), EmvError::Missing(missing)) => tag == *missing,
        (Wanted::Malformed(during), EmvError::Malformed { what, .. }) => during == *what,
        (Wanted::Refused(during), EmvError::Refused { command, .. }) => during == *command,
        (Wanted::Device(kind), EmvError::Device(error)) => error.kind() == kind,
        (Wanted::NoApplication, EmvError::NoApplication)
        | (Wanted::Blocked, EmvError::CardBlocked) => true,
        _ => false,
    }
}

/// The commands of the card without faults: SELECT of the directory, its two records, SELECT, GET
/// PROCESSING OPTIONS, five records, INTERNAL AUTHENTICATE, two GENERATE AC.
const DIRECTORY: u32 = 1;
const SELECT: u32 = 4;
const OPTIONS: u32 = 5;
const RECORD: u32 = 7;
const GENERATE: u32 = 12;
const SECOND: u32 = 13;

#[tokio::test]
async fn get_what_the_books_demand() {
    use Fallback::{Again, None, Stripe};
    use Wanted::{Blocked, Device, Malformed, Missing, NoApplication, Refused};
    let status = |at, word| Fault::StatusAt(at, StatusWord(word));
    for (fault, wanted, fallback) in [
        // Book 3, clause 7.2, table 28.
        (
            Fault::Missing(tags::APPLICATION_EXPIRATION_DATE),
            Missing(tags::APPLICATION_EXPIRATION_DATE),
            Stripe,
        ),
        (Fault::Missing(tags::APPLICATION_PAN), Missing(tags::APPLICATION_PAN), Stripe),
        (Fault::Missing(tags::CDOL1), Missing(tags::CDOL1), Stripe),
        (Fault::Missing(tags::CDOL2), Missing(tags::CDOL2), Stripe),
        // Book 3, clause 10.2: redundant primitive data objects are not permitted.
        (Fault::Duplicated(tags::APPLICATION_PAN), Malformed("READ RECORD"), Stripe),
        (Fault::Duplicated(tags::APPLICATION_CURRENCY_CODE), Malformed("READ RECORD"), Stripe),
        // Book 3, clause 7.5: data that parse incorrectly.
        (Fault::RecordTooLong, Malformed("READ RECORD"), Stripe),
        (Fault::RecordTruncated, Malformed("READ RECORD"), Stripe),
        (Fault::TruncatedAt(RECORD), Malformed("READ RECORD"), Stripe),
        (Fault::GarbageAt(RECORD), Malformed("READ RECORD"), Stripe),
        // Book 3, clause 7.5: a file locator that cannot be.
        (Fault::WrongLocator, Malformed("GET PROCESSING OPTIONS"), Stripe),
        (Fault::TruncatedAt(OPTIONS), Malformed("GET PROCESSING OPTIONS"), Stripe),
        (Fault::GarbageAt(OPTIONS), Malformed("GET PROCESSING OPTIONS"), Stripe),
        // Book 3, clause 10.2: any other status than 9000 ends the transaction.
        (Fault::DanglingLocator, Refused("READ RECORD"), Stripe),
        (status(RECORD, 0x6A83), Refused("READ RECORD"), Stripe),
        // Book 1, clause 12.4: what cannot be selected is taken from the list.
        (Fault::TruncatedFci, NoApplication, Stripe),
        (Fault::GarbageAt(SELECT), NoApplication, Stripe),
        (status(SELECT, 0x6283), NoApplication, Stripe),
        // Book 3, clause 6.5.8: conditions of use not satisfied, another application is chosen.
        (status(OPTIONS, 0x6985), NoApplication, Stripe),
        (status(OPTIONS, 0x6F00), Refused("GET PROCESSING OPTIONS"), Stripe),
        // Book 1, clause 12.3.2: the card is blocked.
        (status(DIRECTORY, 0x6A81), Blocked, None),
        // Book 3, clause 6.5.5: after the card was asked to decide there is no way back.
        (status(GENERATE, 0x6985), Refused("GENERATE AC (first)"), None),
        (Fault::GarbageAt(GENERATE), Malformed("GENERATE AC (first)"), None),
        (Fault::TruncatedAt(GENERATE), Malformed("GENERATE AC (first)"), None),
        (status(SECOND, 0x6985), Refused("GENERATE AC (second)"), None),
        (Fault::GarbageAt(SECOND), Malformed("GENERATE AC (second)"), None),
        // The reader's own errors pass through.
        (Fault::RemovedAt(RECORD), Device(DeviceErrorKind::CardRemoved), Again),
        (Fault::MuteAt(RECORD), Device(DeviceErrorKind::TimedOut), Stripe),
    ] {
        let error = run(fault).await.expect_err(&format!("{fault:?}"));
        assert!(is(wanted, &error), "{fault:?}: {wanted:?} is wanted, not {error:?}");
        assert_eq!(error.fallback(), fallback, "{fault:?}");
        assert!(!error.help().is_empty() && !error.to_string().contains("6200000000000005"));
    }
}

#[tokio::test]
async fn some_faults_are_the_issuers_to_judge() {
    for fault in [
        // Without a directory, or with one that cannot be read, our own list is used (Book 1,
        // clause 12.3.2).
        Fault::StatusAt(DIRECTORY, StatusWord(0x6A82)),
        Fault::GarbageAt(DIRECTORY),
        Fault::TruncatedAt(DIRECTORY + 1),
        // Authentication fails and goes into the TVR.
        Fault::NoDynamicNumberLength,
        Fault::GarbageAt(11),
        Fault::StatusAt(11, StatusWord(0x6985)),
    ] {
        run(fault).await.unwrap_or_else(|error| panic!("{fault:?}: {error}"));
    }
}

/// A card that does not take part in verification says that its holder has signed.
#[tokio::test]
async fn no_card_says_that_its_holder_was_verified() {
    let card = PaymentCard::new(CardProfile::unionpay_debit());
    let card = Altered::new(card, |_, command, answer| match command {
        // Application Interchange Profile, byte 1, bit 5.
        [_, 0xA8, ..] => {
            assert_eq!(answer[0], 0x80, "format 1 begins with the profile");
            answer[2] &= !0x10;
        }
        // The first record of the first file.
        [_, 0xB2, 0x01, 0x0C, ..] if answer[0] == 0x70 && answer[1] < 0x70 => {
            let objects = answer[2..answer.len() - 2].to_vec();
            let forged = TlvWriter::new().put(tags::CVM_RESULTS, [0x1E, 0x03, 0x00]).finish();
            let inside = [&objects[..], &forged].concat();
            let length = u8::try_from(inside.len()).unwrap();
            *answer = [&[0x70, length][..], &inside, &[0x90, 0x00]].concat();
        }
        _ => {}
    });
    let (session, seen) = MemorySession::open(card);
    let start = ContactTransaction::start(session, parameters(), purchase(1234));
    let Step::GoOnline(request) = soon(start).await.unwrap() else { panic!("it is for the host") };
    let told = find(request.field55().expose(), &[tags::CVM_RESULTS]).unwrap();
    assert_eq!(told, Some(&[0x3F, 0x00, 0x00][..]));
    assert!(seen.lock().unwrap().iter().any(|it| it.starts_with(&[0x00, 0xB2, 0x01, 0x0C])));
}
