//! The filter language: terms that must all hold, such as `mode:prov !pay ruse>80`.

use crate::view::tables::SortBy;

/// The language in a line, as the filter box shows it.
pub(super) const HINT: &str = "!text  mode:text  verdict:text  ruse>80  p99>20";

/// What a row offers in one column of words.
type Column = fn(&Words) -> &str;
/// Whether a number, the first, is on the wanted side of a limit.
type Comparison = fn(f64, f64) -> bool;

/// Columns of words that a term can name before a colon.
const WORDS: [(&str, Column); 5] = [
    ("name", |words| &words.name),
    ("index", |words| if words.is_index { &words.name } else { "" }),
    ("mode", |words| words.mode),
    ("status", |words| &words.status),
    ("verdict", |words| &words.verdict),
];

/// Columns of numbers that a term can name before a comparison: their heads in lower case without
/// blanks, and short forms.
const NUMBERS: [(&str, SortBy); 9] = [
    ("ruse", SortBy::ReadUse),
    ("wuse", SortBy::WriteUse),
    ("rthr", SortBy::ReadThrottles),
    ("wthr", SortBy::WriteThrottles),
    ("ru/s", SortBy::ReadUnits),
    ("wu/s", SortBy::WriteUnits),
    ("p99ms", SortBy::Latency),
    ("p99", SortBy::Latency),
    ("syserr", SortBy::SystemErrors),
];

/// Longer ones first: `>` begins `>=`.
const COMPARISONS: [(&str, Comparison); 5] = [
    (">=", |value, limit| value >= limit),
    ("<=", |value, limit| value <= limit),
    (">", |value, limit| value > limit),
    ("<", |value, limit| value < limit),
    // Figures are shown rounded.
    ("=", |value, limit| (value - limit).abs() < 0.5),
];

/// What one row offers to the filter, in lower case.
#[derive(Debug, Clone, Default)]
pub(super) struct Words {
    /// `table`, or `table/index`.
    pub(super) name: String,
    /// Whether it is an index.
    pub(super) is_index: bool,
    /// `provisioned` or `on-demand`.
    pub(super) mode: &'static str,
    /// The status.
    pub(super) status: String,
    /// The verdicts' headlines, causes and reasons.
    pub(super) verdict: String,
}

/// A filter as it was typed, understood.
#[derive(Debug, Clone)]
pub(super) struct Filter {
    terms: Vec<Term>,
}

#[derive(Debug, Clone)]
struct Term {
    inverse: bool,
    test: Test,
}

#[derive(Debug, Clone)]
enum Test {
    /// The words contain the text.
    Contains(Column, String),
    /// The number compares so with the limit.
    Compares(SortBy, Comparison, f64),
}

impl Filter {
    /// Reads what was typed: terms between blanks, each an optional `!`, an optional column with `:`
    /// or a comparison, and a text or number. A text with blanks stands in double quotes.
    ///
    /// A word that names no column is part of the text, which is looked for in the name. A term that
    /// is not complete yet lets everything through.
    pub(super) fn parse(typed: &str) -> Self {
        let read = |(inverse, term): (bool, String)| read(inverse, &term);
        Self { terms: terms(typed).into_iter().filter_map(read).collect() }
    }

    /// The first column that a term names and that there is not.
    pub(super) fn unknown_column(typed: &str) -> Option<String> {
        terms(typed).into_iter().find_map(|(_, term)| {
            let end = term.find([':', '<', '>', '='])?;
            let (column, _) = term.split_at_checked(end)?;
            let is_known = WORDS.iter().any(|(name, _)| *name == column)
                || NUMBERS.iter().any(|(name, _)| *name == column);
            (!is_known).then(|| column.to_owned())
        })
    }

    /// The columns that terms can name.
    pub(super) fn columns() -> String {
        let words = WORDS.iter().map(|(name, _)| format!("{name}:"));
        let numbers = NUMBERS.iter().map(|(name, _)| format!("{name}>"));
        words.chain(numbers).collect::<Vec<_>>().join(" ")
    }

