//! Calm tables by the thousand, to see what a large fleet costs.

use super::chance::Chance;
use crate::scenario::Scenario;
use crate::scenario::spec::TableSpec;

/// The kinds of tables that a fleet is grown with.
const KINDS: &str = include_str!("../../scenarios/grown.toml");

const TEAMS: [&str; 16] = [
    "ads", "auth", "billing", "cart", "catalog", "chat", "fraud", "loyalty", "mail", "media",
    "orders", "search", "shipping", "stock", "tax", "users",
];

const THINGS: [&str; 12] = [
    "audit", "cache", "counters", "events", "items", "jobs", "locks", "profiles", "rules",
    "sessions", "state", "tokens",
];

/// Builds `count` calm tables; the n-th is the same for every count.
pub(super) fn tables(count: usize, chance: Chance) -> Vec<TableSpec> {
    // The file is part of the binary, and a test reads it.
    let Ok(scenario) = Scenario::parse("grown", KINDS) else { return Vec::new() };
    let kinds = &scenario.spec().tables;
    let grow = |number: usize| {
        let draw = |what: &str| chance.named("grown").named(what).unit(number.cast_signed() as i64);
        let mut table = pick(kinds, draw("kind"))?.clone();
        let team = pick(&TEAMS, draw("team"))?;
        let thing = pick(&THINGS, draw("thing"))?;
        table.name = format!("{team}-{thing}-{number:04}");
        let size = 0.2 + draw("size") * 1.2;
        for traffic in &mut table.traffic {
            traffic.rate *= size;
        }
        Some(table)
    };
    (1..=count).filter_map(grow).collect()
}

/// One of a list, by a draw from 0 to 1.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 <= draw < 1")]
fn pick<T>(list: &[T], draw: f64) -> Option<&T> {
    list.get((draw * list.len() as f64) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grown_tables_have_names_of_their_own_and_do_not_depend_on_the_count() {
        let chance = Chance::seeded(1);
        let many = tables(500, chance);
        let few = tables(10, chance);
        let names: std::collections::HashSet<&str> = many.iter().map(|t| t.name.as_str()).collect();
        assert_eq!(names.len(), 500);
        assert!(few.iter().zip(&many).all(|(one, other)| one.name == other.name));
        assert!(many.iter().all(|table| table.age_hours == 4));
    }
}
