//! What the Hot keys pane looks like, and what the Table pane says of a hot key.

use super::{SIZES, compare, press};
use crate::screens::hot_keys::{hot, old, unread};
use crate::screens::stores::{now, options};
use ddbtop::app::{App, Msg, Options};
use ddbtop::report::snapshot::text;
use ddbtop::view::Charset;

#[test]
fn an_index_whose_throttled_writes_are_not_measured_points_at_its_accessed_keys() {
    compare("hot_keys_index", hot, "3");
}

#[test]
fn a_single_table_design_is_summed_up_by_kinds_of_entities() {
    compare("hot_keys_single_table", hot, "3j");
}

#[test]
fn keys_are_shown_in_full_only_while_the_header_says_so() {
    compare("hot_keys_revealed", hot, "3jp");
}

#[test]
fn where_it_is_off_its_price_is_told() {
    compare("hot_keys_off", hot, "3jj");
}

#[test]
fn where_throttled_keys_alone_are_counted_accessed_ones_are_said_to_be_missing() {
    compare("hot_keys_throttled_alone", hot, "3jjj");
}

#[test]
fn what_failed_says_why_and_what_to_do() {
    compare("hot_keys_failed", hot, "3jjjj");
}

#[test]
fn reports_that_may_not_be_read_name_the_permission() {
    compare("hot_keys_denied", hot, "3Gk");
}

#[test]
fn where_nobody_may_read_whether_keys_are_counted_what_is_in_trouble_has_a_row() {
    compare("hot_keys_unread", unread, "3");
}

#[test]
fn everything_about_a_row_in_words() {
    compare("hot_keys_words", hot, "3jd");
}

#[test]
fn the_list_alone_has_room_for_more_rows() {
    compare("hot_keys_expanded", hot, "3iz");
}

#[test]
fn the_table_pane_names_the_hot_key_behind_its_mask() {
    compare("hot_key_of_a_table", hot, "/catalogue\n\n");
}

#[test]
fn reports_that_could_not_be_read_again_stay_and_are_said_to_be_old() {
    let mut app = old().app(120, 40);
    press(&mut app, "3j");
    let frame = text(&app.screen(now()), 120, 40);
    assert!(frame.contains("as last read"), "{frame}");
    assert!(frame.contains("Rate exceeded"), "{frame}");
    assert!(frame.contains("PRODUCT#*"), "{frame}");
}

#[test]
fn ascii_is_enough_and_no_size_is_too_small() {
    for keys in ["3", "3d", "3z", "3/nothing", "3i", "3jp", "3G"] {
        for (width, height) in SIZES {
            let mut app = App::new(Options { charset: Charset::Ascii, ..options() });
            app.handle(Msg::Resize(width, height), now());
            app.handle(Msg::Updates(hot().updates()), now());
            press(&mut app, keys);
            let shown = text(&app.screen(now()), width, height);
            assert!(shown.is_ascii(), "{shown}");
        }
        let mut app = hot().app(1, 1);
        press(&mut app, keys);
        for (width, height) in (1..=210).step_by(9).zip((1..=60).cycle()) {
            app.handle(Msg::Resize(width, height), now());
            let shown = text(&app.screen(now()), width, height);
            assert_eq!(shown.lines().count(), usize::from(height));
        }
    }
}
