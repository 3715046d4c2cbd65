//! The virtual payment card before a stranger: the contact kernel of the crate `emv`.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use countertop_virtual::card::{
    CardProfile, CryptogramKind, CvmMethod, CvmRule, DataAuthentication, Fault,
    IssuerAuthentication, IssuerError, PaymentCard, TestCa, TestIssuer, VirtualCard as _,
};
use countertop_wire::apdu::StatusWord;
use countertop_wire::tlv::{TlvWriter, tags as wire};
use emv::config::{AidsConfig, TerminalConfig, assemble_terminal};
use emv::contact::dol_resolve::DolResolveExt as _;
use emv::contact::online_processing::{OnlineAuthorisationOutcome, OnlineAuthorisationResponse};
use emv::contact::terminal::Terminal;
use emv::contact::transaction::{TransactionContext, TransactionInputs};
use emv::contact::transaction_driver::Transaction;
use emv::contact::transaction_flow::{
    HostMediated, PinRequirement, TransactionFlowStep as Step, start,
    submit_authorisation_response, submit_pin, submit_unable_to_go_online,
};
use emv::core::apdu::{Command, Response};
use emv::core::application_cryptogram_type::ApplicationCryptogramType;
use emv::core::card_reader::CardReader;
use emv::core::dol::Dol;
use emv::core::ecc_oda::EccCaPublicKey;
use emv::core::error::Error;
use emv::core::generate_ac::{GenerateAcResponse, SignatureRequest};
use emv::core::oda::CaPublicKey;
use emv::core::tag_store::TagStore;
use emv::core::tags;
use emv::de::authorisation_response_code::AuthorisationResponseCode;
use emv::de::cryptogram_information_data::ApplicationCryptogramType as CryptogramType;

/// Offline-with-online-capability attended terminal with every CVM and SDA, DDA, CDA.
const TERMINAL: &str = r#"
ifd_serial_number = "COUNTERT"
terminal_country_code = 156
terminal_type = "22"
terminal_capabilities = "E0F8C8"
additional_terminal_capabilities = "F000F0A001"
cardholder_selection_and_confirmation_supported = false
"#;

const APPLICATIONS: &str = r#"
[defaults]
merchant_category_code = 5999
merchant_identifier = "COUNTERTOP00001"
merchant_name_and_location = "Countertop"
terminal_identification = "COUNTER1"
transaction_currency_code = 156
transaction_currency_exponent = 2
partial_match_allowed = true
default_ddol = "9F3704"
terminal_floor_limit = 100000
tac_denial  = "0010000000"
tac_online  = "FC78FCF8F0"
tac_default = "FC78FCF8F0"

[[aids]]
aid = "A000000333010101"
application_version_number = "0020"

[[aids]]
aid = "A0000000031010"
application_version_number = "0020"
"#;

/// Carries the kernel's commands to the card, and keeps the card's headers for the tests.
struct Reader {
    card: PaymentCard,
    instructions: Vec<u8>,
}

impl CardReader for Reader {
    type Error = Error;

    fn transmit(&mut self, command: &Command) -> Result<Response, Error> {
        let bytes = command.to_bytes()?;
        self.instructions.push(bytes[1]);
        Response::parse(&self.card.transmit(&bytes))
    }
}

type Tx<'t> = Transaction<'t, Reader, HostMediated>;

fn terminal(configuration: &str) -> Terminal {
    let terminal = TerminalConfig::parse(configuration).unwrap();
    let mut terminal =
        assemble_terminal(&terminal, &AidsConfig::parse(APPLICATIONS).unwrap()).unwrap();
    // The random number of terminal risk management must not send a transaction online here.
    for application in &mut terminal.applications {
        application.rts_target_percentage = Some(0);
        application.rts_max_target_percentage = Some(0);
        application.rts_threshold_value = Some(0);
    }
    terminal
}

fn transaction(profile: CardProfile, terminal: &Terminal, amount: u64) -> Tx<'_> {
    with_card(PaymentCard::new(profile), terminal, amount)
}

fn with_card(card: PaymentCard, terminal: &Terminal, amount: u64) -> Tx<'_> {
    let inputs = TransactionInputs {
        amount_authorised: amount,
        transaction_currency_code: 156,
        transaction_currency_exponent: 2,
        transaction_date: [0x26, 0x04, 0x28],
        transaction_time: [0x12, 0x00, 0x00],
        transaction_sequence_counter: 1,
        unpredictable_number: [0xde, 0xad, 0xbe, 0xef],
        ..TransactionInputs::default()
    };
    Transaction {
        card: Reader { card, instructions: Vec::new() },
        auth: HostMediated,
        ctx: TransactionContext::new(terminal, inputs),
    }
}

