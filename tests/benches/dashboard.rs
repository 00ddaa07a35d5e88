//! The application as the dashboard starts it.

use ddbtop::app::keymap::Keymap;
use ddbtop::app::production::Production;
use ddbtop::app::{App, Msg, Options, Permission, Remembered, Standing};
use ddbtop::diagnose::Thresholds;
use ddbtop::store;
use ddbtop::tune::price::Prices;
use ddbtop::view::Charset;
use ddbtop::view::chart::Marker;
use ddbtop::view::header::Banner;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::sync::Arc;

/// Columns and rows of its terminal.
pub(crate) const SIZE: (u16, u16) = (200, 50);

pub(crate) fn app(now: Timestamp) -> App {
    let mut app = App::new(Options {
        standing: Standing {
            region: "us-east-1".to_owned(),
            banner: Banner::Demo,
            permission: Permission { by: String::new(), answer: "nobody allowed it".to_owned() },
            ..Standing::default()
        },
        prices: Arc::new(Prices::embedded()),
        thresholds: Thresholds::default(),
        store: store::Settings::default(),
        behind: std::sync::Arc::default(),
        remembered: Remembered::default(),
        production: Production::default(),
        keymap: Keymap::default(),
        themes: vec![],
        theme: String::new(),
        time_zone: TimeZone::UTC,
        marker: Marker::default(),
        charset: Charset::Unicode,
        include_settling: false,
        is_recorded: false,
        replay: None,
    });
    app.handle(Msg::Resize(SIZE.0, SIZE.1), now);
    app
}
