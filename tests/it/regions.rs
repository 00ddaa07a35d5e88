//! Several regions at once: one list, and what fails in one leaves the others whole.

use crate::screens::stores::options_in;
use ddbtop::app::key::Key;
use ddbtop::app::{self, App, Msg, Options, Permission, Selection, Standing};
use ddbtop::aws::connect_simulated;
use ddbtop::clock::Clock;
use ddbtop::model::update::{News, Update};
use ddbtop::poll::{Feed, Interest, Settings, run};
use ddbtop::report::snapshot;
use ddbtop::view::header::Banner;
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
            let feed = Feed::new(watched, Arc::new(Notify::new()));
            interests.push(interest);
            tokio::spawn(run(connection, clock.clone(), Settings::default(), feed, out.clone()));
        }
        let mut app = App::new(options_in(&regions.join(", ")));
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

/// What a key asks for, if that is to read something else.
fn asked(app: &mut App, now: Timestamp, keys: &[Key]) -> Option<Selection> {
    let effects = keys.iter().flat_map(|key| app.handle(Msg::Key(*key), now)).collect::<Vec<_>>();
    effects.into_iter().find_map(|effect| {
        if let app::Effect::Read(selection) = effect { Some(selection) } else { None }
    })
}

fn typed(text: &str) -> Vec<Key> {
    text.chars().map(Key::Char).collect()
}

fn selection(profiles: &[&str], regions: &[&str]) -> Selection {
    let owned = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
    Selection { profiles: owned(profiles), regions: owned(regions) }
}

#[tokio::test(start_paused = true)]
async fn one_region_is_read_in_place_of_another_or_beside_it() {
    let mut board = Dashboard::open(&["us-east-1"]);
    board.pass(1).await;
    let now = board.clock.now();
    let keys = |text: &str, then: &[Key]| [&[Key::Char('R')], &*typed(text), then].concat();
    for (keys, expected) in [
        (keys("eu-west-1", &[Key::Enter]), Some(selection(&[], &["eu-west-1"]))),
        (
            keys("eu-west-1", &[Key::Tab, Key::Enter]),
            Some(selection(&[], &["us-east-1", "eu-west-1"])),
        ),
        // One that is too new to be listed.
        (keys("xx-north-7", &[Key::Enter]), Some(selection(&[], &["xx-north-7"]))),
        // What is read already, nothing at all, and nothing that could be one.
        (keys("", &[Key::Tab, Key::Enter]), None),
        (keys("nowhere", &[Key::Enter]), None),
        (keys("eu-west-1", &[Key::Esc]), None),
    ] {
        assert_eq!(asked(&mut board.app, now, &keys), expected, "{keys:?}");
        board.app.handle(Msg::Key(Key::Esc), now);
    }
    assert!(board.shown().contains("us-east-1"), "nothing is switched before it is told to be");
}

#[test]
fn profiles_are_offered_as_the_configuration_files_name_them() {
    let now = crate::screens::stores::now();
    let options = options_in("us-east-1");
    let standing = Standing { banner: Banner::ReadOnly, ..options.standing };
    let mut app = App::new(Options { standing, ..options });
    app.handle(Msg::Resize(80, 24), now);
    let shown = |app: &App| snapshot::text(&app.screen(now), 80, 24);
    app.handle(Msg::Key(Key::Char('P')), now);
    assert!(shown(&app).contains("no profiles were found"), "{}", shown(&app));
    let offered = ["dev", "oncall", "prod"].map(str::to_owned).to_vec();
    app.handle(Msg::Profiles(offered), now);
    let keys = [&[Key::Char('P')], &*typed("prod"), &[Key::Enter]].concat();
    assert_eq!(asked(&mut app, now, &keys), Some(selection(&["prod"], &[])));
    // Whether anything may be written is settled anew.
    let permission = Permission {
        by: "by profile prod".to_owned(),
        answer: "profile prod forbids it".to_owned(),
    };
    let chosen = selection(&["prod"], &[]);
    let standing = Standing { selection: chosen, permission, ..Standing::default() };
    app.handle(Msg::Switched(Box::new(standing)), now);
    let header = shown(&app);
    assert!(header.contains("READ-ONLY  by profile prod"), "{header}");
    assert!(header.contains("$0.00/h") && header.contains("reading the tables\n"), "{header}");
    let keys = [&[Key::Char('P')], &*typed("oncall"), &[Key::Tab, Key::Enter]].concat();
    assert_eq!(asked(&mut app, now, &keys), Some(selection(&["oncall", "prod"], &[])));
}

#[tokio::test(start_paused = true)]
async fn what_is_no_longer_read_leaves_the_screen_and_the_present_pane_stays() {
    let mut board = Dashboard::open(&["us-east-1", "eu-west-1"]);
    board.pass(3).await;
    let now = board.clock.now();
    let left = board.app.store().scopes().find(|scope| scope.region() == "us-east-1").cloned();
    let left = left.unwrap();
    board.app.handle(Msg::Key(Key::Char('2')), now);
    assert!(board.shown().contains("us-east-1"));
    board.app.handle(Msg::Key(Key::Char('f')), now);
    let options = options_in("eu-west-1");
    board.app.handle(Msg::Switched(Box::new(options.standing)), now);
    let gone = Update { scope: left, at: now, news: News::Left };
    board.app.handle(Msg::Updates(vec![gone]), now);
    let shown = board.shown();
    assert!(!shown.contains("us-east-1") && !shown.contains("FROZEN"), "{shown}");
    assert!(shown.contains("eu-west-1"), "{shown}");
    assert_eq!(board.app.store().scopes().count(), 1);
}
