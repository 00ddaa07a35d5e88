//! What is told of a cluster or node in words.

use super::why::{exposure, parameters};
use super::{Facts, missing};
use crate::model::dax::{Cluster, DaxEvent, EventSource, Node, ParameterGroup, Ttl};
use crate::model::event::{Event, Happening};
use crate::model::id::Resource;
use crate::model::metric::{Cache, DaxMetric};
use crate::store::Reading;
use crate::view::detail::{judgement, paragraph};
use crate::view::format::{Unit, age, figure, moment, phrase};
use crate::view::scaling::Weight;
use crate::view::{Paragraph, Role};
use jiff::SignedDuration;
use std::sync::Arc;
use std::time::Duration;

/// Events that words have room for.
const TOLD: usize = 12;

/// What the strip tells, what matters most first.
pub(super) fn paragraphs(facts: &Facts<'_>) -> Vec<Paragraph> {
    let mut paragraphs = common(facts);
    paragraphs.extend(events(facts).into_iter().take(1));
    paragraphs
}

/// Everything that is known, each node of a cluster included.
pub(super) fn words(facts: &Facts<'_>) -> Vec<Paragraph> {
    let mut paragraphs = common(facts);
    let reading = facts.subject.reading;
    if let (Some(cluster), Resource::Cluster(_)) = (cluster(facts), facts.subject.resource) {
        let nodes = cluster.nodes.iter().map(|node| {
            let resource = Resource::Node(Arc::clone(&cluster.name), Arc::clone(&node.id));
            let text = format!("{}: {}", described(node), load(reading, &resource));
            as_read(reading, "node", text)
        });
        paragraphs.extend(nodes);
    }
    paragraphs.extend(events(facts).into_iter().take(TOLD));
    paragraphs
}

fn cluster<'a>(facts: &Facts<'a>) -> Option<&'a Cluster> {
    let Facts { subject, .. } = facts;
    subject.resource.cluster_name().and_then(|name| subject.reading.cluster(name))
}

fn common(facts: &Facts<'_>) -> Vec<Paragraph> {
    let (reading, resource) = (facts.subject.reading, facts.subject.resource);
    let mut paragraphs = judgement(&facts.subject, facts.charset);
    let Some(cluster) = cluster(facts) else { return paragraphs };
    let text = |label, text: String| paragraph(label, text, Role::Text);
    let matter = facts.rows.get(facts.selected).map(|(entry, _)| *entry);
    let matter =
        matter.filter(|entry| entry.weight != Weight::Calm && facts.subject.verdicts.is_empty());
    paragraphs.extend(matter.map(|entry| paragraph("what", entry.what.clone(), Role::Notice)));
    let is = match resource {
        Resource::Node(_, id) => cluster.node(id).map(described),
        Resource::Cluster(_) | Resource::Account | Resource::Table(_) | Resource::Index(..) => {
            Some(made_of(cluster))
        }
    };
    paragraphs.extend(is.map(|is| as_read(reading, "is", is)));
    paragraphs.push(text("load", load(reading, resource)));
    paragraphs.push(text("cache", caches(reading, resource)));
    paragraphs.push(text("fails", failures(reading, resource)));
    if let Resource::Cluster(_) = resource {
        paragraphs.push(ttls(reading, cluster));
        paragraphs.push(text("setup", set_up(cluster)));
        let tables = reading.tables_behind(&cluster.name).map(|tables| tables.join(", "));
        paragraphs.extend(tables.map(|tables| text("tables", format!("{tables} (settings)"))));
    }
    let lacking = missing(reading).into_iter().map(|it| format!("{}: {}", it.what, it.why));
    let lacking: Vec<String> = lacking.collect();
    if !lacking.is_empty() {
        paragraphs.push(paragraph("lacks", lacking.join("; "), Role::Problem));
    }
    paragraphs
}

/// What the clusters' description says, with its age where it may hold no more.
fn as_read(reading: Reading<'_>, label: &'static str, text: String) -> Paragraph {
    match reading.clusters_outdated() {
        None => paragraph(label, text, Role::Text),
        Some(at) => {
            let ago = age(reading.now(), at);
            paragraph(label, format!("{text}; as read {ago} ago"), Role::Stale)
        }
    }
}

