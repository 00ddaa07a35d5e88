//! What is sent, how often, and what its end is taken for.

use super::*;
use crate::aws::connect_simulated;
use crate::clock::Clock;
use crate::model::id::Resource;
use crate::model::insights::InsightsMode;
use crate::model::scaling::{ScalingMetric, Suspended, TargetTracking, fixture};
use crate::model::throttle::Direction;
use crate::tune::setting::Mute;
use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_dynamodb::operation::update_table::UpdateTableError;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::error::ErrorMetadata;
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

const ACTION: &str = "dynamodb:UpdateTable";

type Failure = SdkError<UpdateTableError, HttpResponse>;

fn reply(status: u16) -> HttpResponse {
    HttpResponse::new(StatusCode::try_from(status).unwrap(), SdkBody::from("<html>"))
}

fn answered(status: u16, code: Option<&str>) -> Failure {
    let mut meta = ErrorMetadata::builder().message("as AWS says");
    if let Some(code) = code {
        meta = meta.code(code);
    }
    SdkError::service_error(UpdateTableError::generic(meta.build()), reply(status))
}

fn sent_once() -> Attempts {
    let attempts = Attempts::default();
    attempts.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    attempts
}

fn name(sent: &Sent) -> &'static str {
    match sent {
        Sent::Done => "done",
        Sent::Refused(_) => "refused",
        Sent::Unknown(_) => "unknown",
    }
}

#[test]
fn an_error_that_was_answered_is_a_refusal_unless_the_server_itself_failed() {
    for (status, code, expected) in [
        (400, Some("ThrottlingException"), "refused"),
        (429, Some("TooManyRequestsException"), "refused"),
        (400, Some("AccessDeniedException"), "refused"),
        (400, Some("ExpiredTokenException"), "refused"),
        (400, Some("ValidationException"), "refused"),
        (400, Some("LimitExceededException"), "refused"),
        (400, Some("ResourceInUseException"), "refused"),
        (400, Some("ObjectNotFoundException"), "refused"),
        (400, Some("FailedResourceAccessException"), "refused"),
        (400, Some("ConcurrentUpdateException"), "refused"),
        (500, Some("ConcurrentUpdateException"), "refused"),
        (500, Some("InternalServerError"), "unknown"),
        (400, Some("InternalServiceException"), "unknown"),
        (500, Some("InternalServiceException"), "unknown"),
        (503, Some("ServiceUnavailable"), "unknown"),
        (408, Some("RequestTimeout"), "unknown"),
        (500, Some("Whatever"), "unknown"),
        (502, None, "unknown"),
        (504, None, "unknown"),
        (404, None, "unknown"),
        (403, None, "unknown"),
        (429, None, "refused"),
    ] {
        let sent = judged::<(), _>(ACTION, Err(answered(status, code)), &sent_once());
        assert_eq!(name(&sent), expected, "{status} {code:?}");
    }
}

#[test]
fn without_an_answer_nothing_is_known_unless_no_connection_came_about() {
    let refused = io::Error::from(io::ErrorKind::ConnectionRefused);
    let reset = io::Error::from(io::ErrorKind::ConnectionReset);
    let unreachable = io::Error::from(io::ErrorKind::HostUnreachable);
    for (error, expected) in [
        (Failure::timeout_error("operation"), "unknown"),
        (Failure::response_error("not JSON", reply(200)), "unknown"),
        (Failure::construction_failure("no table"), "refused"),
        (Failure::dispatch_failure(ConnectorError::io(refused.into())), "refused"),
        (Failure::dispatch_failure(ConnectorError::io(reset.into())), "unknown"),
        (Failure::dispatch_failure(ConnectorError::io(unreachable.into())), "unknown"),
        (
            Failure::dispatch_failure(ConnectorError::io(ResolveDnsError::new("no host").into())),
            "refused",
        ),
        (
            Failure::dispatch_failure(ConnectorError::timeout(
                "HTTP connect timeout occurred after 3s".into(),
            )),
            "refused",
        ),
        (
            Failure::dispatch_failure(ConnectorError::timeout(
                "HTTP read timeout occurred after 5s".into(),
            )),
            "unknown",
        ),
        (Failure::dispatch_failure(ConnectorError::other("odd".into(), None)), "unknown"),
    ] {
        let text = format!("{error:?}");
        let sent = judged::<(), _>(ACTION, Err(error), &sent_once());
        assert_eq!(name(&sent), expected, "{text}");
    }
}

