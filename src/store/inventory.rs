//! What surrounds the tables: alarms, mute rules, scheduled actions, Contributor Insights, stream
//! consumers, DAX clusters.

use super::detail::{Detail, Told};
use super::hot_keys::HotKeysByResource;
use super::parts::Parts;
use super::reading::Reading;
use crate::model::alarm::{Alarm, AlarmData, MuteRule, Subject};
use crate::model::consumer::Consumer;
use crate::model::dax::{Cluster, ParameterGroup};
use crate::model::health::CallError;
use crate::model::id::Resource;
use crate::model::insights::ContributorInsights;
use crate::model::scaling::ScheduledAction;
use jiff::Timestamp;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

/// Complete lists, each with its own way to fail.
#[derive(Debug, Clone, Default)]
pub(super) struct Inventory {
    /// By name.
    pub(super) alarms: Told<Vec<Alarm>>,
    /// The places of the alarms on a table, an index, the account, or a DAX cluster or node.
    alarms_on: BTreeMap<Resource, Vec<usize>>,
    mute_rules: Told<Vec<MuteRule>>,
    mute_rules_reread: Parts<Arc<str>, MuteRule>,
    pub(super) scheduled_actions: Told<Vec<ScheduledAction>>,
    insights: Told<Vec<ContributorInsights>>,
    insights_reread: Parts<Resource, ContributorInsights>,
    pub(super) consumers: Told<Vec<Consumer>>,
    /// By name.
    pub(super) clusters: Told<Vec<Cluster>>,
    pub(super) parameter_groups: Told<Vec<ParameterGroup>>,
    /// What open alarms looked at, the newest last.
    alarm_data: VecDeque<(Arc<str>, Told<AlarmData>)>,
    pub(super) hot_keys: HotKeysByResource,
}

impl Inventory {
    pub(super) const fn new() -> Self {
        Self {
            alarms: Told::new(),
            alarms_on: BTreeMap::new(),
            mute_rules: Told::new(),
            mute_rules_reread: Parts::new(),
            scheduled_actions: Told::new(),
            insights: Told::new(),
            insights_reread: Parts::new(),
            consumers: Told::new(),
            clusters: Told::new(),
            parameter_groups: Told::new(),
            alarm_data: VecDeque::new(),
            hot_keys: HotKeysByResource::new(),
        }
    }

    pub(super) fn tell_alarms(&mut self, reply: Result<Vec<Alarm>, CallError>, at: Timestamp) {
        let by_name = |mut alarms: Vec<Alarm>| {
            alarms.sort_by(|a, b| a.name.cmp(&b.name));
            alarms
        };
        let reply = reply.map(by_name);
        if let Ok(alarms) = &reply {
            self.alarms_on = places(alarms);
        }
        self.alarms.tell(reply, at);
    }

    pub(super) fn tell_insights(
        &mut self,
        mut reply: Result<Vec<ContributorInsights>, CallError>,
        at: Timestamp,
    ) {
        if let Ok(listed) = &mut reply {
            self.insights_reread.amend(listed, at, |known| &known.resource);
            self.hot_keys.keep_enabled(listed);
        }
        self.insights.tell(reply, at);
    }

    pub(super) fn tell_insights_of(
        &mut self,
        resource: Resource,
        told: Option<ContributorInsights>,
        at: Timestamp,
    ) {
        let part = (resource, Vec::from_iter(told));
        self.insights_reread.tell(self.insights.value_mut(), part, at, |known| &known.resource);
    }

    pub(super) fn tell_mute_rules(
        &mut self,
        mut reply: Result<Vec<MuteRule>, CallError>,
        at: Timestamp,
    ) {
        if let Ok(listed) = &mut reply {
            self.mute_rules_reread.amend(listed, at, |known| &known.name);
        }
        self.mute_rules.tell(reply, at);
    }

    pub(super) fn tell_mute_rule(&mut self, name: Arc<str>, told: Option<MuteRule>, at: Timestamp) {
        let part = (name, Vec::from_iter(told));
        self.mute_rules_reread.tell(self.mute_rules.value_mut(), part, at, |known| &known.name);
    }

