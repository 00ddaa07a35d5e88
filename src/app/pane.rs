//! The panes and what they can be called.

/// A pane of the dashboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Pane {
    /// The fleet, ranked by trouble.
    #[default]
    Tables,
    /// One table or index.
    Table,
    /// Which keys are asked for most, and throttled most.
    HotKeys,
    /// What moves capacity, and what keeps it from moving.
    Scaling,
    /// DAX clusters and their nodes.
    Dax,
    /// What CloudWatch alarms say.
    Alarms,
    /// Everything that happened.
    Timeline,
    /// How well AWS can be read.
    Pollers,
}

impl Pane {
    /// All of them, in the order of their digits.
    pub const ALL: [Self; 8] = [
        Self::Tables,
        Self::Table,
        Self::HotKeys,
        Self::Scaling,
        Self::Dax,
        Self::Alarms,
        Self::Timeline,
        Self::Pollers,
    ];

    /// Its name on screen.
    pub fn name(self) -> &'static str {
        match self {
            Self::Tables => "Tables",
            Self::Table => "Table",
            Self::HotKeys => "Hot keys",
            Self::Scaling => "Scaling",
            Self::Dax => "DAX",
            Self::Alarms => "Alarms",
            Self::Timeline => "Timeline",
            Self::Pollers => "Pollers",
        }
    }

    /// The pane `steps` further round.
    #[must_use]
    pub fn beside(self, steps: isize) -> Self {
        let count = Self::ALL.len().cast_signed();
        let place = Self::ALL.iter().position(|pane| *pane == self).unwrap_or(0).cast_signed();
        let next = place.saturating_add(steps).rem_euclid(count);
        Self::ALL.get(next.cast_unsigned()).copied().unwrap_or_default()
    }
}