fn capks() -> Vec<CaPublicKey> {
    TestCa::capks()
        .into_iter()
        .map(|key| CaPublicKey {
            rid: key.rid,
            index: key.index,
            modulus: key.modulus,
            exponent: key.exponent,
        })
        .collect()
}

fn begin(tx: &mut Tx<'_>) -> Step {
    start(tx, &capks(), &[], &[], Some(99)).unwrap()
}

fn enter(tx: &mut Tx<'_>, pin: &[u8]) -> Step {
    let random = |bytes: &mut [u8]| {
        bytes.fill(0x5a);
        true
    };
    submit_pin(tx, &capks(), Some(99), pin, random).unwrap()
}

/// Returns the data objects of a request to the issuer (field 55).
fn field_55(tx: &Tx<'_>, first: &GenerateAcResponse, cryptogram: [u8; 8]) -> Vec<u8> {
    let list = [
        wire::TERMINAL_VERIFICATION_RESULTS,
        wire::TRANSACTION_DATE,
        wire::TRANSACTION_TYPE,
        wire::AMOUNT_AUTHORISED,
        wire::AMOUNT_OTHER,
        wire::TERMINAL_COUNTRY_CODE,
        wire::TRANSACTION_CURRENCY_CODE,
        wire::UNPREDICTABLE_NUMBER,
    ];
    let lengths = [5, 3, 1, 6, 6, 2, 2, 4];
    let interchange = tx.ctx.aip.as_ref().unwrap().to_bytes();
    let head = TlvWriter::new()
        .put(wire::APPLICATION_INTERCHANGE_PROFILE, interchange)
        .put(wire::APPLICATION_CRYPTOGRAM, cryptogram)
        .put(wire::CRYPTOGRAM_INFORMATION_DATA, [0x80])
        .put(wire::ISSUER_APPLICATION_DATA, first.iad.as_ref().unwrap())
        .put(wire::APPLICATION_TRANSACTION_COUNTER, first.atc);
    list.into_iter()
        .zip(lengths)
        .fold(head, |field, (tag, length)| {
            let dol = countertop_wire::tlv::Dol::new([(tag, length)]).to_bytes();
            field.put(tag, Dol::parse(&dol).unwrap().resolve(&tx.ctx))
        })
        .finish()
}

fn pan(tx: &Tx<'_>) -> String {
    let pan = tx.ctx.tag_store.get(tags::APPLICATION_PRIMARY_ACCOUNT_NUMBER).unwrap();
    countertop_wire::tlv::numeric::decode_compressed(pan).unwrap()
}

/// Lets the issuer answer with `code`, and the kernel finish.
fn go_online(tx: &mut Tx<'_>, step: Step, code: [u8; 2]) -> Step {
    let Step::OnlineRequest { first_generate_ac: first } = step else { panic!("{step:?}") };
    let cryptogram = first.ac.unwrap_or_else(|| {
        let stored = tx.ctx.tag_store.get(tags::APPLICATION_CRYPTOGRAM).unwrap();
        stored.try_into().unwrap()
    });
    let request = field_55(tx, &first, cryptogram);
    let verified = TestIssuer.verify(&pan(tx), 1, &request).unwrap();
    assert_eq!(verified.kind(), CryptogramKind::Arqc);
    finish(tx, &first, verified.authentication_data(code), code)
}

/// Makes up for what the kernel does not allow: the second signature is verified only when the
/// first one's results are not in its store.
fn forget_the_first_signature(tx: &mut Tx<'_>) {
    let mut store = TagStore::new();
    for (tag, _) in tx.ctx.tag_store.iter() {
        let (value, source) = tx.ctx.tag_store.get_with_source(tag).unwrap();
        if ![tags::ICC_DYNAMIC_NUMBER, tags::APPLICATION_CRYPTOGRAM].contains(&tag) {
            store.insert_primitive(tag, value.to_vec(), source).unwrap();
        }
    }
    tx.ctx.tag_store = store;
}

fn finish(tx: &mut Tx<'_>, first: &GenerateAcResponse, answer: Vec<u8>, code: [u8; 2]) -> Step {
    let response = OnlineAuthorisationResponse {
        authorisation_response_code: AuthorisationResponseCode(code),
        issuer_authentication_data: Some(answer),
        issuer_scripts: Vec::new(),
    };
    forget_the_first_signature(tx);
    let outcome = if code == *b"00" {
        OnlineAuthorisationOutcome::Approved
    } else {
        OnlineAuthorisationOutcome::Declined
    };
    submit_authorisation_response(tx, first, &response, outcome).unwrap()
}

