//! Which profiles and accounts are production, and how the screen says so.

use serde::Deserialize;

/// The word where the settings name no other.
const WORD: &str = "PROD";

/// The `[production]` section of the settings file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Production {
    profiles: Vec<Pattern>,
    accounts: Vec<Account>,
    word: Option<Word>,
    color: Option<Rgb>,
}

impl Production {
    /// The word to show where one of these is production; `None` where neither is.
    pub fn word_for(&self, profile: Option<&str>, account: Option<&str>) -> Option<&str> {
        let by_profile = profile.is_some_and(|name| self.profiles.iter().any(|p| p.fits(name)));
        let by_account = account.is_some_and(|id| self.accounts.iter().any(|known| known.0 == id));
        (by_profile || by_account).then(|| self.word.as_ref().map_or(WORD, |word| &word.0))
    }

    /// Red, green and blue behind that word, where the theme's colour is not wanted.
    pub fn color(&self) -> Option<[u8; 3]> {
        self.color.as_ref().map(|color| color.0)
    }
}

/// A name that may begin or end with `*`, which stands for anything.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
struct Pattern {
    open_start: bool,
    name: String,
    open_end: bool,
}

impl Pattern {
    fn fits(&self, name: &str) -> bool {
        match (self.open_start, self.open_end) {
            (false, false) => name == self.name,
            (true, false) => name.ends_with(&self.name),
            (false, true) => name.starts_with(&self.name),
            (true, true) => name.contains(&self.name),
        }
    }
}

impl TryFrom<String> for Pattern {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let name = text.strip_prefix('*').unwrap_or(&text);
        let name = name.strip_suffix('*').unwrap_or(name);
        if text.is_empty() || name.contains('*') {
            return Err(format!("`{text}`: expected a name; `*` only at its start or end"));
        }
        Ok(Self {
            open_start: text.starts_with('*'),
            name: name.to_owned(),
            open_end: text.ends_with('*'),
        })
    }
}

/// An account id.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
struct Account(String);

impl TryFrom<String> for Account {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit()) {
            Ok(Self(text))
        } else {
            Err(format!("`{text}`: expected an account id of 12 digits"))
        }
    }
}

/// A word short enough for the header.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
struct Word(String);

impl TryFrom<String> for Word {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let short = (1..=12).contains(&text.chars().count());
        if short && text.chars().all(|c| !c.is_control() && !c.is_whitespace()) {
            Ok(Self(text))
        } else {
            Err(format!("`{text}`: expected one word of 1 to 12 characters"))
        }
    }
}

/// Red, green and blue, written `#rrggbb`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
struct Rgb([u8; 3]);

impl TryFrom<String> for Rgb {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let digits = text.strip_prefix('#').filter(|digits| {
            digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
        });
        let number = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let [_, red, green, blue] =
            number.ok_or_else(|| format!("`{text}`: expected \"#rrggbb\""))?.to_be_bytes();
        Ok(Self([red, green, blue]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    fn production(settings: &str) -> Production {
        toml::from_str(settings).unwrap()
    }

    #[test]
    fn profiles_and_accounts_are_production_by_name() {
        let settings = "profiles = [\"prod\", \"live-*\", \"*-live\", \"*pay*\"]\n\
                        accounts = [\"123456789012\"]\n";
        let production = production(settings);
        for (profile, account, word) in [
            (Some("prod"), None, Some("PROD")),
            (Some("prod-eu"), None, None),
            (Some("live-eu"), None, Some("PROD")),
            (Some("eu-live"), None, Some("PROD")),
            (Some("the-payments"), None, Some("PROD")),
            (Some("dev"), Some("123456789012"), Some("PROD")),
            (None, Some("123456789012"), Some("PROD")),
            (Some("dev"), Some("123456789013"), None),
            (None, None, None),
        ] {
            assert_eq!(production.word_for(profile, account), word, "{profile:?} {account:?}");
        }
    }

    #[test]
    fn word_and_colour_are_the_users() {
        let production = production("profiles = [\"*\"]\nword = \"LIVE\"\ncolor = \"#B00020\"\n");
        assert_eq!(production.word_for(Some("any"), None), Some("LIVE"));
        assert_eq!(production.color(), Some([0xb0, 0, 0x20]));
        assert_eq!(Production::default().word_for(Some("prod"), None), None);
    }

    #[test]
    fn what_cannot_be_used_is_refused_by_value() {
        for (setting, said) in [
            ("profiles = [\"a*b\"]", "`a*b`: expected a name"),
            ("profiles = [\"\"]", "expected a name"),
            ("accounts = [\"12345678901\"]", "`12345678901`: expected an account id of 12 digits"),
            ("word = \"\"", "expected one word"),
            ("word = \"do not touch\"", "expected one word"),
            ("color = \"red\"", "`red`: expected \"#rrggbb\""),
            ("color = \"#+12345\"", "expected \"#rrggbb\""),
            ("colour = \"#b00020\"", "unknown field `colour`"),
        ] {
            let mistake = toml::from_str::<Production>(setting).unwrap_err().to_string();
            assert!(mistake.contains(said), "{mistake}");
        }
    }
}
