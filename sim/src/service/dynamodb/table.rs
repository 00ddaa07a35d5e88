//! The `TableDescription` of `DescribeTable`.

#![expect(clippy::struct_field_names, reason = "the members have AWS's names")]

use serde::Serialize;

use crate::facts::{AccountState, Billing, Epoch, IndexState, TableState, ThroughputState};
use crate::service::{arn, uuid};
use crate::wire::Stamp;

/// The reply of `DescribeTable`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DescribeOutput<'a> {
    table: TableDescription<'a>,
}

impl<'a> DescribeOutput<'a> {
    pub(super) fn new(state: &'a TableState, account: &AccountState) -> Self {
        Self { table: TableDescription::new(state, account) }
    }
}

/// The reply of `UpdateTable`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct UpdateOutput<'a> {
    table_description: TableDescription<'a>,
}

impl<'a> UpdateOutput<'a> {
    pub(super) fn new(state: &'a TableState, account: &AccountState) -> Self {
        Self { table_description: TableDescription::new(state, account) }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct TableDescription<'a> {
    attribute_definitions: Vec<AttributeDefinition<'a>>,
    table_name: &'a str,
    key_schema: Vec<KeySchemaElement<'a>>,
    table_status: &'static str,
    creation_date_time: Stamp,
    #[serde(flatten)]
    throughput: Throughput,
    table_size_bytes: u64,
    item_count: u64,
    table_arn: String,
    table_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    billing_mode_summary: Option<BillingModeSummary>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    global_secondary_indexes: Vec<Index<'a>>,
    #[serde(flatten)]
    stream: Option<Stream>,
    #[serde(rename = "SSEDescription", skip_serializing_if = "Option::is_none")]
    sse_description: Option<SseDescription>,
    #[serde(skip_serializing_if = "Option::is_none")]
    table_class_summary: Option<TableClassSummary>,
    deletion_protection_enabled: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    global_table_version: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    replicas: Vec<Replica<'a>>,
}

impl<'a> TableDescription<'a> {
    fn new(state: &'a TableState, account: &AccountState) -> Self {
        let table_arn = arn(account, "dynamodb", &format!("table/{}", state.name));
        let on_demand = matches!(state.throughput.billing, Billing::OnDemand { .. });
        let key_arn = || arn(account, "kms", &format!("key/{}", uuid(&("kms", &state.id))));
        Self {
            attribute_definitions: attributes(state),
            table_name: &state.name,
            key_schema: key_schema(&state.keys),
            table_status: state.status,
            creation_date_time: Stamp(state.created),
            throughput: Throughput::new(&state.throughput),
            table_size_bytes: state.bytes,
            item_count: state.items,
            table_id: &state.id,
            // AWS leaves it out for a table that was always provisioned.
            billing_mode_summary: on_demand.then_some(BillingModeSummary {
                billing_mode: "PAY_PER_REQUEST",
                last_update_to_pay_per_request_date_time: Stamp(state.created),
            }),
            global_secondary_indexes: state
                .indexes
                .iter()
                .map(|index| Index::new(index, &table_arn))
                .collect(),
            stream: state.stream.then(|| Stream::new(state, account)),
            sse_description: state.kms_key.then(|| SseDescription {
                status: "ENABLED",
                sse_type: "KMS",
                key_arn: key_arn(),
            }),
            table_class_summary: state
                .infrequent_access
                .then_some(TableClassSummary { table_class: "STANDARD_INFREQUENT_ACCESS" }),
            deletion_protection_enabled: state.deletion_protection,
            global_table_version: (!state.replicas.is_empty()).then_some("2019.11.21"),
            replicas: state
                .replicas
                .iter()
                .map(|replica| Replica {
                    region_name: &replica.region,
                    replica_status: &replica.status,
                })
                .collect(),
            table_arn,
        }
    }
}

/// What a table and an index say alike about their throughput.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Throughput {
    provisioned_throughput: ProvisionedThroughput,
    #[serde(skip_serializing_if = "Option::is_none")]
    on_demand_throughput: Option<OnDemandThroughput>,
    warm_throughput: WarmThroughput,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ProvisionedThroughput {
    #[serde(skip_serializing_if = "Option::is_none")]
    last_increase_date_time: Option<Stamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_decrease_date_time: Option<Stamp>,
    number_of_decreases_today: u32,
    read_capacity_units: u64,
    write_capacity_units: u64,
}

/// The maximum throughput of an on-demand table or index; a side without one is left out.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct OnDemandThroughput {
    #[serde(skip_serializing_if = "Option::is_none")]
    max_read_request_units: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_write_request_units: Option<u64>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct WarmThroughput {
    read_units_per_second: u64,
    write_units_per_second: u64,
    status: &'static str,
}

impl Throughput {
    fn new(state: &ThroughputState) -> Self {
        // An on-demand table reports zero capacity units (API reference, `ReadCapacityUnits`).
        let (read, write, on_demand_throughput) = match state.billing {
            Billing::Provisioned { read, write } => (read, write, None),
            Billing::OnDemand { max_read: None, max_write: None } => (0, 0, None),
            Billing::OnDemand { max_read, max_write } => {
                let limits = OnDemandThroughput {
                    max_read_request_units: max_read,
                    max_write_request_units: max_write,
                };
                (0, 0, Some(limits))
            }
        };
        Self {
            provisioned_throughput: ProvisionedThroughput {
                last_increase_date_time: state.last_increase.map(Stamp),
                last_decrease_date_time: state.last_decrease.map(Stamp),
                number_of_decreases_today: state.decreases_today,
                read_capacity_units: read,
                write_capacity_units: write,
            },
            on_demand_throughput,
            warm_throughput: WarmThroughput {
                read_units_per_second: state.warm.0,
                write_units_per_second: state.warm.1,
                status: "ACTIVE",
            },
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct AttributeDefinition<'a> {
    attribute_name: &'a str,
    attribute_type: &'static str,
}

/// Lists each key attribute once; in the simulated fleet all are strings.
fn attributes(state: &TableState) -> Vec<AttributeDefinition<'_>> {
    let keys = std::iter::once(&state.keys).chain(state.indexes.iter().map(|index| &index.keys));
    let mut names: Vec<&str> = keys
        .flat_map(|(hash, range)| std::iter::once(hash).chain(range))
        .map(String::as_str)
        .collect();
    names.sort_unstable();
    names.dedup();
    let define = |attribute_name| AttributeDefinition { attribute_name, attribute_type: "S" };
    names.into_iter().map(define).collect()
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::service) struct KeySchemaElement<'a> {
    attribute_name: &'a str,
    key_type: &'static str,
}

pub(in crate::service) fn key_schema(
    (hash, range): &(String, Option<String>),
) -> Vec<KeySchemaElement<'_>> {
    let element = |attribute_name, key_type| KeySchemaElement { attribute_name, key_type };
    let range = range.as_deref().map(|name| element(name, "RANGE"));
    std::iter::once(element(hash.as_str(), "HASH")).chain(range).collect()
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct BillingModeSummary {
    billing_mode: &'static str,
    last_update_to_pay_per_request_date_time: Stamp,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Index<'a> {
    index_name: &'a str,
    key_schema: Vec<KeySchemaElement<'a>>,
    projection: Projection,
    index_status: &'static str,
    #[serde(flatten)]
    throughput: Throughput,
    index_size_bytes: u64,
    item_count: u64,
    index_arn: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Projection {
    projection_type: &'static str,
}

impl<'a> Index<'a> {
    fn new(state: &'a IndexState, table_arn: &str) -> Self {
        Self {
            index_name: &state.name,
            key_schema: key_schema(&state.keys),
            projection: Projection {
                projection_type: if state.keys_only { "KEYS_ONLY" } else { "ALL" },
            },
            index_status: state.status,
            throughput: Throughput::new(&state.throughput),
            index_size_bytes: state.bytes,
            item_count: state.items,
            index_arn: format!("{table_arn}/index/{}", state.name),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Replica<'a> {
    region_name: &'a str,
    replica_status: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Stream {
    stream_specification: StreamSpecification,
    latest_stream_label: String,
    latest_stream_arn: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct StreamSpecification {
    stream_enabled: bool,
    stream_view_type: &'static str,
}

impl Stream {
    /// Here a stream was switched on when its table was created.
    fn new(state: &TableState, account: &AccountState) -> Self {
        Self {
            stream_specification: StreamSpecification {
                stream_enabled: true,
                stream_view_type: "NEW_AND_OLD_IMAGES",
            },
            latest_stream_arn: stream_arn(account, &state.name, state.created),
            latest_stream_label: stream_label(state.created),
        }
    }
}

/// Makes the ARN of the stream that was switched on `since`.
pub(crate) fn stream_arn(account: &AccountState, table: &str, since: Epoch) -> String {
    arn(account, "dynamodb", &format!("table/{table}/stream/{}", stream_label(since)))
}

/// A stream's label is the time it was switched on.
pub(in crate::service) fn stream_label(since: Epoch) -> String {
    #[expect(clippy::cast_possible_truncation, reason = "epoch milliseconds are far below 2^63")]
    let moment = jiff::Timestamp::from_millisecond((since * 1000.0) as i64);
    moment.map(|moment| moment.strftime("%Y-%m-%dT%H:%M:%S.%3f").to_string()).unwrap_or_default()
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct SseDescription {
    status: &'static str,
    #[serde(rename = "SSEType")]
    sse_type: &'static str,
    #[serde(rename = "KMSMasterKeyArn")]
    key_arn: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct TableClassSummary {
    table_class: &'static str,
}
