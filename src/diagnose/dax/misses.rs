//! More is missed than usual, so that the tables get the reads that the cluster used to spare, and why.
//!
//! AWS does not tell why something is missed: what it tells of nodes, evictions, requests and parameters leaves one
//! reason, or none.

use super::ground::{Ground, Told};
use super::lookups::{Lookups, Rates, hit_rate, newest, per_second};
use super::{DaxCause, advice};
use crate::diagnose::evidence::single;
use crate::diagnose::spell::Spell;
use crate::diagnose::words::{clock, number, percent};
use crate::diagnose::{Advice, Cause, Confidence, Evidence, Fact, Severity, Unit, Verdict};
use crate::model::dax::{EventSource, Node, Ttl};
use crate::model::health::Poller;
use crate::model::metric::{Cache, DaxMetric};
use crate::model::time::Minute;
use std::time::Duration;

/// The cause of more misses, and what it rests on.
pub(super) struct Finding {
    pub(super) cause: DaxCause,
    pub(super) confidence: Confidence,
    pub(super) evidence: Vec<Evidence>,
    pub(super) advice: Advice,
}

impl Finding {
    fn inferred(cause: DaxCause, evidence: Vec<Evidence>, advice: impl Into<Advice>) -> Self {
        Self { cause, confidence: Confidence::Inferred, evidence, advice: advice.into() }
    }
}

/// A cache that misses more than usual.
struct Raised<'a> {
    lookups: Lookups<'a>,
    usual: Rates,
    spell: Spell,
    now: Rates,
    severity: Severity,
}

/// The verdict on the cache with most additional misses, with what it looked up.
pub(super) fn verdict<'a>(ground: &Ground<'a>) -> Option<(Verdict, Lookups<'a>)> {
    let raised = Cache::ALL.into_iter().filter_map(|cache| Raised::of(ground, cache));
    let more = |raised: &Raised<'_>| raised.now.misses - raised.usual.misses;
    let worst = raised.max_by(|a, b| more(a).total_cmp(&more(b)))?;
    let finding = worst.explain(ground);
    let Raised { lookups, usual, spell, severity, .. } = worst;
    let mut evidence = lookups.evidence(ground, spell, Some(usual));
    evidence.extend(finding.evidence);
    let newest = ground.reading.dax(&ground.resource, DaxMetric::CacheMisses(lookups.cache));
    evidence.extend(Evidence::of_age(ground.reading, newest, lookups.through()));
    let verdict = Verdict {
        confidence: finding.confidence,
        events: lookups.misses.lately(ground.thresholds),
        evidence,
        advice: finding.advice,
        ..spell.verdict(ground.resource.clone(), Cause::Dax(finding.cause), severity)
    };
    Some((verdict, lookups))
}

impl<'a> Raised<'a> {
    fn of(ground: &Ground<'a>, cache: Cache) -> Option<Self> {
        let dax = ground.dax();
        let lookups = Lookups::of(ground, cache)?;
        let usual = lookups.usual(ground)?;
        let is_more = |minute, factor: f64| {
            let misses = lookups.misses.at(minute);
            misses >= factor * usual.misses && misses - usual.misses >= 60.0 * dax.misses_per_second
        };
        // Where more requests miss no larger share, the cache does what it did.
        let share_rose = |minute| {
            let missed = lookups.at(minute).missed();
            missed.is_some_and(|missed| missed - usual.missed >= dax.miss_share_rise)
        };
        let is_high = |minute| is_more(minute, dax.misses_factor) && share_rose(minute);
        let spell = lookups
            .misses
            .spell(dax.minutes, ground.thresholds, |minute| is_more(minute, dax.eased_factor))?;
        let minutes = (0..=spell.last.since(spell.since)).map(|offset| spell.since.plus(offset));
        let high: Vec<Minute> = minutes.filter(|minute| is_high(*minute)).collect();
        let spell = Spell { since: *high.first()?, ..spell };
        if high.len() < dax.minutes {
            return None;
        }
        let newest = lookups.misses.newest(ground.thresholds);
        let is_easing = newest.filter(|minute| is_high(*minute)).count() < dax.minutes;
        let severity = if is_easing { Severity::Notice } else { Severity::Trouble };
        let usual = lookups.before(ground, spell.since)?;
        let now = lookups.during(spell, ground.thresholds.window_minutes);
        Some(Self { lookups, usual, spell, now, severity })
    }

