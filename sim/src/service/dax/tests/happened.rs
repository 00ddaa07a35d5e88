//! Events and parameter groups.

use super::*;
use crate::fault::{Effect, Fault};
use crate::testing::{ask, call, get_at};
use crate::wire::Service;

/// A cluster with a group of its own, a node that is lost, and a time to live that is changed.
fn eventful() -> World {
    world_of(
        "[[dax]]\nname = 'Cache'\nnode_type = 'dax.r5.large'\nparameter_group = 'Own'\nage_hours = 100
         query_ttl_millis = 60_000
         nodes = [{ zone = 'us-east-1a' }, { zone = 'us-east-1b' }]
         [[dax.event]]\nat = -90\nkind = 'node-lost'\nnode = 'b'\nlasts = 20
         [[dax.event]]\nat = -30\nkind = 'time-to-live'\nrecord_ttl_millis = 9_000
         [[dax]]\nname = 'other'\nnode_type = 'dax.r5.large'\nage_hours = 10
         nodes = [{ zone = 'us-east-1a' }]",
    )
}

/// The messages of the events that are found, newest first.
fn messages(world: &World, body: &Value) -> Vec<String> {
    let found = get(world, DAX, "DescribeEvents", body);
    let events = found["Events"].as_array().unwrap().clone();
    events.iter().map(|event| event["Message"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn events_of_a_day_are_told_newest_first() {
    let world = eventful();
    let found = get(&world, DAX, "DescribeEvents", &json!({}));
    let events = found["Events"].as_array().unwrap();
    let told = [
        ("Own", "PARAMETER_GROUP", "Updated parameter record-ttl-millis to 9000."),
        ("cache", "CLUSTER", "Finished recovery for node cache-b."),
        ("cache", "CLUSTER", "Recovering node cache-b."),
        ("other", "CLUSTER", "Cluster created."),
    ];
    let seen: Vec<_> = events
        .iter()
        .map(|event| {
            let of = |name: &str| event[name].as_str().unwrap();
            (of("SourceName"), of("SourceType"), of("Message"))
        })
        .collect();
    assert_eq!(seen, told);
    let dates: Vec<f64> = events.iter().map(|event| event["Date"].as_f64().unwrap()).collect();
    assert!(dates.is_sorted_by(|newer, older| newer > older), "{dates:?}");
    let start = world.start();
    assert!((start - 1_800.0..start - 1_740.0).contains(&dates[0]), "in its minute");
}

#[test]
fn events_are_narrowed_by_source_and_time() {
    let (world, start) = (eventful(), eventful().start());
    let lost = "Recovering node cache-b.";
    let (updated, back) =
        ("Updated parameter record-ttl-millis to 9000.", "Finished recovery for node cache-b.");
    let made = "Cluster created.";
    let table = [
        (json!({ "SourceName": "CACHE" }), vec![back, lost]),
        (json!({ "SourceType": "PARAMETER_GROUP" }), vec![updated]),
        (json!({ "SourceType": "SUBNET_GROUP" }), vec![]),
        (json!({ "SourceName": "other", "SourceType": "CLUSTER" }), vec![made]),
        (json!({ "Duration": 60 }), vec![updated]),
        (json!({ "EndTime": start - 3_600.0 }), vec![back, lost, made]),
        (json!({ "EndTime": start - 3_600.0, "Duration": 25 }), vec![back]),
        (json!({ "StartTime": start - 5_400.0, "Duration": 5 }), vec![lost]),
        (json!({ "Duration": 14 * 1_440 }), vec![updated, back, lost, made, made]),
    ];
    for (body, expected) in table {
        assert_eq!(messages(&world, &body), expected, "{body}");
    }
    let later = get_at(&world, (DAX, "DescribeEvents"), &json!({}), -2_400.0);
    assert_eq!(later["Events"][0]["Message"], back, "nothing of what is to come");
}

#[test]
fn events_come_in_pages() {
    let again = |number: i64| format!("[[dax.event]]\nat = {}\nkind = 'recreated'\n", -20 * number);
    let world = world_of(&format!(
        "[[dax]]\nname = 'cache'\nnode_type = 'dax.r5.large'\nage_hours = 2_000
         nodes = [{{ zone = 'us-east-1a' }}]\n{}",
        (1..=30).map(again).collect::<String>()
    ));
    let (mut sizes, mut body) = (Vec::new(), json!({ "MaxResults": 25 }));
    loop {
        let page = get(&world, DAX, "DescribeEvents", &body);
        sizes.push(page["Events"].as_array().unwrap().len());
        if page["NextToken"].is_null() {
            break;
        }
        body["NextToken"] = page["NextToken"].clone();
    }
    assert_eq!(sizes, [25, 25, 10], "sixty, deleted and created thirty times");
}

#[test]
fn parameter_groups_are_listed_and_say_what_holds() {
    let world = eventful();
    let groups = get(&world, DAX, "DescribeParameterGroups", &json!({}));
    let names: Vec<_> = groups["ParameterGroups"]
        .as_array()
        .unwrap()
        .iter()
        .map(|group| group["ParameterGroupName"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["Own", "default.dax1.0"]);
    let one = json!({ "ParameterGroupNames": ["default.dax1.0"] });
    let found = get(&world, DAX, "DescribeParameterGroups", &one);
    assert_eq!(found["ParameterGroups"].as_array().unwrap().len(), 1);

    let values = |group: &str, after: f64| {
        let body = json!({ "ParameterGroupName": group });
        let found = get_at(&world, (DAX, "DescribeParameters"), &body, after);
        let parameters = found["Parameters"].as_array().unwrap().clone();
        let value = |parameter: &Value| {
            let of = |name: &str| parameter[name].as_str().unwrap().to_owned();
            assert_eq!((of("AllowedValues"), of("ChangeType")), ("0-".into(), "IMMEDIATE".into()));
            assert_eq!((of("IsModifiable"), of("DataType")), ("TRUE".into(), "integer".into()));
            (of("ParameterName"), of("ParameterValue"))
        };
        parameters.iter().map(value).collect::<Vec<_>>()
    };
    let both = |query: &str, record: &str| {
        let parameter = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        vec![parameter("query-ttl-millis", query), parameter("record-ttl-millis", record)]
    };
    assert_eq!(values("default.dax1.0", 0.0), both("300000", "300000"));
    assert_eq!(values("Own", -1_801.0), both("60000", "300000"));
    assert_eq!(values("Own", 0.0), both("60000", "9000"));
    let of_system = json!({ "ParameterGroupName": "Own", "Source": "system" });
    let found = get(&world, DAX, "DescribeParameters", &of_system);
    assert_eq!(found, json!({ "Parameters": [] }));
}

#[test]
fn a_bad_question_about_what_happened_is_refused() {
    let (world, start) = (eventful(), eventful().start());
    let value = "InvalidParameterValueException";
    let both = json!({ "StartTime": start - 60.0, "EndTime": start, "Duration": 1 });
    let events = [
        (json!({ "SourceType": "NODE" }), value),
        (json!({ "MaxResults": 5 }), value),
        (json!({ "NextToken": "x" }), value),
        (json!({ "Duration": 14 * 1_440 + 1 }), value),
        (json!({ "StartTime": start, "EndTime": start - 60.0 }), value),
        (json!({ "StartTime": start - 15.0 * 86_400.0 }), value),
        (both, "InvalidParameterCombinationException"),
    ];
    for (body, expected) in events {
        assert_eq!(refused(&world, DAX, "DescribeEvents", &body).0, expected, "{body}");
    }
    let unknown = "ParameterGroupNotFoundFault";
    let of_group = json!({ "ParameterGroupName": "own" });
    assert_eq!(refused(&world, DAX, "DescribeParameters", &of_group).0, unknown, "case counts");
    assert_eq!(refused(&world, DAX, "DescribeParameters", &json!({})).0, value);
    let groups = json!({ "ParameterGroupNames": ["Own", "nope"] });
    assert_eq!(refused(&world, DAX, "DescribeParameterGroups", &groups).0, unknown);
}

#[test]
fn each_operation_can_be_denied_throttled_and_lost() {
    for operation in ["DescribeEvents", "DescribeParameterGroups", "DescribeParameters"] {
        for (effect, expected) in
            [(Effect::Deny, "AccessDeniedException"), (Effect::Throttle, "ThrottlingException")]
        {
            let world = eventful();
            world.faults().inject(Fault::on(Service::Dax, effect).operation(operation));
            let body = json!({ "ParameterGroupName": "Own" });
            let (_, document) = ask(&world, DAX, operation, &body);
            assert_eq!(document["__type"], expected, "{operation}");
            assert_eq!(ask(&world, DAX, "DescribeClusters", &json!({})).0, 200);
        }
        let world = eventful();
        world.faults().inject(Fault::on(Service::Dax, Effect::Silence).operation(operation));
        let reply = call(&world, (DAX, operation), &json!({}), 0.0);
        assert_eq!(reply.timing, crate::wire::Timing::Silence, "{operation}");
    }
}

#[test]
fn a_cluster_is_described_as_it_is_at_that_moment() {
    let world = eventful();
    let at = |minutes: f64| {
        let body = json!({ "ClusterNames": ["cache"] });
        get_at(&world, (DAX, "DescribeClusters"), &body, minutes * 60.0)["Clusters"][0].clone()
    };
    let counts = |cluster: &Value| (cluster["TotalNodes"].clone(), cluster["ActiveNodes"].clone());
    assert_eq!(counts(&at(-91.0)), (json!(2), json!(2)));
    let lost = at(-85.0);
    assert_eq!(counts(&lost), (json!(2), json!(1)));
    assert_eq!(
        (&lost["Status"], &lost["Nodes"][1]["NodeStatus"]),
        (&json!("available"), &json!("failed"))
    );
    let building = at(-73.0);
    assert_eq!(building["Status"], "modifying");
    let coming = json!({ "NodeId": "cache-b", "NodeStatus": "creating" });
    assert_eq!(building["Nodes"][1], coming);
    let back = at(0.0);
    assert_eq!(counts(&back), (json!(2), json!(2)));
    let created = |node: usize| back["Nodes"][node]["NodeCreateTime"].as_f64().unwrap();
    assert!((created(1) - (world.start() - 4_200.0)).abs() < 1.0);
    assert!(created(0) < created(1));
    assert_eq!(back["ParameterGroup"]["ParameterApplyStatus"], "in-sync");
    assert_eq!(back["ParameterGroup"]["NodeIdsToReboot"], json!([]));
}

#[test]
fn a_parameter_that_needs_a_reboot_is_pending_until_each_node_has_had_one() {
    let world = world_of(
        "[[dax]]\nname = 'cache'\nnode_type = 'dax.r5.large'\nparameter_group = 'own'
         nodes = [{ zone = 'us-east-1a' }, { zone = 'us-east-1b' }]
         [[dax.event]]\nat = -60\nkind = 'node-rebooted'\nnode = 'b'
         [[dax.event]]\nat = -30\nkind = 'time-to-live'\nrecord_ttl_millis = 9_000\nneeds_reboot = true
         [[dax.event]]\nat = -20\nkind = 'node-rebooted'\nnode = 'a'
         [[dax.event]]\nat = -10\nkind = 'node-lost'\nnode = 'b'\nlasts = 6",
    );
    let applied = |minutes: f64| {
        let found = get_at(&world, (DAX, "DescribeClusters"), &json!({}), minutes * 60.0);
        let cluster = &found["Clusters"][0];
        let group = &cluster["ParameterGroup"];
        let node = |place: usize| cluster["Nodes"][place]["ParameterGroupStatus"].clone();
        let status = group["ParameterApplyStatus"].as_str().unwrap().to_owned();
        (status, group["NodeIdsToReboot"].clone(), [node(0), node(1)])
    };
    let (waits, done) = ("pending-reboot", "in-sync");
    for (minutes, status, to_reboot, nodes) in [
        (-31.0, done, json!([]), [done, done]),
        (-30.0, waits, json!(["cache-a", "cache-b"]), [waits, waits]),
        (-17.0, waits, json!(["cache-a", "cache-b"]), [waits, waits]),
        (-16.0, waits, json!(["cache-b"]), [done, waits]),
        (-4.0, done, json!([]), [done, done]),
    ] {
        let nodes = nodes.map(Value::from);
        assert_eq!(applied(minutes), (status.to_owned(), to_reboot, nodes), "{minutes}");
    }
    let body = json!({ "ParameterGroupName": "own" });
    let found = get(&world, DAX, "DescribeParameters", &body);
    let record = &found["Parameters"][1];
    assert_eq!(
        (&record["ParameterValue"], &record["ChangeType"]),
        (&json!("9000"), &json!("REQUIRES_REBOOT"))
    );
}

#[test]
fn alarms_can_be_set_on_metrics_of_dax() {
    let world = world_of(
        "[[dax]]\nname = 'cache'\nnode_type = 'dax.r5.large'\nnodes = [{ zone = 'us-east-1a' }]
         [[table]]\nname = 'ttt'\n[[table.traffic]]\noperation = 'GetItem'\nrate = 1_000
         dax = { cluster = 'cache', distinct = 10 }
         [[table.traffic]]\noperation = 'GetItem'\nrate = 90_000\nfrom = -20\ndax = { cluster = 'cache', distinct = 10 }
         [[alarm]]\nname = 'cpu'\nnamespace = 'AWS/DAX'\nmetric = 'CPUUtilization'\nstatistic = 'Maximum'
         dimensions = { ClusterId = 'cache' }\nevaluation_periods = 5\nthreshold = 80\nunit = 'Percent'
         [[alarm]]\nname = 'faults'\nnamespace = 'AWS/DAX'\nmetric = 'FaultRequestCount'
         dimensions = { ClusterId = 'cache' }\nevaluation_periods = 5\nthreshold = 0",
    );
    let found = get(&world, crate::testing::CLOUDWATCH, "DescribeAlarms", &json!({}));
    let states: Vec<_> = found["MetricAlarms"]
        .as_array()
        .unwrap()
        .iter()
        .map(|alarm| (alarm["AlarmName"].as_str().unwrap(), alarm["StateValue"].as_str().unwrap()))
        .collect();
    assert_eq!(states, [("cpu", "ALARM"), ("faults", "INSUFFICIENT_DATA")]);
}
