//! Keys in, and what they lead to.

mod alarms;
mod dax;
mod hot_keys;
mod scaling;

use crate::screens::stores::{calm, now, on_demand, options, trouble};
use ddbtop::app::key::Key;
use ddbtop::app::{App, Effect, Msg, Remembered};
use ddbtop::model::id::{Resource, Scope};
use ddbtop::model::metric::Metric;
use ddbtop::model::throttle::{Direction, Limit};
use ddbtop::model::update::{News, Update};
use ddbtop::report::snapshot::text;
use ddbtop::view::tables::SortBy;
use jiff::SignedDuration;
use std::sync::Arc;

/// Reads keys as people type them: `jj/ord<Enter>`, `<C-d>`, `<Shift-Tab>`.
pub(crate) fn keys(typed: &str) -> Vec<Key> {
    let mut keys = Vec::new();
    let mut chars = typed.chars();
    while let Some(c) = chars.next() {
        if c != '<' {
            keys.push(Key::Char(c));
            continue;
        }
        let name: String = chars.by_ref().take_while(|c| *c != '>').collect();
        let control = name.strip_prefix("C-").and_then(|letter| letter.chars().next());
        keys.push(control.map_or_else(|| name.parse().unwrap(), Key::Ctrl));
    }
    keys
}

pub(crate) fn press(app: &mut App, typed: &str) -> Vec<Effect> {
    keys(typed).into_iter().flat_map(|key| app.handle(Msg::Key(key), now())).collect()
}

/// The names on screen from top to bottom; the selected one in brackets.
fn listed(app: &App) -> String {
    let shown = text(&app.screen(now()), 200, 50);
    let body = shown.lines().skip(4).take_while(|line| !line.starts_with('─'));
    let names = body.filter(|line| !line.is_empty()).map(|line| {
        let name: String = line.chars().skip(3).collect();
        let name =
            name.trim_start_matches(['└', ' ']).split(' ').next().unwrap_or_default().to_owned();
        if line.starts_with('▶') { format!("[{name}]") } else { name }
    });
    names.collect::<Vec<_>>().join(" ")
}

/// The selected row's name.
pub(crate) fn selected(app: &App) -> String {
    let listed = listed(app);
    let name = listed.split(' ').find_map(|name| name.strip_prefix('[')).unwrap_or_default();
    name.trim_end_matches(']').to_owned()
}

pub(crate) fn shown(app: &App) -> String {
    text(&app.screen(now()), 200, 50)
}

#[test]
fn filters_choose_rows_and_keep_an_index_below_its_table() {
    const ALL: &str = "orders [by-status] by-customer account payments sessions catalogue by-brand \
                       customer-profile-production inventory by-warehouse feature-flags \
                       shipping-labels carts";
    let cases = [
        ("", ALL),
        ("/PAY", "[payments]"),
        ("/pay<Enter>", "[payments]"),
        ("/pay<Esc>", ALL),
        ("/pay<Enter><Esc>", ALL),
        ("/verdict:\"hot part\"<Enter>", "orders [by-status]"),
        ("/mode:on-demand !carts<Enter>", "[sessions] feature-flags"),
        ("/index:by-b<Enter>", "[catalogue] by-brand"),
        ("/rthr>0<Enter>", "[payments] sessions"),
        ("/ruse>=100 name:pay<Enter>", "[payments]"),
        ("/mode:on-demand<Enter>", "[sessions] feature-flags carts"),
        ("/!mode:prov<Enter>", "[account] sessions feature-flags carts"),
        (
            "i",
            "orders [by-status] account payments sessions catalogue customer-profile-production \
             inventory feature-flags shipping-labels carts",
        ),
        ("ii", ALL),
        ("!", "orders [by-status] account payments"),
        ("!!", ALL),
        ("!/pay<Enter>", "[payments]"),
    ];
    for (typed, expected) in cases {
        let mut app = trouble().app(200, 50);
        press(&mut app, typed);
        assert_eq!(listed(&app), expected, "{typed}");
    }
}

