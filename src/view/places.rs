//! What tells scopes apart where several are read, and which profile each is read with.

use super::{Align, Column, ColumnWidth, List, Role, Span};
use crate::model::id::Scope;
use std::collections::{BTreeMap, BTreeSet};

/// The accounts and regions that are read: one of each needs no name in a row.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Places<'a> {
    accounts: BTreeSet<&'a str>,
    regions: BTreeSet<&'a str>,
}

impl<'a> Places<'a> {
    /// Those of some scopes.
    pub fn of(scopes: impl Iterator<Item = &'a Scope>) -> Self {
        let mut places = Self::default();
        for scope in scopes {
            // One that is not known yet is no other one.
            let known = |name: &&str| !name.is_empty();
            places.accounts.extend(Some(scope.account()).filter(known));
            places.regions.extend(Some(scope.region()).filter(known));
        }
        places
    }

    /// Whether there is at most one.
    pub fn is_one(&self) -> bool {
        self.accounts.len() <= 1 && self.regions.len() <= 1
    }

    /// What tells a scope from the others: its region, its account, or both; empty where it is the
    /// only one.
    pub fn name(&self, scope: &Scope) -> String {
        let known = self.parts(scope).filter(|part| !part.is_empty());
        known.collect::<Vec<_>>().join(" ")
    }

    /// What to put in front of what is said of a scope, such as `eu-west-1: `; empty where it is the
    /// only one.
    pub fn prefix(&self, scope: &Scope) -> String {
        let name = self.name(scope);
        if name.is_empty() { name } else { format!("{name}: ") }
    }

    /// All in a few words, such as `2 regions`, and their names.
    pub fn told(&self) -> (String, String) {
        let kinds = [(&self.accounts, "accounts"), (&self.regions, "regions")];
        let several = kinds.iter().filter(|(names, _)| names.len() > 1);
        let (mut counts, mut all) = (vec![], vec![]);
        for (names, what) in several {
            counts.push(format!("{} {what}", names.len()));
            all.extend(names.iter().copied());
        }
        (counts.join(", "), all.join(", "))
    }

    /// Says in each row of a list where it is from, if there are several places: in columns after the
    /// first, and above what is told of the selected row. `scopes` are those of the rows; a row without one is about
    /// all of them.
    pub fn show(&self, list: &mut List, scopes: &[Option<Scope>]) {
        // As the name, which means nothing without it.
        const RANK: u8 = 0;
        if self.is_one() {
            return;
        }
        let column = |title, names: &BTreeSet<&str>| {
            let widest = names.iter().map(|name| name.len()).max().unwrap_or_default();
            let width = ColumnWidth::Fixed(u16::try_from(widest.clamp(7, 16)).unwrap_or(16));
            Column { title, sorted: None, width, rank: RANK, align: Align::LeftCutEnd }
        };
        let columns = [("ACCOUNT", &self.accounts), ("REGION", &self.regions)];
        let columns = columns.into_iter().filter(|(_, names)| names.len() > 1);
        let columns: Vec<Column> = columns.map(|(title, names)| column(title, names)).collect();
        let at = list.columns.len().min(1);
        for (row, scope) in list.rows.iter_mut().zip(scopes) {
            let cells: Vec<Span> = match scope {
                Some(scope) => self.parts(scope).map(|part| Span::new(part, Role::Dim)).collect(),
                None => columns.iter().map(|_| Span::new("", Role::Dim)).collect(),
            };
            let at = row.cells.len().min(at);
            row.cells.splice(at..at, cells);
        }
        list.columns.splice(at..at, columns);
        let selected = list.rows.iter().position(|row| row.selected);
        let selected = selected.and_then(|at| scopes.get(at)).and_then(Option::as_ref);
        if let (Some(scope), Some(detail)) = (selected, &mut list.detail) {
            let name = self.name(scope);
            if !detail.title.contains(&name) {
                detail.title = format!("{name}: {}", detail.title);
            }
        }
    }

    fn parts<'b>(&self, scope: &'b Scope) -> impl Iterator<Item = &'b str> {
        let account = (self.accounts.len() > 1).then_some(scope.account());
        let region = (self.regions.len() > 1).then_some(scope.region());
        account.into_iter().chain(region)
    }
}

/// Which profile each scope is read with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Profiles {
    named: Vec<String>,
    by_scope: BTreeMap<Scope, String>,
}

impl Profiles {
    /// The profiles that the user named.
    pub fn new(named: Vec<String>) -> Self {
        Self { named, by_scope: BTreeMap::new() }
    }

