//! The fields of a draft: their names, how their text reads, and what `+` and `-` make of it.

use super::validate::TARGETS;
use crate::model::throttle::Direction;
use std::fmt;

/// What a field sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// A scalable target's minimum, units per second.
    Min,
    /// A scalable target's maximum, units per second.
    Max,
    /// Target utilization, percent.
    Target,
    /// Whether scaling in is suspended.
    ScaleIn,
    /// Whether scaling out is suspended.
    ScaleOut,
    /// Provisioned capacity that autoscaling does not manage, units per second.
    Capacity,
    /// The on-demand maximum, request units per second.
    Maximum,
}

/// A field of a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Key {
    /// What it sets.
    pub field: Field,
    /// Of reads or of writes.
    pub direction: Direction,
}

impl Field {
    /// What the screen calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Min => "minimum",
            Self::Max => "maximum",
            Self::Target => "target",
            Self::ScaleIn => "scale-in suspended",
            Self::ScaleOut => "scale-out suspended",
            Self::Capacity => "capacity",
            Self::Maximum => "on-demand maximum",
        }
    }
}

impl fmt::Display for Key {
    /// Writes its name, such as `write minimum`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.direction.as_str(), self.field.name())
    }
}

/// What the text of a field says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Value {
    Units(u32),
    Percent(f64),
    Flag(bool),
    /// `None` is no maximum.
    Maximum(Option<u32>),
}

impl Field {
    /// Reads what was typed.
    ///
    /// # Errors
    /// What was expected instead.
    pub(super) fn read(self, text: &str) -> Result<Value, String> {
        let text = text.trim();
        let expected = |what: &str| format!("`{}` is not {what}", shortened(text));
        match self {
            Self::Min | Self::Max | Self::Capacity => {
                units(text).map(Value::Units).ok_or_else(|| expected("a whole number of units"))
            }
            Self::Target => {
                percent(text).map(Value::Percent).ok_or_else(|| expected("a percentage"))
            }
            Self::ScaleIn | Self::ScaleOut => {
                flag(text).map(Value::Flag).ok_or_else(|| expected("yes or no"))
            }
            Self::Maximum if matches!(text, "none" | "-1") => Ok(Value::Maximum(None)),
            Self::Maximum => units(text)
                .map(|units| Value::Maximum(Some(units)))
                .ok_or_else(|| expected("a whole number of units, or none")),
        }
    }

    /// The text one step up or down: to the next round number, of the magnitude that it has.
    /// `None` where there is none, or the text does not read as a value.
    pub(super) fn nudged(self, text: &str, up: bool) -> Option<String> {
        Some(match self.read(text).ok()? {
            Value::Units(units) | Value::Maximum(Some(units)) => {
                nudged_units(units, up)?.to_string()
            }
            Value::Maximum(None) => return None,
            Value::Percent(percent) => nudged_percent(percent, up)?.to_string(),
            Value::Flag(flag) => super::words::yes_or_no(!flag).to_owned(),
        })
    }
}

/// Enough of what was typed to recognise it, on one line.
fn shortened(text: &str) -> String {
    const CHARS: usize = 20;
    let shown = text.chars().map(|c| if c.is_control() { '?' } else { c });
    if text.chars().count() <= CHARS {
        return shown.collect();
    }
    shown.take(CHARS).chain(['…']).collect()
}

/// Digits, which may be parted by commas or underscores into groups of three.
fn units(text: &str) -> Option<u32> {
    let mut groups = text.split([',', '_']);
    let first = groups.next()?;
    let has_groups = text.contains([',', '_']);
    let is_digits = |group: &str| !group.is_empty() && group.bytes().all(|b| b.is_ascii_digit());
    let is_first = is_digits(first) && (!has_groups || first.len() <= 3);
    if !is_first || !groups.all(|group| is_digits(group) && group.len() == 3) {
        return None;
    }
    text.replace([',', '_'], "").parse().ok()
}

fn percent(text: &str) -> Option<f64> {
    let number = text.strip_suffix('%').unwrap_or(text).trim_end();
    let is_plain = number.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    number.parse().ok().filter(|_| is_plain)
}

fn flag(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "yes" | "y" | "true" | "on" => Some(true),
        "no" | "n" | "false" | "off" => Some(false),
        _ => None,
    }
}

