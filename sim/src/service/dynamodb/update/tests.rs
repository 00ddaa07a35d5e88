use serde_json::{Value, json};

use crate::fault::{Effect, Fault};
use crate::testing::{DYNAMODB, get, get_at, refused, refused_at, world};
use crate::wire::Service;
use crate::world::World;

const UPDATE: (&str, &str) = (DYNAMODB, "UpdateTable");

fn provisioned(table: &str, read: u64, write: u64) -> Value {
    json!({ "TableName": table, "ProvisionedThroughput": units(read, write) })
}

fn units(read: u64, write: u64) -> Value {
    json!({ "ReadCapacityUnits": read, "WriteCapacityUnits": write })
}

fn index(table: &str, index: &str, throughput: &Value) -> Value {
    let mut update = throughput.clone();
    update["IndexName"] = json!(index);
    json!({ "TableName": table, "GlobalSecondaryIndexUpdates": [{ "Update": update }] })
}

fn describe(world: &World, table: &str, after: f64) -> Value {
    get_at(world, (DYNAMODB, "DescribeTable"), &json!({ "TableName": table }), after)["Table"]
        .clone()
}

/// Status, read units and write units.
fn capacity(table: &Value) -> (&str, u64, u64) {
    let of = |name| table["ProvisionedThroughput"][name].as_u64().unwrap();
    let status = table["TableStatus"].as_str().or(table["IndexStatus"].as_str()).unwrap();
    (status, of("ReadCapacityUnits"), of("WriteCapacityUnits"))
}

#[test]
fn a_change_of_capacity_echoes_the_old_values_and_is_done_in_two_seconds() {
    let world = world("under-provisioned", None);
    let reply = get(&world, UPDATE.0, UPDATE.1, &provisioned("invoices", 500, 600));
    assert_eq!(capacity(&reply["TableDescription"]), ("UPDATING", 500, 150));
    assert_eq!(capacity(&describe(&world, "invoices", 0.5)), ("UPDATING", 500, 150));
    let done = describe(&world, "invoices", 2.0);
    assert_eq!(capacity(&done), ("ACTIVE", 500, 600));
    assert_eq!(done["ProvisionedThroughput"]["LastIncreaseDateTime"], json!(world.start()));
    assert_eq!(done["ProvisionedThroughput"]["NumberOfDecreasesToday"], 0);
}

#[test]
fn while_it_is_updating_a_further_change_is_refused() {
    let world = world("under-provisioned", None);
    get(&world, UPDATE.0, UPDATE.1, &provisioned("invoices", 500, 600));
    let error = refused_at(&world, UPDATE, &provisioned("invoices", 500, 700), 0.9);
    let expected = "Attempt to change a resource which is still in use: Table IOPS are currently being \
                    updated. Table: invoices";
    assert_eq!(error, ("ResourceInUseException".to_owned(), expected.to_owned()));
    get_at(&world, UPDATE, &provisioned("invoices", 500, 700), 2.0);
    assert_eq!(capacity(&describe(&world, "invoices", 5.0)), ("ACTIVE", 500, 700));
    // Another table is another matter.
    get(&world, UPDATE.0, UPDATE.1, &provisioned("customers", 900, 60));
}

#[test]
fn while_the_clock_stands_still_a_change_stays_under_way() {
    let world = world("under-provisioned", None);
    get(&world, UPDATE.0, UPDATE.1, &provisioned("invoices", 500, 600));
    for _ in 0..2 {
        assert_eq!(capacity(&describe(&world, "invoices", 0.0)), ("UPDATING", 500, 150));
    }
    assert_eq!(capacity(&describe(&world, "invoices", 2.0)).0, "ACTIVE");
}

