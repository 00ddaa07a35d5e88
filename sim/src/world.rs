//! The world: a fleet, its services and their faults behind one door, without a transport.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::alarms::Alarms;
use super::facts::{AccountState, Epoch};
use super::fault::{Effect, Faults};
use super::fleet::Fleet;
use super::policy::{Policy, Wish};
use super::quota::Spent;
use super::scenario::Scenario;
use super::service::cloudwatch::MetricList;
use super::service::{self, Ask};
use super::wire::{
    Common, Format, MAX_BODY, Refusal, Reply, Request, Route, Service, Timing, inflate,
};

/// How many calls the ledger remembers; older ones are forgotten.
const LEDGER: usize = 10_000;

/// What a world is made of.
#[derive(Debug)]
pub struct WorldOptions {
    /// What happens.
    pub scenario: Scenario,
    /// The seed of everything that is left to chance.
    pub seed: u64,
    /// How many tables the fleet is grown or cut to; the scenario's own if absent.
    pub tables: Option<usize>,
}

/// A simulated AWS account in one Region. Clones are the same world.
#[derive(Clone)]
pub struct World(Arc<Inner>);

struct Inner {
    start: Epoch,
    seed: u64,
    account: AccountState,
    faults: Faults,
    /// What the caller may do; everything if there is none.
    policy: Mutex<Option<Arc<Policy>>>,
    state: Mutex<State>,
}

struct State {
    fleet: Fleet,
    metric_list: MetricList,
    alarms: Alarms,
    calls: u64,
    ledger: VecDeque<Call>,
    /// The calls that count towards quotas; `None` where these are not enforced.
    spent: Option<Spent>,
}

/// One call as it was counted at the door.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// When it came.
    pub at: Epoch,
    /// The service asked.
    pub service: Service,
    /// The operation asked for, known or not.
    pub operation: String,
    /// The `x-amzn-requestid` of the reply.
    pub request_id: String,
    /// `GetMetricData`: the metrics that AWS bills for, which are the distinct ones, or more where over
    /// five statistics of one are asked for. `GetInsightRuleReport`: the same, one at least. Zero if the call
    /// was refused before it was read.
    pub metrics_requested: usize,
    /// `GetMetricData`: the queries.
    pub queries: usize,
    /// Whether it asked for a further page of an earlier reply.
    pub continued: bool,
    /// The HTTP status answered; `None` for silence.
    pub status: Option<u16>,
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("World").field("start", &self.0.start).finish_non_exhaustive()
    }
}

impl World {
    /// Makes the world of a scenario, at its start.
    pub fn new(options: &WorldOptions) -> Self {
        let fleet = Fleet::new(&options.scenario, options.seed, options.tables);
        Self(Arc::new(Inner {
            start: fleet.start(),
            seed: options.seed,
            account: fleet.account().clone(),
            faults: Faults::new(options.scenario.faults().to_vec()),
            policy: Mutex::default(),
            state: Mutex::new(State {
                fleet,
                metric_list: MetricList::default(),
                alarms: Alarms::new(&options.scenario),
                calls: 0,
                ledger: VecDeque::new(),
                spent: None,
            }),
        }))
    }

    /// Returns the scenario's moment of departure.
    pub fn start(&self) -> Epoch {
        self.0.start
    }

    /// Returns the account.
    pub fn account(&self) -> &AccountState {
        &self.0.account
    }

    /// Returns the faults, to be changed at any time.
    pub fn faults(&self) -> &Faults {
        &self.0.faults
    }

