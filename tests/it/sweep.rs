//! Verdicts against the truth: every throttling reason in a world of its own, hundreds of random
//! worlds, and the shipped scenarios; with the reason metrics, and with these withheld.

mod dax;
mod live;
mod look;
mod questions;
mod quiet;
mod random;
mod reasons;
mod shipped;
mod truth;

use crate::support::alone;
use ddbtop::diagnose::{Confidence, Verdict};
use ddbtop::model::id::Resource;
use ddbtop::model::throttle::{Direction, Limit, Reason};
use ddbtop_sim::scenario::Scenario;
use look::each;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use truth::{Refused, Truth};

/// Random worlds; each is looked at twice.
const WORLDS: u64 = 160;
/// From this share on the cause is clear.
const CLEAR: f64 = 0.6;

/// One resource and direction at one look, as it was and as it was judged.
struct Judged {
    /// Where to find it again.
    place: String,
    withheld: bool,
    resource: Resource,
    direction: Direction,
    refused: Refused,
    verdict: Option<Verdict>,
}

impl Judged {
    fn named(&self) -> Option<Limit> {
        let reason = self.verdict.as_ref()?.reason?;
        let expected = Reason::of(&self.resource, self.direction, reason.limit);
        assert_eq!(Some(reason), expected, "{}", self.place);
        Some(reason.limit)
    }

    /// What is wrong with the verdict, or with there being none.
    fn problem(&self) -> Option<&'static str> {
        let Some(verdict) = &self.verdict else {
            return self.refused.is_sustained().then_some("throttling without a verdict");
        };
        if self.refused.is_quiet() {
            return Some("a verdict without throttling");
        }
        let (dominant, dominance) = (self.refused.dominant()?, self.refused.dominance());
        match (verdict.confidence, self.named()) {
            (Confidence::Unknown, None) if !verdict.candidates.contains(&dominant) => {
                Some("unknown, and the cause is not a candidate")
            }
            (Confidence::Unknown, None) if !self.withheld && self.refused.is_sustained() => {
                Some("unknown in spite of reasons")
            }
            (Confidence::Measured, Some(_)) if self.withheld => Some("measured without reasons"),
            // A minute of one series may come late, which matters where two are nearly equal.
            (Confidence::Measured, Some(named))
                if named != dominant && dominance - self.refused.share(named) > 0.1 =>
            {
                Some("measured wrong")
            }
            (Confidence::Measured, Some(named)) if named != dominant && dominance > CLEAR => {
                Some("measured wrong, though clear")
            }
            (Confidence::Inferred, Some(named)) if named != dominant => Some("inferred wrong"),
            (Confidence::Measured | Confidence::Inferred, Some(_))
            | (Confidence::Unknown, None) => None,
            (_, _) => Some("a cause and its confidence contradict each other"),
        }
    }

    /// The row of the matrix: what it was.
    fn row(&self) -> String {
        match self.refused.dominant() {
            _ if self.refused.is_quiet() => "quiet".to_owned(),
            Some(limit) if self.refused.is_sustained() => {
                let unclear = if self.refused.dominance() > CLEAR { "" } else { " (unclear)" };
                format!("{}{unclear}", Reason::of(&self.resource, self.direction, limit).unwrap())
            }
            _ => "a few events".to_owned(),
        }
    }

    /// The column of the matrix: what it was called.
    fn column(&self) -> &'static str {
        match (&self.verdict, self.named()) {
            (None, _) => "none",
            (Some(_), None) => "unknown",
            (Some(_), Some(limit)) => limit.cause(),
        }
    }
}

impl std::fmt::Display for Judged {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let verdict = self.verdict.as_ref().map_or("none".to_owned(), look::in_a_line);
        let Self { place, resource, direction, refused, .. } = self;
        let direction = direction.as_str();
        write!(f, "{place}: {resource:?} {direction}: verdict {verdict}; truth {refused:?}")?;
        let evidence = self.verdict.iter().flat_map(|verdict| &verdict.evidence);
        evidence.into_iter().try_for_each(|evidence| write!(f, "\n    {}", evidence.text))
    }
}

