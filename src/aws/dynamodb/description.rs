//! A table as `DescribeTable` and its neighbours tell it, in our own types.

use crate::aws::timestamp;
use crate::model::table::{
    Backups, BillingMode, Capacity, Details, Encryption, Index, KeySchema, Projection, Replica,
    Table, TableClass, Throughput, TimeToLive,
};
use aws_sdk_dynamodb::types::{
    self as sdk, GlobalSecondaryIndexDescription, KeySchemaElement, KeyType, OnDemandThroughput,
    ProvisionedThroughputDescription, SseDescription, TableDescription,
};
use std::sync::Arc;

/// Takes in a description; `None` for one without a name.
pub(super) fn table(described: &TableDescription) -> Option<Table> {
    let name = described.table_name()?;
    let billing = billing(described);
    let warm = described.warm_throughput();
    let throughput = throughput(
        billing,
        described.provisioned_throughput(),
        described.on_demand_throughput(),
        (
            warm.and_then(|warm| warm.read_units_per_second),
            warm.and_then(|warm| warm.write_units_per_second),
        ),
    );
    let mut indexes: Vec<Index> = described
        .global_secondary_indexes()
        .iter()
        .filter_map(|described| index(billing, described))
        .collect();
    indexes.sort_by(|a, b| a.name.cmp(&b.name));
    Some(Table {
        name: Arc::from(name),
        arn: described.table_arn().unwrap_or_default().to_owned(),
        status: Arc::from(described.table_status().map_or("UNKNOWN", |status| status.as_str())),
        billing,
        throughput,
        items: count(described.item_count()),
        bytes: count(described.table_size_bytes()),
        indexes,
        details: Box::new(details(described)),
    })
}

fn details(described: &TableDescription) -> Details {
    let stream = described.stream_specification().filter(|stream| stream.stream_enabled());
    let mut replicas: Vec<Replica> = described
        .replicas()
        .iter()
        .filter_map(|replica| {
            let status = replica.replica_status().map_or("UNKNOWN", |status| status.as_str());
            Some(Replica { region: Arc::from(replica.region_name()?), status: Arc::from(status) })
        })
        .collect();
    replicas.sort_by(|a, b| a.region.cmp(&b.region));
    Details {
        created: described.creation_date_time().copied().and_then(timestamp),
        keys: keys(described.key_schema()),
        class: class(described),
        encryption: described.sse_description().map_or(Encryption::AwsOwned, encryption),
        deletion_protection: described.deletion_protection_enabled().unwrap_or(false),
        stream: stream.map(|stream| {
            Arc::from(stream.stream_view_type().map_or("UNKNOWN", |view| view.as_str()))
        }),
        replicas,
    }
}

fn keys(schema: &[KeySchemaElement]) -> KeySchema {
    let of = |kind: &KeyType| {
        let elements = schema.iter().filter(|element| element.key_type() == kind);
        elements.map(|element| Arc::from(element.attribute_name())).collect()
    };
    KeySchema { partition: of(&KeyType::Hash), sort: of(&KeyType::Range) }
}

/// Without a `TableClassSummary` it is the default class.
fn class(described: &TableDescription) -> TableClass {
    let summary = described.table_class_summary().and_then(|summary| summary.table_class());
    match summary.map(sdk::TableClass::as_str) {
        None | Some("STANDARD") => TableClass::Standard,
        Some("STANDARD_INFREQUENT_ACCESS") => TableClass::StandardInfrequentAccess,
        Some(other) => TableClass::Other(Arc::from(other)),
    }
}

/// A description without a key is what remains of one: AWS's own key is in use again.
fn encryption(described: &SseDescription) -> Encryption {
    match described.kms_master_key_arn() {
        None => Encryption::AwsOwned,
        Some(key) => Encryption::Kms {
            key: Arc::from(key),
            status: Arc::from(described.status().map_or("UNKNOWN", |status| status.as_str())),
            inaccessible_since: described
                .inaccessible_encryption_date_time()
                .copied()
                .and_then(timestamp),
        },
    }
}

fn projection(described: &GlobalSecondaryIndexDescription) -> Projection {
    let projection = described.projection();
    let kind = projection.and_then(|projection| projection.projection_type());
    match kind.map(sdk::ProjectionType::as_str) {
        Some("KEYS_ONLY") => Projection::KeysOnly,
        Some("INCLUDE") => {
            let names = projection.map_or(&[][..], |projection| projection.non_key_attributes());
            Projection::Include(names.iter().map(|name| Arc::from(name.as_str())).collect())
        }
        _ => Projection::All,
    }
}

