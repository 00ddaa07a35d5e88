//! Tables, their scaling, and what is set up around them.

use super::{Fields, Ink, Recorded, map, named, recorded, tagged};
use crate::model::consumer::Consumer;
use crate::model::dax::{Cluster, Node, ParameterGroup, ParameterUse, Ttl};
use crate::model::insights::{ContributorInsights, InsightsMode};
use crate::model::scaling::{
    ScalableTarget, ScalingMetric, ScalingPolicy, ScheduledAction, Suspended, TargetTracking,
};
use crate::model::table::{
    Backups, BillingMode, Capacity, Details, Encryption, Identity, Index, KeySchema,
    KinesisDestination, KinesisStreaming, Projection, Quotas, Replica, Table, TableClass,
    Throughput, TimeToLive,
};
use ciborium::Value;

recorded! {
    Identity { account, arn }
    Quotas { account_read, account_write, table_read, table_write }
    Capacity { provisioned, maximum, warm }
    Throughput { read, write, decreases_today, last_increase, last_decrease }
    KeySchema { partition, sort }
    Replica { region, status }
    Details { created, keys, class, encryption, deletion_protection, stream, replicas }
    Index { name, status, backfilling, throughput, keys, projection, items, bytes }
    Table { name, arn, status, billing, throughput, items, bytes, indexes, details }
    TimeToLive { status, attribute }
    Backups { recovery, recovery_days, earliest, latest }
    KinesisDestination { stream, status, status_description }
    KinesisStreaming { destinations, operation }
    Suspended { scale_in, scale_out, scheduled }
    TargetTracking { target_value, metric, scale_in_cooldown, scale_out_cooldown, disable_scale_in }
    ScalingPolicy { name, arn, tracking, unknown }
    ScalableTarget { resource, direction, min, max, suspended, policies }
    ScheduledAction { name, resource, direction, schedule, time_zone, min, max, start, end }
    ContributorInsights { resource, status, mode, rules, failure }
    Cluster {
        name,
        arn,
        status,
        node_type,
        total_nodes,
        active_nodes,
        nodes,
        leaving,
        parameters,
        maintenance_window,
        encryption_at_rest,
        endpoint_encryption,
    }
    Node { id, status, zone, created, parameter_status }
    ParameterUse { group, status, to_reboot }
    ParameterGroup { name, record_ttl, query_ttl }
    Ttl { time, source }
    Consumer {
        uuid,
        function,
        table,
        state,
        modified,
        last_result,
        batch_size,
        batching_window_seconds,
        parallelization,
        maximum_retries,
        maximum_record_age_seconds,
        bisects,
        reports_item_failures,
        on_failure,
        counts_events,
        filters,
    }
}

named! {
    BillingMode { Provisioned = "PROVISIONED", OnDemand = "PAY_PER_REQUEST" }
}

tagged! {
    Projection { "all" = All, "keys" = KeysOnly, "some" = Include(attributes) }
    TableClass {
        "standard" = Standard,
        "infrequent" = StandardInfrequentAccess,
        "other" = Other(name),
    }
    Encryption { "aws" = AwsOwned, "kms" = Kms { key, status, inaccessible_since } }
    ScalingMetric {
        "predefined" = Predefined { metric, label },
        "customized" = Customized(specification),
        "untold" = Untold,
    }
    InsightsMode {
        "all" = AccessedAndThrottled,
        "throttled" = Throttled,
        "other" = Other(name),
    }
}
