//! `DescribeParameterGroups` and `DescribeParameters`, worded as the examples of the AWS CLI reference.

#![expect(clippy::struct_field_names, reason = "the members have AWS's names")]

use serde::{Deserialize, Serialize};

use super::{invalid, invalid_token, page_size};
use crate::facts::DaxParameterGroup;
use crate::scenario::spec::dax::DEFAULT_PARAMETER_GROUP;
use crate::service::{Ask, page};
use crate::wire::Refusal;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct GroupsInput {
    parameter_group_names: Option<Vec<String>>,
    max_results: Option<i64>,
    next_token: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct GroupsOutput {
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
    parameter_groups: Vec<Group>,
}

#[derive(Serialize, Clone)]
#[serde(rename_all = "PascalCase")]
struct Group {
    parameter_group_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'static str>,
}

pub(super) fn describe_groups(ask: &mut Ask<'_>) -> Result<Vec<u8>, Refusal> {
    let input: GroupsInput = ask.input()?;
    ask.call.continued = input.next_token.is_some();
    let size = page_size(input.max_results)?;
    let all = ask.fleet.dax_parameter_groups(ask.now);
    let wanted = input.parameter_group_names.unwrap_or_default();
    for name in &wanted {
        find(&all, name)?;
    }
    let groups = all.into_iter().filter(|group| wanted.is_empty() || wanted.contains(&group.name));
    let found: Vec<Group> = groups
        .map(|group| Group {
            description: (group.name == DEFAULT_PARAMETER_GROUP)
                .then_some("Default parameter group for dax1.0"),
            parameter_group_name: group.name,
        })
        .collect();
    let (parameter_groups, next_token) =
        page(&found, input.next_token.as_deref(), size, &wanted).ok_or_else(invalid_token)?;
    ask.output(&GroupsOutput { next_token, parameter_groups })
}

fn find<'a>(all: &'a [DaxParameterGroup], name: &str) -> Result<&'a DaxParameterGroup, Refusal> {
    all.iter().find(|group| group.name == name).ok_or_else(|| {
        let message = format!("Parameter group {name} not found");
        Refusal::client("ParameterGroupNotFoundFault", "ParameterGroupNotFound", message)
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Input {
    parameter_group_name: Option<String>,
    source: Option<String>,
    max_results: Option<i64>,
    next_token: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Output {
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
    parameters: Vec<Parameter>,
}

#[derive(Serialize, Clone)]
#[serde(rename_all = "PascalCase")]
struct Parameter {
    parameter_name: &'static str,
    parameter_type: &'static str,
    parameter_value: String,
    node_type_specific_values: [(); 0],
    description: &'static str,
    source: &'static str,
    data_type: &'static str,
    allowed_values: &'static str,
    is_modifiable: &'static str,
    change_type: &'static str,
}

/// Where both parameters are from, in AWS's example.
const SOURCE: &str = "user";

impl Parameter {
    fn new(
        parameter_name: &'static str,
        description: &'static str,
        millis: u64,
        group: &DaxParameterGroup,
    ) -> Self {
        Self {
            parameter_name,
            parameter_type: "DEFAULT",
            parameter_value: millis.to_string(),
            node_type_specific_values: [],
            description,
            source: SOURCE,
            data_type: "integer",
            allowed_values: "0-",
            is_modifiable: "TRUE",
            change_type: if group.needs_reboot { "REQUIRES_REBOOT" } else { "IMMEDIATE" },
        }
    }
}

pub(super) fn describe(ask: &mut Ask<'_>) -> Result<Vec<u8>, Refusal> {
    let input: Input = ask.input()?;
    ask.call.continued = input.next_token.is_some();
    let size = page_size(input.max_results)?;
    let name = input.parameter_group_name;
    let name = name.ok_or_else(|| invalid("ParameterGroupName must not be null"))?;
    let all = ask.fleet.dax_parameter_groups(ask.now);
    let group = find(&all, &name)?;
    let record =
        "Duration in milliseconds for records to remain valid in cache (Default: 0 = infinite)";
    let parameters = [
        Parameter::new(
            "query-ttl-millis",
            "Duration in milliseconds for queries to remain cached",
            group.query_ttl_millis,
            group,
        ),
        Parameter::new("record-ttl-millis", record, group.record_ttl_millis, group),
    ];
    let wanted = input.source.as_deref().is_none_or(|source| source == SOURCE);
    let found: &[Parameter] = if wanted { &parameters } else { &[] };
    let (parameters, next_token) =
        page(found, input.next_token.as_deref(), size, &name).ok_or_else(invalid_token)?;
    ask.output(&Output { next_token, parameters })
}
