//! The filter language: text, `!text`, `column:text`.

/// A column that a filter can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Name,
    Mode,
    Status,
    Verdict,
}

/// What one row offers to the filter, in lower case.
#[derive(Debug, Clone, Default)]
pub(super) struct Words {
    /// `table`, or `table/index`.
    pub(super) name: String,
    /// `provisioned` or `on-demand`.
    pub(super) mode: &'static str,
    /// The status.
    pub(super) status: String,
    /// The verdicts' headlines, causes and reasons.
    pub(super) verdict: String,
}

/// A filter as it was typed, understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Filter {
    inverse: bool,
    field: Option<Field>,
    text: String,
}

impl Filter {
    /// Reads what was typed: an optional `!`, an optional column and `:`, and the text.
    ///
    /// A word before the colon that names no column is part of the text.
    pub(super) fn parse(typed: &str) -> Self {
        let typed = typed.trim().to_lowercase();
        let (inverse, rest) = match typed.strip_prefix('!') {
            Some(rest) => (true, rest),
            None => (false, typed.as_str()),
        };
        let named = rest.split_once(':').and_then(|(column, text)| {
            let field = match column {
                "name" => Field::Name,
                "mode" => Field::Mode,
                "status" => Field::Status,
                "verdict" => Field::Verdict,
                _ => return None,
            };
            Some((field, text))
        });
        match named {
            Some((field, text)) => {
                Self { inverse, field: Some(field), text: text.trim().to_owned() }
            }
            None => Self { inverse, field: None, text: rest.to_owned() },
        }
    }

    /// Whether it lets everything through.
    pub(super) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Whether it asks for something, rather than leaving something out.
    pub(super) fn seeks(&self) -> bool {
        !self.is_empty() && !self.inverse
    }

    /// Whether a row passes. Without a column it is looked for in the name.
    pub(super) fn matches(&self, words: &Words) -> bool {
        let found = match self.field {
            None | Some(Field::Name) => words.name.contains(&self.text),
            Some(Field::Mode) => words.mode.contains(&self.text),
            Some(Field::Status) => words.status.contains(&self.text),
            Some(Field::Verdict) => words.verdict.contains(&self.text),
        };
        self.is_empty() || found != self.inverse
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_match_parts_of_names_and_columns_whatever_the_case() {
        let words = Words {
            name: "orders/gsi1".to_owned(),
            mode: "on-demand",
            status: "active".to_owned(),
            verdict: "write throttled: hot key".to_owned(),
        };
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
            ("verdict: key", true),
            ("status:creating", false),
            ("name:gsi", true),
            ("size:big", false),
            ("mode:", true),
        ];
        for (typed, expected) in cases {
            assert_eq!(Filter::parse(typed).matches(&words), expected, "{typed:?}");
        }
    }
}
