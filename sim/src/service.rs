//! The services: one file each, from a request's body to a reply's body.

pub(crate) mod autoscaling;
pub(crate) mod cloudwatch;
pub(crate) mod dax;
pub(crate) mod dynamodb;
pub(crate) mod lambda;
pub(crate) mod streams;
pub(crate) mod sts;

use std::borrow::Cow;
use std::fmt::Display;
use std::hash::{Hash, Hasher};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::alarms::Alarms;
use super::facts::{AccountState, Epoch};
use super::fleet::{Fleet, mix};
use super::wire::{Common, Format, Refusal, Service, parameter};
use super::world::Call;
use cloudwatch::MetricList;

/// One call on its way through a service.
pub(crate) struct Ask<'a> {
    pub(crate) fleet: &'a mut Fleet,
    pub(crate) now: Epoch,
    pub(crate) service: Service,
    pub(crate) format: Format,
    pub(crate) body: &'a [u8],
    /// The query string, in which a REST request asks; empty if there is none.
    pub(crate) query: &'a str,
    /// The call's entry in the ledger.
    pub(crate) call: &'a mut Call,
    /// The metrics of the fleet, kept between calls.
    pub(crate) metric_list: &'a mut MetricList,
    pub(crate) alarms: &'a mut Alarms,
    /// The share of metric results that fail, 0 to 1.
    pub(crate) failing: f64,
    /// Whether the caller has the permission for an operation of a service.
    pub(crate) may: &'a dyn Fn(Service, &str) -> bool,
}

impl Ask<'_> {
    /// Reads the request.
    pub(crate) fn input<T: DeserializeOwned>(&self) -> Result<T, Refusal> {
        self.format.decode(self.service, self.body)
    }

    /// Returns a parameter of the query string.
    pub(crate) fn parameter(&self, name: &str) -> Option<String> {
        parameter(self.query, name).map(Cow::into_owned)
    }

    /// Writes the reply.
    pub(crate) fn output<T: Serialize>(&self, value: &T) -> Result<Vec<u8>, Refusal> {
        self.format.encode(self.service, value)
    }

    /// Returns the account.
    pub(crate) fn account(&self) -> &AccountState {
        self.fleet.account()
    }

    /// Tells whether the metric result at `index` is among the failing ones of this call.
    pub(crate) fn fails(&self, index: usize) -> bool {
        let lot = digest(&(&self.call.request_id, index)) as f64 / u64::MAX as f64;
        self.failing > 0.0 && lot < self.failing
    }

    /// Refuses an operation that the service does not have.
    pub(crate) fn unknown_operation(&self) -> Refusal {
        let message = format!("Operation {} is not supported", self.call.operation);
        Common::UnknownOperation.refusal(self.service, message)
    }
}

/// Makes an ARN in the account's partition; the services here exist in the standard partition only.
pub(crate) fn arn(account: &AccountState, service: &str, resource: &str) -> String {
    format!("arn:aws:{service}:{}:{}:{resource}", account.region, account.id)
}

/// Words a broken constraint as AWS does.
pub(crate) fn constraint(value: &dyn Display, member: &str, rule: &str) -> String {
    format!(
        "1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: {rule}"
    )
}

/// Words the absence of a required member as AWS does.
pub(crate) fn missing(member: &str) -> String {
    format!(
        "1 validation error detected: Value null at '{member}' failed to satisfy constraint: Member must \
         not be null"
    )
}

/// Words the constraint that a page size outside 1 to `most` breaks; `None` if it is inside.
pub(crate) fn page_size_error(size: i64, member: &str, most: usize) -> Option<String> {
    if size < 1 {
        return Some(constraint(
            &size,
            member,
            "Member must have value greater than or equal to 1",
        ));
    }
    let rule = format!("Member must have value less than or equal to {most}");
    usize::try_from(size).is_ok_and(|size| size > most).then(|| constraint(&size, member, &rule))
}

/// A page token: where to go on, bound to the question it belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Token {
    /// Index of the next item.
    pub(crate) index: usize,
    /// A finer position inside that item; 0 if there is none.
    pub(crate) within: i64,
}

