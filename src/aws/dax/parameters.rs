//! How long DAX keeps items and results, by parameter group.

use super::{PAUSE, PER_PAGE};
use crate::aws::error::call_error;
use crate::aws::{Attempts, Connection, Gathered, Reply, all_pages};
use crate::clock::Clock;
use crate::model::dax::{ParameterGroup, Ttl};
use crate::model::health::CallError;
use aws_sdk_dax::types as sdk;
use std::sync::Arc;
use std::time::Duration;

const PARAMETERS: &str = "dax:DescribeParameters";

/// The two parameters there are (DAX API Reference, "`UpdateParameterGroup`").
const RECORD_TTL: &str = "record-ttl-millis";
const QUERY_TTL: &str = "query-ttl-millis";

impl Connection {
    /// Reads the parameter groups of these names (`DescribeParameters`, all pages of each). One that cannot be read
    /// keeps none of the others back.
    ///
    /// # Errors
    /// [`CallError`] if none could be read.
    pub async fn parameter_groups(
        &self,
        clock: &Clock,
        names: &[Arc<str>],
    ) -> Reply<Gathered<ParameterGroup>> {
        let attempts = Attempts::default();
        let (mut items, mut flaw) = (vec![], None);
        for (place, name) in names.iter().enumerate() {
            if place > 0 {
                tokio::time::sleep(clock.span(PAUSE)).await;
            }
            match self.parameter_group(&attempts, clock, name).await {
                Ok(group) => items.push(group),
                Err(error) => {
                    flaw.get_or_insert(error);
                }
            }
        }
        attempts.reply(match flaw {
            Some(error) if items.is_empty() => Err(error),
            flaw => Ok(Gathered { items, flaw }),
        })
    }

    async fn parameter_group(
        &self,
        attempts: &Attempts,
        clock: &Clock,
        name: &Arc<str>,
    ) -> Result<ParameterGroup, CallError> {
        let parameters = all_pages(PARAMETERS, |token| async {
            if token.is_some() {
                tokio::time::sleep(clock.span(PAUSE)).await;
            }
            let call = self.dax().describe_parameters().parameter_group_name(&**name);
            let call = call.max_results(PER_PAGE).set_next_token(token).customize();
            let sent = call.interceptor(attempts.clone()).send().await;
            let output = sent.map_err(|error| call_error(PARAMETERS, &error))?;
            Ok((output.parameters().to_vec(), output.next_token.clone()))
        })
        .await?;
        let ttl = |wanted: &str| {
            parameters.iter().find(|told| told.parameter_name() == Some(wanted)).and_then(ttl)
        };
        let (record_ttl, query_ttl) = (ttl(RECORD_TTL), ttl(QUERY_TTL));
        Ok(ParameterGroup { name: Arc::clone(name), record_ttl, query_ttl })
    }
}

/// Takes in a time to live; `None` for what is no number of milliseconds.
fn ttl(told: &sdk::Parameter) -> Option<Ttl> {
    let millis = told.parameter_value()?.trim().parse().ok()?;
    Some(Ttl { time: Duration::from_millis(millis), source: told.source().map(Arc::from) })
}