#[test]
fn what_never_left_is_surely_not_done_whatever_stopped_it() {
    let missing = CredentialsError::not_loaded("none");
    for error in [
        Failure::timeout_error("operation, while credentials were loaded"),
        Failure::dispatch_failure(ConnectorError::other(missing.into(), None)),
    ] {
        let text = format!("{error:?}");
        let sent = judged::<(), _>(ACTION, Err(error), &Attempts::default());
        assert_eq!(name(&sent), "refused", "{text}");
    }
}

/// Gives canned replies and keeps what was asked.
#[derive(Debug, Clone, Default)]
struct Canned(Arc<Mutex<Parts>>);

#[derive(Debug, Default)]
struct Parts {
    replies: VecDeque<(u16, String)>,
    /// Operations and bodies.
    asked: Vec<(String, Vec<u8>)>,
}

impl Canned {
    fn new(replies: &[(u16, Value)]) -> Self {
        let replies = replies.iter().map(|(status, body)| (*status, body.to_string())).collect();
        Self(Arc::new(Mutex::new(Parts { replies, asked: vec![] })))
    }

    fn connection(&self) -> Connection {
        let clock = Clock::simulated("2026-11-22T12:03:20Z".parse().unwrap(), 1.0);
        connect_simulated(self.clone(), "us-east-1", clock)
    }

    fn asked(&self) -> Vec<(String, Vec<u8>)> {
        self.0.lock().unwrap().asked.clone()
    }
}

impl HttpConnector for Canned {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let Parts { replies, asked } = &mut *self.0.lock().unwrap();
        let target = request.headers().get("x-amz-target").unwrap_or(request.uri());
        let operation = target.rsplit(['.', '/']).next().unwrap().to_owned();
        asked.push((operation, request.body().bytes().unwrap_or_default().to_vec()));
        let (status, body) = replies.pop_front().expect("nobody expects this call");
        let status = StatusCode::try_from(status).unwrap();
        HttpConnectorFuture::ready(Ok(HttpResponse::new(status, SdkBody::from(body))))
    }
}

