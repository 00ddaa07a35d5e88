//! Why more is missed than usual.

use super::*;

/// Since minute 18 one in three lookups misses.
fn missing(cluster: Cluster) -> Fixture {
    let mut fixture = serving(cluster);
    look_up(&mut fixture, |at| if at >= 18 { (40_000.0, 20_000.0) } else { (59_400.0, 600.0) });
    fixture
}

fn made_at(at: i64) -> Cluster {
    let mut cluster = described();
    for node in &mut cluster.nodes {
        node.created = Some(second(60 * at));
    }
    cluster
}

fn change_ttl(fixture: &mut Fixture, at: i64) {
    let group = EventSource::ParameterGroup(Arc::from("short"));
    happens(fixture, at, group, "Updated parameter record-ttl-millis to 300.");
}

fn evict(fixture: &mut Fixture, memory: f64) {
    measure(fixture, &carts(), DaxMetric::EvictedSize, |at| if at >= 19 { 4e6 } else { 0.0 });
    measure(fixture, &carts(), DaxMetric::CacheMemoryUtilization, |_| memory);
}

fn with_new_requests() -> Fixture {
    let mut fixture = serving(described());
    look_up(&mut fixture, |at| (59_400.0, if at >= 18 { 20_600.0 } else { 600.0 }));
    fixture
}

fn evicting(memory: f64) -> Fixture {
    let mut fixture = missing(described());
    evict(&mut fixture, memory);
    fixture
}

fn changed_at(at: i64) -> Fixture {
    let mut fixture = missing(described());
    change_ttl(&mut fixture, at);
    fixture
}

fn with_ttl(time: Duration) -> Fixture {
    let mut fixture = missing(described());
    set_ttl(&mut fixture, time);
    fixture
}

#[test]
fn what_aws_tells_leaves_one_reason_for_more_misses() {
    use Confidence::{Inferred, Measured, Unknown};
    use DaxCause::{CacheTooSmall, ColdCache, MissStorm, MissesRaised, TtlTooShort};
    let short = Duration::from_millis(300);
    let cases = [
        ("a new node", missing(made_at(17)), ColdCache, Inferred),
        ("a node made long before", missing(made_at(2)), MissesRaised, Unknown),
        ("new requests", with_new_requests(), MissStorm, Inferred),
        ("evictions of a full memory", evicting(97.0), CacheTooSmall, Measured),
        ("evictions while there is room", evicting(60.0), MissesRaised, Unknown),
        ("a parameter that was changed", changed_at(17), TtlTooShort, Inferred),
        ("one that was changed an hour ago", changed_at(-42), MissesRaised, Unknown),
        ("a short time to live", with_ttl(short), TtlTooShort, Inferred),
        ("items without any", with_ttl(Duration::ZERO), MissesRaised, Unknown),
    ];
    for (name, fixture, cause, confidence) in cases {
        let verdict = only(&fixture);
        assert_eq!((verdict.cause, verdict.confidence), (Cause::Dax(cause), confidence), "{name}");
        assert_eq!((verdict.since, verdict.severity), (minute(18), Severity::Trouble), "{name}");
    }
}

#[test]
fn a_cluster_that_was_idle_has_no_usual_that_its_first_misses_could_exceed() {
    for (name, before, expected) in
        [("idle", (0.0, 0.0), 0), ("asked for what it has", (60_000.0, 0.0), 1)]
    {
        let mut fixture = serving(described());
        look_up(&mut fixture, |at| if at >= 18 { (40_000.0, 20_000.0) } else { before });
        assert_eq!(diagnose(&fixture).len(), expected, "{name}");
    }
}

#[test]
fn misses_count_that_are_many_more_than_usual_for_two_minutes() {
    for (name, misses, expected) in [
        ("one minute", (|at| if at == 27 { 30_000.0 } else { 600.0 }) as fn(i64) -> f64, 0),
        ("two minutes", |at| if at >= 26 { 30_000.0 } else { 600.0 }, 1),
        ("twice as many, but few", |at| if at >= 20 { 1_300.0 } else { 600.0 }, 0),
        ("many, as ever", |_| 20_000.0, 0),
        ("over", |at| if (10..22).contains(&at) { 30_000.0 } else { 600.0 }, 0),
    ] {
        let mut fixture = serving(described());
        look_up(&mut fixture, |at| (60_000.0 - misses(at), misses(at)));
        assert_eq!(diagnose(&fixture).len(), expected, "{name}");
    }
}

#[test]
fn a_cold_cache_says_what_is_new_and_that_it_fills() {
    let mut fixture = serving(made_at(18));
    look_up(&mut fixture, |at| match at {
        ..18 => (59_400.0, 600.0),
        18 => (6_000.0, 54_000.0),
        _ => (30_000.0, 30_000.0),
    });
    happens(&mut fixture, 18, of_cluster(), "Cluster created.");
    let verdict = only(&fixture);
    assert_eq!(verdict.headline(), "cold cache (inferred)");
    assert_eq!(
        clauses(&verdict),
        [
            "500 item cache misses/s in 12:27, 10 usual",
            "hit rate 50 %, 99.0 % usual",
            "3 of 3 nodes made in 12:18, with nothing cached",
            "12:18 DAX told: Cluster created.",
            "it fills: hit rate 10 % in 12:18, 50 % in 12:27",
        ]
    );
    let Source::Series(key) = &verdict.evidence[0].source else { panic!("{verdict:#?}") };
    assert_eq!(key.metric.name(), "ItemCacheMisses");
    assert_eq!(verdict.evidence[1].amount.map(|amount| amount.unit), Some(Unit::Percent));
}

