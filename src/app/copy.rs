//! What keys put on the clipboard of the user's terminal.

use super::pane::Pane;
use super::{App, Effect, Target};
use crate::model::id::Resource;
use crate::view::Role;
use jiff::Timestamp;

impl App {
    pub(super) fn copy_name(&mut self, now: Timestamp) -> Option<Effect> {
        if self.pane == Pane::Alarms {
            return self.copied_of_alarm(false, now).map(|name| self.copy(name));
        }
        if self.pane == Pane::Timeline {
            let line = self.timeline.current()?.line();
            return Some(self.copy(line));
        }
        if let Some(key) = self.copied_key(now) {
            return Some(self.copy(key));
        }
        let name = match &self.current()?.resource {
            Resource::Account => return self.copy_arn(now),
            named @ (Resource::Table(_)
            | Resource::Index(..)
            | Resource::Cluster(_)
            | Resource::Node(..)) => named.short_name().to_owned(),
        };
        Some(self.copy(name))
    }

    pub(super) fn copy_arn(&mut self, now: Timestamp) -> Option<Effect> {
        if self.pane == Pane::Alarms {
            return self.copied_of_alarm(true, now).map(|arn| self.copy(arn));
        }
        let Some(Target { scope, resource }) = self.current() else {
            let text = "what happened is not about one table or index".to_owned();
            self.notice = Some((text, Role::Notice));
            return None;
        };
        let reading = self.reading(&scope, now);
        let table = resource.table_name().and_then(|name| reading.table(name));
        let arn = match (&resource, table) {
            (Resource::Account, _) => Some(scope.account().to_owned()),
            (Resource::Table(_), Some(table)) => Some(table.arn.clone()),
            (Resource::Index(_, index), Some(table)) => {
                Some(format!("{}/index/{index}", table.arn))
            }
            (Resource::Cluster(name) | Resource::Node(name, _), _) => {
                reading.cluster(name).map(|cluster| cluster.arn.to_string())
            }
            (Resource::Table(_) | Resource::Index(..), None) => None,
        };
        if arn.is_none() {
            let text = "no ARN yet: the table is not described".to_owned();
            self.notice = Some((text, Role::Notice));
        }
        arn.map(|arn| self.copy(arn))
    }

    fn copy(&mut self, text: String) -> Effect {
        self.notice = Some((format!("sent to the terminal's clipboard: {text}"), Role::Text));
        Effect::Copy(text)
    }
}
