//! What the list is made of: every table with its indexes, judged, measured and put in order.

use super::Target;
use super::query::{Filter, Words};
use crate::diagnose::{Severity, Thresholds, Verdict, verdicts};
use crate::model::id::{Resource, Scope};
use crate::model::metric::{Metric, Statistic};
use crate::model::table::Index;
use crate::model::throttle::Direction;
use crate::model::time::Figure;
use crate::store::{Reading, TableEntry};
use crate::view::header::Counts;
use crate::view::tables::{SortBy, mode};
use crate::view::text::width;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// The fleet as of the last news; computed when data change, not when the screen is drawn.
#[derive(Debug, Default)]
pub(super) struct Fleet {
    groups: Vec<Group>,
    /// The places of the groups by name: most of a calm fleet is alike in all that it is sorted by,
    /// and names are what takes long to compare.
    by_name: Vec<usize>,
    verdicts: BTreeMap<Scope, Vec<Verdict>>,
    /// The places of each resource's verdicts in its scope's.
    places: HashMap<Target, Vec<usize>>,
    /// The place of the first verdict of another resource that explains what a resource suffers.
    sources: HashMap<Target, usize>,
    /// The fleet in numbers.
    pub(super) counts: Counts,
    /// What may be in trouble beside tables, and was not read yet.
    pub(super) unread: BTreeSet<&'static str>,
    /// Cells of the longest name, indentation included.
    pub(super) longest_name: usize,
    /// The resource to look at first, and whether it is only noticed.
    first: Option<(bool, Target)>,
}

/// A table with its indexes; or the account alone.
#[derive(Debug)]
pub(super) struct Group {
    head: Member,
    indexes: Vec<Member>,
}

/// How urgent a verdict is: whether it is a notice alone, and its place among those of its scope. What
/// is in trouble in one scope comes before what is noticed in another.
type Rank = (bool, usize);

#[derive(Debug)]
struct Member {
    target: Target,
    /// That of its first verdict, which says what to do first.
    rank: Option<Rank>,
    measures: Measures,
    words: Words,
}

/// What rows are sorted by; `None` where there is no number. Of reads and writes, reads come first.
#[derive(Debug, Clone, Copy, Default)]
struct Measures {
    use_percent: [Option<f64>; 2],
    units: [Option<f64>; 2],
    throttles: [Option<f64>; 2],
    latency: Option<f64>,
    system_errors: Option<f64>,
}

/// How rows are chosen and ordered.
#[derive(Debug)]
pub(super) struct Query {
    pub(super) sort: SortBy,
    pub(super) reversed: bool,
    /// Whether indexes that are calm have no row.
    pub(super) fold_indexes: bool,
    pub(super) filter: Filter,
    pub(super) only_trouble: bool,
}

