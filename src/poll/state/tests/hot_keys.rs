//! Tests of whose reports of Contributor Insights are read, and when.

use super::*;
use crate::model::insights::InsightsMode;
use crate::model::metric::{Metric, SeriesKey};
use crate::model::throttle::Direction;
use crate::model::update::News;

/// The names of the two rules of a table without a sort key.
pub(super) fn rules() -> Vec<Arc<str>> {
    ["PKC", "PKT"]
        .map(|code| format!("DynamoDBContributorInsights-{code}-orders-1").into())
        .to_vec()
}

fn on(resource: Resource) -> ContributorInsights {
    ContributorInsights {
        resource,
        status: Arc::from("ENABLED"),
        mode: Some(InsightsMode::AccessedAndThrottled),
        rules: Some(rules()),
        failure: None,
    }
}

impl Aws {
    fn with_insights(insights: Vec<ContributorInsights>) -> Self {
        Self { insights, ..Self::new() }
    }

    fn look(&mut self, open: Option<Resource>, hot_keys: Option<Resource>) {
        let interest = Interest { open, hot_keys, ..self.state.interest.clone() };
        self.state.look_at(interest, self.now);
    }

    /// The seconds after noon at which reports were asked for, and of what.
    fn reports(&self) -> Vec<(i64, String)> {
        let asked = self.asked.iter().filter_map(|(at, job)| {
            let Job::HotKeys(wanted) = job else { return None };
            Some((at.duration_since(noon()).as_secs(), wanted.resource.to_string()))
        });
        asked.collect()
    }

    /// Lets the sentinels tell of a throttle event.
    fn throttle(&mut self, table: &str) {
        let resource = Resource::table(table);
        let key = SeriesKey::sum(resource, Metric::ThrottleEvents(Direction::Write));
        self.state.fleet.look(&[(key, vec![(Minute::containing(self.now), 1.0)])]);
    }
}

#[test]
fn what_nobody_looks_at_and_is_well_is_not_reported() {
    let mut aws = Aws::with_insights(vec![on(Resource::table("orders"))]);
    aws.pass(180);
    assert_eq!(aws.reports(), []);
    assert_eq!(
        aws.state.cost.reading_metrics,
        aws.state.planner(aws.now).load(&aws.state.fleet).metrics()
    );
}

#[test]
fn what_is_selected_is_reported_at_once_and_then_each_minute() {
    let mut aws = Aws::with_insights(vec![on(Resource::table("orders"))]);
    aws.pass(60);
    aws.look(None, Some(Resource::table("orders")));
    aws.pass(130);
    let times: Vec<i64> = aws.reports().into_iter().map(|(at, _)| at).collect();
    assert_eq!(times, [60, 120, 180]);
    aws.look(None, None);
    aws.pass(120);
    assert_eq!(aws.reports().len(), 3);
}

#[test]
fn an_open_table_is_reported_with_its_indexes_and_what_is_off_is_not() {
    let off = |resource| ContributorInsights { status: Arc::from("DISABLING"), ..on(resource) };
    let mut aws = Aws::with_insights(vec![
        on(Resource::table("orders")),
        on(Resource::index("orders", "by-day")),
        off(Resource::index("orders", "by-city")),
        on(Resource::table("carts")),
    ]);
    aws.pass(60);
    let before = aws.state.cost.usd_per_hour;
    // Nothing else of an open table is asked in this test.
    for poller in [Poller::TimeToLive, Poller::Backups] {
        aws.state.fleet.mark_opened("orders", poller, aws.now);
    }
    aws.look(Some(Resource::index("orders", "by-day")), None);
    aws.pass(1);
    let names: Vec<String> = aws.reports().into_iter().map(|(_, name)| name).collect();
    assert_eq!(names, ["table/orders", "table/orders/index/by-day"]);
    let reports = aws.state.reports_wanted(aws.now);
    assert_eq!(reports, 4, "two rules each");
    assert!(aws.state.cost.usd_per_hour - before >= 4.0 * 60.0 * USD_PER_METRIC);
}

#[test]
fn what_is_in_trouble_is_reported_in_the_cycle_that_shows_it() {
    let mut aws = Aws::with_insights(vec![on(Resource::table("orders"))]);
    aws.pass(40);
    aws.throttle("orders");
    aws.pass(50);
    let reports = aws.reports();
    assert_eq!(reports.len(), 1, "{reports:?}");
    let metrics = aws.state.rounds.started(Poller::Metrics).unwrap();
    // Here an answer comes with one tick of a second, and what it calls for with the next.
    assert_eq!(reports[0].0, metrics.duration_since(noon()).as_secs() + 1);
    aws.pass(60);
    assert_eq!(aws.reports().len(), 2);
    aws.pass(20 * 60);
    let quiet = aws.reports().len();
    assert!(quiet <= 17, "it has been quiet for a quarter of an hour: {quiet}");
}

#[test]
fn a_refusal_is_asked_again_after_a_quarter_of_an_hour_and_costs_nothing_meanwhile() {
    let mut aws = Aws::with_insights(vec![on(Resource::table("orders"))]);
    aws.failing = Some((Poller::HotKeys, ErrorClass::Denied));
    aws.pass(30);
    aws.look(None, Some(Resource::table("orders")));
    let updates = aws.pass(14 * 60);
    assert_eq!(aws.reports().len(), 1);
    let told = updates.iter().filter(|update| matches!(update.news, News::HotKeys(_, Err(_))));
    assert_eq!(told.count(), 1);
    assert_eq!(aws.state.reports_wanted(aws.now), 0);
    aws.failing = None;
    aws.pass(2 * 60);
    assert_eq!(aws.reports().len(), 2);
}

#[test]
fn a_refresh_reads_reports_anew_but_not_twice_in_a_minute() {
    let mut aws = Aws::with_insights(vec![on(Resource::table("orders"))]);
    aws.pass(70);
    aws.look(None, Some(Resource::table("orders")));
    aws.pass(20);
    aws.state.refresh(aws.now);
    aws.pass(31);
    assert_eq!(aws.reports().len(), 1);
    aws.state.refresh(aws.now);
    aws.pass(2);
    let times: Vec<i64> = aws.reports().into_iter().map(|(at, _)| at / 60).collect();
    assert_eq!(times, [1, 2]);
}

#[test]
fn a_rule_that_is_gone_lets_the_names_be_read_anew() {
    let mut aws = Aws::with_insights(vec![on(Resource::table("orders"))]);
    aws.pass(30);
    let resource = Resource::table("orders");
    let gone = CallError {
        code: Some("ResourceNotFoundException".to_owned()),
        ..error(ErrorClass::Rejected)
    };
    let reply = Reply { result: Err(gone), requests: 1, metrics: 0 };
    aws.state.reported(aws.now, resource.clone(), reply);
    aws.look(None, Some(resource));
    aws.pass(1);
    let names = aws.asked.iter().find_map(|(_, job)| {
        let Job::HotKeys(wanted) = job else { return None };
        Some(wanted.rules.clone())
    });
    assert_eq!(names, Some(None));
}