    /// What nodes, requests, evictions and parameters leave as the reason, in this order: a node without anything
    /// cached misses whatever is asked, and new requests fill a cache until it evicts.
    fn explain(&self, ground: &Ground<'_>) -> Finding {
        let reasons = [Self::cold, Self::new_traffic, Self::evicted, Self::expired];
        reasons
            .into_iter()
            .find_map(|reason| reason(self, ground))
            .unwrap_or_else(|| self.unknown(ground))
    }

    /// Nodes that were made just before.
    fn cold(&self, ground: &Ground<'_>) -> Option<Finding> {
        let since = self.spell.since;
        let is_new = |node: &&Node| {
            let made = node.created.map(Minute::containing);
            made.is_some_and(|made| made <= since && since.since(made) <= ground.dax().cold_minutes)
        };
        let new: Vec<&Node> = ground.cluster.nodes.iter().filter(is_new).collect();
        let newest = new.iter().filter_map(|node| node.created).max()?;
        let (count, all, at) = (new.len(), ground.cluster.size(), Minute::containing(newest));
        let text = format!(
            "{count} of {all} nodes made in {}, with nothing cached",
            clock(ground.reading, at)
        );
        let mut evidence = vec![Evidence::fact(Fact::DaxStatus, text).in_minute(at)];
        let near = |told: &Told<'_>| told.at.since(at).abs() <= 1;
        evidence.extend(ground.events().find(near).map(|told| told.evidence(ground.reading)));
        evidence.extend(self.recovery(ground));
        Some(Finding::inferred(DaxCause::ColdCache, evidence, advice::COLD_CACHE))
    }

    /// How far the hit rate has come since it was worst.
    fn recovery(&self, ground: &Ground<'_>) -> Option<Evidence> {
        let Spell { since, last, .. } = self.spell;
        let minutes = (0..=last.since(since)).map(|offset| since.plus(offset));
        let rates = minutes.filter_map(|minute| Some((minute, self.lookups.at(minute).missed()?)));
        let (worst, missed) = rates.max_by(|(_, a), (_, b)| a.total_cmp(b))?;
        let now = self.lookups.at(last).missed()?;
        let text = format!(
            "it fills: hit rate {} in {}, {} in {}",
            hit_rate(missed),
            clock(ground.reading, worst),
            hit_rate(now),
            clock(ground.reading, last),
        );
        (worst < last && now < missed)
            .then(|| Evidence::fact(Fact::Inference, text).in_minute(worst))
    }

    /// Requests that are new, and miss.
    fn new_traffic(&self, ground: &Ground<'_>) -> Option<Finding> {
        let (added, missed) =
            (self.now.all() - self.usual.all(), self.now.misses - self.usual.misses);
        if added < ground.dax().new_traffic_share * missed {
            return None;
        }
        let name = self.lookups.cache.name();
        let text = format!(
            "{} more {name} lookups/s than usual, {} of which miss",
            number(per_second(added)),
            percent((missed / added).min(1.0)),
        );
        let window = newest(self.spell, ground.thresholds.window_minutes);
        let added = Evidence::fact(Fact::Inference, text).of(added, Unit::Count);
        let mut evidence = vec![Evidence { window: Some(window), ..added }];
        evidence.extend(evictions(ground, self.spell));
        Some(Finding::inferred(DaxCause::MissStorm, evidence, advice::MISS_STORM))
    }

    /// What does not fit is evicted. AWS's own metrics tell it.
    fn evicted(&self, ground: &Ground<'_>) -> Option<Finding> {
        let evidence = evictions(ground, self.spell);
        (!evidence.is_empty()).then(|| Finding {
            cause: DaxCause::CacheTooSmall,
            confidence: Confidence::Measured,
            evidence,
            advice: advice::CACHE_TOO_SMALL.into(),
        })
    }

    /// What is cached expires: the parameter group was changed lately, or has a short time to live.
    fn expired(&self, ground: &Ground<'_>) -> Option<Finding> {
        if !told_since(ground, self.spell.since) {
            return None;
        }
        let changed = changed(ground, self.spell.since);
        let (ttl, evidence) = time_to_live(ground, self.lookups.cache);
        let is_short = ttl.is_some_and(|ttl| is_short(ground, ttl, self.lookups.cache));
        if changed.is_none() && !is_short {
            return None;
        }
        let mut all = vec![evidence];
        all.extend(changed.map(|told| told.evidence(ground.reading)));
        all.push(Evidence::fact(
            Fact::Inference,
            "no node was made, no requests are new, and nothing is evicted for want of memory",
        ));
        let advice = advice::ttl_too_short(ground.cluster, parameter(self.lookups.cache), ttl);
        Some(Finding::inferred(DaxCause::TtlTooShort, all, advice))
    }

