//! The Table pane and the Pollers pane: what they look like, and where keys lead on them.

mod alarms;
mod dax;
mod hot_keys;
mod journeys;
mod scaling;
pub(crate) mod stores;
mod timeline;

use crate::screens::dump::dump;
use crate::screens::stores::{Fleet, calm, now, options, trouble};
use ddbtop::app::key::Key;
use ddbtop::app::{App, Msg};
use ddbtop::model::health::{Outcome, Poller};
use ddbtop::report::snapshot::text;
use ddbtop::view::Charset;

const SIZES: [(u16, u16); 4] = [(60, 20), (80, 24), (120, 40), (200, 50)];

/// Presses keys; `\n` stands for Enter and `\x1b` for Esc.
fn press(app: &mut App, keys: &str) {
    for key in keys.chars() {
        let key = match key {
            '\n' => Key::Enter,
            '\x1b' => Key::Esc,
            other => Key::Char(other),
        };
        app.handle(Msg::Key(key), now());
    }
}

/// Compares the screen of a fleet after these keys at all sizes.
fn compare(name: &str, fleet: fn() -> Fleet, keys: &str) {
    for (width, height) in SIZES {
        let mut app = fleet().app(width, height);
        press(&mut app, keys);
        let shown = dump(&app.screen(now()), width, height);
        insta::assert_snapshot!(format!("{name}-{width}x{height}"), shown);
    }
}

#[test]
fn an_index_that_pushes_back_says_what_is_wrong_above_its_own_charts() {
    compare("index_in_trouble", trouble, "\n");
}

#[test]
fn a_table_that_suffers_from_its_index_points_at_it() {
    compare("suffering_table", trouble, "\nk");
}

#[test]
fn a_calm_provisioned_table_is_calm() {
    compare("calm_table", stores::described, "/orders\n\n");
}

#[test]
fn what_is_late_to_leave_a_table_stands_before_what_is_as_ever() {
    compare("lagging_table", stores::lagging, "/orders\n\n");
}

#[test]
fn the_words_of_a_table_tell_all_that_reads_it() {
    compare("lagging_words", stores::lagging, "/orders\n\nd");
}

#[test]
fn an_on_demand_table_is_compared_with_its_warm_throughput() {
    compare("on_demand_table", stores::on_demand_table, "\n");
}

#[test]
fn a_table_that_is_being_read_says_so_everywhere() {
    compare("unread_table", stores::being_read, "\n");
}

#[test]
fn what_is_denied_names_the_action() {
    compare("denied_table", stores::denied_everything, "\n");
}

#[test]
fn of_many_indexes_those_around_the_selected_one_are_shown() {
    compare("many_indexes", stores::many_indexes, "\njjjjjjjjjjjjjj");
}

#[test]
fn the_account_has_its_errors_and_its_quotas() {
    compare("account", stores::account, "/account\n\n");
}

#[test]
fn pollers_that_are_well_say_what_they_read_and_cost() {
    compare("pollers_well", calm, "8");
}

#[test]
fn each_failure_has_its_word_and_its_cure() {
    compare("pollers_failing", stores::failing, "8jj");
}

#[test]
fn a_poller_that_waits_or_has_recovered_says_so() {
    let mut fleet = Fleet::new();
    let error = stores::throttled();
    fleet.round(Poller::Metrics, -65, Outcome::Failed(error));
    fleet.round(Poller::Metrics, -5, Outcome::Complete);
    let mut app = fleet.app(120, 40);
    press(&mut app, "8");
    let shown = text(&app.screen(now()), 120, 40);
    assert!(shown.contains("metrics        ok "), "{shown}");
    assert!(shown.contains(" x· "), "{shown}");
    let past = "65 s ago, since recovered: cloudwatch:GetMetricData: Throttling: Rate exceeded";
    assert!(shown.contains(past), "{shown}");
    assert!(shown.contains("tables         waiting"), "{shown}");
}

#[test]
fn an_expanded_chart_has_the_whole_pane() {
    compare("expanded_chart", trouble, "\nlz[[");
}

#[test]
fn ascii_is_enough() {
    for keys in ["\n", "\nk", "\nz", "8"] {
        for (width, height) in SIZES {
            let mut app = App::new(ddbtop::app::Options { charset: Charset::Ascii, ..options() });
            app.handle(Msg::Resize(width, height), now());
            app.handle(Msg::Updates(trouble().updates()), now());
            press(&mut app, keys);
            let shown = text(&app.screen(now()), width, height);
            assert!(shown.is_ascii(), "{shown}");
        }
    }
}

#[test]
fn no_size_is_too_small_or_odd() {
    for keys in ["\n", "\nlll", "8j"] {
        let mut app = stores::many_indexes().app(1, 1);
        press(&mut app, keys);
        for width in (1..=210).step_by(7) {
            for height in 1..=60 {
                app.handle(Msg::Resize(width, height), now());
                let shown = text(&app.screen(now()), width, height);
                assert_eq!(shown.lines().count(), usize::from(height));
            }
        }
    }
}