fn assert_authenticated(tx: &Tx<'_>) {
    let tvr = &tx.ctx.tvr;
    assert!(tx.ctx.tsi.offline_data_authentication_was_performed);
    assert!(!tvr.offline_data_authentication_was_not_performed);
    assert!(!tvr.dda_failed && !tvr.cda_failed && !tvr.icc_data_missing, "{tvr:?}");
}

#[test]
fn online_pin_arqc_arpc_tc() {
    let terminal = terminal(TERMINAL);
    let mut tx = transaction(CardProfile::unionpay_debit(), &terminal, 12_345);
    let step = begin(&mut tx);
    assert_authenticated(&tx);
    assert!(tx.card.instructions.contains(&0x88), "no dynamic data authentication");
    let Step::CardholderVerification { requirement } = step else { panic!("{step:?}") };
    assert_eq!(requirement, PinRequirement::OnlinePin);
    let step = enter(&mut tx, &[]);
    let step = go_online(&mut tx, step, *b"00");
    assert!(matches!(step, Step::Approved { .. }), "{step:?}");
    assert!(tx.ctx.tsi.issuer_authentication_was_performed);
    assert!(!tx.ctx.tvr.issuer_authentication_failed);
    assert_eq!(tx.card.card.transaction_counter(), 1);
}

#[test]
fn a_decline_of_the_issuer_ends_with_an_aac() {
    let terminal = terminal(TERMINAL);
    let mut tx = transaction(CardProfile::unionpay_debit(), &terminal, 12_345);
    begin(&mut tx);
    let step = enter(&mut tx, &[]);
    let step = go_online(&mut tx, step, *b"51");
    assert!(matches!(step, Step::Declined { .. }), "{step:?}");
}

#[test]
fn a_wrong_answer_is_refused_by_the_card() {
    let terminal = terminal(TERMINAL);
    let mut tx = transaction(CardProfile::unionpay_debit(), &terminal, 12_345);
    begin(&mut tx);
    let step = enter(&mut tx, &[]);
    let Step::OnlineRequest { first_generate_ac: first } = step else { panic!("{step:?}") };
    let step = finish(&mut tx, &first, vec![0; 10], *b"00");
    assert!(matches!(step, Step::Declined { .. }), "{step:?}");
    assert!(tx.ctx.tvr.issuer_authentication_failed);
}

#[test]
fn without_the_issuer_the_card_declines() {
    let terminal = terminal(TERMINAL);
    let mut tx = transaction(CardProfile::unionpay_debit(), &terminal, 12_345);
    begin(&mut tx);
    let step = enter(&mut tx, &[]);
    let Step::OnlineRequest { first_generate_ac: first } = step else { panic!("{step:?}") };
    let step = submit_unable_to_go_online(&mut tx, &first).unwrap();
    assert!(matches!(step, Step::Declined { .. }), "{step:?}");
}

#[test]
fn combined_authentication_signs_both_cryptograms() {
    let terminal = terminal(TERMINAL);
    let profile =
        CardProfile::unionpay_debit().with_data_authentication(DataAuthentication::Combined);
    let mut tx = transaction(profile, &terminal, 12_345);
    begin(&mut tx);
    let step = enter(&mut tx, &[]);
    let step = go_online(&mut tx, step, *b"00");
    assert_authenticated(&tx);
    let Step::Approved { generate_ac } = step else { panic!("{step:?}") };
    assert!(generate_ac.sdad.is_some());
    assert!(!tx.card.instructions.contains(&0x88));
}

/// What a terminal of the crate reads for extended data authentication; `pdol` puts the card's list where
/// the crate looks for it.
fn extended(tx: &mut Tx<'_>, pdol: bool) {
    let aid = [0xa0, 0x00, 0x00, 0x03, 0x33, 0x01, 0x01, 0x01];
    let list = tx.select_application(&aid).unwrap().pdol.unwrap();
    tx.initiate(&[0x01, 0x56, 0xe0, 0xf8, 0xcc]).unwrap();
    let read = tx.read_application_data().unwrap();
    if pdol {
        let source = emv::core::tag_store::Source::TerminalGenerated;
        tx.ctx.tag_store.insert_primitive(tags::PDOL, list.encode(), source).unwrap();
    }
    let keys: Vec<_> = TestCa::ec_capks()
        .into_iter()
        .map(|key| EccCaPublicKey {
            rid: key.rid,
            index: key.index,
            x_coord: key.point[..32].to_vec(),
            algorithm_suite: key.suite,
        })
        .collect();
    tx.perform_offline_data_authentication(&[], &keys, &[], &read.oda_input).unwrap();
}

