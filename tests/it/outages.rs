//! Outages while the dashboard runs.
