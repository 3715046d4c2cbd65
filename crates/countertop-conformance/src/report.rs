//! What the suite finds.

use core::fmt;

/// Says what a check found wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault(String);

impl Fault {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Returns a fault unless the condition holds.
pub(crate) fn require(holds: bool, text: impl FnOnce() -> String) -> Result<(), Fault> {
    if holds { Ok(()) } else { Err(Fault(text())) }
}

/// Collects what checks found.
#[derive(Debug)]
#[must_use]
pub struct Report {
    seed: u64,
    passed: Vec<&'static str>,
    failed: Vec<(&'static str, Fault)>,
}

impl Report {
    pub(crate) fn new(seed: u64) -> Self {
        Self { seed, passed: Vec::new(), failed: Vec::new() }
    }

    pub(crate) fn add(&mut self, check: &'static str, outcome: Result<(), Fault>) {
        match outcome {
            Ok(()) => self.passed.push(check),
            Err(fault) => self.failed.push((check, fault)),
        }
    }

    /// Returns the names of the checks that the driver passed.
    #[must_use]
    pub fn passed(&self) -> &[&'static str] {
        &self.passed
    }

    /// Returns the checks that the driver failed, and why.
    #[must_use]
    pub fn failed(&self) -> &[(&'static str, Fault)] {
        &self.failed
    }

    /// Ends a test.
    ///
    /// # Panics
    ///
    /// When a check failed; the message lists all that did, and the seed to repeat the run with.
    pub fn assert_passed(&self) {
        assert!(self.failed.is_empty(), "{self}");
    }
}

impl Drop for Report {
    /// Names the seed also when a fixture's own assertion ends the run.
    fn drop(&mut self) {
        if std::thread::panicking() && self.failed.is_empty() {
            eprintln!("the run was ended by a panic (CONFORMANCE_SEED={})", self.seed);
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (passed, failed) = (self.passed.len(), self.failed.len());
        writeln!(f, "{passed} checks passed, {failed} failed (CONFORMANCE_SEED={})", self.seed)?;
        for (check, fault) in &self.failed {
            writeln!(f, "{check}: {fault}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_faults_and_seed() {
        let mut report = Report::new(7);
        report.add("good", Ok(()));
        report.assert_passed();
        report.add("bad", require(1 > 2, || "one is not more than two".into()));
        assert_eq!(report.passed(), ["good"]);
        assert_eq!(report.failed(), [("bad", Fault::new("one is not more than two"))]);
        assert_eq!(
            report.to_string(),
            "1 checks passed, 1 failed (CONFORMANCE_SEED=7)\nbad: one is not more than two\n"
        );
    }
}
