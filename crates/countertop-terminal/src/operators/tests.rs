use std::sync::Arc;

use countertop_device::Sensitive;

use super::*;
use crate::ManualClock;
use crate::journal::{Journal, JournalSettings};
use crate::vault::{SystemRandomness, Vault};

const CHEAP: PasswordCost = PasswordCost { memory_kib: 8, passes: 1 };
const SUPERVISOR: OperatorNumber = OperatorNumber::SUPERVISOR;
const CASHIER: OperatorNumber = OperatorNumber::FIRST_CASHIER;
const ADMINISTRATOR: OperatorNumber = OperatorNumber::ADMINISTRATOR;

struct Counter {
    _folder: tempfile::TempDir,
    clock: Arc<ManualClock>,
    journal: Journal,
    book: OperatorBook,
}

impl Counter {
    fn new() -> Self {
        Self::with(OperatorPolicy { default_cashier_usable: true, ..OperatorPolicy::default() })
    }

    fn with(policy: OperatorPolicy) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(ManualClock::new(1_767_233_533));
        let vault = Vault::ephemeral(Arc::new(SystemRandomness)).unwrap();
        let path = folder.path().join("journal.db");
        let settings = JournalSettings::default();
        let (mut journal, _) = Journal::open(&path, settings, vault, clock.clone()).unwrap();
        let policy = OperatorPolicy { cost: CHEAP, ..policy };
        let book = OperatorBook::open(&mut journal, policy, Arc::new(SystemRandomness)).unwrap();
        Self { _folder: folder, clock, journal, book }
    }

    fn sign_in(&mut self, number: OperatorNumber, text: &str) -> Result<SignIn, OperatorError> {
        self.book.sign_in(&mut self.journal, number, &password(text))
    }

    fn signed_in(&mut self, number: OperatorNumber, text: &str) -> SignedInOperator {
        match self.sign_in(number, text).unwrap() {
            SignIn::SignedIn(operator) => operator,
            SignIn::MustChangePassword(_) => panic!("{number} has to change the password"),
        }
    }

    fn supervisor(&mut self) -> SignedInOperator {
        self.first(SUPERVISOR, "123456", "258013")
    }

    fn first(&mut self, number: OperatorNumber, old: &str, new: &str) -> SignedInOperator {
        let SignIn::MustChangePassword(change) = self.sign_in(number, old).unwrap() else {
            panic!("defaults have to be changed");
        };
        self.book.change_first_password(&mut self.journal, &change, &password(new)).unwrap()
    }

    fn manage(&self, operator: &SignedInOperator) -> Grant {
        self.book.grant(operator, Permission::ManageOperators).unwrap()
    }

    fn actions(&self) -> Vec<String> {
        let log = self.journal.audit_log(100).unwrap();
        log.into_iter().map(|entry| entry.action).collect()
    }
}

fn password(text: &str) -> Sensitive {
    Sensitive::from(text.as_bytes())
}

fn number(number: u8) -> OperatorNumber {
    OperatorNumber::new(number).unwrap()
}

#[test]
fn a_new_book_has_three_operators_who_must_change_their_passwords() {
    let mut counter = Counter::with(OperatorPolicy::default());
    let entries = counter.book.list(&counter.journal).unwrap();
    let numbers: Vec<_> = entries.iter().map(|entry| entry.number.get()).collect();
    assert_eq!(numbers, [0, 1, 99]);
    assert!(entries.iter().all(|entry| entry.must_change && !entry.locked));
    for (number, default) in
        [(SUPERVISOR, "123456"), (CASHIER, "0000"), (ADMINISTRATOR, "87654321")]
    {
        let signed_in = counter.sign_in(number, default).unwrap();
        assert!(matches!(signed_in, SignIn::MustChangePassword(_)), "{number}");
    }
}

#[test]
fn training_lets_the_default_cashier_in_and_no_one_else() {
    let mut counter = Counter::new();
    assert_eq!(counter.signed_in(CASHIER, "0000").number(), CASHIER);
    let supervisor = counter.sign_in(SUPERVISOR, "123456").unwrap();
    assert!(matches!(supervisor, SignIn::MustChangePassword(_)));
}