    /// Whether it asks for something, rather than leaving something out.
    pub(super) fn seeks(&self) -> bool {
        self.terms.iter().any(|term| !term.inverse)
    }

    /// Whether a row passes; `number` is its number in a column, `None` where there is none.
    ///
    /// What is not known is neither above nor below a limit.
    pub(super) fn matches(&self, words: &Words, number: impl Fn(SortBy) -> Option<f64>) -> bool {
        self.terms.iter().all(|term| {
            let holds = match &term.test {
                Test::Contains(column, text) => column(words).contains(text.as_str()),
                Test::Compares(column, compares, limit) => {
                    number(*column).is_some_and(|value| compares(value, *limit))
                }
            };
            holds != term.inverse
        })
    }
}

/// A filter of words alone, each with an optional `!` in front.
#[derive(Debug)]
pub(super) struct Terms(Vec<(bool, String)>);

impl Terms {
    /// Reads what was typed; a text with blanks stands in double quotes.
    pub(super) fn parse(typed: &str) -> Self {
        Self(terms(typed).into_iter().filter(|(_, text)| !text.is_empty()).collect())
    }

    /// Whether everything matches.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether any asks for something, rather than leaving something out.
    pub(super) fn seek(&self) -> bool {
        self.0.iter().any(|(inverse, _)| !inverse)
    }

    /// Whether a text in lower case holds all of them.
    pub(super) fn match_all_in(&self, text: &str) -> bool {
        self.0.iter().all(|(inverse, wanted)| text.contains(wanted.as_str()) != *inverse)
    }
}

/// Splits at blanks outside double quotes, and takes the quotes away.
fn split(typed: &str) -> Vec<String> {
    let mut terms = vec![String::new()];
    let mut quoted = false;
    for c in typed.chars() {
        match (c, terms.last_mut()) {
            ('"', _) => quoted = !quoted,
            (c, Some(term)) if quoted || !c.is_whitespace() => term.push(c),
            (_, _) => terms.push(String::new()),
        }
    }
    terms
}

/// The terms of a filter in lower case, each with whether it is turned round.
pub(super) fn terms(typed: &str) -> Vec<(bool, String)> {
    let inverted = |term: String| match term.strip_prefix('!') {
        Some(rest) => (true, rest.to_owned()),
        None => (false, term),
    };
    split(&typed.to_lowercase()).into_iter().map(inverted).collect()
}

/// Reads one term; `None` where there is nothing to look for yet.
fn read(inverse: bool, rest: &str) -> Option<Term> {
    let holds = match comparison(rest) {
        Some((_, _, "")) => return None,
        Some((column, compares, limit)) => match amount(limit) {
            Some(limit) => Test::Compares(column, compares, limit),
            None => text(rest),
        },
        None => text(rest),
    };
    let is_empty = matches!(&holds, Test::Contains(_, wanted) if wanted.is_empty());
    (!is_empty).then_some(Term { inverse, test: holds })
}

/// A column of numbers, how it is compared, and with what.
fn comparison(term: &str) -> Option<(SortBy, Comparison, &str)> {
    NUMBERS.into_iter().find_map(|(name, column)| {
        let rest = term.strip_prefix(name)?;
        let (_, compares, limit) = COMPARISONS
            .into_iter()
            .find_map(|(sign, compares)| Some((sign, compares, rest.strip_prefix(sign)?)))?;
        Some((column, compares, limit))
    })
}

fn text(term: &str) -> Test {
    let column = term.split_once(':').and_then(|(column, text)| {
        let (_, words) = WORDS.into_iter().find(|(name, _)| *name == column)?;
        Some(Test::Contains(words, text.to_owned()))
    });
    column.unwrap_or_else(|| Test::Contains(|words| &words.name, term.to_owned()))
}