    /// Lets the caller do from now on what a policy allows, and nothing else.
    pub fn enforce(&self, policy: Policy) {
        *self.0.policy.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(policy));
    }

    /// Throttles from now on what exceeds the calls a second that AWS documents. That needs a clock that runs: on
    /// one that stands still, the second never ends.
    pub fn enforce_quotas(&self) {
        self.state().spent = Some(Spent::default());
    }

    /// Returns the calls since the last reset, oldest first; the newest 10,000 of them.
    pub fn ledger(&self) -> Vec<Call> {
        self.state().ledger.iter().cloned().collect()
    }

    /// Empties the ledger.
    pub fn reset_ledger(&self) {
        self.state().ledger.clear();
    }

    /// Answers a request as AWS would at the moment `now`.
    pub fn handle(&self, request: &Request<'_>, now: Epoch) -> Reply {
        let Some(body) = plain_body(request) else {
            return bare(413, "text/plain", "");
        };
        let Some(route) = Route::of(request, &body) else {
            return bare(404, "text/xml", "<UnknownOperationException/>\n");
        };
        let minutes = (now - self.0.start) / 60.0;
        let mut effects = self.0.faults.strike(route.service, &route.operation, minutes);
        let policy = self.0.policy.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let signed = (request.header)("authorization").is_some();
        let mut state = self.state();
        state.calls += 1;
        let mut call = Call {
            at: now,
            service: route.service,
            operation: route.operation,
            request_id: service::uuid(&(self.0.seed, state.calls)),
            metrics_requested: 0,
            queries: 0,
            continued: false,
            status: None,
        };
        let State { fleet, metric_list, alarms, spent, .. } = &mut *state;
        let has_room = |spent: &mut Spent| spent.admits(route.service, &call.operation, now);
        if !spent.as_mut().is_none_or(has_room) {
            effects.push(Effect::Throttle);
        }
        alarms.keep_up(fleet, now);
        let mut ask = Ask {
            fleet,
            now,
            service: route.service,
            format: route.format,
            body: &body,
            query: request.query(),
            call: &mut call,
            metric_list,
            alarms,
            failing: 0.0,
            may: &|service, operation| {
                !self.0.faults.denies(service, operation, minutes)
                    && policy.as_ref().is_none_or(|it| allows_somewhere(it, service, operation))
            },
        };
        if policy.as_ref().is_some_and(|policy| !allows(policy, &ask)) {
            effects.push(Effect::Deny);
        }
        let reply = reply(&mut ask, signed, &effects);
        call.status = (reply.timing != Timing::Silence).then_some(reply.status);
        if state.ledger.len() == LEDGER {
            state.ledger.pop_front();
        }
        state.ledger.push_back(call);
        reply
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A panic in a test thread must not hide the failure of another.
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns the body without its compression; `None` if it is too large or broken.
fn plain_body<'a>(request: &Request<'a>) -> Option<std::borrow::Cow<'a, [u8]>> {
    if request.body.len() > MAX_BODY {
        return None;
    }
    match (request.header)("content-encoding") {
        Some("gzip") => inflate(request.body).map(Into::into),
        _ => Some(request.body.into()),
    }
}

/// Makes a reply that no service signs.
fn bare(status: u16, content_type: &str, body: &str) -> Reply {
    Reply {
        status,
        headers: vec![("content-type", content_type.to_owned())],
        body: body.as_bytes().to_vec(),
        timing: Timing::Now,
    }
}

/// Applies the effects to a call: delays add up, and the first effect that replaces the answer does. A
/// call whose answer is replaced changes nothing; one that is answered late takes effect when it came.
fn reply(ask: &mut Ask<'_>, signed: bool, effects: &[Effect]) -> Reply {
    let (mut delay, mut silent, mut lost, mut instead) = (0.0, false, None, None);
    for effect in effects {
        let replacement = match *effect {
            Effect::Latency(seconds) => {
                delay += seconds;
                continue;
            }
            Effect::Silence => {
                silent = true;
                bare(504, "text/plain", "")
            }
            Effect::AnswerLost { status } => {
                lost = Some(status);
                continue;
            }
            Effect::PartialData(share) => {
                ask.failing = share;
                continue;
            }
            Effect::ServerError { status, html } => server_error(status, html),
            Effect::Throttle => refused(ask, Common::Throttled, "Rate exceeded"),
            Effect::Conflict => refused(ask, Common::Conflict, "Another update is under way"),
            Effect::Deny => refused(ask, Common::Denied, &denial(ask)),
            Effect::ExpiredCredentials => refused(
                ask,
                Common::Expired,
                "The security token included in the request is expired",
            ),
        };
        instead = instead.or(Some(replacement));
    }
    let reply = match instead {
        Some(reply) => reply,
        None if !signed => refused(ask, Common::NoToken, "Request is missing Authentication Token"),
        None => {
            let answer = answer(ask);
            match lost {
                None => sealed(ask, answer),
                Some(status) => {
                    silent |= status.is_none();
                    server_error(status.unwrap_or(504), false)
                }
            }
        }
    };
    let timing = match (silent, delay > 0.0) {
        (true, _) => Timing::Silence,
        (false, true) => Timing::Delay(delay),
        (false, false) => Timing::Now,
    };
    Reply { timing, ..reply }
}

