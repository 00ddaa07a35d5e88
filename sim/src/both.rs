//! One value for reads and one for writes.

use serde::Deserialize;

use super::facts::Dimension;

/// The two directions, in the order in which everything is done.
pub(crate) const DIMENSIONS: [Dimension; 2] = [Dimension::Read, Dimension::Write];

/// One value for reads and one for writes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Both<T> {
    /// The value of reads.
    pub(crate) read: T,
    /// The value of writes.
    pub(crate) write: T,
}

impl<T> Both<T> {
    /// The value of one direction.
    pub(crate) fn of(&self, dimension: Dimension) -> &T {
        match dimension {
            Dimension::Read => &self.read,
            Dimension::Write => &self.write,
        }
    }

    /// The value of one direction, to be changed.
    pub(crate) fn of_mut(&mut self, dimension: Dimension) -> &mut T {
        match dimension {
            Dimension::Read => &mut self.read,
            Dimension::Write => &mut self.write,
        }
    }

    /// A value of each direction.
    pub(crate) fn from_fn(mut value: impl FnMut(Dimension) -> T) -> Self {
        Self { read: value(Dimension::Read), write: value(Dimension::Write) }
    }
}
