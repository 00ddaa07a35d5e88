//! An identity-based IAM policy, as it is attached to whoever calls.
//!
//! What is in it is evaluated as IAM does (IAM User Guide, "Policy evaluation logic"): denied unless a statement
//! allows it, and whatever a statement denies. What is not known here is refused when it is read.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use thiserror::Error;

/// A policy that cannot be used.
#[derive(Debug, Error)]
#[error("not a policy that the simulated AWS can enforce: {0}")]
pub struct PolicyError(String);

/// A policy document.
#[derive(Debug, Clone)]
pub struct Policy {
    statements: Vec<Statement>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct Document {
    #[serde(rename = "Version")]
    _version: Option<String>,
    #[serde(rename = "Id")]
    _id: Option<String>,
    statement: Value,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct Statement {
    #[serde(rename = "Sid")]
    _sid: Option<String>,
    effect: StatementEffect,
    action: Several<String>,
    resource: Several<String>,
    #[serde(default)]
    condition: BTreeMap<Operator, BTreeMap<String, Several<String>>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
enum StatementEffect {
    Allow,
    Deny,
}

/// How a condition compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
enum Operator {
    StringEquals,
    StringLike,
}

/// One, or a list.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
enum Several<T> {
    One(T),
    Many(Vec<T>),
}

impl<T> Several<T> {
    fn iter(&self) -> std::slice::Iter<'_, T> {
        match self {
            Self::One(one) => std::slice::from_ref(one).iter(),
            Self::Many(many) => many.iter(),
        }
    }
}

/// What somebody wants to do.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wish<'a> {
    /// Such as `dynamodb:DescribeTable`.
    pub(crate) action: &'a str,
    /// An ARN, or `*` where an action has no resource; `None` asks whether there is any it is allowed on.
    pub(crate) resource: Option<&'a str>,
    /// Condition keys that the call has, with their values.
    pub(crate) context: &'a [(&'a str, &'a str)],
}

impl Policy {
    /// Reads a policy document.
    ///
    /// # Errors
    /// It is no JSON, no policy, or has an element or a condition that is not enforced here.
    pub fn parse(text: &str) -> Result<Self, PolicyError> {
        let document: Document =
            serde_json::from_str(text).map_err(|error| PolicyError(error.to_string()))?;
        // Each by itself, so that an error says where it is.
        let statements = match document.statement.as_array() {
            Some(several) => several.clone(),
            None => vec![document.statement],
        };
        let read = |(place, statement): (usize, Value)| {
            serde_json::from_value(statement)
                .map_err(|error| PolicyError(format!("statement {}: {error}", place + 1)))
        };
        let statements: Result<_, _> = statements.into_iter().enumerate().map(read).collect();
        Ok(Self { statements: statements? })
    }