#[test]
fn a_default_authorises_nothing_before_it_is_changed() {
    let mut counter = Counter::new();
    let default = password("123456");
    let refused =
        counter.book.authorise(&mut counter.journal, SUPERVISOR, &default, Permission::Void);
    assert!(matches!(refused, Err(OperatorError::MustChangePassword { .. })));
    counter.supervisor();
    let new = password("258013");
    let grant = counter.book.authorise(&mut counter.journal, SUPERVISOR, &new, Permission::Void);
    assert_eq!(grant.unwrap().operator(), SUPERVISOR);
    assert!(matches!(counter.sign_in(SUPERVISOR, "123456"), Err(OperatorError::WrongPassword)));
}

#[test]
fn an_unfit_first_password_can_be_tried_again() {
    let mut counter = Counter::new();
    let SignIn::MustChangePassword(change) = counter.sign_in(SUPERVISOR, "123456").unwrap() else {
        panic!("defaults have to be changed");
    };
    for unfit in ["123456", "12345", ""] {
        let refused =
            counter.book.change_first_password(&mut counter.journal, &change, &password(unfit));
        assert!(matches!(refused, Err(OperatorError::UnfitPassword { .. })), "{unfit}");
    }
    let fit = password("258013");
    counter.book.change_first_password(&mut counter.journal, &change, &fit).unwrap();
}

#[test]
fn wrong_passwords_lock_until_the_clock_says_so() {
    let mut counter = Counter::new();
    for _ in 0..5 {
        assert!(matches!(counter.sign_in(CASHIER, "9999"), Err(OperatorError::WrongPassword)));
    }
    let locked = counter.sign_in(CASHIER, "0000").unwrap_err();
    assert_eq!(
        locked.to_string(),
        "operator 01 is locked until 2026/01/01 10:17:13 after too many wrong passwords"
    );
    assert!(counter.book.list(&counter.journal).unwrap()[1].locked);
    counter.clock.advance(299);
    assert!(matches!(counter.sign_in(CASHIER, "0000"), Err(OperatorError::Locked { .. })));
    counter.clock.advance(1);
    counter.signed_in(CASHIER, "0000");
    assert_eq!(counter.actions().iter().filter(|action| *action == "lock").count(), 1);
}

#[test]
fn a_right_password_starts_the_count_anew() {
    let mut counter = Counter::new();
    for _ in 0..3 {
        for _ in 0..4 {
            assert!(counter.sign_in(CASHIER, "9999").is_err());
        }
        counter.signed_in(CASHIER, "0000");
    }
}

#[test]
fn an_unknown_operator_gets_the_answer_of_a_wrong_password() {
    let mut counter = Counter::new();
    let unknown = counter.sign_in(number(42), "0000").unwrap_err().to_string();
    let wrong = counter.sign_in(CASHIER, "9999").unwrap_err().to_string();
    assert_eq!(unknown, wrong);
}

#[test]
fn only_the_supervisor_grants_voids() {
    let mut counter = Counter::new();
    let cashier = counter.signed_in(CASHIER, "0000");
    for permission in [Permission::Void, Permission::Settle, Permission::ManageOperators] {
        let refused = counter.book.grant(&cashier, permission).unwrap_err();
        assert!(matches!(refused, OperatorError::NotPermitted { .. }), "{permission}");
    }
    let wrong =
        counter.book.authorise(&mut counter.journal, CASHIER, &password("0000"), Permission::Void);
    assert_eq!(
        wrong.unwrap_err().to_string(),
        "operator 01 may not void a sale; ask the supervisor"
    );
    let supervisor = counter.supervisor();
    assert!(counter.book.grant(&supervisor, Permission::Void).is_ok());
}

#[test]
fn cashiers_come_and_go() {
    let mut counter = Counter::new();
    let supervisor = counter.supervisor();
    let grant = counter.manage(&supervisor);
    counter.book.add(&mut counter.journal, grant, number(7), &password("1470")).unwrap();
    counter.first(number(7), "1470", "2580");
    let grant = counter.manage(&supervisor);
    let twice = counter.book.add(&mut counter.journal, grant, number(7), &password("1470"));
    assert!(matches!(twice, Err(OperatorError::Exists { .. })));

    let cashier = counter.signed_in(number(7), "2580");
    let grant = counter.manage(&supervisor);
    let present = counter.book.delete(&mut counter.journal, grant, number(7), Some(&cashier));
    assert!(matches!(present, Err(OperatorError::SignedIn { .. })));
    counter.book.sign_out(&mut counter.journal, cashier).unwrap();
    let grant = counter.manage(&supervisor);
    counter.book.delete(&mut counter.journal, grant, number(7), Some(&supervisor)).unwrap();
    let grant = counter.manage(&supervisor);
    let gone = counter.book.delete(&mut counter.journal, grant, number(7), None);
    assert!(matches!(gone, Err(OperatorError::NotFound { .. })));
    assert!(counter.sign_in(number(7), "2580").is_err());
    let actions = counter.actions();
    for action in ["add-operator", "change-password", "sign-in", "sign-out", "delete-operator"] {
        assert!(actions.iter().any(|logged| logged == action), "{action}");
    }
}

