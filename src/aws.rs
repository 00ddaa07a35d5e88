//! The only module that knows the AWS SDK: one file per service, SDK types in, model types out.

mod alarms;
mod autoscaling;
mod cloudwatch;
mod connect;
mod dax;
mod dynamodb;
mod error;
mod lambda;
mod reread;
mod sts;
#[cfg(test)]
mod testing;
mod trust;
mod write;

pub use alarms::{Listed, billed_for_alarm, why_not_read};
pub(crate) use cloudwatch::billed;
pub use cloudwatch::{Fetched, HotKeysRead};
pub use connect::{
    ConnectError, Connection, LiveOptions, check_region, connect_live, connect_simulated, profiles,
};
pub use write::Sent;

use crate::model::health::CallError;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::BeforeTransmitInterceptorContextRef;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::DateTime;
use aws_smithy_types::config_bag::ConfigBag;
use jiff::Timestamp;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// What a read brought, and what it took.
#[derive(Debug, Clone)]
pub struct Reply<T> {
    /// The answer, or why there is none.
    pub result: Result<T, CallError>,
    /// HTTP requests sent, pages and retries counted.
    pub requests: u32,
    /// Metrics requested as CloudWatch bills them.
    pub metrics: u32,
}

impl<T> Reply<T> {
    /// The same reply with its answer changed.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Reply<U> {
        let Self { result, requests, metrics } = self;
        Reply { result: result.map(change), requests, metrics }
    }
}

/// What a read of many parts brought.
#[derive(Debug, Clone, PartialEq)]
pub struct Gathered<T> {
    /// What could be read.
    pub items: Vec<T>,
    /// Why some of it could not, or only in part: the first error met.
    pub flaw: Option<CallError>,
}

/// Counts the HTTP requests of one read; given to each of its calls as an interceptor.
#[derive(Debug, Clone, Default)]
struct Attempts(Arc<AtomicU32>);

impl Attempts {
    /// The reply of a read that requested no metrics.
    fn reply<T>(&self, result: Result<T, CallError>) -> Reply<T> {
        Reply { result, requests: self.count(), metrics: 0 }
    }

    /// Requests sent so far.
    fn count(&self) -> u32 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Intercept for Attempts {
    fn name(&self) -> &'static str {
        "Attempts"
    }

    fn read_before_transmit(
        &self,
        _context: &BeforeTransmitInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _bag: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}

/// Reads the items of all pages; `page` is given the token of one and brings its items and the next
/// token.
///
/// # Errors
/// That of the first page that fails, or [`Pages::advance`]'s.
async fn all_pages<T, F>(
    action: &'static str,
    mut page: impl FnMut(Option<String>) -> F,
) -> Result<Vec<T>, CallError>
where
    F: Future<Output = Result<(Vec<T>, Option<String>), CallError>>,
{
    let mut items = Vec::new();
    let mut pages = Pages::default();
    loop {
        let (mut more, next) = page(pages.token()).await?;
        items.append(&mut more);
        if !pages.advance(next.as_deref(), action)? {
            return Ok(items);
        }
    }
}

/// Reads the items of at most `most` pages, like [`all_pages`]; those read before one that fails are
/// kept.
///
/// # Errors
/// That of the first page.
async fn first_pages<T, F>(
    action: &'static str,
    most: usize,
    mut page: impl FnMut(Option<String>) -> F,
) -> Result<Gathered<T>, CallError>
where
    F: Future<Output = Result<(Vec<T>, Option<String>), CallError>>,
{
    let mut pages = Pages::default();
    let (mut items, next) = page(None).await?;
    let mut more = pages.advance(next.as_deref(), action)?;
    for _ in 1..most {
        if !more {
            break;
        }
        let advanced = match page(pages.token()).await {
            Ok((mut found, next)) => {
                items.append(&mut found);
                pages.advance(next.as_deref(), action)
            }
            Err(error) => Err(error),
        };
        match advanced {
            Ok(further) => more = further,
            Err(flaw) => return Ok(Gathered { items, flaw: Some(flaw) }),
        }
    }
    Ok(Gathered { items, flaw: None })
}

/// Follows the token from page to page, and notices when a server never stops.
#[derive(Debug, Default)]
struct Pages {
    token: Option<String>,
}

impl Pages {
    /// The token to send with the next call.
    fn token(&self) -> Option<String> {
        self.token.clone()
    }

    /// Takes the token of a page; `Ok(false)` after the last one.
    ///
    /// # Errors
    /// [`CallError`] of class `Unreadable` if the token is the one that was sent, since such a
    /// server would be asked for ever.
    fn advance(&mut self, next: Option<&str>, action: &'static str) -> Result<bool, CallError> {
        let next = next.filter(|token| !token.is_empty());
        if next.is_some() && next == self.token.as_deref() {
            return Err(error::unreadable(action, "the same page again and again"));
        }
        self.token = next.map(str::to_owned);
        Ok(self.token.is_some())
    }
}

/// The instant; `None` for the epoch, which stands for "never".
fn timestamp(at: DateTime) -> Option<Timestamp> {
    let nanos = i32::try_from(at.subsec_nanos()).ok()?;
    let at = Timestamp::new(at.secs(), nanos).ok()?;
    (at > Timestamp::UNIX_EPOCH).then_some(at)
}

#[cfg(test)]
mod tests;
