//! The rules for the set-up around the tables.

use std::collections::HashSet;

use super::amount;
use crate::fleet::LAMBDA;
use crate::scenario::spec::alarms::SignalSpec;
use crate::scenario::spec::inventory::{ConsumerSpec, InsightsSpec};
use crate::scenario::spec::{ScenarioSpec, TableSpec};

/// Contributor Insights rules in one account and Region ("CloudWatch service quotas").
const MAX_RULES: usize = 100;

/// Filters of one event-source mapping (Lambda developer guide, "Control which events Lambda sends to
/// your function").
const MAX_FILTERS: usize = 5;

/// The shortest `MaximumRecordAgeInSeconds` but for -1, and the longest (API reference).
const RECORD_AGES: std::ops::RangeInclusive<i64> = 60..=604_800;

/// Checks what a scenario says of Contributor Insights.
pub(super) fn check(spec: &ScenarioSpec) -> Result<(), String> {
    let rules: usize = spec.tables.iter().map(rules_of).sum();
    if rules > MAX_RULES {
        return Err(format!("{rules} Contributor Insights rules, an account may have {MAX_RULES}"));
    }
    Ok(())
}

/// Contributor Insights rules of a table and its indexes.
fn rules_of(table: &TableSpec) -> usize {
    let own = (table.contributor_insights, table.key_schema.len());
    let indexes = table.indexes.iter();
    let all = std::iter::once(own)
        .chain(indexes.map(|index| (index.contributor_insights, index.key_schema.len())));
    all.map(|(insights, keys)| match insights {
        // The partition keys, and the pairs with the sort key if there is one.
        Some(InsightsSpec::AccessedAndThrottled) => 2 * keys,
        Some(InsightsSpec::Throttled) => keys,
        Some(InsightsSpec::Failed) | None => 0,
    })
    .sum()
}

/// Checks the consumers of a table's stream.
pub(super) fn check_consumers(table: &TableSpec) -> Result<(), String> {
    if !table.consumers.is_empty() && !table.stream {
        return Err("a consumer needs a stream".into());
    }
    let mut functions = HashSet::new();
    for consumer in &table.consumers {
        if !functions.insert(&consumer.function) {
            return Err(format!("two consumers are `{}`", consumer.function));
        }
        check_consumer(consumer)
            .map_err(|problem| format!("consumer `{}`: {problem}", consumer.function))?;
    }
    Ok(())
}

/// Refuses a scripted metric of a function whose own metrics follow from the stream it reads.
pub(super) fn check_function(signal: &SignalSpec, spec: &ScenarioSpec) -> Result<(), String> {
    let function = signal.dimensions.get("FunctionName").filter(|_| signal.namespace == LAMBDA);
    let mut consumers = spec.tables.iter().flat_map(|table| &table.consumers);
    match function {
        Some(function) if consumers.any(|consumer| consumer.function == *function) => {
            Err(format!("the consumer `{function}` publishes its own metrics"))
        }
        Some(_) | None => Ok(()),
    }
}

/// Checks where a table's changes go beside its stream.
pub(super) fn check_outflow(table: &TableSpec, region: &str) -> Result<(), String> {
    let mut regions = HashSet::new();
    for replica in &table.replicas {
        if replica.region == region || !regions.insert(&replica.region) {
            return Err(format!("replica `{}`: one in each other region", replica.region));
        }
        amount("writes_per_second", replica.writes_per_second.unwrap_or_default())
            .map_err(|problem| format!("replica `{}`: {problem}", replica.region))?;
    }
    match &table.kinesis {
        Some(kinesis) if kinesis.shards == 0 => Err("`kinesis.shards` must be 1 or more".into()),
        Some(_) | None => Ok(()),
    }
}

/// The bounds are those of Lambda's API reference, `EventSourceMappingConfiguration`.
fn check_consumer(consumer: &ConsumerSpec) -> Result<(), String> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let name = &consumer.function;
    if !(1..=64).contains(&name.len()) || !name.chars().all(allowed) {
        return Err("the function must have 1 to 64 letters, digits, `_` or `-`".into());
    }
    if !(1..=10_000).contains(&consumer.batch_size) {
        return Err("`batch_size` must be from 1 to 10,000".into());
    }
    if !(1..=10).contains(&consumer.parallelization_factor) {
        return Err("`parallelization_factor` must be from 1 to 10".into());
    }
    if !(-1..=10_000).contains(&consumer.maximum_retry_attempts) {
        return Err("`maximum_retry_attempts` must be from -1 to 10,000".into());
    }
    let age = consumer.maximum_record_age_seconds;
    if age != -1 && !RECORD_AGES.contains(&age) {
        return Err("`maximum_record_age_seconds` must be -1, or from 60 to 604,800".into());
    }
    if consumer.on_failure.as_deref().is_some_and(|arn| !arn.starts_with("arn:")) {
        return Err("`on_failure` must be an ARN".into());
    }
    amount("records_per_second", consumer.records_per_second.unwrap_or_default())?;
    if consumer.filters.len() > MAX_FILTERS {
        return Err(format!("more than {MAX_FILTERS} filters"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::scenario::Scenario;

    /// What is wrong with a scenario; nothing if it is accepted.
    fn problem(toml: &str) -> String {
        let toml = format!("start = '2026-11-22T12:00:00Z'\n{toml}");
        Scenario::parse("test", &toml).err().map(|error| error.to_string()).unwrap_or_default()
    }

    #[test]
    fn a_consumer_that_lambda_would_not_take_is_refused() {
        let with = |settings: &str| {
            problem(&format!(
                "[[table]]\nname = 'abc'\nstream = true\n[[table.consumer]]\nfunction = 'f'\n{settings}"
            ))
        };
        assert_eq!(with(""), "");
        let table = [
            ("batch_size = 0", "`batch_size` must be from 1"),
            ("batch_size = 10_001", "`batch_size` must be from 1"),
            ("parallelization_factor = 11", "from 1 to 10"),
            ("maximum_retry_attempts = -2", "from -1 to 10,000"),
            ("maximum_record_age_seconds = 59", "-1, or from 60"),
            ("on_failure = 'queue'", "must be an ARN"),
            ("filters = ['{}', '{}', '{}', '{}', '{}', '{}']", "more than 5 filters"),
            ("starting_position = 'AT_TIMESTAMP'", "AT_TIMESTAMP"),
            ("state = 'Paused'", "Paused"),
            ("[[table.consumer]]\nfunction = 'f'", "two consumers are `f`"),
            ("[[table.consumer]]\nfunction = 'a b'", "consumer `a b`: the function must have"),
        ];
        for (settings, expected) in table {
            let found = with(settings);
            assert!(found.contains(expected), "{settings}: {found}");
        }
        let found = problem("[[table]]\nname = 'abc'\n[[table.consumer]]\nfunction = 'f'");
        assert!(found.contains("table `abc`: a consumer needs a stream"), "{found}");
    }

    #[test]
    fn an_account_has_at_most_100_contributor_insights_rules() {
        let tables = |count: u32, mode: &str| {
            let table = |number| {
                format!(
                    "[[table]]\nname = 'table-{number}'\nkey_schema = ['pk', 'sk']\n\
                     contributor_insights = '{mode}'\n"
                )
            };
            problem(&(0..count).map(table).collect::<String>())
        };
        assert_eq!(tables(25, "accessed-and-throttled"), "");
        assert!(tables(26, "accessed-and-throttled").contains("104 Contributor Insights rules"));
        assert_eq!(tables(50, "throttled"), "");
        assert_eq!(tables(60, "failed"), "");
    }
}
