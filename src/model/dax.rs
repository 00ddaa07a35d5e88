//! DAX clusters as `DescribeClusters` tells them.

use std::sync::Arc;

/// One DAX cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cluster {
    /// Its name, which DAX keeps in lower case.
    pub name: Arc<str>,
    /// Its ARN.
    pub arn: Arc<str>,
    /// In AWS's words: `available`, `creating`, `modifying`, …
    pub status: Arc<str>,
    /// Such as `dax.r5.large`.
    pub node_type: Arc<str>,
    /// Its nodes; AWS tells none while the cluster is created or deleted.
    pub nodes: Vec<Node>,
}

/// One node of a DAX cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Its id, unique in the cluster.
    pub id: Arc<str>,
    /// In AWS's words: `available`, `REBOOTING`, …
    pub status: Arc<str>,
    /// Its Availability Zone, once it has one.
    pub zone: Option<Arc<str>>,
}
