//! Hand-made fleets, told to the application as the pollers would.

use ddbtop::app::keymap::Keymap;
use ddbtop::app::production::Production;
use ddbtop::app::{App, Msg, Options, Permission, Remembered, Standing};
use ddbtop::diagnose::Thresholds;
use ddbtop::model::health::{CallError, Cost, ErrorClass, Outcome, Poller, Round};
use ddbtop::model::id::{Resource, Scope};
use ddbtop::model::metric::{Metric, SeriesKey, Statistic};
use ddbtop::model::scaling::{
    ScalableTarget, ScalingMetric, ScalingPolicy, Suspended, TargetTracking,
};
use ddbtop::model::table::{BillingMode, Capacity, Identity, Index, Table, Throughput};
use ddbtop::model::throttle::{Direction, Limit};
use ddbtop::model::time::{Minute, Window};
use ddbtop::model::update::{News, Points, Update};
use ddbtop::store::Settings;
use ddbtop::tune::permit::Permit;
use ddbtop::tune::price::Prices;
use ddbtop::view::Charset;
use ddbtop::view::chart::Marker;
use ddbtop::view::header::Banner;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use std::time::Duration;

/// Minutes of the past that every series has.
const PAST: i64 = 60;

/// The present of every test, 2026-11-22T12:03:20Z: the newest settled minute is 12:00.
pub(crate) fn now() -> Timestamp {
    Timestamp::constant(1_795_349_000, 0)
}

/// The options of a demo, which may be written to.
pub(crate) fn options() -> Options {
    Options {
        standing: Standing {
            region: "us-east-1".to_owned(),
            banner: Banner::Demo,
            permit: Some(Permit::granted_by_configuration()),
            ..Standing::default()
        },
        prices: Arc::new(Prices::embedded()),
        thresholds: Thresholds::default(),
        store: Settings::default(),
        behind: Arc::default(),
        remembered: Remembered::default(),
        production: Production::default(),
        keymap: Keymap::default(),
        themes: vec!["dark".to_owned(), "light".to_owned()],
        theme: "dark".to_owned(),
        time_zone: TimeZone::UTC,
        marker: Marker::default(),
        charset: Charset::Unicode,
        include_settling: false,
        is_recorded: false,
        replay: None,
    }
}

/// A real AWS that nobody allowed to be written to.
pub(crate) fn read_only() -> Standing {
    let answer = "nobody allowed it (--allow-writes would)".to_owned();
    let permission = Permission { by: String::new(), answer };
    Standing { banner: Banner::ReadOnly, permission, permit: None, ..options().standing }
}

/// The same with another region in its name.
pub(crate) fn options_in(region: &str) -> Options {
    let options = options();
    let standing = Standing { region: region.to_owned(), ..options.standing };
    Options { standing, ..options }
}

/// What the pollers say, in order.
pub(crate) struct Fleet {
    scope: Scope,
    at: Timestamp,
    names: Vec<Arc<str>>,
    news: Vec<News>,
    series: Vec<(SeriesKey, Vec<(Minute, f64)>)>,
}

/// Limits in one direction.
fn capacity(provisioned: Option<f64>, maximum: Option<f64>) -> Capacity {
    Capacity { provisioned, maximum, warm: None }
}

/// Provisioned capacity, reads and writes.
pub(crate) fn provisioned(read: f64, write: f64) -> Throughput {
    Throughput {
        read: capacity(Some(read), None),
        write: capacity(Some(write), None),
        ..Throughput::default()
    }
}

/// On-demand, with or without a maximum for reads and writes.
pub(crate) fn on_demand(maximum: Option<f64>) -> Throughput {
    Throughput {
        read: capacity(None, maximum),
        write: capacity(None, maximum),
        ..Throughput::default()
    }
}

impl Fleet {
    pub(crate) fn new() -> Self {
        Self {
            scope: Scope::new("aws", "123456789012", "us-east-1"),
            at: now() - SignedDuration::from_secs(5),
            names: vec![],
            news: vec![News::Identity(Identity {
                account: "123456789012".to_owned(),
                arn: "arn:aws:sts::123456789012:assumed-role/OnCall/anna".to_owned(),
            })],
            series: vec![],
        }
    }

    /// Adds a table that was listed only.
    pub(crate) fn listed(&mut self, name: &str) {
        self.names.push(Arc::from(name));
    }