#[test]
fn a_short_ttl_names_the_parameter_its_value_and_who_takes_the_change() {
    let mut fixture = missing(described());
    set_ttl(&mut fixture, Duration::from_millis(300));
    change_ttl(&mut fixture, 17);
    let verdict = only(&fixture);
    let told = clauses(&verdict);
    assert_eq!(told[2], "record-ttl-millis is 300 (short)");
    assert_eq!(told[3], "12:17 DAX told of short: Updated parameter record-ttl-millis to 300.");
    let step = "give the cluster a parameter group with a longer record-ttl-millis than 300 (300,000 by default) \
                (CreateParameterGroup, UpdateCluster): short is one in use, by AWS's guide, and cannot be changed";
    assert!(verdict.advice.step.starts_with(step), "{}", verdict.advice);
    let mut default = described();
    let group = Arc::from("default.dax1.0");
    default.parameters = Some(ParameterUse { group, ..ParameterUse::default() });
    let mut fixture = missing(default);
    let group = EventSource::ParameterGroup(Arc::from("default.dax1.0"));
    happens(&mut fixture, 17, group, "Parameter group updated.");
    assert!(
        only(&fixture).advice.step.contains("default.dax1.0 is AWS's own and cannot be changed")
    );
}

#[test]
fn while_events_were_not_read_since_no_parameter_is_blamed() {
    let mut fixture = missing(described());
    set_ttl(&mut fixture, Duration::from_millis(300));
    fixture.go_to(10 * 60);
    fixture.finish(Poller::ClusterEvents, None);
    fixture.go_to(READ_AT);
    let verdict = only(&fixture);
    assert_eq!(verdict.headline(), "misses raised, cause unknown");
    assert!(clauses(&verdict)[2].contains("was not read since"), "{:?}", clauses(&verdict));
}

#[test]
fn misses_that_were_there_all_along_are_a_notice_where_their_reason_is_read() {
    let always = |memory: f64, evicted: f64, ttl: Duration| {
        let mut fixture = serving(described());
        look_up(&mut fixture, |_| (20_000.0, 40_000.0));
        measure(&mut fixture, &carts(), DaxMetric::EvictedSize, |_| evicted);
        measure(&mut fixture, &carts(), DaxMetric::CacheMemoryUtilization, |_| memory);
        set_ttl(&mut fixture, ttl);
        fixture
    };
    let minutes = Duration::from_mins(5);
    let cases = [
        (always(97.0, 4e6, minutes), Some("dax/carts: dax-cache-too-small")),
        (always(50.0, 0.0, Duration::from_secs(2)), Some("dax/carts: dax-ttl-too-short")),
        (always(50.0, 0.0, minutes), None),
    ];
    for (fixture, expected) in cases {
        let expected = expected.map(|told| (told.to_owned(), Severity::Notice));
        assert_eq!(causes(&fixture), Vec::from_iter(expected));
    }
}

#[test]
fn at_full_memory_dax_throttles_writes_and_the_verdict_says_so() {
    let mut fixture = missing(described());
    evict(&mut fixture, 100.0);
    let verdict = only(&fixture);
    let told = clauses(&verdict);
    assert_eq!(
        told[2..],
        ["4 MB evicted in 12:27", "100 % of the cache memory in use, where DAX throttles writes"]
    );
    assert!(
        verdict.advice.step.contains("takes a new cluster")
            && verdict.advice.step.contains("more nodes do not")
    );
}

#[test]
fn misses_go_on_counting_while_they_ease_off_and_are_a_notice_then() {
    let easing = |since: i64, to: f64| {
        let mut fixture = serving(made_at(10));
        look_up(&mut fixture, |at| match at {
            ..10 => (54_000.0, 6_000.0),
            _ if at < since => (20_000.0, 40_000.0),
            _ => (60_000.0 - to, to),
        });
        fixture
    };
    let told = |severity| vec![("dax/carts: dax-cold-cache".to_owned(), severity)];
    assert_eq!(causes(&easing(27, 11_000.0)), told(Severity::Trouble));
    assert_eq!(causes(&easing(22, 11_000.0)), told(Severity::Notice));
    assert_eq!(causes(&easing(22, 7_000.0)), []);
}

#[test]
fn more_requests_that_miss_no_larger_share_are_no_trouble_of_the_cache() {
    let mut fixture = serving(described());
    look_up(&mut fixture, |at| if at >= 18 { (200_000.0, 50_000.0) } else { (48_000.0, 12_000.0) });
    assert_eq!(diagnose(&fixture), []);
}

#[test]
fn a_cause_stays_the_same_when_half_of_the_hour_has_seen_it() {
    let mut fixture = serving(described());
    look_up(&mut fixture, |at| if at >= -2 { (5_000.0, 55_000.0) } else { (59_400.0, 600.0) });
    set_ttl(&mut fixture, Duration::from_millis(300));
    let verdict = only(&fixture);
    assert_eq!((verdict.cause, verdict.since), (Cause::Dax(DaxCause::TtlTooShort), minute(-2)));
}
