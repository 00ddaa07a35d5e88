//! Times the first and later readings of alarms.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    missing_docs,
    reason = "a scratch measurement"
)]
use ddbtop::sim::scenario::Scenario;
use ddbtop::sim::wire::Request;
use ddbtop::sim::world::{World, WorldOptions};
use std::time::Instant;
fn ask(world: &World, op: &str, body: &str, now: f64) -> usize {
    let target = format!("GraniteServiceVersion20100801.{op}");
    let header = |name: &str| match name {
        "authorization" => Some("x"),
        "x-amz-target" => Some(target.as_str()),
        _ => None,
    };
    let reply = world.handle(
        &Request { method: "POST", path: "/", header: &header, body: body.as_bytes() },
        now,
    );
    assert_eq!(reply.status, 200);
    reply.body.len()
}
fn rss() -> String {
    let text = std::fs::read_to_string("/proc/self/status").unwrap();
    text.lines().find(|l| l.starts_with("VmRSS")).unwrap().to_owned()
}
fn main() {
    let mut toml = String::from("start = '2026-11-22T12:00:00Z'\n");
    for t in 0..1000 {
        toml += &format!(
            "[[table]]\nname = 'own{t:04}'\n[[table.traffic]]\noperation = 'GetItem'\nrate = 10\n[[table.traffic]]\noperation = 'PutItem'\nrate = 5\n"
        );
    }
    for (name, metric, extra) in [
        ("w", "WriteThrottleEvents", "TableName = '{table}'"),
        ("l", "SuccessfulRequestLatency", "TableName = '{table}', Operation = 'GetItem'"),
    ] {
        toml += &format!(
            "[[alarm]]\nname = '{{table}}-{name}'\neach_table = true\nmetric = '{metric}'\ndimensions = {{ {extra} }}\nstatistic = '{}'\nevaluation_periods = 5\nthreshold = 10\ntreat_missing_data = 'notBreaching'\n",
            if name == "w" { "Sum" } else { "Average" }
        );
    }
    let own = Scenario::parse("own", &toml).unwrap();
    for (what, scenario, tables) in [
        ("own, 24 h, 2,000", own, None),
        ("storm --tables 1000", Scenario::named("alarm-storm").unwrap(), Some(1000)),
        ("calm --tables 5000", Scenario::named("calm").unwrap(), Some(5000)),
    ] {
        let world = World::new(&WorldOptions { scenario, seed: 1, tables });
        let now = world.start();
        ask(&world, "ListMetrics", "{}", now);
        let before = rss();
        let t = Instant::now();
        let size = ask(&world, "DescribeAlarms", "{\"MaxRecords\":100}", now);
        println!("{what}: first {:?} ({size} bytes); {before} -> {}", t.elapsed(), rss());
        for minute in [1.0, 2.0, 3.0, 30.0, 90.0] {
            ask(&world, "GetMetricData", &format!("{{\"StartTime\":{},\"EndTime\":{},\"MetricDataQueries\":[]}}", now, now + 1.0).replace("[]", "[{\"Id\":\"m\",\"MetricStat\":{\"Metric\":{\"Namespace\":\"x\",\"MetricName\":\"y\"},\"Period\":60,\"Stat\":\"Sum\"}}]"), now + minute * 60.0);
            let t = Instant::now();
            ask(&world, "DescribeAlarms", "{\"MaxRecords\":100}", now + minute * 60.0);
            let d = t.elapsed();
            let t = Instant::now();
            ask(
                &world,
                "DescribeAlarms",
                "{\"MaxRecords\":100,\"StateValue\":\"ALARM\"}",
                now + minute * 60.0,
            );
            println!("  +{minute}: {d:?}, again {:?}", t.elapsed());
        }
        println!("  {}", rss());
    }
}
