//! What is to be written, read again: what was known, with this one thing as it is now.

use crate::aws::Connection;
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

    /// Whether `wanted` is so. Bounds are, once capacity has moved into them; Contributor Insights,
    /// once it is no longer on its way.
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
            Setting::Insights { resource, .. } => {
                let known = reading.insights().value().map_or(&[][..], Vec::as_slice);
                let told = known.iter().find(|insights| insights.resource == *resource);
                told.is_none_or(|told| !matches!(&*told.status, "ENABLING" | "DISABLING"))
            }
            Setting::Policy { .. }
            | Setting::Capacity { .. }
            | Setting::Maximum { .. }
            | Setting::Mute { .. } => true,
        };
        is_set && has_moved
    }

    /// Reads what `setting` is a state of, and what that depends on; what was read, to be told to
    /// others.
    ///
    /// # Errors
    /// The first call that failed; nothing is taken in then.
    pub(super) async fn read(
        &mut self,
        connection: &Connection,
        setting: &Setting,
        at: Timestamp,
    ) -> Result<Vec<Update>, CallError> {
        let news = match setting {
            Setting::Bounds { resource, .. }
            | Setting::Policy { resource, .. }
            | Setting::Capacity { resource, .. } => {
                let table = table(connection, resource).await?;
                let targets = connection.scaling_of(resource).await.result?;
                [table, Some(News::ScalingOf(resource.clone(), targets))]
            }
            Setting::Maximum { resource, .. } => [table(connection, resource).await?, None],
            Setting::Insights { resource, .. } => {
                let table = table(connection, resource).await?;
                let insights = connection.insights_of(resource).await.result?;
                [table, Some(News::InsightsOf(resource.clone(), insights))]
            }
            Setting::Mute { rule, .. } => {
                let told = connection.mute_rule(rule).await.result?;
                [Some(News::MuteRule(Arc::clone(rule), told)), None]
            }
        };
        let update = |news| Update { scope: self.scope.clone(), at, news };
        let updates: Vec<Update> = news.into_iter().flatten().map(update).collect();
        for update in &updates {
            self.store.apply(update.clone());
        }
        Ok(updates)
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
