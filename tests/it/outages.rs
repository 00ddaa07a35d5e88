//! Outages while the dashboard runs: what was known stays and says how old it is, the screen says
//! why in AWS's words, keys are answered, and all is well again once AWS is.
//!
//! Each fault strikes a running dashboard for ten minutes of virtual time. Beside it stands a twin
//! of the same world that nothing ever happened to.

use ddbtop::app::key::Key;
use ddbtop::app::{App, Effect, Msg};
use ddbtop::aws::connect_simulated;
use ddbtop::clock::Clock;
use ddbtop::poll::{Feed, Interest, Settings, run};
use ddbtop::report::snapshot;
use ddbtop::view::chart::Mark;
use ddbtop::view::{Body, List};
use ddbtop_sim::fault::{self, Fault};
use ddbtop_sim::front::in_process::InProcess;
use ddbtop_sim::scenario::Scenario;
use ddbtop_sim::wire::Service;
use ddbtop_sim::world::{World, WorldOptions};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::sync::{Notify, mpsc, watch};

/// Seconds after which the fault strikes. Five seconds into a minute what was not read in the one
/// before is overdue, and nothing is under way.
const STRIKES: u64 = 6 * 60 + 5;
/// Minutes that it lasts.
const LASTS: usize = 10;
/// Minutes after which every poller, the slowest included, has read again.
const ALL_READ: usize = 17;

/// A hot key, a limit that is too low and an index that pushes back, beside what is well; nothing
/// changes its capacity.
const WORLD: &str = r#"
start = "2026-11-22T12:00:00Z"
[user_errors]
per_minute = 40
[[table]]
name = "sessions"
key_schema = ["id"]
items = 1_000_000
gigabytes = 10
capacity.provisioned = { read = 9_000, write = 6_000 }
[[table.traffic]]
operation = "GetItem"
rate = 900
units = 0.5
[[table.traffic]]
operation = "UpdateItem"
rate = 1_900
daily = 0
from = -14
keys = { hot_share = 1.0 }
[[table]]
name = "orders"
key_schema = ["id"]
items = 1_000_000
gigabytes = 10
capacity.provisioned = { read = 2_000, write = 2_000 }
[[table.index]]
name = "by-status"
key_schema = ["status"]
capacity.provisioned = { read = 100, write = 100 }
[[table.traffic]]
operation = "PutItem"
rate = 300
daily = 0
[[table]]
name = "carts"
key_schema = ["id"]
items = 1_000_000
gigabytes = 10
capacity.on_demand_max = { read = 4_000, write = 4_000 }
[[table.traffic]]
operation = "GetItem"
rate = 700
units = 0.5
[[table.traffic]]
operation = "PutItem"
rate = 40
[[table]]
name = "users"
key_schema = ["id"]
items = 1_000_000
gigabytes = 10
capacity.provisioned = { read = 500, write = 500 }
capacity.scaling.write = { min = 500, max = 1_000 }
[[table.traffic]]
operation = "UpdateItem"
rate = 60
"#;

/// A dashboard without its terminal: the pollers, the application, and what goes between them.
struct Dashboard {
    world: World,
    clock: Clock,
    app: App,
    updates: mpsc::Receiver<ddbtop::model::update::Update>,
    interest: watch::Sender<Interest>,
}

impl Dashboard {
    fn open() -> Self {
        let scenario = Scenario::parse("outages", WORLD).unwrap();
        let world = World::new(&WorldOptions { scenario, seed: 1, tables: None });
        let origin = SignedDuration::from_secs_f64(world.start());
        let clock = Clock::simulated(Timestamp::from_duration(origin).unwrap(), 1.0);
        let told = clock.clone();
        let now = Arc::new(move || told.now().as_duration().as_secs_f64());
        let http = InProcess::new(world.clone(), now);
        let connection = connect_simulated(http, &world.account().region, clock.clone());
        let first = Interest { last_key: clock.now(), ..Interest::default() };
        let (interest, watched) = watch::channel(first);
        let (out, updates) = mpsc::channel(1024);
        let feed = Feed::new(watched, Arc::new(Notify::new()));
        tokio::spawn(run(connection, clock.clone(), Settings::default(), feed, out));
        let options = crate::screens::stores::options();
        let mut dashboard = Self { world, clock, app: App::new(options), updates, interest };
        dashboard.tell(Msg::Resize(200, 50));
        dashboard
    }

