//! How a sale ended, in words and in JSON.

use core::fmt::{self, Write as _};

use countertop_acquirer::HostAnswer;
use countertop_device::Money;
use countertop_emv::contact::{Decision, Outcome};
use countertop_emv::contactless::{self, ContactlessCvm, DataRecord, OutcomeStatus};
use countertop_emv::{
    ApplicationCryptogram, CardData, CryptogramKind, CvmResults, TerminalVerificationResults,
};
use serde_json::{Value, json};

use super::host::{Asked, Reversal, Said};
use crate::commands::card::objects::hex;
use crate::commands::card::results;

/// Is the end of a sale; nothing of it is secret.
pub(super) struct Ended {
    result: Ending,
    application: (Vec<u8>, String),
    masked_pan: String,
    host: HostPart,
    reversal: Option<Reversal>,
    cryptogram: Option<ApplicationCryptogram>,
    tvr: TerminalVerificationResults,
    /// Contactless kernels have none.
    tsi: Option<[u8; 2]>,
    cvm: Option<CvmResults>,
    /// What a contactless kernel has decided of the cardholder.
    contactless_cvm: Option<&'static str>,
    signature_required: bool,
    reason: Option<String>,
}

/// Is the host's part.
enum HostPart {
    NotAsked,
    Answered(Box<HostAnswer>),
    Silent(String),
}

/// Says how it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    Approved,
    Declined,
    Terminated,
    /// Nobody knows whether the host has booked it.
    Unknown,
}

impl Ending {
    fn word(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Declined => "declined",
            Self::Terminated => "terminated",
            Self::Unknown => "unknown",
        }
    }
}

impl HostPart {
    fn of(asked: Option<&Asked>) -> Self {
        match asked.map(|asked| &asked.said) {
            None => Self::NotAsked,
            Some(Said::Answered(answer)) => Self::Answered(Box::new(answer.clone())),
            Some(Said::NotSent(reason) | Said::Unknown(_, reason)) => Self::Silent(reason.clone()),
        }
    }
}

/// Says what the host makes of it; nothing when it was not asked. Without its answer nothing is approved.
fn host_ending(asked: Option<&Asked>) -> Option<Ending> {
    let asked = asked?;
    Some(match &asked.said {
        _ if asked.approval().is_some() => Ending::Approved,
        Said::Unknown(..) => Ending::Unknown,
        Said::Answered(_) | Said::NotSent(_) => Ending::Declined,
    })
}

impl Ended {
    pub(super) fn of_contact(
        outcome: &Outcome,
        asked: Option<&Asked>,
        reversal: Option<Reversal>,
    ) -> Self {
        let by_card = match outcome.decision {
            Decision::Approved => Ending::Approved,
            Decision::Terminated(_) => Ending::Terminated,
            _ => Ending::Declined,
        };
        let result = match host_ending(asked) {
            None | Some(Ending::Approved) => by_card,
            Some(other) => other,
        };
        Self {
            tsi: Some(outcome.tsi),
            cvm: Some(outcome.cvm),
            signature_required: outcome.signature_required(),
            ..Self::new(result, &outcome.card, asked, reversal)
        }
        .proved(outcome.cryptogram.clone(), outcome.tvr)
    }

    pub(super) fn of_tap(
        outcome: &contactless::Outcome,
        record: &DataRecord,
        asked: Option<&Asked>,
        reversal: Option<Reversal>,
    ) -> Self {
        let by_card = match outcome.status {
            OutcomeStatus::Approved => Ending::Approved,
            _ => Ending::Declined,
        };
        let result = host_ending(asked).unwrap_or(by_card);
        Self {
            cvm: record.cvm_results,
            contactless_cvm: outcome.cvm.map(cvm_words),
            signature_required: result == Ending::Approved
                && outcome.cvm == Some(ContactlessCvm::Signature),
            reason: outcome.reason.as_ref().map(ToString::to_string),
            ..Self::new(result, &record.card, asked, reversal)
        }
        .proved(Some(record.cryptogram.clone()), record.tvr)
    }

    fn new(
        result: Ending,
        card: &CardData,
        asked: Option<&Asked>,
        reversal: Option<Reversal>,
    ) -> Self {
        Self {
            result,
            application: (card.application.aid.clone(), card.application.name().to_owned()),
            masked_pan: card.masked_pan(),
            host: HostPart::of(asked),
            reversal,
            cryptogram: None,
            tvr: TerminalVerificationResults::default(),
            tsi: None,
            cvm: None,
            contactless_cvm: None,
            signature_required: false,
            reason: None,
        }
    }

    fn proved(
        self,
        cryptogram: Option<ApplicationCryptogram>,
        tvr: TerminalVerificationResults,
    ) -> Self {
        Self { cryptogram, tvr, ..self }
    }

    /// Tells whether goods may be handed out.
    pub(super) fn is_approved(&self) -> bool {
        self.result == Ending::Approved
    }