#[test]
fn four_decreases_are_free_a_fifth_waits_an_hour_and_refused_ones_cost_nothing() {
    let world = world("under-provisioned", None);
    for n in 0..4 {
        get_at(&world, UPDATE, &provisioned("customers", 399 - n, 59 - n), n as f64 * 3.0);
    }
    let spent = |after| {
        describe(&world, "customers", after)["ProvisionedThroughput"]["NumberOfDecreasesToday"]
            .clone()
    };
    assert_eq!(spent(12.0), 4, "reads and writes in one call are one decrease");
    let lower = provisioned("customers", 395, 60);
    for after in [12.0, 3_600.0, 3_608.9] {
        let (name, message) = refused_at(&world, UPDATE, &lower, after);
        assert_eq!(name, "LimitExceededException");
        assert_eq!(
            message,
            "Subscriber limit exceeded: Provisioned throughput decreases are limited within a given UTC day. \
             After the first 4 decreases, each subsequent decrease in the same UTC day can be performed at most \
             once every 3600 seconds. Number of decreases today: 4. Last decrease at Sunday, November 22, 2026 \
             at 12:00:09 PM Coordinated Universal Time. Next decrease can be made at Sunday, November 22, 2026 \
             at 1:00:09 PM Coordinated Universal Time"
        );
    }
    assert_eq!(spent(3_608.9), 4);
    get_at(&world, UPDATE, &provisioned("customers", 500, 61), 3_608.9);
    get_at(&world, UPDATE, &provisioned("customers", 395, 60), 3_612.0);
    assert_eq!(spent(3_615.0), 5);
    // The day is UTC's: the count ends at midnight, 12 hours after the start.
    assert_eq!(spent(12.0 * 3_600.0 - 1.0), 5);
    assert_eq!(spent(12.0 * 3_600.0), 0);
    get_at(&world, UPDATE, &provisioned("customers", 390, 60), 12.0 * 3_600.0);
}

#[test]
fn table_and_index_have_budgets_of_their_own_and_a_request_is_taken_whole_or_not() {
    let world = world("gsi-backpressure", None);
    let names = get(&world, DYNAMODB, "ListTables", &json!({}));
    let with_index = names["TableNames"].as_array().unwrap().iter().find_map(|name| {
        let table = describe(&world, name.as_str().unwrap(), 0.0);
        let index = table["GlobalSecondaryIndexes"][0].clone();
        (index["ProvisionedThroughput"]["ReadCapacityUnits"].as_u64()? > 20)
            .then_some((table, index))
    });
    let (table, of) = with_index.unwrap();
    let (name, of_name) = (table["TableName"].as_str().unwrap(), of["IndexName"].as_str().unwrap());
    let ((_, read, write), (_, index_read, index_write)) = (capacity(&table), capacity(&of));
    for n in 0..4 {
        let lower = json!({ "ProvisionedThroughput": units(index_read - 1 - n, index_write) });
        let reply = get_at(&world, UPDATE, &index(name, of_name, &lower), n as f64 * 3.0);
        assert_eq!(reply["TableDescription"]["TableStatus"], "UPDATING");
    }
    let lower = json!({ "ProvisionedThroughput": units(index_read - 5, index_write) });
    assert_eq!(
        refused_at(&world, UPDATE, &index(name, of_name, &lower), 12.0).0,
        "LimitExceededException"
    );
    let mut both = index(name, of_name, &lower);
    both["ProvisionedThroughput"] = units(read + 1, write);
    assert_eq!(refused_at(&world, UPDATE, &both, 12.0).0, "LimitExceededException");
    assert_eq!(capacity(&describe(&world, name, 15.0)), ("ACTIVE", read, write));
    get_at(&world, UPDATE, &provisioned(name, read - 1, write), 15.0);
    let done = describe(&world, name, 18.0);
    assert_eq!(done["ProvisionedThroughput"]["NumberOfDecreasesToday"], 1);
    let same = json!({ "ProvisionedThroughput": units(index_read - 4, index_write) });
    let (kind, message) = refused_at(&world, UPDATE, &index(name, of_name, &same), 18.0);
    assert_eq!(kind, "ValidationException");
    assert!(
        message.starts_with(&format!(
            "The provisioned throughput for the index {of_name} will not change"
        )),
        "{message}"
    );
    let missing = index(name, "nope", &same);
    assert_eq!(refused_at(&world, UPDATE, &missing, 18.0).0, "ResourceNotFoundException");
}

