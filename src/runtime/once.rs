//! One poll of everything, for what is printed.

use super::engines::twice;
use super::source::Sources;
use super::tell;
use crate::aws::ConnectError;
use crate::config::Config;
use crate::model::update::Update;
use crate::poll;
use crate::view::places::Profiles;
use futures_util::future::join_all;
use std::collections::BTreeSet;

/// What was read, and the profiles that it was read with.
pub(super) struct Read {
    pub(super) updates: Vec<Update>,
    pub(super) profiles: Profiles,
}

/// Polls every source once, all at the same time; what two profiles lead to is read once.
///
/// # Errors
/// No source can be connected to.
pub(super) async fn read(config: &Config, sources: &Sources) -> Result<Read, ConnectError> {
    let connected = sources.connect().await?;
    let polls = connected.into_iter().zip(sources.settings(config)).map(async |(to, settings)| {
        let connection = match to {
            Ok(connection) => connection,
            Err(lost) => return (None, vec![*lost]),
        };
        let profile = connection.profile().map(str::to_owned);
        let clock = sources.clock.clone();
        let interest = poll::Interest { last_key: clock.now(), ..poll::Interest::default() };
        (profile, poll::once(connection, clock, settings, interest).await)
    });
    let named = config.target.selection().profiles;
    let mut read = Read { updates: vec![], profiles: Profiles::new(named) };
    let mut taken = BTreeSet::new();
    for (profile, updates) in join_all(polls).await {
        let Some(scope) = updates.first().map(|update| update.scope.clone()) else { continue };
        if !taken.insert(scope.clone()) {
            tell(&twice(&scope, profile.as_deref()));
            continue;
        }
        if let Some(profile) = profile {
            read.profiles.note(scope, profile);
        }
        read.updates.extend(updates);
    }
    Ok(read)
}
