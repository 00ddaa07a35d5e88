//! Whether confirmed plans may be written, and who says so.

use super::{ConfigError, Target};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt;

/// The variable; `true` or `false`.
pub(super) const VARIABLE: &str = "DDBTOP_ALLOW_WRITES";

/// The profile that is used where none is named.
const DEFAULT_PROFILE: &str = "default";

/// Whether confirmed plans may be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Writes {
    /// They may.
    Allowed {
        /// Who says so.
        by: SaidBy,
    },
    /// They may not.
    Forbidden {
        /// Who says so.
        by: SaidBy,
    },
}

impl Writes {
    /// Whether they may.
    pub fn are_allowed(&self) -> bool {
        matches!(self, Self::Allowed { .. })
    }

    /// Who says so, for the header: `by --allow-writes`; empty where that goes without saying.
    pub fn by(&self) -> String {
        let (Self::Allowed { by } | Self::Forbidden { by }) = self;
        match by {
            SaidBy::Default | SaidBy::Simulated => String::new(),
            SaidBy::Flag | SaidBy::Environment | SaidBy::File | SaidBy::Profile(_) => {
                format!("by {by}")
            }
        }
    }

    /// Why nothing can be written, and what would allow it: a clause. Empty where they are allowed.
    pub fn answer(&self) -> String {
        let Self::Forbidden { by } = self else { return String::new() };
        match by {
            SaidBy::Default => {
                "nobody allowed it (--allow-writes would, or allow_writes in the settings)"
                    .to_owned()
            }
            SaidBy::Simulated
            | SaidBy::Flag
            | SaidBy::Environment
            | SaidBy::File
            | SaidBy::Profile(_) => {
                format!("{by} forbids it, and wins (without that, --allow-writes would allow it)")
            }
        }
    }
}

impl fmt::Display for SaidBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("the default"),
            Self::Simulated => f.write_str("the simulated AWS"),
            Self::Flag => f.write_str("--allow-writes"),
            Self::Environment => f.write_str(VARIABLE),
            Self::File => f.write_str("the settings file"),
            Self::Profile(name) => write!(f, "profile {name} in the settings file"),
        }
    }
}

/// Where a permission or its opposite is from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SaidBy {
    /// Nobody said anything: a real AWS is only read.
    Default,
    /// The AWS is simulated.
    Simulated,
    /// `--allow-writes`.
    Flag,
    /// `DDBTOP_ALLOW_WRITES`.
    Environment,
    /// `allow_writes` of the settings file.
    File,
    /// `allow_writes` of this profile in the settings file.
    Profile(String),
}

/// `[profiles.NAME]` of the settings file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Profile {
    /// Whether writes may be carried out with it.
    pub allow_writes: Option<bool>,
}

/// Everything that may say something about writes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) flag: bool,
    pub(super) variable: Option<bool>,
    pub(super) file: Option<bool>,
    pub(super) profiles: BTreeMap<String, Profile>,
    /// `AWS_PROFILE`.
    pub(super) environment_profile: Option<String>,
}

impl Said {
    /// Forbidding wins over allowing, wherever it comes from.
    pub(super) fn resolve(&self, target: &Target) -> Writes {
        let (by_profile, profile) = self.by_profile(target);
        let simulated = matches!(target, Target::Simulated(_));
        let said = [
            (by_profile, SaidBy::Profile(profile)),
            (self.file, SaidBy::File),
            (self.variable, SaidBy::Environment),
            (self.flag.then_some(true), SaidBy::Flag),
            (simulated.then_some(true), SaidBy::Simulated),
        ];
        let first = |wanted| said.iter().find(|(says, _)| *says == Some(wanted));
        match (first(false), first(true)) {
            (Some((_, by)), _) => Writes::Forbidden { by: by.clone() },
            (None, Some((_, by))) => Writes::Allowed { by: by.clone() },
            (None, None) => Writes::Forbidden { by: SaidBy::Default },
        }
    }

    /// What the profiles in use say together, and which of them: one that forbids does so for all, and
    /// all must allow.
    fn by_profile(&self, target: &Target) -> (Option<bool>, String) {
        let Target::Live { selection, .. } = target else { return (None, String::new()) };
        let mut names: Vec<&str> = selection.profiles.iter().map(String::as_str).collect();
        if names.is_empty() {
            names.push(self.environment_profile.as_deref().unwrap_or(DEFAULT_PROFILE));
        }
        let says = |name: &str| self.profiles.get(name)?.allow_writes;
        if let Some(name) = names.iter().find(|name| says(name) == Some(false)) {
            return (Some(false), (*name).to_owned());
        }
        let all_allow = names.iter().all(|name| says(name) == Some(true));
        (all_allow.then_some(true), names.join(", "))
    }
}