#[test]
fn supervisor_and_administrator_stay() {
    let mut counter = Counter::new();
    let supervisor = counter.supervisor();
    for number in [SUPERVISOR, ADMINISTRATOR] {
        let grant = counter.manage(&supervisor);
        let refused = counter.book.delete(&mut counter.journal, grant, number, None);
        assert!(matches!(refused, Err(OperatorError::NoCashier { .. })));
        let grant = counter.manage(&supervisor);
        let refused = counter.book.add(&mut counter.journal, grant, number, &password("147014"));
        assert!(matches!(refused, Err(OperatorError::NoCashier { .. })));
    }
}

#[test]
fn a_reset_lifts_the_lock_and_has_to_be_changed() {
    let mut counter = Counter::new();
    let supervisor = counter.supervisor();
    for _ in 0..5 {
        assert!(counter.sign_in(CASHIER, "9999").is_err());
    }
    let grant = counter.manage(&supervisor);
    let temporary = password("1470");
    counter.book.reset_password(&mut counter.journal, grant, CASHIER, &temporary).unwrap();
    counter.first(CASHIER, "1470", "2580");
}

#[test]
fn the_administrator_resets_the_supervisor_and_not_the_other_way_round() {
    let mut counter = Counter::new();
    let supervisor = counter.supervisor();
    let administrator = counter.first(ADMINISTRATOR, "87654321", "36925814");
    let new = password("147014");
    let grant = counter.manage(&supervisor);
    let refused = counter.book.reset_password(&mut counter.journal, grant, ADMINISTRATOR, &new);
    assert!(matches!(refused, Err(OperatorError::NotPermitted { .. })));
    let grant = counter.book.grant(&administrator, Permission::Configure).unwrap();
    counter.book.reset_password(&mut counter.journal, grant, SUPERVISOR, &new).unwrap();
    counter.first(SUPERVISOR, "147014", "369258");
    let grant = counter.manage(&supervisor);
    let missing = counter.book.reset_password(&mut counter.journal, grant, number(9), &new);
    assert!(matches!(missing, Err(OperatorError::NotFound { .. })));
}

#[test]
fn an_operator_changes_the_own_password_with_the_old_one() {
    let mut counter = Counter::new();
    let cashier = counter.signed_in(CASHIER, "0000");
    let (journal, book) = (&mut counter.journal, &counter.book);
    let wrong = book.change_password(journal, &cashier, &password("1111"), &password("2580"));
    assert!(matches!(wrong, Err(OperatorError::WrongPassword)));
    let unfit = book.change_password(journal, &cashier, &password("0000"), &password("12"));
    assert!(matches!(unfit, Err(OperatorError::UnfitPassword { .. })));
    book.change_password(journal, &cashier, &password("0000"), &password("2580")).unwrap();
    counter.signed_in(CASHIER, "2580");
}

#[test]
fn a_book_is_not_created_twice() {
    let mut counter = Counter::new();
    counter.supervisor();
    let policy = OperatorPolicy { cost: CHEAP, ..OperatorPolicy::default() };
    let again = OperatorBook::open(&mut counter.journal, policy, Arc::new(SystemRandomness));
    counter.book = again.unwrap();
    counter.signed_in(SUPERVISOR, "258013");
}

#[test]
fn no_password_is_in_the_log() {
    let mut counter = Counter::new();
    counter.supervisor();
    assert!(counter.sign_in(CASHIER, "7777777").is_err());
    let log = format!("{:?}", counter.journal.audit_log(100).unwrap());
    for secret in ["123456", "258013", "7777777"] {
        assert!(!log.contains(secret), "{secret}");
    }
}
