//! What the filter finds alarms by.

use crate::app::query::terms;

/// The language in a line, as the filter box shows it.
pub(in crate::app) const HINT: &str = "text  !text  state:alarm  about:text  lint:text";

/// What a row offers in one column of words.
type Column = fn(&Words) -> &str;

/// Columns that a term can name before a colon.
const COLUMNS: [(&str, Column); 5] = [
    ("name", |words| &words.name),
    ("about", |words| &words.about),
    ("metric", |words| &words.metric),
    ("state", |words| words.state),
    ("lint", |words| &words.lint),
];

/// What one alarm offers to the filter, in lower case.
#[derive(Debug, Clone, Default)]
pub(super) struct Words {
    pub(super) name: String,
    pub(super) about: String,
    /// What is compared with what.
    pub(super) metric: String,
    pub(super) state: &'static str,
    /// The rules it breaks, and how much that matters.
    pub(super) lint: String,
}

/// A filter as it was typed, understood.
#[derive(Debug)]
pub(super) struct Filter {
    terms: Vec<Term>,
}

#[derive(Debug)]
struct Term {
    inverse: bool,
    /// `None` looks into every column.
    column: Option<Column>,
    text: String,
}

impl Filter {
    /// Reads terms between blanks that must all hold, each an optional `!`, an optional column with
    /// `:`, and a text, which is looked for in every column where none is named.
    pub(super) fn parse(typed: &str) -> Self {
        let term = |(inverse, text): (bool, String)| {
            let named = text.split_once(':').and_then(|(name, rest)| {
                let (_, column) = COLUMNS.into_iter().find(|(known, _)| *known == name)?;
                Some((column, rest.to_owned()))
            });
            let (column, text) = named.map_or((None, text), |(column, rest)| (Some(column), rest));
            (!text.is_empty()).then_some(Term { inverse, column, text })
        };
        Self { terms: terms(typed).into_iter().filter_map(term).collect() }
    }

    /// Whether it asks for something, rather than leaving something out.
    pub(super) fn seeks(&self) -> bool {
        self.terms.iter().any(|term| !term.inverse)
    }

    pub(super) fn matches(&self, words: &Words) -> bool {
        self.terms.iter().all(|term| {
            let holds = |column: Column| column(words).contains(term.text.as_str());
            let found = match term.column {
                Some(column) => holds(column),
                None => COLUMNS.into_iter().any(|(_, column)| holds(column)),
            };
            found != term.inverse
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_look_into_every_column_or_into_the_one_they_name() {
        let words = Words {
            name: "orders-throttled".to_owned(),
            about: "orders/by-status".to_owned(),
            metric: "sum writethrottleevents > 0".to_owned(),
            state: "insufficient_data",
            lint: "ddb001 error".to_owned(),
        };
        for (typed, passes) in [
            ("", true),
            ("ORDERS", true),
            ("by-status", true),
            ("WriteThrottle", true),
            ("state:alarm", false),
            ("state:insuff", true),
            ("!state:alarm", true),
            ("about:orders lint:error", true),
            ("about:payments", false),
            ("!about:orders", false),
            ("state:", true),
            ("!", true),
            ("name:\"orders thr\"", false),
        ] {
            assert_eq!(Filter::parse(typed).matches(&words), passes, "{typed:?}");
        }
        for (typed, seeks) in [("", false), ("!pay", false), ("pay", true)] {
            assert_eq!(Filter::parse(typed).seeks(), seeks, "{typed:?}");
        }
    }
}
