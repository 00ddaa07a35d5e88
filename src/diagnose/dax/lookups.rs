//! Lookups in one of the caches of a cluster: what is found and what is missed.

use super::ground::Ground;
use crate::diagnose::evidence::single;
use crate::diagnose::spell::{LEAST_KNOWN, Spell, Tally, median, past_hour};
use crate::diagnose::words::{clock, number, percent};
use crate::diagnose::{Evidence, Unit};
use crate::model::metric::{Cache, DaxMetric};
use crate::model::time::{Minute, Window};

/// Hits and misses of one cache.
#[derive(Debug)]
pub(super) struct Lookups<'a> {
    pub(super) cache: Cache,
    pub(super) hits: Tally<'a>,
    pub(super) misses: Tally<'a>,
}

/// Per minute.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rates {
    pub(super) hits: f64,
    pub(super) misses: f64,
}

/// What is usual.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Usual {
    /// Per minute.
    pub(super) misses: f64,
    /// The share that is missed, 0 to 1.
    pub(super) missed: f64,
}

impl Rates {
    pub(super) fn all(self) -> f64 {
        self.hits + self.misses
    }

    /// The share that is missed, 0 to 1; `None` where nothing was looked up, which is no bad rate.
    pub(super) fn missed(self) -> Option<f64> {
        (self.all() > 0.0).then(|| self.misses / self.all())
    }
}

impl<'a> Lookups<'a> {
    pub(super) fn of(ground: &Ground<'a>, cache: Cache) -> Option<Self> {
        let hits = ground.tally(DaxMetric::CacheHits(cache))?;
        let misses = ground.tally(DaxMetric::CacheMisses(cache))?;
        Some(Self { cache, hits, misses })
    }

    pub(super) fn through(&self) -> Minute {
        self.hits.through.min(self.misses.through)
    }

    pub(super) fn at(&self, minute: Minute) -> Rates {
        Rates { hits: self.hits.at(minute), misses: self.misses.at(minute) }
    }

    /// The mean of the newest minutes of a spell, as many as are looked at.
    pub(super) fn during(&self, spell: Spell, most: i64) -> Rates {
        let window = newest(spell, most);
        let minutes = (0..window.minutes()).map(|offset| self.at(window.start.plus(offset)));
        let count = window.minutes().max(1) as f64;
        let (hits, misses) = minutes
            .fold((0.0, 0.0), |(hits, misses), rates| (hits + rates.hits, misses + rates.misses));
        Rates { hits: hits / count, misses: misses / count }
    }

    /// What was usual in the hour before, while anything was asked: lower quartiles, so that a trouble of three quarters of an hour does not
    /// become what is usual. `None` where too little is known.
    pub(super) fn usual(&self, ground: &Ground<'_>) -> Option<Usual> {
        let hour = past_hour(self.through(), ground.thresholds);
        let known: Vec<Rates> = ground.asked(hour).map(|minute| self.at(minute)).collect();
        let misses = lower_quartile(known.iter().map(|rates| rates.misses).collect())?;
        let share = lower_quartile(known.iter().filter_map(|rates| rates.missed()).collect());
        Some(Usual { misses, missed: share.unwrap_or(0.0) })
    }

    /// What was looked up in the hour before a minute: medians, where enough of it is known.
    pub(super) fn before(&self, ground: &Ground<'_>, since: Minute) -> Option<Rates> {
        let known: Vec<Rates> =
            ground.asked(Window::ending(since, 60)).map(|minute| self.at(minute)).collect();
        let middle =
            |pick: fn(&Rates) -> f64| median(known.iter().map(pick).collect(), LEAST_KNOWN / 3);
        Some(Rates { hits: middle(|rates| rates.hits)?, misses: middle(|rates| rates.misses)? })
    }

    /// What is missed, against what is usual, and what is found of all.
    pub(super) fn evidence(
        &self,
        ground: &Ground<'_>,
        spell: Spell,
        usual: Option<Rates>,
    ) -> Vec<Evidence> {
        let (now, at) = (self.at(spell.last), clock(ground.reading, spell.last));
        let name = self.cache.name();
        let before = |text: String| usual.map_or_else(String::new, |_| text);
        let were =
            before(format!(", {} usual", number(per_second(usual.map_or(0.0, |it| it.misses)))));
        let text =
            format!("{} {name} cache misses/s in {at}{were}", number(per_second(now.misses)));
        let key = ground.key(DaxMetric::CacheMisses(self.cache));
        let mut evidence =
            vec![Evidence::series(key, text, (now.misses, Unit::Count), single(spell.last))];
        if let Some(missed) = now.missed() {
            let usual = usual.and_then(Rates::missed);
            let was =
                usual.map_or_else(String::new, |usual| format!(", {} usual", hit_rate(usual)));
            let text = format!("hit rate {}{was}", hit_rate(missed));
            let key = ground.key(DaxMetric::CacheHits(self.cache));
            let amount = (100.0 * (1.0 - missed), Unit::Percent);
            evidence.push(Evidence::series(key, text, amount, single(spell.last)));
        }
        evidence
    }
}

/// The newest minutes of a spell.
pub(super) fn newest(spell: Spell, most: i64) -> Window {
    let end = spell.last.plus(1);
    Window { start: end.plus(-most).max(spell.since), end }
}

/// A count of a minute by the second; below one it keeps a decimal.
pub(super) fn per_second(count: f64) -> f64 {
    let rate = count / 60.0;
    if rate < 10.0 { (10.0 * rate).round() / 10.0 } else { rate.round() }
}

/// What is found where this share is missed, in percent. Only what misses nothing finds everything.
pub(super) fn hit_rate(missed: f64) -> String {
    let found = 1.0 - missed;
    if missed > 0.0 && found >= 0.99 {
        return format!("{:.1} %", (1_000.0 * found).floor() / 10.0);
    }
    percent(found)
}

fn lower_quartile(mut values: Vec<f64>) -> Option<f64> {
    if values.len() < LEAST_KNOWN {
        return None;
    }
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 4).copied()
}