#[test]
fn the_same_values_are_refused_in_full() {
    let world = world("under-provisioned", None);
    let (name, message) = refused(&world, UPDATE.0, UPDATE.1, &provisioned("invoices", 500, 150));
    assert_eq!(name, "ValidationException");
    assert_eq!(
        message,
        "The provisioned throughput for the table will not change. The requested value equals the current \
         value. Current ReadCapacityUnits provisioned for the table: 500. Requested ReadCapacityUnits: 500. \
         Current WriteCapacityUnits provisioned for the table: 150. Requested WriteCapacityUnits: 150. Refer \
         to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits."
    );
}

#[test]
fn on_demand_maxima_are_merged_removed_and_in_force_at_once() {
    let world = world("on-demand-cap", None);
    let names = get(&world, DYNAMODB, "ListTables", &json!({}));
    let capped = names["TableNames"].as_array().unwrap().iter().find(|name| {
        describe(&world, name.as_str().unwrap(), 0.0)["OnDemandThroughput"].is_object()
    });
    let name = capped.unwrap().as_str().unwrap();
    let update = |maxima: Value, after: f64| {
        let body = json!({ "TableName": name, "OnDemandThroughput": maxima });
        let table = get_at(&world, UPDATE, &body, after)["TableDescription"].clone();
        assert_eq!(table["TableStatus"], "ACTIVE");
        assert_eq!(
            describe(&world, name, after)["OnDemandThroughput"],
            table["OnDemandThroughput"]
        );
        table["OnDemandThroughput"].clone()
    };
    let both = json!({ "MaxReadRequestUnits": 7_000, "MaxWriteRequestUnits": 800 });
    assert_eq!(update(both.clone(), 0.0), both);
    let merged = json!({ "MaxReadRequestUnits": 9_000, "MaxWriteRequestUnits": 800 });
    assert_eq!(update(json!({ "MaxReadRequestUnits": 9_000 }), 1.0), merged);
    let left = json!({ "MaxWriteRequestUnits": 800 });
    assert_eq!(update(json!({ "MaxReadRequestUnits": -1 }), 2.0), left);
    assert_eq!(update(json!({ "MaxWriteRequestUnits": -1 }), 3.0), Value::Null);
    for (maxima, part) in [
        (
            json!({ "MaxReadRequestUnits": 0 }),
            "MaxReadRequestUnits for OnDemandThroughput for table is outside",
        ),
        (
            json!({ "MaxWriteRequestUnits": -2 }),
            "MaxWriteRequestUnits for OnDemandThroughput for table is outside",
        ),
    ] {
        let body = json!({ "TableName": name, "OnDemandThroughput": maxima });
        let (kind, message) = refused_at(&world, UPDATE, &body, 4.0);
        assert!(kind == "ValidationException" && message.contains(part), "{message}");
    }
}

