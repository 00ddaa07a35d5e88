//! Which tables are read through which DAX cluster. AWS does not know: the user says so.

use std::collections::BTreeMap;
use std::sync::Arc;

/// The longest name of a cluster (Amazon DynamoDB Developer Guide, "Service, account, and table quotas").
const CLUSTER_NAME: std::ops::RangeInclusive<usize> = 1..=20;
/// How long the name of a table may be (the same page).
const TABLE_NAME: std::ops::RangeInclusive<usize> = 3..=255;

/// Tables by the DAX cluster in front of them, as the user says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Behind(BTreeMap<Arc<str>, Vec<Arc<str>>>);

impl Behind {
    /// Says which tables are behind `cluster`, whose name DAX keeps in lower case.
    ///
    /// # Errors
    /// What is wrong with a name, or that there is none: one line.
    pub fn put(&mut self, cluster: &str, tables: &[String]) -> Result<(), String> {
        if !is_cluster_name(cluster) {
            return Err(format!(
                "`{cluster}`: expected the name of a DAX cluster, of up to 20 letters, digits and hyphens"
            ));
        }
        if tables.is_empty() {
            return Err("tables: expected the name of a table at least".to_owned());
        }
        if let Some(name) = tables.iter().find(|name| !is_table_name(name)) {
            return Err(format!("`{name}`: expected the name of a table, without its ARN"));
        }
        let cluster: Arc<str> = Arc::from(cluster.to_lowercase());
        if self.0.contains_key(&cluster) {
            return Err(format!("`{cluster}` is there twice: DAX keeps names in lower case"));
        }
        let mut tables: Vec<Arc<str>> = tables.iter().map(|name| Arc::from(&**name)).collect();
        tables.sort();
        tables.dedup();
        self.0.insert(cluster, tables);
        Ok(())
    }

    /// The tables behind a cluster, by name; `None` where nobody says.
    pub fn tables(&self, cluster: &str) -> Option<&[Arc<str>]> {
        self.0.get(cluster).map(Vec::as_slice)
    }

    /// Every cluster that something is said about, by name, with its tables.
    pub fn all(&self) -> impl Iterator<Item = (&Arc<str>, &[Arc<str>])> {
        self.0.iter().map(|(cluster, tables)| (cluster, tables.as_slice()))
    }
}

fn is_cluster_name(name: &str) -> bool {
    CLUSTER_NAME.contains(&name.len())
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
}

fn is_table_name(name: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    TABLE_NAME.contains(&name.len()) && name.chars().all(is_part)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(cluster: &str, tables: &[&str]) -> Result<Behind, String> {
        let tables: Vec<String> = tables.iter().map(|name| (*name).to_owned()).collect();
        let mut behind = Behind::default();
        behind.put(cluster, &tables).map(|()| behind)
    }

    #[test]
    fn tables_are_found_by_the_name_that_dax_keeps() {
        let behind = put("Carts", &["orders", "carts", "orders"]).unwrap();
        let tables: Vec<&str> =
            behind.tables("carts").unwrap().iter().map(|name| &**name).collect();
        assert_eq!(tables, ["carts", "orders"]);
        assert_eq!(behind.tables("Carts"), None);
        assert_eq!(behind.all().count(), 1);
    }

    #[test]
    fn names_that_cannot_be_are_refused_in_one_line() {
        for (cluster, tables, said) in [
            ("carts.prod", &["orders"][..], "expected the name of a DAX cluster"),
            ("1carts", &["orders"], "expected the name of a DAX cluster"),
            ("carts", &[], "expected the name of a table at least"),
            ("carts", &["arn:aws:dynamodb:us-east-1:1:table/orders"], "without its ARN"),
            ("carts", &["ab"], "expected the name of a table"),
        ] {
            let problem = put(cluster, tables).unwrap_err();
            assert!(problem.contains(said) && !problem.contains('\n'), "{problem}");
        }
        let mut behind = put("carts", &["orders"]).unwrap();
        let twice = behind.put("CARTS", &["orders".to_owned()]).unwrap_err();
        assert!(twice.contains("is there twice"), "{twice}");
    }
}
