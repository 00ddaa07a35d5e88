//! The AWS SDK's own clients read the simulated AWS in process.

use std::collections::HashMap;
use std::time::Duration;

use aws_sdk_cloudwatch::operation::describe_alarms::DescribeAlarmsOutput;
use aws_sdk_cloudwatch::primitives::DateTime;
use aws_sdk_cloudwatch::types::{
    AlarmType, Dimension, Metric, MetricDataQuery, MetricStat, StateValue, StatusCode,
};
use aws_smithy_runtime_api::client::http::HttpConnector as _;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use ddbtop_sim::fault::{Effect, Fault};
use ddbtop_sim::front::in_process::InProcess;
use ddbtop_sim::wire::Service;
use ddbtop_sim::world::World;

use crate::support::sim::{frozen, sdk_config, world};

fn queries(tables: &[String], metrics: &[&str]) -> Vec<MetricDataQuery> {
    let pairs = tables.iter().flat_map(|table| metrics.iter().map(move |metric| (table, metric)));
    let query = |(index, (table, name)): (usize, (&String, &&str))| {
        let table = Dimension::builder().name("TableName").value(table).build();
        let metric = Metric::builder()
            .namespace("AWS/DynamoDB")
            .metric_name(*name)
            .dimensions(table)
            .build();
        let stat = MetricStat::builder().metric(metric).period(60).stat("Sum").build();
        MetricDataQuery::builder().id(format!("m{index}")).metric_stat(stat).build()
    };
    pairs.enumerate().map(query).collect()
}

async fn table_names(world: &World) -> Vec<String> {
    let client = aws_sdk_dynamodb::Client::new(&sdk_config(world));
    let names = client.list_tables().into_paginator().items().send();
    names.collect::<Result<Vec<_>, _>>().await.unwrap()
}

#[tokio::test]
async fn the_paginator_lists_250_tables_in_three_calls() {
    let world = world("calm", Some(250));
    let names = table_names(&world).await;
    assert_eq!(names.len(), 250);
    let calls: Vec<bool> = world.ledger().iter().map(|call| call.continued).collect();
    assert_eq!(calls, [false, true, true]);
}

#[tokio::test]
async fn five_hundred_metrics_come_in_one_reply_and_in_pages_alike() {
    let world = world("calm", Some(250));
    let names = table_names(&world).await;
    let queries = queries(&names, &["ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits"]);
    let client = aws_sdk_cloudwatch::Client::new(&sdk_config(&world));
    let read = async |most: Option<i32>| {
        let request = client
            .get_metric_data()
            .set_metric_data_queries(Some(queries.clone()))
            .start_time(DateTime::from_secs_f64(world.start() - 3600.0))
            .end_time(DateTime::from_secs_f64(world.start()))
            .set_max_datapoints(most);
        let mut pages = request.into_paginator().send();
        let (mut points, mut count) = (HashMap::<String, Vec<(i64, f64)>>::new(), 0);
        while let Some(page) = pages.next().await {
            count += 1;
            for result in page.unwrap().metric_data_results() {
                let moments = result.timestamps().iter().map(DateTime::secs);
                let of_metric = points.entry(result.id().unwrap().to_owned()).or_default();
                of_metric.extend(moments.zip(result.values().iter().copied()));
                assert!(matches!(
                    result.status_code(),
                    Some(StatusCode::Complete | StatusCode::PartialData)
                ));
            }
        }
        (points, count)
    };
    let (whole, one) = read(None).await;
    assert_eq!((whole.len(), one), (500, 1));
    assert!(whole.values().all(|points| points.len() >= 55), "a dense metric has every minute");
    let (merged, pages) = read(Some(7000)).await;
    assert_eq!((merged, pages), (whole, 5));
}

#[tokio::test]
async fn an_unknown_table_is_the_error_the_sdk_models() {
    let client = aws_sdk_dynamodb::Client::new(&sdk_config(&world("calm", None)));
    let error = client.describe_table().table_name("nope").send().await.unwrap_err();
    assert!(error.as_service_error().unwrap().is_resource_not_found_exception());
    let error = client.describe_continuous_backups().table_name("nope").send().await.unwrap_err();
    assert!(error.as_service_error().unwrap().is_table_not_found_exception());
}

