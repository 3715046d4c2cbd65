use countertop_wire::tlv::tags;

use super::*;
use crate::card::{
    Curve, DataAuthentication, Fault, IssuerAuthentication, RadioBehaviour, Transmission,
};

fn refused(text: &str) -> String {
    CardProfile::from_toml(text).unwrap_err().to_string()
}

#[test]
fn a_scheme_alone_is_a_card() {
    let profile = CardProfile::from_toml("scheme = \"unionpay-credit\"").unwrap();
    assert_eq!(profile.applications()[0].label, "UnionPay Credit");
    let profile: CardProfile = "scheme = \"visa\"".parse().unwrap();
    assert_eq!(profile.pan().expose_str(), Some("4111111111111111"));
    assert_eq!(profile.keys(), CardKeys::default());
}

#[test]
fn keys_may_be_on_a_curve() {
    let text = "scheme = \"mastercard\"\nauthentication = \"extended\"";
    let profile = CardProfile::from_toml(text).unwrap();
    assert_eq!(profile.data_authentication, DataAuthentication::Extended);
    assert_eq!(profile.keys().curve, Curve::P256);
    let longer = format!("{text}\n[keys]\ncurve = \"P-521\"");
    assert_eq!(CardProfile::from_toml(&longer).unwrap().keys().curve, Curve::P521);
    let error = refused(&format!("{text}\n[keys]\ncurve = \"P-384\""));
    assert!(error.contains("P-384") && error.contains("P-521"), "{error}");
    // Where the terminal has no such keys, the card signs with the other one.
    let error = refused(&format!("{text}\n[keys]\nauthority = 1984\nissuer = 1976\nicc = 1976"));
    assert!(error.contains("keys.icc"), "{error}");
}

#[test]
fn every_table_is_taken_over() {
    let text = r#"
        scheme = "unionpay-debit"
        pan = "6200000000000047"
        sequence = 2
        expiry = "2031-06"
        protocol = "T=0"
        authentication = "combined"
        [[application]]
        aid = "A000000333010103"
        label = "QUASI"
        priority = 3
        confirm = true
        [keys]
        authority = 1984
        issuer = 1408
        icc = 1152
        exponent = 65537
        pin = 1024
        [issuer]
        authentication = "second-cryptogram"
        mandatory = true
        [pin]
        value = "4321"
        tries = 5
        [cvm]
        x = 100
        y = 200
        rules = [
            { method = "enciphered-pin-and-signature", when = "over-x", or-next = true },
            { method = 0x0A, when = 0x80 },
        ]
        [data]
        usage-control = "FF00"
        directory = false
        [risk]
        offline-limit = 5000
        lower-limit = 2
        transactions = 7
        online-every = 4
        [[record]]
        file = 12
        objects = ["5A", "9F4A"]
        signed = true
        [[fault]]
        kind = "status-at"
        command = 3
        status = "6F00"
        [[fault]]
        kind = "missing"
        tag = "8E"
    "#;
    let profile = CardProfile::from_toml(text).unwrap();
    assert_eq!(profile.pan().expose_str(), Some("6200000000000047"));
    assert_eq!((profile.sequence(), profile.expiry), (2, [0x31, 0x06]));
    assert_eq!(profile.transmission, Transmission::T0);
    assert_eq!(profile.data_authentication, DataAuthentication::Combined);
    assert_eq!(profile.applications()[0].priority, 0x83);
    let keys = CardKeys::new(1984, 1408, 1152).with_exponent(65_537);
    assert_eq!(profile.keys(), keys.with_pin_key(PinKey::Own(1024)));
    assert_eq!(profile.issuer_authentication, IssuerAuthentication::SecondCryptogram);
    assert!(profile.issuer_authentication_mandatory);
    assert_eq!(profile.pin_tries, 5);
    let rules: Vec<_> = profile.cvm_rules.iter().map(|rule| rule.to_bytes()).collect();
    assert_eq!(rules, [[0x45, 0x07], [0x0a, 0x80]]);
    assert_eq!(profile.static_data.cvm_amounts, [100, 200]);
    assert_eq!(profile.static_data.usage_control, [0xff, 0x00]);
    assert!(!profile.static_data.directory);
    assert_eq!(profile.offline_limit, 5000);
    assert_eq!((profile.risk.lower_limit, profile.risk.online_every), (Some(2), Some(4)));
    let layout = profile.layout.as_ref().unwrap();
    assert_eq!(layout[0].objects, [tags::APPLICATION_PAN, tags::SDA_TAG_LIST]);
    assert_eq!(
        profile.faults,
        [
            Fault::StatusAt(3, countertop_wire::apdu::StatusWord(0x6f00)),
            Fault::Missing(tags::CVM_LIST)
        ]
    );
}