#[test]
fn the_filter_box_takes_every_key_but_ctrl_c() {
    let mut app = trouble().app(200, 50);
    let effects = press(&mut app, "/qsGr");
    assert!(effects.iter().all(|effect| matches!(effect, Effect::Interest(_))), "{effects:?}");
    assert!(shown(&app).contains("nothing matches qsGr"), "{}", shown(&app));
    press(&mut app, "<C-u>cart<Left><Backspace>");
    assert!(shown(&app).contains("/cat"), "{}", shown(&app));
    app.handle(Msg::Paste("\nx".to_owned()), now());
    assert!(shown(&app).contains("nothing matches caxt"), "{}", shown(&app));
    assert_eq!(press(&mut app, "<C-c>"), [Effect::Quit]);
}

#[test]
fn pasted_text_is_never_taken_for_keys() {
    let mut app = trouble().app(200, 50);
    assert_eq!(app.handle(Msg::Paste("q".to_owned()), now()), []);
}

#[test]
fn a_filter_that_is_pasted_or_called_back_points_at_what_matches_best_as_one_that_is_typed() {
    let mut typed = trouble().app(200, 50);
    press(&mut typed, "G/mode:prov");
    let best = listed(&typed);
    assert!(best.starts_with("[orders]"), "{best}");
    let mut pasted = trouble().app(200, 50);
    press(&mut pasted, "G/");
    pasted.handle(Msg::Paste("mode:prov".to_owned()), now());
    assert_eq!(listed(&pasted), best);
    let mut called_back = trouble().app(200, 50);
    press(&mut called_back, "/mode:prov<Enter><Esc>G/<Up>");
    assert_eq!(listed(&called_back), best);
}

#[test]
fn half_a_filter_points_at_nothing_that_was_meant() {
    for keys in ["", "4", "5", "6"] {
        let mut app = trouble().app(200, 50);
        press(&mut app, &format!("{keys}/"));
        let before = listed(&app);
        press(&mut app, "pay<Backspace><Backspace><Backspace>");
        assert_eq!(listed(&app), before, "pane {keys}");
    }
}

#[test]
fn keys_that_are_asked_for_elsewhere_have_their_effect() {
    let cases = [
        ("q", vec![Effect::Quit]),
        ("<C-c>", vec![Effect::Quit]),
        ("g<C-c>", vec![Effect::Quit]),
        ("r", vec![Effect::Refresh]),
        ("Q", vec![Effect::QuitKeepScreen]),
        ("<C-l>", vec![Effect::Redraw]),
        ("<C-z>", vec![Effect::Suspend]),
        ("9", vec![]),
        ("x", vec![Effect::Export]),
    ];
    for (typed, expected) in cases {
        assert_eq!(press(&mut trouble().app(80, 24), typed), expected, "{typed}");
    }
}

#[test]
fn one_bundle_is_written_at_a_time() {
    let mut app = trouble().app(120, 40);
    for ending in [Ok("incident".to_owned()), Err("disk full".to_owned())] {
        assert_eq!(press(&mut app, "x"), [Effect::Export]);
        assert_eq!(press(&mut app, "x"), []);
        let told = "an incident bundle is being written already";
        assert!(shown(&app).contains(told), "{}", shown(&app));
        app.handle(Msg::Exported(ending), now());
    }
    assert_eq!(press(&mut app, "x"), [Effect::Export]);
}

#[test]
fn moving_stops_at_both_ends() {
    let cases = [
        ("", "by-status"),
        ("k", "orders"),
        ("kkk", "orders"),
        ("jjj", "payments"),
        ("G", "carts"),
        ("<End>j", "carts"),
        ("Ggg", "orders"),
        ("G<Home>", "orders"),
        ("G<Up>", "shipping-labels"),
        ("gg<PgDn>", "carts"),
        ("gjj", "by-customer"),
    ];
    for (typed, expected) in cases {
        let mut app = trouble().app(200, 50);
        press(&mut app, typed);
        assert_eq!(selected(&app), expected, "{typed}");
    }
}

