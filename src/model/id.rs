//! Identities: a scope (partition, account, region) and the resources in it.

use std::fmt;
use std::sync::Arc;

/// Where a resource lives. Cheap to clone and to compare.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Scope(Arc<ScopeParts>);

#[derive(Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct ScopeParts {
    partition: String,
    account: String,
    region: String,
}

impl Scope {
    /// Makes a scope of, for example, `aws`, `123456789012` and `us-east-1`.
    pub fn new(partition: &str, account: &str, region: &str) -> Self {
        Self(Arc::new(ScopeParts {
            partition: partition.to_owned(),
            account: account.to_owned(),
            region: region.to_owned(),
        }))
    }

    /// `aws`, `aws-cn`, `aws-us-gov`, …
    pub fn partition(&self) -> &str {
        &self.0.partition
    }

    /// The account id, twelve digits; empty while it is not known.
    pub fn account(&self) -> &str {
        &self.0.account
    }

    /// The region's name.
    pub fn region(&self) -> &str {
        &self.0.region
    }
}

/// What a metric, figure or verdict is about, within one [`Scope`].
///
/// The order puts a table before its indexes, and a DAX cluster before its nodes.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Resource {
    /// The whole account in one region.
    Account,
    /// A table without its global secondary indexes.
    Table(Arc<str>),
    /// One global secondary index.
    Index(Arc<str>, Arc<str>),
    /// A DAX cluster, by its name, which DAX keeps in lower case.
    Cluster(Arc<str>),
    /// One node of a DAX cluster.
    Node(Arc<str>, Arc<str>),
}

impl Resource {
    /// The table `name`.
    pub fn table(name: &str) -> Self {
        Self::Table(Arc::from(name))
    }

    /// The index `index` of `table`.
    pub fn index(table: &str, index: &str) -> Self {
        Self::Index(Arc::from(table), Arc::from(index))
    }

    /// The DAX cluster `name`.
    pub fn cluster(name: &str) -> Self {
        Self::Cluster(Arc::from(name))
    }

    /// The node `node` of `cluster`.
    pub fn node(cluster: &str, node: &str) -> Self {
        Self::Node(Arc::from(cluster), Arc::from(node))
    }

    /// The table it is or belongs to; `None` for the account and for DAX.
    pub fn table_name(&self) -> Option<&Arc<str>> {
        match self {
            Self::Account | Self::Cluster(_) | Self::Node(..) => None,
            Self::Table(table) | Self::Index(table, _) => Some(table),
        }
    }

    /// The DAX cluster it is or belongs to; `None` for what is no part of DAX.
    pub fn cluster_name(&self) -> Option<&Arc<str>> {
        match self {
            Self::Account | Self::Table(_) | Self::Index(..) => None,
            Self::Cluster(cluster) | Self::Node(cluster, _) => Some(cluster),
        }
    }

    /// The name to show in a list: the table's or cluster's, or the index's or node's own.
    pub fn short_name(&self) -> &str {
        match self {
            Self::Account => "account",
            Self::Table(table) => table,
            Self::Index(_, index) => index,
            Self::Cluster(cluster) => cluster,
            Self::Node(_, node) => node,
        }
    }

    /// Reads what [`fmt::Display`] writes; of tables and indexes that is Application Auto Scaling's resource id.
    pub fn from_path(path: &str) -> Option<Self> {
        let mut parts = path.split('/');
        match (parts.next(), parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some("account"), None, None, None, None) => Some(Self::Account),
            (Some("table"), Some(table), None, None, None) => Some(Self::table(table)),
            (Some("table"), Some(table), Some("index"), Some(index), None) => {
                Some(Self::index(table, index))
            }
            (Some("dax"), Some(cluster), None, None, None) => Some(Self::cluster(cluster)),
            (Some("dax"), Some(cluster), Some("node"), Some(node), None) => {
                Some(Self::node(cluster, node))
            }
            _ => None,
        }
    }
}

impl fmt::Display for Resource {
    /// Writes `account`, `table/T`, `table/T/index/I`, `dax/C` or `dax/C/node/N`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Account => f.write_str("account"),
            Self::Table(table) => write!(f, "table/{table}"),
            Self::Index(table, index) => write!(f, "table/{table}/index/{index}"),
            Self::Cluster(cluster) => write!(f, "dax/{cluster}"),
            Self::Node(cluster, node) => write!(f, "dax/{cluster}/node/{node}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_reads_back_as_the_resource_that_wrote_it() {
        for resource in [
            Resource::Account,
            Resource::table("a.b-c"),
            Resource::index("t", "GSI1"),
            Resource::cluster("carts"),
            Resource::node("carts", "carts-a"),
        ] {
            assert_eq!(Resource::from_path(&resource.to_string()), Some(resource));
        }
        assert_eq!(Resource::from_path("table/t/index/i/x"), None);
        assert_eq!(Resource::from_path("service/x"), None);
        assert_eq!(Resource::from_path("dax/c/node"), None);
    }
}
