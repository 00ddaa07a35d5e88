use serde_json::{Value, json};

use crate::testing::{DYNAMODB, get, refused, world, world_of};
use crate::world::World;

/// A table with a sort key and an index without one, in each state of Contributor Insights.
const TABLES: &str = "
    [[table]]
    name = 'full'
    key_schema = ['pk', 'sk']
    contributor_insights = 'accessed-and-throttled'
    [[table.index]]
    name = 'by-day'
    key_schema = ['day']
    contributor_insights = 'throttled'
    [[table.index]]
    name = 'by-city'
    contributor_insights = 'accessed-and-throttled'
    [[table.index]]
    name = 'by-name'
    [[table]]
    name = 'lean'
    key_schema = ['pk', 'sk']
    contributor_insights = 'throttled'
    [[table]]
    name = 'failed'
    contributor_insights = 'failed'
    [[table]]
    name = 'without'
";

fn describe(world: &World, table: &str, index: Option<&str>) -> Value {
    let mut body = json!({ "TableName": table });
    if let Some(index) = index {
        body["IndexName"] = json!(index);
    }
    get(world, DYNAMODB, "DescribeContributorInsights", &body)
}

/// Reads all pages; returns what is listed, as `table` or `table/index`, and the sizes of the pages.
fn listed(world: &World, body: &Value) -> (Vec<String>, Vec<usize>) {
    let (mut names, mut sizes, mut body) = (Vec::new(), Vec::new(), body.clone());
    loop {
        let page = get(world, DYNAMODB, "ListContributorInsights", &body);
        let part = page["ContributorInsightsSummaries"].as_array().unwrap();
        sizes.push(part.len());
        names.extend(part.iter().map(|summary| {
            let table = summary["TableName"].as_str().unwrap();
            let index = summary["IndexName"].as_str();
            index.map_or(table.to_owned(), |index| format!("{table}/{index}"))
        }));
        if page["NextToken"].is_null() {
            return (names, sizes);
        }
        body["NextToken"] = page["NextToken"].clone();
    }
}

#[test]
fn rules_are_those_of_the_mode_and_of_the_keys() {
    let world = world_of(TABLES);
    let all = |resource: &str, kinds: &[&str]| -> Vec<String> {
        kinds.iter().map(|kind| format!("DynamoDBContributorInsights-{kind}-{resource}-")).collect()
    };
    let table = [
        ("full", None, all("full", &["PKC", "SKC", "PKT", "SKT"])),
        ("full", Some("by-day"), all("full-by-day", &["PKT"])),
        ("full", Some("by-city"), all("full-by-city", &["PKC", "PKT"])),
        ("lean", None, all("lean", &["PKT", "SKT"])),
    ];
    for (table, index, expected) in table {
        let description = describe(&world, table, index);
        let updated = description["LastUpdateDateTime"].as_f64().unwrap();
        assert!(updated < world.start(), "{description}");
        let rules = description["ContributorInsightsRuleList"].as_array().unwrap();
        let rules: Vec<&str> = rules.iter().map(|rule| rule.as_str().unwrap()).collect();
        assert_eq!(rules.len(), expected.len(), "{rules:?}");
        for (rule, expected) in rules.iter().zip(expected) {
            let created: f64 = rule.strip_prefix(&expected).unwrap().parse().unwrap();
            assert!((updated * 1_000.0 - created - 1_000.0).abs() < 1.0, "{rule} {updated}");
        }
        assert_eq!(describe(&world_of(TABLES), table, index), description, "in every run");
    }
}

#[test]
fn a_table_or_index_that_never_had_it_says_disabled_and_no_more() {
    let world = world_of(TABLES);
    assert_eq!(
        describe(&world, "without", None),
        json!({ "TableName": "without", "ContributorInsightsStatus": "DISABLED" })
    );
    let index = describe(&world, "full", Some("by-name"));
    assert_eq!(
        index,
        json!({
            "TableName": "full", "IndexName": "by-name", "ContributorInsightsStatus": "DISABLED",
        })
    );
}

