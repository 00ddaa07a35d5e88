//! What a scenario says of keys: how often each is asked for, and what it looks like.

use serde::Deserialize;

/// How often each key is asked for.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct KeysSpec {
    /// Distinct partition key values.
    pub(crate) count: u64,
    /// Zipf exponent; 0 is even popularity.
    pub(crate) zipf: f64,
    /// Share of the requests that go to the scripted hot key.
    pub(crate) hot_share: f64,
    /// Minutes after which another key becomes the hot one.
    pub(crate) hot_moves_every: Option<u32>,
    /// Distinct sort key values of one partition key, where there is a sort key; the first is asked for twice
    /// as often as the second, and so on.
    pub(crate) sort_keys: u32,
}

impl Default for KeysSpec {
    fn default() -> Self {
        Self { count: 100_000, zipf: 0.0, hot_share: 0.0, hot_moves_every: None, sort_keys: 4 }
    }
}

/// What the key values of a table or index look like: templates in which `{n}` is a number, `{x}` eight
/// hexadecimal digits and `{t}` a time of day. Where one is absent, the attribute's name decides.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct NamesSpec {
    /// Partition key values, such as `CUSTOMER#{n}`.
    pub(crate) partition: Option<String>,
    /// Sort key values, such as `ORDER#{n}`.
    pub(crate) sort: Option<String>,
    /// The scripted hot key, such as `TENANT#acme`; like the others if absent.
    pub(crate) hot: Option<String>,
}
