//! Metric math: the arithmetic that real alarms use, over series of equal periods.
//!
//! Supported: `+ - * /`, comparisons, numbers, ids, lists, `METRICS()`, `FILL`, `PERIOD`, `IF`, and `MAX`,
//! `MIN`, `SUM`, `AVG` ("Using math expressions with CloudWatch metrics" in the CloudWatch user guide).

mod parse;

use super::Series;
use parse::Parser;

/// An expression, whose ids are positions in its request or alarm.
#[derive(Debug, Clone, PartialEq)]
enum Node {
    Number(f64),
    Id(usize),
    /// `PERIOD(id)`.
    Period(usize),
    List(Vec<Node>),
    Negate(Box<Node>),
    Binary(Operator, Box<Node>, Box<Node>),
    Fill(Box<Node>, Filler),
    If(Box<[Node; 3]>),
    Aggregate(Aggregate, Box<Node>),
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
    Equal,
    Unequal,
}

#[derive(Debug, Clone, PartialEq)]
enum Filler {
    Repeat,
    With(Box<Node>),
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Aggregate {
    Sum,
    Average,
    Minimum,
    Maximum,
}

/// What an expression gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Scalar,
    Series,
    List,
}

#[derive(Debug, Clone, PartialEq)]
enum Value {
    Scalar(f64),
    Series(Series),
    List(Vec<Series>),
}

/// One query of a request or alarm.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Item<'a> {
    /// A metric, read with a period in seconds.
    Metric(i64),
    Expression(&'a str),
}

/// The queries of a request or alarm, read and checked.
#[derive(Debug, Clone)]
pub(crate) struct Program {
    steps: Vec<Step>,
    /// The expressions, each after those it uses.
    order: Vec<usize>,
}

#[derive(Debug, Clone)]
enum Step {
    Metric(i64),
    Expression(Node),
}

