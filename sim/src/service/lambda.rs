//! AWS Lambda: the event-source mappings that read the streams of the fleet's tables.

use serde::Serialize;

use super::dynamodb::stream_arn;
use super::{Ask, arn, constraint, page, page_size_error};
use crate::facts::{AccountState, EventSourceMapping};
use crate::wire::{Common, Refusal, Service, Stamp};

/// Items per page, whatever is asked for (API reference, `MaxItems`) …
const PAGE: usize = 100;

/// … which may be more.
const MAX_ITEMS: usize = 10_000;

/// What an ARN looks like to Lambda (API reference, `EventSourceArn`).
const ARN_PATTERN: &str = "arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\\-])+:((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?\
                           -[a-z]+-\\d{1})?:(\\d{12})?:(.*)";

/// Answers one call.
pub(crate) fn answer(ask: &mut Ask<'_>) -> Result<Vec<u8>, Refusal> {
    match ask.call.operation.as_str() {
        "ListEventSourceMappings" => list(ask),
        _ => Err(ask.unknown_operation()),
    }
}

fn list(ask: &mut Ask<'_>) -> Result<Vec<u8>, Refusal> {
    let filter = Filter::read(ask)?;
    let account = ask.account();
    let all = ask.fleet.event_source_mappings(ask.now);
    if let Some(function) = filter.function.as_deref()
        && !all.iter().any(|mapping| mapping.settings.function == function)
    {
        let function = arn(account, "lambda", &format!("function:{function}"));
        return Err(Refusal {
            status: 404,
            ..Refusal::client(
                "ResourceNotFoundException",
                "ResourceNotFound",
                format!("Function not found: {function}"),
            )
        });
    }
    let mut found: Vec<_> =
        all.iter().map(|mapping| Configuration::new(mapping, account)).collect();
    found.retain(|mapping| filter.keeps(mapping));
    let question = (&filter.source, &filter.function);
    let (event_source_mappings, next_marker) =
        page(&found, filter.marker.as_deref(), filter.size, &question).ok_or_else(|| {
            let message = "The pagination token is not valid";
            Refusal::client("InvalidParameterValueException", "InvalidParameterValue", message)
        })?;
    ask.output(&ListOutput { event_source_mappings, next_marker })
}

/// What is asked for.
struct Filter {
    source: Option<String>,
    /// The name alone.
    function: Option<String>,
    size: usize,
    marker: Option<String>,
}

impl Filter {
    fn read(ask: &mut Ask<'_>) -> Result<Self, Refusal> {
        let given = |name| ask.parameter(name).filter(|value| !value.is_empty());
        let filter = Self {
            source: given("EventSourceArn"),
            function: given("FunctionName").map(|name| function_name(&name).to_owned()),
            size: given("MaxItems").map_or(Ok(PAGE), |items| page_size(&items))?,
            marker: given("Marker"),
        };
        ask.call.continued = filter.marker.is_some();
        match filter.source.as_deref() {
            Some(source) if !source.starts_with("arn:aws") => {
                let rule = format!("Member must satisfy regular expression pattern: {ARN_PATTERN}");
                Err(invalid(constraint(&source, "eventSourceArn", &rule)))
            }
            Some(_) | None => Ok(filter),
        }
    }

    fn keeps(&self, mapping: &Configuration<'_>) -> bool {
        self.source.as_deref().is_none_or(|source| source == mapping.event_source_arn)
            && self.function.as_deref().is_none_or(|name| name == mapping.function)
    }
}

fn page_size(items: &str) -> Result<usize, Refusal> {
    let Ok(items) = items.parse::<i64>() else {
        let message = format!("'{items}' is not an integer");
        return Err(Common::Malformed.refusal(Service::Lambda, message));
    };
    match page_size_error(items, "maxItems", MAX_ITEMS) {
        Some(message) => Err(invalid(message)),
        None => Ok(usize::try_from(items).unwrap_or(PAGE).min(PAGE)),
    }
}

/// Takes the name out of a function's full or partial ARN (API reference, `FunctionName`). A version or
/// alias stays: no mapping here is with one.
fn function_name(name_or_arn: &str) -> &str {
    name_or_arn.split_once("function:").map_or(name_or_arn, |(_, name)| name)
}

