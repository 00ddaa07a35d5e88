//! View models, one per pane.
