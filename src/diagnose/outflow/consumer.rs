//! Functions that read a table's stream. A function has one iterator age, whatever it reads, and none while it is not
//! invoked: that its mapping is disabled or Lambda throttles it shows elsewhere.

use super::Outflow;
use crate::diagnose::evidence::single;
use crate::diagnose::gauge::Gauge;
use crate::diagnose::lately::{STATE, lately};
use crate::diagnose::spell::{Spell, Tally};
use crate::diagnose::words::{clock, number, span};
use crate::diagnose::{Cause, Confidence, Evidence, Fact, Severity, Thresholds, Unit, Verdict};
use crate::model::consumer::Consumer;
use crate::model::id::Resource;
use crate::model::metric::{Metric, SeriesKey};
use crate::model::throttle::Direction;
use crate::model::time::Minute;
use crate::store::Reading;
use jiff::{SignedDuration, Timestamp};

/// How long a stream keeps its records, milliseconds (Amazon DynamoDB Developer Guide, "Change data capture for
/// DynamoDB Streams").
const RETENTION: f64 = 24.0 * 3_600.0 * 1e3;
/// From which rise on an age counts as rising or falling: a minute's noise is no course.
const COURSE: f64 = 0.05;

/// From which rise on it counts as standing still.
const STUCK: f64 = 0.9;

/// Why errors need not be what holds a function up.
const GETS_ON: &str =
    "some invocations fail, but its last batch was well and it gets on: it may be too slow as well";
/// Why a function must be too slow.
const NOTHING_FAILS: &str = "it neither fails nor is it throttled: more is written than it reads";
/// Why it is not known whether it is.
const NOT_COUNTED: &str = "whether it fails or is throttled is not known: its errors were not read";

/// One verdict for each mapping that does not get its table's changes in time.
pub(super) fn verdicts(reading: Reading<'_>, thresholds: &Thresholds) -> Vec<Verdict> {
    let consumers = reading.consumers().value().map_or(&[][..], Vec::as_slice);
    let known = consumers.iter().filter(|consumer| reading.has_table(&consumer.table));
    known.filter_map(|consumer| Look { reading, consumer, thresholds }.verdict()).collect()
}

/// One mapping that is looked at.
#[derive(Clone, Copy)]
struct Look<'a> {
    reading: Reading<'a>,
    consumer: &'a Consumer,
    thresholds: &'a Thresholds,
}

/// What is found.
struct Found {
    outflow: Outflow,
    spell: Spell,
    severity: Severity,
    confidence: Confidence,
    events: f64,
    evidence: Vec<Evidence>,
}

