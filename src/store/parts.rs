//! Parts of lists that are read for themselves after a write, while a reading of the whole list may be under way.

use super::series::CLOCK_SLACK_MINUTES;
use jiff::{SignedDuration, Timestamp};

/// The parts of a list that were read last for themselves, by what they are about.
#[derive(Debug, Clone)]
pub(super) struct Parts<K, T>(Vec<Part<K, T>>);

#[derive(Debug, Clone)]
struct Part<K, T> {
    about: K,
    items: Vec<T>,
    /// When it was asked for.
    at: Timestamp,
}

// Not derived: that would ask for a `K` and a `T` with defaults.
impl<K, T> Default for Parts<K, T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K, T> Parts<K, T> {
    pub(super) const fn new() -> Self {
        Self(Vec::new())
    }
}

impl<K: PartialEq, T: Clone> Parts<K, T> {
    /// Takes in what was read of a part, and puts it into `list`, if the whole is known.
    pub(super) fn tell(
        &mut self,
        list: Option<&mut Vec<T>>,
        (about, items): (K, Vec<T>),
        at: Timestamp,
        key: impl Fn(&T) -> &K,
    ) {
        let part = Part { about, items, at };
        if let Some(list) = list {
            part.put_into(list, key);
        }
        self.0.retain(|known| known.about != part.about);
        self.0.push(part);
    }

    /// Puts into a `list` that was read whole what was asked for later than that, and forgets the rest.
    pub(super) fn amend(&mut self, list: &mut Vec<T>, at: Timestamp, key: impl Fn(&T) -> &K) {
        self.0.retain(|part| is_outdated(at, part.at));
        self.0.iter().for_each(|part| part.put_into(list, &key));
    }
}

impl<K: PartialEq, T: Clone> Part<K, T> {
    fn put_into(&self, list: &mut Vec<T>, key: impl Fn(&T) -> &K) {
        list.retain(|known| *key(known) != self.about);
        list.extend_from_slice(&self.items);
    }
}

/// Whether what was asked for `at` a moment is older than what is `known` of a later one. A clock that was set back
/// makes nothing old.
pub(super) fn is_outdated(at: Timestamp, known: Timestamp) -> bool {
    let ahead = known.duration_since(at);
    ahead > SignedDuration::ZERO && ahead <= SignedDuration::from_mins(CLOCK_SLACK_MINUTES)
}
