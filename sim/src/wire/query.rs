//! Query strings, in which a GET request of a REST service asks.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

/// Finds a parameter of a query string, its value percent-decoded; a plus sign is one, since AWS's clients
/// write a space as `%20` (Signature Version 4, "URI-encode").
pub(crate) fn parameter<'a>(query: &'a str, name: &str) -> Option<Cow<'a, str>> {
    let text = |part: &'a str| percent_decode_str(part).decode_utf8_lossy();
    query
        .split('&')
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .find(|(key, _)| text(key) == name)
        .map(|(_, value)| text(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_is_found_by_its_name_and_decoded() {
        let query = "MaxItems=7&EventSourceArn=arn%3Aaws%3Adynamodb%3A%2a%3Atable%2Fa+b&Function%4Eame=f&Marker";
        let table = [
            ("MaxItems", Some("7")),
            ("EventSourceArn", Some("arn:aws:dynamodb:*:table/a+b")),
            ("FunctionName", Some("f")),
            ("Marker", Some("")),
            ("Arn", None),
            ("maxitems", None),
        ];
        for (name, expected) in table {
            assert_eq!(parameter(query, name).as_deref(), expected, "{name}");
        }
        assert_eq!(parameter("", "MaxItems"), None);
    }

    #[test]
    fn what_is_no_escape_stands_for_itself() {
        assert_eq!(parameter("a=100%&b=%zz", "a").as_deref(), Some("100%"));
        assert_eq!(parameter("a=100%&b=%zz", "b").as_deref(), Some("%zz"));
    }
}