/// Looks twice at one random world, with and without its reasons.
fn judge(seed: u64) -> Vec<Judged> {
    let toml = random::scenario(seed);
    let scenario = Scenario::parse("random", &toml).unwrap_or_else(|e| panic!("{e}\n{toml}"));
    let bare = Scenario::parse("random", &format!("withhold_reasons = true\n{toml}")).unwrap();
    let mut truth = Truth::of(&scenario, seed);
    let worlds = [(false, look::world(&scenario, seed)), (true, look::world(&bare, seed))];
    let resources = truth.resources();
    let mut judged = vec![];
    for minutes in [0, 3 + (seed * 7 % 50).cast_signed()] {
        for (withheld, world) in &worlds {
            let verdicts = look::verdicts(world, minutes);
            for resource in &resources {
                for direction in Direction::ALL {
                    judged.push(Judged {
                        place: format!("world {seed} at +{minutes}"),
                        withheld: *withheld,
                        refused: truth.refused(resource, direction, minutes),
                        verdict: look::about(&verdicts, resource, direction).cloned(),
                        direction,
                        resource: resource.clone(),
                    });
                }
            }
        }
    }
    judged
}

const COLUMNS: [&str; 6] =
    ["provisioned", "key-range", "max-on-demand", "account-limit", "unknown", "none"];

/// How often what was called what.
fn matrix(judged: &[Judged], withheld: bool) -> BTreeMap<String, BTreeMap<&'static str, usize>> {
    let mut matrix: BTreeMap<String, BTreeMap<&'static str, usize>> = BTreeMap::new();
    for one in judged.iter().filter(|one| one.withheld == withheld) {
        *matrix.entry(one.row()).or_default().entry(one.column()).or_default() += 1;
    }
    matrix
}

fn print(judged: &[Judged]) -> String {
    let mut text = String::new();
    for (withheld, title) in [(false, "with the reason metrics"), (true, "reasons withheld")] {
        let _ = write!(text, "{title:50}");
        let _ = COLUMNS.iter().try_for_each(|column| write!(text, "{column:>15}"));
        for (row, counts) in matrix(judged, withheld) {
            let _ = write!(text, "\n{row:50}");
            for column in COLUMNS {
                let _ = write!(text, "{:>15}", counts.get(column).unwrap_or(&0));
            }
        }
        text += "\n\n";
    }
    text
}

#[test]
fn no_cause_is_wrong_in_hundreds_of_random_worlds() {
    let _turn = alone();
    let seeds: Vec<u64> = (0..WORLDS).collect();
    let judged: Vec<Judged> = each(&seeds, |seed| judge(*seed)).into_iter().flatten().collect();
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    std::fs::write(target.join("confusion.txt"), print(&judged)).unwrap();
    let problems: Vec<String> =
        judged.iter().filter_map(|one| Some(format!("{}: {one}", one.problem()?))).collect();
    assert!(
        problems.is_empty(),
        "{} of {}:\n{}",
        problems.len(),
        judged.len(),
        problems.join("\n")
    );
    check_floors(&judged);
}

/// What must not rot without notice: every reason occurs, is always named when it is measured, and
/// is inferred as often as the figures allow it.
fn check_floors(judged: &[Judged]) {
    let (measured, withheld) = (matrix(judged, false), matrix(judged, true));
    let named = |row: &BTreeMap<&str, usize>, limit: Limit| {
        row.get(limit.cause()).copied().unwrap_or(0) as f64
    };
    for limit in Limit::ALL {
        let (mut inferred, mut all) = (0.0, 0.0);
        for direction in Direction::ALL {
            for on_index in [false, true] {
                let reason = Reason { on_index, direction, limit }.to_string();
                let row = &measured[&reason];
                let count = row.values().sum::<usize>() as f64;
                assert!(count >= 5.0, "{reason} occurs {count} times");
                assert!(named(row, limit) >= 0.99 * count, "{reason} is measured: {row:?}");
                inferred += named(&withheld[&reason], limit);
                all += count;
            }
        }
        // One partition gives less than the quota, and more than most of the other ceilings.
        let floor = match limit {
            Limit::Provisioned => 0.01,
            Limit::KeyRange => 0.25,
            Limit::MaxOnDemand => 0.02,
            Limit::AccountLimit => 0.0,
        };
        let share = inferred / all;
        assert!(share >= floor, "{} is inferred in {share:.3} of {all}", limit.cause());
    }
}
