//! A stack as it is found in the wild: every alarm in it is quiet, and none of them works.

use super::scene::{Scene, alarm, consumer, insights, set, stat, target};
use crate::lint::{Commands, Finding, Severity, findings};
use crate::model::alarm::Alarm;
use crate::model::id::Resource;
use crate::model::insights::InsightsMode;
use crate::model::throttle::Direction;
use crate::store::fixture::{on_demand, table};

/// 300 s x 2 with nothing said of missing data, and for one table what is there for none.
fn careless(name: &str, threshold: f64) -> Alarm {
    let errors = alarm(name, "UserErrors", &[("TableName", "app")]);
    let errors = stat(errors, |stat| stat.period_seconds = 300);
    set(errors, |settings| {
        settings.evaluation_periods = 2;
        settings.datapoints_to_alarm = None;
        settings.missing_data = None;
        settings.threshold = Some(threshold);
    })
}

fn stack() -> Scene {
    let on_demand_index = |name| (name, on_demand(None));
    let indexes = ["gsi1", "gsi2", "gsi3"].map(on_demand_index);
    let mut ship = consumer("ship");
    (ship.table, ship.bisects) = ("app".into(), false);
    let app = Resource::table("app");
    Scene::of([careless("app-user-errors", 10.0), careless("app-throttled-requests", 5.0)])
        .with_tables(vec![table("app", on_demand(None), &indexes)])
        .with_targets(vec![target(app.clone(), Direction::Read)])
        .with_insights(vec![insights(app, InsightsMode::AccessedAndThrottled)])
        .with_consumers(vec![ship])
}

fn line(finding: &Finding) -> (Severity, &'static str, String) {
    let resource = finding.resource.as_ref().map(ToString::to_string);
    let concerned = finding.alarm.as_ref().map(ToString::to_string);
    let concerned = concerned.or_else(|| finding.other.clone()).or(resource);
    (finding.severity, finding.rule.id, concerned.unwrap())
}

#[test]
fn every_mistake_of_the_stack_is_found_and_nothing_else() {
    use Severity::{Error, Info, Warning};
    let fixture = stack().fixture();
    let found: Vec<_> = findings(fixture.reading()).iter().map(line).collect();
    let expected = [
        (Error, "DDB001", "app-throttled-requests"),
        (Error, "DDB001", "app-user-errors"),
        (Error, "DDB009", "app-throttled-requests"),
        (Warning, "DDB017", "app-throttled-requests"),
        (Warning, "DDB024", "table/app/index/gsi1"),
        (Warning, "DDB024", "table/app/index/gsi2"),
        (Warning, "DDB024", "table/app/index/gsi3"),
        (Warning, "COV01", "table/app"),
        (Warning, "CFG01", "table/app"),
        (Warning, "CFG02", "table/app/index/gsi1"),
        (Warning, "CFG02", "table/app/index/gsi2"),
        (Warning, "CFG02", "table/app/index/gsi3"),
        (Warning, "CFG05", "function/ship"),
        (Info, "DDB013", "app-throttled-requests"),
        (Info, "DDB013", "app-user-errors"),
        (Info, "DDB018", "app-throttled-requests"),
        (Info, "DDB018", "app-user-errors"),
        (Info, "COV04", "table/app"),
        (Info, "COV06", "function/ship"),
        (Info, "CFG03", "table/app"),
    ];
    assert_eq!(found, expected.map(|(severity, id, name)| (severity, id, name.to_owned())));
}

#[test]
fn findings_say_what_is_wrong_with_the_real_names_and_figures() {
    let fixture = stack().fixture();
    let findings = findings(fixture.reading());
    let what = |id: &str| &*findings.iter().find(|finding| finding.rule.id == id).unwrap().what;
    assert_eq!(
        what("DDB001"),
        "app-throttled-requests watches UserErrors with TableName=app, but AWS publishes it without \
         dimensions only: it stays in INSUFFICIENT_DATA"
    );
    assert_eq!(
        what("DDB009"),
        "app-throttled-requests is named after throttles but watches UserErrors, which counts none"
    );
    assert_eq!(
        what("DDB017"),
        "app-throttled-requests needs 2 x 300 s above its threshold: throttles are told after 10 \
         minutes at the earliest"
    );
    assert_eq!(what("DDB024"), "no alarm watches the throttles of index gsi1 of app");
    assert_eq!(
        what("CFG01"),
        "autoscaling of the read capacity of table/app (5 to 500 units) does nothing: its table is \
         on-demand"
    );
    assert_eq!(
        what("CFG05"),
        "ship, which reads the stream of app, neither bisects a batch that fails nor takes partial \
         responses"
    );
}

#[test]
fn findings_name_the_dimension_and_carry_commands() {
    let fixture = stack().fixture();
    for finding in findings(fixture.reading()) {
        let id = finding.rule.id;
        assert_eq!(finding.dimension.is_some(), id == "DDB001", "{id}");
        let Commands { cli, terraform } = finding.commands(fixture.reading());
        assert!(cli.is_some() && terraform.is_some(), "{id}: {}", finding.what);
    }
}
