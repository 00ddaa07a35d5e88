use serde_json::{Value, json};

use crate::testing::{AUTOSCALING, get, refused, world};
use crate::world::World;

/// Reads all pages of an operation; returns its items and the sizes of the pages.
fn all(world: &World, operation: &str, list: &str, filter: &Value) -> (Vec<Value>, Vec<usize>) {
    let (mut items, mut sizes) = (Vec::new(), Vec::new());
    let mut body = filter.clone();
    body["ServiceNamespace"] = json!("dynamodb");
    loop {
        let page = get(world, AUTOSCALING, operation, &body);
        let part = page[list].as_array().unwrap();
        sizes.push(part.len());
        items.extend(part.iter().cloned());
        if page["NextToken"].is_null() {
            return (items, sizes);
        }
        body["NextToken"] = page["NextToken"].clone();
    }
}

fn targets(world: &World, filter: &Value) -> Vec<Value> {
    all(world, "DescribeScalableTargets", "ScalableTargets", filter).0
}

#[test]
fn targets_come_in_pages_of_the_size_asked_for() {
    let world = world("incident", None);
    let (whole, _) = all(&world, "DescribeScalableTargets", "ScalableTargets", &json!({}));
    let (parts, sizes) =
        all(&world, "DescribeScalableTargets", "ScalableTargets", &json!({ "MaxResults": 2 }));
    assert_eq!(whole, parts);
    assert!(whole.len() > 4 && sizes.iter().rev().skip(1).all(|size| *size == 2), "{sizes:?}");
}

#[test]
fn filters_narrow_to_the_resource_dimension_and_policy() {
    let world = world("incident", None);
    let first = targets(&world, &json!({}))[0].clone();
    let (resource, dimension) = (&first["ResourceId"], &first["ScalableDimension"]);
    let one = json!({ "ResourceIds": [resource], "ScalableDimension": dimension });
    assert_eq!(targets(&world, &one), std::slice::from_ref(&first));
    assert!(targets(&world, &json!({ "ResourceIds": ["table/nope"] })).is_empty());
    assert_eq!(targets(&world, &json!({ "ResourceIds": [] })), targets(&world, &json!({})));

    let filter = json!({ "ResourceId": resource, "ScalableDimension": dimension });
    let (policies, _) = all(&world, "DescribeScalingPolicies", "ScalingPolicies", &filter);
    let name = &policies[0]["PolicyName"];
    assert_eq!(policies.len(), 1);
    let named = json!({ "PolicyNames": [name], "ResourceId": resource });
    let (by_name, _) = all(&world, "DescribeScalingPolicies", "ScalingPolicies", &named);
    assert_eq!(by_name, policies);
}

#[test]
fn each_target_has_a_target_tracking_policy_with_its_alarms() {
    let world = world("incident", None);
    let (policies, _) = all(&world, "DescribeScalingPolicies", "ScalingPolicies", &json!({}));
    assert_eq!(policies.len(), targets(&world, &json!({})).len());
    for policy in policies {
        let configuration = &policy["TargetTrackingScalingPolicyConfiguration"];
        let metric =
            configuration["PredefinedMetricSpecification"]["PredefinedMetricType"].as_str();
        let dimension = policy["ScalableDimension"].as_str().unwrap();
        assert_eq!(metric.unwrap().contains("Read"), dimension.contains("Read"));
        let prefix = format!("TargetTracking-{}-", policy["ResourceId"].as_str().unwrap());
        for alarm in policy["Alarms"].as_array().unwrap() {
            assert!(alarm["AlarmName"].as_str().unwrap().starts_with(&prefix), "{alarm}");
        }
    }
}

#[test]
fn decisions_not_to_scale_are_given_only_when_asked_for() {
    let world = world("at-max", None);
    let of =
        |filter: Value| all(&world, "DescribeScalingActivities", "ScalingActivities", &filter).0;
    let is_decision = |activity: &Value| activity["NotScaledReasons"].is_array();
    assert!(!of(json!({})).iter().any(is_decision));
    let asked = of(json!({ "IncludeNotScaledActivities": true }));
    let reasons: Vec<_> = asked.iter().filter(|activity| is_decision(activity)).collect();
    assert!(!reasons.is_empty());
    assert_eq!(reasons[0]["NotScaledReasons"][0]["Code"], "AlreadyAtMaxCapacity");
}

#[test]
fn a_bad_request_is_refused_with_its_reason() {
    let world = world("incident", None);
    let names: Vec<String> = (0..51).map(|i| format!("table/t{i}")).collect();
    let table = [
        (json!({}), "ValidationException", "serviceNamespace"),
        (
            json!({ "ServiceNamespace": "dax" }),
            "ValidationException",
            "'dax' at 'serviceNamespace'",
        ),
        (
            json!({ "ServiceNamespace": "dynamodb", "MaxResults": 51 }),
            "ValidationException",
            "maxResults",
        ),
        (
            json!({ "ServiceNamespace": "dynamodb", "MaxResults": 0 }),
            "ValidationException",
            "maxResults",
        ),
        (
            json!({ "ServiceNamespace": "dynamodb", "ResourceIds": names }),
            "ValidationException",
            "resourceIds",
        ),
        (
            json!({ "ServiceNamespace": "dynamodb", "ScalableDimension": "x" }),
            "ValidationException",
            "scalableDimension",
        ),
        (
            json!({
                "ServiceNamespace": "dynamodb",
                "ScalableDimension": "dynamodb:table:ReadCapacityUnits",
            }),
            "ValidationException",
            "you must also specify a resource ID",
        ),
        (
            json!({ "ServiceNamespace": "dynamodb", "NextToken": "x" }),
            "InvalidNextTokenException",
            "next token",
        ),
    ];
    for (body, name, part) in table {
        let (found, message) = refused(&world, AUTOSCALING, "DescribeScalableTargets", &body);
        assert_eq!(found, name, "{body}");
        assert!(message.contains(part), "{message}");
    }
}

#[test]
fn another_service_has_nothing_that_scales() {
    let world = world("incident", None);
    let body = json!({ "ServiceNamespace": "ecs" });
    let reply = get(&world, AUTOSCALING, "DescribeScalableTargets", &body);
    assert_eq!(reply, json!({ "ScalableTargets": [] }));
    let reply = get(&world, AUTOSCALING, "DescribeScalingActivities", &body);
    assert_eq!(reply, json!({ "ScalingActivities": [] }));
}

#[test]
fn scheduled_actions_are_listed_with_their_target() {
    let world = world("incident", None);
    let (actions, _) = all(&world, "DescribeScheduledActions", "ScheduledActions", &json!({}));
    let targets = targets(&world, &json!({}));
    for action in &actions {
        assert!(targets.iter().any(|target| target["ResourceId"] == action["ResourceId"]));
        assert!(action["Schedule"].as_str().unwrap().ends_with(')'), "{action}");
    }
}