/// `available, 3 of 3 nodes available, 2 AZs, dax.r5.large`.
fn made_of(cluster: &Cluster) -> String {
    let nodes = match (cluster.active_nodes, cluster.total_nodes) {
        (Some(active), Some(total)) => format!("{active} of {total} nodes available"),
        _ => format!("{} nodes", cluster.size()),
    };
    let zones = match cluster.zones().len() {
        0 => None,
        1 => Some("1 AZ".to_owned()),
        zones => Some(format!("{zones} AZs")),
    };
    let node_type = Some(cluster.node_type.to_string()).filter(|kind| !kind.is_empty());
    let parts =
        [Some(cluster.status.to_string()), Some(nodes), zones, node_type, exposure(cluster)];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// `carts-a available, us-east-1a, since 2026-10-01, parameters in-sync`.
fn described(node: &Node) -> String {
    let since = node.created.map(|at| format!("made {}", at.strftime("%Y-%m-%d")));
    let parameters = node.parameter_status.as_ref().map(|status| format!("parameters {status}"));
    let zone = node.zone.as_ref().map(ToString::to_string);
    let parts = [Some(format!("{} {}", node.id, node.status)), zone, since, parameters];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn load(reading: Reading<'_>, resource: &Resource) -> String {
    let is_cluster = matches!(resource, Resource::Cluster(_));
    let busiest = if is_cluster { " of the busiest node" } else { "" };
    let of =
        |metric, unit, of: &str, what: &str| phrase(reading.dax(resource, metric), unit, of, what);
    let requests = reading.dax(resource, DaxMetric::TotalRequestCount).map(|count| count / 60.0);
    let cpu = format!("CPU{busiest}");
    let mut parts = vec![
        of(DaxMetric::CpuUtilization, Unit::Percent, &cpu, "CPU"),
        of(DaxMetric::CacheMemoryUtilization, Unit::Percent, "memory", "memory"),
        phrase(requests, Unit::Decimal, "requests/s", "requests"),
        of(DaxMetric::ClientConnections, Unit::Count, "connections", "connections"),
        phrase(
            reading.network_percent(resource),
            Unit::Percent,
            "of the network baseline",
            "network",
        ),
    ];
    let credits = reading.dax(resource, DaxMetric::CpuCreditBalance);
    if credits != crate::model::time::Figure::NotApplicable {
        parts.push(phrase(credits, Unit::Count, "CPU credits", "CPU credits"));
    }
    parts.join(", ")
}

fn caches(reading: Reading<'_>, resource: &Resource) -> String {
    let rate = |cache: Cache| {
        let rate = figure(reading.hit_rate_percent(resource, cache), Unit::Percent);
        format!("{} {rate}", cache.name())
    };
    let rates = Cache::ALL.map(rate).join(", ");
    let evicted = reading.dax(resource, DaxMetric::EvictedSize);
    let evicted = phrase(evicted, Unit::Count, "bytes evicted/min", "evicted bytes");
    format!("hit rate {rates}; {evicted}")
}

fn failures(reading: Reading<'_>, resource: &Resource) -> String {
    let kinds = [
        (DaxMetric::ThrottledRequestCount, "throttled by DAX"),
        (DaxMetric::ErrorRequestCount, "errors"),
        (DaxMetric::FaultRequestCount, "faults"),
    ];
    let told = |(metric, what): (DaxMetric, &str)| {
        phrase(reading.dax(resource, metric), Unit::Count, &format!("{what}/min"), what)
    };
    kinds.map(told).join(", ")
}

/// `group short, in-sync: items 5 m, queries not cached; 1 node waits for a reboot`.
fn ttls(reading: Reading<'_>, cluster: &Cluster) -> Paragraph {
    let Some(used) = &cluster.parameters else {
        return paragraph("ttl", "no parameter group is told".to_owned(), Role::Dim);
    };
    let status = used.status.as_ref().map(|status| format!(", {status}")).unwrap_or_default();
    let times = match reading.parameter_group(cluster) {
        Some(ParameterGroup { record_ttl, query_ttl, .. }) => {
            let items = ttl(record_ttl.as_ref(), "until evicted or written through DAX");
            format!("items {items}, queries {}", ttl(query_ttl.as_ref(), "not cached"))
        }
        None => "TTLs not read".to_owned(),
    };
    let waits = parameters(cluster).map(|waits| format!("; {waits}")).unwrap_or_default();
    let role = if waits.is_empty() { Role::Text } else { Role::Notice };
    paragraph("ttl", format!("{times} (group {}{status}){waits}", used.group), role)
}

/// How long something stays cached; `zero` is what no time at all means.
fn ttl(ttl: Option<&Ttl>, zero: &str) -> String {
    let Some(Ttl { time, source }) = ttl else { return "not told".to_owned() };
    let text = match (time.as_millis(), time.as_secs()) {
        (0, _) => zero.to_owned(),
        (millis, seconds) if *time != Duration::from_secs(seconds) => format!("{millis} ms"),
        (_, seconds) if seconds % 3_600 == 0 => format!("{} h", seconds / 3_600),
        (_, seconds) if seconds % 60 == 0 => format!("{} m", seconds / 60),
        (_, seconds) => format!("{seconds} s"),
    };
    match source {
        Some(source) => format!("{text} ({source})"),
        None => text,
    }
}

fn set_up(cluster: &Cluster) -> String {
    let known = |what: &str, told: Option<&Arc<str>>| {
        told.map_or_else(|| format!("{what} not told"), |told| format!("{what} {told}"))
    };
    [
        known("maintenance", cluster.maintenance_window.as_ref()),
        known("encryption at rest", cluster.encryption_at_rest.as_ref()),
        known("endpoint encryption", cluster.endpoint_encryption.as_ref()),
    ]
    .join(", ")
}

/// What happened to the cluster in the last day, newest first.
fn events(facts: &Facts<'_>) -> Vec<Paragraph> {
    let reading = facts.subject.reading;
    let Some(cluster) = cluster(facts) else { return vec![] };
    let since = reading.now().checked_sub(SignedDuration::from_hours(24)).unwrap_or_default();
    let happened = reading.events_of_cluster(cluster, since).into_iter();
    let told: Vec<Paragraph> = happened.filter_map(|event| told(reading, event)).collect();
    match (told.is_empty(), facts.subject.resource) {
        (true, Resource::Cluster(_)) if events_were_read(reading) => {
            vec![paragraph("event", "none in the last day".to_owned(), Role::Dim)]
        }
        _ => told,
    }
}

fn events_were_read(reading: Reading<'_>) -> bool {
    let health = reading.health(crate::model::health::Poller::ClusterEvents);
    health.is_some_and(|health| health.last_success.is_some())
}

fn told(reading: Reading<'_>, event: &Event) -> Option<Paragraph> {
    let Happening::Dax(DaxEvent { source, message }) = &event.what else { return None };
    let at = moment(event.at, reading.now(), reading.utc_offset());
    let ago = age(reading.now(), event.at);
    let of = match source {
        EventSource::Cluster(_) => String::new(),
        EventSource::ParameterGroup(name)
        | EventSource::SubnetGroup(name)
        | EventSource::Other(name) => format!("{name}: "),
    };
    Some(paragraph("event", format!("{at} ({ago} ago): {of}{message}"), Role::Text))
}
