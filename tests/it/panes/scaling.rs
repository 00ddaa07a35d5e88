//! What the Scaling pane looks like.

use super::{SIZES, compare, press};
use crate::screens::scaling::scaled;
use crate::screens::stores::{Fleet, denied, now, options, provisioned};
use ddbtop::app::{App, Msg, Options};
use ddbtop::model::health::{Outcome, Poller};
use ddbtop::model::id::Resource;
use ddbtop::report::snapshot::text;
use ddbtop::view::Charset;

#[test]
fn what_keeps_capacity_from_following_stands_on_top() {
    compare("scaling", scaled, "4");
}

#[test]
fn what_is_scheduled_stands_in_the_strip_of_its_target() {
    compare("scaling_scheduled", scaled, "4/catalogue\nj");
}

#[test]
fn on_demand_rows_are_unfolded_and_compared_with_their_maximum() {
    compare("scaling_on_demand", scaled, "4i/demand\n");
}

#[test]
fn everything_about_a_target_in_words() {
    compare("scaling_words", scaled, "4d");
}

#[test]
fn the_list_alone_has_room_for_more_rows() {
    compare("scaling_expanded", scaled, "4zjj");
}

#[test]
fn only_what_matters_is_left() {
    compare("scaling_only_trouble", scaled, "4!jjj");
}

/// A fleet whose scalable targets may not be read.
fn refused() -> Fleet {
    let mut fleet = Fleet::new();
    fleet.table("orders", provisioned(3_000.0, 600.0), &["by-status"]);
    fleet.traffic(&Resource::table("orders"), 840.0, 610.0);
    fleet.traffic(&Resource::index("orders", "by-status"), 210.0, 300.0);
    let refused = [
        (Poller::Scaling, "application-autoscaling:DescribeScalableTargets"),
        (Poller::Activities, "application-autoscaling:DescribeScalingActivities"),
        (Poller::Schedules, "application-autoscaling:DescribeScheduledActions"),
    ];
    for poller in Poller::ALL {
        let action = refused.iter().find(|(refused, _)| *refused == poller);
        let outcome =
            action.map_or(Outcome::Complete, |(_, action)| Outcome::Failed(denied(action)));
        fleet.round(poller, -5, outcome);
    }
    fleet
}

/// A fleet whose scalable targets could be read until a moment ago.
fn refused_again() -> Fleet {
    let mut fleet = scaled();
    let action = "application-autoscaling:DescribeScalableTargets";
    fleet.round(Poller::Scaling, -5, Outcome::Failed(denied(action)));
    fleet
}

#[test]
fn what_was_read_before_stays_and_is_said_to_be_old() {
    let mut app = refused_again().app(80, 24);
    press(&mut app, "4");
    let frame = text(&app.screen(now()), 80, 24);
    assert!(frame.contains("AS LAST READ scalable targets"), "{frame}");
    assert!(frame.contains("50-500    70% at maximum"), "{frame}");
}

#[test]
fn what_is_denied_is_named_and_the_tables_stay() {
    compare("scaling_denied", refused, "4");
}

#[test]
fn ascii_is_enough_and_no_size_is_too_small() {
    for keys in ["4", "4d", "4z", "4/nothing", "4i"] {
        for (width, height) in SIZES {
            let mut app = App::new(Options { charset: Charset::Ascii, ..options() });
            app.handle(Msg::Resize(width, height), now());
            app.handle(Msg::Updates(scaled().updates()), now());
            press(&mut app, keys);
            let shown = text(&app.screen(now()), width, height);
            assert!(shown.is_ascii(), "{shown}");
        }
        let mut app = scaled().app(1, 1);
        press(&mut app, keys);
        for (width, height) in (1..=210).step_by(9).zip((1..=60).cycle()) {
            app.handle(Msg::Resize(width, height), now());
            let shown = text(&app.screen(now()), width, height);
            assert_eq!(shown.lines().count(), usize::from(height));
        }
    }
}

#[test]
fn on_80_cells_use_capacity_bounds_target_and_reason_have_room() {
    for (columns, heads) in [
        (60, "NAME R/W USE NOW WHY"),
        (80, "NAME R/W USE NOW MIN-MAX TARGET WHY"),
        (120, "NAME R/W USE NOW MIN-MAX TARGET LAST WHY"),
    ] {
        let mut app = scaled().app(columns, 24);
        press(&mut app, "4");
        let shown = text(&app.screen(now()), columns, 24);
        let head = shown.lines().find(|line| line.contains("NAME")).unwrap();
        assert_eq!(head.split_whitespace().collect::<Vec<_>>().join(" "), heads, "{shown}");
    }
}
