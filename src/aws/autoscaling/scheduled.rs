//! Changes of bounds at set times.

use super::direction;
use crate::aws::error::call_error;
use crate::aws::{Attempts, Connection, Reply, all_pages, timestamp};
use crate::model::id::Resource;
use crate::model::scaling::ScheduledAction;
use aws_sdk_applicationautoscaling::types as sdk;
use std::sync::Arc;

const SCHEDULED: &str = "application-autoscaling:DescribeScheduledActions";

impl Connection {
    /// Reads every scheduled action of `DynamoDB` (`DescribeScheduledActions`, all pages).
    pub async fn scheduled_actions(&self) -> Reply<Vec<ScheduledAction>> {
        let attempts = Attempts::default();
        let result = all_pages(SCHEDULED, |token| async {
            let call = self.autoscaling().describe_scheduled_actions().set_next_token(token);
            let call = call.service_namespace(sdk::ServiceNamespace::Dynamodb).customize();
            let sent = call.interceptor(attempts.clone()).send().await;
            let output = sent.map_err(|error| call_error(SCHEDULED, &error))?;
            let actions = output.scheduled_actions().iter().filter_map(action).collect();
            Ok((actions, output.next_token))
        })
        .await;
        attempts.reply(result)
    }
}

/// Takes in a scheduled action; `None` for one of neither table nor index.
fn action(told: &sdk::ScheduledAction) -> Option<ScheduledAction> {
    let sets = told.scalable_target_action();
    Some(ScheduledAction {
        name: Arc::from(told.scheduled_action_name()),
        resource: Resource::from_path(told.resource_id())?,
        direction: direction(told.scalable_dimension()?.as_str())?,
        schedule: Arc::from(told.schedule()),
        time_zone: told.timezone().map(Arc::from),
        min: sets.and_then(sdk::ScalableTargetAction::min_capacity).map(f64::from),
        max: sets.and_then(sdk::ScalableTargetAction::max_capacity).map(f64::from),
        start: told.start_time().copied().and_then(timestamp),
        end: told.end_time().copied().and_then(timestamp),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::testing::Stub;
    use crate::model::throttle::Direction;
    use serde_json::{Value, json};

    fn told(resource: &str, dimension: &str) -> Value {
        json!({
            "ScheduledActionName": "morning", "ScheduledActionARN": "arn",
            "ServiceNamespace": "dynamodb", "ResourceId": resource, "ScalableDimension": dimension,
            "Schedule": "cron(0 7 * * ? *)", "Timezone": "Europe/Berlin",
            "StartTime": 1_795_348_800, "EndTime": 1_795_435_200,
            "ScalableTargetAction": { "MinCapacity": 200 }, "CreationTime": 1_700_000_000,
        })
    }

    #[tokio::test(start_paused = true)]
    async fn all_pages_are_read_and_what_is_no_table_or_index_is_left_out() {
        let stub = Stub::default();
        let index = told("table/orders/index/by-status", "dynamodb:index:ReadCapacityUnits");
        stub.json(200, &json!({ "ScheduledActions": [index], "NextToken": "2" }));
        let other = told("service/x", "ecs:service:DesiredCount");
        let table = told("table/orders", "dynamodb:table:WriteCapacityUnits");
        stub.json(200, &json!({ "ScheduledActions": [other, table] }));
        let reply = stub.connection().scheduled_actions().await;
        let actions = reply.result.unwrap();
        let expected = ScheduledAction {
            name: Arc::from("morning"),
            resource: Resource::index("orders", "by-status"),
            direction: Direction::Read,
            schedule: Arc::from("cron(0 7 * * ? *)"),
            time_zone: Some(Arc::from("Europe/Berlin")),
            min: Some(200.0),
            max: None,
            start: Some("2026-11-22T12:00:00Z".parse().unwrap()),
            end: Some("2026-11-23T12:00:00Z".parse().unwrap()),
        };
        assert_eq!((actions.len(), actions.first()), (2, Some(&expected)));
        assert_eq!(actions[1].resource, Resource::table("orders"));
        assert_eq!(reply.requests, 2);
        let asked = stub.asked();
        assert!(asked[0].body.contains(r#""ServiceNamespace":"dynamodb""#), "{asked:?}");
        assert!(asked[1].body.contains(r#""NextToken":"2""#), "{asked:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_refusal_names_the_missing_action() {
        let stub = Stub::default();
        stub.json(400, &json!({ "__type": "AccessDeniedException", "message": "no" }));
        let error = stub.connection().scheduled_actions().await.result.unwrap_err();
        let words = "no permission: application-autoscaling:DescribeScheduledActions";
        assert_eq!(error.to_string(), words);
    }
}
