//! Faults of the simulated AWS: what goes wrong between a right question and its answer.

use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use super::wire::Service;

/// A fault: which calls it hits, when, and what happens to them.
///
/// In a scenario file:
///
/// ```toml
/// [[fault]]
/// service = "cloudwatch"
/// operation = "GetMetricData"
/// from = 60.0
/// count = 3
/// effect = "throttle"
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Fault {
    /// The service that is hit; every one if absent.
    pub service: Option<Service>,
    /// The operation that is hit; every one if absent.
    pub operation: Option<String>,
    /// First second of the fault, counted from the scenario's start; from ever if absent.
    pub from: Option<f64>,
    /// Second after its last, counted from the scenario's start; for ever if absent.
    pub until: Option<f64>,
    /// How many calls it hits; all if absent.
    pub count: Option<u32>,
    /// What happens.
    pub effect: Effect,
}

/// What a fault does to a call.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// The call is throttled, with the service's own code.
    Throttle,
    /// The reply comes so many seconds late.
    Latency(f64),
    /// The reply is a server error that no service made: a load balancer's.
    #[serde(rename_all = "kebab-case")]
    ServerError {
        /// HTTP status, 500 to 599.
        status: u16,
        /// Whether the body is an HTML page rather than empty.
        #[serde(default)]
        html: bool,
    },
    /// No reply ever comes.
    Silence,
    /// The caller lacks the IAM permission for the call.
    Deny,
    /// The caller's session token has expired.
    ExpiredCredentials,
    /// This share, 0 to 1, of `GetMetricData`'s results has the status `InternalError`.
    PartialData(f64),
}

impl Fault {
    /// Makes a fault that hits every call to `service` from now on.
    pub fn on(service: Service, effect: Effect) -> Self {
        let service = Some(service);
        Self { service, operation: None, from: None, until: None, count: None, effect }
    }

    /// Narrows the fault to one operation.
    #[must_use]
    pub fn operation(self, operation: &str) -> Self {
        Self { operation: Some(operation.to_owned()), ..self }
    }

    /// Limits the fault to so many calls.
    #[must_use]
    pub fn count(self, count: u32) -> Self {
        Self { count: Some(count), ..self }
    }

    fn hits(&self, service: Service, operation: &str, elapsed: f64) -> bool {
        self.service.is_none_or(|wanted| wanted == service)
            && self.operation.as_deref().is_none_or(|wanted| wanted == operation)
            && self.from.is_none_or(|from| elapsed >= from)
            && self.until.is_none_or(|until| elapsed < until)
            && self.count != Some(0)
    }
}

/// The faults of a world; they may be changed while it runs, from any thread.
#[derive(Debug, Default)]
pub struct Faults {
    list: Mutex<Vec<Fault>>,
}

impl Faults {
    /// Makes the list a scenario begins with.
    pub fn new(list: Vec<Fault>) -> Self {
        Self { list: Mutex::new(list) }
    }

    /// Adds a fault.
    pub fn inject(&self, fault: Fault) {
        self.list.lock().unwrap_or_else(PoisonError::into_inner).push(fault);
    }

    /// Removes every fault.
    pub fn clear(&self) {
        self.list.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Returns the effects on one call, `elapsed` seconds after the start, in order of injection, and
    /// spends one of each counted fault.
    pub(crate) fn strike(&self, service: Service, operation: &str, elapsed: f64) -> Vec<Effect> {
        let mut list = self.list.lock().unwrap_or_else(PoisonError::into_inner);
        let mut effects = Vec::new();
        for fault in list.iter_mut().filter(|fault| fault.hits(service, operation, elapsed)) {
            fault.count = fault.count.map(|left| left - 1);
            effects.push(fault.effect);
        }
        effects
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct File {
        fault: Vec<Fault>,
    }

    #[test]
    fn a_fault_hits_its_service_operation_time_and_count_only() {
        let fault = Fault {
            from: Some(10.0),
            until: Some(20.0),
            ..Fault::on(Service::CloudWatch, Effect::Throttle)
        };
        let faults = Faults::new(vec![fault.operation("GetMetricData").count(2)]);
        let struck = |service, operation, at| !faults.strike(service, operation, at).is_empty();
        assert!(!struck(Service::CloudWatch, "GetMetricData", 9.9), "too early");
        assert!(!struck(Service::CloudWatch, "GetMetricData", 20.0), "too late");
        assert!(!struck(Service::DynamoDb, "GetMetricData", 10.0), "another service");
        assert!(!struck(Service::CloudWatch, "ListMetrics", 10.0), "another operation");
        assert!(struck(Service::CloudWatch, "GetMetricData", 10.0));
        assert!(struck(Service::CloudWatch, "GetMetricData", 19.9));
        assert!(!struck(Service::CloudWatch, "GetMetricData", 15.0), "spent");
    }

    #[test]
    fn every_effect_can_be_written_in_a_scenario_file() {
        let table = [
            (r#""throttle""#, Effect::Throttle),
            ("{ latency = 2.5 }", Effect::Latency(2.5)),
            (
                "{ server-error = { status = 503 } }",
                Effect::ServerError { status: 503, html: false },
            ),
            (
                "{ server-error = { status = 500, html = true } }",
                Effect::ServerError { status: 500, html: true },
            ),
            (r#""silence""#, Effect::Silence),
            (r#""deny""#, Effect::Deny),
            (r#""expired-credentials""#, Effect::ExpiredCredentials),
            ("{ partial-data = 0.5 }", Effect::PartialData(0.5)),
        ];
        for (text, effect) in table {
            let text =
                format!("[[fault]]\nservice = \"application-autoscaling\"\neffect = {text}\n");
            let file: File = toml::from_str(&text).unwrap();
            assert_eq!(file.fault, [Fault::on(Service::ApplicationAutoscaling, effect)]);
        }
        assert!(toml::from_str::<File>("[[fault]]\neffect = \"throttle\"\nwho = 1\n").is_err());
    }
}
