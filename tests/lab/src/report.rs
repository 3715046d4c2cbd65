//! The table at the end.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use crate::outcome::Outcome;
use crate::registry::Entry;

const HEADS: [&str; 7] =
    ["Test", "Device", "Kernel driver", "Our driver", "Pulled", "Result", "Seconds"];

/// What came out of all tests; shown as a table in Markdown with a sum below.
#[derive(Debug, Default)]
pub(crate) struct Report {
    rows: Vec<Row>,
}

#[derive(Debug)]
struct Row {
    entry: Entry,
    outcome: Outcome,
    took: Duration,
}

impl Report {
    /// Adds a test.
    pub(crate) fn add(&mut self, entry: Entry, outcome: Outcome, took: Duration) {
        self.rows.push(Row { entry, outcome, took });
    }

    /// Reads what came out of these tests from the tables of several guests. A test that is in none of them
    /// has failed.
    pub(crate) fn joined(entries: &[Entry], tables: &[PathBuf]) -> Self {
        let text: String =
            tables.iter().filter_map(|it| std::fs::read_to_string(it).ok()).collect();
        let row = |entry: &Entry| {
            let name = format!("| {} ", entry.full_name());
            let (outcome, took) = text
                .lines()
                .find(|line| line.starts_with(&name))
                .and_then(read)
                .unwrap_or_else(|| (Outcome::Failed("not run".to_owned()), Duration::ZERO));
            Row { entry: *entry, outcome, took }
        };
        Self { rows: entries.iter().map(row).collect() }
    }

    /// Returns whether no test was run.
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Returns whether there is a test and none failed.
    pub(crate) fn passed(&self) -> bool {
        !self.is_empty() && self.count(|it| matches!(it, Outcome::Failed(_))) == 0
    }

    fn count(&self, kind: impl Fn(&Outcome) -> bool) -> usize {
        self.rows.iter().filter(|row| kind(&row.outcome)).count()
    }
}

impl Row {
    fn cells(&self) -> [String; 7] {
        let test = self.entry.test;
        let result = match &self.outcome {
            Outcome::Passed => "passed".to_owned(),
            Outcome::Skipped(reason) => format!("skipped: {reason}"),
            Outcome::Failed(reason) => format!("FAILED: {reason}"),
        };
        let seconds = format!("{}.{}", self.took.as_secs(), self.took.subsec_millis() / 100);
        let text = [test.device, test.kernel_driver, test.driver, test.pulled].map(str::to_owned);
        let [device, kernel_driver, driver, pulled] = text;
        [self.entry.full_name(), device, kernel_driver, driver, pulled, result, seconds]
            .map(|cell| cell.replace('|', "\\|"))
    }
}

/// Reads a row of the table.
fn read(line: &str) -> Option<(Outcome, Duration)> {
    let mut cells =
        line.trim_matches('|').rsplit(" | ").map(|cell| cell.trim().replace("\\|", "|"));
    let seconds = cells.next()?.split_once('.').and_then(|(seconds, tenths)| {
        let tenths: u64 = tenths.parse().ok()?;
        Some(Duration::from_millis(seconds.parse::<u64>().ok()? * 1_000 + tenths * 100))
    })?;
    let result = cells.next()?;
    let outcome = match result.split_once(": ") {
        None if result == "passed" => Outcome::Passed,
        Some(("skipped", reason)) => Outcome::Skipped(reason.to_owned()),
        Some(("FAILED", reason)) => Outcome::Failed(reason.to_owned()),
        _ => return None,
    };
    Some((outcome, seconds))
}

fn line(cells: &[String; 7], widths: &[usize; 7]) -> String {
    let padded = cells.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}"));
    format!("| {} |", padded.collect::<Vec<_>>().join(" | "))
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rows = vec![HEADS.map(str::to_owned)];
        rows.extend(self.rows.iter().map(Row::cells));
        let widths: [usize; 7] = std::array::from_fn(|column| {
            rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0)
        });
        rows.insert(1, widths.map(|width| "-".repeat(width)));
        for row in &rows {
            writeln!(formatter, "{}", line(row, &widths))?;
        }
        let passed = self.count(|it| *it == Outcome::Passed);
        let skipped = self.count(|it| matches!(it, Outcome::Skipped(_)));
        let failed = self.rows.len() - passed - skipped;
        write!(formatter, "\n{passed} passed, {failed} failed, {skipped} skipped\n")
    }
}

#[cfg(test)]
mod checks {
    use super::*;
    use crate::registry;

    fn report(outcomes: &[Outcome]) -> Report {
        let entry = registry::all().next().expect("the registry is empty");
        let mut report = Report::default();
        for outcome in outcomes {
            report.add(entry, outcome.clone(), Duration::from_millis(1_250));
        }
        report
    }

    #[test]
    fn nothing_run_and_a_failure_are_no_pass() {
        assert!(!report(&[]).passed());
        assert!(!report(&[Outcome::Passed, Outcome::Failed("x".to_owned())]).passed());
        assert!(report(&[Outcome::Passed, Outcome::Skipped("x".to_owned())]).passed());
    }

    #[test]
    fn the_table_is_aligned_and_its_cells_stay_cells() {
        let text = report(&[Outcome::Passed, Outcome::Failed("a | b".to_owned())]).to_string();
        let rows: Vec<_> = text.lines().take(4).collect();
        assert!(rows.iter().all(|row| row.chars().count() == rows[0].chars().count()), "{text}");
        assert!(rows[3].contains("FAILED: a \\| b"), "{text}");
        assert!(rows[2].contains("| 1.2 "), "{text}");
        assert!(text.ends_with("1 passed, 1 failed, 0 skipped\n"), "{text}");
    }

    #[test]
    fn tables_are_joined_and_what_is_missing_has_failed() {
        let entries: Vec<_> = registry::all().take(4).collect();
        let outcomes = [
            Outcome::Passed,
            Outcome::Failed("a | b: c".to_owned()),
            Outcome::Skipped("no such hardware".to_owned()),
        ];
        let folder = std::env::temp_dir();
        let table = folder.join(format!("countertop-lab-{}.md", std::process::id()));
        let mut report = Report::default();
        for (entry, outcome) in entries.iter().zip(&outcomes) {
            report.add(*entry, outcome.clone(), Duration::from_millis(12_300));
        }
        std::fs::write(&table, report.to_string()).expect("the table is written");
        let joined = Report::joined(&entries, &[folder.join("no such table"), table.clone()]);
        std::fs::remove_file(table).expect("the table is removed");
        let read: Vec<_> = joined.rows.iter().map(|row| (row.outcome.clone(), row.took)).collect();
        let written = outcomes.map(|outcome| (outcome, Duration::from_millis(12_300)));
        assert_eq!(read[..3], written);
        assert_eq!(read[3], (Outcome::Failed("not run".to_owned()), Duration::ZERO));
    }
}
