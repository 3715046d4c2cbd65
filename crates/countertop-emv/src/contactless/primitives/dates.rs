//! Whether an application is valid on a day (EMV Book 3, clause 10.4.3).

use countertop_wire::tlv::tags;

use super::Objects;

/// Tells whether Application Expiration Date (`5F24`) lies before the day; without one it counts as
/// expired.
pub(in crate::contactless) fn has_expired(objects: &Objects, today: [u8; 3]) -> bool {
    objects.sized(tags::APPLICATION_EXPIRATION_DATE).is_none_or(|last| day(last) < day(today))
}

/// Tells whether Application Effective Date (`5F25`), where there is one, lies after the day.
pub(in crate::contactless) fn is_not_yet_effective(objects: &Objects, today: [u8; 3]) -> bool {
    objects.sized(tags::APPLICATION_EFFECTIVE_DATE).is_some_and(|first| day(first) > day(today))
}

/// Years from 50 on are of the last century (EMV Book 4, clause 6.7.3).
fn day([year, month, day]: [u8; 3]) -> (bool, [u8; 3]) {
    (year < 0x50, [year, month, day])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_day_counts() {
        let mut objects = Objects::default();
        assert!(has_expired(&objects, [0x26, 0x11, 0x30]));
        assert!(!is_not_yet_effective(&objects, [0x26, 0x11, 0x30]));
        objects.put(tags::APPLICATION_EXPIRATION_DATE, &[0x26, 0x11, 0x30]).unwrap();
        objects.put(tags::APPLICATION_EFFECTIVE_DATE, &[0x26, 0x01, 0x02]).unwrap();
        assert!(!has_expired(&objects, [0x26, 0x11, 0x30]));
        assert!(has_expired(&objects, [0x26, 0x12, 0x01]));
        assert!(!has_expired(&objects, [0x99, 0x12, 0x31]), "1999");
        assert!(is_not_yet_effective(&objects, [0x26, 0x01, 0x01]));
        assert!(!is_not_yet_effective(&objects, [0x26, 0x01, 0x02]));
    }
}
