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
