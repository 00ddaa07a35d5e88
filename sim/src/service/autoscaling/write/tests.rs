use serde_json::{Value, json};

use crate::fault::{Effect, Fault};
use crate::testing::{
    AUTOSCALING, CLOUDWATCH, DYNAMODB, call, get, get_at, refused, refused_at, world,
};
use crate::wire::Service;
use crate::world::World;

const REGISTER: (&str, &str) = (AUTOSCALING, "RegisterScalableTarget");
const PUT: (&str, &str) = (AUTOSCALING, "PutScalingPolicy");

/// The request's members that mean the writes of `inventory`, with others.
fn inventory(more: &Value) -> Value {
    of("table/inventory", "dynamodb:table:WriteCapacityUnits", more)
}

fn of(resource: &str, dimension: &str, more: &Value) -> Value {
    let mut body = json!({
        "ServiceNamespace": "dynamodb",
        "ResourceId": resource,
        "ScalableDimension": dimension,
    });
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

fn target(world: &World, resource: &str, dimension: &str, after: f64) -> Value {
    let body = json!({
        "ServiceNamespace": "dynamodb", "ResourceIds": [resource], "ScalableDimension": dimension,
    });
    get_at(world, (AUTOSCALING, "DescribeScalableTargets"), &body, after)["ScalableTargets"][0]
        .clone()
}

fn inventory_target(world: &World, after: f64) -> Value {
    target(world, "table/inventory", "dynamodb:table:WriteCapacityUnits", after)
}

fn policy(world: &World, after: f64) -> Value {
    let body = inventory(&json!({}));
    get_at(world, (AUTOSCALING, "DescribeScalingPolicies"), &body, after)["ScalingPolicies"][0]
        .clone()
}

/// The newest activity of a resource.
fn activity(world: &World, resource: &str, after: f64) -> Value {
    let body = json!({ "ServiceNamespace": "dynamodb", "ResourceId": resource });
    let all = get_at(world, (AUTOSCALING, "DescribeScalingActivities"), &body, after);
    all["ScalingActivities"][0].clone()
}

/// Status and write capacity of a table.
fn table(world: &World, name: &str, after: f64) -> (String, u64) {
    let body = json!({ "TableName": name });
    let table = &get_at(world, (DYNAMODB, "DescribeTable"), &body, after)["Table"];
    let units = table["ProvisionedThroughput"]["WriteCapacityUnits"].as_u64().unwrap();
    (table["TableStatus"].as_str().unwrap().to_owned(), units)
}

#[test]
fn a_raised_minimum_updates_the_table_within_seconds_and_is_done_in_half_a_minute() {
    let world = world("at-max", None);
    let still = json!({
        "MinCapacity": 400, "MaxCapacity": 900,
        "SuspendedState": { "DynamicScalingInSuspended": true, "DynamicScalingOutSuspended": true },
    });
    let reply = get(&world, REGISTER.0, REGISTER.1, &inventory(&still));
    assert_eq!(reply["ScalableTargetARN"], inventory_target(&world, 0.0)["ScalableTargetARN"]);
    assert_eq!(
        table(&world, "inventory", 0.0),
        ("ACTIVE".into(), 400),
        "inside the bounds already"
    );

    get_at(&world, REGISTER, &inventory(&json!({ "MinCapacity": 700 })), 60.0);
    assert_eq!(table(&world, "inventory", 61.0), ("ACTIVE".into(), 400));
    assert_eq!(table(&world, "inventory", 64.5), ("UPDATING".into(), 400));
    let under_way = activity(&world, "table/inventory", 70.0);
    assert_eq!(under_way["Cause"], "minimum capacity was set to 700");
    assert_eq!(under_way["Description"], "Setting write capacity units to 700.");
    assert_eq!(
        (&under_way["StatusCode"], &under_way["EndTime"]),
        (&json!("InProgress"), &Value::Null)
    );
    assert_eq!(table(&world, "inventory", 93.5), ("ACTIVE".into(), 700));
    assert_eq!(activity(&world, "table/inventory", 93.5)["StatusCode"], "Successful");
}

#[test]
fn members_that_are_not_sent_stay_and_those_that_are_sent_change() {
    let world = world("at-max", None);
    let target = || {
        let target = inventory_target(&world, 0.0);
        let suspended = &target["SuspendedState"];
        let flags = [
            "DynamicScalingInSuspended",
            "DynamicScalingOutSuspended",
            "ScheduledScalingSuspended",
        ];
        let flags = flags.map(|flag| suspended[flag].as_bool().unwrap());
        (target["MinCapacity"].as_u64().unwrap(), target["MaxCapacity"].as_u64().unwrap(), flags)
    };
    let register = |more: Value| get(&world, REGISTER.0, REGISTER.1, &inventory(&more));
    assert_eq!(target(), (100, 400, [false; 3]));
    register(json!({ "MaxCapacity": 800 }));
    register(json!({ "SuspendedState": { "DynamicScalingInSuspended": true } }));
    assert_eq!(target(), (100, 800, [true, false, false]));
    register(json!({ "MinCapacity": 90, "SuspendedState": {
        "DynamicScalingInSuspended": false, "DynamicScalingOutSuspended": true, "ScheduledScalingSuspended": true,
    } }));
    assert_eq!(target(), (90, 800, [false, true, true]));
    register(json!({}));
    assert_eq!(target(), (90, 800, [false, true, true]));
}

#[test]
fn a_new_target_needs_both_bounds_and_has_no_policy_until_one_is_put() {
    let world = world("under-provisioned", None);
    let invoices = |more| of("table/invoices", "dynamodb:table:WriteCapacityUnits", &more);
    let (name, message) =
        refused(&world, REGISTER.0, REGISTER.1, &invoices(json!({ "MinCapacity": 150 })));
    assert_eq!(name, "ValidationException");
    assert!(message.contains("required to register"), "{message}");
    let bounds = json!({ "MinCapacity": 150, "MaxCapacity": 900 });
    get_at(&world, REGISTER, &invoices(bounds), 5.0);
    let target = target(&world, "table/invoices", "dynamodb:table:WriteCapacityUnits", 5.0);
    assert_eq!(target["CreationTime"], json!(world.start() + 5.0));
    let body = invoices(json!({}));
    let policies = || get_at(&world, (AUTOSCALING, "DescribeScalingPolicies"), &body, 9.0);
    assert_eq!(policies(), json!({ "ScalingPolicies": [] }));
    // Nothing follows the load before a policy does.
    assert_eq!(table(&world, "invoices", 600.0), ("ACTIVE".into(), 150));
    let configuration = json!({
        "TargetValue": 70, "PredefinedMetricSpecification": {
            "PredefinedMetricType": "DynamoDBWriteCapacityUtilization" } });
    let put = invoices(json!({ "PolicyName": "mine", "PolicyType": "TargetTrackingScaling",
        "TargetTrackingScalingPolicyConfiguration": configuration }));
    let reply = get_at(&world, PUT, &put, 600.0);
    let policy = &policies()["ScalingPolicies"][0];
    assert_eq!((&reply["PolicyARN"], &reply["Alarms"]), (&policy["PolicyARN"], &policy["Alarms"]));
    assert_eq!(reply["Alarms"].as_array().unwrap().len(), 4);
    let (status, units) = table(&world, "invoices", 900.0);
    assert!(status == "ACTIVE" && units > 300, "{status} {units}");
    let cause = activity(&world, "table/invoices", 900.0)["Cause"].to_string();
    assert!(cause.contains("AlarmHigh") && cause.contains("triggered policy mine"), "{cause}");
}

/// A policy of `inventory` under the name that it has.
fn put(world: &World, configuration: &Value, more: &Value) -> Value {
    let name = policy(world, 0.0)["PolicyName"].clone();
    let mut body = inventory(&json!({
        "PolicyName": name,
        "PolicyType": "TargetTrackingScaling",
        "TargetTrackingScalingPolicyConfiguration": configuration,
    }));
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

fn metric() -> Value {
    json!({ "PredefinedMetricType": "DynamoDBWriteCapacityUtilization" })
}

#[test]
fn a_put_policy_replaces_all_that_the_one_of_its_name_said() {
    let world = world("at-max", None);
    let configuration =
        |world| policy(world, 0.0)["TargetTrackingScalingPolicyConfiguration"].clone();
    let alarms = policy(&world, 0.0)["Alarms"].clone();
    let whole = json!({
        "TargetValue": 42.5, "PredefinedMetricSpecification": metric(), "ScaleInCooldown": 120,
        "ScaleOutCooldown": -1, "DisableScaleIn": true,
    });
    let reply = get(&world, PUT.0, PUT.1, &put(&world, &whole, &json!({})));
    assert_eq!(configuration(&world), whole);
    assert_eq!(reply["Alarms"], alarms, "the names of the alarms stay");
    let bare = json!({ "TargetValue": 42.5, "PredefinedMetricSpecification": metric() });
    get(&world, PUT.0, PUT.1, &put(&world, &bare, &json!({})));
    assert_eq!(configuration(&world), bare, "cooldowns and DisableScaleIn are gone");
}

#[test]
fn scaling_follows_the_new_target_value() {
    // 900 reads of half a unit at 70 % are about 640 units; at 35 % they are about twice that.
    let world = world("at-max", None);
    let read = |more| of("table/inventory", "dynamodb:table:ReadCapacityUnits", &more);
    let units = |after| {
        let body = json!({ "TableName": "inventory" });
        let table = get_at(&world, (DYNAMODB, "DescribeTable"), &body, after);
        table["Table"]["ProvisionedThroughput"]["ReadCapacityUnits"].as_u64().unwrap()
    };
    let before = units(0.0);
    let body = read(json!({}));
    let policies = get(&world, AUTOSCALING, "DescribeScalingPolicies", &body);
    let name = &policies["ScalingPolicies"][0]["PolicyName"];
    let configuration = json!({ "TargetValue": 35, "PredefinedMetricSpecification": {
        "PredefinedMetricType": "DynamoDBReadCapacityUtilization" } });
    get(
        &world,
        PUT.0,
        PUT.1,
        &read(json!({ "PolicyName": name, "PolicyType": "TargetTrackingScaling",
        "TargetTrackingScalingPolicyConfiguration": configuration })),
    );
    let after = units(300.0);
    assert!(after > before * 3 / 2, "{before}, {after}");
}

#[test]
fn what_is_wrong_with_a_registration_is_said_as_aws_says_it() {
    let world = world("incident", None);
    let write = "dynamodb:table:WriteCapacityUnits";
    let inventory = |more| of("table/inventory", write, &more);
    let unsupported = "Unsupported service namespace, resource type or scalable dimension";
    let table = [
        (json!({}), "Value null at 'serviceNamespace'"),
        (json!({ "ServiceNamespace": "dynamodb" }), "Value null at 'resourceId'"),
        (
            json!({ "ServiceNamespace": "dynamodb", "ResourceId": "table/inventory" }),
            "Value null at 'scalableDimension'",
        ),
        (inventory(json!({ "ServiceNamespace": "dax" })), "Value 'dax' at 'serviceNamespace'"),
        (inventory(json!({ "ServiceNamespace": "ecs" })), unsupported),
        (inventory(json!({ "ScalableDimension": "x" })), "Value 'x' at 'scalableDimension'"),
        (
            inventory(json!({ "ScalableDimension": "dynamodb:index:ReadCapacityUnits" })),
            unsupported,
        ),
        (inventory(json!({ "ResourceId": "inventory" })), unsupported),
        (
            inventory(json!({ "ResourceId": "table/nope", "MinCapacity": 1, "MaxCapacity": 2 })),
            "DynamoDB table does not exist: table/nope",
        ),
        (inventory(json!({ "MinCapacity": 0 })), "Minimum capacity cannot be less than 1"),
        (inventory(json!({ "MaxCapacity": -5 })), "Maximum capacity cannot be less than 1"),
        (
            inventory(json!({ "MinCapacity": 401 })),
            "Maximum capacity cannot be less than minimum capacity",
        ),
        (
            inventory(json!({ "MinCapacity": 9, "MaxCapacity": 8 })),
            "Maximum capacity cannot be less than minimum capacity",
        ),
    ];
    for (body, part) in table {
        let (name, message) = refused(&world, REGISTER.0, REGISTER.1, &body);
        assert_eq!(name, "ValidationException", "{body}");
        assert!(message.contains(part), "{message}");
    }
    let target = target(&world, "table/inventory", write, 0.0);
    assert_eq!((&target["MinCapacity"], &target["MaxCapacity"]), (&json!(100), &json!(400)));
    get(&world, REGISTER.0, REGISTER.1, &inventory(json!({ "MinCapacity": 400 })));
}

#[test]
fn what_is_wrong_with_a_policy_is_said_as_aws_says_it() {
    let world = world("at-max", None);
    let good = json!({ "TargetValue": 50.0, "PredefinedMetricSpecification": metric() });
    let with = |name: &str, value: Value| {
        let mut configuration = good.clone();
        configuration[name] = value;
        put(&world, &configuration, &json!({}))
    };
    let range = "target value must be between '10.0' and '90.0', but was ";
    let table = [
        (with("TargetValue", json!(90.1)), format!("{range}'90.1'.")),
        (with("TargetValue", json!(9)), format!("{range}'9.0'.")),
        (with("TargetValue", Value::Null), "Configuration.targetValue'".to_owned()),
        (with("PredefinedMetricSpecification", Value::Null), "predefinedMetricType'".to_owned()),
        (
            with(
                "PredefinedMetricSpecification",
                json!({ "PredefinedMetricType": "DynamoDBReadCapacityUtilization" }),
            ),
            "does not fit the scalable dimension".to_owned(),
        ),
        (with("CustomizedMetricSpecification", json!({})), "Customized metrics".to_owned()),
        (
            put(&world, &good, &json!({ "PolicyType": "StepScaling" })),
            "TargetTrackingScaling only".to_owned(),
        ),
        (
            put(&world, &good, &json!({ "PolicyName": "another" })),
            "Only one TargetTrackingScaling policy".to_owned(),
        ),
        (put(&world, &good, &json!({ "PolicyName": "" })), "at 'policyName'".to_owned()),
        (put(&world, &Value::Null, &json!({})), "configuration is required".to_owned()),
    ];
    let before = policy(&world, 0.0);
    for (body, part) in table {
        let (name, message) = refused(&world, PUT.0, PUT.1, &body);
        assert_eq!(name, "ValidationException", "{body}");
        assert!(message.contains(&part), "{message}");
    }
    assert_eq!(policy(&world, 0.0), before);
    for bound in [10.0, 90.0] {
        get(&world, PUT.0, PUT.1, &with("TargetValue", json!(bound)));
    }
}

#[test]
fn a_policy_needs_a_registered_target() {
    let world = world("hot-key", None);
    let configuration = json!({ "TargetValue": 50.0, "PredefinedMetricSpecification": metric() });
    let body = of(
        "table/sessions",
        "dynamodb:table:WriteCapacityUnits",
        &json!({
        "PolicyName": "p", "PolicyType": "TargetTrackingScaling",
        "TargetTrackingScalingPolicyConfiguration": configuration }),
    );
    let expected = "No scalable target registered for service namespace: dynamodb, resource ID: \
                    table/sessions, scalable dimension: dynamodb:table:WriteCapacityUnits";
    let error = refused(&world, PUT.0, PUT.1, &body);
    assert_eq!(error, ("ObjectNotFoundException".to_owned(), expected.to_owned()));
}

#[test]
fn a_target_of_an_on_demand_table_is_taken_and_does_nothing() {
    let world = world("on-demand-cap", None);
    let names = get(&world, DYNAMODB, "ListTables", &json!({}));
    let names = names["TableNames"].as_array().unwrap().iter().map(|name| name.as_str().unwrap());
    let is_on_demand = |name: &&str| {
        let table = get(&world, DYNAMODB, "DescribeTable", &json!({ "TableName": name }));
        table["Table"]["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
    };
    let name = names.collect::<Vec<_>>().into_iter().find(is_on_demand).unwrap();
    let resource = format!("table/{name}");
    let body = of(
        &resource,
        "dynamodb:table:WriteCapacityUnits",
        &json!({ "MinCapacity": 5, "MaxCapacity": 10 }),
    );
    get(&world, REGISTER.0, REGISTER.1, &body);
    assert_eq!(activity(&world, &resource, 600.0), Value::Null);
    assert_eq!(table(&world, name, 600.0), ("ACTIVE".into(), 0));
}

#[test]
fn a_caller_without_a_dependent_permission_is_told_which() {
    let configuration = json!({ "TargetValue": 50.0, "PredefinedMetricSpecification": metric() });
    for (service, operation, action) in [
        (Service::DynamoDb, "DescribeTable", "dynamodb:DescribeTable"),
        (Service::DynamoDb, "UpdateTable", "dynamodb:UpdateTable"),
        (Service::CloudWatch, "PutMetricAlarm", "cloudwatch:PutMetricAlarm"),
        (Service::CloudWatch, "DescribeAlarms", "cloudwatch:DescribeAlarms"),
        (Service::CloudWatch, "DeleteAlarms", "cloudwatch:DeleteAlarms"),
    ] {
        let world = world("at-max", None);
        let bodies = [
            (REGISTER, inventory(&json!({ "MinCapacity": 300 }))),
            (PUT, put(&world, &configuration, &json!({}))),
        ];
        let before = (inventory_target(&world, 0.0), policy(&world, 0.0));
        world.faults().inject(Fault::on(service, Effect::Deny).operation(operation));
        for (of, body) in &bodies {
            let error = refused(&world, of.0, of.1, body);
            let expected = format!("User is missing the following permissions: {action}");
            assert_eq!(error, ("ValidationException".to_owned(), expected));
        }
        assert_eq!((inventory_target(&world, 0.0), policy(&world, 0.0)), before);
    }
}

#[test]
fn a_forced_decrease_spends_the_budget_and_fails_when_none_is_left() {
    let world = world("at-max", None);
    for (n, max) in [390, 380, 370, 360].into_iter().enumerate() {
        get_at(&world, REGISTER, &inventory(&json!({ "MaxCapacity": max })), 60.0 * n as f64);
    }
    let decreases = |after| {
        let body = json!({ "TableName": "inventory" });
        let table = get_at(&world, (DYNAMODB, "DescribeTable"), &body, after);
        table["Table"]["ProvisionedThroughput"]["NumberOfDecreasesToday"].as_u64().unwrap()
    };
    let spent = decreases(239.0);
    assert!(spent >= 4, "{spent}");
    assert_eq!(table(&world, "inventory", 239.0), ("ACTIVE".into(), 360));
    get_at(&world, REGISTER, &inventory(&json!({ "MaxCapacity": 300 })), 240.0);
    let failed = activity(&world, "table/inventory", 242.0);
    assert_eq!(
        (&failed["StatusCode"], &failed["Cause"]),
        (&json!("Failed"), &json!("maximum capacity was set to 300"))
    );
    let message = failed["StatusMessage"].as_str().unwrap();
    assert!(message.starts_with("Failed to set write capacity units to 300. Reason: Subscriber limit exceeded: Provisioned"), "{message}");
    assert!(
        message.contains(&format!(
            "Number of decreases today: {spent}. Last decrease at Sunday, November 22, 2026 at 12:0"
        )),
        "{message}"
    );
    assert!(
        message.contains("Next decrease can be made at Sunday, November 22, 2026 at 1:0"),
        "{message}"
    );
    assert_eq!(table(&world, "inventory", 300.0), ("ACTIVE".into(), 360));
    assert_eq!(
        inventory_target(&world, 300.0)["MaxCapacity"],
        300,
        "the bound is set all the same"
    );
}

#[test]
fn a_minimum_above_the_quota_fails_and_says_so() {
    let world = world("at-max", None);
    let body = inventory(&json!({ "MinCapacity": 50_000, "MaxCapacity": 60_000 }));
    get(&world, REGISTER.0, REGISTER.1, &body);
    let failed = activity(&world, "table/inventory", 2.0);
    assert_eq!(failed["StatusCode"], "Failed");
    assert!(
        failed["StatusMessage"].as_str().unwrap().contains("table-level quota (40000)"),
        "{failed}"
    );
    assert_eq!(table(&world, "inventory", 60.0), ("ACTIVE".into(), 400));
}

#[test]
fn faults_strike_before_a_write_and_a_lost_answer_after_it() {
    let min = |world: &World| inventory_target(world, 0.0)["MinCapacity"].as_u64().unwrap();
    let body = inventory(&json!({ "MinCapacity": 300 }));
    let with = |effect| {
        let world = world("at-max", None);
        world.faults().inject(Fault::on(Service::ApplicationAutoscaling, effect).count(1));
        let reply = call(&world, REGISTER, &body, 0.0);
        (world.ledger().last().unwrap().status, reply.status, min(&world))
    };
    let before = [
        (Effect::Throttle, Some(400)),
        (Effect::Deny, Some(400)),
        (Effect::ExpiredCredentials, Some(400)),
        (Effect::Conflict, Some(400)),
        (Effect::ServerError { status: 503, html: false }, Some(503)),
        (Effect::Silence, None),
    ];
    for (effect, status) in before {
        let (found, _, min) = with(effect);
        assert_eq!((found, min), (status, 100), "{effect:?}");
    }
    let after = [
        (Effect::Latency(9.0), Some(200)),
        (Effect::AnswerLost { status: None }, None),
        (Effect::AnswerLost { status: Some(502) }, Some(502)),
    ];
    for (effect, status) in after {
        let (found, _, min) = with(effect);
        assert_eq!((found, min), (status, 300), "{effect:?}");
    }
    let world = world("at-max", None);
    world.faults().inject(Fault::on(Service::ApplicationAutoscaling, Effect::Conflict).count(1));
    assert_eq!(refused_at(&world, REGISTER, &body, 0.0).0, "ConcurrentUpdateException");
}

#[test]
fn the_alarms_of_a_policy_follow_its_target_value_and_a_new_policy_has_its_own() {
    let world = world("at-max", None);
    let thresholds = |names: &Value, after: f64| -> Vec<f64> {
        let names: Vec<&Value> =
            names.as_array().unwrap().iter().map(|alarm| &alarm["AlarmName"]).collect();
        let alarms =
            get_at(&world, (CLOUDWATCH, "DescribeAlarms"), &json!({ "AlarmNames": names }), after);
        let alarms = alarms["MetricAlarms"].as_array().unwrap().clone();
        assert_eq!(alarms.len(), 4);
        alarms.iter().map(|alarm| alarm["Threshold"].as_f64().unwrap()).collect()
    };
    let names = policy(&world, 0.0)["Alarms"].clone();
    // 400 units at 70 % and at 50 %, then at 60 % and at 40 %.
    assert_eq!(thresholds(&names, 0.0)[..2], [16_800.0, 12_000.0]);
    let configuration = json!({ "TargetValue": 60, "PredefinedMetricSpecification": metric() });
    get(&world, PUT.0, PUT.1, &put(&world, &configuration, &json!({})));
    assert_eq!(thresholds(&names, 0.0)[..2], [14_400.0, 9_600.0], "at once");
    assert_eq!(thresholds(&names, 180.0)[..2], [14_400.0, 9_600.0]);

    let levels = |more| of("table/stock-levels", "dynamodb:table:WriteCapacityUnits", &more);
    get(&world, REGISTER.0, REGISTER.1, &levels(json!({ "MinCapacity": 80, "MaxCapacity": 90 })));
    let reply = get_at(
        &world,
        PUT,
        &levels(json!({ "PolicyName": "new", "PolicyType": "TargetTrackingScaling",
        "TargetTrackingScalingPolicyConfiguration": configuration })),
        200.0,
    );
    assert_eq!(thresholds(&reply["Alarms"], 400.0)[..2], [2_880.0, 1_920.0]);
}
