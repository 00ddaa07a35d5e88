//! `UpdateTable`: throughput, and nothing else.
//!
//! Refused though AWS takes them: billing mode, warm throughput, indexes made and deleted, replicas,
//! stream, encryption, table class and deletion protection.

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::{existing_table, invalid, table};
use crate::both::Both;
use crate::fleet::{Change, Maximum, Throughput, UpdateRefusal};
use crate::service::{Ask, constraint, missing};
use crate::wire::{Common, Refusal, Service};

/// How AWS begins many validation messages.
const INVALID: &str = "One or more parameter values were invalid";

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Input {
    #[serde(flatten)]
    throughput: ThroughputInput,
    global_secondary_index_updates: Option<Vec<IndexUpdate>>,
    billing_mode: Option<IgnoredAny>,
    stream_specification: Option<IgnoredAny>,
    #[serde(rename = "SSESpecification")]
    sse_specification: Option<IgnoredAny>,
    replica_updates: Option<IgnoredAny>,
    table_class: Option<IgnoredAny>,
    deletion_protection_enabled: Option<IgnoredAny>,
    multi_region_consistency: Option<IgnoredAny>,
    global_table_witness_updates: Option<IgnoredAny>,
    global_table_settings_replication_mode: Option<IgnoredAny>,
}

