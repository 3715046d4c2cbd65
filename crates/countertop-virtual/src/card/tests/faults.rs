use super::*;

fn faulty(fault: Fault) -> PaymentCard {
    PaymentCard::new(CardProfile::unionpay_debit().with_fault(fault))
}

#[test]
fn leaves_at_a_command_and_stays_away() {
    let mut card = faulty(Fault::RemovedAt(2));
    expect(&mut card, &select(AID));
    assert!(card.is_present());
    assert!(card.transmit(&select(AID).to_bytes()).is_empty());
    assert!(!card.is_present());
    assert!(card.transmit(&select(AID).to_bytes()).is_empty());
}

#[test]
fn is_mute_to_one_command() {
    let mut card = faulty(Fault::MuteAt(1));
    assert!(card.transmit(&select(AID).to_bytes()).is_empty());
    assert!(card.is_present());
    expect(&mut card, &select(AID));
    // Commands are counted from the reset.
    card.reset();
    assert!(card.transmit(&select(AID).to_bytes()).is_empty());
}

#[test]
fn gives_a_status_instead_of_an_answer() {
    let mut card = faulty(Fault::StatusAt(2, StatusWord::NO_PRECISE_DIAGNOSIS));
    expect(&mut card, &select(AID));
    let gpo = processing_options(&PDOL_DATA);
    assert_eq!(status(&mut card, &gpo), StatusWord::NO_PRECISE_DIAGNOSIS);
    assert_eq!(card.transaction_counter(), 0);
    expect(&mut card, &gpo);
}

#[test]
fn several_faults_are_met_in_turn() {
    let profile = CardProfile::unionpay_debit()
        .with_fault(Fault::Slow(Duration::from_millis(7)))
        .with_fault(Fault::MuteAt(1))
        .with_fault(Fault::StatusAt(2, StatusWord::MEMORY_FAILURE));
    let mut card = PaymentCard::new(profile);
    assert_eq!(card.delay(), Duration::from_millis(7));
    assert!(card.transmit(&select(AID).to_bytes()).is_empty());
    assert_eq!(status(&mut card, &select(AID)), StatusWord::MEMORY_FAILURE);
}

#[test]
fn a_wrong_cryptogram_differs_from_the_right_one() {
    let mut wrong = faulty(Fault::WrongCryptogram);
    assert_ne!(go_online(&mut wrong), go_online(&mut card()));
}

#[test]
fn answers_are_noise_or_cut_in_half() {
    let whole = expect(&mut card(), &select(AID));
    let mut cut = faulty(Fault::TruncatedAt(1));
    assert_eq!(expect(&mut cut, &select(AID)), whole[..whole.len() / 2]);
    // The card has carried it out.
    expect(&mut cut, &processing_options(&PDOL_DATA));
    let mut noisy = faulty(Fault::GarbageAt(1));
    let noise = expect(&mut noisy, &select(AID));
    assert!(!noise.is_empty() && noise != whole);
    noisy.reset();
    assert_eq!(expect(&mut noisy, &select(AID)), noise, "the same noise in every run");
}

#[test]
fn data_are_missing_doubled_or_out_of_place() {
    let records = |fault| faulty(fault).memory.contact.records;
    let usual = card().memory.contact.records;
    let pan = countertop_wire::tlv::find_anywhere;
    let missing = records(Fault::Missing(tags::APPLICATION_PAN));
    assert!(missing.values().all(|record| pan(record, tags::APPLICATION_PAN).unwrap().is_none()));
    let doubled = records(Fault::Duplicated(tags::APPLICATION_PAN));
    let holders = doubled.values().filter(|it| pan(it, tags::APPLICATION_PAN).unwrap().is_some());
    assert!(holders.count() > 1);
    assert_eq!(records(Fault::RecordTooLong)[&(2, 4)].len(), usual[&(2, 4)].len() + 2);
    assert_eq!(records(Fault::RecordTruncated)[&(2, 4)].len(), usual[&(2, 4)].len() - 1);
    assert_eq!(records(Fault::RecordNotTemplate)[&(2, 1)][0], 0x77);
    let locator = |fault| faulty(fault).memory.contact.file_locator;
    assert_eq!(locator(Fault::DanglingLocator)[8..], [9 << 3, 1, 1, 0]);
    assert_eq!(locator(Fault::WrongLocator)[8..], [9 << 3, 2, 1, 0]);
    let whole = expect(&mut card(), &select(AID)).len();
    assert_eq!(expect(&mut faulty(Fault::TruncatedFci), &select(AID)).len(), whole / 2);
}

#[test]
fn long_keys_take_more_records_and_another_authority() {
    let profile = CardProfile::unionpay_debit().with_keys(CardKeys::new(1984, 1976, 1976));
    let card = PaymentCard::new(profile);
    assert!(card.memory.contact.records.values().all(|record| record.len() <= 254));
    let key = TestCa::capk([0xa0, 0x00, 0x00, 0x03, 0x33], card.profile().keys());
    assert_eq!((key.modulus.len(), key.index), (248, 0xde));
    assert_ne!(key.index, TestCa::capks()[0].index);
}
