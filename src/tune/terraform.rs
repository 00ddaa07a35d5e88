//! An edit as attributes of Terraform's AWS provider: the next `apply` would undo what is not there.

use super::call::scalable_dimension;
use super::setting::Setting;
use crate::model::id::Resource;
use crate::model::throttle::Direction;
use std::fmt::Write as _;

/// The resource of Terraform and its attributes; `None` where there is nothing to keep.
pub(super) fn attributes(after: &Setting) -> Option<String> {
    Some(match after {
        Setting::Bounds { resource, direction, min, max, suspended } => format!(
            "{}min_capacity = {min}\nmax_capacity = {max}\nsuspended_state {{\n  \
             dynamic_scaling_in_suspended  = {}\n  dynamic_scaling_out_suspended = {}\n  \
             scheduled_scaling_suspended   = {}\n}}\n",
            scalable("aws_appautoscaling_target", resource, *direction),
            suspended.scale_in,
            suspended.scale_out,
            suspended.scheduled,
        ),
        Setting::Policy { resource, direction, tracking, .. } => format!(
            "{}target_tracking_scaling_policy_configuration {{\n  target_value = {}\n}}\n",
            scalable("aws_appautoscaling_policy", resource, *direction),
            tracking.target_value,
        ),
        Setting::Capacity { resource, read, write } => table(
            resource,
            &[format!("read_capacity  = {read}"), format!("write_capacity = {write}")],
        ),
        Setting::Maximum { resource, read, write } => {
            let units = |units: &Option<u32>| units.map_or(-1, i64::from);
            let lines = [
                "on_demand_throughput {".to_owned(),
                format!("  max_read_request_units  = {}", units(read)),
                format!("  max_write_request_units = {}", units(write)),
                "}".to_owned(),
            ];
            table(resource, &lines)
        }
        Setting::Insights { resource, mode } => {
            let mut text = "# aws_dynamodb_contributor_insights\n".to_owned();
            text.extend(resource.table_name().map(|table| format!("table_name = \"{table}\"\n")));
            if let Resource::Index(_, index) = resource {
                let _ = writeln!(text, "index_name = \"{index}\"");
            }
            match mode {
                Some(mode) => {
                    let _ = writeln!(text, "mode       = \"{}\"", mode.as_str());
                }
                None => text.push_str("# off: remove this resource\n"),
            }
            text
        }
        Setting::Mute { .. } => return None,
    })
}

fn scalable(kind: &str, resource: &Resource, direction: Direction) -> String {
    let dimension = scalable_dimension(resource, direction);
    format!("# {kind} with resource_id \"{resource}\" and scalable_dimension \"{dimension}\"\n")
}

fn table(resource: &Resource, lines: &[String]) -> String {
    let name = resource.table_name().map_or("", |name| name);
    let mut text = format!("# aws_dynamodb_table with name \"{name}\"\n");
    let (head, indent, tail) = match resource {
        Resource::Index(_, index) => {
            (format!("global_secondary_index {{\n  name = \"{index}\"\n"), "  ", "}\n")
        }
        Resource::Account | Resource::Table(_) | Resource::Cluster(_) | Resource::Node(..) => {
            (String::new(), "", "")
        }
    };
    text.push_str(&head);
    text.extend(lines.iter().map(|line| format!("{indent}{line}\n")));
    text + tail
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::scaling::Suspended;

    #[test]
    fn attributes_are_those_of_the_aws_provider() {
        let index = Resource::index("orders", "by-customer");
        let bounds = Setting::Bounds {
            resource: Resource::table("orders"),
            direction: Direction::Write,
            min: 5,
            max: 9,
            suspended: Suspended { scale_in: true, ..Suspended::default() },
        };
        for (after, expected) in [
            (
                bounds,
                "# aws_appautoscaling_target with resource_id \"table/orders\" and \
                 scalable_dimension \"dynamodb:table:WriteCapacityUnits\"\nmin_capacity = 5\n\
                 max_capacity = 9\nsuspended_state {\n  dynamic_scaling_in_suspended  = true\n  \
                 dynamic_scaling_out_suspended = false\n  scheduled_scaling_suspended   = false\n}\n",
            ),
            (
                Setting::Capacity { resource: index.clone(), read: 1, write: 2 },
                "# aws_dynamodb_table with name \"orders\"\nglobal_secondary_index {\n  \
                 name = \"by-customer\"\n  read_capacity  = 1\n  write_capacity = 2\n}\n",
            ),
            (
                Setting::Maximum { resource: Resource::table("t"), read: None, write: Some(7) },
                "# aws_dynamodb_table with name \"t\"\non_demand_throughput {\n  \
                 max_read_request_units  = -1\n  max_write_request_units = 7\n}\n",
            ),
            (
                Setting::Insights { resource: index, mode: None },
                "# aws_dynamodb_contributor_insights\ntable_name = \"orders\"\n\
                 index_name = \"by-customer\"\n# off: remove this resource\n",
            ),
        ] {
            assert_eq!(attributes(&after).unwrap(), expected);
        }
        let mute = Setting::Mute { rule: "ddbtop-1".into(), mute: None };
        assert_eq!(attributes(&mute), None);
    }
}