impl HttpClient for Canned {
    fn http_connector(
        &self,
        _: &HttpConnectorSettings,
        _: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

/// Sends one call to an AWS that accepts it; what was asked, in JSON.
async fn body_of(call: Call) -> Value {
    let aws = Canned::new(&[(200, json!({ "ScalableTargetARN": "arn" }))]);
    assert_eq!(aws.connection().send(&call).await, Sent::Done);
    let asked = aws.asked();
    assert_eq!(asked.len(), 1);
    serde_json::from_slice(&asked[0].1).unwrap()
}

fn orders() -> Resource {
    Resource::table("orders")
}

fn index() -> Resource {
    Resource::index("orders", "by-customer")
}

#[tokio::test(start_paused = true)]
async fn a_refusal_that_the_sdk_would_repeat_is_sent_once() {
    let refusal = json!({ "__type": "LimitExceededException", "message": "no decrease is left" });
    let aws = Canned::new(&[(400, refusal.clone()), (200, json!({}))]);
    let call = Call::UpdateCapacity { resource: orders(), read: 10, write: 20 };
    let Sent::Refused(error) = aws.connection().send(&call).await else { panic!() };
    assert_eq!(
        error.to_string(),
        "dynamodb:UpdateTable: LimitExceededException: no decrease is left"
    );
    assert_eq!(aws.asked().len(), 1);
    let aws = Canned::new(&[(500, json!({ "__type": "InternalServerError" })), (200, json!({}))]);
    assert_eq!(name(&aws.connection().send(&call).await), "unknown");
    assert_eq!(aws.asked().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn bounds_are_sent_with_all_three_switches() {
    let body = body_of(Call::RegisterScalableTarget {
        resource: index(),
        direction: Direction::Write,
        min: 5,
        max: 500,
        suspended: Suspended { scale_in: true, ..Suspended::default() },
    });
    let expected = json!({
        "ServiceNamespace": "dynamodb", "ResourceId": "table/orders/index/by-customer",
        "ScalableDimension": "dynamodb:index:WriteCapacityUnits",
        "MinCapacity": 5, "MaxCapacity": 500,
        "SuspendedState": {
            "DynamicScalingInSuspended": true, "DynamicScalingOutSuspended": false,
            "ScheduledScalingSuspended": false
        }
    });
    assert_eq!(body.await, expected);
}

#[tokio::test(start_paused = true)]
async fn throughput_of_a_table_or_index_is_sent_alone() {
    let body = body_of(Call::UpdateCapacity { resource: index(), read: 10, write: 20 }).await;
    let units = json!({ "ReadCapacityUnits": 10, "WriteCapacityUnits": 20 });
    let update = json!({ "IndexName": "by-customer", "ProvisionedThroughput": units });
    let expected =
        json!({ "TableName": "orders", "GlobalSecondaryIndexUpdates": [{ "Update": update }] });
    assert_eq!(body, expected);
    let call = Call::UpdateMaximum { resource: orders(), read: None, write: Some(-1) };
    let expected =
        json!({ "TableName": "orders", "OnDemandThroughput": { "MaxWriteRequestUnits": -1 } });
    assert_eq!(body_of(call).await, expected);
    let empty = Call::UpdateMaximum { resource: orders(), read: None, write: None };
    assert_eq!(name(&Canned::default().connection().send(&empty).await), "refused");
}

#[tokio::test(start_paused = true)]
async fn the_mode_of_contributor_insights_is_always_sent() {
    let call = |enable| Call::UpdateContributorInsights {
        resource: orders(),
        enable,
        mode: InsightsMode::Throttled,
    };
    for (enable, action) in [(true, "ENABLE"), (false, "DISABLE")] {
        let expected = json!({
            "TableName": "orders", "ContributorInsightsAction": action,
            "ContributorInsightsMode": "THROTTLED_KEYS"
        });
        assert_eq!(body_of(call(enable)).await, expected);
    }
    let mode = InsightsMode::Other(Arc::from("FUTURE"));
    let call = Call::UpdateContributorInsights { resource: orders(), enable: true, mode };
    assert_eq!(name(&Canned::default().connection().send(&call).await), "refused");
}

#[tokio::test(start_paused = true)]
async fn a_mute_begins_at_a_minute_and_expires_when_it_ends() {
    let mute = Mute {
        alarms: vec![Arc::from("orders-throttles")],
        start: "2026-11-22T12:04:00Z".parse().unwrap(),
        end: "2026-11-22T12:34:00Z".parse().unwrap(),
    };
    let aws = Canned::new(&[(500, json!({}))]);
    let call = Call::PutAlarmMuteRule { rule: Arc::from("ddbtop-1"), mute };
    aws.connection().send(&call).await;
    let asked = aws.asked();
    assert_eq!((asked.len(), asked[0].0.as_str()), (1, "PutAlarmMuteRule"));
    // Texts are themselves in CBOR.
    let body = &asked[0].1;
    let text = String::from_utf8_lossy(body);
    for said in ["ddbtop-1", "at(2026-11-22T12:04)", "PT30M", "UTC", "orders-throttles"] {
        assert!(text.contains(said), "{said}: {text}");
    }
    let end = 1_795_350_840_f64.to_be_bytes();
    assert!(body.windows(end.len()).any(|bytes| bytes == end), "{text}");
}

/// The reply to `DescribeScalingPolicies` with one policy of writes of `orders`.
fn described(config: &Value) -> (u16, Value) {
    let policy = json!({
        "PolicyARN": "arn", "PolicyName": "$orders-scaling-policy", "ServiceNamespace": "dynamodb",
        "ResourceId": "table/orders", "ScalableDimension": "dynamodb:table:WriteCapacityUnits",
        "PolicyType": "TargetTrackingScaling", "CreationTime": 1_700_000_000,
        "TargetTrackingScalingPolicyConfiguration": config,
    });
    (200, json!({ "ScalingPolicies": [policy] }))
}

fn put(tracking: TargetTracking) -> Call {
    let policy = Arc::from("$orders-scaling-policy");
    Call::PutScalingPolicy { resource: orders(), direction: Direction::Write, policy, tracking }
}

fn tracking(metric: ScalingMetric) -> TargetTracking {
    let told = fixture::policy(Direction::Write, 55.0).tracking.unwrap();
    TargetTracking { metric, ..told }
}

#[tokio::test(start_paused = true)]
async fn a_policy_is_sent_whole_with_what_is_absent_left_out() {
    let metric = json!({ "PredefinedMetricType": "DynamoDBWriteCapacityUtilization" });
    let told = json!({
        "TargetValue": 70.0, "PredefinedMetricSpecification": metric, "ScaleOutCooldown": 60
    });
    let aws = Canned::new(&[described(&told), (200, json!({ "PolicyARN": "arn" }))]);
    let wanted = fixture::policy(Direction::Write, 55.0).tracking.unwrap();
    assert_eq!(aws.connection().send(&put(wanted)).await, Sent::Done);
    let asked = aws.asked();
    assert_eq!(asked[1].0, "PutScalingPolicy");
    let sent: Value = serde_json::from_slice(&asked[1].1).unwrap();
    let expected = json!({
        "PolicyName": "$orders-scaling-policy", "ServiceNamespace": "dynamodb",
        "ResourceId": "table/orders", "ScalableDimension": "dynamodb:table:WriteCapacityUnits",
        "PolicyType": "TargetTrackingScaling",
        "TargetTrackingScalingPolicyConfiguration": {
            "TargetValue": 55.0, "PredefinedMetricSpecification": metric, "ScaleOutCooldown": 60
        }
    });
    assert_eq!(sent, expected);
}

#[tokio::test(start_paused = true)]
async fn a_customized_metric_is_sent_as_it_is_described_and_no_other() {
    let metric = json!({ "MetricName": "M", "Namespace": "N", "Statistic": "Sum" });
    let told =
        || described(&json!({ "TargetValue": 70.0, "CustomizedMetricSpecification": metric }));
    let aws = Canned::new(&[told(), (200, json!({ "PolicyARN": "arn" }))]);
    let same = ScalingMetric::Customized(Arc::from(metric.to_string()));
    assert_eq!(aws.connection().send(&put(tracking(same))).await, Sent::Done);
    let sent: Value = serde_json::from_slice(&aws.asked()[1].1).unwrap();
    let config = &sent["TargetTrackingScalingPolicyConfiguration"];
    assert_eq!(config["CustomizedMetricSpecification"], metric);
    let aws = Canned::new(&[told()]);
    let other = ScalingMetric::Customized(Arc::from("{\"Statistic\":\"Average\"}"));
    assert_eq!(name(&aws.connection().send(&put(tracking(other))).await), "refused");
    assert_eq!(aws.asked().len(), 1, "nothing is sent");
}

#[tokio::test(start_paused = true)]
async fn a_policy_with_what_is_not_known_is_not_sent() {
    let metric = json!({ "PredefinedMetricType": "Future" });
    let future =
        described(&json!({ "TargetValue": 70.0, "PredefinedMetricSpecification": metric }));
    let gone = (200, json!({ "ScalingPolicies": [] }));
    let denied = (400, json!({ "__type": "AccessDeniedException", "message": "no" }));
    for (told, said) in [
        (future, "metric type Future"),
        (gone, "there is no policy"),
        (denied, "no permission: application-autoscaling:DescribeScalingPolicies"),
    ] {
        let aws = Canned::new(&[told]);
        let wanted = fixture::policy(Direction::Write, 55.0).tracking.unwrap();
        let Sent::Refused(error) = aws.connection().send(&put(wanted)).await else { panic!() };
        assert!(error.to_string().contains(said), "{error}");
        assert_eq!(aws.asked().len(), 1, "nothing is sent");
    }
}