impl Program {
    /// Reads the queries. An error says which query is wrong and why.
    pub(crate) fn new(items: &[(&str, Item<'_>)]) -> Result<Self, (usize, String)> {
        let is_metric = |(_, item): &(&str, Item<'_>)| matches!(item, Item::Metric(_));
        let metrics = (0..items.len()).filter(|at| items.get(*at).is_some_and(is_metric)).collect();
        let parser = Parser::new(items.iter().map(|(id, _)| *id).collect(), metrics);
        let mut steps = Vec::with_capacity(items.len());
        for (at, (_, item)) in items.iter().enumerate() {
            steps.push(match item {
                Item::Metric(period) => Step::Metric(*period),
                Item::Expression(text) => {
                    Step::Expression(parser.parse(text).map_err(|problem| (at, problem))?)
                }
            });
        }
        let mut program = Self { steps, order: Vec::new() };
        for at in 0..items.len() {
            program.arrange(at, &mut Vec::new()).map_err(|problem| (at, problem))?;
        }
        Ok(program)
    }

    /// Puts an expression behind those it uses, and checks what it gives.
    fn arrange(&mut self, at: usize, path: &mut Vec<usize>) -> Result<(), String> {
        let Some(Step::Expression(node)) = self.steps.get(at).cloned() else { return Ok(()) };
        if self.order.contains(&at) {
            return Ok(());
        }
        if path.contains(&at) {
            return Err("the expression refers to itself".to_owned());
        }
        path.push(at);
        for used in node.ids() {
            self.arrange(used, path)?;
        }
        path.pop();
        if node.kind()? != Kind::Series {
            return Err("the result must be a single time series".to_owned());
        }
        self.order.push(at);
        self.period_of(at).map(|_| ())
    }

    /// Returns the period of a query in seconds: that of the metrics an expression is made of.
    pub(crate) fn period_of(&self, at: usize) -> Result<i64, String> {
        match self.steps.get(at) {
            Some(Step::Metric(period)) => Ok(*period),
            Some(Step::Expression(node)) => {
                let mut periods = node.ids().into_iter().map(|used| self.period_of(used));
                let first =
                    periods.next().unwrap_or_else(|| Err("no metric is used".to_owned()))?;
                for period in periods {
                    if period? != first {
                        return Err("the metrics have different periods".to_owned());
                    }
                }
                Ok(first)
            }
            None => Err("no such query".to_owned()),
        }
    }

    /// Returns whether a query uses a metric, itself or through other expressions.
    pub(crate) fn uses(&self, at: usize, metric: usize) -> bool {
        match self.steps.get(at) {
            Some(Step::Expression(node)) => {
                node.ids().into_iter().any(|used| self.uses(used, metric))
            }
            Some(Step::Metric(_)) | None => at == metric,
        }
    }

    /// Computes every query over `slots` periods; `metrics` are the series of the metrics, by query.
    pub(crate) fn run(&self, metrics: Vec<Series>, slots: usize) -> Vec<Series> {
        let mut found = metrics;
        found.resize(self.steps.len(), Vec::new());
        for at in &self.order {
            let Some(Step::Expression(node)) = self.steps.get(*at) else { continue };
            let scope = Scope { program: self, found: &found, slots };
            if let (Value::Series(series), Some(place)) = (scope.value(node), found.get_mut(*at)) {
                *place = series;
            }
        }
        found
    }
}

impl Node {
    /// The queries it uses itself.
    fn ids(&self) -> Vec<usize> {
        match self {
            Self::Number(_) => Vec::new(),
            Self::Id(id) | Self::Period(id) => vec![*id],
            Self::List(nodes) => nodes.iter().flat_map(Self::ids).collect(),
            Self::If(nodes) => nodes.iter().flat_map(Self::ids).collect(),
            Self::Negate(node) | Self::Aggregate(_, node) | Self::Fill(node, Filler::Repeat) => {
                node.ids()
            }
            Self::Binary(_, one, other) | Self::Fill(one, Filler::With(other)) => {
                [one.ids(), other.ids()].concat()
            }
        }
    }

    fn kind(&self) -> Result<Kind, String> {
        Ok(match self {
            Self::Number(_) | Self::Period(_) => Kind::Scalar,
            Self::Id(_) => Kind::Series,
            Self::List(nodes) => {
                let mut kinds = nodes.iter().map(Self::kind);
                if kinds.any(|kind| kind != Ok(Kind::Series)) {
                    return Err("an array holds time series".to_owned());
                }
                Kind::List
            }
            Self::Negate(node) => node.kind()?,
            Self::Binary(_, one, other) => match (one.kind()?, other.kind()?) {
                (Kind::List, Kind::List) => return Err("two arrays cannot be combined".to_owned()),
                (one, other) => one.max(other),
            },
            Self::Fill(node, filler) => {
                if let Filler::With(node) = filler
                    && node.kind()? == Kind::List
                {
                    return Err("FILL takes a number or a time series".to_owned());
                }
                match node.kind()? {
                    Kind::Scalar => return Err("FILL fills a time series".to_owned()),
                    kind @ (Kind::Series | Kind::List) => kind,
                }
            }
            Self::If(nodes) => {
                let kinds: Result<Vec<Kind>, String> = nodes.iter().map(Self::kind).collect();
                match kinds?.into_iter().max() {
                    Some(Kind::List) | None => {
                        return Err("IF takes numbers and time series".to_owned());
                    }
                    Some(kind @ (Kind::Scalar | Kind::Series)) => kind,
                }
            }
            Self::Aggregate(_, node) => match node.kind()? {
                Kind::Scalar => return Err("a number cannot be aggregated".to_owned()),
                Kind::Series => Kind::Scalar,
                Kind::List => Kind::Series,
            },
        })
    }
}

/// What an expression is computed from.
struct Scope<'a> {
    program: &'a Program,
    found: &'a [Series],
    slots: usize,
}

impl Scope<'_> {
    fn value(&self, node: &Node) -> Value {
        match node {
            Node::Number(number) => Value::Scalar(*number),
            Node::Period(id) => {
                Value::Scalar(self.program.period_of(*id).unwrap_or_default() as f64)
            }
            Node::Id(id) => Value::Series(self.found.get(*id).cloned().unwrap_or_default()),
            Node::List(nodes) => {
                Value::List(nodes.iter().map(|node| self.series(self.value(node))).collect())
            }
            Node::Negate(node) => map(self.value(node), |value| Some(-value)),
            Node::Binary(operator, one, other) => {
                self.binary(*operator, self.value(one), self.value(other))
            }
            Node::Fill(node, filler) => self.fill(self.value(node), filler),
            Node::If(nodes) => {
                let [condition, then, otherwise] = nodes.as_ref();
                self.choose(self.value(condition), self.value(then), self.value(otherwise))
            }
            Node::Aggregate(aggregate, node) => match self.value(node) {
                Value::List(list) => Value::Series(
                    (0..self.slots)
                        .map(|slot| {
                            aggregate.of(list.iter().filter_map(|series| *series.get(slot)?))
                        })
                        .collect(),
                ),
                Value::Series(series) => {
                    let whole = aggregate.of(series.into_iter().flatten());
                    whole.map_or_else(|| Value::Series(vec![None; self.slots]), Value::Scalar)
                }
                Value::Scalar(value) => Value::Scalar(value),
            },
        }
    }

    /// Spreads a number over all periods.
    fn series(&self, value: Value) -> Series {
        match value {
            Value::Scalar(value) => vec![Some(value); self.slots],
            Value::Series(series) => series,
            Value::List(list) => list.into_iter().next().unwrap_or_default(),
        }
    }

    /// Where either side has no data point, the result has none.
    fn binary(&self, operator: Operator, one: Value, other: Value) -> Value {
        match (one, other) {
            (Value::Scalar(one), Value::Scalar(other)) => match operator.of(one, other) {
                Some(value) => Value::Scalar(value),
                None => Value::Series(vec![None; self.slots]),
            },
            (Value::List(list), other) => {
                let other = self.series(other);
                Value::List(list.into_iter().map(|one| join(operator, &one, &other)).collect())
            }
            (one, Value::List(list)) => {
                let one = self.series(one);
                Value::List(list.into_iter().map(|other| join(operator, &one, &other)).collect())
            }
            (one, other) => Value::Series(join(operator, &self.series(one), &self.series(other))),
        }
    }

    fn fill(&self, value: Value, filler: &Filler) -> Value {
        let fill = |series: Series| -> Series {
            match filler {
                Filler::Repeat => {
                    let mut last = None;
                    let repeat = |value: Option<f64>| {
                        last = value.or(last);
                        last
                    };
                    series.into_iter().map(repeat).collect()
                }
                Filler::With(node) => {
                    let filling = self.series(self.value(node));
                    series.into_iter().zip(filling).map(|(value, with)| value.or(with)).collect()
                }
            }
        };
        match value {
            Value::List(list) => Value::List(list.into_iter().map(fill).collect()),
            value @ (Value::Scalar(_) | Value::Series(_)) => {
                Value::Series(fill(self.series(value)))
            }
        }
    }

    fn choose(&self, condition: Value, then: Value, otherwise: Value) -> Value {
        if let (Value::Scalar(condition), Value::Scalar(then), Value::Scalar(otherwise)) =
            (&condition, &then, &otherwise)
        {
            return Value::Scalar(if *condition == 0.0 { *otherwise } else { *then });
        }
        let (then, otherwise) = (self.series(then), self.series(otherwise));
        let choices = self.series(condition).into_iter().zip(then.into_iter().zip(otherwise));
        let choose = |(condition, (then, otherwise)): (Option<f64>, (Option<f64>, Option<f64>))| {
            if condition? == 0.0 { otherwise } else { then }
        };
        Value::Series(choices.map(choose).collect())
    }
}

fn map(value: Value, by: impl Fn(f64) -> Option<f64>) -> Value {
    let series = |series: Series| series.into_iter().map(|value| by(value?)).collect();
    match value {
        Value::Scalar(value) => Value::Scalar(by(value).unwrap_or_default()),
        Value::Series(one) => Value::Series(series(one)),
        Value::List(list) => Value::List(list.into_iter().map(series).collect()),
    }
}

fn join(operator: Operator, one: &Series, other: &Series) -> Series {
    one.iter().zip(other).map(|(one, other)| operator.of((*one)?, (*other)?)).collect()
}

impl Operator {
    /// A comparison gives 1 or 0; a division by zero gives no data point.
    fn of(self, one: f64, other: f64) -> Option<f64> {
        let truth = |holds: bool| Some(f64::from(u8::from(holds)));
        #[expect(clippy::float_cmp, reason = "what == means in an expression")]
        match self {
            Self::Add => Some(one + other),
            Self::Subtract => Some(one - other),
            Self::Multiply => Some(one * other),
            Self::Divide => (other != 0.0).then(|| one / other),
            Self::Greater => truth(one > other),
            Self::GreaterOrEqual => truth(one >= other),
            Self::Less => truth(one < other),
            Self::LessOrEqual => truth(one <= other),
            Self::Equal => truth(one == other),
            Self::Unequal => truth(one != other),
        }
    }
}

impl Aggregate {
    fn of(self, values: impl Iterator<Item = f64>) -> Option<f64> {
        let (mut count, mut sum, mut least, mut most) =
            (0_u32, 0.0, f64::INFINITY, f64::NEG_INFINITY);
        for value in values {
            count += 1;
            sum += value;
            least = least.min(value);
            most = most.max(value);
        }
        (count > 0).then(|| match self {
            Self::Sum => sum,
            Self::Average => sum / f64::from(count),
            Self::Minimum => least,
            Self::Maximum => most,
        })
    }
}

#[cfg(test)]
mod tests;
