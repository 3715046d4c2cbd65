//! What SCardGetStatusChange waits for.

use std::ffi::CString;

use pcsc::{PNP_NOTIFICATION, ReaderState, State};

/// So many states SCardGetStatusChange takes (PCSCLITE_MAX_READERS_CONTEXTS).
const MOST: usize = 16;

/// Makes `states` those of the readers that there are, and of the list of readers itself.
pub(super) fn prepare(names: &[String], states: &mut Vec<ReaderState>) {
    let is_listed = |state: &ReaderState| names.iter().any(|name| is_of(state, name));
    states.retain(|state| is_pnp(state) || (is_listed(state) && !is_dead(state)));
    for name in names {
        if !states.iter().any(|state| is_of(state, name))
            && let Ok(name) = CString::new(name.as_str())
        {
            states.push(ReaderState::new(name, State::UNAWARE));
        }
    }
    let has_pnp = states.iter().any(is_pnp);
    // When there are as many readers as can be, none comes.
    if has_pnp && states.len() > MOST {
        states.retain(|state| !is_pnp(state));
    } else if !has_pnp && states.len() < MOST {
        states.push(ReaderState::new(PNP_NOTIFICATION(), State::UNAWARE));
    }
    states.iter_mut().for_each(ReaderState::sync_current_state);
}

/// Tells whether it is the list of readers itself.
pub(super) fn is_pnp(state: &ReaderState) -> bool {
    state.name() == PNP_NOTIFICATION()
}

fn is_of(state: &ReaderState, name: &str) -> bool {
    state.name().to_string_lossy() == name
}

/// Tells whether it is a reader that is not there.
pub(super) fn is_dead(state: &ReaderState) -> bool {
    state.event_state().intersects(State::UNKNOWN | State::IGNORE | State::UNAVAILABLE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sixteen_readers_leave_no_room_for_news_of_others() {
        let names: Vec<_> = (0..MOST).map(|number| format!("Reader {number:02}")).collect();
        let mut states = Vec::new();
        prepare(&names[..MOST - 1], &mut states);
        assert_eq!((states.len(), states.iter().filter(|state| is_pnp(state)).count()), (MOST, 1));
        prepare(&names, &mut states);
        assert_eq!((states.len(), states.iter().filter(|state| is_pnp(state)).count()), (MOST, 0));
    }
}
