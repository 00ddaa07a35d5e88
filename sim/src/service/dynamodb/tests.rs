use serde_json::{Value, json};

use crate::facts::Billing;
use crate::fault::{Effect, Fault};
use crate::fleet::Fleet;
use crate::scenario::Scenario;
use crate::testing::{DYNAMODB, SEED, ask, get, refused, world};
use crate::wire::Service;
use crate::world::World;

fn describe(world: &World, operation: &str, table: &str) -> Value {
    get(world, DYNAMODB, operation, &json!({ "TableName": table }))
}

#[test]
fn tables_are_listed_in_pages_of_100_that_follow_one_another() {
    let world = world("calm", Some(250));
    let (mut names, mut sizes, mut start) = (Vec::new(), Vec::new(), Value::Null);
    loop {
        let page =
            get(&world, DYNAMODB, "ListTables", &json!({ "ExclusiveStartTableName": start }));
        let part = page["TableNames"].as_array().unwrap();
        sizes.push(part.len());
        names.extend(part.iter().map(|name| name.as_str().unwrap().to_owned()));
        start = page["LastEvaluatedTableName"].clone();
        if start.is_null() {
            break;
        }
        assert_eq!(Some(&start), part.last());
    }
    assert_eq!(sizes, [100, 100, 50]);
    assert!(names.is_sorted_by(|a, b| a < b));
}

#[test]
fn a_limit_outside_1_to_100_is_refused() {
    let world = world("calm", None);
    for limit in [0, 101, -1] {
        let (name, message) = refused(&world, DYNAMODB, "ListTables", &json!({ "Limit": limit }));
        assert_eq!(name, "ValidationException");
        assert!(message.contains(&format!("Value '{limit}' at 'limit'")), "{message}");
    }
    let page = get(&world, DYNAMODB, "ListTables", &json!({ "Limit": 1 }));
    assert_eq!(page["TableNames"].as_array().unwrap().len(), 1);
}

#[test]
fn a_listing_goes_on_after_a_name_that_is_gone() {
    let world = world("calm", None);
    let all = get(&world, DYNAMODB, "ListTables", &json!({}));
    let first = all["TableNames"][0].as_str().unwrap();
    let start = format!("{first}-gone");
    let page = get(&world, DYNAMODB, "ListTables", &json!({ "ExclusiveStartTableName": start }));
    assert!(
        page["TableNames"]
            .as_array()
            .unwrap()
            .iter()
            .all(|name| name.as_str().unwrap() > start.as_str())
    );
}

#[test]
fn an_unknown_table_is_refused_in_the_words_of_each_operation() {
    let world = world("calm", None);
    let table = [
        (
            "DescribeTable",
            "ResourceNotFoundException",
            "Requested resource not found: Table: nope not found",
        ),
        (
            "DescribeTimeToLive",
            "ResourceNotFoundException",
            "Requested resource not found: Table: nope not found",
        ),
        ("DescribeContinuousBackups", "TableNotFoundException", "Table not found: nope"),
    ];
    for (operation, name, message) in table {
        let error = refused(&world, DYNAMODB, operation, &json!({ "TableName": "nope" }));
        assert_eq!(error, (name.to_owned(), message.to_owned()), "{operation}");
    }
}

#[test]
fn a_name_that_no_table_can_have_is_a_validation_exception() {
    let world = world("calm", None);
    for body in [json!({}), json!({ "TableName": "ab" }), json!({ "TableName": "a b c" })] {
        let (name, _) = refused(&world, DYNAMODB, "DescribeTable", &body);
        assert_eq!(name, "ValidationException", "{body}");
    }
    let (name, _) = refused(&world, DYNAMODB, "DescribeTable", &json!([]));
    assert_eq!(name, "SerializationException");
    let (name, _) = refused(&world, DYNAMODB, "DropTable", &json!({}));
    assert_eq!(name, "UnknownOperationException");
}

#[test]
fn a_table_is_described_by_name_or_arn_with_what_the_fleet_knows() {
    let world = world("incident", None);
    let mut fleet = Fleet::new(&Scenario::named("incident").unwrap(), SEED, None);
    let names = fleet.table_names().to_vec();
    for name in names {
        let state = fleet.table(&name, world.start()).unwrap();
        let table = &describe(&world, "DescribeTable", &name)["Table"];
        let by_arn =
            &describe(&world, "DescribeTable", table["TableArn"].as_str().unwrap())["Table"];
        assert_eq!(table, by_arn);
        assert_eq!(table["TableName"], name.as_str());
        assert_eq!(table["CreationDateTime"], json!(state.created));
        let indexes = table["GlobalSecondaryIndexes"].as_array().map_or(0, Vec::len);
        assert_eq!(indexes, state.indexes.len());
        let on_demand = table["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST";
        let read = table["ProvisionedThroughput"]["ReadCapacityUnits"].as_u64().unwrap();
        match state.throughput.billing {
            Billing::Provisioned { read: units, .. } => {
                assert_eq!((on_demand, read), (false, units), "{name}");
            }
            Billing::OnDemand { max_read, max_write } => {
                assert_eq!((on_demand, read), (true, 0), "{name}");
                let expected = match (max_read, max_write) {
                    (None, None) => Value::Null,
                    (Some(read), None) => json!({ "MaxReadRequestUnits": read }),
                    (None, Some(write)) => json!({ "MaxWriteRequestUnits": write }),
                    (read, write) => json!({
                        "MaxReadRequestUnits": read,
                        "MaxWriteRequestUnits": write,
                    }),
                };
                assert_eq!(table["OnDemandThroughput"], expected, "{name}");
            }
        }
        let time_to_live = describe(&world, "DescribeTimeToLive", &name);
        let attribute = time_to_live["TimeToLiveDescription"]["AttributeName"].as_str();
        assert_eq!(attribute, state.ttl_attribute.as_deref());
        let backups = describe(&world, "DescribeContinuousBackups", &name);
        let recovery = &backups["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"];
        let enabled = recovery["PointInTimeRecoveryStatus"] == "ENABLED";
        assert_eq!(enabled, state.point_in_time_recovery);
    }
}

#[test]
fn limits_are_those_of_the_account() {
    let world = world("calm", None);
    let limits = get(&world, DYNAMODB, "DescribeLimits", &json!({}));
    assert_eq!(limits["AccountMaxReadCapacityUnits"], world.account().account_max.0);
    assert_eq!(limits["TableMaxWriteCapacityUnits"], world.account().table_max.1);
}

#[test]
fn a_denial_names_the_action_and_the_table() {
    let world = world("calm", None);
    let fault = Fault::on(Service::DynamoDb, Effect::Deny);
    world.faults().inject(fault);
    let (status, document) =
        ask(&world, DYNAMODB, "DescribeTable", &json!({ "TableName": "orders" }));
    let message = document["Message"].as_str().unwrap();
    assert_eq!(status, 400);
    assert!(message.contains(
        "is not authorized to perform: dynamodb:DescribeTable on resource: arn:aws:dynamodb:"
    ));
    assert!(message.contains(":table/orders because no identity-based policy allows"), "{message}");
}