#[test]
fn half_pages_move_half_of_what_is_on_screen() {
    let mut app = trouble().app(80, 24);
    press(&mut app, "gg<C-d>");
    assert_eq!(press(&mut app, "j"), [], "the same rows are on the screen");
    assert_eq!(selected(&app), "inventory");
}

#[test]
fn sorting_goes_through_the_columns_and_turns_round() {
    let cases = [
        ("sname<Enter>", "sorted by name"),
        ("srduse<Enter>", "sorted by read use"),
        ("s<Down><Down><Enter>", "sorted by status"),
        ("sname<Enter>S", "sorted by name, reversed"),
        ("sname<Enter>Ssread use<Enter>", "sorted by read use"),
        ("sname<Esc>", "sorted by trouble"),
    ];
    for (typed, expected) in cases {
        let mut app = calm().app(200, 50);
        press(&mut app, typed);
        assert!(shown(&app).contains(expected), "{typed}");
    }
    let mut app = calm().app(200, 50);
    press(&mut app, "isname<Enter>");
    assert!(listed(&app).contains("[carts] catalogue customer-profile-production feature-flags"));
    press(&mut app, "sread use<Enter>");
    // Tables without a limit have no use in per cent: they come last both ways.
    assert!(listed(&app).starts_with("[catalogue]"), "{}", listed(&app));
    assert!(listed(&app).ends_with("carts sessions"), "{}", listed(&app));
    press(&mut app, "S");
    assert!(listed(&app).starts_with("[shipping-labels]"), "{}", listed(&app));
    assert!(listed(&app).ends_with("carts sessions"), "{}", listed(&app));
}

#[test]
fn the_selection_stays_on_its_resource_when_the_order_changes() {
    let mut app = calm().app(200, 50);
    press(&mut app, "jjj");
    assert_eq!(selected(&app), "customer-profile-production");
    app.handle(Msg::Updates(trouble().updates()), now());
    assert_eq!(selected(&app), "customer-profile-production");
    press(&mut app, "sname<Enter>");
    assert_eq!(selected(&app), "customer-profile-production");
}

#[test]
fn before_any_move_the_selection_is_on_what_to_do_first() {
    let mut app = calm().app(200, 50);
    assert_eq!(selected(&app), "sessions");
    app.handle(Msg::Updates(trouble().updates()), now());
    assert_eq!(selected(&app), "by-status");
}

#[test]
fn where_the_selected_table_is_gone_its_neighbour_is_selected() {
    let mut app = calm().app(200, 50);
    press(&mut app, "j");
    assert_eq!(selected(&app), "catalogue");
    let scope = Scope::new("aws", "123456789012", "us-east-1");
    let gone = News::TableGone(Arc::from("catalogue"));
    app.handle(Msg::Updates(vec![Update { scope, at: now(), news: gone }]), now());
    assert_eq!(selected(&app), "customer-profile-production");
}

#[test]
fn interest_follows_what_is_on_screen() {
    let mut app = App::new(options());
    app.handle(Msg::Updates(trouble().updates()), now());
    let effects = app.handle(Msg::Resize(80, 24), now());
    let [Effect::Interest(interest)] = effects.as_slice() else {
        panic!("rows came in sight: {effects:?}");
    };
    assert_eq!(interest.visible.len(), 11);
    assert_eq!(interest.visible[0].resource, Resource::table("orders"));
    assert_eq!(app.handle(Msg::Tick, now()), []);
}

#[test]
fn folded_indexes_have_a_row_only_with_throttles() {
    let index = Resource::index("inventory", "by-warehouse");
    let mut fleet = calm();
    let events = Metric::ThrottleEvents(Direction::Read);
    fleet.sum(&index, events, |place| (place == 0).then_some(2.0));
    let mut app = fleet.app(200, 50);
    press(&mut app, "i");
    assert!(listed(&app).contains("[inventory] by-warehouse"), "{}", listed(&app));
    let mut app = calm().app(200, 50);
    assert!(listed(&app).contains("by-warehouse"));
    press(&mut app, "i");
    assert!(!listed(&app).contains("by-warehouse"));
}

