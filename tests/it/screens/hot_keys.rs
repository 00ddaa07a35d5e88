//! A hand-made fleet whose keys are counted, or not, in every state there is.

use super::stores::{Fleet, denied, now, trouble};
use ddbtop::model::contributor::{Contributor, Key, MaskSalt, Report, Reports, RuleKind};
use ddbtop::model::health::{CallError, ErrorClass};
use ddbtop::model::id::Resource;
use ddbtop::model::insights::{ContributorInsights, InsightsMode};
use ddbtop::model::throttle::{Direction, Limit};
use ddbtop::model::time::{Minute, Window};
use ddbtop::model::update::News;
use std::sync::Arc;

/// One contributor: its keys, and its value in each minute, the newest last.
type One<'a> = (&'a [&'a str], &'a [f64]);

/// A report of the 15 minutes that end so many minutes before the newest settled one.
fn report(kind: RuleKind, labels: &[&str], total: f64, (back, all): (i64, &[One<'_>])) -> Report {
    let end = Minute::newest_settled(now(), 120).plus(1 - back);
    let contributor = |(keys, values): &One<'_>| {
        let first = end.plus(-i64::try_from(values.len()).unwrap());
        let points = values.iter().zip(0..).filter(|(value, _)| **value > 0.0);
        Contributor {
            keys: keys.iter().map(|key| Key::new(key, MaskSalt::new(7))).collect(),
            total: values.iter().sum(),
            points: points.map(|(value, place)| (first.plus(place), *value)).collect(),
        }
    };
    Report {
        kind,
        rule: Arc::from(format!("DynamoDBContributorInsights-{}-r-1576629651520", kind.code())),
        window: Window::ending(end, 15),
        labels: labels.iter().map(|label| Arc::from(*label)).collect(),
        total,
        unique: 4_180,
        contributors: all.iter().map(contributor).collect(),
    }
}

fn read(resource: &Resource, reports: Vec<Report>) -> News {
    News::HotKeys(resource.clone(), Ok(Reports { reports, is_whole: true }))
}

/// Of an index whose writes are refused nothing is throttled that the reports measure.
fn by_status() -> Vec<News> {
    use RuleKind::{AccessedKeys, AccessedPairs, ThrottledKeys, ThrottledPairs};
    let index = Resource::index("orders", "by-status");
    let labels = &["status"][..];
    let pair = &["status", "placed_at"][..];
    let hot = [179_600.0; 15];
    let keys: &[One<'_>] = &[
        (&["STATUS#PENDING"], &hot),
        (&["STATUS#SHIPPED"], &[21_000.0; 15]),
        (&["STATUS#RETURNED"], &[900.0; 15]),
    ];
    let pairs: &[One<'_>] = &[(&["STATUS#PENDING", "2026-11-22T12:00"], &[2_900.0; 15])];
    let before =
        report(AccessedKeys, labels, 4.2e5, (9, &[(&["STATUS#SHIPPED"], &[28_000.0; 15])]));
    let reports = vec![
        report(ThrottledKeys, labels, 0.0, (0, &[])),
        report(AccessedKeys, labels, 3_022_500.0, (0, keys)),
        report(ThrottledPairs, pair, 0.0, (0, &[])),
        report(AccessedPairs, pair, 3_022_500.0, (0, pairs)),
    ];
    vec![read(&index, vec![before]), read(&index, reports)]
}

/// A single-table design: products, customers and their orders under one key.
fn catalogue() -> Vec<News> {
    use RuleKind::{AccessedKeys, AccessedPairs, ThrottledKeys, ThrottledPairs};
    let table = Resource::table("catalogue");
    let rising = [0.0, 0.0, 0.0, 0.0, 4e4, 9e4, 15e4, 17.8e4, 17.9e4, 17.9e4, 17.9e4];
    let refused = [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 8_200.0, 9_100.0, 9_000.0, 9_400.0];
    let keys: &[One<'_>] = &[
        (&["PRODUCT#70418"], &rising),
        (&["PRODUCT#112"], &[3_100.0; 15]),
        (&["CUSTOMER#8131"], &[2_600.0; 15]),
        (&["CUSTOMER#77"], &[1_900.0; 15]),
        (&["config"], &[800.0; 15]),
    ];
    let pairs: &[One<'_>] = &[
        (&["PRODUCT#70418", "OFFER#1"], &rising),
        (&["CUSTOMER#8131", "ORDER#2026-11-22#9"], &[2_500.0; 15]),
        (&["CUSTOMER#77", "ORDER#2026-11-21#4"], &[1_800.0; 15]),
        (&["PRODUCT#112", "OFFER#3"], &[1_500.0; 15]),
        (&["config", "flags"], &[800.0; 15]),
    ];
    let throttled: &[One<'_>] = &[(&["PRODUCT#70418"], &refused), (&["PRODUCT#9"], &[12.0])];
    let throttled_pairs: &[One<'_>] = &[(&["PRODUCT#70418", "OFFER#1"], &refused)];
    let before = report(AccessedKeys, &["PK"], 1e5, (12, &[(&["PRODUCT#112"], &[3_000.0; 15])]));
    let reports = vec![
        report(ThrottledKeys, &["PK"], 35_900.0, (0, throttled)),
        report(AccessedKeys, &["PK"], 1_690_000.0, (0, keys)),
        report(ThrottledPairs, &["PK", "SK"], 35_900.0, (0, throttled_pairs)),
        report(AccessedPairs, &["PK", "SK"], 1_690_000.0, (0, pairs)),
    ];
    vec![read(&table, vec![before]), read(&table, reports)]
}

/// Where throttled keys alone are counted.
fn payments() -> Vec<News> {
    let keys: &[One<'_>] = &[
        (&["9b1d6f0c-4f52-4a67-8a57-7e0f3c2f1a11"], &[30.0; 11]),
        (&["2f0a4d1e-0b1c-4c1b-9a3f-5d8e6f7a8b9c"], &[24.0; 11]),
    ];
    let report = report(RuleKind::ThrottledKeys, &["payment_id"], 1_056.0, (0, keys));
    vec![read(&Resource::table("payments"), vec![report])]
}

fn insights() -> Vec<ContributorInsights> {
    let (all, throttled) = (InsightsMode::AccessedAndThrottled, InsightsMode::Throttled);
    let one = |resource: Resource, status: &str, mode: &InsightsMode| ContributorInsights {
        resource,
        status: Arc::from(status),
        mode: Some(mode.clone()),
        rules: None,
        failure: None,
    };
    let table = |name: &str, status, mode| one(Resource::table(name), status, mode);
    vec![
        one(Resource::index("orders", "by-status"), "ENABLED", &all),
        table("catalogue", "ENABLED", &all),
        table("payments", "ENABLED", &throttled),
        table("inventory", "FAILED", &all),
        table("carts", "ENABLING", &throttled),
        table("feature-flags", "ENABLED", &all),
        table("shipping-labels", "ENABLED", &throttled),
        table("sessions", "DISABLED", &all),
    ]
}

/// The fleet in trouble, two more of its tables with a partition that is too hot.
fn suffering() -> Fleet {
    let mut fleet = trouble();
    let catalogue = Resource::table("catalogue");
    fleet.throttles(&catalogue, Direction::Read, Limit::KeyRange, (4, 9_000.0));
    let profile = Resource::table("customer-profile-production");
    fleet.throttles(&profile, Direction::Write, Limit::KeyRange, (6, 80.0));
    fleet
}

/// The same where keys are counted, and some of the reports were read.
pub(crate) fn hot() -> Fleet {
    let mut fleet = suffering();
    fleet.tell(News::Insights(Ok(insights())));
    let told = by_status().into_iter().chain(catalogue()).chain(payments());
    told.for_each(|news| fleet.tell(news));
    let refused = Err(denied("cloudwatch:GetInsightRuleReport"));
    fleet.tell(News::HotKeys(Resource::table("shipping-labels"), refused));
    fleet
}

/// The same a while ago: since then reports could not be read.
pub(crate) fn old() -> Fleet {
    let mut fleet = hot();
    let error = CallError {
        class: ErrorClass::Throttled,
        action: "cloudwatch:GetInsightRuleReport",
        code: Some("Throttling".to_owned()),
        message: "Rate exceeded".to_owned(),
    };
    fleet.tell(News::HotKeys(Resource::table("catalogue"), Err(error)));
    fleet
}

/// Tables in trouble, where nobody may read whether keys are counted.
pub(crate) fn unread() -> Fleet {
    let mut fleet = suffering();
    fleet.tell(News::Insights(Err(denied("dynamodb:ListContributorInsights"))));
    fleet
}