    pub(super) fn text(&self, reader: &str, amount: Money) -> String {
        let mut text =
            format!("{}: {} {}\n", self.result.word(), amount.decimal(), amount.currency());
        // Writing to a string does not fail.
        let _ = write!(text, "{}", Lines { ended: self, reader });
        text
    }

    pub(super) fn json(&self, reader: &str, amount: Money) -> Value {
        let (aid, label) = &self.application;
        json!({
            "result": self.result.word(),
            "approved": self.is_approved(),
            "reason": self.reason,
            "amount": amount.decimal(),
            "currency": amount.currency().to_string(),
            "reader": reader,
            "application": { "aid": hex(aid), "label": label },
            "masked_pan": self.masked_pan,
            "host": self.host.json(),
            "reversal": self.reversal.as_ref().map(ToString::to_string),
            "cryptogram": self.cryptogram.as_ref().map(cryptogram_json),
            "tvr": { "bytes": hex(&self.tvr.0), "meanings": results::tvr(self.tvr) },
            "tsi": self.tsi.map(|it| json!({ "bytes": hex(&it), "meanings": results::tsi(it) })),
            "cvm": self.cvm.map(|it| json!({ "bytes": hex(&it.0), "words": results::cvm(it) })),
            "contactless_cvm": self.contactless_cvm,
            "signature_required": self.signature_required,
        })
    }
}

impl HostPart {
    fn json(&self) -> Value {
        match self {
            Self::NotAsked => Value::Null,
            Self::Silent(reason) => json!({ "error": reason }),
            Self::Answered(answer) => json!({
                "code": answer.code.as_str(),
                "rrn": answer.rrn,
                "authorization_code": answer.authorization_code,
            }),
        }
    }
}

impl fmt::Display for HostPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAsked => f.write_str("not asked: card and terminal have decided"),
            Self::Silent(reason) => write!(f, "no answer: {reason}"),
            Self::Answered(answer) => {
                write!(f, "{}", answer.code)?;
                match &answer.authorization_code {
                    Some(code) => write!(f, ", authorisation code {code}"),
                    None => Ok(()),
                }
            }
        }
    }
}

impl fmt::Display for Reversal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Acknowledged => f.write_str("reversed at the host"),
            Self::Open(reason) => write!(f, "the host has not taken the reversal: {reason}"),
        }
    }
}

/// Is the text below the first line.
struct Lines<'a> {
    ended: &'a Ended,
    reader: &'a str,
}

impl fmt::Display for Lines<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { ended, reader } = self;
        let (aid, label) = &ended.application;
        writeln!(f, "reader: {reader}")?;
        writeln!(f, "card: {}, {label} ({})", ended.masked_pan, hex(aid))?;
        if let Some(reason) = &ended.reason {
            writeln!(f, "reason: {reason}")?;
        }
        writeln!(f, "host: {}", ended.host)?;
        if let Some(reversal) = &ended.reversal {
            writeln!(f, "reversal: {reversal}")?;
        }
        if let Some(cryptogram) = &ended.cryptogram {
            let (kind, value) = (kind(cryptogram.kind), hex(&cryptogram.value));
            writeln!(f, "cryptogram: {kind} {value}, counter {}", cryptogram.counter)?;
        }
        ended.results(f)
    }
}

impl Ended {
    fn results(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        meanings(f, "TVR", &self.tvr.0, &results::tvr(self.tvr))?;
        if let Some(tsi) = self.tsi {
            meanings(f, "TSI", &tsi, &results::tsi(tsi))?;
        }
        if let Some(cvm) = self.cvm {
            writeln!(f, "CVM: {} {}", hex(&cvm.0), results::cvm(cvm))?;
        }
        if let Some(cvm) = self.contactless_cvm {
            writeln!(f, "cardholder: {cvm}")?;
        }
        if self.signature_required {
            writeln!(f, "the cardholder signs the voucher")?;
        }
        Ok(())
    }
}

fn meanings(f: &mut fmt::Formatter<'_>, name: &str, bytes: &[u8], texts: &[&str]) -> fmt::Result {
    writeln!(f, "{name}: {}", hex(bytes))?;
    texts.iter().try_for_each(|text| writeln!(f, "  {text}"))
}

fn cryptogram_json(cryptogram: &ApplicationCryptogram) -> Value {
    json!({
        "kind": kind(cryptogram.kind),
        "value": hex(&cryptogram.value),
        "counter": cryptogram.counter,
    })
}

fn kind(kind: CryptogramKind) -> &'static str {
    match kind {
        CryptogramKind::Aac => "AAC",
        CryptogramKind::Arqc => "ARQC",
        CryptogramKind::Tc => "TC",
    }
}

fn cvm_words(cvm: ContactlessCvm) -> &'static str {
    match cvm {
        ContactlessCvm::None => "no verification needed",
        ContactlessCvm::ConsumerDevice => "verified on the own device",
        ContactlessCvm::OnlinePin => "online PIN",
        ContactlessCvm::Signature => "signature",
        _ => "a method that is not known here",
    }
}