    /// Whether somebody who has this policy alone may do it.
    pub(crate) fn allows(&self, wish: Wish<'_>) -> bool {
        let is = |effect| self.statements.iter().any(|one| one.effect == effect && one.hits(wish));
        is(StatementEffect::Allow) && !is(StatementEffect::Deny)
    }
}

impl Statement {
    fn hits(&self, wish: Wish<'_>) -> bool {
        // Actions are the same in capitals, resources are not.
        let action = wish.action.to_ascii_lowercase();
        let holds = |(operator, keys): (&Operator, &BTreeMap<String, Several<String>>)| {
            keys.iter().all(|(key, values)| operator.holds(wish.context, key, values))
        };
        self.action.iter().any(|pattern| like(&pattern.to_ascii_lowercase(), &action))
            && self.resource.iter().any(|pattern| match wish.resource {
                Some(resource) => like(pattern, resource),
                // What is denied on some is allowed on others.
                None => self.effect == StatementEffect::Allow || pattern == "*",
            })
            && self.condition.iter().all(holds)
    }
}

impl Operator {
    /// Whether the call has the key, with one of the values.
    fn holds(self, context: &[(&str, &str)], key: &str, values: &Several<String>) -> bool {
        let found = context.iter().find(|(name, _)| name.eq_ignore_ascii_case(key));
        found.is_some_and(|(_, value)| {
            values.iter().any(|wanted| match self {
                Self::StringEquals => wanted == value,
                Self::StringLike => like(wanted, value),
            })
        })
    }
}

/// Whether a text fits a pattern, in which `*` is any text and `?` any one character.
fn like(pattern: &str, text: &str) -> bool {
    let Some((before, after)) = pattern.split_once('*') else {
        let same = |(wanted, found): (char, char)| wanted == '?' || wanted == found;
        return pattern.chars().count() == text.chars().count()
            && pattern.chars().zip(text.chars()).all(same);
    };
    let length = before.chars().count();
    let split = text.char_indices().map(|(at, _)| at).chain([text.len()]).nth(length);
    let Some((head, tail)) = split.and_then(|at| text.split_at_checked(at)) else { return false };
    let mut rests = tail.char_indices().map(|(at, _)| at).chain([tail.len()]);
    like(before, head) && rests.any(|at| tail.get(at..).is_some_and(|rest| like(after, rest)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn policy(statements: &[Value]) -> Policy {
        let document = json!({ "Version": "2012-10-17", "Statement": statements });
        Policy::parse(&document.to_string()).unwrap()
    }

    fn allow(action: &str, resource: &str) -> Value {
        json!({ "Effect": "Allow", "Action": action, "Resource": resource })
    }

    fn wish<'a>(action: &'a str, resource: &'a str) -> Wish<'a> {
        Wish { action, resource: Some(resource), context: &[] }
    }

    #[test]
    fn patterns_are_those_of_iam() {
        for (pattern, text, fits) in [
            ("*", "", true),
            ("*", "anything", true),
            ("a*c", "abbc", true),
            ("a*c", "ac", true),
            ("a*c", "abb", false),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("table/*", "table/orders/index/by-status", true),
            ("*/index/*", "table/orders/index/by-status", true),
            ("a*b*c", "aXbXbYc", true),
            ("a**c", "abc", true),
            ("ab", "abc", false),
        ] {
            assert_eq!(like(pattern, text), fits, "{pattern} {text}");
        }
    }

    #[test]
    fn only_what_is_allowed_and_not_denied_may_be_done() {
        let deny = json!({
            "Effect": "Deny", "Action": ["dynamodb:Describe*"], "Resource": "*:table/secret",
        });
        let policy = policy(&[allow("dynamodb:describe*", "arn:aws:dynamodb:*:*:table/*"), deny]);
        let may = |action, resource| policy.allows(wish(action, resource));
        let table = "arn:aws:dynamodb:us-east-1:123456789012:table/orders";
        assert!(may("dynamodb:DescribeTable", table));
        let secret = table.replace("orders", "secret");
        assert!(!may("dynamodb:DescribeTable", &secret));
        assert!(!may("dynamodb:UpdateTable", table), "never named");
        assert!(!may("dynamodb:DescribeTable", "*"), "another resource");
        let somewhere = |action| policy.allows(Wish { resource: None, ..wish(action, "") });
        assert!(somewhere("dynamodb:DescribeTable") && !somewhere("dynamodb:UpdateTable"));
    }

    #[test]
    fn a_condition_needs_its_key() {
        let mut statement = allow("application-autoscaling:*", "*");
        statement["Condition"] = json!({ "StringEquals": { "namespace": ["dynamodb", "ecs"] } });
        let policy = policy(&[statement]);
        let may = |context| {
            policy.allows(Wish { context, ..wish("application-autoscaling:PutScalingPolicy", "*") })
        };
        assert!(may(&[("Namespace", "dynamodb")]));
        assert!(!may(&[("namespace", "rds")]));
        assert!(!may(&[]));
    }

    #[test]
    fn what_is_not_enforced_is_refused() {
        for (document, said) in [
            ("", "EOF"),
            (
                r#"{"Statement": [{"Effect": "Allow", "NotAction": "a", "Resource": "*"}]}"#,
                "statement 1: unknown field `NotAction`",
            ),
            (
                r#"{"Statement": {"Effect": "Allow", "Action": "a", "Resource": "*",
                    "Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}}}"#,
                "statement 1: unknown variant `IpAddress`",
            ),
        ] {
            let error = Policy::parse(document).unwrap_err().to_string();
            assert!(error.contains(said), "{error}");
        }
    }
}
