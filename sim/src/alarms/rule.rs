//! The rules of composite alarms (API reference, `PutCompositeAlarm`, `AlarmRule`).

use super::evaluate::State;

/// The longest rule (API reference).
const MAX_RULE: usize = 10_240;

/// Parts inside one another, at most.
const MAX_DEPTH: usize = 64;

/// An expression over the states of other alarms.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum AlarmRule {
    Constant(bool),
    /// Whether the alarm of that name is in that state.
    Is(State, String),
    Not(Box<AlarmRule>),
    And(Box<AlarmRule>, Box<AlarmRule>),
    Or(Box<AlarmRule>, Box<AlarmRule>),
}

impl AlarmRule {
    /// Reads a rule; an error is a phrase.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        if text.len() > MAX_RULE {
            return Err(format!("the rule is longer than {MAX_RULE} characters"));
        }
        let mut reader = Reader { rest: text.trim_start(), depth: 0 };
        let rule = reader.either()?;
        match reader.rest {
            "" => Ok(rule),
            rest => Err(format!("unexpected `{}`", first_word(rest))),
        }
    }

    /// Tells whether the rule holds, given the state of each alarm; one that does not exist is in none.
    pub(crate) fn holds(&self, state: &impl Fn(&str) -> Option<State>) -> bool {
        match self {
            Self::Constant(value) => *value,
            Self::Is(wanted, name) => state(name) == Some(*wanted),
            Self::Not(rule) => !rule.holds(state),
            Self::And(one, other) => one.holds(state) && other.holds(state),
            Self::Or(one, other) => one.holds(state) || other.holds(state),
        }
    }

    /// Returns the names of the alarms it refers to, each once, in order.
    pub(crate) fn children(&self) -> Vec<&str> {
        let mut found = Vec::new();
        self.collect(&mut found);
        found
    }

    fn collect<'a>(&'a self, found: &mut Vec<&'a str>) {
        match self {
            Self::Constant(_) => {}
            Self::Is(_, name) if found.contains(&name.as_str()) => {}
            Self::Is(_, name) => found.push(name),
            Self::Not(rule) => rule.collect(found),
            Self::And(one, other) | Self::Or(one, other) => {
                one.collect(found);
                other.collect(found);
            }
        }
    }
}

/// Returns the name of an alarm that is given by its name or its ARN.
pub(crate) fn alarm_name(reference: &str) -> &str {
    match reference.split_once(":alarm:") {
        Some((arn, name)) if arn.starts_with("arn:") => name,
        _ => reference,
    }
}

struct Reader<'a> {
    rest: &'a str,
    depth: usize,
}

impl<'a> Reader<'a> {
    fn either(&mut self) -> Result<AlarmRule, String> {
        let mut rule = self.both()?;
        while self.take_word("OR") {
            rule = AlarmRule::Or(Box::new(rule), Box::new(self.both()?));
        }
        Ok(rule)
    }

    fn both(&mut self) -> Result<AlarmRule, String> {
        let mut rule = self.one()?;
        while self.take_word("AND") {
            rule = AlarmRule::And(Box::new(rule), Box::new(self.one()?));
        }
        Ok(rule)
    }

