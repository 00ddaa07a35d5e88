//! The Alarms pane: what alarms say, since when and why, and what is wrong with them.

mod chart;
mod condition;
mod detail;
mod history;
mod row;
#[cfg(test)]
mod tests;
mod tree;

pub use chart::shows_chart;
pub use condition::condition;
pub(super) use detail::recipient;
pub use history::legend;
pub use tree::{Branch, Leaf, named, walk};

use super::times::Times;
use super::{Detail, List, Row};
use crate::lint::Finding;
use crate::model::alarm::{Alarm, AlarmState, Subject as About};
use crate::model::id::Resource;
use crate::model::time::Window;
use crate::store::Reading;
use crate::view::chart::Chart;
use crate::view::text::Charset;
use std::sync::Arc;

/// What is concluded of an alarm from others, from mute rules and from the lint.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standing {
    /// The tables, indexes, clusters, functions and namespaces it is about, as the list writes them.
    pub about: Vec<String>,
    /// The active mute rule that silences it.
    pub muted_by: Option<Arc<str>>,
    /// Whether somebody is told when it goes into `ALARM`: it has actions, and nothing holds them
    /// back.
    pub pages: bool,
    /// Alarms that its rule names and that there are not.
    pub missing: usize,
    /// Whether its rule leads back to itself.
    pub in_cycle: bool,
}

impl Standing {
    /// The first of what it is about, and how many more there are: `orders +3`.
    pub fn about_in_short(&self) -> String {
        match self.about.as_slice() {
            [] => String::new(),
            [one] => one.clone(),
            [first, others @ ..] => format!("{first} +{}", others.len()),
        }
    }
}

/// What one row of an alarm is about.
#[derive(Debug, Clone)]
pub struct Subject<'a> {
    /// The scope it is read from.
    pub reading: Reading<'a>,
    /// The alarm.
    pub alarm: &'a Alarm,
    /// What is concluded of it.
    pub standing: &'a Standing,
    /// What the lint found, the worst first.
    pub findings: Vec<&'a Finding>,
    /// Steps below the row it belongs to.
    pub depth: usize,
}

/// One row.
#[derive(Debug, Clone)]
pub enum Item<'a> {
    /// An alarm.
    Alarm(Subject<'a>),
    /// All alarms that autoscaling made for its own policies.
    Own {
        /// How many there are.
        alarms: usize,
        /// How many of them are in `ALARM`.
        in_alarm: usize,
        /// Whether they have no rows of their own.
        folded: bool,
    },
}

/// What the pane is made from.
#[derive(Debug)]
pub struct Facts<'a> {
    /// The rows on screen.
    pub items: Vec<Item<'a>>,
    /// The place of the selected one among them.
    pub selected: usize,
    /// Cells of the longest name, indentation included.
    pub longest_name: usize,
    /// Whether there are several scopes, so that one has to be named.
    pub has_scopes: bool,
    /// What charts show.
    pub times: Times,
    /// Which characters may be used.
    pub charset: Charset,
    /// Columns and rows of the strip below the list; `None` where the list has the whole pane.
    pub strip: Option<(u16, u16)>,
}

/// Minutes that the column of histories shows at least.
const LEAST_HISTORY: i64 = 180;

/// Writes the list with the strip below it.
pub fn list(facts: &Facts<'_>) -> List {
    let minutes = facts.times.window.minutes().max(LEAST_HISTORY);
    let window = Window::ending(facts.times.window.end, minutes);
    let rows = facts.items.iter().enumerate().map(|(place, item)| {
        let selected = place == facts.selected;
        match item {
            Item::Alarm(subject) => row::alarm(subject, selected, window, facts.charset),
            Item::Own { alarms, in_alarm, folded } => {
                row::own((*alarms, *in_alarm), *folded, selected)
            }
        }
    });
    let rows: Vec<Row> = rows.collect();
    List { columns: row::columns(facts.longest_name, minutes), rows, detail: strip(facts) }
}

/// What is told of the selected row below the list.
fn strip(facts: &Facts<'_>) -> Option<Detail> {
    let room = facts.strip?;
    Some(match facts.items.get(facts.selected)? {
        Item::Alarm(subject) => detail::strip(subject, facts, room),
        Item::Own { alarms, in_alarm, folded } => detail::own((*alarms, *in_alarm), *folded),
    })
}

/// Everything that is known of an alarm, in words.
pub fn words(subject: &Subject<'_>, has_scopes: bool, charset: Charset) -> Detail {
    Detail {
        title: detail::title(subject, has_scopes),
        paragraphs: detail::in_full(subject, charset),
        charts: vec![],
    }
}

/// The chart of an alarm alone; `None` where it looks at no metric.
pub fn expanded(subject: &Subject<'_>, times: Times) -> Option<Chart> {
    chart::chart(subject, times).map(|chart| Chart { focused: true, ..chart })
}

/// A state in as few words as are plain: the name of the console where AWS's own is long.
pub fn short_state(state: AlarmState) -> &'static str {
    match state {
        AlarmState::Ok => "OK",
        AlarmState::InsufficientData => "INSUFFICIENT",
        AlarmState::Alarm => "ALARM",
    }
}

/// What a metric of an alarm is about, as the list writes it.
pub fn about(subject: &About) -> String {
    match subject {
        About::Dynamo(Resource::Account) => "account".to_owned(),
        About::Dynamo(Resource::Table(table)) => table.to_string(),
        About::Dynamo(Resource::Index(table, index)) => format!("{table}/{index}"),
        About::Dax(cluster, None) | About::Dynamo(Resource::Cluster(cluster)) => {
            format!("dax/{cluster}")
        }
        About::Dax(cluster, Some(node)) | About::Dynamo(Resource::Node(cluster, node)) => {
            format!("dax/{cluster}/{node}")
        }
        About::Function(function) => format!("function/{function}"),
        About::Elsewhere(namespace) => namespace.to_string(),
    }
}
