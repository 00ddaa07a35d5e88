//! What the Alarms pane looks like.

use super::{SIZES, compare, press};
use crate::screens::alarms::watched;
use crate::screens::stores::now;
use ddbtop::report::snapshot::text;

#[test]
fn what_pages_stands_on_top_with_its_reason_and_its_data() {
    compare("alarms", watched, "6");
}

#[test]
fn everything_about_an_alarm_in_words() {
    compare("alarm_in_words", watched, "6d");
}

#[test]
fn the_chart_of_an_alarm_alone() {
    compare("alarm_expanded", watched, "6jz");
}