impl Fleet {
    /// Judges and measures every scope.
    pub(super) fn new<'a>(
        readings: impl Iterator<Item = Reading<'a>>,
        thresholds: &Thresholds,
    ) -> Self {
        let mut fleet = Self::default();
        for reading in readings {
            fleet.judge(reading, thresholds);
            fleet.measure(reading);
            fleet.unread.extend(reading.unread());
        }
        let mut by_name: Vec<(&str, usize)> =
            fleet.groups.iter().map(Group::name).zip(0..).collect();
        by_name.sort_unstable();
        fleet.by_name = by_name.into_iter().map(|(_, place)| place).collect();
        fleet
    }

    fn judge(&mut self, reading: Reading<'_>, thresholds: &Thresholds) {
        let scope = reading.scope();
        let verdicts = verdicts(reading, thresholds);
        for (place, verdict) in verdicts.iter().enumerate() {
            let target = Target::new(scope, verdict.resource.clone());
            self.places.entry(target).or_default().push(place);
            for other in verdict.explains.iter().filter(|other| **other != verdict.resource) {
                self.sources.entry(Target::new(scope, other.clone())).or_insert(place);
            }
        }
        let resources = |severity| -> BTreeSet<&Resource> {
            let of_severity = verdicts.iter().filter(|verdict| verdict.severity == severity);
            of_severity.map(|verdict| &verdict.resource).collect()
        };
        let (troubled, noticed) = (resources(Severity::Trouble), resources(Severity::Notice));
        self.counts.in_trouble += troubled.len();
        let of_dax = troubled.iter().filter(|resource| resource.cluster_name().is_some());
        self.counts.dax_in_trouble += of_dax.count();
        self.counts.noticed += noticed.difference(&troubled).count();
        // A cluster has no row among the tables.
        let of_table = |verdict: &&Verdict| verdict.resource.cluster_name().is_none();
        if let Some(verdict) = verdicts.iter().find(of_table) {
            let is_notice = verdict.severity == Severity::Notice;
            if self.first.as_ref().is_none_or(|(first_is_notice, _)| *first_is_notice && !is_notice)
            {
                self.first = Some((is_notice, Target::new(scope, verdict.resource.clone())));
            }
        }
        self.verdicts.insert(scope.clone(), verdicts);
    }

    fn measure(&mut self, reading: Reading<'_>) {
        let account = self.member(reading, Resource::Account);
        if account.rank.is_some() {
            self.groups.push(Group { head: account, indexes: vec![] });
        }
        for TableEntry { name, table } in reading.tables() {
            let reading = reading.of_table(name);
            let indexes = table.map_or(&[][..], |table| &table.indexes);
            let index = |index: &Index| Resource::Index(Arc::clone(name), Arc::clone(&index.name));
            let indexes: Vec<Member> =
                indexes.iter().map(|one| self.member(reading, index(one))).collect();
            let head = self.member(reading, Resource::Table(Arc::clone(name)));
            // An undescribed table may have indexes in trouble that nobody asked about.
            let members = || std::iter::once(&head).chain(&indexes);
            let is_judged =
                table.is_some() && members().all(|m| is_judged(reading, &m.target.resource));
            let names = indexes.iter().map(Member::width);
            let longest = names.chain([head.width()]).max().unwrap_or(0);
            self.longest_name = self.longest_name.max(longest);
            self.counts.tables += 1;
            self.counts.described += usize::from(table.is_some());
            self.counts.unjudged += usize::from(!is_judged);
            self.groups.push(Group { head, indexes });
        }
    }

    fn member(&self, reading: Reading<'_>, resource: Resource) -> Member {
        let target = Target::new(reading.scope(), resource);
        let verdicts = self.verdicts_of(&target);
        let words = words(reading, &target.resource, &verdicts);
        let measures = Measures::of(reading, &target.resource);
        let first = self.places.get(&target).and_then(|places| places.first());
        let rank = first
            .zip(verdicts.first())
            .map(|(place, verdict)| (verdict.severity == Severity::Notice, *place));
        Member { target, rank, measures, words }
    }

    /// The verdicts of one scope, what to do first in front.
    pub(super) fn verdicts(&self, scope: &Scope) -> &[Verdict] {
        self.verdicts.get(scope).map_or(&[], Vec::as_slice)
    }

    /// The table, index or account whose verdict says what to do first.
    pub(super) fn first_in_trouble(&self) -> Option<&Target> {
        self.first.as_ref().map(|(_, target)| target)
    }

    /// Every table and index, as they were listed, and the account where it is in trouble.
    pub(super) fn targets(&self) -> impl Iterator<Item = &Target> {
        self.groups.iter().flat_map(Group::members).map(|member| &member.target)
    }

    /// The verdicts of one resource, what to do first in front.
    pub(super) fn verdicts_of(&self, target: &Target) -> Vec<&Verdict> {
        let all = self.verdicts(&target.scope);
        let places = self.places.get(target).map_or(&[][..], Vec::as_slice);
        places.iter().filter_map(|place| all.get(*place)).collect()
    }

    /// The verdict of another resource that explains what this one suffers.
    pub(super) fn explained_by(&self, target: &Target) -> Option<&Verdict> {
        let place = self.sources.get(target)?;
        self.verdicts(&target.scope).get(*place)
    }

    /// What makes a resource suffer that has no verdict of its own.
    pub(super) fn suffers_from(&self, target: &Target) -> Option<&Resource> {
        let explained = self.explained_by(target).filter(|_| !self.places.contains_key(target));
        explained.map(|verdict| &verdict.resource)
    }

    /// Every table with its indexes, in the order that is asked for.
    pub(super) fn ordered(&self, query: &Query) -> Vec<&Group> {
        let groups = self.by_name.iter().filter_map(|place| self.groups.get(*place));
        let mut keyed: Vec<(Key<'_>, &Group)> =
            groups.map(|group| (Key::of(group, query.sort), group)).collect();
        // What is alike stays in the order of names.
        keyed.sort_by(|(a, _), (b, _)| a.order(b, query.reversed));
        keyed.into_iter().map(|(_, group)| group).collect()
    }

    /// The rows of `ordered` that pass; an index stands below its table, which stays as its context.
    pub(super) fn rows(ordered: &[&Group], query: &Query) -> Vec<Target> {
        let passes = |member: &&Member| {
            query.filter.matches(&member.words, |column| member.measures.get(column))
                && (member.rank.is_some() || !query.only_trouble)
        };
        let mut rows = Vec::with_capacity(ordered.len());
        for group in ordered {
            // A filter may seek any index.
            let shown =
                |index: &&Member| !query.fold_indexes || query.filter.seeks() || index.is_notable();
            let indexes: Vec<&Member> = group.indexes.iter().filter(passes).filter(shown).collect();
            if passes(&&group.head) || !indexes.is_empty() {
                rows.push(group.head.target.clone());
                rows.extend(indexes.into_iter().map(|index| index.target.clone()));
            }
        }
        rows
    }
}

