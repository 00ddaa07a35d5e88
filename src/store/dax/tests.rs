use crate::model::dax::{Behind, Cluster, DaxEvent, EventSource, Node, ParameterUse};
use crate::model::event::{Event, Happening};
use crate::model::health::{ErrorClass, Poller};
use crate::model::id::{Resource, Scope};
use crate::model::metric::{Cache, DaxMetric, SeriesKey};
use crate::model::time::Figure;
use crate::model::update::News;
use crate::store::fixture::{Fixture, failed, minute, second};
use crate::store::unknown_behind;
use std::ops::Range;
use std::sync::Arc;

/// A store that knows the cluster `carts` of these nodes, at second `at`.
fn fixture(at: i64, nodes: &[&str]) -> Fixture {
    let mut fixture = Fixture::new(at, vec![]);
    fixture.tell(News::Clusters(Ok(vec![carts(nodes)])));
    fixture
}

fn carts(nodes: &[&str]) -> Cluster {
    let node =
        |id: &&str| Node { id: Arc::from(*id), status: Arc::from("available"), ..Node::default() };
    Cluster {
        name: Arc::from("carts"),
        status: Arc::from("available"),
        node_type: Arc::from("dax.r5.large"),
        nodes: nodes.iter().map(node).collect(),
        parameters: Some(ParameterUse { group: Arc::from("short"), ..ParameterUse::default() }),
        ..Cluster::default()
    }
}

fn cluster() -> Resource {
    Resource::cluster("carts")
}

fn read(
    fixture: &mut Fixture,
    resource: &Resource,
    metric: DaxMetric,
    window: Range<i64>,
    points: &[(i64, f64)],
) {
    fixture.read(&SeriesKey::dax(resource.clone(), metric), window, points);
}

/// Minutes 0 to 4 in which the resource ran, at 4 % of its CPU.
fn run(fixture: &mut Fixture, resource: &Resource) {
    let points: Vec<(i64, f64)> = (0..5).map(|minute| (minute, 4.0)).collect();
    read(fixture, resource, DaxMetric::CpuUtilization, 0..5, &points);
}

/// The second by which minute 4 has settled.
const SETTLED: i64 = 5 * 60 + 120;

#[test]
fn a_count_without_a_point_is_zero_only_where_cpu_shows_that_the_cluster_ran() {
    let mut fixture = fixture(SETTLED, &[]);
    let throttled = DaxMetric::ThrottledRequestCount;
    read(&mut fixture, &cluster(), throttled, 0..5, &[(1, 3.0)]);
    let unknown = Figure::Unknown { at: minute(4) };
    assert_eq!(fixture.reading().dax(&cluster(), throttled), unknown, "DAX publishes no zero");
    read(&mut fixture, &cluster(), DaxMetric::CpuUtilization, 0..5, &[(2, 4.0), (3, 4.0)]);
    assert_eq!(fixture.reading().dax(&cluster(), throttled), unknown, "it is gone since minute 3");
    run(&mut fixture, &cluster());
    let zero = Figure::Zero { at: minute(4) };
    assert_eq!(fixture.reading().dax(&cluster(), throttled), zero);
}

#[test]
fn a_point_of_a_later_minute_does_not_vouch_for_a_node_that_was_away() {
    let mut fixture = fixture(SETTLED, &["a"]);
    let node = Resource::node("carts", "a");
    read(&mut fixture, &node, DaxMetric::FaultRequestCount, 0..6, &[]);
    read(&mut fixture, &node, DaxMetric::CpuUtilization, 0..6, &[(5, 4.0)]);
    let faults = fixture.reading().dax(&node, DaxMetric::FaultRequestCount);
    assert_eq!(faults, Figure::Unknown { at: minute(4) });
}

#[test]
fn a_gauge_without_a_point_has_no_samples_while_the_cluster_runs() {
    let mut fixture = fixture(SETTLED, &[]);
    run(&mut fixture, &cluster());
    read(&mut fixture, &cluster(), DaxMetric::CacheMemoryUtilization, 0..5, &[]);
    let memory = fixture.reading().dax(&cluster(), DaxMetric::CacheMemoryUtilization);
    assert_eq!(memory, Figure::Idle { at: minute(4) });
    let mut gone = self::fixture(SETTLED, &[]);
    read(&mut gone, &cluster(), DaxMetric::CpuUtilization, 0..5, &[(3, 4.0)]);
    let cpu = gone.reading().dax(&cluster(), DaxMetric::CpuUtilization);
    assert_eq!(cpu, Figure::Unknown { at: minute(4) }, "what is away has no CPU use of 0");
}

