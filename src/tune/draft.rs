//! What is being typed: the fields of one resource, or of several at once.
//!
//! A field that is not touched leaves each resource as it is. A touched one sets the same absolute
//! value on all of them; so several resources can be edited together in the fields that all have.

pub use super::field::{Field, Key};

use super::field::Value;
use super::mistake::Mistake;
use super::setting::{Edit, Setting, table_of};
use super::validate::{Origin, by_hand, check, policy_target};
use super::words::yes_or_no;
use crate::diagnose::name;
use crate::model::id::Resource;
use crate::model::scaling::ScalableTarget;
use crate::model::table::BillingMode;
use crate::model::throttle::Direction;
use crate::store::Reading;

/// The fields of some resources as they are being typed.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    resources: Vec<Resource>,
    entries: Vec<Entry>,
    notes: Vec<String>,
}

/// One field as it is being typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Which field.
    pub key: Key,
    /// What is typed in it, whatever that is.
    pub text: String,
    /// What was in it when the draft was opened: empty where the resources differ.
    pub opened: String,
    /// The value of each resource, where they differ.
    pub values: Option<String>,
}

impl Entry {
    /// Whether it sets anything.
    pub fn is_touched(&self) -> bool {
        self.text.trim() != self.opened
    }
}

impl Draft {
    /// Opens the fields that all of `resources` have.
    ///
    /// # Errors
    /// Nothing of them can be edited, or nothing of them together.
    pub fn open(reading: Reading<'_>, resources: &[Resource]) -> Result<Self, Mistake> {
        let mut notes = Vec::new();
        let mut fields: Option<Vec<(Key, Vec<String>)>> = None;
        for resource in resources {
            let (own, own_notes) = fields_of(reading, resource)?;
            notes.extend(own_notes);
            fields = Some(match fields {
                None => own.into_iter().map(|(key, text)| (key, vec![text])).collect(),
                Some(common) => in_common(common, &own),
            });
        }
        let entries: Vec<Entry> = fields.unwrap_or_default().into_iter().map(entry).collect();
        if entries.is_empty() {
            let why = notes.into_iter().next();
            let line = match resources {
                [] => "nothing is selected".to_owned(),
                [_] => why.unwrap_or_else(|| "there is nothing to edit".to_owned()),
                _ => "these have no setting in common: mark tables and indexes that are alike"
                    .to_owned(),
            };
            return Err(Mistake::whole(line));
        }
        Ok(Self { resources: resources.to_vec(), entries, notes })
    }

    /// What is edited.
    pub fn resources(&self) -> &[Resource] {
        &self.resources
    }

    /// Its fields, reads before writes.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Why some fields are not there, a line each.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Whether anything was typed.
    pub fn is_touched(&self) -> bool {
        self.entries.iter().any(Entry::is_touched)
    }

    /// Replaces the text of a field.
    pub fn set(&mut self, key: Key, text: impl Into<String>) {
        if let Some(entry) = self.entries.iter_mut().find(|entry| entry.key == key) {
            entry.text = text.into();
        }
    }

    /// Moves a field one step up or down; text that is not a value stays as it is.
    pub fn nudge(&mut self, key: Key, up: bool) {
        if let Some(entry) = self.entries.iter_mut().find(|entry| entry.key == key)
            && let Some(text) = key.field.nudged(&entry.text, up)
        {
            entry.text = text;
        }
    }

    /// What it changes, resource by resource.
    ///
    /// # Errors
    /// Every mistake, each in one line. The draft stays as it was typed.
    pub fn edits(&self, reading: Reading<'_>) -> Result<Vec<Edit>, Vec<Mistake>> {
        let mut typed = Vec::new();
        let mut mistakes = Vec::new();
        for entry in self.entries.iter().filter(|entry| entry.is_touched()) {
            match entry.key.field.read(&entry.text) {
                Ok(value) => typed.push((entry.key, value)),
                Err(line) => {
                    mistakes.push(Mistake::of(entry.key, format!("{}: {line}", entry.key)));
                }
            }
        }
        let mut edits = Vec::new();
        for resource in &self.resources {
            let changes = changes(reading, resource, &typed);
            for mistake in changes.iter().flat_map(|edit| check(reading, edit, Origin::Typed)) {
                let line = match self.resources.len() {
                    1 => mistake.line,
                    _ => format!("{}: {}", name(resource), mistake.line),
                };
                let mistake = Mistake { line, ..mistake };
                if !mistakes.contains(&mistake) {
                    mistakes.push(mistake);
                }
            }
            edits.extend(changes);
        }
        if mistakes.is_empty() && edits.is_empty() {
            mistakes.push(Mistake::whole("nothing to do: every value is as it is now"));
        }
        if mistakes.is_empty() { Ok(edits) } else { Err(mistakes) }
    }
}

/// Keeps the fields that are among `own`, too, with its values beside the others'.
fn in_common(common: Vec<(Key, Vec<String>)>, own: &[(Key, String)]) -> Vec<(Key, Vec<String>)> {
    let with_own = |(key, mut texts): (Key, Vec<String>)| {
        let (_, text) = own.iter().find(|(other, _)| *other == key)?;
        texts.push(text.clone());
        Some((key, texts))
    };
    common.into_iter().filter_map(with_own).collect()
}

fn entry((key, texts): (Key, Vec<String>)) -> Entry {
    let differ = texts.windows(2).any(|pair| pair.first() != pair.last());
    let values = differ.then(|| texts.join(", "));
    let opened = if differ { String::new() } else { texts.into_iter().next().unwrap_or_default() };
    Entry { key, text: opened.clone(), opened, values }
}