    fn tell(&mut self, msg: Msg) {
        for effect in self.app.handle(msg, self.clock.now()) {
            let Effect::Interest(looked_at) = effect else { continue };
            self.interest.send_modify(|interest| {
                interest.visible = looked_at.visible.into_iter().map(|row| row.resource).collect();
            });
        }
    }

    /// Lets virtual seconds pass while news come in.
    async fn pass(&mut self, seconds: u64) {
        let until = self.clock.now() + SignedDuration::from_secs(seconds.try_into().unwrap());
        loop {
            tokio::select! {
                biased;
                Some(update) = self.updates.recv() => self.tell(Msg::Updates(vec![update])),
                () = self.clock.sleep_until(until) => return self.tell(Msg::Tick),
            }
        }
    }

    fn shown(&self) -> String {
        snapshot::text(&self.app.screen(self.clock.now()), 200, 50)
    }

    /// What is shown, without the marks of outages, which stay in the charts.
    fn body(&self) -> Body {
        let mut body = self.app.screen(self.clock.now()).body;
        if let Body::List(List { detail: Some(detail), .. }) = &mut body {
            for chart in &mut detail.charts {
                chart.events.retain(|event| event.mark != Mark::Unread);
            }
        }
        body
    }

    fn json(&self) -> Value {
        let (store, now) = (self.app.store(), self.clock.now());
        let reading = |scope| (store.reading(scope, now), self.app.verdicts(scope));
        snapshot::json(&store.scopes().map(reading).collect::<Vec<_>>(), now)
    }

    /// Asserts that keys change the screen now as ever; it is left as it was.
    fn assert_keys_are_answered(&mut self) {
        for (key, back) in [
            (Key::Char('k'), vec![Key::Char('j')]),
            (Key::Char('S'), vec![Key::Char('S')]),
            (Key::Char('/'), vec![Key::Char('u'), Key::Esc]),
            (Key::Char('!'), vec![Key::Esc]),
        ] {
            let before = self.shown();
            self.tell(Msg::Key(key));
            assert_ne!(self.shown(), before, "{key:?} does nothing");
            for key in back {
                self.tell(Msg::Key(key));
            }
            assert_eq!(self.shown(), before, "after {key:?}");
        }
    }
}

/// One figure of a snapshot.
#[derive(Debug, Clone, PartialEq)]
struct Shown {
    state: String,
    value: Value,
    at: Value,
}

