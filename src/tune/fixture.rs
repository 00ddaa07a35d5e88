//! Hand-made ground for plans: read at 2026-11-22T12:30:15Z.

use super::draft::Draft;
use super::mistake::Mistake;
use super::plan::{Ground, Plan};
use super::price::Prices;
use crate::diagnose::Verdict;
use crate::model::alarm::{Actions, Alarm, AlarmKind, AlarmState};
use crate::model::health::{CallError, Poller};
use crate::model::id::Resource;
use crate::model::insights::{ContributorInsights, InsightsMode};
use crate::model::metric::Metric;
use crate::model::scaling::{ScalableTarget, fixture::target};
use crate::model::table::{Quotas, Table, Throughput};
use crate::model::throttle::Direction;
use crate::model::update::News;
use crate::store::Reading;
use crate::store::fixture::{Fixture, provisioned, table};
use std::sync::Arc;

pub(super) use crate::store::fixture::{on_demand, second};

pub(super) const READ: Direction = Direction::Read;
pub(super) const WRITE: Direction = Direction::Write;
pub(super) const ME: &str = "arn:aws:sts::123456789012:assumed-role/oncall/me";

pub(super) fn orders() -> Resource {
    Resource::table("orders")
}

/// What is known, told in full.
pub(super) struct World {
    pub(super) fixture: Fixture,
    prices: Prices,
    verdicts: Vec<Verdict>,
    targets: Vec<ScalableTarget>,
}

impl World {
    /// `orders` with 200 RCU and 200 WCU, writes scaled from 50 to 1,000; `plain`, of which
    /// nothing is scaled, with an index; `bursty`, which is on-demand.
    pub(super) fn new() -> Self {
        Self::of(vec![
            table("orders", provisioned(200.0), &[]),
            table("plain", provisioned(100.0), &[("by-day", provisioned(40.0))]),
            table("bursty", on_demand(Some(500.0)), &[]),
        ])
    }

    pub(super) fn of(tables: Vec<Table>) -> Self {
        let fixture = Fixture::new(30 * 60 + 15, tables);
        let targets = vec![target(orders(), WRITE, (50.0, 1_000.0))];
        let verdicts = vec![];
        let mut world = Self { fixture, prices: Prices::embedded(), verdicts, targets };
        world.fixture.tell(News::Quotas(Quotas {
            account_read: 80_000.0,
            account_write: 80_000.0,
            table_read: 40_000.0,
            table_write: 40_000.0,
        }));
        world.tell_targets();
        world.fixture.finish(Poller::Scaling, None);
        world.fixture.tell(News::ScheduledActions(Ok(vec![])));
        world.fixture.tell(News::MuteRules(Ok(vec![])));
        world.insights(&[]);
        world.alarms(&["orders-throttles"]);
        world
    }

    /// Begins anew with a store to which scheduled actions were refused.
    pub(super) fn forget_schedules(&mut self, error: CallError) {
        let tables = self.reading().tables().filter_map(|entry| entry.table.cloned()).collect();
        self.fixture = Fixture::new(30 * 60 + 15, tables);
        self.tell_targets();
        self.fixture.finish(Poller::Scaling, None);
        self.fixture.tell(News::ScheduledActions(Err(error)));
    }

    fn tell_targets(&mut self) {
        self.fixture.tell(News::Scaling(self.targets.clone()));
    }

    /// Changes the scalable target of writes of `orders`.
    pub(super) fn change_target(&mut self, change: impl FnOnce(&mut ScalableTarget)) {
        change(self.targets.first_mut().unwrap());
        self.tell_targets();
    }

    /// Adds a scalable target.
    pub(super) fn scale(&mut self, resource: Resource, direction: Direction, range: (f64, f64)) {
        self.targets.push(target(resource, direction, range));
        self.tell_targets();
    }

    /// Removes all scalable targets.
    pub(super) fn unscale(&mut self) {
        self.targets.clear();
        self.tell_targets();
    }

    /// Describes a table anew.
    pub(super) fn change_table(&mut self, name: &str, change: impl FnOnce(&mut Table)) {
        let mut table = self.reading().table(name).unwrap().clone();
        change(&mut table);
        self.fixture.tell(News::Table(Box::new(table)));
    }

    pub(super) fn change_throughput(&mut self, name: &str, change: impl FnOnce(&mut Throughput)) {
        self.change_table(name, |table| change(&mut table.throughput));
    }

    pub(super) fn insights(&mut self, of: &[(Resource, &str, Option<InsightsMode>)]) {
        let told = of.iter().map(|(resource, status, mode)| ContributorInsights {
            resource: resource.clone(),
            status: Arc::from(*status),
            mode: mode.clone(),
            rules: None,
            failure: None,
        });
        let told = told.collect();
        self.fixture.tell(News::Insights(Ok(told)));
    }

    pub(super) fn alarms(&mut self, names: &[&str]) {
        let alarm = |name: &&str| Alarm {
            name: Arc::from(*name),
            arn: Arc::from(*name),
            description: None,
            state: AlarmState::Alarm,
            since: None,
            configured: None,
            reason: Arc::from(""),
            actions: Actions::default(),
            kind: AlarmKind::Composite(Box::default()),
        };
        self.fixture.tell(News::Alarms(Ok(names.iter().map(alarm).collect())));
    }

    /// Reads half an hour of consumption, units per second.
    pub(super) fn consume(&mut self, resource: &Resource, direction: Direction, units: f64) {
        let points: Vec<_> = (0..30).map(|minute| (minute, 60.0 * units)).collect();
        self.fixture.read_sum(resource, Metric::Consumed(direction), 0..30, &points);
    }

    pub(super) fn find(&mut self, verdict: Verdict) {
        self.verdicts.push(verdict);
    }

    pub(super) fn reading(&self) -> Reading<'_> {
        self.fixture.reading()
    }

    pub(super) fn ground(&self) -> Ground<'_> {
        Ground { reading: self.reading(), prices: &self.prices, verdicts: &self.verdicts }
    }

    /// A draft of `resources` with some fields typed in.
    pub(super) fn draft(
        &self,
        resources: &[Resource],
        typed: &[(super::draft::Field, Direction, &str)],
    ) -> Draft {
        let mut draft = Draft::open(self.reading(), resources).unwrap();
        for (field, direction, text) in typed {
            let key = super::draft::Key { field: *field, direction: *direction };
            assert!(draft.entries().iter().any(|entry| entry.key == key), "no field {key}");
            draft.set(key, *text);
        }
        draft
    }

    /// The plan of what was typed for one resource.
    pub(super) fn plan(
        &self,
        resource: Resource,
        typed: &[(super::draft::Field, Direction, &str)],
    ) -> Result<Plan, Vec<Mistake>> {
        let edits = self.draft(&[resource], typed).edits(self.reading())?;
        Plan::new(&self.ground(), edits)
    }
}

/// The lines of mistakes.
pub(super) fn lines(mistakes: &[Mistake]) -> Vec<&str> {
    mistakes.iter().map(|mistake| mistake.line.as_str()).collect()
}