/// Reads the variable.
///
/// # Errors
/// It is neither `true` nor `false`.
pub(super) fn read(text: &str) -> Result<bool, ConfigError> {
    match text.trim() {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(ConfigError::Flag {
            flag: VARIABLE,
            problem: format!("expected true or false, not `{text}`"),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::Selection;
    use crate::config::Simulated;

    fn live(profile: Option<&str>) -> Target {
        let profiles = profile.iter().flat_map(|names| names.split(',')).map(str::to_owned);
        let selection = Selection { profiles: profiles.collect(), regions: vec![] };
        Target::Live { selection, endpoint_url: None }
    }

    fn simulated() -> Target {
        let scenario = "calm".to_owned();
        let regions = vec![];
        Target::Simulated(Simulated { scenario, seed: 1, speed: None, regions, tables: None })
    }

    fn profiles() -> BTreeMap<String, Profile> {
        let profile = |says| Profile { allow_writes: Some(says) };
        [("prod", false), ("oncall", true), ("default", true)]
            .map(|(name, says)| (name.to_owned(), profile(says)))
            .into()
    }

    #[test]
    fn forbidding_wins_over_allowing_wherever_it_comes_from() {
        use SaidBy::{Default, Environment, File, Flag, Simulated};
        let of_profile = |name: &str| SaidBy::Profile(name.to_owned());
        let all = profiles();
        let none = Said::default;
        let allowed = |by| Writes::Allowed { by };
        let forbidden = |by| Writes::Forbidden { by };
        for (said, target, expected) in [
            (none(), live(None), forbidden(Default)),
            (Said { flag: true, ..none() }, live(None), allowed(Flag)),
            (Said { variable: Some(true), ..none() }, live(None), allowed(Environment)),
            (Said { file: Some(true), ..none() }, live(None), allowed(File)),
            (Said { profiles: all.clone(), ..none() }, live(None), allowed(of_profile("default"))),
            (
                Said { profiles: all.clone(), ..none() },
                live(Some("oncall")),
                allowed(of_profile("oncall")),
            ),
            (Said { profiles: all.clone(), ..none() }, live(Some("dev")), forbidden(Default)),
            (
                Said { flag: true, variable: Some(false), ..none() },
                live(None),
                forbidden(Environment),
            ),
            (Said { flag: true, file: Some(false), ..none() }, live(None), forbidden(File)),
            (
                Said { file: Some(false), profiles: all.clone(), ..none() },
                live(Some("oncall")),
                forbidden(File),
            ),
            (
                Said { flag: true, file: Some(true), profiles: all.clone(), ..none() },
                live(Some("prod")),
                forbidden(of_profile("prod")),
            ),
            (
                Said {
                    flag: true,
                    profiles: all.clone(),
                    environment_profile: Some("prod".to_owned()),
                    ..none()
                },
                live(None),
                forbidden(of_profile("prod")),
            ),
            (none(), simulated(), allowed(Simulated)),
            (
                Said {
                    profiles: all.clone(),
                    environment_profile: Some("prod".to_owned()),
                    ..none()
                },
                simulated(),
                allowed(Simulated),
            ),
            (Said { variable: Some(false), ..none() }, simulated(), forbidden(Environment)),
            (Said { flag: true, ..none() }, simulated(), allowed(Flag)),
            (
                Said { profiles: all.clone(), ..none() },
                live(Some("oncall,default")),
                allowed(of_profile("oncall, default")),
            ),
            (
                Said { profiles: all.clone(), ..none() },
                live(Some("oncall,dev")),
                forbidden(Default),
            ),
            (
                Said { flag: true, profiles: all.clone(), ..none() },
                live(Some("oncall,prod,dev")),
                forbidden(of_profile("prod")),
            ),
        ] {
            assert_eq!(said.resolve(&target), expected, "{said:?} {target:?}");
        }
    }

    #[test]
    fn where_writes_are_forbidden_it_is_told_by_whom_and_what_would_allow_them() {
        let answer = |by| Writes::Forbidden { by }.answer();
        let nobody = "nobody allowed it (--allow-writes would, or allow_writes in the settings)";
        assert_eq!(answer(SaidBy::Default), nobody);
        assert_eq!(
            answer(SaidBy::Profile("prod".to_owned())),
            "profile prod in the settings file forbids it, and wins (without that, --allow-writes would allow it)"
        );
        assert_eq!(Writes::Allowed { by: SaidBy::Flag }.answer(), "");
    }

    #[test]
    fn a_variable_that_is_neither_is_named() {
        let problem = read("yes").unwrap_err().to_string();
        assert_eq!(problem, "DDBTOP_ALLOW_WRITES: expected true or false, not `yes`");
    }
}
