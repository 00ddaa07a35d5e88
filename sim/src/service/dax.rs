//! Amazon DynamoDB Accelerator: clusters, what happened to them, and parameter groups.

mod clusters;
mod events;
mod parameters;

use super::Ask;
use crate::wire::Refusal;

/// Entries per page, at least and at most (API reference, `MaxResults`) …
const PAGE_SIZES: std::ops::RangeInclusive<i64> = 20..=100;

/// … and by default.
const PAGE: usize = 100;

/// Answers one call.
pub(crate) fn answer(ask: &mut Ask<'_>) -> Result<Vec<u8>, Refusal> {
    match ask.call.operation.as_str() {
        "DescribeClusters" => clusters::describe(ask),
        "DescribeEvents" => events::describe(ask),
        "DescribeParameterGroups" => parameters::describe_groups(ask),
        "DescribeParameters" => parameters::describe(ask),
        _ => Err(ask.unknown_operation()),
    }
}

/// The size of a page.
fn page_size(max_results: Option<i64>) -> Result<usize, Refusal> {
    match max_results {
        Some(size) if PAGE_SIZES.contains(&size) => Ok(usize::try_from(size).unwrap_or(PAGE)),
        Some(size) => Err(invalid(format!("MaxResults must be from 20 to 100, and is {size}"))),
        None => Ok(PAGE),
    }
}

fn invalid(message: impl Into<String>) -> Refusal {
    Refusal::client("InvalidParameterValueException", "InvalidParameterValue", message)
}

fn invalid_token() -> Refusal {
    invalid("The NextToken is not valid")
}

#[cfg(test)]
mod tests;
