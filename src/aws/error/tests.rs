//! Tables of failures and what they are taken for.

use super::*;
use aws_sdk_dynamodb::operation::list_tables::ListTablesError;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::error::ErrorMetadata;

const ACTION: &str = "dynamodb:ListTables";

type Failure = SdkError<ListTablesError, HttpResponse>;

fn reply(status: u16, body: &'static str) -> HttpResponse {
    HttpResponse::new(StatusCode::try_from(status).unwrap(), SdkBody::from(body))
}

fn service(status: u16, code: Option<&str>, body: &'static str) -> Failure {
    let mut meta = ErrorMetadata::builder().message("as\n AWS says");
    if let Some(code) = code {
        meta = meta.code(code);
    }
    SdkError::service_error(ListTablesError::generic(meta.build()), reply(status, body))
}

#[test]
fn errors_with_a_code_are_told_apart_by_it() {
    use ErrorClass::{Denied, Expired, Rejected, Server, Throttled};
    for (status, code, class) in [
        (400, "ThrottlingException", Throttled),
        (400, "Throttling", Throttled),
        (503, "SlowDown", Throttled),
        (429, "Whatever", Throttled),
        (400, "AccessDeniedException", Denied),
        (403, "AccessDenied", Denied),
        (400, "ExpiredTokenException", Expired),
        (403, "ExpiredToken", Expired),
        (400, "UnrecognizedClientException", Expired),
        (403, "InvalidClientTokenId", Expired),
        (500, "InternalServerError", Server),
        (503, "ServiceUnavailable", Server),
        (400, "ValidationException", Rejected),
        (400, "InvalidSignatureException", Rejected),
        (400, "UnknownOperationException", Rejected),
    ] {
        let error = call_error(ACTION, &service(status, Some(code), "{}"));
        assert_eq!(error.class, class, "{code}");
        assert_eq!(error.code.as_deref(), Some(code));
        assert_eq!(error.message, "as AWS says");
    }
}

#[test]
fn error_pages_are_named_and_never_quoted() {
    use ErrorClass::{Server, Throttled, Unreadable};
    for (status, body, class, message) in [
        (500, "<!doctype html><h1>x</h1>", Server, "HTTP 500 with an error page"),
        (503, "", Server, "HTTP 503 with an empty reply"),
        (404, "<html>", Unreadable, "HTTP 404 with an error page"),
        (403, "<html>", Unreadable, "HTTP 403 with an error page"),
        (400, "nope", Unreadable, "HTTP 400 with a reply that is not AWS's"),
        (429, "", Throttled, "HTTP 429 with an empty reply"),
    ] {
        let error = call_error(ACTION, &service(status, None, body));
        assert_eq!((error.class, error.message.as_str()), (class, message));
    }
    let garbled: Failure = SdkError::response_error("not JSON", reply(200, "hello"));
    let error = call_error(ACTION, &garbled);
    assert_eq!(error.class, Unreadable);
    assert_eq!(error.message, "HTTP 200 with a reply that is not AWS's");
}

#[test]
fn calls_that_were_never_sent_are_told_apart_by_their_causes() {
    use ErrorClass::{Expired, Network, NoCredentials, NoRegion, TimedOut};
    let sso = CredentialsError::provider_error("the SSO token has expired and cannot be refreshed");
    for (source, class) in [
        (ConnectorError::timeout("late".into()), TimedOut),
        (ConnectorError::io("Connection refused (os error 111)".into()), Network),
        (ConnectorError::other(CredentialsError::not_loaded("none").into(), None), NoCredentials),
        (ConnectorError::other(sso.into(), None), Expired),
        (ConnectorError::other("Invalid Configuration: Missing Region".into(), None), NoRegion),
    ] {
        let text = format!("{source:?}");
        let error = call_error(ACTION, &Failure::dispatch_failure(source));
        assert_eq!(error.class, class, "{text}");
        assert!(!error.message.is_empty());
    }
    let error = call_error(ACTION, &Failure::timeout_error("operation"));
    assert_eq!(error.class, TimedOut);
    let refused = ConnectorError::io("Connection refused (os error 111)".into());
    let error = call_error(ACTION, &Failure::dispatch_failure(refused));
    assert_eq!(error.message, "Connection refused (os error 111)");
}

#[test]
fn a_long_message_is_cut_to_one_line() {
    let line = one_line(&"word\n".repeat(200));
    assert_eq!(line.chars().count(), LONGEST + 1);
    assert!(line.ends_with('…') && !line.contains('\n'));
}

#[test]
fn advice_names_the_command_or_the_permission() {
    let error = |class| CallError { class, action: ACTION, code: None, message: String::new() };
    let expired = error(ErrorClass::Expired).cure(Some("prod")).unwrap();
    assert!(expired.contains("`aws sso login --profile prod`"), "{expired}");
    let denied = error(ErrorClass::Denied).cure(None).unwrap();
    assert!(denied.contains(ACTION), "{denied}");
    let region = error(ErrorClass::NoRegion).cure(None).unwrap();
    assert!(region.contains("--region") && region.contains("AWS_REGION"), "{region}");
    assert_eq!(error(ErrorClass::Server).cure(None), None);
}