fn count(number: Option<i64>) -> Option<u64> {
    number.and_then(|number| u64::try_from(number).ok())
}

/// A table that was created as provisioned has no `BillingModeSummary`.
fn billing(described: &TableDescription) -> BillingMode {
    let mode = described.billing_mode_summary().and_then(|summary| summary.billing_mode());
    match mode.map(sdk::BillingMode::as_str) {
        Some("PAY_PER_REQUEST") => BillingMode::OnDemand,
        _ => BillingMode::Provisioned,
    }
}

fn index(billing: BillingMode, described: &GlobalSecondaryIndexDescription) -> Option<Index> {
    let warm = described.warm_throughput();
    Some(Index {
        name: Arc::from(described.index_name()?),
        status: Arc::from(described.index_status().map_or("UNKNOWN", |status| status.as_str())),
        backfilling: described.backfilling().unwrap_or(false),
        throughput: throughput(
            billing,
            described.provisioned_throughput(),
            described.on_demand_throughput(),
            (
                warm.and_then(|warm| warm.read_units_per_second),
                warm.and_then(|warm| warm.write_units_per_second),
            ),
        ),
        keys: keys(described.key_schema()),
        projection: projection(described),
        items: count(described.item_count()),
        bytes: count(described.index_size_bytes()),
    })
}

/// Takes in `DescribeTimeToLive`'s reply; `None` for one without a status.
pub(super) fn time_to_live(described: &sdk::TimeToLiveDescription) -> Option<TimeToLive> {
    Some(TimeToLive {
        status: Arc::from(described.time_to_live_status()?.as_str()),
        attribute: described.attribute_name().map(Arc::from),
    })
}

/// Takes in `DescribeContinuousBackups`'s reply; `None` for one without a status.
pub(super) fn backups(described: &sdk::ContinuousBackupsDescription) -> Option<Backups> {
    let recovery = described.point_in_time_recovery_description()?;
    Some(Backups {
        recovery: Arc::from(recovery.point_in_time_recovery_status()?.as_str()),
        recovery_days: recovery.recovery_period_in_days().and_then(|days| days.try_into().ok()),
        earliest: recovery.earliest_restorable_date_time().copied().and_then(timestamp),
        latest: recovery.latest_restorable_date_time().copied().and_then(timestamp),
    })
}

fn units(value: i64) -> f64 {
    value as f64
}

