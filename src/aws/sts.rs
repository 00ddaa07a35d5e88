//! AWS STS: who AWS takes us for.

use super::error::{call_error, unreadable};
use super::{Attempts, Connection, Reply};
use crate::model::table::Identity;

const ACTION: &str = "sts:GetCallerIdentity";

impl Connection {
    /// Asks who AWS takes us for (`GetCallerIdentity`).
    pub async fn identity(&self) -> Reply<Identity> {
        let attempts = Attempts::default();
        let sent = self.sts().get_caller_identity().customize().interceptor(attempts.clone());
        let result = match sent.send().await {
            Ok(output) => match (output.account(), output.arn()) {
                (Some(account), Some(arn)) => {
                    Ok(Identity { account: account.to_owned(), arn: arn.to_owned() })
                }
                _ => Err(unreadable(ACTION, "a reply without an account")),
            },
            Err(error) => Err(call_error(ACTION, &error)),
        };
        attempts.reply(result)
    }
}
