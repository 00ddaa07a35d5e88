//! The text of an expression, read by recursive descent.

use super::{Aggregate, Filler, Node, Operator};

/// The longest expression (API reference, `MetricDataQuery`).
const MAX_EXPRESSION: usize = 2_048;

/// Expressions inside one another, at most.
const MAX_DEPTH: usize = 32;

/// Reads the expressions of one request or alarm.
pub(super) struct Parser<'a> {
    /// The id of each query.
    ids: Vec<&'a str>,
    /// Which of them are metrics, for `METRICS()`.
    metrics: Vec<usize>,
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Number(f64),
    Name(String),
    Sign(&'static str),
}

/// The longer signs come first.
const SIGNS: [&str; 16] =
    [">=", "<=", "==", "!=", ">", "<", "+", "-", "*", "/", "(", ")", "[", "]", ",", ";"];

struct Tokens {
    /// The last one first.
    left: Vec<Token>,
    depth: usize,
}

impl<'a> Parser<'a> {
    pub(super) fn new(ids: Vec<&'a str>, metrics: Vec<usize>) -> Self {
        Self { ids, metrics }
    }

    /// Reads an expression; an error is a phrase.
    pub(super) fn parse(&self, text: &str) -> Result<Node, String> {
        if text.len() > MAX_EXPRESSION {
            return Err(format!("it is longer than {MAX_EXPRESSION} characters"));
        }
        let mut left = tokens(text)?;
        left.reverse();
        let mut tokens = Tokens { left, depth: 0 };
        let node = self.comparison(&mut tokens)?;
        match tokens.next() {
            None => Ok(node),
            Some(token) => Err(unexpected(&token)),
        }
    }

    fn comparison(&self, tokens: &mut Tokens) -> Result<Node, String> {
        tokens.depth += 1;
        if tokens.depth > MAX_DEPTH {
            return Err("it is nested too deeply".to_owned());
        }
        let one = self.sum(tokens)?;
        let operators = [
            (">=", Operator::GreaterOrEqual),
            ("<=", Operator::LessOrEqual),
            ("==", Operator::Equal),
            ("!=", Operator::Unequal),
            (">", Operator::Greater),
            ("<", Operator::Less),
        ];
        let node = match tokens.take_one_of(&operators) {
            Some(operator) => binary(operator, one, self.sum(tokens)?),
            None => one,
        };
        tokens.depth -= 1;
        Ok(node)
    }

    fn sum(&self, tokens: &mut Tokens) -> Result<Node, String> {
        let operators = [("+", Operator::Add), ("-", Operator::Subtract)];
        let mut node = self.product(tokens)?;
        while let Some(operator) = tokens.take_one_of(&operators) {
            node = binary(operator, node, self.product(tokens)?);
        }
        Ok(node)
    }

    fn product(&self, tokens: &mut Tokens) -> Result<Node, String> {
        let operators = [("*", Operator::Multiply), ("/", Operator::Divide)];
        let mut node = self.factor(tokens)?;
        while let Some(operator) = tokens.take_one_of(&operators) {
            node = binary(operator, node, self.factor(tokens)?);
        }
        Ok(node)
    }

    fn factor(&self, tokens: &mut Tokens) -> Result<Node, String> {
        match tokens.next() {
            Some(Token::Number(number)) => Ok(Node::Number(number)),
            Some(Token::Sign("-")) => {
                tokens.depth += 1;
                if tokens.depth > MAX_DEPTH {
                    return Err("it is nested too deeply".to_owned());
                }
                let node = self.factor(tokens)?;
                tokens.depth -= 1;
                Ok(Node::Negate(Box::new(node)))
            }
            Some(Token::Sign("(")) => {
                let node = self.comparison(tokens)?;
                tokens.expect(")")?;
                Ok(node)
            }
            Some(Token::Sign("[")) => Ok(Node::List(self.arguments(tokens, "]")?)),
            Some(Token::Name(name)) if tokens.take("(") => self.call(&name, tokens),
            Some(Token::Name(name)) => self.id(&name).map(Node::Id),
            Some(token @ Token::Sign(_)) => Err(unexpected(&token)),
            None => Err("it ends too early".to_owned()),
        }
    }

    fn id(&self, name: &str) -> Result<usize, String> {
        let found = self.ids.iter().position(|id| *id == name);
        found.ok_or_else(|| format!("no query has the id `{name}`"))
    }