/// Every figure of a snapshot, by its place.
fn figures(snapshot: &Value) -> BTreeMap<String, Shown> {
    fn collect(value: &Value, place: &str, found: &mut BTreeMap<String, Shown>) {
        match value {
            Value::Object(fields) if fields.contains_key("state") && fields.contains_key("at") => {
                let (value, at) = (fields["value"].clone(), fields["at"].clone());
                let state = fields["state"].as_str().unwrap().to_owned();
                found.insert(place.to_owned(), Shown { state, value, at });
            }
            Value::Object(fields) => {
                fields
                    .iter()
                    .for_each(|(name, part)| collect(part, &format!("{place}/{name}"), found));
            }
            Value::Array(parts) => parts.iter().enumerate().for_each(|(number, part)| {
                let name = part["name"].as_str().map_or(number.to_string(), str::to_owned);
                collect(part, &format!("{place}/{name}"), found);
            }),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    let mut found = BTreeMap::new();
    collect(snapshot, "", &mut found);
    // Latency is that of the slowest operation known, and a failed `ListMetrics` is repeated only
    // after its quarter of an hour.
    found.retain(|place, _| !place.contains("latency_"));
    found
}

/// Whether a figure comes from `DescribeTable`, and not from CloudWatch.
fn is_described(place: &str) -> bool {
    ["provisioned_units", "maximum_units", "warm_units"].iter().any(|part| place.contains(part))
}

/// Every figure with what it says; when a table was described may differ from that of the twin.
fn comparable(snapshot: &Value) -> BTreeMap<String, Shown> {
    let mut figures = figures(snapshot);
    for (place, figure) in &mut figures {
        if is_described(place) {
            figure.at = Value::Null;
        }
    }
    figures
}

/// Which figures a fault keeps from being read.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Stale {
    Nothing,
    Metrics,
    Descriptions,
    Everything,
}

impl Stale {
    fn includes(self, place: &str) -> bool {
        match self {
            Self::Nothing => false,
            Self::Metrics => !is_described(place),
            Self::Descriptions => is_described(place) || place.contains("utilization"),
            Self::Everything => true,
        }
    }
}

/// A fault and what it must look like.
struct Case {
    service: Option<Service>,
    operation: Option<&'static str>,
    effect: fault::Effect,
    stale: Stale,
    words: &'static str,
    /// Minutes after its end by which every figure is fresh.
    fresh_after: usize,
}

const fn all(effect: fault::Effect, words: &'static str) -> Case {
    let stale = Stale::Everything;
    Case { service: None, operation: None, effect, stale, words, fresh_after: 2 }
}

const fn on(service: Service, effect: fault::Effect, stale: Stale, words: &'static str) -> Case {
    Case { service: Some(service), operation: None, effect, stale, words, fresh_after: 2 }
}

const fn deny(
    service: Service,
    operation: &'static str,
    stale: Stale,
    words: &'static str,
) -> Case {
    let operation = Some(operation);
    Case { operation, ..on(service, fault::Effect::Deny, stale, words) }
}

#[rustfmt::skip]
fn cases() -> Vec<Case> {
    use Service::{ApplicationAutoscaling, CloudWatch, DynamoDb};
    use Stale::{Descriptions, Metrics, Nothing};
    use fault::Effect::{Deny, ExpiredCredentials, Latency, PartialData, ServerError, Silence, Throttle};
    let html = ServerError { status: 503, html: true };
    vec![
        // A throttled caller waits for up to five minutes before it asks again.
        Case { fresh_after: 7, ..all(Throttle, "metrics: cloudwatch:GetMetricData: Throttling: Rate exceeded") },
        all(Latency(30.0), "cloudwatch: no answer in time"),
        all(ServerError { status: 500, html: false }, "metrics: cloudwatch:GetMetricData: HTTP 500 with an empty reply"),
        all(html, "metrics: cloudwatch:GetMetricData: HTTP 503 with an error page"),
        all(Silence, "cloudwatch: no answer in time"),
        all(ExpiredCredentials, "credentials expired: run `aws sso login`"),
        on(CloudWatch, Silence, Metrics, "cloudwatch: no answer in time"),
        on(CloudWatch, PartialData(1.0), Metrics, "metrics: cloudwatch:GetMetricData: InternalError"),
        on(CloudWatch, PartialData(0.5), Nothing, "metrics: cloudwatch:GetMetricData: InternalError"),
        on(DynamoDb, html, Descriptions, "dynamodb:ListTables: HTTP 503 with an error page"),
        deny(CloudWatch, "GetMetricData", Metrics, "no permission: cloudwatch:GetMetricData"),
        deny(CloudWatch, "ListMetrics", Nothing, "DENIED: operations"),
        deny(DynamoDb, "ListTables", Nothing, "no permission: dynamodb:ListTables"),
        // What is denied is asked for again at its usual time only.
        Case { fresh_after: 7, ..deny(DynamoDb, "DescribeTable", Descriptions, "no permission: dynamodb:DescribeTable") },
        deny(DynamoDb, "DescribeLimits", Nothing, "DENIED: limits"),
        deny(ApplicationAutoscaling, "DescribeScalableTargets", Nothing, "DENIED: scaling"),
        Case { fresh_after: 7, ..all(Deny, "no permission: cloudwatch:GetMetricData") },
    ]
}

/// What the twin showed, minute by minute, since the faults struck the others.
struct Twin {
    json: Vec<Value>,
    last: Body,
}

async fn twin() -> Twin {
    let mut dashboard = Dashboard::open();
    dashboard.pass(STRIKES).await;
    let mut json = vec![dashboard.json()];
    for _ in 0..LASTS + ALL_READ {
        dashboard.pass(60).await;
        json.push(dashboard.json());
    }
    Twin { json, last: dashboard.body() }
}

/// Asserts what must hold at the end of the outage.
fn assert_kept(case: &Case, name: &str, dashboard: &Dashboard, twin: &Twin) {
    let (before, now) = (figures(&twin.json[0]), figures(&dashboard.json()));
    let unharmed = figures(&twin.json[LASTS]);
    for (place, was) in before.iter().filter(|(_, was)| !was.value.is_null()) {
        let is = &now[place];
        if case.stale.includes(place) {
            // Fresh consumption in per cent of a limit that is not.
            let moves_on = case.stale == Stale::Descriptions && !is_described(place);
            let last = if moves_on { &unharmed[place] } else { was };
            let stale = Shown { state: "stale".to_owned(), ..last.clone() };
            assert_eq!(*is, stale, "{name}: {place}");
        } else if is.state == "stale" {
            assert!(is.value.is_number(), "{name}: {place}: {is:?}");
        } else {
            assert_eq!(*is, unharmed[place], "{name}: {place}");
        }
    }
    let shown = dashboard.shown();
    let header: Vec<&str> = shown.lines().take(3).collect();
    let told = header[1..].iter().any(|line| line.contains(case.words));
    assert!(told, "{name}: {shown}");
    let says_stale = header[1].contains("STALE: data of");
    let metrics_are = matches!(case.stale, Stale::Metrics | Stale::Everything);
    assert_eq!(says_stale, metrics_are, "{name}: {shown}");
    assert!(header[1].contains(" in trouble") && !header[1].contains("nothing"), "{name}: {shown}");
    assert!(header[1].contains("4 tables"), "{name}: {shown}");
}

#[tokio::test(start_paused = true)]
async fn through_every_outage_data_stay_keys_answer_and_polling_recovers_alone() {
    let twin = twin().await;
    let known = figures(&twin.json[0]);
    assert!(known.values().filter(|figure| figure.state == "value").count() > 20, "{known:#?}");
    assert!(!twin.json[0]["verdicts"].as_array().unwrap().is_empty());
    for case in cases() {
        let Case { service, operation, effect, fresh_after, .. } = case;
        let name = format!("{effect:?} of {service:?} {operation:?}");
        let mut dashboard = Dashboard::open();
        dashboard.pass(STRIKES).await;
        assert_eq!(figures(&dashboard.json()), known, "{name}: a twin");
        let fault = Fault { service, ..Fault::on(Service::Sts, effect) };
        let operation = operation.map(str::to_owned);
        dashboard.world.faults().inject(Fault { operation, ..fault });
        for _ in 0..LASTS {
            dashboard.pass(60).await;
            dashboard.assert_keys_are_answered();
        }
        assert_kept(&case, &name, &dashboard, &twin);

        dashboard.world.faults().clear();
        for minute in 1..=ALL_READ {
            dashboard.pass(60).await;
            if minute >= fresh_after {
                let (now, unharmed) = (dashboard.json(), &twin.json[LASTS + minute]);
                assert_eq!(comparable(&now), comparable(unharmed), "{name}: after {minute} m");
                assert_eq!(now["verdicts"], unharmed["verdicts"], "{name}: after {minute} m");
            }
        }
        let shown = dashboard.shown();
        let tabs =
            "1 Tables  2 Table  3 Hot keys  4 Scaling  5 DAX  6 Alarms  7 Timeline  8 Pollers";
        assert_eq!(shown.lines().nth(2), Some(tabs), "no problem is told: {name}: {shown}");
        assert_eq!(dashboard.body(), twin.last, "{name}: {shown}");
    }
}
