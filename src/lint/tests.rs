//! What is found, and what is not.

mod alarms;
mod around;
mod commands;
mod honest;
mod mending;
mod recommended;
mod scene;
mod seed;

use super::findings;
use super::rules::all;
use scene::Scene;
use std::collections::BTreeSet;

/// A case that a rule must find, and a near miss that it must not.
struct Pair {
    id: &'static str,
    found: fn() -> Scene,
    missed: fn() -> Scene,
}

fn pairs() -> impl Iterator<Item = &'static Pair> {
    [alarms::PAIRS, around::PAIRS].into_iter().flatten()
}

fn rules_found(scene: Scene) -> BTreeSet<&'static str> {
    let fixture = scene.fixture();
    findings(fixture.reading()).iter().map(|finding| finding.rule.id).collect()
}

#[test]
fn every_rule_finds_its_case_and_not_the_near_miss() {
    let mut wrong = Vec::new();
    for Pair { id, found, missed } in pairs() {
        if !rules_found(found()).contains(id) {
            wrong.push(format!("{id} misses its case"));
        }
        if rules_found(missed()).contains(id) {
            wrong.push(format!("{id} finds the near miss"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_rule_has_a_pair_and_no_two_have_the_same_id() {
    let rules: Vec<&str> = all().map(|row| row.rule.id).collect();
    let distinct: BTreeSet<&str> = rules.iter().copied().collect();
    assert_eq!(distinct.len(), rules.len());
    let paired: BTreeSet<&str> = pairs().map(|pair| pair.id).collect();
    assert_eq!(paired, distinct);
}

#[test]
fn every_number_of_the_agreed_list_has_its_rule() {
    let rules: BTreeSet<String> = all().map(|row| row.rule.id.to_owned()).collect();
    let mut agreed: BTreeSet<String> = (1..=36).map(|n| format!("DDB{n:03}")).collect();
    agreed.extend((1..=10).map(|n| format!("COV{n:02}")));
    agreed.extend((1..=6).map(|n| format!("CFG{n:02}")));
    assert_eq!(rules, agreed);
}

/// Read aloud: each text is one clause without a full stop, and says something.
#[test]
fn texts_of_rules_are_clauses() {
    for row in all() {
        let rule = &row.rule;
        for text in [rule.what, rule.why, rule.fix, rule.source] {
            assert!(!text.is_empty() && !text.ends_with('.'), "{}: {text}", rule.id);
            assert!(!text.contains("  "), "{}: {text}", rule.id);
        }
    }
}
