//! Which tables are read through which DAX cluster: AWS does not know it.

use super::file::Mistake;
use crate::model::dax::Behind;
use serde::Deserialize;
use std::collections::BTreeMap;

/// What is said of one cluster, `[dax.CLUSTER]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Front {
    /// The tables that applications read through it.
    tables: Vec<String>,
}

/// All that is said, checked.
pub(super) fn behind(said: &BTreeMap<String, Front>, text: &str) -> Result<Behind, Mistake> {
    let mut behind = Behind::default();
    for (cluster, front) in said {
        behind.put(cluster, &front.tables).map_err(|problem| Mistake {
            offset: text.find(&format!("dax.{cluster}")).or_else(|| text.find("[dax")).unwrap_or(0),
            problem: format!("[dax.{cluster}] {problem}"),
        })?;
    }
    Ok(behind)
}

#[cfg(test)]
mod tests {
    use crate::config::file::parse;

    #[test]
    fn tables_behind_a_cluster_are_read() {
        let text = "[dax.profiles]\ntables = [\"users\", \"profiles\"]\n[dax.Carts]\ntables = [\"carts\"]\n";
        let behind = parse(text).unwrap().behind;
        let names =
            |cluster| behind.tables(cluster).map(|all| all.iter().map(|name| &**name).collect());
        assert_eq!(names("profiles"), Some(vec!["profiles", "users"]));
        assert_eq!(names("carts"), Some(vec!["carts"]));
        assert_eq!(names("other"), None);
    }

    #[test]
    fn mistakes_are_one_line_and_name_the_cluster() {
        for (text, said) in [
            ("[dax.carts]\ntable = [\"a\"]", "did you mean `tables`?"),
            ("[dax.carts]\n", "missing field `tables`"),
            (
                "[dax.carts]\ntables = []",
                "[dax.carts] tables: expected the name of a table at least",
            ),
            ("[dax.carts]\ntables = [\"orders!\"]", "[dax.carts] `orders!`: expected the name"),
            ("[dax.a_b]\ntables = [\"orders\"]", "expected the name of a DAX cluster"),
        ] {
            let problem = parse(text).unwrap_err().problem;
            assert!(problem.contains(said) && !problem.contains('\n'), "{problem}");
        }
    }
}