    /// Takes other profiles for those that the user named.
    pub fn name(&mut self, named: Vec<String>) {
        self.named = named;
    }

    /// Notes that a scope is no longer read with what it was. By then another profile that the user named may have
    /// been found to lead there: that one stays.
    pub fn forget(&mut self, scope: &Scope) {
        if self.by_scope.get(scope).is_some_and(|profile| !self.named.contains(profile)) {
            self.by_scope.remove(scope);
        }
    }

    /// Every profile that something is read with, as far as that is known.
    pub fn noted(&self) -> Vec<String> {
        let noted: BTreeSet<&String> = self.by_scope.values().collect();
        noted.into_iter().cloned().collect()
    }

    /// Notes that a scope is read with this profile.
    pub fn note(&mut self, scope: Scope, profile: String) {
        self.by_scope.insert(scope, profile);
    }

    /// Those that the user named.
    pub fn named(&self) -> &[String] {
        &self.named
    }

    /// The one that a scope is read with, if that is known.
    pub fn of(&self, scope: &Scope) -> Option<&str> {
        let only = || self.only();
        self.by_scope.get(scope).map(String::as_str).or_else(only)
    }

    /// The one that the user named, if there is just one.
    pub fn only(&self) -> Option<&str> {
        match self.named.as_slice() {
            [only] => Some(only),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::{Detail, Row};

    #[test]
    fn a_profile_that_leads_to_a_scope_before_that_is_left_with_another_stays() {
        let scope = Scope::new("aws", "1", "us-east-1");
        let mut profiles = Profiles::new(vec!["a".to_owned(), "b".to_owned()]);
        profiles.note(scope.clone(), "a".to_owned());
        profiles.name(vec!["b".to_owned(), "c".to_owned()]);
        profiles.note(scope.clone(), "c".to_owned());
        profiles.forget(&scope);
        assert_eq!(profiles.of(&scope), Some("c"));
        profiles.name(vec!["a".to_owned(), "b".to_owned()]);
        profiles.forget(&scope);
        assert_eq!(profiles.of(&scope), None);
    }

    #[test]
    fn a_place_is_named_by_what_tells_it_from_the_others() {
        let scope = |account: &str, region: &str| Scope::new("aws", account, region);
        let (one, two, three) =
            (scope("1", "us-east-1"), scope("1", "eu-west-1"), scope("2", "eu-west-1"));
        for (scopes, name, told, all) in [
            (vec![&one], "", "", ""),
            (vec![&one, &two], "us-east-1", "2 regions", "eu-west-1, us-east-1"),
            (vec![&two, &three], "1", "2 accounts", "1, 2"),
            (
                vec![&one, &two, &three],
                "1 us-east-1",
                "2 accounts, 2 regions",
                "1, 2, eu-west-1, us-east-1",
            ),
        ] {
            let places = Places::of(scopes.iter().copied());
            assert_eq!(scopes.first().map(|first| places.name(first)).as_deref(), Some(name));
            assert_eq!(places.told(), (told.to_owned(), all.to_owned()));
            assert_eq!(places.is_one(), name.is_empty());
        }
    }

    #[test]
    fn a_list_says_of_each_row_and_above_the_selected_one_where_it_is() {
        let scope = |region: &str| Scope::new("aws", "1", region);
        let scopes = [scope("us-east-1"), scope("eu-west-1")];
        let row = |selected| Row {
            mark: Span::new("", Role::Text),
            selected,
            marked: false,
            cells: vec![Span::new("orders", Role::Text)],
        };
        let detail = |title: &str| {
            Some(Detail { title: title.to_owned(), paragraphs: vec![], charts: vec![] })
        };
        let rows = vec![row(false), row(true)];
        let name = Column {
            title: "NAME",
            sorted: None,
            width: ColumnWidth::Fixed(8),
            rank: 0,
            align: Align::LeftCutEnd,
        };
        let mut list = List { columns: vec![name], rows, detail: detail("orders") };
        let of_rows = scopes.clone().map(Some);
        Places::of(scopes.iter()).show(&mut list, &of_rows);
        assert_eq!(list.columns[1].title, "REGION");
        assert_eq!(list.rows[0].cells[1].text, "us-east-1");
        assert_eq!(list.detail.unwrap().title, "eu-west-1: orders");
        let told = detail("metrics in eu-west-1");
        let mut list = List { columns: vec![], rows: vec![row(false), row(true)], detail: told };
        Places::of(scopes.iter()).show(&mut list, &of_rows);
        assert_eq!(list.detail.unwrap().title, "metrics in eu-west-1", "said already");
    }
}