fn invalid(message: String) -> Refusal {
    Refusal { shape: "ValidationException", ..Common::Malformed.refusal(Service::Lambda, message) }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ListOutput<'a> {
    event_source_mappings: Vec<Configuration<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_marker: Option<String>,
}

/// An `EventSourceMappingConfiguration`, as far as one of a DynamoDB stream goes.
#[derive(Serialize, Clone)]
#[serde(rename_all = "PascalCase")]
struct Configuration<'a> {
    #[serde(skip)]
    function: &'a str,
    #[serde(rename = "UUID")]
    uuid: &'a str,
    starting_position: &'static str,
    batch_size: u32,
    maximum_batching_window_in_seconds: u32,
    parallelization_factor: u32,
    event_source_arn: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    filter_criteria: Option<FilterCriteria<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    metrics_config: Option<MetricsConfig>,
    function_arn: String,
    last_modified: Stamp,
    last_processing_result: &'a str,
    state: &'static str,
    state_transition_reason: &'static str,
    destination_config: DestinationConfig<'a>,
    maximum_record_age_in_seconds: i64,
    bisect_batch_on_function_error: bool,
    maximum_retry_attempts: i64,
    tumbling_window_in_seconds: u32,
    function_response_types: Vec<&'static str>,
    event_source_mapping_arn: String,
}

#[derive(Serialize, Clone)]
#[serde(rename_all = "PascalCase")]
struct FilterCriteria<'a> {
    filters: Vec<Pattern<'a>>,
}

#[derive(Serialize, Clone)]
#[serde(rename_all = "PascalCase")]
struct Pattern<'a> {
    pattern: &'a str,
}

#[derive(Serialize, Clone)]
#[serde(rename_all = "PascalCase")]
struct MetricsConfig {
    metrics: [&'static str; 1],
}

/// `OnFailure` is there, and empty, without a destination (AWS CLI reference, `list-event-source-mappings`).
#[derive(Serialize, Clone)]
#[serde(rename_all = "PascalCase")]
struct DestinationConfig<'a> {
    on_failure: OnFailure<'a>,
}

#[derive(Serialize, Clone)]
#[serde(rename_all = "PascalCase")]
struct OnFailure<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    destination: Option<&'a str>,
}

impl<'a> Configuration<'a> {
    fn new(mapping: &'a EventSourceMapping<'_>, account: &AccountState) -> Self {
        let settings = mapping.settings;
        let filters = settings.filters.iter().map(|pattern| Pattern { pattern });
        Self {
            function: &settings.function,
            uuid: &mapping.uuid,
            starting_position: settings.starting_position.name(),
            batch_size: settings.batch_size,
            maximum_batching_window_in_seconds: 0,
            parallelization_factor: settings.parallelization_factor,
            event_source_arn: stream_arn(account, mapping.table, mapping.stream_since),
            filter_criteria: (!settings.filters.is_empty())
                .then(|| FilterCriteria { filters: filters.collect() }),
            metrics_config: settings
                .event_count
                .then_some(MetricsConfig { metrics: ["EventCount"] }),
            function_arn: arn(account, "lambda", &format!("function:{}", settings.function)),
            last_modified: Stamp(mapping.last_modified),
            last_processing_result: mapping.last_result,
            state: settings.state.name(),
            state_transition_reason: "User action",
            destination_config: DestinationConfig {
                on_failure: OnFailure { destination: settings.on_failure.as_deref() },
            },
            maximum_record_age_in_seconds: settings.maximum_record_age_seconds,
            bisect_batch_on_function_error: settings.bisect,
            maximum_retry_attempts: settings.maximum_retry_attempts,
            tumbling_window_in_seconds: 0,
            function_response_types: settings
                .partial_batch
                .then_some("ReportBatchItemFailures")
                .into_iter()
                .collect(),
            event_source_mapping_arn: arn(
                account,
                "lambda",
                &format!("event-source-mapping:{}", mapping.uuid),
            ),
        }
    }
}

#[cfg(test)]
mod tests;
