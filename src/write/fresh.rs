//! What is to be written, read again: what was known, with this one thing as it is now.

use crate::aws::Connection;
use crate::model::alarm::MuteRule;
use crate::model::health::CallError;
use crate::model::id::{Resource, Scope};
use crate::model::update::{News, Update};
use crate::store::{Reading, Store};
use crate::tune::setting::Setting;
use jiff::Timestamp;
use std::sync::Arc;

/// A copy of what was known, kept up to date in what is written.
pub(super) struct Fresh {
    store: Store,
    scope: Scope,
}

impl Fresh {
    pub(super) fn new(store: Store, scope: Scope) -> Self {
        Self { store, scope }
    }

    pub(super) fn scope(&self) -> &Scope {
        &self.scope
    }

    pub(super) fn reading(&self, now: Timestamp) -> Reading<'_> {
        self.store.reading(&self.scope, now)
    }

    /// Whether `wanted` is so. Bounds are, once capacity has moved into them.
    pub(super) fn has(&self, wanted: &Setting, now: Timestamp) -> bool {
        let reading = self.reading(now);
        let is_set = wanted.present(reading).as_ref() == Some(wanted);
        let has_moved = match wanted {
            Setting::Bounds { resource, direction, min, max, .. } => {
                let capacity = reading.capacity(resource, *direction);
                let units = capacity.and_then(|capacity| capacity.provisioned);
                let bounds = f64::from(*min)..=f64::from(*max);
                units.is_none_or(|units| bounds.contains(&units))
            }
            Setting::Policy { .. }
            | Setting::Capacity { .. }
            | Setting::Maximum { .. }
            | Setting::Insights { .. }
            | Setting::Mute { .. } => true,
        };
        is_set && has_moved
    }

    /// Reads what `setting` is a state of, and what that depends on.
    ///
    /// # Errors
    /// The first call that failed; nothing is taken in then.
    pub(super) async fn read(
        &mut self,
        connection: &Connection,
        setting: &Setting,
        at: Timestamp,
    ) -> Result<(), CallError> {
        let news = match setting {
            Setting::Bounds { resource, .. }
            | Setting::Policy { resource, .. }
            | Setting::Capacity { resource, .. } => {
                let table = table(connection, resource).await?;
                let scaling = self.scaling(connection, resource, at).await?;
                [table, Some(scaling)]
            }
            Setting::Maximum { resource, .. } => [table(connection, resource).await?, None],
            Setting::Insights { resource, .. } => {
                let table = table(connection, resource).await?;
                [table, Some(self.insights(connection, resource, at).await?)]
            }
            Setting::Mute { rule, .. } => {
                [Some(self.mute_rules(connection, rule, at).await?), None]
            }
        };
        for news in news.into_iter().flatten() {
            self.store.apply(Update { scope: self.scope.clone(), at, news });
        }
        Ok(())
    }

    /// Every scalable target: those of this resource as they are now.
    async fn scaling(
        &self,
        connection: &Connection,
        resource: &Resource,
        at: Timestamp,
    ) -> Result<News, CallError> {
        let fresh = connection.scaling_of(resource).await.result?;
        let known = self.reading(at).scalable_targets().iter();
        let others = known.filter(|target| target.resource != *resource).cloned();
        Ok(News::Scaling(others.chain(fresh).collect()))
    }

    async fn insights(
        &self,
        connection: &Connection,
        resource: &Resource,
        at: Timestamp,
    ) -> Result<News, CallError> {
        let fresh = connection.insights_of(resource).await.result?;
        let known = self.reading(at).insights().value().map_or(&[][..], Vec::as_slice);
        let others = known.iter().filter(|insights| insights.resource != *resource).cloned();
        Ok(News::Insights(Ok(others.chain(fresh).collect())))
    }

    async fn mute_rules(
        &self,
        connection: &Connection,
        rule: &str,
        at: Timestamp,
    ) -> Result<News, CallError> {
        let fresh = connection.mute_rule(rule).await.result?;
        let known = self.reading(at).mute_rules().value().map_or(&[][..], Vec::as_slice);
        let others = known.iter().filter(|known: &&MuteRule| *known.name != *rule).cloned();
        Ok(News::MuteRules(Ok(others.chain(fresh).collect())))
    }
}

async fn table(connection: &Connection, resource: &Resource) -> Result<Option<News>, CallError> {
    let Some(name) = resource.table_name() else { return Ok(None) };
    let described = connection.table(name).await.result?;
    Ok(Some(match described {
        Some(table) => News::Table(Box::new(table)),
        None => News::TableGone(Arc::clone(name)),
    }))
}
