//! What Application Auto Scaling did, and what it decided not to do.

use super::direction;
use crate::aws::error::call_error;
use crate::aws::{Attempts, Connection, Gathered, Reply, first_pages, timestamp};
use crate::clock::Clock;
use crate::model::event::{Activity, Event, Happening, NotScaled};
use crate::model::id::Resource;
use aws_sdk_applicationautoscaling::types as sdk;
use jiff::Timestamp;
use std::sync::Arc;
use std::time::Duration;

const ACTIVITIES: &str = "application-autoscaling:DescribeScalingActivities";

/// The most activities that one page holds (Application Auto Scaling API Reference,
/// "`DescribeScalingActivities`").
const PER_PAGE: i32 = 50;
/// The most pages that one read asks for.
const MOST_PAGES: usize = 20;
/// Between two pages: AWS does not publish how many an account may ask for.
const PAUSE: Duration = Duration::from_millis(200);

impl Connection {
    /// Reads the scaling activities of `DynamoDB` that began at `since` or later, those that changed
    /// nothing included (`DescribeScalingActivities`, newest first, at most a thousand).
    pub async fn activities(&self, clock: &Clock, since: Timestamp) -> Reply<Gathered<Event>> {
        let attempts = Attempts::default();
        let result = first_pages(ACTIVITIES, MOST_PAGES, |token| async {
            if token.is_some() {
                tokio::time::sleep(clock.span(PAUSE)).await;
            }
            let call = self
                .autoscaling()
                .describe_scaling_activities()
                .service_namespace(sdk::ServiceNamespace::Dynamodb)
                .include_not_scaled_activities(true)
                .max_results(PER_PAGE)
                .set_next_token(token)
                .customize();
            let sent = call.interceptor(attempts.clone()).send().await;
            let output = sent.map_err(|error| call_error(ACTIVITIES, &error))?;
            let told = output.scaling_activities();
            let is_new = |activity: &&sdk::ScalingActivity| {
                timestamp(*activity.start_time()).is_some_and(|started| started >= since)
            };
            let reaches_back = told.last().is_none_or(|oldest| !is_new(&oldest));
            let events = told.iter().filter(is_new).filter_map(event).collect();
            Ok((events, output.next_token.clone().filter(|_| !reaches_back)))
        })
        .await;
        attempts.reply(result)
    }
}

/// Takes in an activity; `None` for one of neither table nor index.
fn event(told: &sdk::ScalingActivity) -> Option<Event> {
    let activity = Activity {
        id: Arc::from(told.activity_id()),
        resource: Resource::from_path(told.resource_id())?,
        direction: direction(told.scalable_dimension().as_str())?,
        description: Arc::from(told.description()),
        cause: Arc::from(told.cause()),
        status: Arc::from(told.status_code().as_str()),
        message: told.status_message().map(Arc::from),
        ended: told.end_time().copied().and_then(timestamp),
        not_scaled: told.not_scaled_reasons().iter().map(not_scaled).collect(),
    };
    Some(Event { at: timestamp(*told.start_time())?, what: Happening::Scaling(activity) })
}

