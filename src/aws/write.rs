//! The calls that write: each is sent once, and what came of it is told by what AWS may have done.
//!
//! The SDK would repeat a write that it takes for throttled, such as the decrease that no budget is
//! left for (`LimitExceededException`), or that it heard no answer to, which may write twice.

mod mute;
mod scaling;
#[cfg(test)]
mod tests;
mod throughput;

use super::error::{call_error, chain};
use super::{Attempts, Connection};
use crate::model::health::{CallError, ErrorClass};
use crate::tune::call::Call;
use aws_smithy_runtime_api::client::dns::ResolveDnsError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use std::error::Error;
use std::io;

/// What came of a call that writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sent {
    /// AWS accepted it.
    Done,
    /// It is surely not done: AWS refused it, or it never got there.
    Refused(CallError),
    /// AWS may have done it: no answer came, or none that tells.
    Unknown(CallError),
}

/// Codes that say that nothing was done, whatever the HTTP status: Application Auto Scaling answers
/// 500 here (Application Auto Scaling API Reference, "`PutScalingPolicy`", Errors).
const NOT_DONE: [&str; 1] = ["ConcurrentUpdateException"];

/// Codes that leave open whether anything was done, whatever the HTTP status (AWS General Reference,
/// "Common errors", and the services' own pages).
const PERHAPS_DONE: [&str; 9] = [
    "InternalFailure",
    "InternalServerError",
    "InternalServiceError",
    "InternalServiceException",
    "InternalServiceFault",
    "RequestTimeout",
    "RequestTimeoutException",
    "ServiceUnavailable",
    "ServiceUnavailableException",
];

impl Connection {
    /// Sends a write, once.
    ///
    /// For a scaling policy its description is read first, since all of it must be sent again: what
    /// goes wrong there is [`Sent::Refused`].
    pub async fn send(&self, call: &Call) -> Sent {
        let sent = match call {
            Call::RegisterScalableTarget { resource, direction, min, max, suspended } => {
                let of = (resource, *direction);
                self.register_scalable_target(of, (*min, *max), *suspended).await
            }
            Call::PutScalingPolicy { resource, direction, policy, tracking } => {
                self.put_scaling_policy((resource, *direction), policy, tracking).await
            }
            Call::UpdateCapacity { resource, read, write } => {
                self.update_capacity(resource, *read, *write).await
            }
            Call::UpdateMaximum { resource, read, write } => {
                self.update_maximum(resource, *read, *write).await
            }
            Call::UpdateContributorInsights { resource, enable, mode } => {
                self.update_insights(resource, *enable, mode).await
            }
            Call::PutAlarmMuteRule { rule, mute } => self.put_mute_rule(rule, mute).await,
            Call::DeleteAlarmMuteRule { rule } => self.delete_mute_rule(rule).await,
        };
        sent.unwrap_or_else(Sent::Refused)
    }
}

/// What came of a write, or why it was not even sent.
type Tried = Result<Sent, CallError>;

/// A write that this program does not send.
fn not_sent(action: &'static str, why: impl Into<String>) -> CallError {
    CallError { class: ErrorClass::Rejected, action, code: None, message: why.into() }
}

/// Judges the end of a call to `action` whose attempts were counted.
fn judged<T, E>(
    action: &'static str,
    sent: Result<T, SdkError<E, HttpResponse>>,
    attempts: &Attempts,
) -> Sent
where
    E: Error + ProvideErrorMetadata + 'static,
{
    let Err(error) = sent else { return Sent::Done };
    let told = call_error(action, &error);
    let never_left = attempts.count() == 0;
    if never_left || is_surely_not_done(&error, &told) {
        Sent::Refused(told)
    } else {
        Sent::Unknown(told)
    }
}

/// Whether AWS cannot have done it.
fn is_surely_not_done<E>(error: &SdkError<E, HttpResponse>, told: &CallError) -> bool
where
    E: Error + ProvideErrorMetadata + 'static,
{
    match error {
        SdkError::ConstructionFailure(_) => true,
        SdkError::DispatchFailure(_) => never_connected(error),
        SdkError::ServiceError(_) => is_refusal(told),
        // Without an answer, or with half of one, nothing is known.
        SdkError::TimeoutError(_) | SdkError::ResponseError(_) | _ => false,
    }
}

/// Whether an error that was answered says that nothing was done.
fn is_refusal(told: &CallError) -> bool {
    let is_one_of = |codes: &[&str]| told.code.as_deref().is_some_and(|code| codes.contains(&code));
    if is_one_of(&NOT_DONE) {
        return true;
    }
    if is_one_of(&PERHAPS_DONE) {
        return false;
    }
    match told.class {
        ErrorClass::Throttled
        | ErrorClass::Denied
        | ErrorClass::Expired
        | ErrorClass::Rejected
        | ErrorClass::NoCredentials
        | ErrorClass::NoRegion => true,
        ErrorClass::Network
        | ErrorClass::TimedOut
        | ErrorClass::Server
        // An error page of something on the way, which may have passed the request on.
        | ErrorClass::Unreadable => false,
    }
}

/// Whether no connection came about that the request could have left by. The HTTP client's own words
/// tell, since its types are its own; where they do not, the request counts as sent.
fn never_connected(error: &(dyn Error + 'static)) -> bool {
    const WORDS: [&str; 2] = ["client error (Connect)", "HTTP connect timeout"];
    chain(error).any(|cause| {
        let refused = |io: &io::Error| io.kind() == io::ErrorKind::ConnectionRefused;
        let text = cause.to_string();
        cause.downcast_ref::<ResolveDnsError>().is_some()
            || cause.downcast_ref::<io::Error>().is_some_and(refused)
            || WORDS.iter().any(|words| text.starts_with(words))
    })
}
