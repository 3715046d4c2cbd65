//! The date and time of a transaction: the host's, where it gave them.

use crate::Timestamp;
use crate::journal::TransactionRecord;

/// Returns `2026/01/01 10:12:13` of a transaction.
pub(super) fn of(record: &TransactionRecord) -> String {
    let host = record.host_date.as_deref().zip(record.host_time.as_deref());
    let from_host = host.and_then(|(date, time)| host_moment(record.started, date, time));
    from_host.unwrap_or_else(|| record.started.to_string())
}

/// Joins the host's `MMDD` and `hhmmss` with the year that lies nearest to the terminal's clock.
fn host_moment(started: Timestamp, date: &str, time: &str) -> Option<String> {
    let (month, day) = pair(date, 4)?.split_at(2);
    let (hour, rest) = pair(time, 6)?.split_at(2);
    let (minute, second) = rest.split_at(2);
    let year = match (started.month(), month) {
        (1, "12") => started.year().checked_sub(1)?,
        (12, "01") => started.year().checked_add(1)?,
        _ => started.year(),
    };
    Some(format!("{year:04}/{month}/{day} {hour}:{minute}:{second}"))
}

fn pair(text: &str, length: usize) -> Option<&str> {
    let proper = text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
    proper.then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEW_YEAR: i64 = 1_767_196_800;

    fn at(seconds: i64, date: &str, time: &str) -> Option<String> {
        host_moment(Timestamp::new(seconds, 8 * 3600), date, time)
    }

    #[test]
    fn the_year_is_the_nearest() {
        assert_eq!(at(NEW_YEAR, "0101", "000001").unwrap(), "2026/01/01 00:00:01");
        assert_eq!(at(NEW_YEAR, "1231", "235959").unwrap(), "2025/12/31 23:59:59");
        assert_eq!(at(NEW_YEAR - 1, "0101", "000001").unwrap(), "2026/01/01 00:00:01");
    }

    #[test]
    fn garbage_is_no_moment() {
        for (date, time) in [("", ""), ("010", "000001"), ("0101", "00000x"), ("01é", "000001")] {
            assert_eq!(at(NEW_YEAR, date, time), None);
        }
    }
}
