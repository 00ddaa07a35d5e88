//! What is advised helps: once a limit is what the verdict says it has to be at least, nothing more is refused. The
//! advice is worked out from what AWS publishes; what is really asked for is known to the simulator alone.

use super::*;
use ddbtop::diagnose::{Thresholds, Verdict, verdicts};

/// The shipped scenarios in which a limit has to be raised, and to what.
const WORLDS: [(&str, &[&str]); 6] = [
    ("under-provisioned", &["table/invoices write 500", "table/customers read 1200"]),
    ("at-max", &["table/inventory write 1100"]),
    ("on-demand-cap", &["table/search-suggestions read 4000", "table/search-history write 1400"]),
    ("gsi-backpressure", &["table/shipments/index/by-carrier write 430"]),
    ("alarm-storm", &["table/orders/index/by-customer write 420"]),
    (
        "incident",
        &[
            "table/orders/index/GSI2 write 340",
            "table/search-suggestions read 4000",
            "table/inventory write 1100",
            "table/invoices write 500",
        ],
    ),
];

/// A resource, a direction, and what its limit has to be at least.
type Advised = (Resource, Direction, f64);

impl Bench {
    fn verdicts(&self) -> Vec<Verdict> {
        verdicts(self.reading(), &Thresholds::default())
    }

    /// Raises what limits a table or index in one direction.
    async fn raise(&mut self, resource: &Resource, direction: Direction, to: f64) {
        let reading = self.reading();
        let fields = match (
            reading.capacity(resource, direction).unwrap().maximum,
            reading.scalable_target(resource, direction),
        ) {
            (Some(_), _) => vec![Field::Maximum],
            (None, None) => vec![Field::Capacity],
            (None, Some(target)) if target.max < to => vec![Field::Min, Field::Max],
            (None, Some(_)) => vec![Field::Min],
        };
        let mut draft = Draft::open(reading, std::slice::from_ref(resource)).unwrap();
        for field in fields {
            draft.set(Key { field, direction }, to.to_string());
        }
        let edits = draft.edits(reading).unwrap();
        let events = self.carry_out(self.plan(edits)).await;
        assert!(names(&events).contains(&"Seen".to_owned()), "{resource}: {events:?}");
        self.poll().await;
    }

    async fn pass(&mut self, minutes: i64) {
        self.clock.sleep_until(self.clock.now() + SignedDuration::from_mins(minutes)).await;
        self.poll().await;
    }
}

/// What is advised in a scenario, and which of that still throttles a quarter of an hour later, where it was done or
/// not.
async fn gone_on(name: &str, is_done: bool) -> (Vec<Advised>, Vec<Verdict>) {
    let (_, mut bench) = simulated_as(Scenario::named(name).unwrap()).await;
    let advised = bench.verdicts().into_iter().filter_map(|verdict| {
        let to = verdict.advice.raise_to.filter(|_| verdict.cause.is_throttle())?;
        Some((verdict.resource, verdict.direction?, to))
    });
    let advised: Vec<Advised> = advised.collect();
    for (resource, direction, to) in advised.iter().filter(|_| is_done) {
        bench.raise(resource, *direction, *to).await;
    }
    bench.pass(15).await;
    let mut found = bench.verdicts();
    found.retain(|verdict| {
        let is_it = |(resource, direction, _): &Advised| {
            *resource == verdict.resource && Some(*direction) == verdict.direction
        };
        verdict.cause.is_throttle() && advised.iter().any(is_it)
    });
    (advised, found)
}

#[tokio::test(start_paused = true)]
async fn once_a_limit_is_what_is_advised_nothing_more_is_refused() {
    for (name, expected) in WORLDS {
        let (advised, found) = gone_on(name, true).await;
        let of =
            |(resource, direction, to): &Advised| format!("{resource} {} {to}", direction.as_str());
        let told: Vec<String> = advised.iter().map(of).collect();
        assert_eq!(told, expected, "{name}");
        assert_eq!(found, [], "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn where_it_is_not_done_all_of_it_throttles_on() {
    for (name, expected) in WORLDS {
        let (_, found) = gone_on(name, false).await;
        assert_eq!(found.len(), expected.len(), "{name}: {found:#?}");
    }
}