/// An on-demand table reports 0 provisioned units, which is not a capacity; a maximum of -1 is
/// AWS's way to say that there is none.
fn throughput(
    billing: BillingMode,
    provisioned: Option<&ProvisionedThroughputDescription>,
    on_demand: Option<&OnDemandThroughput>,
    warm: (Option<i64>, Option<i64>),
) -> Throughput {
    let capacity = |provisioned: Option<i64>, maximum: Option<i64>, warm: Option<i64>| Capacity {
        provisioned: provisioned.filter(|_| billing == BillingMode::Provisioned).map(units),
        maximum: maximum.filter(|units| billing == BillingMode::OnDemand && *units > 0).map(units),
        warm: warm.filter(|units| *units > 0).map(units),
    };
    Throughput {
        read: capacity(
            provisioned.and_then(|p| p.read_capacity_units),
            on_demand.and_then(|o| o.max_read_request_units),
            warm.0,
        ),
        write: capacity(
            provisioned.and_then(|p| p.write_capacity_units),
            on_demand.and_then(|o| o.max_write_request_units),
            warm.1,
        ),
        decreases_today: provisioned
            .and_then(|p| p.number_of_decreases_today)
            .and_then(|count| u32::try_from(count).ok()),
        last_increase: provisioned.and_then(|p| p.last_increase_date_time).and_then(timestamp),
        last_decrease: provisioned.and_then(|p| p.last_decrease_date_time).and_then(timestamp),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_dynamodb::primitives::DateTime;
    use aws_sdk_dynamodb::types::{BillingModeSummary, TableWarmThroughputDescription};

    fn provisioned(read: i64, write: i64) -> ProvisionedThroughputDescription {
        ProvisionedThroughputDescription::builder()
            .read_capacity_units(read)
            .write_capacity_units(write)
            .number_of_decreases_today(3)
            .build()
    }

    #[test]
    fn a_table_without_a_billing_mode_is_provisioned() {
        let described = TableDescription::builder()
            .table_name("orders")
            .provisioned_throughput(provisioned(100, 50))
            .warm_throughput(
                TableWarmThroughputDescription::builder().read_units_per_second(12_000).build(),
            )
            .build();
        let table = table(&described).unwrap();
        assert_eq!(table.billing, BillingMode::Provisioned);
        assert_eq!(table.throughput.read.provisioned, Some(100.0));
        assert_eq!(table.throughput.read.warm, Some(12_000.0));
        assert_eq!(table.throughput.write.warm, None);
        assert_eq!(table.throughput.decreases_today, Some(3));
    }

    #[test]
    fn an_on_demand_table_has_no_provisioned_capacity_and_only_a_maximum_that_is_set() {
        let described = TableDescription::builder()
            .table_name("orders")
            .billing_mode_summary(
                BillingModeSummary::builder().billing_mode("PAY_PER_REQUEST".into()).build(),
            )
            .provisioned_throughput(provisioned(0, 0))
            .on_demand_throughput(
                OnDemandThroughput::builder()
                    .max_read_request_units(-1)
                    .max_write_request_units(400)
                    .build(),
            )
            .build();
        let table = table(&described).unwrap();
        assert_eq!(table.throughput.read, Capacity::default());
        assert_eq!(table.throughput.write.provisioned, None);
        assert_eq!(table.throughput.write.maximum, Some(400.0));
    }

    #[test]
    fn what_a_reply_leaves_out_is_aws_s_default() {
        let table = table(&TableDescription::builder().table_name("orders").build()).unwrap();
        assert_eq!(*table.details, Details::default());
        assert_eq!(table.details.class.as_str(), "STANDARD");
    }

    #[test]
    fn a_description_tells_keys_key_class_stream_and_replicas() {
        let key = |name: &str, kind: &str| {
            let element = KeySchemaElement::builder().attribute_name(name);
            element.key_type(kind.into()).build().unwrap()
        };
        let replica = |region: &str| {
            let replica = sdk::ReplicaDescription::builder().region_name(region);
            replica.replica_status("ACTIVE".into()).build()
        };
        let stream = sdk::StreamSpecification::builder().stream_enabled(true);
        let class = sdk::TableClassSummary::builder();
        let index = GlobalSecondaryIndexDescription::builder()
            .index_name("by-day")
            .key_schema(key("day", "HASH"))
            .key_schema(key("shop", "HASH"))
            .key_schema(key("at", "RANGE"))
            .projection(
                sdk::Projection::builder()
                    .projection_type("INCLUDE".into())
                    .non_key_attributes("total")
                    .build(),
            )
            .item_count(7)
            .build();
        let described = TableDescription::builder()
            .table_name("orders")
            .creation_date_time(DateTime::from_secs(1_700_000_000))
            .key_schema(key("id", "HASH"))
            .deletion_protection_enabled(true)
            .table_class_summary(class.table_class("STANDARD_INFREQUENT_ACCESS".into()).build())
            .sse_description(
                SseDescription::builder()
                    .status("ENABLED".into())
                    .kms_master_key_arn("arn:aws:kms:us-east-1:1:key/k")
                    .build(),
            )
            .stream_specification(stream.stream_view_type("KEYS_ONLY".into()).build().unwrap())
            .replicas(replica("us-west-2"))
            .replicas(replica("eu-west-1"))
            .global_secondary_indexes(index)
            .build();
        let table = table(&described).unwrap();
        let regions: Vec<&str> = table.details.replicas.iter().map(|r| &*r.region).collect();
        assert_eq!(regions, ["eu-west-1", "us-west-2"]);
        assert_eq!(table.details.keys.partition, [Arc::from("id")]);
        assert_eq!(table.details.class, TableClass::StandardInfrequentAccess);
        assert_eq!(table.details.stream.as_deref(), Some("KEYS_ONLY"));
        assert!(table.details.deletion_protection);
        let Encryption::Kms { status, inaccessible_since: None, .. } = &table.details.encryption
        else {
            panic!("{:?}", table.details.encryption)
        };
        assert_eq!(&**status, "ENABLED");
        let index = table.index("by-day").unwrap();
        assert_eq!((index.keys.partition.len(), index.keys.sort.len()), (2, 1));
        assert_eq!(index.projection, Projection::Include(vec![Arc::from("total")]));
        assert_eq!((index.items, index.bytes), (Some(7), None));
    }
}
