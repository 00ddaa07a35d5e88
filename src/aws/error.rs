//! What kind of failure a call met, and what to do about it.
//!
//! Most of AWS's errors are not modelled variants of an operation, so they are told apart by code,
//! by where the SDK gave up, and by HTTP status.

use crate::model::health::{CallError, ErrorClass};
use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::{ConnectorError, SdkError};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use std::error::Error;

/// Longest message that is kept, in characters.
const LONGEST: usize = 300;

/// Codes for "fewer calls, please" (AWS General Reference and each service's "Common errors").
const THROTTLED: [&str; 8] = [
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "RequestThrottled",
    "RequestThrottledException",
    "RequestLimitExceeded",
    "TooManyRequestsException",
    "SlowDown",
];

/// Codes for "you may not" (the same pages).
const DENIED: [&str; 6] = [
    "AccessDenied",
    "AccessDeniedException",
    "UnauthorizedOperation",
    "AuthorizationError",
    "NotAuthorized",
    "OptInRequired",
];

/// Codes for credentials that are no longer, or not yet, what AWS knows (the same pages).
const EXPIRED: [&str; 6] = [
    "ExpiredToken",
    "ExpiredTokenException",
    "RequestExpired",
    "InvalidClientTokenId",
    "UnrecognizedClientException",
    "TokenRefreshRequired",
];

/// Turns the SDK's error of a call to `action` into ours.
pub(super) fn call_error<E>(action: &'static str, error: &SdkError<E, HttpResponse>) -> CallError
where
    E: Error + ProvideErrorMetadata + 'static,
{
    let plain = |class, message| CallError { class, action, code: None, message };
    match error {
        SdkError::TimeoutError(_) => plain(ErrorClass::TimedOut, "no answer in time".to_owned()),
        SdkError::DispatchFailure(failure) => failure
            .as_connector_error()
            .map_or_else(|| undispatched(action, error), |source| dispatch(action, source)),
        SdkError::ConstructionFailure(_) => undispatched(action, error),
        SdkError::ResponseError(context) => {
            unreadable(action, &page(context.raw().status().as_u16(), context.raw()))
        }
        SdkError::ServiceError(context) => {
            let status = context.raw().status().as_u16();
            match context.err().code() {
                Some(code) => CallError {
                    class: by_code(code, status),
                    action,
                    code: Some(code.to_owned()),
                    message: one_line(context.err().message().unwrap_or("no message")),
                },
                None => plain(by_status(status), page(status, context.raw())),
            }
        }
        other => plain(ErrorClass::Unreadable, causes(other)),
    }
}

/// An answer that AWS does not give.
pub(super) fn unreadable(action: &'static str, what: &str) -> CallError {
    CallError { class: ErrorClass::Unreadable, action, code: None, message: what.to_owned() }
}

fn by_code(code: &str, status: u16) -> ErrorClass {
    if THROTTLED.contains(&code) || status == 429 {
        ErrorClass::Throttled
    } else if DENIED.contains(&code) {
        ErrorClass::Denied
    } else if EXPIRED.contains(&code) {
        ErrorClass::Expired
    } else if status >= 500 {
        ErrorClass::Server
    } else {
        ErrorClass::Rejected
    }
}

/// For replies without a code: error pages of proxies, of load balancers and of other servers.
fn by_status(status: u16) -> ErrorClass {
    match status {
        429 => ErrorClass::Throttled,
        500.. => ErrorClass::Server,
        _ => ErrorClass::Unreadable,
    }
}

fn dispatch(action: &'static str, source: &ConnectorError) -> CallError {
    if source.is_timeout() {
        let message = "no connection in time".to_owned();
        return CallError { class: ErrorClass::TimedOut, action, code: None, message };
    }
    if source.is_io() {
        let message = causes(source);
        return CallError { class: ErrorClass::Network, action, code: None, message };
    }
    undispatched(action, source)
}

/// A call that was never sent: without credentials or a region there is nothing to send.
fn undispatched(action: &'static str, error: &(dyn Error + 'static)) -> CallError {
    let message = causes(error);
    let class = if let Some(credentials) = find::<CredentialsError>(error) {
        credentials_class(credentials)
    } else if message.contains("Missing Region") {
        ErrorClass::NoRegion
    } else {
        ErrorClass::Network
    };
    CallError { class, action, code: None, message }
}

/// The chain's own words tell an expired login from a missing one: the SDK keeps that error type
/// to itself.
fn credentials_class(error: &CredentialsError) -> ErrorClass {
    let said = causes(error).to_lowercase();
    let expired =
        said.contains("expired") || EXPIRED.iter().any(|code| said.contains(&code.to_lowercase()));
    if expired {
        ErrorClass::Expired
    } else if matches!(error, CredentialsError::ProviderTimedOut(_)) {
        ErrorClass::TimedOut
    } else {
        ErrorClass::NoCredentials
    }
}

fn find<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    chain(error).find_map(|error| error.downcast_ref())
}

/// An error and what caused it, outermost first.
pub(super) fn chain<'a>(
    error: &'a (dyn Error + 'static),
) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| error.source())
}

/// The causes that say something, outermost first.
fn causes(error: &(dyn Error + 'static)) -> String {
    const NOISE: [&str; 4] =
        ["other", "io error", "dispatch failure", "failed to construct request"];
    let mut said: Vec<String> = Vec::new();
    for cause in chain(error) {
        let text = cause.to_string();
        let known = said.iter().any(|earlier| earlier.contains(&text));
        if !known && !NOISE.contains(&text.as_str()) {
            said.push(text);
        }
    }
    one_line(&said.join(": "))
}

/// Describes a reply that holds no error of AWS's.
fn page(status: u16, reply: &HttpResponse) -> String {
    let body = reply.body().bytes().unwrap_or_default().trim_ascii();
    let what = if body.is_empty() {
        "an empty reply"
    } else if body.starts_with(b"<") {
        "an error page"
    } else {
        "a reply that is not AWS's"
    };
    format!("HTTP {status} with {what}")
}

/// The text on one line, cut where it gets long.
fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let line = words.join(" ");
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
        None => line,
    }
}

#[cfg(test)]
mod tests;