impl Input {
    /// Names the first member that is not part of the simulation.
    fn not_modelled(&self) -> Option<&'static str> {
        let members = [
            ("BillingMode", &self.billing_mode),
            ("StreamSpecification", &self.stream_specification),
            ("SSESpecification", &self.sse_specification),
            ("ReplicaUpdates", &self.replica_updates),
            ("TableClass", &self.table_class),
            ("DeletionProtectionEnabled", &self.deletion_protection_enabled),
            ("MultiRegionConsistency", &self.multi_region_consistency),
            ("GlobalTableWitnessUpdates", &self.global_table_witness_updates),
            ("GlobalTableSettingsReplicationMode", &self.global_table_settings_replication_mode),
            ("WarmThroughput", &self.throughput.warm_throughput),
        ];
        let given = members.into_iter().find(|(_, member)| member.is_some());
        given.map(|(name, _)| name).or_else(|| {
            let updates = self.global_secondary_index_updates.as_deref().unwrap_or_default();
            updates.iter().find_map(IndexUpdate::not_modelled)
        })
    }

    /// The changes asked for.
    fn changes(&self) -> Result<Vec<Change>, Refusal> {
        let mut changes = Vec::new();
        changes.extend(self.throughput.change("", None)?);
        for update in self.global_secondary_index_updates.iter().flatten() {
            let update = update.update.as_ref().ok_or_else(|| {
                invalid(format!("{INVALID}: One of GlobalSecondaryIndexUpdate is required"))
            })?;
            let member = "globalSecondaryIndexUpdates.1.member.update.";
            let name = update.index_name.clone();
            let name = name.ok_or_else(|| invalid(missing(&format!("{member}indexName"))))?;
            let change = update.throughput.change(member, Some(name.clone()))?;
            changes.push(change.ok_or_else(|| {
                invalid(format!(
                    "{INVALID}: ProvisionedThroughput must be specified for index: {name}"
                ))
            })?);
        }
        if changes.is_empty() {
            return Err(invalid(
                "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, \
                 GlobalSecondaryIndexUpdates, SSESpecification, ReplicaUpdates, \
                 DeletionProtectionEnabled, OnDemandThroughput, WarmThroughput or TableClass is required"
                    .to_owned(),
            ));
        }
        let twice = changes.iter().enumerate().find_map(|(number, change)| {
            let earlier = changes.iter().take(number);
            earlier
                .filter_map(|other| other.index.as_ref())
                .find(|index| change.index.as_ref() == Some(*index))
        });
        if let Some(index) = twice {
            return Err(invalid(format!(
                "{INVALID}: Only one global secondary index update per index is allowed simultaneously. \
                 Index: {index}"
            )));
        }
        let on_demand = |change: &Change| matches!(change.to, Throughput::OnDemand(_));
        if changes.iter().any(on_demand) && !changes.iter().all(on_demand) {
            return Err(invalid(format!(
                "{INVALID}: OnDemandThroughput can only be combined with BillingMode in an UpdateTable \
                 request"
            )));
        }
        Ok(changes)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct IndexUpdate {
    update: Option<IndexInput>,
    create: Option<IgnoredAny>,
    delete: Option<IgnoredAny>,
}

impl IndexUpdate {
    fn not_modelled(&self) -> Option<&'static str> {
        let warm = self.update.as_ref().and_then(|update| update.throughput.warm_throughput);
        let members = [
            ("GlobalSecondaryIndexUpdates.Create", self.create),
            ("GlobalSecondaryIndexUpdates.Delete", self.delete),
            ("GlobalSecondaryIndexUpdates.Update.WarmThroughput", warm),
        ];
        members.into_iter().find(|(_, member)| member.is_some()).map(|(name, _)| name)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct IndexInput {
    index_name: Option<String>,
    #[serde(flatten)]
    throughput: ThroughputInput,
}

/// The members that a table and an index have alike.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ThroughputInput {
    provisioned_throughput: Option<Provisioned>,
    on_demand_throughput: Option<OnDemand>,
    warm_throughput: Option<IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Provisioned {
    read_capacity_units: Option<i64>,
    write_capacity_units: Option<i64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct OnDemand {
    max_read_request_units: Option<i64>,
    max_write_request_units: Option<i64>,
}

impl ThroughputInput {
    /// The one change that is asked for, if any; `member` is where it stands in the request.
    fn change(&self, member: &str, index: Option<String>) -> Result<Option<Change>, Refusal> {
        let to = match (&self.provisioned_throughput, &self.on_demand_throughput) {
            (None, None) => return Ok(None),
            (Some(_), Some(_)) => {
                return Err(invalid(format!(
                    "{INVALID}: OnDemandThroughput can only be combined with BillingMode in an \
                     UpdateTable request"
                )));
            }
            (Some(units), None) => Throughput::Provisioned(units.read(member)?),
            (None, Some(maxima)) => Throughput::OnDemand(maxima.read(index.as_deref())?),
        };
        Ok(Some(Change { index, to }))
    }
}

impl Provisioned {
    fn read(&self, member: &str) -> Result<Both<u64>, Refusal> {
        let units = |units: Option<i64>, name: &str| {
            let name = format!("{member}provisionedThroughput.{name}");
            let units = units.ok_or_else(|| invalid(missing(&name)))?;
            let rule = "Member must have value greater than or equal to 1";
            let refusal = || invalid(constraint(&units, &name, rule));
            u64::try_from(units).ok().filter(|units| *units > 0).ok_or_else(refusal)
        };
        Ok(Both {
            read: units(self.read_capacity_units, "readCapacityUnits")?,
            write: units(self.write_capacity_units, "writeCapacityUnits")?,
        })
    }
}

impl OnDemand {
    fn read(&self, index: Option<&str>) -> Result<Both<Maximum>, Refusal> {
        if self.max_read_request_units.is_none() && self.max_write_request_units.is_none() {
            // AWS answers an empty structure with an internal failure.
            return Err(Common::Internal.refusal(Service::DynamoDb, String::new()));
        }
        let maximum = |units: Option<i64>, name: &str| match units {
            None => Ok(Maximum::Unchanged),
            Some(-1) => Ok(Maximum::Removed),
            Some(units) => {
                let of = index.map_or("for table".to_owned(), |name| format!("for index : {name}"));
                let refusal = || {
                    invalid(format!(
                        "{INVALID}: Requested {name} for OnDemandThroughput {of} is outside of valid range"
                    ))
                };
                let units = u64::try_from(units).ok().filter(|units| *units > 0);
                units.map(Maximum::Set).ok_or_else(refusal)
            }
        };
        Ok(Both {
            read: maximum(self.max_read_request_units, "MaxReadRequestUnits")?,
            write: maximum(self.max_write_request_units, "MaxWriteRequestUnits")?,
        })
    }
}

/// Changes throughput. The reply has the values from before a change of capacity, with `UPDATING`; what
/// changes at once it has already.
pub(super) fn update_table(ask: &mut Ask<'_>) -> Result<Vec<u8>, Refusal> {
    let input: Input = ask.input()?;
    let table = existing_table(ask)?.name;
    if let Some(member) = input.not_modelled() {
        return Err(invalid(format!("{member} is not part of this simulation")));
    }
    let changes = input.changes()?;
    ask.fleet
        .update(&table, &changes, ask.now)
        .map_err(|(error, index)| refusal(error, &table, index.as_deref()))?;
    let state = existing_table(ask)?;
    ask.output(&table::UpdateOutput::new(&state, ask.account()))
}

/// Words a refusal as AWS does.
fn refusal(error: UpdateRefusal, table: &str, index: Option<&str>) -> Refusal {
    let not_found = |what: &str| {
        let message = format!("Requested resource not found: {what} not found");
        Refusal::client("ResourceNotFoundException", "ResourceNotFound", message)
    };
    let exceeded = |message| Refusal::client("LimitExceededException", "LimitExceeded", message);
    match error {
        UpdateRefusal::NoTable => not_found(&format!("Table: {table}")),
        UpdateRefusal::NoIndex(index) => not_found(&format!("Table: {table} Index: {index}")),
        UpdateRefusal::Updating => {
            let what = match index {
                None => format!("Table IOPS are currently being updated. Table: {table}"),
                Some(index) => {
                    format!("Index is being updated.  Table: {table} Index: {index}")
                }
            };
            let message = format!("Attempt to change a resource which is still in use: {what}");
            Refusal::client("ResourceInUseException", "ResourceInUse", message)
        }
        UpdateRefusal::Same(units) => invalid(unchanged(units, index)),
        UpdateRefusal::OverQuota(message) | UpdateRefusal::NoDecreaseLeft(message) => {
            exceeded(message)
        }
        UpdateRefusal::IsOnDemand => invalid(match index {
            None => format!(
                "{INVALID}: Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when \
                 BillingMode is PAY_PER_REQUEST"
            ),
            Some(index) => format!(
                "{INVALID}: The only Updates for index: {index} when TableThroughputMode is \
                 PAY_PER_REQUEST can be to OnDemandThroughput, WarmThroughput"
            ),
        }),
        UpdateRefusal::IsProvisioned(maxima) => {
            let name = match maxima.read {
                Maximum::Unchanged => "MaxWriteRequestUnits",
                Maximum::Removed | Maximum::Set(_) => "MaxReadRequestUnits",
            };
            let of = index.map(|index| format!(" for index : {index}")).unwrap_or_default();
            invalid(format!(
                "{INVALID}: {name} for OnDemandThroughput{of} cannot be specified when the table \
                 BillingMode is PROVISIONED"
            ))
        }
    }
}

fn unchanged(units: Both<u64>, index: Option<&str>) -> String {
    let (whose, of) = match index {
        None => ("the table".to_owned(), "the table".to_owned()),
        Some(index) => (format!("the index {index}"), format!("index {index}")),
    };
    let Both { read, write } = units;
    format!(
        "The provisioned throughput for {whose} will not change. The requested value equals the current \
         value. Current ReadCapacityUnits provisioned for {of}: {read}. Requested ReadCapacityUnits: \
         {read}. Current WriteCapacityUnits provisioned for {of}: {write}. Requested \
         WriteCapacityUnits: {write}. Refer to the Amazon DynamoDB Developer Guide for current limits \
         and how to request higher limits."
    )
}

#[cfg(test)]
mod tests;