/// Whether the newest minute tells if requests were throttled.
fn is_judged(reading: Reading<'_>, resource: &Resource) -> bool {
    Direction::ALL.into_iter().all(|direction| match reading.throttle_events(resource, direction) {
        Figure::Value { .. } | Figure::Settling { .. } | Figure::Zero { .. } => true,
        Figure::Idle { .. }
        | Figure::Unknown { .. }
        | Figure::Stale { .. }
        | Figure::Denied { .. }
        | Figure::NotApplicable
        | Figure::NotPolled => false,
    })
}

impl Member {
    /// Cells that its name takes in the list.
    fn width(&self) -> usize {
        const INDENT: usize = 2;
        match &self.target.resource {
            Resource::Index(_, part) | Resource::Node(_, part) => INDENT + width(part),
            Resource::Account | Resource::Table(_) | Resource::Cluster(_) => {
                width(self.target.resource.short_name())
            }
        }
    }

    /// Whether an index is worth a row where calm ones are folded: it is in trouble, was throttled,
    /// or is close to its limit.
    fn is_notable(&self) -> bool {
        const CLOSE_PERCENT: f64 = 80.0;
        let is_close = |percent: &f64| *percent >= CLOSE_PERCENT;
        self.rank.is_some()
            || self.measures.all_throttles() > Some(0.0)
            || self.measures.use_percent.iter().flatten().any(is_close)
    }
}

impl Measures {
    fn of(reading: Reading<'_>, resource: &Resource) -> Self {
        let each = |figure: &dyn Fn(Direction) -> Figure| {
            Direction::ALL.map(|direction| figure(direction).value())
        };
        let (latency, system_errors) = match resource {
            Resource::Table(table) => (
                reading.latency(table, Statistic::P99).value(),
                reading.figure(resource, Metric::SystemErrors).value(),
            ),
            Resource::Account | Resource::Index(..) | Resource::Cluster(_) | Resource::Node(..) => {
                (None, None)
            }
        };
        Self {
            use_percent: each(&|direction| reading.utilization_percent(resource, direction)),
            units: each(&|direction| reading.consumed_per_second(resource, direction)),
            throttles: each(&|direction| reading.throttle_events(resource, direction)),
            latency,
            system_errors,
        }
    }

    /// The number that rows are sorted by; `None` for words.
    fn get(&self, sort: SortBy) -> Option<f64> {
        let ([read_use, write_use], [read_units, write_units]) = (self.use_percent, self.units);
        let [read_throttles, write_throttles] = self.throttles;
        match sort {
            SortBy::Trouble => self.all_throttles(),
            SortBy::Name | SortBy::Status | SortBy::Mode => None,
            SortBy::ReadUse => read_use,
            SortBy::WriteUse => write_use,
            SortBy::ReadThrottles => read_throttles,
            SortBy::WriteThrottles => write_throttles,
            SortBy::ReadUnits => read_units,
            SortBy::WriteUnits => write_units,
            SortBy::Latency => self.latency,
            SortBy::SystemErrors => self.system_errors,
        }
    }

    fn all_throttles(&self) -> Option<f64> {
        self.throttles.into_iter().flatten().reduce(|read, write| read + write)
    }

    fn highest_use(&self) -> Option<f64> {
        self.use_percent.into_iter().flatten().reduce(f64::max)
    }
}

impl Group {
    fn name(&self) -> &str {
        &self.head.words.name
    }

    fn members(&self) -> impl Iterator<Item = &Member> {
        std::iter::once(&self.head).chain(&self.indexes)
    }

    /// The first place among the verdicts of the table and its indexes.
    fn rank(&self) -> Rank {
        self.members().filter_map(|member| member.rank).min().unwrap_or((true, usize::MAX))
    }

    fn largest(&self, measure: impl Fn(&Measures) -> Option<f64>) -> Option<f64> {
        self.members().filter_map(|member| measure(&member.measures)).reduce(f64::max)
    }
}