fn answer(ask: &mut Ask<'_>) -> Result<Vec<u8>, Refusal> {
    match ask.service {
        Service::DynamoDb => service::dynamodb::answer(ask),
        Service::DynamoDbStreams => service::streams::answer(ask),
        Service::CloudWatch => service::cloudwatch::answer(ask),
        Service::ApplicationAutoscaling => service::autoscaling::answer(ask),
        Service::Sts => service::sts::answer(ask),
        Service::Lambda => service::lambda::answer(ask),
        Service::Dax => service::dax::answer(ask),
    }
}

fn refused(ask: &Ask<'_>, common: Common, message: &str) -> Reply {
    sealed(ask, Err(common.refusal(ask.service, message.to_owned())))
}

/// Whether a policy allows a call. Who one is needs no permission (AWS STS API Reference,
/// "`GetCallerIdentity`").
fn allows(policy: &Policy, ask: &Ask<'_>) -> bool {
    // The simulated Application Auto Scaling knows DynamoDB alone.
    const SCALING: &[(&str, &str)] = &[("application-autoscaling:service-namespace", "dynamodb")];
    let context = match ask.service {
        Service::ApplicationAutoscaling => SCALING,
        Service::Sts => return true,
        Service::DynamoDb
        | Service::DynamoDbStreams
        | Service::CloudWatch
        | Service::Lambda
        | Service::Dax => &[],
    };
    let action = action(ask.service, &ask.call.operation);
    policy.allows(Wish { action: &action, resource: Some(&iam_resource(ask)), context })
}

/// Whether a policy allows an operation on anything.
fn allows_somewhere(policy: &Policy, service: Service, operation: &str) -> bool {
    policy.allows(Wish { action: &action(service, operation), resource: None, context: &[] })
}

/// The IAM action of an operation.
fn action(service: Service, operation: &str) -> String {
    format!("{}:{operation}", service.iam_prefix())
}

/// What a call is about, as IAM sees it.
fn iam_resource(ask: &Ask<'_>) -> String {
    match ask.service {
        Service::DynamoDb => service::dynamodb::iam_resource(ask),
        Service::DynamoDbStreams => service::streams::iam_resource(ask),
        Service::CloudWatch => service::cloudwatch::iam_resource(ask),
        Service::ApplicationAutoscaling => service::autoscaling::iam_resource(ask),
        Service::Sts | Service::Lambda | Service::Dax => "*".to_owned(),
    }
}

/// Words a missing permission as IAM does (IAM user guide, "Troubleshoot access denied error messages").
fn denial(ask: &Ask<'_>) -> String {
    let action = action(ask.service, &ask.call.operation);
    let resource = iam_resource(ask);
    let caller = &ask.account().caller_arn;
    format!(
        "User: {caller} is not authorized to perform: {action} on resource: {resource} because no \
         identity-based policy allows the {action} action"
    )
}

fn server_error(status: u16, html: bool) -> Reply {
    let page = format!("<html><body><h1>HTTP {status}</h1></body></html>\n");
    if html { bare(status, "text/html", &page) } else { bare(status, "text/plain", "") }
}

/// Puts a service's answer into a reply.
fn sealed(ask: &Ask<'_>, answer: Result<Vec<u8>, Refusal>) -> Reply {
    let request_id = ask.call.request_id.clone();
    let mut headers = vec![("content-type", ask.format.content_type().to_owned())];
    if ask.format == Format::Cbor {
        headers.push(("smithy-protocol", "rpc-v2-cbor".to_owned()));
    }
    let (status, body) = match answer {
        Ok(body) => (200, body),
        Err(refusal) => {
            if ask.service == Service::CloudWatch {
                headers.push(("x-amzn-query-error", refusal.query_error()));
            }
            if ask.format == Format::RestJson {
                headers.push(("x-amzn-errortype", refusal.shape.to_owned()));
            }
            (refusal.status, refusal.body(ask.service, ask.format, &request_id))
        }
    };
    headers.push(("x-amzn-requestid", request_id));
    Reply { status, headers, body, timing: Timing::Now }
}

#[cfg(test)]
mod tests;
