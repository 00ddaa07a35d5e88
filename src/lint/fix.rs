//! Commands that mend a finding: for a shell with the AWS CLI, and for Terraform.

pub(super) mod cli;
pub(super) mod recommended;
pub(super) mod terraform;

/// Stands for the topic to notify where an alarm has no actions yet: both writers ask for it.
pub(super) const TOPIC: &str = "$TOPIC_ARN";