/// Fields with their present values, and lines on those that are not there.
type Fields = (Vec<(Key, String)>, Vec<String>);

/// The fields of a resource with their present values, and why others are not there.
fn fields_of(reading: Reading<'_>, resource: &Resource) -> Result<Fields, Mistake> {
    let (Some(table), Some(throughput)) =
        (table_of(reading, resource), reading.throughput(resource))
    else {
        return Err(Mistake::whole(format!("{} is not described yet", name(resource))));
    };
    let (mut fields, mut notes) = (Vec::new(), Vec::new());
    for direction in Direction::ALL {
        let target = reading.scalable_target(resource, direction);
        let mut add = |field: Field, text: String| fields.push((Key { field, direction }, text));
        match (table.billing, target) {
            (BillingMode::OnDemand, target) => {
                let maximum = throughput.capacity(direction).maximum;
                add(Field::Maximum, maximum.map_or("none".to_owned(), |units| units.to_string()));
                notes.extend(target.map(|_| {
                    let kind = direction.as_str();
                    format!("{kind} autoscaling of {} is inert: it is on-demand", name(resource))
                }));
            }
            (BillingMode::Provisioned, Some(target)) => {
                add(Field::Min, target.min.to_string());
                add(Field::Max, target.max.to_string());
                let policy = target.policy().map_or("", |policy| &policy.name);
                match policy_target(reading, (resource, direction), Some(target), policy) {
                    Ok(()) => {
                        let tracking = target.policy().and_then(|policy| policy.tracking.as_ref());
                        let target = tracking.map(|tracking| tracking.target_value.to_string());
                        add(Field::Target, target.unwrap_or_default());
                    }
                    Err(mistake) => notes.push(mistake.line),
                }
                add(Field::ScaleIn, yes_or_no(target.suspended.scale_in).to_owned());
                add(Field::ScaleOut, yes_or_no(target.suspended.scale_out).to_owned());
            }
            (BillingMode::Provisioned, None) => {
                match (
                    by_hand(reading, resource, direction),
                    throughput.capacity(direction).provisioned,
                ) {
                    (Ok(()), Some(units)) => add(Field::Capacity, units.to_string()),
                    (Ok(()), None) => {}
                    (Err(mistake), _) => notes.push(mistake.line),
                }
            }
        }
    }
    Ok((fields, notes))
}

/// What the typed values change of a resource.
fn changes(reading: Reading<'_>, resource: &Resource, typed: &[(Key, Value)]) -> Vec<Edit> {
    // Capacity by hand goes first: bounds may move the other direction's, which is sent with it.
    let throughput = reading.throughput(resource);
    let mut settings: Vec<Setting> = Vec::new();
    settings.extend(throughput.and_then(|throughput| Setting::capacity(resource, throughput)));
    for direction in Direction::ALL {
        let target = reading.scalable_target(resource, direction);
        settings.extend(target.and_then(Setting::bounds));
        settings.extend(target.and_then(|target| policy_setting(resource, target)));
    }
    settings.extend(throughput.map(|throughput| Setting::maximum(resource, throughput)));
    let edit = |before: Setting| {
        let mut after = before.clone();
        for (key, value) in typed {
            overwrite(&mut after, *key, *value);
        }
        Edit::new(before, after)
    };
    settings.into_iter().filter_map(edit).collect()
}

fn policy_setting(resource: &Resource, target: &ScalableTarget) -> Option<Setting> {
    let policy = target.policy()?;
    Some(Setting::Policy {
        resource: resource.clone(),
        direction: target.direction,
        policy: policy.name.clone(),
        tracking: policy.tracking.clone()?,
    })
}

/// Puts a value where it belongs, if it belongs to this setting.
fn overwrite(setting: &mut Setting, key: Key, value: Value) {
    match (setting, key.field, value) {
        (Setting::Bounds { direction, min, .. }, Field::Min, Value::Units(units))
            if *direction == key.direction =>
        {
            *min = units;
        }
        (Setting::Bounds { direction, max, .. }, Field::Max, Value::Units(units))
            if *direction == key.direction =>
        {
            *max = units;
        }
        (Setting::Bounds { direction, suspended, .. }, Field::ScaleIn, Value::Flag(flag))
            if *direction == key.direction =>
        {
            suspended.scale_in = flag;
        }
        (Setting::Bounds { direction, suspended, .. }, Field::ScaleOut, Value::Flag(flag))
            if *direction == key.direction =>
        {
            suspended.scale_out = flag;
        }
        (Setting::Policy { direction, tracking, .. }, Field::Target, Value::Percent(percent))
            if *direction == key.direction =>
        {
            tracking.target_value = percent;
        }
        (Setting::Capacity { read, write, .. }, Field::Capacity, Value::Units(units)) => {
            *of(key.direction, read, write) = units;
        }
        (Setting::Maximum { read, write, .. }, Field::Maximum, Value::Maximum(units)) => {
            *of(key.direction, read, write) = units;
        }
        (
            Setting::Bounds { .. }
            | Setting::Policy { .. }
            | Setting::Capacity { .. }
            | Setting::Maximum { .. }
            | Setting::Insights { .. }
            | Setting::Mute { .. },
            _,
            _,
        ) => {}
    }
}

fn of<'a, T>(direction: Direction, read: &'a mut T, write: &'a mut T) -> &'a mut T {
    match direction {
        Direction::Read => read,
        Direction::Write => write,
    }
}

#[cfg(test)]
mod tests;