    fn call(&self, name: &str, tokens: &mut Tokens) -> Result<Node, String> {
        let aggregate = match name {
            "SUM" => Some(Aggregate::Sum),
            "AVG" => Some(Aggregate::Average),
            "MIN" => Some(Aggregate::Minimum),
            "MAX" => Some(Aggregate::Maximum),
            _ => None,
        };
        if name == "FILL" {
            return self.fill(tokens);
        }
        let mut arguments = self.arguments(tokens, ")")?;
        match (name, aggregate, arguments.len()) {
            (_, Some(aggregate), 1) => {
                Ok(Node::Aggregate(aggregate, Box::new(arguments.remove(0))))
            }
            ("METRICS", _, 0) => {
                Ok(Node::List(self.metrics.iter().copied().map(Node::Id).collect()))
            }
            ("PERIOD", _, 1) => match arguments.first() {
                Some(Node::Id(id)) => Ok(Node::Period(*id)),
                Some(_) | None => Err("PERIOD takes an id".to_owned()),
            },
            _ => match (name, <[Node; 3]>::try_from(arguments)) {
                ("IF", Ok(nodes)) => Ok(Node::If(Box::new(nodes))),
                _ => Err(unsupported(name)),
            },
        }
    }

    fn fill(&self, tokens: &mut Tokens) -> Result<Node, String> {
        let node = self.comparison(tokens)?;
        tokens.expect(",")?;
        let filler = match tokens.left.last() {
            Some(Token::Name(name)) if name == "REPEAT" => {
                tokens.next();
                Filler::Repeat
            }
            _ => Filler::With(Box::new(self.comparison(tokens)?)),
        };
        tokens.expect(")")?;
        Ok(Node::Fill(Box::new(node), filler))
    }

    fn arguments(&self, tokens: &mut Tokens, end: &'static str) -> Result<Vec<Node>, String> {
        let mut found = Vec::new();
        if tokens.take(end) {
            return Ok(found);
        }
        loop {
            found.push(self.comparison(tokens)?);
            if !tokens.take(",") {
                tokens.expect(end)?;
                return Ok(found);
            }
        }
    }
}

impl Tokens {
    fn next(&mut self) -> Option<Token> {
        self.left.pop()
    }

    fn take(&mut self, sign: &'static str) -> bool {
        let is_next = self.left.last() == Some(&Token::Sign(sign));
        if is_next {
            self.left.pop();
        }
        is_next
    }

    fn expect(&mut self, sign: &'static str) -> Result<(), String> {
        if self.take(sign) { Ok(()) } else { Err(format!("a `{sign}` is missing")) }
    }

    fn take_one_of(&mut self, operators: &[(&'static str, Operator)]) -> Option<Operator> {
        operators.iter().find(|(sign, _)| self.take(sign)).map(|(_, operator)| *operator)
    }
}

fn binary(operator: Operator, one: Node, other: Node) -> Node {
    Node::Binary(operator, Box::new(one), Box::new(other))
}

fn unsupported(name: &str) -> String {
    format!("`{name}` with these arguments is not supported")
}

fn unexpected(token: &Token) -> String {
    match token {
        Token::Number(number) => format!("unexpected {number}"),
        Token::Name(name) => format!("unexpected `{name}`"),
        Token::Sign(sign) => format!("unexpected `{sign}`"),
    }
}

/// Cuts a text into tokens.
fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let run = |keeps: fn(char) -> bool| rest.find(|c| !keeps(c)).unwrap_or(rest.len());
        let length = if first.is_ascii_digit() || first == '.' {
            run(|c| c.is_ascii_digit() || c == '.')
        } else if first.is_ascii_alphabetic() || first == '_' {
            run(|c| c.is_ascii_alphanumeric() || c == '_')
        } else {
            SIGNS.iter().find(|sign| rest.starts_with(**sign)).map_or(0, |sign| sign.len())
        };
        let (word, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        found.push(
            if let Ok(number) = word.parse::<f64>()
                && (first.is_ascii_digit() || first == '.')
            {
                Token::Number(number)
            } else if let Some(sign) = SIGNS.iter().find(|sign| **sign == word) {
                Token::Sign(sign)
            } else if first.is_ascii_alphabetic() || first == '_' {
                Token::Name(word.to_owned())
            } else {
                return Err(format!("unexpected `{first}`"));
            },
        );
        rest = after.trim_start();
    }
    Ok(found)
}