#[tokio::test]
async fn refusals_reach_the_caller_with_their_codes() {
    let table = [
        (Effect::Throttle, "ThrottlingException", "Throttling"),
        (Effect::Deny, "AccessDeniedException", "AccessDenied"),
        (Effect::ExpiredCredentials, "ExpiredTokenException", "ExpiredToken"),
    ];
    for (effect, json_code, query_code) in table {
        let world = world("calm", None);
        world.faults().inject(Fault { service: None, ..Fault::on(Service::DynamoDb, effect) });
        let config = sdk_config(&world);
        let dynamodb = aws_sdk_dynamodb::Client::new(&config).list_tables().send().await;
        assert_eq!(dynamodb.unwrap_err().code(), Some(json_code));
        let scaling = aws_sdk_applicationautoscaling::Client::new(&config)
            .describe_scalable_targets()
            .service_namespace("dynamodb".into())
            .send()
            .await;
        assert_eq!(scaling.unwrap_err().code(), Some(json_code));
        let cloudwatch = aws_sdk_cloudwatch::Client::new(&config).list_metrics().send().await;
        let error = cloudwatch.unwrap_err();
        assert_eq!(error.code(), Some(query_code));
        assert!(error.message().is_some_and(|message| !message.is_empty()), "{error:?}");
        let sts = aws_sdk_sts::Client::new(&config).get_caller_identity().send().await;
        assert_eq!(sts.unwrap_err().code(), Some(query_code));
    }
}

#[tokio::test]
async fn a_bad_query_is_a_validation_error_by_its_query_code() {
    let world = world("calm", None);
    let client = aws_sdk_cloudwatch::Client::new(&sdk_config(&world));
    let expression = MetricDataQuery::builder().id("e1").expression("SUM(METRICS())").build();
    let reply = client
        .get_metric_data()
        .metric_data_queries(expression)
        .start_time(DateTime::from_secs_f64(world.start() - 600.0))
        .end_time(DateTime::from_secs_f64(world.start()))
        .send()
        .await;
    let error = reply.unwrap_err();
    assert_eq!(error.code(), Some("ValidationError"));
    assert!(error.message().unwrap().contains("'e1'"));
}

#[tokio::test]
async fn a_server_error_of_the_way_has_no_code() {
    for html in [false, true] {
        let world = world("calm", None);
        world
            .faults()
            .inject(Fault::on(Service::DynamoDb, Effect::ServerError { status: 503, html }));
        let client = aws_sdk_dynamodb::Client::new(&sdk_config(&world));
        let error = client.list_tables().send().await.unwrap_err();
        assert_eq!((error.code(), error.raw_response().unwrap().status().as_u16()), (None, 503));
    }
}

#[tokio::test(start_paused = true)]
async fn silence_ends_in_the_callers_time_out_and_latency_does_not() {
    let world = world("calm", None);
    let client = aws_sdk_dynamodb::Client::new(&sdk_config(&world));
    world.faults().inject(Fault::on(Service::DynamoDb, Effect::Latency(9.0)).count(1));
    let before = tokio::time::Instant::now();
    client.list_tables().send().await.unwrap();
    assert_eq!(before.elapsed().as_secs(), 9);
    world.faults().inject(Fault::on(Service::DynamoDb, Effect::Silence).count(1));
    let error = client.list_tables().send().await.unwrap_err();
    assert!(matches!(error, SdkError::TimeoutError(_)), "{error:?}");
    assert!(before.elapsed() >= Duration::from_secs(19));
    client.list_tables().send().await.unwrap();
}

#[tokio::test]
async fn the_caller_and_the_scaling_of_the_fleet_are_read() {
    let world = world("incident", None);
    let config = sdk_config(&world);
    let caller = aws_sdk_sts::Client::new(&config).get_caller_identity().send().await.unwrap();
    assert_eq!(caller.account(), Some(world.account().id.as_str()));
    assert_eq!(caller.arn(), Some(world.account().caller_arn.as_str()));
    let client = aws_sdk_applicationautoscaling::Client::new(&config);
    let targets = client
        .describe_scalable_targets()
        .service_namespace("dynamodb".into())
        .max_results(3)
        .into_paginator()
        .items()
        .send();
    let targets = targets.collect::<Result<Vec<_>, _>>().await.unwrap();
    assert!(targets.len() > 3, "{}", targets.len());
    assert!(targets.iter().all(|target| target.min_capacity() <= target.max_capacity()));
}