fn extended_arqc(tx: &mut Tx<'_>) {
    let list = Dol::parse(tx.ctx.tag_store.get(tags::CDOL1).unwrap()).unwrap();
    let data = list.resolve(&tx.ctx);
    let arqc = ApplicationCryptogramType::Arqc;
    let answer = tx.first_generate_ac(arqc, SignatureRequest::Xda, data).unwrap();
    tx.verify_xda_first_generate_ac(&answer).unwrap();
}

#[test]
fn extended_authentication_is_believed() {
    let terminal = terminal(&TERMINAL.replace("E0F8C8", "E0F8CC"));
    let profile =
        CardProfile::unionpay_debit().with_data_authentication(DataAuthentication::Extended);
    for (fault, missing, failed) in [
        (None, false, false),
        (Some(Fault::WrongCertificate), true, false),
        (Some(Fault::WrongIccCertificate), true, false),
        (Some(Fault::ExpiredIccCertificate), true, false),
        (Some(Fault::WrongHash), true, false),
        (Some(Fault::WrongSignature), false, true),
    ] {
        let profile = fault.into_iter().fold(profile.clone(), CardProfile::with_fault);
        let mut tx = transaction(profile, &terminal, 12_345);
        extended(&mut tx, true);
        extended_arqc(&mut tx);
        let tvr = &tx.ctx.tvr;
        assert!(tvr.xda_selected && !tvr.ca_ecc_key_missing, "{fault:?}");
        assert_eq!(tvr.ecc_key_recovery_failed, missing, "{fault:?}");
        assert_eq!(tvr.xda_signature_verification_failed, failed, "{fault:?}");
    }
}

/// The crate leaves out the PDOL, which it does not keep, of what the card's certificate signs.
#[test]
fn extended_authentication_signs_the_pdol() {
    let terminal = terminal(&TERMINAL.replace("E0F8C8", "E0F8CC"));
    let profile =
        CardProfile::unionpay_debit().with_data_authentication(DataAuthentication::Extended);
    let mut tx = transaction(profile, &terminal, 12_345);
    extended(&mut tx, false);
    extended_arqc(&mut tx);
    assert!(tx.ctx.tvr.ecc_key_recovery_failed);
}

#[test]
fn a_visa_card_with_its_own_cryptogram_version() {
    let terminal = terminal(TERMINAL);
    let mut tx = transaction(CardProfile::visa(), &terminal, 12_345);
    begin(&mut tx);
    let step = enter(&mut tx, &[]);
    let step = go_online(&mut tx, step, *b"00");
    assert!(matches!(step, Step::Approved { .. }), "{step:?}");
}

/// The kernel's own flow puts zeros for 8A and 91 into the data of CDOL2, so they are put in here.
#[test]
fn the_answer_can_come_with_the_second_cryptogram() {
    let terminal = terminal(TERMINAL);
    let profile = CardProfile::unionpay_debit()
        .with_issuer_authentication(IssuerAuthentication::SecondCryptogram);
    for (right, expected) in [(true, CryptogramType::Tc), (false, CryptogramType::Aac)] {
        let mut tx = transaction(profile.clone(), &terminal, 12_345);
        begin(&mut tx);
        let step = enter(&mut tx, &[]);
        let Step::OnlineRequest { first_generate_ac: first } = step else { panic!("{step:?}") };
        let request = field_55(&tx, &first, first.ac.unwrap());
        let verified = TestIssuer.verify(&pan(&tx), 1, &request).unwrap();
        let mut data = cdol2(&tx).resolve(&tx.ctx);
        data[..2].copy_from_slice(b"00");
        data[2..12].copy_from_slice(&verified.authentication_data(*b"00"));
        data[2] ^= u8::from(!right);
        let second = tx
            .second_generate_ac(ApplicationCryptogramType::Tc, SignatureRequest::None, data)
            .unwrap();
        assert_eq!(second.cid.cryptogram_type, expected);
        assert!(!tx.card.instructions.contains(&0x82));
    }
}

fn cdol2(tx: &Tx<'_>) -> Dol {
    Dol::parse(tx.ctx.tag_store.get(tags::CDOL2).unwrap()).unwrap()
}