    /// Adds a described table with its indexes.
    pub(crate) fn table(&mut self, name: &str, throughput: Throughput, indexes: &[&str]) {
        self.listed(name);
        let billing = match throughput.write.provisioned {
            Some(_) => BillingMode::Provisioned,
            None => BillingMode::OnDemand,
        };
        let index = |name: &&str| Index {
            name: Arc::from(*name),
            status: Arc::from("ACTIVE"),
            throughput,
            ..Index::default()
        };
        self.news.push(News::Table(Box::new(Table {
            name: Arc::from(name),
            arn: format!("arn:aws:dynamodb:us-east-1:123456789012:table/{name}"),
            status: Arc::from("ACTIVE"),
            billing,
            throughput,
            items: None,
            bytes: None,
            indexes: indexes.iter().map(index).collect(),
            details: Box::default(),
        })));
    }

    /// Reads the Sum of a metric: `point` gets the minute's place, 0 for the newest settled one.
    pub(crate) fn sum(
        &mut self,
        resource: &Resource,
        metric: Metric,
        point: impl Fn(i64) -> Option<f64>,
    ) {
        self.read(SeriesKey::sum(resource.clone(), metric), point);
    }

    /// Reads any series.
    pub(crate) fn read(&mut self, key: SeriesKey, point: impl Fn(i64) -> Option<f64>) {
        let newest = Minute::newest_settled(self.at, 120);
        let points = (1 - PAST..=0).filter_map(|place| Some((newest.plus(place), point(place)?)));
        self.series.push((key, points.collect()));
    }

    /// Reads the four sentinels: units per second that swing by a fifth, and no throttles.
    pub(crate) fn traffic(&mut self, resource: &Resource, read: f64, write: f64) {
        for (direction, level) in [(Direction::Read, read), (Direction::Write, write)] {
            let swing = |place: i64| 0.8 + 0.1 * (place.rem_euclid(5) as f64);
            self.sum(resource, Metric::Consumed(direction), |place| {
                Some(60.0 * level * swing(place))
            });
            self.sum(resource, Metric::ThrottleEvents(direction), |_| None);
        }
    }

    /// Reads throttle events of the newest `minutes`, all of them for one reason.
    pub(crate) fn throttles(
        &mut self,
        resource: &Resource,
        direction: Direction,
        limit: Limit,
        (minutes, events): (i64, f64),
    ) {
        let recent = |place: i64| (place > -minutes).then_some(events);
        self.sum(resource, Metric::ThrottleEvents(direction), recent);
        for reason in Limit::ALL {
            self.sum(resource, Metric::ThrottleEventsBy(direction, reason), |place| {
                recent(place).filter(|_| reason == limit)
            });
        }
    }

    /// Reads latency and errors of a table, as for a visible row.
    pub(crate) fn details(&mut self, name: &str, milliseconds: f64) {
        self.latency(name, Some(milliseconds));
    }

    /// Reads latency and errors of a table that has served nothing lately.
    pub(crate) fn without_samples(&mut self, name: &str) {
        self.latency(name, None);
    }

    fn latency(&mut self, name: &str, milliseconds: Option<f64>) {
        let resource = Resource::table(name);
        let operation: Arc<str> = Arc::from("GetItem");
        self.news.push(News::Operations(vec![(Arc::from(name), vec![Arc::clone(&operation)])]));
        let key = |metric, statistic| SeriesKey {
            resource: resource.clone(),
            metric,
            operation: Some(Arc::clone(&operation)),
            statistic,
        };
        self.read(key(Metric::SuccessfulRequestLatency, Statistic::P99), |_| milliseconds);
        self.read(key(Metric::SystemErrors, Statistic::Sum), |_| None);
    }

    /// Takes back the newest minutes of what was read so far: CloudWatch is late.
    pub(crate) fn late(&mut self, minutes: i64) {
        let newest = Minute::newest_settled(self.at, 120).plus(-minutes);
        for (_, points) in &mut self.series {
            points.retain(|(minute, _)| *minute <= newest);
        }
    }

    /// Sets a scalable target of writes.
    pub(crate) fn scaling(&mut self, resource: Resource, min: f64, max: f64) {
        let policy = ScalingPolicy {
            name: Arc::from("p"),
            arn: Arc::from("arn"),
            tracking: Some(TargetTracking {
                target_value: 70.0,
                metric: ScalingMetric::Predefined {
                    metric: Arc::from("DynamoDBWriteCapacityUtilization"),
                    label: None,
                },
                scale_in_cooldown: None,
                scale_out_cooldown: None,
                disable_scale_in: None,
            }),
            unknown: None,
        };
        self.news.push(News::Scaling(vec![ScalableTarget {
            resource,
            direction: Direction::Write,
            min,
            max,
            suspended: Suspended::default(),
            policies: vec![policy],
        }]));
    }

    /// Adds news of another kind.
    pub(crate) fn tell(&mut self, news: News) {
        self.news.push(news);
    }

