//! What the keys of a table or index look like: values that an application might use.

use super::chance::Chance;
use super::keys::Key;
use crate::scenario::spec::NamesSpec;

/// Attributes that say nothing of what they hold; the table's name does then.
const GENERIC: [&str; 6] = ["id", "key", "pk", "sk", "entity", "hash"];
/// Coprime with every power of ten, so that different keys get different numbers.
const STRIDE: u128 = 7_368_787;
const SECONDS_PER_DAY: u64 = 86_400;

/// The looks of the keys of one table or index.
#[derive(Debug, Clone)]
pub(super) struct Names {
    /// The key attributes: of the partition key, and of the sort key if there is one.
    labels: Vec<String>,
    partition: String,
    sort: String,
    hot: Option<String>,
    /// One more than the largest number of a partition key value.
    numbers: u64,
    chance: Chance,
}

impl Names {
    /// Gives names to up to `count` partition key values.
    pub(super) fn new(
        spec: &NamesSpec,
        table: &str,
        labels: &[String],
        count: u64,
        chance: Chance,
    ) -> Self {
        let template = |given: &Option<String>, position: usize| {
            let derived = || labels.get(position).map(|label| template(label, table));
            given.clone().or_else(derived).unwrap_or_default()
        };
        Self {
            labels: labels.to_vec(),
            partition: template(&spec.partition, 0),
            sort: template(&spec.sort, 1),
            hot: spec.hot.clone(),
            numbers: 10_u64.saturating_pow(count.max(100).ilog10() + 1),
            chance: chance.named("key names"),
        }
    }

    /// The attributes, in the order of the key schema.
    pub(super) fn labels(&self) -> &[String] {
        &self.labels
    }

    /// A partition key value.
    pub(super) fn partition(&self, key: Key) -> String {
        let (template, index) = match key {
            Key::Hot(turn) => {
                let template = self.hot.as_ref().unwrap_or(&self.partition);
                (template, self.numbers.saturating_sub(1 + turn.rem_euclid(97).unsigned_abs()))
            }
            Key::Ranked(rank) => (&self.partition, rank),
        };
        self.fill(template, index, self.numbers)
    }

    /// The sort key value of an item of a partition key value, counted from 0.
    pub(super) fn sort(&self, key: Key, item: u32) -> String {
        let of_key = match key {
            Key::Hot(turn) => self.chance.named("hot").bits(turn),
            Key::Ranked(rank) => self.chance.named("ranked").bits(rank.cast_signed()),
        };
        // Items of one key are neighbours, and never the same.
        self.fill(&self.sort, of_key % 1_000_000 + u64::from(item), 10_000_000)
    }

    fn fill(&self, template: &str, index: u64, numbers: u64) -> String {
        let numbers = u128::from(numbers.max(1));
        let offset = u128::from(self.chance.bits(0)) % numbers;
        let number = (u128::from(index) * STRIDE + offset) % numbers;
        let number = u64::try_from(number).unwrap_or_default();
        let digits = self.chance.named("digits").bits(number.cast_signed()) >> 32;
        template
            .replace("{n}", &number.to_string())
            .replace("{x}", &format!("{digits:08x}"))
            .replace("{t}", &time_of_day(number))
    }
}

/// What values of an attribute look like, by its name and the table's.
fn template(attribute: &str, table: &str) -> String {
    let name = attribute.to_ascii_lowercase();
    if name == "at" || name.ends_with("_at") {
        return "2026-11-22T{t}Z".to_owned();
    }
    let generic = GENERIC.contains(&name.as_str()) || name.starts_with("gsi");
    let entity = if generic && (name.ends_with("sk") || name == "sk") {
        "item".to_owned()
    } else if generic {
        singular(table.rsplit(['-', '_', '.']).next().unwrap_or(table))
    } else {
        name.strip_suffix("_id").unwrap_or(&name).to_owned()
    };
    let number = if entity == "session" || entity == "visitor" { "{x}" } else { "{n}" };
    format!("{}#{number}", entity.to_ascii_uppercase())
}

/// `orders` is `order`.
fn singular(plural: &str) -> String {
    let plural = plural.to_ascii_lowercase();
    match plural.strip_suffix("ies") {
        Some(stem) => format!("{stem}y"),
        None => plural.strip_suffix('s').unwrap_or(&plural).to_owned(),
    }
}

fn time_of_day(number: u64) -> String {
    let seconds = number % SECONDS_PER_DAY;
    format!("{:02}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn names(spec: &NamesSpec, table: &str, labels: &[&str]) -> Names {
        let labels: Vec<String> = labels.iter().map(|label| (*label).to_owned()).collect();
        Names::new(spec, table, &labels, 100_000, Chance::seeded(1))
    }

    #[test]
    fn a_value_says_what_it_is_of() {
        for (table, label, expected) in [
            ("orders", "PK", "ORDER#{n}"),
            ("shop-entries", "id", "ENTRY#{n}"),
            ("orders", "customer_id", "CUSTOMER#{n}"),
            ("orders", "GSI1SK", "ITEM#{n}"),
            ("sessions", "session_id", "SESSION#{x}"),
            ("clicks", "created_at", "2026-11-22T{t}Z"),
        ] {
            assert_eq!(template(label, table), expected, "{table} {label}");
        }
    }

    #[test]
    fn different_keys_have_different_names_and_the_same_key_always_the_same() {
        let names = names(&NamesSpec::default(), "orders", &["PK", "SK"]);
        let keys = (1..2_000).map(Key::Ranked).chain((0..50).map(Key::Hot));
        let values: Vec<String> = keys.map(|key| names.partition(key)).collect();
        assert_eq!(values.iter().collect::<HashSet<_>>().len(), values.len());
        let items: HashSet<String> = (0..4).map(|item| names.sort(Key::Ranked(3), item)).collect();
        assert_eq!(items.len(), 4);
        assert_eq!(names.partition(Key::Ranked(7)), names.clone().partition(Key::Ranked(7)));
        assert!(values[0].starts_with("ORDER#"), "{}", values[0]);
    }

    #[test]
    fn a_scenario_has_the_last_word() {
        let spec = NamesSpec {
            partition: Some("TENANT#{n}".to_owned()),
            sort: Some("USER#{x}".to_owned()),
            hot: Some("TENANT#acme".to_owned()),
        };
        let names = names(&spec, "orders", &["PK", "SK"]);
        assert_eq!(names.partition(Key::Hot(0)), "TENANT#acme");
        assert!(names.partition(Key::Ranked(1)).starts_with("TENANT#"));
        assert_eq!(names.sort(Key::Ranked(1), 0).len(), "USER#".len() + 8);
    }
}