#[test]
fn a_small_amount_is_approved_offline() {
    let terminal = terminal(TERMINAL);
    let profile = CardProfile::unionpay_debit()
        .with_offline_limits(10_000, 0)
        .with_cvm_rules([CvmRule::or_fail(CvmMethod::NoCvm)]);
    let mut tx = transaction(profile, &terminal, 500);
    let step = begin(&mut tx);
    assert!(matches!(step, Step::Approved { .. }), "{step:?} {:?}", tx.ctx.tvr);
}

fn offline_pin(method: CvmMethod) -> CardProfile {
    CardProfile::unionpay_debit().with_cvm_rules([CvmRule::or_fail(method)])
}

#[test]
fn the_right_offline_pin() {
    let terminal = terminal(TERMINAL);
    for method in [CvmMethod::PlaintextPin, CvmMethod::EncipheredPin] {
        let mut tx = transaction(offline_pin(method), &terminal, 12_345);
        let step = begin(&mut tx);
        assert!(
            matches!(
                step,
                Step::CardholderVerification { requirement: PinRequirement::OfflinePin }
            ),
            "{step:?}"
        );
        let step = enter(&mut tx, &[1, 2, 3, 4, 5, 6]);
        assert!(!tx.ctx.tvr.cardholder_verification_was_not_successful, "{method:?}");
        let step = go_online(&mut tx, step, *b"00");
        assert!(matches!(step, Step::Approved { .. }), "{step:?}");
        assert_eq!(tx.card.card.pin_tries(), 3);
        assert_eq!(tx.card.instructions.contains(&0x84), method == CvmMethod::EncipheredPin);
    }
}

#[test]
fn a_wrong_offline_pin_blocks_in_the_end() {
    let terminal = terminal(TERMINAL);
    for method in [CvmMethod::PlaintextPin, CvmMethod::EncipheredPin] {
        let mut card = PaymentCard::new(offline_pin(method));
        for left in [2, 1, 0] {
            let mut tx = with_card(card, &terminal, 12_345);
            begin(&mut tx);
            enter(&mut tx, &[6, 5, 4, 3, 2, 1]);
            assert!(tx.ctx.tvr.cardholder_verification_was_not_successful);
            assert_eq!(tx.card.card.pin_tries(), left);
            card = tx.card.card;
        }
        let mut tx = with_card(card, &terminal, 12_345);
        begin(&mut tx);
        enter(&mut tx, &[1, 2, 3, 4, 5, 6]);
        assert!(tx.ctx.tvr.pin_try_limit_exceeded);
        assert_eq!(tx.card.card.pin_tries(), 0);
    }
}

#[test]
fn a_wrong_certificate_fails_authentication() {
    let terminal = terminal(TERMINAL);
    let profile = CardProfile::unionpay_debit().with_fault(Fault::WrongCertificate);
    let mut tx = transaction(profile, &terminal, 12_345);
    begin(&mut tx);
    assert!(tx.ctx.tvr.dda_failed);
}

#[test]
fn a_wrong_cryptogram_is_refused_by_the_issuer() {
    let terminal = terminal(TERMINAL);
    let profile = CardProfile::unionpay_debit().with_fault(Fault::WrongCryptogram);
    let mut tx = transaction(profile, &terminal, 12_345);
    begin(&mut tx);
    let step = enter(&mut tx, &[]);
    let Step::OnlineRequest { first_generate_ac: first } = step else { panic!("{step:?}") };
    let request = field_55(&tx, &first, first.ac.unwrap());
    let refused = TestIssuer.verify(&pan(&tx), 1, &request).unwrap_err();
    assert_eq!(refused, IssuerError::WrongCryptogram);
}

#[test]
fn an_expired_card_is_seen_to_be_expired() {
    let terminal = terminal(TERMINAL);
    let profile = CardProfile::unionpay_debit().with_expiry(25, 3);
    let mut tx = transaction(profile, &terminal, 12_345);
    begin(&mut tx);
    assert!(tx.ctx.tvr.expired_application);
}

#[test]
fn a_failing_command_ends_the_kernels_transaction() {
    let terminal = terminal(TERMINAL);
    for at in 1..=8 {
        let fault = Fault::StatusAt(at, StatusWord::NO_PRECISE_DIAGNOSIS);
        let profile = CardProfile::unionpay_debit().with_fault(fault);
        let mut tx = transaction(profile, &terminal, 12_345);
        // Whatever the kernel makes of it, it comes back, and the card has not stopped counting.
        let _ = start(&mut tx, &capks(), &[], &[], None);
        assert!(tx.card.instructions.len() >= usize::try_from(at).unwrap());
    }
}
