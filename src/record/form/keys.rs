//! Reports of Contributor Insights. Keys are customer data: their masks are written, and they themselves
//! only where that was asked for.

use super::{Fields, Ink, Recorded, map, named, recorded};
use crate::model::contributor::{Contributor, Key, Report, Reports, RuleKind};
use ciborium::Value;
use std::sync::Arc;

recorded! {
    Reports { reports, is_whole }
    Report { kind, rule, window, labels, total, unique, contributors }
    Contributor { keys, total, points }
}

named! {
    RuleKind {
        AccessedKeys = "PKC",
        AccessedPairs = "SKC",
        ThrottledKeys = "PKT",
        ThrottledPairs = "SKT",
    }
}

impl Recorded for Key {
    fn write(&self, ink: Ink) -> Value {
        let whole = ink.keys.then(|| Value::from(self.reveal()));
        map([("mask", Value::from(self.masked())), ("key", whole.unwrap_or(Value::Null))])
    }

    fn read(value: Value) -> Option<Self> {
        let mut fields = Fields::of(value)?;
        let mask: Arc<str> = fields.take("mask")?;
        let whole: Option<Arc<str>> = fields.take("key")?;
        Some(Self::recorded(mask, whole))
    }
}