#[test]
fn a_strangers_number_is_refused() {
    let error = refused("scheme = \"visa\"\npan = \"4000123412341234\"");
    assert!(error.contains("line 2: pan") && error.contains("test-pan"), "{error}");
    assert!(!error.contains("4000123412341234"), "{error}");
    let text = "scheme = \"visa\"\npan = \"4000123412341234\"\ntest-pan = true";
    assert!(CardProfile::from_toml(text).is_ok());
}

#[test]
fn errors_name_line_and_key() {
    for (line, wanted) in [
        ("pan = \"62\"", "line 2: pan: 12 to 16 digits"),
        ("expiry = \"12/30\"", "line 2: expiry: a month as in"),
        ("expiry = \"2030-13\"", "line 2: expiry"),
        ("service-code = \"22\"", "line 2: service-code"),
        ("[keys]\nicc = 1030", "line 2: keys.icc: 1024 to 1976"),
        ("[keys]\nauthority = 1032", "line 2: keys.authority: 1024 to 1984"),
        ("[keys]\nissuer = 1024\nicc = 1152", "line 2: keys: a key is not longer"),
        ("[keys]\nexponent = 17", "line 2: keys.exponent"),
        ("[keys]\npin = 8", "line 2: keys.pin"),
        ("[[application]]\naid = \"A0\"\nlabel = \"x\"\npriority = 1", "line 3: application.aid"),
        (
            "[[application]]\naid = \"A000000003\"\nlabel = \"x\"\npriority = 16",
            "line 5: application.priority",
        ),
        ("[pin]\nvalue = \"12\"", "line 3: pin.value"),
        ("[[record]]\nfile = 31\nobjects = []", "line 3: record.file"),
        ("[[record]]\nfile = 11\nobjects = []", "line 3: record.file: 11 is the transaction log"),
        ("sequense = 1", "line 2"),
        ("[cvm]\nrules = [{ method = \"guess\" }]", "line 3"),
        ("[[fault]]\nkind = \"bad-mood\"", "bad-mood"),
        ("[data]\nversion = \"00\"", "2 bytes are wanted here, 1 are given"),
    ] {
        let error = refused(&format!("scheme = \"visa\"\n{line}"));
        assert!(error.contains(wanted), "{line}: {error}");
    }
    let text = "scheme = \"visa\"\n[[record]]\nfile = 1\nobjects = [\"57\"]\n[[record]]\nfile = 1\n\
                objects = [\"5A\"]\nsigned = true";
    assert!(refused(text).contains("line 6: record.signed"));
    let text = "scheme = \"visa\"\nauthentication = \"combined\"\n[keys]\nauthority = 1984\n\
                issuer = 1976\nicc = 1976";
    assert!(refused(text).contains("line 3: keys.icc: combined"));
}

#[test]
fn what_a_card_does_by_radio_is_taken_over() {
    let text = r#"
        scheme = "mastercard"
        [radio]
        generates = false
        qualifiers = "2000"
        signed-qualifiers = "0080"
        fdda-version = 0
        consumer-device = true
        has-information = false
        recovers = false
        selected = [{ tag = "9F6E", value = "084000003031" }]
        answered = [{ tag = "DF4B", value = "000300" }]
    "#;
    let profile = CardProfile::from_toml(text).unwrap();
    let expected = RadioBehaviour {
        generates: false,
        qualifiers: [0x20, 0x00],
        has_qualifiers: true,
        signed_qualifiers: Some([0x00, 0x80]),
        fdda_version: 0,
        consumer_device: true,
        has_information: false,
        recovers: false,
        selected: vec![(tags::FORM_FACTOR_INDICATOR, b"\x08\x40\0\x0001".to_vec())],
        answered: vec![(tags::POS_CARDHOLDER_INTERACTION_INFORMATION, vec![0, 3, 0])],
    };
    assert_eq!(profile.radio, expected);
    assert!(CardProfile::from_toml("scheme = \"mastercard\"").unwrap().radio.generates);
}