impl Token {
    /// Writes the token for the `question` asked.
    pub(crate) fn write(self, question: &impl Hash) -> String {
        format!("{:x}.{}.{:016x}", self.index, self.within, digest(question))
    }

    /// Reads a token; `None` is one that was not given for this `question`.
    pub(crate) fn read(text: &str, question: &impl Hash) -> Option<Self> {
        let mut parts = text.split('.');
        let index = usize::from_str_radix(parts.next()?, 16).ok()?;
        let within = parts.next()?.parse().ok()?;
        let bound = u64::from_str_radix(parts.next()?, 16).ok()?;
        (bound == digest(question) && parts.next().is_none()).then_some(Self { index, within })
    }
}

/// Cuts one page of at most `size` items out of `items`, and gives the token of the next one; `None` is a
/// token that does not fit the `question`.
pub(crate) fn page<T: Clone>(
    items: &[T],
    token: Option<&str>,
    size: usize,
    question: &impl Hash,
) -> Option<(Vec<T>, Option<String>)> {
    let start = match token {
        Some(text) => Token::read(text, question)?.index,
        None => 0,
    };
    let part: Vec<T> = items.iter().skip(start).take(size).cloned().collect();
    let index = start + part.len();
    let more = index < items.len() && !part.is_empty();
    Some((part, more.then(|| Token { index, within: 0 }.write(question))))
}

/// Makes the UUID that stands for `name`: always the same one.
pub(crate) fn uuid(name: &impl Hash) -> String {
    let (high, low) = (digest(&(name, 1)), digest(&(name, 2)));
    format!(
        "{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xffff,
        high & 0xfff,
        (low >> 48) & 0xfff,
        low & 0xffff_ffff_ffff,
    )
}

/// Hashes to the same number on every machine and with every compiler, which the standard library's
/// hasher does not promise.
fn digest(value: &impl Hash) -> u64 {
    let mut hasher = Stable(0xcbf2_9ce4_8422_2325);
    value.hash(&mut hasher);
    hasher.finish()
}

/// FNV-1a over little-endian bytes, then mixed, since its low bits depend on few input bits.
struct Stable(u64);

impl Hasher for Stable {
    fn finish(&self) -> u64 {
        mix(self.0)
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn write_u32(&mut self, number: u32) {
        self.write_u64(number.into());
    }

    fn write_u64(&mut self, number: u64) {
        self.write(&number.to_le_bytes());
    }

    fn write_usize(&mut self, number: usize) {
        self.write_u64(number as u64);
    }

    fn write_isize(&mut self, number: isize) {
        self.write_u64(number.cast_unsigned() as u64);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_follow_one_another_without_gap_or_overlap() {
        let items: Vec<u32> = (0..23).collect();
        let (mut token, mut seen, mut sizes) = (None, Vec::new(), Vec::new());
        loop {
            let (part, next) = page(&items, token.as_deref(), 10, &"question").unwrap();
            sizes.push(part.len());
            seen.extend(part);
            token = next;
            if token.is_none() {
                break;
            }
        }
        assert_eq!((seen, sizes), (items, vec![10, 10, 3]));
    }

    #[test]
    fn a_token_is_good_for_its_own_question_only() {
        let token = Token { index: 7, within: -3 };
        let text = token.write(&"mine");
        assert_eq!(Token::read(&text, &"mine"), Some(token));
        assert_eq!(Token::read(&text, &"yours"), None);
        for bad in ["", "x", "1.2", "1.2.3.4", &format!("{text}.0")] {
            assert_eq!(Token::read(bad, &"mine"), None, "{bad}");
        }
    }

    #[test]
    fn a_uuid_has_the_shape_of_one_and_is_stable() {
        let id = uuid(&("table", "orders"));
        assert_eq!(id, uuid(&("table", "orders")));
        assert_ne!(id, uuid(&("table", "carts")));
        assert_eq!(id, "f654fe70-3cf5-44be-a426-498251bca486", "on every machine");
        let lengths: Vec<usize> = id.split('-').map(str::len).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12]);
    }
}
