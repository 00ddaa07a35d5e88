//! Several regions at once: one list, and what fails in one leaves the others whole.

use ddbtop::app::{App, Msg, Options};
use ddbtop::aws::connect_simulated;
use ddbtop::clock::Clock;
use ddbtop::model::update::Update;
use ddbtop::poll::{Feed, Interest, Settings, run};
use ddbtop::report::snapshot;
use ddbtop_sim::fault::{Effect, Fault};
use ddbtop_sim::front::in_process::InProcess;
use ddbtop_sim::scenario::Scenario;
use ddbtop_sim::wire::Service;
use ddbtop_sim::world::{World, WorldOptions};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use std::sync::Arc;
use tokio::sync::{Notify, mpsc, watch};

/// A dashboard without its terminal over a world in each region.
struct Dashboard {
    worlds: Vec<World>,
    clock: Clock,
    app: App,
    updates: mpsc::Receiver<Update>,
    /// What keeps the pollers told of nothing.
    _interests: Vec<watch::Sender<Interest>>,
}

impl Dashboard {
    fn open(regions: &[&str]) -> Self {
        let world = |region: &&str| {
            let scenario = Scenario::named("hot-key").unwrap().in_region(region);
            World::new(&WorldOptions { scenario, seed: 1, tables: None })
        };
        let worlds: Vec<World> = regions.iter().map(world).collect();
        let origin = SignedDuration::from_secs_f64(worlds[0].start());
        let clock = Clock::simulated(Timestamp::from_duration(origin).unwrap(), 1.0);
        let (out, updates) = mpsc::channel(1024);
        let mut interests = vec![];
        for world in &worlds {
            let told = clock.clone();
            let now = Arc::new(move || told.now().as_duration().as_secs_f64());
            let http = InProcess::new(world.clone(), now);
            let connection = connect_simulated(http, &world.account().region, clock.clone());
            let first = Interest { last_key: clock.now(), ..Interest::default() };
            let (interest, watched) = watch::channel(first);
            let feed = Feed { interest: watched, refresh: Arc::new(Notify::new()) };
            interests.push(interest);
            tokio::spawn(run(connection, clock.clone(), Settings::default(), feed, out.clone()));
        }
        let region = regions.join(", ");
        let mut app = App::new(Options { region, ..crate::screens::stores::options() });
        app.handle(Msg::Resize(200, 50), clock.now());
        Self { worlds, clock, app, updates, _interests: interests }
    }

    /// Lets virtual minutes pass while news come in.
    async fn pass(&mut self, minutes: i64) {
        let until = self.clock.now() + SignedDuration::from_mins(minutes);
        loop {
            let msg = tokio::select! {
                biased;
                Some(update) = self.updates.recv() => Msg::Updates(vec![update]),
                () = self.clock.sleep_until(until) => break,
            };
            self.app.handle(msg, self.clock.now());
        }
        self.app.handle(Msg::Tick, self.clock.now());
    }

    fn shown(&self) -> String {
        snapshot::text(&self.app.screen(self.clock.now()), 200, 50)
    }

    /// What is known of writes to the tables of a region, and what is concluded.
    fn known(&self, region: &str) -> Vec<String> {
        let now = self.clock.now();
        let readings = self.app.read(now);
        let judged = readings.iter().map(|it| (*it, self.app.verdicts(it.scope())));
        let json = snapshot::json(&judged.collect::<Vec<_>>(), now);
        let of = |list: &str, told: &dyn Fn(&Value) -> String| -> Vec<String> {
            let all = json[list].as_array().unwrap().iter();
            all.filter(|one| one["region"] == region).map(told).collect()
        };
        let mut known = of("tables", &|table| {
            let consumed = &table["write"]["consumed_units_per_second"];
            format!("{} {consumed}", table["name"])
        });
        known.extend(of("verdicts", &|verdict| verdict["headline"].to_string()));
        known
    }
}

#[tokio::test(start_paused = true)]
async fn a_region_that_cannot_be_read_leaves_the_other_whole_and_recovers_by_itself() {
    for (effect, said) in [
        (Effect::ExpiredCredentials, "eu-west-1: credentials expired: run `aws sso login`"),
        (Effect::Deny, "eu-west-1: metrics: no permission: cloudwatch:GetMetricData"),
    ] {
        let mut alone = Dashboard::open(&["us-east-1"]);
        alone.pass(6).await;
        let expected = alone.known("us-east-1");
        assert!(!expected.is_empty());
        drop(alone);
        let mut both = Dashboard::open(&["us-east-1", "eu-west-1"]);
        let fault = Fault { service: None, ..Fault::on(Service::Sts, effect) };
        both.worlds[1].faults().inject(fault);
        both.pass(6).await;
        let shown = both.shown();
        for said in ["2 regions", "eu-west-1 not judged", said] {
            assert!(shown.contains(said), "{said}: {shown}");
        }
        assert!(shown.contains("in trouble"), "{shown}");
        assert_eq!(both.known("us-east-1"), expected);
        assert!(both.known("eu-west-1").is_empty());

        both.worlds[1].faults().clear();
        both.pass(20).await;
        let shown = both.shown();
        assert!(!shown.contains("not judged") && !shown.contains("credentials"), "{shown}");
        assert!(!both.known("eu-west-1").is_empty(), "{shown}");
        let rows = |region: &str| shown.lines().skip(4).filter(|row| row.contains(region)).count();
        assert_eq!(rows("us-east-1 "), rows("eu-west-1 "), "{shown}");
        assert!(shown.contains("REGION"), "{shown}");
    }
}

#[tokio::test(start_paused = true)]
async fn data_that_grow_old_are_told_of_with_their_region() {
    let mut both = Dashboard::open(&["us-east-1", "eu-west-1"]);
    both.pass(6).await;
    let fault = Fault { service: None, ..Fault::on(Service::Sts, Effect::Silence) };
    both.worlds[1].faults().inject(fault);
    both.pass(10).await;
    let shown = both.shown();
    assert!(shown.contains("STALE in eu-west-1: data of"), "{shown}");
    assert!(!shown.contains("data stale"), "the other region is judged: {shown}");
    let pollers = both.app.screen(both.clock.now());
    assert!(format!("{pollers:?}").contains("eu-west-1: "), "{shown}");
}