/// `98`, `99`, `100`, `110`, … `1000`, `1100`, …: a step is a tenth of the power of ten below, and
/// at least 1, so that `-` goes back the way that `+` came.
fn nudged_units(units: u32, up: bool) -> Option<u32> {
    let step = |units: u32| 10_u32.checked_pow(units.max(1).ilog10().saturating_sub(1));
    if up {
        let step = step(units)?;
        (units / step).checked_add(1)?.checked_mul(step)
    } else {
        let below = units.checked_sub(1).filter(|below| *below > 0)?;
        let step = step(below)?;
        Some((below / step * step).max(1))
    }
}

fn nudged_percent(percent: f64, up: bool) -> Option<f64> {
    const STEP: f64 = 5.0;
    let next = if up { (percent / STEP).floor() + 1.0 } else { (percent / STEP).ceil() - 1.0 };
    Some(STEP * next).filter(|next| TARGETS.contains(next))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_reads_as_it_looks_or_not_at_all() {
        for (field, text, expected) in [
            (Field::Min, "100", Some(Value::Units(100))),
            (Field::Min, " 1,000 ", Some(Value::Units(1_000))),
            (Field::Max, "12_000_000", Some(Value::Units(12_000_000))),
            (Field::Max, "1,5", None),
            (Field::Max, "1000,000", None),
            (Field::Max, ",", None),
            (Field::Max, "-5", None),
            (Field::Max, "+5", None),
            (Field::Max, "1e3", None),
            (Field::Max, "5.5", None),
            (Field::Max, "99999999999", None),
            (Field::Max, "", None),
            (Field::Max, "١٢", None),
            (Field::Target, "70", Some(Value::Percent(70.0))),
            (Field::Target, "62.5 %", Some(Value::Percent(62.5))),
            (Field::Target, "NaN", None),
            (Field::Target, "inf", None),
            (Field::Target, "", None),
            (Field::Target, ".", None),
            (Field::ScaleIn, "Yes", Some(Value::Flag(true))),
            (Field::ScaleOut, "off", Some(Value::Flag(false))),
            (Field::ScaleOut, "maybe", None),
            (Field::Maximum, "none", Some(Value::Maximum(None))),
            (Field::Maximum, "-1", Some(Value::Maximum(None))),
            (Field::Maximum, "500", Some(Value::Maximum(Some(500)))),
            (Field::Maximum, "-2", None),
        ] {
            assert_eq!(field.read(text).ok(), expected, "{field:?} {text:?}");
        }
        let long = Field::Min.read(&"x".repeat(500)).unwrap_err();
        assert!(long.len() < 80, "{long}");
        let control = Field::Min.read("1\n\u{1b}[2J").unwrap_err();
        assert_eq!(control, "`1??[2J` is not a whole number of units");
    }

    #[test]
    fn plus_and_minus_go_to_the_next_round_number_of_that_magnitude() {
        for (text, up, down) in [
            ("1", "2", None),
            ("9", "10", Some("8")),
            ("19", "20", Some("18")),
            ("20", "21", Some("19")),
            ("99", "100", Some("98")),
            ("100", "110", Some("99")),
            ("199", "200", Some("190")),
            ("205", "210", Some("200")),
            ("1000", "1100", Some("990")),
            ("1999", "2000", Some("1900")),
            ("4000", "4100", Some("3900")),
            ("20000", "21000", Some("19000")),
        ] {
            assert_eq!(Field::Min.nudged(text, true).as_deref(), Some(up), "{text} up");
            assert_eq!(Field::Min.nudged(text, false).as_deref(), down, "{text} down");
        }
    }

    #[test]
    fn targets_step_by_five_within_what_is_allowed_and_flags_turn_over() {
        for (field, text, up, expected) in [
            (Field::Target, "70", false, Some("65")),
            (Field::Target, "72", true, Some("75")),
            (Field::Target, "90", true, None),
            (Field::Target, "20", false, None),
            (Field::Target, "12", true, None),
            (Field::ScaleIn, "no", true, Some("yes")),
            (Field::ScaleIn, "yes", true, Some("no")),
            (Field::Maximum, "none", true, None),
            (Field::Min, "lots", true, None),
            (Field::Min, "4294967295", true, None),
            (Field::Min, "0", false, None),
        ] {
            assert_eq!(field.nudged(text, up).as_deref(), expected, "{field:?} {text}");
        }
    }
}
