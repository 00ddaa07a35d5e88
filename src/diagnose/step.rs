//! The next step as data: screens tell of it which key leads on, and where there are no keys it is told without.

use std::fmt;

/// What to do next. Its words hold wherever they are read: no key stands in them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Advice {
    /// What to do.
    pub step: String,
    /// What this program opens for that, where it may.
    pub opens: Option<Opens>,
    /// What else there is to know of it; may be empty.
    pub more: String,
    /// To what a limit has to be raised at least, units per second, where it is to be raised and that is known.
    pub raise_to: Option<f64>,
}

/// What can be opened of an advice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opens {
    /// The change that it advises.
    Change,
    /// The plan of that change, which has a price of its own.
    PricedPlan,
    /// The plan that takes the user's last write back.
    Undo,
}

impl Advice {
    pub(super) fn opening(opens: Opens, step: impl Into<String>) -> Self {
        Self { step: step.into(), opens: Some(opens), ..Self::default() }
    }

    /// The same with what else there is to know.
    pub(super) fn knowing(self, more: impl Into<String>) -> Self {
        Self { more: more.into(), ..self }
    }

    /// In words; `way` says how its change is opened, where that is possible.
    pub fn told(&self, way: Option<&str>) -> String {
        let way = way.map_or_else(String::new, |way| format!(": {way}"));
        let more = if self.more.is_empty() { String::new() } else { format!("; {}", self.more) };
        format!("{}{way}{more}", self.step)
    }
}

impl fmt::Display for Advice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.told(None))
    }
}

impl From<String> for Advice {
    fn from(step: String) -> Self {
        Self { step, ..Self::default() }
    }
}

impl From<&str> for Advice {
    fn from(step: &str) -> Self {
        Self::from(step.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_it_is_opened_stands_behind_the_step_and_before_what_else_there_is_to_know() {
        let advice = Advice::opening(Opens::Change, "raise it").knowing("it acts at once");
        assert_eq!(advice.told(Some("e opens it")), "raise it: e opens it; it acts at once");
        assert_eq!(advice.to_string(), "raise it; it acts at once");
        assert_eq!(Advice::from("wait").told(None), "wait");
    }
}