#[test]
fn a_hit_rate_of_nothing_is_idle_and_one_of_misses_alone_is_zero() {
    let at = minute(4);
    for (hits, misses, expected) in [
        (None, None, Figure::Idle { at }),
        (Some(30.0), Some(10.0), Figure::Value { value: 75.0, at }),
        (Some(30.0), None, Figure::Value { value: 100.0, at }),
        (None, Some(10.0), Figure::Value { value: 0.0, at }),
    ] {
        let mut fixture = fixture(SETTLED, &[]);
        run(&mut fixture, &cluster());
        for (metric, count) in [
            (DaxMetric::CacheHits(Cache::Query), hits),
            (DaxMetric::CacheMisses(Cache::Query), misses),
        ] {
            let points: Vec<(i64, f64)> = count.iter().map(|count| (4, *count)).collect();
            read(&mut fixture, &cluster(), metric, 0..5, &points);
        }
        let rate = fixture.reading().hit_rate_percent(&cluster(), Cache::Query);
        assert_eq!(rate, expected, "{hits:?} of {misses:?}");
        fixture.at = second(SETTLED + 600);
        let stale = fixture.reading().hit_rate_percent(&cluster(), Cache::Query);
        let kept = matches!(stale, Figure::Stale { .. } | Figure::Unknown { .. });
        assert!(kept, "{hits:?} of {misses:?}: {stale:?}");
    }
    let unread = fixture(SETTLED, &[]);
    let rate = unread.reading().hit_rate_percent(&cluster(), Cache::Item);
    assert_eq!(rate, Figure::NotPolled);
}

#[test]
fn what_is_denied_or_not_there_says_so() {
    let mut fixture = fixture(SETTLED, &["a"]);
    fixture.finish(Poller::Metrics, Some((ErrorClass::Denied, "cloudwatch:GetMetricData")));
    let node = Resource::node("carts", "a");
    let denied = Figure::Denied { action: "cloudwatch:GetMetricData" };
    let reading = fixture.reading();
    assert_eq!(reading.dax(&node, DaxMetric::CpuUtilization), denied);
    assert_eq!(reading.network_percent(&node), denied);
    assert_eq!(reading.dax(&node, DaxMetric::CpuCreditBalance), Figure::NotApplicable);
}

#[test]
fn credits_of_t_nodes_are_those_of_the_newest_settled_five_minutes() {
    let mut fixture = Fixture::new(SETTLED + 15 * 60, vec![]);
    let burstable = Cluster { node_type: Arc::from("dax.t3.small"), ..carts(&["a"]) };
    fixture.tell(News::Clusters(Ok(vec![burstable])));
    let node = Resource::node("carts", "a");
    run(&mut fixture, &node);
    read(&mut fixture, &node, DaxMetric::CpuCreditBalance, 0..20, &[(5, 141.0), (10, 90.0)]);
    let credits = fixture.reading().dax(&node, DaxMetric::CpuCreditBalance);
    assert_eq!(credits, Figure::Value { value: 141.0, at: minute(5) });
    let cluster = fixture.reading().dax(&cluster(), DaxMetric::CpuCreditBalance);
    assert_eq!(cluster, Figure::NotApplicable);
}

#[test]
fn the_busier_direction_of_the_network_counts() {
    let mut fixture = fixture(SETTLED, &[]);
    run(&mut fixture, &cluster());
    read(&mut fixture, &cluster(), DaxMetric::NetworkIn, 0..5, &[(4, 20.0)]);
    read(&mut fixture, &cluster(), DaxMetric::NetworkOut, 0..5, &[(4, 70.0)]);
    let network = fixture.reading().network_percent(&cluster());
    assert_eq!(network, Figure::Value { value: 70.0, at: minute(4) });
}

#[test]
fn points_of_a_cluster_or_node_that_is_not_known_are_dropped_and_what_is_gone_is_forgotten() {
    let mut fixture = fixture(SETTLED, &["a", "b"]);
    let [a, b, c] = ["a", "b", "c"].map(|id| Resource::node("carts", id));
    for node in [&a, &b, &c, &Resource::cluster("other")] {
        run(&mut fixture, node);
    }
    let has = |fixture: &Fixture, resource: &Resource| {
        let cpu = SeriesKey::dax(resource.clone(), DaxMetric::CpuUtilization);
        fixture.reading().series(&cpu).is_some()
    };
    assert!(has(&fixture, &a) && has(&fixture, &b) && !has(&fixture, &c));
    assert!(!has(&fixture, &Resource::cluster("other")));
    fixture.tell(News::Clusters(Ok(vec![carts(&["a"])])));
    assert!(has(&fixture, &a) && !has(&fixture, &b));
    fixture.tell(News::Clusters(Ok(vec![])));
    assert!(!has(&fixture, &a));
    assert_eq!(fixture.reading().cluster("carts"), None);
}

