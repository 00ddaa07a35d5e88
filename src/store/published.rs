//! Which minutes CloudWatch has published.

use crate::model::time::Minute;

/// Which minutes CloudWatch is known to have published for a resource: a gap in one of them is not
/// about to be filled.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Published {
    /// The newest minute in which the resource's own consumption has a data point.
    pub(super) own: Option<Minute>,
    /// The newest settled minute for which its consumption was read.
    pub(super) read: Option<Minute>,
    /// The newest minute in which any resource has one.
    pub(super) others: Option<Minute>,
}

impl Published {
    /// The newest published minute, as far as is known to somebody who asks about `minute`.
    ///
    /// Where the resource's own consumption could not be read that far again, the others vouch.
    pub(super) fn through(self, minute: Minute) -> Option<Minute> {
        let is_unread = self.read.is_some_and(|read| read < minute);
        self.own.max(self.others.filter(|_| is_unread))
    }

    /// Whether `minute` is one of them.
    pub(crate) fn contains(self, minute: Minute) -> bool {
        self.through(minute) >= Some(minute)
    }
}