#[test]
fn a_failure_has_its_exception_and_no_rules() {
    let description = describe(&world_of(TABLES), "failed", None);
    assert_eq!(description["ContributorInsightsStatus"], "FAILED");
    assert_eq!(description["ContributorInsightsMode"], "ACCESSED_AND_THROTTLED_KEYS");
    assert_eq!(description["FailureException"]["ExceptionName"], "LimitExceededException");
    assert!(description["ContributorInsightsRuleList"].is_null(), "{description}");
}

#[test]
fn a_table_is_described_by_its_arn_too() {
    let world = world_of(TABLES);
    let table = get(&world, DYNAMODB, "DescribeTable", &json!({ "TableName": "full" }));
    let arn = table["Table"]["TableArn"].as_str().unwrap();
    assert_eq!(describe(&world, arn, Some("by-day")), describe(&world, "full", Some("by-day")));
    assert_eq!(
        listed(&world, &json!({ "TableName": arn })),
        listed(&world, &json!({ "TableName": "full" }))
    );
}

#[test]
fn what_is_disabled_is_not_listed_and_a_table_comes_before_its_indexes() {
    let world = world_of(TABLES);
    let (names, sizes) = listed(&world, &json!({}));
    assert_eq!(names, ["failed", "full", "full/by-city", "full/by-day", "lean"]);
    assert_eq!(sizes, [5]);
    let (names, _) = listed(&world, &json!({ "TableName": "full" }));
    assert_eq!(names, ["full", "full/by-city", "full/by-day"]);
    assert!(listed(&world, &json!({ "TableName": "without" })).0.is_empty());
}

#[test]
fn pages_of_the_account_may_be_empty_and_those_of_a_table_are_not() {
    let world = world_of(TABLES);
    let (names, sizes) = listed(&world, &json!({ "MaxResults": 1 }));
    assert_eq!(names, listed(&world, &json!({})).0);
    assert_eq!(sizes, [1, 1, 1, 1, 0, 1, 0], "by-name and without are disabled");
    let (names, sizes) = listed(&world, &json!({ "TableName": "full", "MaxResults": 2 }));
    assert_eq!((names.len(), sizes), (3, vec![2, 1]));
}

#[test]
fn a_bad_request_is_refused_with_its_reason() {
    let world = world("calm", None);
    let table = [
        ("List", json!({ "MaxResults": 101 }), "ValidationException", "'101' at 'maxResults'"),
        ("List", json!({ "MaxResults": 0 }), "ValidationException", "'0' at 'maxResults'"),
        ("List", json!({ "NextToken": "x" }), "ValidationException", "NextToken"),
        ("List", json!({ "TableName": "a b" }), "ValidationException", "Invalid table/index name"),
        (
            "List",
            json!({ "TableName": "nope" }),
            "ResourceNotFoundException",
            "Requested resource not found: Table: nope not found",
        ),
        ("Describe", json!({}), "ValidationException", "at 'tableName'"),
        (
            "Describe",
            json!({ "TableName": "nope" }),
            "ResourceNotFoundException",
            "Requested resource not found: Table: nope not found",
        ),
        (
            "Describe",
            json!({ "TableName": "users", "IndexName": "GSI9" }),
            "ResourceNotFoundException",
            "Requested resource not found: Index: GSI9 not found for table: users",
        ),
    ];
    for (verb, body, name, part) in table {
        let operation = format!("{verb}ContributorInsights");
        let (found, message) = refused(&world, DYNAMODB, &operation, &body);
        assert_eq!(found, name, "{body}");
        assert!(message.contains(part), "{message}");
    }
}

#[test]
fn a_token_is_good_for_its_own_table_only() {
    let world = world_of(TABLES);
    let first = json!({ "TableName": "full", "MaxResults": 1 });
    let page = get(&world, DYNAMODB, "ListContributorInsights", &first);
    let token = &page["NextToken"];
    let (name, _) =
        refused(&world, DYNAMODB, "ListContributorInsights", &json!({ "NextToken": token }));
    assert_eq!(name, "ValidationException");
}
