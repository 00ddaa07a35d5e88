//! ddbtop: the terminal dashboard for Amazon DynamoDB incidents.
//!
//! Data flows one way: `aws` turns SDK replies into `model` types, `poll` decides what to ask and
//! sends `Update`s, `app` folds them into the `store`, `diagnose` names causes, `view` turns it all
//! into plain rows, and `ui`, `plot` or `report` render those. `ddbtop_sim` is an AWS behind the same SDK clients.

pub mod app;
pub mod aws;
pub mod cli;
pub mod clock;
pub mod config;
pub mod diagnose;
pub mod iam;
pub mod lint;
pub mod model;
pub mod plot;
pub mod poll;
pub mod record;
pub mod replay;
pub mod report;
pub mod runtime;
pub mod store;
pub mod tune;
pub mod ui;
pub mod view;
pub mod write;