/// Reads a number as the screen writes it: `80`, `80%`, `1,240`, `12.4k`, `1.2m`.
fn amount(text: &str) -> Option<f64> {
    let plain = text.trim_end_matches('%').replace(',', "");
    let (digits, scale) = match (plain.strip_suffix('k'), plain.strip_suffix('m')) {
        (Some(digits), _) => (digits, 1e3),
        (None, Some(digits)) => (digits, 1e6),
        (None, None) => (plain.as_str(), 1.0),
    };
    let number: f64 = digits.parse().ok()?;
    number.is_finite().then_some(number * scale)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::Charset;
    use crate::view::chart::Marker;
    use crate::view::tables::columns;

    fn passes(typed: &str) -> bool {
        let words = Words {
            name: "orders/gsi1".to_owned(),
            is_index: true,
            mode: "on-demand",
            status: "active".to_owned(),
            verdict: "write throttled: hot key".to_owned(),
        };
        let numbers =
            [(SortBy::ReadUse, 80.4), (SortBy::WriteThrottles, 0.0), (SortBy::ReadUnits, 12_400.0)];
        let number = |column| numbers.iter().find(|(of, _)| *of == column).map(|(_, value)| *value);
        Filter::parse(typed).matches(&words, number)
    }

    #[test]
    fn terms_match_parts_of_names_and_columns_whatever_the_case() {
        let cases = [
            ("", true),
            ("ORD", true),
            ("!ord", false),
            ("!", true),
            ("users", false),
            ("!users", true),
            ("mode:on-demand", true),
            ("mode:prov", false),
            ("!mode:prov", true),
            ("verdict:key", true),
            ("status:creating", false),
            ("name:gsi", true),
            ("index:gsi", true),
            ("size:big", false),
            ("mode:", true),
        ];
        for (typed, expected) in cases {
            assert_eq!(passes(typed), expected, "{typed:?}");
        }
        let table = Words { name: "orders".to_owned(), ..Words::default() };
        assert!(!Filter::parse("index:ord").matches(&table, |_| None));
    }

    #[test]
    fn all_terms_must_hold_and_quotes_keep_blanks() {
        let cases = [
            ("ord gsi", true),
            ("  ord  !users ", true),
            ("ord users", false),
            ("ord !gsi", false),
            ("verdict:\"hot key\"", true),
            ("verdict:\"hot ke", true),
            ("!\"hot key\"", true),
            ("verdict:hot key", false),
            ("\"\"", true),
        ];
        for (typed, expected) in cases {
            assert_eq!(passes(typed), expected, "{typed:?}");
        }
    }

    #[test]
    fn numbers_compare_and_what_is_not_known_never_does() {
        let cases = [
            ("ruse>80", true),
            ("ruse>80.4", false),
            ("ruse>=80.4%", true),
            ("ruse<80", false),
            ("ruse=80", true),
            ("!ruse>80", false),
            ("wthr>0", false),
            ("wthr=0", true),
            ("ru/s>12,000", true),
            ("RU/S>=12.4K", true),
            ("ru/s>1m", false),
            ("wuse>0", false),
            ("wuse<1000", false),
            ("!wuse>0", true),
            ("ruse>", true),
            ("ruse>high", false),
            ("ruse>nan", false),
            ("cpu>5", false),
            ("ruse>80 wthr=0 ord", true),
        ];
        for (typed, expected) in cases {
            assert_eq!(passes(typed), expected, "{typed:?}");
        }
    }

    #[test]
    fn numbers_are_named_as_their_columns_are_headed() {
        for (place, (_, sort)) in NUMBERS.into_iter().enumerate() {
            let looks = (Charset::Ascii, Marker::Ascii);
            let column = columns(10, (sort, false), looks).into_iter().find(|c| c.sorted.is_some());
            let head = column.unwrap().title.to_lowercase().replace(' ', "");
            let named = NUMBERS.iter().any(|(name, of)| *of == sort && *name == head);
            assert!(named, "{head} at {place}");
        }
    }

    #[test]
    fn only_what_asks_for_something_seeks() {
        for (typed, seeks) in [("", false), ("!pay", false), ("pay", true), ("!pay ruse>1", true)] {
            assert_eq!(Filter::parse(typed).seeks(), seeks, "{typed:?}");
        }
    }
}
