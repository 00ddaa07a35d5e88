//! Misses that are as ever, but many: a cache that never fits, or expires before it is of use.

use super::ground::Ground;
use super::lookups::Lookups;
use super::misses::{evictions, is_short, parameter, time_to_live};
use super::{DaxCause, advice};
use crate::diagnose::{Advice, Cause, Confidence, Severity, Verdict};
use crate::model::metric::Cache;

/// The notice about the cache that misses most, if it misses for a reason that was read.
pub(super) fn verdict(ground: &Ground<'_>) -> Option<Verdict> {
    let all = Cache::ALL.into_iter().filter_map(|cache| Lookups::of(ground, cache));
    let misses = |lookups: &Lookups<'_>| lookups.misses.lately(ground.thresholds);
    let lookups = all.max_by(|a, b| misses(a).total_cmp(&misses(b)))?;
    let dax = ground.dax();
    let spell = lookups.misses.spell(dax.minutes, ground.thresholds, |minute| {
        let rates = lookups.at(minute);
        let is_much = rates.misses >= 60.0 * dax.misses_per_second;
        is_much && rates.missed().is_some_and(|missed| missed >= dax.miss_share)
    })?;
    let evicted = evictions(ground, spell);
    let (ttl, ttl_evidence) = time_to_live(ground, lookups.cache);
    let (cause, reasons, advice) = if !evicted.is_empty() {
        (DaxCause::CacheTooSmall, evicted, advice::CACHE_TOO_SMALL.into())
    } else if ttl.is_some_and(|ttl| is_short(ground, ttl, lookups.cache)) {
        let advice = advice::ttl_too_short(ground.cluster, parameter(lookups.cache), ttl);
        (DaxCause::TtlTooShort, vec![ttl_evidence], Advice::from(advice))
    } else {
        return None;
    };
    let mut evidence = lookups.evidence(ground, spell, None);
    evidence.extend(reasons);
    Some(Verdict {
        confidence: Confidence::Inferred,
        events: misses(&lookups),
        evidence,
        advice,
        ..spell.verdict(ground.resource.clone(), Cause::Dax(cause), Severity::Notice)
    })
}
