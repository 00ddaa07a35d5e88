//! Markdown in which no name can pass for markup.

/// Text in which nothing is markup, on one line.
pub(super) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_control() {
            plain.push(' ');
            continue;
        }
        if matches!(
            character,
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '&' | '!'
        ) {
            plain.push('\\');
        }
        plain.push(character);
    }
    plain
}

/// Appends a heading of the second rank.
pub(super) fn heading(text: &str, out: &mut String) {
    out.push_str("\n## ");
    out.push_str(text);
    out.push_str("\n\n");
}

/// Appends a table; its cells are Markdown, and nothing is written where it has no rows.
pub(super) fn table(heads: &[&str], rows: &[Vec<String>], out: &mut String) {
    let mut line = |cells: &mut dyn Iterator<Item = &str>| {
        for cell in cells {
            out.push_str("| ");
            out.push_str(cell);
            out.push(' ');
        }
        out.push_str("|\n");
    };
    if rows.is_empty() {
        return;
    }
    line(&mut heads.iter().copied());
    line(&mut heads.iter().map(|_| "---"));
    for row in rows {
        line(&mut row.iter().map(String::as_str));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_never_markup() {
        assert_eq!(plain("a|b\nc"), "a\\|b c");
        assert_eq!(
            plain("<img src=x> **x** [a](b) `c`"),
            "\\<img src=x\\> \\*\\*x\\*\\* \\[a\\](b) \\`c\\`"
        );
        assert_eq!(plain("orders-2.eu"), "orders-2.eu");
    }

    #[test]
    fn a_table_has_a_line_for_each_row() {
        let mut out = String::new();
        table(&["a", "b"], &[vec!["1".to_owned(), "2".to_owned()]], &mut out);
        assert_eq!(out, "| a | b |\n| --- | --- |\n| 1 | 2 |\n");
    }
}
