//! What the doctor says.

use super::finding::{Finding, Severity};

/// Returns the findings for people: problems first.
pub(super) fn text(findings: &[Finding]) -> String {
    let mut text = String::new();
    for severity in [Severity::Problem, Severity::Notice] {
        for finding in findings.iter().filter(|finding| finding.severity == severity) {
            text.push_str(&paragraph(finding));
            text.push('\n');
        }
    }
    text + &verdict(findings)
}

fn verdict(findings: &[Finding]) -> String {
    let problems = || findings.iter().filter(|it| it.severity == Severity::Problem);
    let count = match problems().count() {
        0 => return "nothing stands in the way\n".to_owned(),
        1 => "1 problem".to_owned(),
        many => format!("{many} problems"),
    };
    match problems().any(|finding| !finding.cure.is_empty()) {
        true => format!("{count}; `countertop doctor --fix` applies the cures, each after a yes\n"),
        false => format!("{count}, for a person to cure\n"),
    }
}

/// Returns one finding, its cure a command a line.
pub(super) fn paragraph(finding: &Finding) -> String {
    let mark = match finding.severity {
        Severity::Problem => "PROBLEM",
        Severity::Notice => "notice ",
    };
    let mut text = format!("{mark}  {}: {}\n", finding.about, finding.found);
    text.push_str(&format!("         why: {}\n", finding.why));
    for step in &finding.cure {
        text.push_str(&format!("         cure: {step}\n"));
    }
    if let Some(by_hand) = &finding.by_hand {
        text.push_str(&format!("         by hand: {by_hand}\n"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::Step;

    #[test]
    fn problems_come_first_with_their_cure() {
        let notice = Finding::notice("n", "printer", "usblp has it", "nothing to do");
        let problem = Finding::problem("p", "pcscd", "pcscd does not run", "cards need it");
        let problem = problem.cured_by([Step::root(["pcscd"])]).by_hand("look at the cable");
        let text = text(&[notice, problem]);
        assert_eq!(
            text,
            "PROBLEM  pcscd: pcscd does not run\n         why: cards need it\n         \
             cure: sudo pcscd\n         by hand: look at the cable\n\n\
             notice   printer: usblp has it\n         why: nothing to do\n\n\
             1 problem; `countertop doctor --fix` applies the cures, each after a yes\n"
        );
    }

    #[test]
    fn what_only_a_person_can_cure_is_told_so() {
        let problem = Finding::problem("p", "x", "y", "z").by_hand("sign in again");
        assert!(text(&[problem]).ends_with("\n1 problem, for a person to cure\n"));
    }

    #[test]
    fn a_healthy_computer_is_told_so() {
        assert_eq!(text(&[]), "nothing stands in the way\n");
    }
}
