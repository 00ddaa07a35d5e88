//! How many calls a second an account may make in a Region, where AWS documents it.
//!
//! AWS does not say how it counts. Here no second has more calls than the quota, by the world's clock, and a call that
//! is refused does not count.

use std::collections::VecDeque;

use super::facts::Epoch;
use super::wire::Service;

/// Operations that share a number of calls a second.
struct Quota {
    service: Service,
    operations: &'static [&'static str],
    per_second: usize,
}

const fn quota(service: Service, operations: &'static [&'static str], per_second: usize) -> Quota {
    Quota { service, operations, per_second }
}

/// `Amazon CloudWatch` User Guide, "CloudWatch service quotas"; `Amazon DynamoDB` Developer Guide, "Quotas in `Amazon
/// DynamoDB`", and the API reference of streams; AWS Lambda Developer Guide, "Lambda quotas". DAX, Application Auto
/// Scaling and STS document none.
const QUOTAS: [Quota; 17] = {
    use Service::{CloudWatch, DynamoDb, DynamoDbStreams, Lambda};
    [
        quota(CloudWatch, &["GetMetricData"], 500),
        quota(CloudWatch, &["ListMetrics"], 25),
        quota(CloudWatch, &["DescribeAlarms"], 9),
        quota(CloudWatch, &["DescribeAlarmHistory"], 20),
        quota(CloudWatch, &["GetInsightRuleReport"], 20),
        quota(CloudWatch, &["DescribeInsightRules"], 20),
        quota(CloudWatch, &["ListAlarmMuteRules"], 50),
        quota(CloudWatch, &["GetAlarmMuteRule"], 20),
        quota(CloudWatch, &["PutAlarmMuteRule"], 3),
        quota(CloudWatch, &["DeleteAlarmMuteRule"], 3),
        quota(DynamoDb, &["DescribeTable", "ListTables"], 2_500),
        quota(DynamoDb, &["DescribeContributorInsights"], 5),
        quota(DynamoDb, &["ListContributorInsights"], 5),
        quota(DynamoDb, &["UpdateContributorInsights"], 5),
        quota(DynamoDb, &["DescribeTimeToLive"], 10),
        quota(DynamoDbStreams, &["DescribeStream"], 10),
        quota(Lambda, &["ListEventSourceMappings", "GetEventSourceMapping"], 15),
    ]
};

/// The calls of the last second.
#[derive(Debug, Default)]
pub(crate) struct Spent([VecDeque<Epoch>; QUOTAS.len()]);

impl Spent {
    /// Counts a call, if there is room for it.
    pub(crate) fn admits(&mut self, service: Service, operation: &str, now: Epoch) -> bool {
        let is_of =
            |quota: &Quota| quota.service == service && quota.operations.contains(&operation);
        let mut all = QUOTAS.iter().zip(&mut self.0);
        let Some((quota, calls)) = all.find(|(quota, _)| is_of(quota)) else { return true };
        // A clock that was set back forgets what it has not seen yet.
        calls.retain(|at| *at > now - 1.0 && *at <= now);
        let has_room = calls.len() < quota.per_second;
        if has_room {
            calls.push_back(now);
        }
        has_room
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPORT: (Service, &str) = (Service::CloudWatch, "GetInsightRuleReport");

    fn admitted(spent: &mut Spent, (service, operation): (Service, &str), at: Epoch) -> bool {
        spent.admits(service, operation, at)
    }

    #[test]
    fn no_second_has_more_reports_than_twenty() {
        let mut spent = Spent::default();
        let all: Vec<bool> =
            (0..60).map(|call| admitted(&mut spent, REPORT, f64::from(call) / 30.0)).collect();
        assert_eq!(all.iter().filter(|admitted| **admitted).count(), 40, "in two seconds");
        assert!(all[..20].iter().all(|admitted| *admitted) && !all[20], "{all:?}");
        assert!(all[30], "a second later there is room again");
    }

    #[test]
    fn operations_have_their_own_quotas_or_none_and_some_share_one() {
        let mut spent = Spent::default();
        let describe = (Service::DynamoDb, "DescribeContributorInsights");
        assert!((0..5).all(|_| admitted(&mut spent, describe, 7.0)));
        assert!(!admitted(&mut spent, describe, 7.0));
        assert!(admitted(&mut spent, REPORT, 7.0));
        assert!((0..9_000).all(|_| admitted(&mut spent, (Service::Dax, "DescribeEvents"), 7.0)));
        let tables = ["DescribeTable", "ListTables"].map(|name| (Service::DynamoDb, name));
        assert!((0..1_250).all(|_| tables.iter().all(|it| admitted(&mut spent, *it, 7.0))));
        assert!(!admitted(&mut spent, tables[0], 7.0));
    }
}
