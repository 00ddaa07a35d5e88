//! Reports of Contributor Insights: which keys are asked for most, and which are throttled most.
//!
//! Keys are customer data. A [`Key`] shows its mask wherever it is written; its value is got by
//! [`Key::reveal`] alone.

use super::time::{Minute, Window};
use serde::{Serialize, Serializer};
use sha2::{Digest, Sha256};
use std::fmt;
use std::sync::Arc;

/// What one partition serves in a minute, in `ConsumedThroughputUnits`: three times 1,000 write units, or
/// 3,000 read units, a second (`Amazon DynamoDB` Developer Guide, "Contributor Insights for DynamoDB: How it
/// works").
pub const PARTITION_UNITS_PER_MINUTE: f64 = 180_000.0;

/// The longest beginning of a key that is taken for the name of a kind of entity.
const LONGEST_ENTITY: usize = 24;
/// Bytes of the hash in a mask: enough to tell the keys of some tables apart, far too few to find a key by.
const TOLD: usize = 3;

/// What makes the masks of one run different from those of any other: without it nobody can try which key a
/// mask belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct MaskSalt([u8; 16]);

impl MaskSalt {
    /// A salt of random bits, which nobody else must know.
    pub fn new(random: u128) -> Self {
        Self(random.to_le_bytes())
    }
}

impl fmt::Debug for MaskSalt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MaskSalt(…)")
    }
}

/// A key value: of a partition key, or of a sort key.
///
/// `Debug`, `Display` and serialization write the mask, such as `CUSTOMER#*5f3a1c`: the kind of entity before the
/// first `#`, if there is one, and a hash that is the same for equal keys within a run.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    value: Arc<str>,
    mask: Arc<str>,
}

impl Key {
    /// Takes in a key as AWS tells it.
    pub fn new(value: &str, salt: MaskSalt) -> Self {
        let hash = Sha256::new().chain_update(salt.0).chain_update(value).finalize();
        let hash = hash.iter().take(TOLD).fold(0_u32, |hash, byte| hash << 8 | u32::from(*byte));
        let mask = format!("{}*{hash:06x}", entity(value));
        Self { value: Arc::from(value), mask: Arc::from(mask) }
    }

    /// A key from a recording, under the mask that it had in that run; where the recording has no more than
    /// the mask, that is all there is to reveal.
    pub fn recorded(mask: Arc<str>, value: Option<Arc<str>>) -> Self {
        Self { value: value.unwrap_or_else(|| Arc::clone(&mask)), mask }
    }

    /// The mask.
    pub fn masked(&self) -> &str {
        &self.mask
    }

    /// The kind of entity that the mask keeps, such as `CUSTOMER#`; empty if the key does not begin with one.
    pub fn entity(&self) -> &str {
        entity(&self.value)
    }

    /// The value itself, for whoever has asked to see keys.
    pub fn reveal(&self) -> &str {
        &self.value
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.mask)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({})", self.mask)
    }
}

impl Serialize for Key {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.mask)
    }
}

/// The kind of entity that a key begins with, and its `#`: letters, `-` and `_` alone, since a number or a name
/// with a dot may be somebody's.
fn entity(key: &str) -> &str {
    let Some((kind, _)) = key.split_once('#') else { return "" };
    let is_word = |c: char| c.is_ascii_alphabetic() || matches!(c, '_' | '-');
    let is_kind = (1..=LONGEST_ENTITY).contains(&kind.len()) && kind.chars().all(is_word);
    if is_kind { key.get(..=kind.len()).unwrap_or_default() } else { "" }
}

/// What a rule ranks, and by what (the same page).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RuleKind {
    /// Partition keys by consumption.
    AccessedKeys,
    /// Pairs of partition key and sort key by consumption.
    AccessedPairs,
    /// Partition keys by throttle events.
    ThrottledKeys,
    /// Pairs of partition key and sort key by throttle events.
    ThrottledPairs,
}

impl RuleKind {
    /// All of them, in the order they are read and shown.
    pub const ALL: [Self; 4] =
        [Self::ThrottledKeys, Self::AccessedKeys, Self::ThrottledPairs, Self::AccessedPairs];

    /// AWS's letters for it in the name of a rule.
    pub fn code(self) -> &'static str {
        match self {
            Self::AccessedKeys => "PKC",
            Self::AccessedPairs => "SKC",
            Self::ThrottledKeys => "PKT",
            Self::ThrottledPairs => "SKT",
        }
    }

    /// What the rule of this name ranks; `None` for one that DynamoDB did not make, or makes next.
    pub fn of_rule(name: &str) -> Option<Self> {
        let code = name.strip_prefix("DynamoDBContributorInsights-")?.split('-').next()?;
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Whether it counts throttle events, rather than `ConsumedThroughputUnits`.
    pub fn is_of_throttles(self) -> bool {
        match self {
            Self::ThrottledKeys | Self::ThrottledPairs => true,
            Self::AccessedKeys | Self::AccessedPairs => false,
        }
    }

    /// What its values are, in words.
    pub fn unit(self) -> &'static str {
        if self.is_of_throttles() { "throttle events" } else { "units (3xWCU+RCU)" }
    }
}

/// What one rule counted in a window (`GetInsightRuleReport`).
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// What it ranks.
    pub kind: RuleKind,
    /// The rule's name.
    pub rule: Arc<str>,
    /// The minutes that were asked for. Contributor Insights may have been off in some of them.
    pub window: Window,
    /// The key attributes that make up a contributor.
    pub labels: Vec<Arc<str>>,
    /// The sum over all contributors, in [`RuleKind::unit`].
    pub total: f64,
    /// About how many contributors there were.
    pub unique: u64,
    /// Those with the largest sums, the largest first.
    pub contributors: Vec<Contributor>,
}