    fn unknown(&self, ground: &Ground<'_>) -> Finding {
        let read = if told_since(ground, self.spell.since) {
            "no node was made, no requests are new, nothing is evicted and no parameter was changed, as far as is read"
        } else {
            "what AWS tells of the cluster's nodes and events was not read since"
        };
        let (_, ttl) = time_to_live(ground, self.lookups.cache);
        Finding {
            cause: DaxCause::MissesRaised,
            confidence: Confidence::Unknown,
            evidence: vec![Evidence::fact(Fact::Inference, read), ttl],
            advice: advice::MISSES_RAISED.into(),
        }
    }
}

/// Whether clusters and events were read after a minute began.
fn told_since(ground: &Ground<'_>, since: Minute) -> bool {
    [Poller::Clusters, Poller::ClusterEvents].into_iter().all(|poller| {
        let read = ground.reading.health(poller).and_then(|health| health.last_success);
        read.is_some_and(|read| read >= since.start())
    })
}

/// The newest event of the parameter group that may be behind what began in a minute.
fn changed<'a>(ground: &Ground<'a>, since: Minute) -> Option<Told<'a>> {
    ground.events().find(|told| {
        let is_of_group = match told.source {
            EventSource::ParameterGroup(_) => true,
            EventSource::Cluster(_) | EventSource::SubnetGroup(_) | EventSource::Other(_) => false,
        };
        // What is cached already may stay for as long as it was told to.
        is_of_group
            && told.at <= since.plus(1)
            && since.since(told.at) <= ground.dax().changed_minutes
    })
}

/// What is evicted while memory is nearly used up; nothing where it is not so.
pub(super) fn evictions(ground: &Ground<'_>, spell: Spell) -> Vec<Evidence> {
    let dax = ground.dax();
    let (Some(evicted), Some(memory)) =
        (ground.tally(DaxMetric::EvictedSize), ground.tally(DaxMetric::CacheMemoryUtilization))
    else {
        return vec![];
    };
    let window = newest(spell, ground.thresholds.window_minutes);
    let minutes = (0..window.minutes()).map(|offset| window.start.plus(offset));
    let evicts = minutes.filter(|minute| evicted.at(*minute) > 0.0).count();
    let used = memory.at(spell.last);
    if evicts < dax.minutes || used < dax.memory_percent {
        return vec![];
    }
    let at = clock(ground.reading, spell.last);
    let bytes = evicted.at(spell.last);
    let text = format!("{} MB evicted in {at}", number((bytes / 1e5).round() / 10.0));
    let full = if used >= 100.0 { ", where DAX throttles writes" } else { "" };
    let memory_text = format!("{} % of the cache memory in use{full}", number(used.round()));
    let in_minute = single(spell.last);
    vec![
        Evidence::series(ground.key(DaxMetric::EvictedSize), text, (bytes, Unit::Bytes), in_minute),
        Evidence::series(
            ground.key(DaxMetric::CacheMemoryUtilization),
            memory_text,
            (used, Unit::Percent),
            in_minute,
        ),
    ]
}

/// The parameter that decides how long something of a cache stays.
pub(super) fn parameter(cache: Cache) -> &'static str {
    match cache {
        Cache::Item => "record-ttl-millis",
        Cache::Query | Cache::Scan => "query-ttl-millis",
    }
}

/// How long something of a cache stays, and what to say about it.
pub(super) fn time_to_live<'a>(ground: &Ground<'a>, cache: Cache) -> (Option<&'a Ttl>, Evidence) {
    let group = ground.reading.parameter_group(ground.cluster);
    let ttl = group.and_then(|group| match cache {
        Cache::Item => group.record_ttl.as_ref(),
        Cache::Query | Cache::Scan => group.query_ttl.as_ref(),
    });
    let name = parameter(cache);
    let text = match (ttl, &ground.cluster.parameters) {
        (Some(ttl), Some(used)) => {
            format!("{name} is {} ({})", number(ttl.time.as_millis() as f64), used.group)
        }
        _ => format!("{name} was not read"),
    };
    (ttl, Evidence::fact(Fact::DaxParameters, text))
}

/// Whether a time to live alone explains many misses. None at all keeps items for ever, and queries never.
pub(super) fn is_short(ground: &Ground<'_>, ttl: &Ttl, cache: Cache) -> bool {
    match (cache, ttl.time) {
        (Cache::Item, Duration::ZERO) => false,
        (Cache::Item | Cache::Query | Cache::Scan, time) => {
            time.as_secs_f64() <= ground.dax().short_ttl_seconds
        }
    }
}