    /// Ends a round of a poller at second `seconds` from [`now`].
    pub(crate) fn round(&mut self, poller: Poller, seconds: i64, outcome: Outcome) {
        let started = now() + SignedDuration::from_secs(seconds);
        self.tell(News::Round(Round {
            poller,
            started,
            took: Duration::from_millis(180),
            outcome,
            requests: 3,
            metrics: 120,
            due: Some(started + SignedDuration::from_secs(60)),
        }));
    }

    /// Ends a good round of every poller.
    pub(crate) fn all_well(&mut self) {
        for poller in Poller::ALL {
            self.round(poller, -5, Outcome::Complete);
        }
        self.tell(News::Cost(Cost {
            requests: 1_240,
            metrics: 9_600,
            reading_metrics: 690,
            reading_usd: 0.00694,
            usd_per_hour: 0.416,
            budget_usd_per_hour: Some(1.0),
            slowed: None,
        }));
    }

    /// What was said so far, as the application gets it; data points come after descriptions.
    pub(crate) fn updates(self) -> Vec<Update> {
        let end = Minute::newest_settled(self.at, 120).plus(1);
        let points = Points {
            window: Window::ending(end, PAST),
            due: self.at + SignedDuration::from_secs(60),
            series: self.series,
        };
        let names = (!self.names.is_empty()).then_some(News::TableNames(self.names));
        let news = names.into_iter().chain(self.news).chain([News::Points(points)]);
        let (scope, at) = (self.scope, self.at);
        news.map(|news| Update { scope: scope.clone(), at, news }).collect()
    }

    /// The application that was told all this and has a screen of this size.
    pub(crate) fn app(self, width: u16, height: u16) -> App {
        let mut app = App::new(options());
        app.handle(Msg::Resize(width, height), now());
        app.handle(Msg::Updates(self.updates()), now());
        app
    }
}

/// A call that AWS refused.
pub(crate) fn denied(action: &'static str) -> CallError {
    CallError {
        class: ErrorClass::Denied,
        action,
        code: Some("AccessDeniedException".to_owned()),
        message: "User is not authorized to perform this".to_owned(),
    }
}

/// Tables without any trouble; one of them was throttled once.
pub(crate) fn calm() -> Fleet {
    let mut fleet = Fleet::new();
    let tables: [(&str, Throughput, &[&str], f64, f64); 9] = [
        ("carts", on_demand(None), &[], 310.0, 84.0),
        ("catalogue", provisioned(800.0, 50.0), &["by-brand"], 520.0, 4.0),
        ("customer-profile-production", provisioned(200.0, 100.0), &[], 96.0, 21.0),
        ("feature-flags", on_demand(Some(1_000.0)), &[], 42.5, 0.02),
        ("inventory", provisioned(400.0, 200.0), &["by-warehouse"], 150.0, 88.0),
        ("orders", provisioned(3_000.0, 2_000.0), &["by-status", "by-customer"], 840.0, 610.0),
        ("payments", provisioned(500.0, 400.0), &[], 230.0, 190.0),
        ("sessions", on_demand(None), &[], 1_480.0, 1_020.0),
        ("shipping-labels", provisioned(20.0, 20.0), &[], 0.0, 0.0),
    ];
    for (name, throughput, indexes, read, write) in tables {
        fleet.table(name, throughput, indexes);
        fleet.traffic(&Resource::table(name), read, write);
        for index in indexes {
            fleet.traffic(&Resource::index(name, index), read / 4.0, write / 2.0);
        }
        fleet.details(name, 3.4 + read / 400.0);
    }
    fleet.scaling(Resource::table("orders"), 500.0, 4_000.0);
    let once = Metric::ThrottleEvents(Direction::Read);
    fleet.sum(&Resource::table("sessions"), once, |place| (place == 0).then_some(1.0));
    fleet.sum(&Resource::Account, Metric::UserErrors, |_| Some(3.0));
    fleet.all_well();
    fleet
}

/// The same with a hot key on an index that pushes back on its table, a table short of
/// capacity, and requests that are wrong.
pub(crate) fn trouble() -> Fleet {
    let mut fleet = calm();
    let index = Resource::index("orders", "by-status");
    fleet.throttles(&index, Direction::Write, Limit::KeyRange, (23, 1_240.0));
    let payments = Resource::table("payments");
    fleet.sum(&payments, Metric::Consumed(Direction::Read), |place| {
        Some(60.0 * if place > -11 { 500.0 } else { 230.0 })
    });
    fleet.throttles(&payments, Direction::Read, Limit::Provisioned, (11, 96.0));
    fleet.sum(&Resource::Account, Metric::UserErrors, |place| {
        Some(if place > -9 { 340.0 } else { 3.0 })
    });
    fleet
}
