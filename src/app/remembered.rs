//! What is kept from one start to the next.

use crate::view::tables::SortBy;
use serde::{Deserialize, Serialize};

/// How the user left things. A filter is not among them: one from yesterday would hide what is in
/// trouble tonight. The filters typed so far are, to be called back with Up.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Remembered {
    /// The column that rows are sorted by.
    #[serde(with = "column_name")]
    pub sort: SortBy,
    /// Whether the order is turned round.
    pub reversed: bool,
    /// Whether indexes that are calm have no row; `None` folds them while something is in trouble
    /// and not everything fits.
    pub fold_indexes: Option<bool>,
    /// Whether times are shown in local time.
    pub local_time: bool,
    /// The theme picked last; `None` is what the settings say.
    pub theme: Option<String>,
    /// Filters kept with Enter, the newest last.
    pub filters: Vec<String>,
}

impl Remembered {
    /// Filters kept at most.
    const FILTERS: usize = 20;

    /// Keeps a filter as the newest one.
    pub(super) fn keep_filter(&mut self, filter: &str) {
        if filter.is_empty() {
            return;
        }
        self.filters.retain(|kept| kept != filter);
        self.filters.push(filter.to_owned());
        let surplus = self.filters.len().saturating_sub(Self::FILTERS);
        self.filters.drain(..surplus);
    }
}

/// A column under its name on screen.
mod column_name {
    use super::SortBy;
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
    pub(super) fn serialize<S: Serializer>(sort: &SortBy, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(sort.name())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<SortBy, D::Error> {
        let name = String::deserialize(from)?;
        let named = SortBy::ALL.into_iter().find(|sort| sort.name() == name);
        named.ok_or_else(|| D::Error::custom("no such column"))
    }
}
