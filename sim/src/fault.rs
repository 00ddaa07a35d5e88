//! Faults of the simulated AWS: what goes wrong between a right question and its answer.

use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use super::wire::Service;

/// The longest latency, in seconds: an hour. What comes later may as well be silent.
const MAX_LATENCY: f64 = 3600.0;

/// A fault: which calls it hits, when, and what happens to them.
///
/// In a scenario file:
///
/// ```toml
/// [[fault]]
/// service = "cloudwatch"
/// operation = "GetMetricData"
/// from = 1
/// until = 5
/// effect = "throttle"
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Fault {
    /// The service that is hit; every one if absent.
    pub service: Option<Service>,
    /// The operation that is hit; every one if absent.
    pub operation: Option<String>,
    /// When it begins, in minutes since the scenario's start; it has always been there if absent.
    pub from: Option<f64>,
    /// When it ends, in minutes since the scenario's start; never if absent.
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
    /// The call is lost on its way: nothing happens and no reply ever comes.
    Silence,
    /// The call is carried out and its reply is lost: none ever comes, or a server error that no service
    /// made.
    #[serde(rename_all = "kebab-case")]
    AnswerLost {
        /// HTTP status, 500 to 599; silence if absent.
        status: Option<u16>,
    },
    /// Another change of the same thing is under way, in the service's own code.
    Conflict,
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

    /// Says what is wrong with the fault, if anything.
    pub(crate) fn problem(&self) -> Option<String> {
        match self.effect {
            Effect::ServerError { status, .. } | Effect::AnswerLost { status: Some(status) }
                if !(500..600).contains(&status) =>
            {
                Some(format!("a server error has a status from 500 to 599, not {status}"))
            }
            Effect::Latency(seconds) if !(0.0..=MAX_LATENCY).contains(&seconds) => {
                Some(format!("a latency is 0 to {MAX_LATENCY} seconds, not {seconds}"))
            }
            Effect::PartialData(share) if !(0.0..=1.0).contains(&share) => {
                Some(format!("a share is 0 to 1, not {share}"))
            }
            Effect::ServerError { .. }
            | Effect::Latency(_)
            | Effect::PartialData(_)
            | Effect::Throttle
            | Effect::Silence
            | Effect::AnswerLost { .. }
            | Effect::Conflict
            | Effect::Deny
            | Effect::ExpiredCredentials => None,
        }
    }

    fn hits(&self, service: Service, operation: &str, minutes: f64) -> bool {
        self.service.is_none_or(|wanted| wanted == service)
            && self.operation.as_deref().is_none_or(|wanted| wanted == operation)
            && self.from.is_none_or(|from| minutes >= from)
            && self.until.is_none_or(|until| minutes < until)
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

    /// Tells whether the caller lacks the permission for an operation, `minutes` after the start. It spends
    /// no counted fault, for nobody calls.
    pub(crate) fn denies(&self, service: Service, operation: &str, minutes: f64) -> bool {
        let list = self.list.lock().unwrap_or_else(PoisonError::into_inner);
        list.iter()
            .any(|fault| fault.effect == Effect::Deny && fault.hits(service, operation, minutes))
    }

    /// Returns the effects on one call, `minutes` after the start, in order of injection, and
    /// spends one of each counted fault.
    pub(crate) fn strike(&self, service: Service, operation: &str, minutes: f64) -> Vec<Effect> {
        let mut list = self.list.lock().unwrap_or_else(PoisonError::into_inner);
        let mut effects = Vec::new();
        for fault in list.iter_mut().filter(|fault| fault.hits(service, operation, minutes)) {
            fault.count = fault.count.map(|left| left - 1);
            effects.push(fault.effect);
        }
        effects
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;

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
            ("{ answer-lost = {} }", Effect::AnswerLost { status: None }),
            ("{ answer-lost = { status = 502 } }", Effect::AnswerLost { status: Some(502) }),
            (r#""conflict""#, Effect::Conflict),
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

    #[test]
    fn a_scenario_with_an_impossible_fault_is_refused() {
        let table = [
            ("{ server-error = { status = 404 } }", "not 404"),
            ("{ answer-lost = { status = 200 } }", "not 200"),
            ("{ latency = -1.0 }", "not -1"),
            ("{ partial-data = 1.5 }", "not 1.5"),
        ];
        for (effect, part) in table {
            let text = format!("start = \"2026-11-22T12:00:00Z\"\n[[fault]]\neffect = {effect}\n");
            let error = Scenario::parse("test", &text).unwrap_err().to_string();
            assert!(error.contains(part), "{error}");
        }
        let good = "start = \"2026-11-22T12:00:00Z\"\n[[fault]]\neffect = \"silence\"\n";
        assert_eq!(Scenario::parse("test", good).unwrap().faults()[0].effect, Effect::Silence);
    }
}