#[test]
fn what_dax_publishes_says_nothing_of_dynamodb() {
    let mut fixture = fixture(SETTLED, &[]);
    let errors = crate::model::metric::Metric::UserErrors;
    fixture.read_sum(&Resource::Account, errors, 0..5, &[]);
    run(&mut fixture, &cluster());
    let errors = fixture.reading().figure(&Resource::Account, errors);
    assert_eq!(errors, Figure::Unknown { at: minute(4) });
}

#[test]
fn events_of_a_cluster_are_its_own_and_its_parameter_groups_each_told_once() {
    let mut fixture = fixture(SETTLED, &[]);
    let name = |name: &str| Arc::<str>::from(name);
    let event = |at, source, message: &str| Event {
        at: second(at),
        what: Happening::Dax(DaxEvent { source, message: Arc::from(message) }),
    };
    let told = vec![
        event(0, EventSource::Cluster(name("carts")), "Cluster created."),
        event(60, EventSource::ParameterGroup(name("short")), "Changed."),
        event(60, EventSource::Cluster(name("other")), "Cluster created."),
    ];
    fixture.tell(News::Events(told.clone()));
    let revision = fixture.reading().events_revision();
    fixture.tell(News::Events(told));
    assert_eq!(fixture.reading().events_revision(), revision);
    let found = fixture.reading().events_of_cluster(&carts(&[]), second(-60));
    let found: Vec<_> = found.into_iter().map(|event| event.at).collect();
    assert_eq!(found, [second(60), second(0)]);
    assert_eq!(fixture.reading().events_of_cluster(&carts(&[]), second(30)).len(), 1);
    assert_eq!(fixture.reading().events_of(&cluster(), second(-60)).count(), 1);
}

#[test]
fn a_setting_is_a_mistake_only_where_no_region_has_what_it_names() {
    let home = Scope::new("aws", "123456789012", "us-east-1");
    let away = Scope::new("aws", "123456789012", "eu-west-1");
    let mut fixture = Fixture::new(0, vec![]);
    let mut behind = Behind::default();
    behind.put("carts", &["orders".to_owned(), "ordres".to_owned()]).unwrap();
    behind.put("cart", &["orders".to_owned()]).unwrap();
    fixture.store = fixture.store.clone().with_tables_behind(Arc::new(behind));
    let told = |fixture: &Fixture| {
        unknown_behind(&[&home, &away].map(|scope| fixture.store.reading(scope, fixture.at)))
    };
    let mut know = |scope: &Scope, clusters: Vec<Cluster>, tables: &[&str]| {
        fixture.scope = scope.clone();
        fixture.tell(News::TableNames(tables.iter().map(|name| Arc::from(*name)).collect()));
        fixture.finish(Poller::Tables, None);
        fixture.tell(News::Clusters(Ok(clusters)));
        told(&fixture)
    };
    let first = know(&home, vec![carts(&["carts-a"])], &["orders"]);
    assert_eq!(first, <[&str; 0]>::default(), "the other region is not known yet");
    assert_eq!(
        know(&away, vec![], &["ordres"]),
        [
            "settings: [dax.cart]: no such DAX cluster in eu-west-1, us-east-1",
            "settings: [dax.carts] tables: no table ordres in us-east-1",
        ]
    );
}

#[test]
fn clusters_are_outdated_once_they_cannot_be_read_again_or_were_not_for_long() {
    let mut fixture = fixture(0, &["carts-a"]);
    fixture.go_to(600);
    assert_eq!(fixture.reading().clusters_outdated(), None);
    fixture.go_to(601);
    assert_eq!(fixture.reading().clusters_outdated(), Some(second(0)));
    fixture.tell(News::Clusters(Ok(vec![carts(&["carts-a"])])));
    assert_eq!(fixture.reading().clusters_outdated(), None);
    fixture.go_to(661);
    fixture.tell(News::Clusters(Err(failed(ErrorClass::Expired, "dax:DescribeClusters"))));
    assert_eq!(fixture.reading().clusters_outdated(), Some(second(601)));
}