#[tokio::test]
async fn contributor_insights_are_listed_page_by_page_and_described() {
    let world = world("incident", None);
    let client = aws_sdk_dynamodb::Client::new(&sdk_config(&world));
    let (mut names, mut token) = (Vec::new(), None);
    loop {
        let request = client.list_contributor_insights().max_results(5).set_next_token(token);
        let page = request.send().await.unwrap();
        let summaries = page.contributor_insights_summaries();
        names
            .extend(summaries.iter().filter_map(|summary| summary.index_name()).map(str::to_owned));
        token = page.next_token().map(str::to_owned);
        if token.is_none() {
            break;
        }
    }
    assert_eq!(names, ["GSI2", "by-status", "by-category"]);
    let request = client.describe_contributor_insights().table_name("orders").index_name("GSI2");
    let description = request.send().await.unwrap();
    let rules = description.contributor_insights_rule_list();
    assert!(rules[0].starts_with("DynamoDBContributorInsights-PKT-orders-GSI2-"), "{rules:?}");
    assert!(description.last_update_date_time().is_some());
}

#[tokio::test]
async fn a_rest_request_without_a_body_is_answered_in_process() {
    let world = world("incident", None);
    let mut request = HttpRequest::empty();
    let host = "https://lambda.us-east-1.amazonaws.com";
    request.set_uri(format!("{host}/2015-03-31/event-source-mappings?MaxItems=2")).unwrap();
    request.headers_mut().insert("authorization", "AWS4-HMAC-SHA256");
    let front = InProcess::new(world.clone(), frozen(&world));
    let response = front.call(request).await.unwrap();
    assert_eq!(response.status().as_u16(), 200);
    let body = std::str::from_utf8(response.body().bytes().unwrap()).unwrap();
    assert_eq!(body.matches("\"UUID\"").count(), 2, "{body}");
    assert!(body.contains("NextMarker"), "{body}");
}

#[tokio::test]
async fn alarms_their_history_and_mute_rules_are_read_whole() {
    let world = world("alarm-storm", None);
    let client = aws_sdk_cloudwatch::Client::new(&sdk_config(&world));
    let types = [AlarmType::CompositeAlarm, AlarmType::MetricAlarm];
    let alarms = client.describe_alarms().set_alarm_types(Some(types.to_vec())).max_records(7);
    let pages: Vec<_> = alarms.into_paginator().send().try_collect().await.unwrap();
    let composite: Vec<_> = pages.iter().flat_map(DescribeAlarmsOutput::composite_alarms).collect();
    let metric: Vec<_> = pages.iter().flat_map(DescribeAlarmsOutput::metric_alarms).collect();
    assert_eq!(composite.len(), 2);
    assert_eq!(composite[0].state_value(), Some(&StateValue::Alarm));
    let throttles = "orders-by-customer-write-throttles";
    let alarm = metric.iter().find(|alarm| alarm.alarm_name() == Some(throttles)).unwrap();
    let since = alarm.state_transitioned_timestamp().unwrap().as_secs_f64();
    assert!((world.start() - 1_200.0..world.start()).contains(&since));
    assert_eq!((alarm.dimensions().len(), alarm.threshold()), (2, Some(0.0)));
    let history = client.describe_alarm_history().alarm_name(throttles).into_paginator();
    let items: Vec<_> = history.items().send().try_collect().await.unwrap();
    let newest = items
        .iter()
        .find(|item| item.history_item_type().is_some_and(|kind| kind.as_str() == "StateUpdate"));
    assert_eq!(newest.unwrap().history_summary(), Some("Alarm updated from OK to ALARM"));
    assert!((newest.unwrap().timestamp().unwrap().as_secs_f64() - since).abs() < 1e-3);
    let rules =
        client.list_alarm_mute_rules().alarm_name("orders-import-slow").send().await.unwrap();
    let name = rules.alarm_mute_rule_summaries()[0].alarm_mute_rule_arn().unwrap();
    let name = name.rsplit(':').next().unwrap();
    let rule = client.get_alarm_mute_rule().alarm_mute_rule_name(name).send().await.unwrap();
    assert_eq!(rule.mute_targets().unwrap().alarm_names(), ["orders-import-slow"]);
    let gone = client.get_alarm_mute_rule().alarm_mute_rule_name("gone").send().await.unwrap_err();
    assert!(gone.into_service_error().is_resource_not_found_exception());
}
