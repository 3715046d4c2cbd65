//! Applying cures, one by one, each with a yes.

use std::io::{self, BufRead, Write};

use super::finding::{Finding, Severity};
use super::report::paragraph;
use crate::commands::printable;
use crate::system::System;

/// Asks a person.
pub(super) trait Consent {
    /// Returns whether the cure of `finding` may be applied.
    fn allows(&mut self, finding: &Finding) -> io::Result<bool>;
}

/// Says yes to everything.
pub(super) struct Always;

impl Consent for Always {
    fn allows(&mut self, _finding: &Finding) -> io::Result<bool> {
        Ok(true)
    }
}

/// Asks on a terminal; only `y` and `yes` are a yes.
pub(super) struct Ask<R, W> {
    pub(super) input: R,
    pub(super) output: W,
}

impl<R: BufRead, W: Write> Consent for Ask<R, W> {
    fn allows(&mut self, finding: &Finding) -> io::Result<bool> {
        let told = printable(&paragraph(finding));
        write!(self.output, "{told}apply this cure? [y/N] ")?;
        self.output.flush()?;
        let mut answer = String::new();
        self.input.read_line(&mut answer)?;
        Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
    }
}

/// Is what became of a cure.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub(super) struct Applied {
    code: &'static str,
    about: String,
    /// What went wrong; nothing when the cure was applied.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

impl core::fmt::Display for Applied {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match &self.error {
            None => write!(f, "applied: {}", self.about),
            Some(error) => write!(f, "FAILED: {}: {error}", self.about),
        }
    }
}

/// Applies the cures that are allowed, and looks again after each: one cure may bring another
/// problem to light or solve it too. No problem is tried twice.
pub(super) fn fix(
    system: &System,
    consent: &mut impl Consent,
    mut look: impl FnMut() -> Vec<Finding>,
) -> io::Result<Vec<Applied>> {
    let mut tried: Vec<Finding> = Vec::new();
    let mut applied = Vec::new();
    loop {
        let next = look().into_iter().find(|finding| {
            let curable = finding.severity == Severity::Problem && !finding.cure.is_empty();
            curable && !tried.iter().any(|before| before.is_again(finding))
        });
        let Some(finding) = next else { return Ok(applied) };
        if consent.allows(&finding)? {
            applied.push(apply(system, &finding));
        }
        tried.push(finding);
    }
}

fn apply(system: &System, finding: &Finding) -> Applied {
    let result = finding.cure.iter().try_for_each(|step| system.run(step));
    let error = result.err().map(|error| error.to_string());
    Applied { code: finding.code, about: finding.about.clone(), error }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::Step;
    use crate::system::tests::Tree;

    fn finding(about: &str) -> Finding {
        let steps = [Step::root([format!("/cure/{about}")])];
        Finding::problem("p", about, "x", "y").cured_by(steps)
    }

    #[test]
    fn each_cure_is_asked_for_and_none_twice() {
        let tree = Tree::new();
        let mut output = Vec::new();
        let mut ask = Ask { input: &b"y\n\nyes\n"[..], output: &mut output };
        let look = || vec![finding("a"), finding("b"), finding("fails")];
        let applied = fix(&tree.system(), &mut ask, look).unwrap();
        assert_eq!(tree.commands(), ["sudo /cure/a", "sudo /cure/fails"]);
        assert_eq!(applied[0].to_string(), "applied: a");
        assert_eq!(applied[1].to_string(), "FAILED: fails: it fails");
        let output = String::from_utf8(output).unwrap();
        assert_eq!(output.matches("apply this cure? [y/N] ").count(), 3);
    }

    #[test]
    fn what_is_gone_after_a_cure_is_not_cured_again() {
        let tree = Tree::new();
        let look =
            || if tree.commands().is_empty() { vec![finding("a"), finding("b")] } else { vec![] };
        fix(&tree.system(), &mut Always, look).unwrap();
        assert_eq!(tree.commands(), ["sudo /cure/a"]);
    }

    #[test]
    fn notices_and_what_needs_hands_are_left_alone() {
        let tree = Tree::new();
        let by_hand = Finding::problem("p", "x", "y", "z").by_hand("sign in again");
        let notice = Finding { severity: Severity::Notice, ..finding("n") };
        fix(&tree.system(), &mut Always, || vec![by_hand.clone(), notice.clone()]).unwrap();
        assert!(tree.commands().is_empty());
    }
}