/// A request about `orders`.
fn with(more: &Value) -> Value {
    let mut body = json!({ "TableName": "orders" });
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

/// Asserts that each request is a `ValidationException` whose message has a part.
fn assert_invalid(table: &[(Value, &str)]) {
    let world = world("incident", None);
    for (body, part) in table {
        let (name, message) = refused(&world, UPDATE.0, UPDATE.1, body);
        assert_eq!(name, "ValidationException", "{body}: {message}");
        assert!(message.contains(part), "{message}");
    }
}

#[test]
fn what_is_wrong_with_an_update_is_said_as_aws_says_it() {
    assert_invalid(&[
        (with(&json!({})), "At least one of ProvisionedThroughput, BillingMode"),
        (
            with(&json!({ "GlobalSecondaryIndexUpdates": [] })),
            "At least one of ProvisionedThroughput",
        ),
        (
            with(&json!({ "ProvisionedThroughput": { "ReadCapacityUnits": 9 } })),
            "Value null at 'provisionedThroughput.writeCapacityUnits'",
        ),
        (
            with(&json!({ "ProvisionedThroughput": units(0, 5) })),
            "Value '0' at 'provisionedThroughput.readCapacityUnits'",
        ),
        (
            with(&json!({ "OnDemandThroughput": { "MaxReadRequestUnits": 9 } })),
            "MaxReadRequestUnits for OnDemandThroughput cannot be specified when the table BillingMode is PROVISIONED",
        ),
        (
            with(
                &json!({ "ProvisionedThroughput": units(9, 9), "OnDemandThroughput": { "MaxReadRequestUnits": 9 } }),
            ),
            "OnDemandThroughput can only be combined with BillingMode",
        ),
    ]);
}

#[test]
fn what_is_not_part_of_the_simulation_is_refused_by_name() {
    assert_invalid(&[
        (
            with(&json!({ "BillingMode": "PAY_PER_REQUEST" })),
            "BillingMode is not part of this simulation",
        ),
        (with(&json!({ "WarmThroughput": {} })), "WarmThroughput is not part"),
        (with(&json!({ "ReplicaUpdates": [] })), "ReplicaUpdates is not part"),
        (
            with(&json!({ "DeletionProtectionEnabled": true })),
            "DeletionProtectionEnabled is not part",
        ),
        (
            with(
                &json!({ "GlobalSecondaryIndexUpdates": [{ "Delete": { "IndexName": "GSI1" } }] }),
            ),
            "GlobalSecondaryIndexUpdates.Delete is not part",
        ),
    ]);
}

#[test]
fn what_is_wrong_with_an_index_is_said_with_its_name() {
    let update =
        |update: &Value| with(&json!({ "GlobalSecondaryIndexUpdates": [{ "Update": update }] }));
    assert_invalid(&[
        (
            update(&json!({ "IndexName": "GSI1" })),
            "ProvisionedThroughput must be specified for index: GSI1",
        ),
        (update(&json!({ "ProvisionedThroughput": units(9, 9) })), "update.indexName'"),
        (
            with(&json!({ "GlobalSecondaryIndexUpdates": [
                { "Update": { "IndexName": "GSI1", "ProvisionedThroughput": units(9, 9) } },
                { "Update": { "IndexName": "GSI1", "ProvisionedThroughput": units(8, 8) } },
            ] })),
            "Only one global secondary index update per index",
        ),
        (
            provisioned("clickstream", 5, 5),
            "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified",
        ),
        (
            index(
                "product-catalog",
                "by-category",
                &json!({ "ProvisionedThroughput": units(5, 5) }),
            ),
            "The only Updates for index: by-category when TableThroughputMode",
        ),
    ]);
}

#[test]
fn beyond_the_quota_without_a_table_or_empty_an_update_fails() {
    let world = world("incident", None);
    let (name, message) = refused(&world, UPDATE.0, UPDATE.1, &provisioned("orders", 50_000, 900));
    assert_eq!(name, "LimitExceededException");
    assert!(message.contains("table-level quota (40000)"), "{message}");
    assert_eq!(
        refused(&world, UPDATE.0, UPDATE.1, &provisioned("nope", 5, 5)).0,
        "ResourceNotFoundException"
    );
    let empty = with(&json!({ "TableName": "clickstream", "OnDemandThroughput": {} }));
    let (status, _) = crate::testing::ask(&world, UPDATE.0, UPDATE.1, &empty);
    assert_eq!(status, 500, "AWS too answers an empty structure so");
}

#[test]
fn a_conflict_is_in_dynamodbs_own_code() {
    let world = world("under-provisioned", None);
    world.faults().inject(Fault::on(Service::DynamoDb, Effect::Conflict).operation("UpdateTable"));
    let error = refused(&world, UPDATE.0, UPDATE.1, &provisioned("invoices", 500, 600));
    assert_eq!(error.0, "ResourceInUseException");
    assert_eq!(capacity(&describe(&world, "invoices", 9.0)), ("ACTIVE", 500, 150));
}