impl Look<'_> {
    fn verdict(self) -> Option<Verdict> {
        let found = match &*self.consumer.state {
            "Disabled" | "Disabling" | "Deleting" => self.stopped(),
            _ => self.behind(),
        }?;
        let Found { outflow, spell, severity, confidence, events, mut evidence } = found;
        evidence.push(self.settings());
        Some(Verdict {
            recipient: Some(self.consumer.function.clone()),
            confidence,
            events,
            evidence,
            advice: self.advice(outflow).into(),
            ..spell.verdict(self.table(), Cause::Outflow(outflow), severity)
        })
    }

    fn table(self) -> Resource {
        Resource::Table(self.consumer.table.clone())
    }

    fn key(self, metric: Metric) -> SeriesKey {
        self.reading.function_key(self.consumer, metric)
    }

    /// A mapping that is disabled while the table is written. Where that is so for longer than the stream keeps its
    /// records, it may be parked for good.
    fn stopped(self) -> Option<Found> {
        let written = self.written()?;
        let (_, age) = lately(self.reading, self.reading.consumers(), STATE)?;
        if self.is_replaced() {
            return None;
        }
        let changed = self.consumer.modified;
        let now = self.reading.now();
        let lost_from = changed.and_then(|at| at.checked_add(SignedDuration::from_hours(24)).ok());
        let state = Evidence::fact(
            Fact::Settings,
            format!("the event-source mapping is {}", self.consumer.state),
        );
        let (severity, retention) = match (changed, lost_from) {
            (Some(at), Some(lost)) if lost > now => {
                let since = clock(self.reading, Minute::containing(at));
                let left = span(lost.duration_since(now).as_secs_f64() * 1e3);
                let text = format!(
                    "if it has been since {since}, the stream begins to lose what was not read in {left}: \
                     it keeps records for 24 hours"
                );
                (Severity::Trouble, text)
            }
            (Some(at), _) => {
                let days = number((now.duration_since(at).as_secs_f64() / 86_400.0).floor());
                let text = format!(
                    "its settings last changed {days} days ago: what it did not read in 24 hours is lost"
                );
                (Severity::Notice, text)
            }
            (None, _) => (Severity::Notice, "what is not read within 24 hours is lost".to_owned()),
        };
        let mut evidence = vec![state, written, Evidence::fact(Fact::Retention, retention)];
        evidence.extend(age);
        Some(Found {
            outflow: Outflow::ConsumerStopped,
            spell: self.since(changed)?,
            severity,
            confidence: Confidence::Measured,
            events: 0.0,
            evidence,
        })
    }

    /// Since a change of the settings, or, where that is older than anything known, since then or earlier.
    fn since(self, changed: Option<Timestamp>) -> Option<Spell> {
        let key = SeriesKey::sum(self.table(), Metric::Consumed(Direction::Write));
        let first = self.reading.series(&key)?.first_read()?;
        let changed = changed.map(Minute::containing).filter(|at| *at >= first);
        let since = changed.unwrap_or(first);
        Some(Spell { maybe_earlier: changed.is_none(), ..Spell::began(since) })
    }

    /// Whether the function reads the same stream by another mapping.
    fn is_replaced(self) -> bool {
        let mut others = self.reading.consumers_of(&self.consumer.table);
        others.any(|other| other.function == self.consumer.function && &*other.state == "Enabled")
    }

    /// That something was written to the table in the newest minutes; `None` where nothing was, as far as is known.
    fn written(self) -> Option<Evidence> {
        let key = SeriesKey::sum(self.table(), Metric::Consumed(Direction::Write));
        let units = Tally::of(self.reading, [key.clone()])?.recent(self.reading)?;
        let mut newest = units.newest(self.thresholds);
        let minute = newest.find(|minute| units.at(*minute) > 0.0)?;
        let (sum, at) = (units.at(minute), clock(self.reading, minute));
        let text = format!("{} write units were consumed in {at}", number(sum));
        Some(Evidence::series(key, text, (sum, Unit::Count), single(minute)))
    }

    fn behind(self) -> Option<Found> {
        let age = Gauge::of(self.reading, self.key(Metric::IteratorAge), self.thresholds);
        let is_invoked =
            age.as_ref().is_some_and(|age| age.is_present(self.thresholds.window_minutes));
        // Others may call the function, too: only where there is something to read it should be invoked.
        if !is_invoked && (self.consumer.filters || self.written().is_none()) {
            return None;
        }
        let window = f64::from(self.consumer.batching_window_seconds.unwrap_or(0).max(0));
        let least = (self.thresholds.consumer_late_seconds + window) * 1e3;
        let late = age
            .as_ref()
            .filter(|_| is_invoked)
            .and_then(|age| age.spell(self.thresholds.late_minutes, |value| value >= least));
        // Its last invocation may lie in the same window as the first refusal.
        let keeps_up = |spell: Spell| {
            let newest = age.as_ref().and_then(|age| age.newest().next());
            late.is_none() && newest.is_some_and(|(minute, _)| minute.plus(1) >= spell.last)
        };
        let rise = age.as_ref().and_then(Gauge::rise).filter(|_| is_invoked);
        // Errors may be few among many invocations: what fails with each batch gets a minute older each minute.
        let gets_nowhere = !self.consumer.is_well() || rise.is_none_or(|rise| rise >= STUCK);
        let throttled = self.counted(Metric::FunctionThrottles, "invocations refused by Lambda");
        let failed = self.counted(Metric::FunctionErrors, "invocations ended in an error");
        let measured = (Confidence::Measured, None);
        let (outflow, counted, (confidence, why)) = match (throttled, failed, late) {
            (Some(throttled), _, _) if !keeps_up(throttled.0) => {
                (Outflow::ConsumerThrottled, Some(throttled), measured)
            }
            (_, Some(failed), _) if !keeps_up(failed.0) && gets_nowhere => {
                (Outflow::ConsumerFailing, Some(failed), measured)
            }
            (_, failed @ Some(_), Some(_)) => {
                (Outflow::ConsumerLate, failed, (Confidence::Unknown, Some(GETS_ON)))
            }
            (_, None, Some(late)) if self.are_counted(late) => {
                (Outflow::ConsumerTooSlow, None, (Confidence::Inferred, Some(NOTHING_FAILS)))
            }
            (_, None, Some(_)) => {
                (Outflow::ConsumerLate, None, (Confidence::Unknown, Some(NOT_COUNTED)))
            }
            (_, _, None) => return self.unwell(is_invoked),
        };
        let began = counted.as_ref().map(|(spell, ..)| *spell);
        let spell = earlier(began, late)?;
        let events = counted.as_ref().map_or(0.0, |(_, events, _)| *events);
        let mut evidence: Vec<Evidence> =
            counted.into_iter().map(|(_, _, evidence)| evidence).collect();
        evidence.extend(age.as_ref().and_then(|age| self.age(age, spell.last)));
        evidence.extend(self.result());
        evidence.extend(why.map(|why| Evidence::fact(Fact::Inference, why)));
        let catches_up = rise.is_some_and(|rise| rise < -COURSE);
        let severity = if catches_up { Severity::Notice } else { Severity::Trouble };
        Some(Found { outflow, spell, severity, confidence, events, evidence })
    }

    /// A mapping whose last batch AWS calls a problem while the function is not even invoked, though the table is
    /// written.
    fn unwell(self, is_invoked: bool) -> Option<Found> {
        if is_invoked || self.consumer.is_well() || &*self.consumer.state != "Enabled" {
            return None;
        }
        // Before it was read, no age says nothing.
        self.reading.iterator_ages(self.consumer)?;
        Some(Found {
            outflow: Outflow::ConsumerFailing,
            spell: self.since(None)?,
            severity: Severity::Trouble,
            confidence: Confidence::Measured,
            events: 0.0,
            evidence: vec![
                self.result()?,
                Evidence::fact(Fact::Inference, "it is not invoked, though the table is written"),
                self.written()?,
            ],
        })
    }

    /// The spell in which something that is counted of the function was more than nothing.
    fn counted(self, metric: Metric, what: &str) -> Option<(Spell, f64, Evidence)> {
        let key = self.key(metric);
        let count = Tally::of(self.reading, [key.clone()])?.recent(self.reading)?;
        let needed = self.thresholds.failing_minutes;
        let spell = count.spell(needed, self.thresholds, |minute| count.at(minute) > 0.0)?;
        let (last, at) = (count.at(spell.last), clock(self.reading, spell.last));
        let text = format!("{} {what} in {at}", number(last));
        let evidence = Evidence::series(key, text, (last, Unit::Count), single(spell.last));
        Some((spell, count.lately(self.thresholds), evidence))
    }

    /// Whether errors and throttles are known of the minutes in which it was late.
    fn are_counted(self, late: Spell) -> bool {
        [Metric::FunctionErrors, Metric::FunctionThrottles].into_iter().all(|metric| {
            let count = Tally::of(self.reading, [self.key(metric)]);
            count.is_some_and(|count| count.through.plus(1) >= late.last)
        })
    }

    /// How far behind it is as of a minute, and how long until records are lost.
    fn age(self, age: &Gauge, through: Minute) -> Option<Evidence> {
        let (minute, value) = age.newest().next()?;
        let (keeps, what) = match self.consumer.maximum_record_age_seconds {
            Some(seconds) if seconds >= 0 && f64::from(seconds) * 1e3 < RETENTION => {
                (f64::from(seconds) * 1e3, "the mapping gives records up")
            }
            Some(_) | None => (RETENTION, "the stream loses records"),
        };
        let at = clock(self.reading, minute);
        let amount = (value, Unit::Milliseconds);
        let told = |text| Some(Evidence::series(age.key.clone(), text, amount, single(minute)));
        let silent = through.since(minute);
        if silent > 1 {
            let left = keeps - value - 60_000.0 * silent as f64;
            return told(format!(
                "no batch since {at}: {what} in {} if it goes on so",
                span(left.max(0.0))
            ));
        }
        let course = match age.rise() {
            Some(rise) if rise > COURSE && value < keeps => {
                format!(" and rising: {what} in {} if it goes on so", span((keeps - value) / rise))
            }
            Some(rise) if rise < -COURSE => {
                format!(" and falling: caught up in about {}", span(value / -rise))
            }
            Some(_) | None => format!(": {what} after {}", span(keeps)),
        };
        told(format!("{} behind in {at}{course}", span(value)))
    }

    /// What AWS says of the last batch, unless that is well.
    fn result(self) -> Option<Evidence> {
        let result = self.consumer.last_result.as_ref().filter(|_| !self.consumer.is_well())?;
        Some(Evidence::fact(Fact::Settings, format!("the last batch in AWS's words: {result}")))
    }

    /// What becomes of a batch that fails.
    fn settings(self) -> Evidence {
        let consumer = self.consumer;
        let retries = match consumer.maximum_retries {
            Some(most) if most >= 0 => format!("{most} retries"),
            Some(_) | None => "retries until records expire".to_owned(),
        };
        let is_set = |is_set: bool| if is_set { "" } else { "no " };
        let text = format!(
            "{retries}, {}bisect on error, {}on-failure destination, batches of {}, parallelization factor {}",
            is_set(consumer.bisects),
            is_set(consumer.on_failure.is_some()),
            consumer.batch_size.map_or("?".to_owned(), |size| size.to_string()),
            consumer.parallelization.unwrap_or(1),
        );
        Evidence::fact(Fact::Settings, text)
    }

    /// AWS Lambda Developer Guide, "Using AWS Lambda with Amazon DynamoDB" and "Configuring reserved concurrency".
    fn advice(self, outflow: Outflow) -> String {
        let Consumer { function, uuid, .. } = self.consumer;
        match outflow {
            Outflow::ConsumerStopped => format!(
                "unless it is meant to rest: enable the event-source mapping {uuid}; it goes on where it left off, \
                 with what the stream still keeps"
            ),
            Outflow::ConsumerThrottled => format!(
                "give {function} more concurrency: raise its reserved concurrency, or where it has none, the \
                 account's by Service Quotas"
            ),
            Outflow::ConsumerFailing => format!(
                "the same batch comes again and holds up what is behind it: see the log of {function} for the error{}",
                self.lacks(),
            ),
            Outflow::ConsumerTooSlow => {
                let factor = self.consumer.parallelization.unwrap_or(1);
                let more = match factor {
                    10.. => "raise the batch size".to_owned(),
                    _ => format!(
                        "raise the mapping's parallelization factor (now {factor}, 10 at most) or its batch size"
                    ),
                };
                format!("{more}, or make {function} do less for each record")
            }
            Outflow::ConsumerLate => format!(
                "open the table, which reads errors and throttles of {function}, and see its log: it fails, or reads \
                 less than is written"
            ),
            Outflow::ReplicaStopped
            | Outflow::ReplicaLate
            | Outflow::KinesisStopped
            | Outflow::KinesisLosing
            | Outflow::KinesisThrottled
            | Outflow::KinesisLate => String::new(),
        }
    }

    /// What keeps one bad record from holding up all others, as far as the mapping lacks it.
    fn lacks(self) -> String {
        let consumer = self.consumer;
        let is_endless = consumer.maximum_retries.is_none_or(|most| most < 0);
        let finds_it = consumer.bisects || consumer.reports_item_failures;
        let lacking = [
            (!finds_it).then_some("bisect on error"),
            is_endless.then_some("a limit of retries"),
            consumer.on_failure.is_none().then_some("an on-failure destination"),
        ];
        let lacking: Vec<&str> = lacking.into_iter().flatten().collect();
        if lacking.is_empty() {
            return String::new();
        }
        format!(
            ". So that one bad record holds up no others, the mapping lacks {}",
            lacking.join(", ")
        )
    }
}

/// The spell that began first, as of the newer of the two.
fn earlier(one: Option<Spell>, other: Option<Spell>) -> Option<Spell> {
    match (one, other) {
        (Some(one), Some(other)) => {
            let first = if other.since < one.since { other } else { one };
            Some(Spell { last: one.last.max(other.last), ..first })
        }
        (one, other) => one.or(other),
    }
}