    pub(super) fn tell_alarm_data(
        &mut self,
        alarm: Arc<str>,
        reply: Result<AlarmData, CallError>,
        at: Timestamp,
    ) {
        let known = self.alarm_data.iter().position(|(name, _)| *name == alarm);
        let known = known.and_then(|place| self.alarm_data.remove(place));
        let mut told = known.map(|(_, told)| told).unwrap_or_default();
        told.tell(reply, at);
        if self.alarm_data.len() == AlarmData::KEPT {
            self.alarm_data.pop_front();
        }
        self.alarm_data.push_back((alarm, told));
    }

    fn alarm_data(&self, alarm: &str) -> Option<&Told<AlarmData>> {
        self.alarm_data.iter().find(|(name, _)| **name == *alarm).map(|(_, told)| told)
    }
}

/// The places of the alarms on each resource.
fn places(alarms: &[Alarm]) -> BTreeMap<Resource, Vec<usize>> {
    let mut places: BTreeMap<Resource, Vec<usize>> = BTreeMap::new();
    for (place, alarm) in alarms.iter().enumerate() {
        for subject in alarm.subjects() {
            let resource = match subject {
                Subject::Dynamo(resource) => resource,
                Subject::Dax(cluster, None) => Resource::Cluster(cluster),
                Subject::Dax(cluster, Some(node)) => Resource::Node(cluster, node),
                Subject::Function(_) | Subject::Elsewhere(_) => continue,
            };
            places.entry(resource).or_default().push(place);
        }
    }
    places
}

impl<'a> Reading<'a> {
    /// Every alarm, by name.
    pub fn alarms(self) -> Detail<'a, Vec<Alarm>> {
        self.inventory().alarms.detail()
    }

    /// The alarm called `name`.
    pub fn alarm(self, name: &str) -> Option<&'a Alarm> {
        let alarms = self.alarms().value()?;
        let at = alarms.binary_search_by(|alarm| (*alarm.name).cmp(name)).ok()?;
        alarms.get(at)
    }

    /// The alarms on metrics of a table, an index, the account, or a DAX cluster or node, by name.
    pub fn alarms_on(self, resource: &Resource) -> impl Iterator<Item = &'a Alarm> + use<'a> {
        let alarms = self.alarms().value().map_or(&[][..], Vec::as_slice);
        let places = self.inventory().alarms_on.get(resource).map_or(&[][..], Vec::as_slice);
        places.iter().filter_map(|place| alarms.get(*place))
    }

    /// Every mute rule.
    pub fn mute_rules(self) -> Detail<'a, Vec<MuteRule>> {
        self.inventory().mute_rules.detail()
    }

    /// What an alarm looks at, as it was read while the alarm was open.
    pub fn alarm_data(self, alarm: &str) -> Detail<'a, AlarmData> {
        self.inventory().alarm_data(alarm).map_or(Detail::NotPolled, Told::detail)
    }

    /// Every scheduled action of Application Auto Scaling.
    pub fn scheduled_actions(self) -> Detail<'a, Vec<ScheduledAction>> {
        self.inventory().scheduled_actions.detail()
    }

    /// Contributor Insights of every table and index.
    pub fn insights(self) -> Detail<'a, Vec<ContributorInsights>> {
        self.inventory().insights.detail()
    }

    /// Every Lambda function that reads a table's stream.
    pub fn consumers(self) -> Detail<'a, Vec<Consumer>> {
        self.inventory().consumers.detail()
    }

    /// Every DAX cluster, by name.
    pub fn clusters(self) -> Detail<'a, Vec<Cluster>> {
        self.inventory().clusters.detail()
    }

    /// The parameter groups of the DAX clusters, as far as they could be read.
    pub fn parameter_groups(self) -> Detail<'a, Vec<ParameterGroup>> {
        self.inventory().parameter_groups.detail()
    }
}