    fn one(&mut self) -> Result<AlarmRule, String> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err("the rule is nested too deeply".to_owned());
        }
        let rule = self.part()?;
        self.depth -= 1;
        Ok(rule)
    }

    fn part(&mut self) -> Result<AlarmRule, String> {
        if self.take_word("NOT") {
            return Ok(AlarmRule::Not(Box::new(self.one()?)));
        }
        if self.take("(") {
            let rule = self.either()?;
            return if self.take(")") { Ok(rule) } else { Err("a `)` is missing".to_owned()) };
        }
        for (word, value) in [("TRUE", true), ("FALSE", false)] {
            if self.take_word(word) {
                return Ok(AlarmRule::Constant(value));
            }
        }
        for state in [State::Alarm, State::Ok, State::InsufficientData] {
            if self.take_word(state.name()) {
                return self.name().map(|name| AlarmRule::Is(state, name));
            }
        }
        match self.rest {
            "" => Err("the rule ends too early".to_owned()),
            rest => Err(format!("unexpected `{}`", first_word(rest))),
        }
    }

    /// Reads the name or ARN in parentheses, with or without quotes.
    fn name(&mut self) -> Result<String, String> {
        if !self.take("(") {
            return Err("a `(` is missing".to_owned());
        }
        let name = if let Some(quoted) = self.rest.strip_prefix('"') {
            let (name, rest) = unquote(quoted).ok_or("a `\"` is missing")?;
            self.rest = rest.trim_start();
            name
        } else {
            let (name, _) = self.rest.split_once(')').ok_or("a `)` is missing")?;
            self.rest = self.rest.strip_prefix(name).unwrap_or_default();
            name.trim().to_owned()
        };
        if !self.take(")") {
            return Err("a `)` is missing".to_owned());
        }
        let name = alarm_name(&name).to_owned();
        if name.is_empty() { Err("an alarm's name is missing".to_owned()) } else { Ok(name) }
    }

    fn take(&mut self, sign: &str) -> bool {
        let Some(rest) = self.rest.strip_prefix(sign) else { return false };
        self.rest = rest.trim_start();
        true
    }

    /// Takes a whole word: `OK` is not the beginning of `OKAY`.
    fn take_word(&mut self, word: &str) -> bool {
        let rest: &'a str = self.rest;
        let goes_on = |rest: &str| rest.starts_with(|c: char| c.is_alphanumeric() || c == '_');
        let Some(rest) = rest.strip_prefix(word).filter(|rest| !goes_on(rest)) else {
            return false;
        };
        self.rest = rest.trim_start();
        true
    }
}

/// Reads up to the closing quote; a backslash keeps the next character as it is.
fn unquote(text: &str) -> Option<(String, &str)> {
    let (mut name, mut chars) = (String::new(), text.chars());
    loop {
        match chars.next()? {
            '"' => return Some((name, chars.as_str())),
            '\\' => name.push(chars.next()?),
            other => name.push(other),
        }
    }
}

fn first_word(text: &str) -> &str {
    text.split_whitespace().next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Alarms named by their state.
    fn holds(rule: &str) -> bool {
        let state = |name: &str| match name {
            "ok" | "also \"ok\"" => Some(State::Ok),
            "on fire" => Some(State::Alarm),
            "silent" => Some(State::InsufficientData),
            _ => None,
        };
        AlarmRule::parse(rule).unwrap_or_else(|problem| panic!("{rule}: {problem}")).holds(&state)
    }

    #[test]
    fn rules_are_read_as_they_are_meant() {
        let table = [
            ("TRUE", true),
            ("FALSE", false),
            ("ALARM(\"on fire\")", true),
            ("ALARM(on fire)", true),
            ("ALARM(arn:aws:cloudwatch:us-east-1:123456789012:alarm:on fire)", true),
            ("OK(ok) AND INSUFFICIENT_DATA(silent)", true),
            ("OK(\"also \\\"ok\\\"\")", true),
            ("ALARM(ok) OR OK(ok)", true),
            ("NOT ALARM(ok)", true),
            ("NOT (ALARM(ok) OR OK(ok))", false),
            // AND binds more tightly than OR.
            ("TRUE OR FALSE AND FALSE", true),
            ("(TRUE OR FALSE) AND FALSE", false),
            ("NOT FALSE AND FALSE", false),
            ("ALARM(gone) OR OK(gone)", false),
        ];
        for (rule, expected) in table {
            assert_eq!(holds(rule), expected, "{rule}");
        }
    }

    #[test]
    fn a_broken_rule_is_refused() {
        let table = [
            ("", "ends too early"),
            ("ALARM", "`(` is missing"),
            ("ALARM(a", "`)` is missing"),
            ("ALARM(\"a)", "`\"` is missing"),
            ("ALARM()", "name is missing"),
            ("(TRUE", "`)` is missing"),
            ("TRUE FALSE", "unexpected `FALSE`"),
            ("OKAY(a)", "unexpected `OKAY(a)`"),
            ("alarm(a)", "unexpected"),
            ("TRUE AND", "ends too early"),
        ];
        for (rule, part) in table {
            let problem = AlarmRule::parse(rule).unwrap_err();
            assert!(problem.contains(part), "{rule}: {problem}");
        }
        assert!(AlarmRule::parse(&"(".repeat(500)).unwrap_err().contains("too deeply"));
    }

    #[test]
    fn each_child_is_named_once() {
        let rule = AlarmRule::parse("ALARM(a) AND (OK(b) OR NOT ALARM(a))").unwrap();
        assert_eq!(rule.children(), ["a", "b"]);
    }
}