fn not_scaled(told: &sdk::NotScaledReason) -> NotScaled {
    NotScaled {
        code: Arc::from(told.code()),
        max: told.max_capacity().map(f64::from),
        min: told.min_capacity().map(f64::from),
        current: told.current_capacity().map(f64::from),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::testing::{Stub, clock};
    use crate::model::throttle::Direction;
    use serde_json::{Value, json};

    fn activity(id: &str, at: i64) -> Value {
        json!({
            "ActivityId": id, "ServiceNamespace": "dynamodb",
            "ResourceId": "table/orders/index/by-status",
            "ScalableDimension": "dynamodb:index:WriteCapacityUnits",
            "Description": "Attempting to scale due to alarm triggered", "Cause": "monitor alarm",
            "StartTime": at, "StatusCode": "Unfulfilled", "StatusMessage": "no",
            "NotScaledReasons": [
                { "Code": "AlreadyAtMaxCapacity", "MaxCapacity": 400, "CurrentCapacity": 400 },
            ],
        })
    }

    fn page(activities: &[Value], next: Option<&str>) -> Value {
        json!({ "ScalingActivities": activities, "NextToken": next })
    }

    fn ids(events: &[Event]) -> Vec<&str> {
        events
            .iter()
            .filter_map(|event| match &event.what {
                Happening::Scaling(activity) => Some(&*activity.id),
                Happening::Alarm(_)
                | Happening::Table(_)
                | Happening::Dax(_)
                | Happening::Poller(_)
                | Happening::Write(_) => None,
            })
            .collect()
    }

    #[tokio::test(start_paused = true)]
    async fn pages_are_read_until_one_ends_with_what_is_known() {
        let stub = Stub::default();
        stub.json(200, &page(&[activity("e", 2_000), activity("d", 1_900)], Some("2")));
        stub.json(200, &page(&[activity("c", 1_800), activity("b", 900)], Some("3")));
        let since = Timestamp::from_second(1_000).unwrap();
        let reply = stub.connection().activities(&clock(), since).await;
        let gathered = reply.result.unwrap();
        assert_eq!((ids(&gathered.items), gathered.flaw), (vec!["e", "d", "c"], None));
        assert_eq!(reply.requests, 2);
        let asked = stub.asked();
        assert!(asked[0].body.contains(r#""IncludeNotScaledActivities":true"#), "{asked:?}");
        assert!(asked[1].body.contains(r#""NextToken":"2""#), "{asked:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_read_before_a_page_that_is_refused_is_kept() {
        let stub = Stub::default();
        stub.json(200, &page(&[activity("e", 2_000)], Some("2")));
        stub.json(400, &json!({ "__type": "AccessDeniedException", "message": "no" }));
        let reply = stub.connection().activities(&clock(), Timestamp::UNIX_EPOCH).await;
        let gathered = reply.result.unwrap();
        assert_eq!(ids(&gathered.items), ["e"]);
        let flaw = gathered.flaw.unwrap();
        let words = "no permission: application-autoscaling:DescribeScalingActivities";
        assert_eq!(flaw.to_string(), words);
    }

    #[test]
    fn an_activity_that_changed_nothing_says_why() {
        let reason = sdk::NotScaledReason::builder()
            .code("AlreadyAtMaxCapacity")
            .max_capacity(400)
            .current_capacity(400)
            .build()
            .unwrap();
        let told = |resource: &str, dimension: &str| {
            sdk::ScalingActivity::builder()
                .activity_id("1")
                .service_namespace(sdk::ServiceNamespace::Dynamodb)
                .resource_id(resource)
                .scalable_dimension(dimension.into())
                .description("Attempting to scale")
                .cause("monitor alarm")
                .start_time(aws_smithy_types::DateTime::from_secs(1_795_348_800))
                .status_code(sdk::ScalingActivityStatusCode::Unfulfilled)
                .not_scaled_reasons(reason.clone())
                .build()
                .unwrap()
        };
        let found = event(&told("table/orders", "dynamodb:table:WriteCapacityUnits")).unwrap();
        let Happening::Scaling(activity) = found.what else { panic!("{found:?}") };
        assert_eq!(found.at.to_string(), "2026-11-22T12:00:00Z");
        assert_eq!(
            (activity.resource, activity.direction),
            (Resource::table("orders"), Direction::Write)
        );
        assert_eq!((&*activity.status, activity.ended), ("Unfulfilled", None));
        let why = NotScaled {
            code: Arc::from("AlreadyAtMaxCapacity"),
            max: Some(400.0),
            min: None,
            current: Some(400.0),
        };
        assert_eq!(activity.not_scaled, [why]);
        assert_eq!(event(&told("service/x", "ecs:service:DesiredCount")), None);
    }
}