/// What a group is put in order by, worked out once: first things first, `None` and empty where
/// the order does not ask for it.
#[derive(Debug, Default)]
struct Key<'a> {
    text: &'a str,
    rank: Rank,
    measures: [Option<f64>; 2],
}

impl<'a> Key<'a> {
    fn of(group: &'a Group, sort: SortBy) -> Self {
        let words = &group.head.words;
        let by_column = || group.largest(|measures| measures.get(sort));
        match sort {
            SortBy::Name => Self { text: group.name(), ..Self::default() },
            SortBy::Status => Self { text: &words.status, ..Self::default() },
            SortBy::Mode => Self { text: words.mode, ..Self::default() },
            SortBy::Trouble => {
                let measures = [by_column(), group.largest(Measures::highest_use)];
                Self { rank: group.rank(), measures, ..Self::default() }
            }
            SortBy::ReadUse
            | SortBy::WriteUse
            | SortBy::ReadThrottles
            | SortBy::WriteThrottles
            | SortBy::ReadUnits
            | SortBy::WriteUnits
            | SortBy::Latency
            | SortBy::SystemErrors => Self { measures: [by_column(), None], ..Self::default() },
        }
    }

    fn order(&self, other: &Self, reversed: bool) -> Ordering {
        let directed = |ordering: Ordering| if reversed { ordering.reverse() } else { ordering };
        let largest_first = |(mine, theirs): (&Option<f64>, &Option<f64>)| match (mine, theirs) {
            (Some(mine), Some(theirs)) => directed(theirs.total_cmp(mine)),
            // Rows without a number come last, whichever way the others go.
            _ => theirs.is_some().cmp(&mine.is_some()),
        };
        let mut measures = self.measures.iter().zip(&other.measures).map(largest_first);
        directed(self.text.cmp(other.text))
            .then(directed(self.rank.cmp(&other.rank)))
            .then_with(|| measures.find(|one| one.is_ne()).unwrap_or(Ordering::Equal))
    }
}

fn words(reading: Reading<'_>, resource: &Resource, verdicts: &[&Verdict]) -> Words {
    let name = match resource {
        Resource::Account => "account".to_owned(),
        Resource::Table(name) | Resource::Cluster(name) => name.to_lowercase(),
        Resource::Index(whole, part) | Resource::Node(whole, part) => {
            format!("{whole}/{part}").to_lowercase()
        }
    };
    let table = resource.table_name().and_then(|name| reading.table(name));
    let verdict = |verdict: &&Verdict| {
        let reason = verdict.reason.map(|reason| reason.to_string()).unwrap_or_default();
        format!("{} {} {reason}", verdict.headline(), verdict.cause.as_str()).to_lowercase()
    };
    Words {
        name,
        is_index: matches!(resource, Resource::Index(..)),
        mode: mode(reading, resource),
        status: table.map(|table| table.status.to_lowercase()).unwrap_or_default(),
        verdict: verdicts.iter().map(verdict).collect::<Vec<_>>().join(" "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::fixture::{Fixture, on_demand, table};

    #[test]
    fn what_is_in_trouble_in_one_scope_comes_before_what_is_noticed_in_another() {
        let key = |rank| Key { rank, ..Key::default() };
        let (trouble, notice) = (key((false, 5)), key((true, 0)));
        assert_eq!(trouble.order(&notice, false), Ordering::Less);
        assert_eq!(trouble.order(&key((false, 2)), false), Ordering::Greater);
    }

    #[test]
    fn what_is_alike_stands_in_the_order_of_names_however_it_is_sorted() {
        let tables = ["Zebra", "apple", "Mango"].map(|name| table(name, on_demand(None), &[]));
        let fixture = Fixture::new(0, tables.to_vec());
        let fleet = Fleet::new(std::iter::once(fixture.reading()), &Thresholds::default());
        for (sort, reversed, expected) in [
            (SortBy::Trouble, false, ["apple", "Mango", "Zebra"]),
            (SortBy::Mode, true, ["apple", "Mango", "Zebra"]),
            (SortBy::ReadUnits, true, ["apple", "Mango", "Zebra"]),
            (SortBy::Name, false, ["apple", "Mango", "Zebra"]),
            (SortBy::Name, true, ["Zebra", "Mango", "apple"]),
        ] {
            let filter = Filter::parse("");
            let query = Query { sort, reversed, fold_indexes: false, filter, only_trouble: false };
            let rows = Fleet::rows(&fleet.ordered(&query), &query);
            let names: Vec<&str> = rows.iter().map(|row| row.resource.short_name()).collect();
            assert_eq!(names, expected, "{sort:?}, reversed: {reversed}");
        }
    }
}