/// What was read of one table or index at a time.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Reports {
    /// A report of each rule that was read, in the order of [`RuleKind::ALL`].
    pub reports: Vec<Report>,
    /// Whether there are no other rules: where one of them could not be read, its last report holds on.
    pub is_whole: bool,
}

/// A key, or a pair of keys, with what it was asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Contributor {
    /// The partition key, and the sort key in a rule of pairs.
    pub keys: Vec<Key>,
    /// The sum over the window, approximately, in [`RuleKind::unit`].
    pub total: f64,
    /// Each minute in which it appeared, ascending.
    pub points: Vec<(Minute, f64)>,
}

impl Report {
    /// A contributor's share of everything that the rule counted, 0 to 1; `None` if nothing was.
    pub fn share_of_total(&self, contributor: &Contributor) -> Option<f64> {
        (self.total > 0.0).then(|| (contributor.total / self.total).min(1.0))
    }

    /// How much of what one partition can serve a contributor took over the window, 0 to 1; `None` for throttle
    /// events. `ConsumedThroughputUnits` do not tell reads from writes, and this does not either: at 1 the key
    /// takes a whole partition.
    pub fn share_of_partition(&self, contributor: &Contributor) -> Option<f64> {
        let minutes = self.window.minutes();
        let mean = (minutes > 0).then_some(contributor.total / minutes as f64)?;
        share_of_partition(self.kind, mean)
    }
}

/// How much of what one partition can serve so many units in a minute are, 0 to 1; `None` for throttle events.
pub fn share_of_partition(kind: RuleKind, units_per_minute: f64) -> Option<f64> {
    (!kind.is_of_throttles()).then_some(units_per_minute / PARTITION_UNITS_PER_MINUTE)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SALT: MaskSalt = MaskSalt([7; 16]);

    #[test]
    fn nothing_but_reveal_writes_a_key() {
        let key = Key::new("CUSTOMER#8131", SALT);
        let contributor = Contributor { keys: vec![key.clone()], total: 1.0, points: vec![] };
        let json = serde_json::to_string(&key).unwrap();
        for written in [format!("{key}"), format!("{key:?}"), json, format!("{contributor:?}")] {
            assert!(!written.contains("8131"), "{written}");
            assert!(written.contains("CUSTOMER#*"), "{written}");
        }
        assert_eq!(key.reveal(), "CUSTOMER#8131");
        assert_eq!(format!("{SALT:?}"), "MaskSalt(…)");
    }

    #[test]
    fn a_mask_keeps_the_kind_of_entity_and_no_more() {
        for (key, kept) in [
            ("CUSTOMER#8131", "CUSTOMER#"),
            ("Order-Line#1#2", "Order-Line#"),
            ("TENANT#acme#USER#ann", "TENANT#"),
            ("ann@example.com", ""),
            ("ann.smith#1", ""),
            ("555-0100#call", ""),
            ("#x", ""),
            ("", ""),
            ("a-beginning-that-is-no-kind-of-entity#1", ""),
            ("Straße#1", ""),
        ] {
            let mask = Key::new(key, SALT).to_string();
            let rest = mask.strip_prefix(kept).unwrap_or_else(|| panic!("{key}: {mask}"));
            assert!(rest.starts_with('*') && rest.len() == 7, "{key}: {mask}");
            assert_eq!(Key::new(key, SALT).entity(), kept);
        }
    }

    #[test]
    fn equal_keys_have_equal_masks_in_one_run_and_other_masks_in_the_next() {
        let mask = |key: &str, salt: u128| Key::new(key, MaskSalt::new(salt)).to_string();
        assert_eq!(mask("ORDER#1", 1), mask("ORDER#1", 1));
        assert_ne!(mask("ORDER#1", 1), mask("ORDER#2", 1));
        assert_ne!(mask("ORDER#1", 1), mask("ORDER#1", 2));
    }

    #[test]
    fn the_letters_in_a_rules_name_say_what_it_ranks() {
        let of = |code: &str| {
            RuleKind::of_rule(&format!("DynamoDBContributorInsights-{code}-a-b-1576629651520"))
        };
        for kind in RuleKind::ALL {
            assert_eq!(of(kind.code()), Some(kind));
        }
        assert_eq!(of("PKX"), None);
        assert_eq!(RuleKind::of_rule("my-PKC-rule"), None);
    }

    #[test]
    fn a_key_that_takes_180000_units_a_minute_takes_a_partition() {
        let contributor =
            Contributor { keys: vec![], total: 1_350_000.0, points: vec![(Minute(1), 1.0)] };
        let report = |kind| Report {
            kind,
            rule: Arc::from("r"),
            window: Window { start: Minute(0), end: Minute(15) },
            labels: vec![],
            total: 2_700_000.0,
            unique: 9,
            contributors: vec![],
        };
        let accessed = report(RuleKind::AccessedKeys);
        assert_eq!(accessed.share_of_partition(&contributor), Some(0.5));
        assert_eq!(accessed.share_of_total(&contributor), Some(0.5));
        assert_eq!(report(RuleKind::ThrottledKeys).share_of_partition(&contributor), None);
        let nothing = Report { total: 0.0, ..accessed };
        assert_eq!(nothing.share_of_total(&contributor), None);
    }
}