#[test]
fn the_list_scrolls_to_keep_the_selection_in_sight() {
    let mut fleet = calm();
    for number in 0..40 {
        let name = format!("tenant-{number:02}");
        fleet.table(&name, on_demand(None), &[]);
        fleet.traffic(&Resource::table(&name), 1.0, 1.0);
    }
    let busy = Resource::table("tenant-39");
    fleet.throttles(&busy, Direction::Write, Limit::KeyRange, (9, 500.0));
    let remembered = Remembered { sort: SortBy::Name, ..Remembered::default() };
    let mut app = App::new(ddbtop::app::Options { remembered, ..options() });
    app.handle(Msg::Resize(80, 24), now());
    app.handle(Msg::Updates(fleet.updates()), now());
    let frame = text(&app.screen(now()), 80, 24);
    assert!(frame.contains("▶! tenant-39"), "{frame}");
    press(&mut app, "gg");
    let frame = text(&app.screen(now()), 80, 24);
    assert!(frame.contains("▶  carts"), "{frame}");
}

#[test]
fn a_frozen_screen_does_not_grow_stale() {
    let mut app = calm().app(200, 50);
    press(&mut app, "f");
    let later = now() + SignedDuration::from_mins(10);
    app.handle(Msg::Tick, later);
    let frame = text(&app.screen(later), 200, 50);
    assert!(frame.contains("FROZEN at 12:03:20, 10 m ago"), "{frame}");
    assert!(frame.contains("nothing in trouble") && !frame.contains("stale"), "{frame}");
    assert!(frame.contains("12:13:20 UTC"), "the clock goes on: {frame}");
    app.handle(Msg::Key(Key::Char('f')), later);
    let frame = text(&app.screen(later), 200, 50);
    assert!(frame.contains("not judged: data stale"), "{frame}");
}

#[test]
fn the_pointer_stays_on_its_resource_where_news_reorder_filtered_rows() {
    let mut fleet = calm();
    for name in ["pay-a", "pay-b"] {
        fleet.table(name, on_demand(None), &[]);
        fleet.traffic(&Resource::table(name), 1.0, 1.0);
    }
    let mut app = fleet.app(200, 50);
    press(&mut app, "/pay-<Enter>");
    assert_eq!(listed(&app), "[pay-a] pay-b");
    let mut fleet = calm();
    for name in ["pay-a", "pay-b"] {
        fleet.table(name, on_demand(None), &[]);
        fleet.traffic(&Resource::table(name), 1.0, 1.0);
    }
    let busy = Resource::table("pay-b");
    fleet.throttles(&busy, Direction::Write, Limit::KeyRange, (9, 500.0));
    app.handle(Msg::Updates(fleet.updates()), now());
    assert_eq!(listed(&app), "pay-b [pay-a]");
}

#[test]
fn a_theme_that_was_only_looked_at_is_not_taken() {
    let theme = |name: &str| Effect::Theme(name.to_owned());
    let mut app = calm().app(80, 24);
    assert_eq!(press(&mut app, "T<Down>"), [theme("light")]);
    assert_eq!(press(&mut app, "zzz<Enter>"), [theme("dark")]);
    assert_eq!(press(&mut app, "T<Down><Esc>"), [theme("light"), theme("dark")]);
    let taken = press(&mut app, "Tlight<Enter>");
    assert!(taken.contains(&theme("light")), "{taken:?}");
    assert!(taken.iter().any(|effect| matches!(effect, Effect::Remember(_))), "{taken:?}");
}

