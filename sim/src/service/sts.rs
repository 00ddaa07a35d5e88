//! AWS Security Token Service: `GetCallerIdentity`, in the Query protocol.

use super::Ask;
use crate::wire::{Refusal, escape};

/// Answers one call.
pub(crate) fn answer(ask: &Ask<'_>) -> Result<Vec<u8>, Refusal> {
    if ask.call.operation != "GetCallerIdentity" {
        return Err(ask.unknown_operation());
    }
    let account = ask.account();
    let body = format!(
        "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\
         <GetCallerIdentityResult><Arn>{}</Arn><UserId>{}</UserId><Account>{}</Account>\
         </GetCallerIdentityResult><ResponseMetadata><RequestId>{}</RequestId></ResponseMetadata>\
         </GetCallerIdentityResponse>",
        escape(&account.caller_arn),
        escape(&account.caller_id),
        account.id,
        ask.call.request_id,
    );
    Ok(body.into_bytes())
}