#[test]
fn the_list_shows_at_most_the_hour_it_keeps() {
    let mut app = trouble().app(200, 50);
    press(&mut app, "<Enter>t24 h<Enter><Esc>");
    press(&mut app, "-");
    assert!(shown(&app).contains("the list keeps one hour"), "{}", shown(&app));
    press(&mut app, "[[[");
    let frame = shown(&app);
    assert!(frame.contains("11:58"), "the cursor moves minute by minute: {frame}");
    press(&mut app, "<Enter>");
    assert!(shown(&app).contains("last 24 h"), "{}", shown(&app));
    press(&mut app, "<Esc><Esc>+<Enter>");
    assert!(shown(&app).contains("last 30 m"), "{}", shown(&app));
}

#[test]
fn calm_indexes_fold_by_themselves_only_while_trouble_would_be_out_of_sight() {
    let mut app = trouble().app(200, 50);
    assert!(listed(&app).contains("by-brand"), "there is room: {}", listed(&app));
    app.handle(Msg::Resize(80, 24), now());
    let frame = text(&app.screen(now()), 80, 24);
    assert!(!frame.contains("by-brand") && frame.contains("by-status"), "{frame}");
    press(&mut app, "i");
    let frame = text(&app.screen(now()), 80, 24);
    assert!(frame.contains("by-brand"), "asked for: {frame}");
    let frame = text(&calm().app(80, 24).screen(now()), 80, 24);
    assert!(frame.contains("by-brand"), "nothing is in trouble: {frame}");
}

#[test]
fn what_narrows_the_list_is_said_however_narrow_the_screen() {
    for (typed, said) in [("/mode:prov<Enter>", "FILTER mode:prov"), ("!", "ONLY TROUBLE")] {
        let mut app = trouble().app(60, 20);
        press(&mut app, typed);
        let frame = text(&app.screen(now()), 60, 20);
        assert!(frame.contains(said), "{frame}");
    }
    let mut app = trouble().app(120, 40);
    press(&mut app, "/thr>0<Enter>");
    let frame = text(&app.screen(now()), 120, 40);
    assert!(frame.contains("no column thr; columns are name:"), "{frame}");
}

#[test]
fn the_beginning_of_a_name_finds_its_table_first() {
    for (typed, name) in [(":ord<Enter>", "orders"), (":account<Enter>", "account")] {
        let mut app = trouble().app(120, 40);
        press(&mut app, typed);
        let frame = text(&app.screen(now()), 120, 40);
        assert!(frame.contains(&format!("2 {name}")), "{frame}");
    }
}

#[test]
fn reading_now_tells_its_price_as_the_pollers_plan_it() {
    let mut app = calm().app(200, 50);
    assert_eq!(press(&mut app, "r"), [Effect::Refresh]);
    assert!(shown(&app).contains("reading now: at most 690 metrics, $0.0069"), "{}", shown(&app));
    let mut app = App::new(options());
    app.handle(Msg::Resize(200, 50), now());
    press(&mut app, "r");
    assert!(shown(&app).contains("reading now"), "{}", shown(&app));
    assert!(!shown(&app).contains("at most"), "nothing is known of the price: {}", shown(&app));
}

#[test]
fn details_show_every_setting_and_the_whole_verdict_on_a_small_screen() {
    let mut app = trouble().app(80, 24);
    press(&mut app, "d");
    let frame = text(&app.screen(now()), 80, 24);
    for said in ["2 orders/by-status", "refused with it", "status", "ACTIVE", "size", "write"] {
        assert!(frame.contains(said), "{said}: {frame}");
    }
    press(&mut app, "k");
    let frame = text(&app.screen(now()), 80, 24);
    for said in ["encryption", "deletion", "recovery", "expiry", "stream", "class"] {
        assert!(frame.contains(said), "{said}: {frame}");
    }
    press(&mut app, "<Esc>");
    let frame = text(&app.screen(now()), 80, 24);
    assert!(frame.contains("units/s") && frame.contains("2 orders"), "charts again: {frame}");
    press(&mut app, "dzz");
    let frame = text(&app.screen(now()), 80, 24);
    assert!(
        frame.contains("units/s"),
        "an expanded chart takes the words' place for good: {frame}"
    );
}
