//! Keys on the Hot keys pane, and what they lead to.

use super::scaling::looked_at;
use super::{press, shown};
use crate::screens::hot_keys::hot;
use crate::screens::stores::{Fleet, calm, now};
use ddbtop::app::key::{Key, Mouse};
use ddbtop::app::{App, Effect, Msg};
use ddbtop::model::health::{Outcome, Poller};
use ddbtop::model::id::{Resource, Scope};
use ddbtop::model::update::{News, Update};
use ddbtop::report::snapshot::text;
use ddbtop::view::hot_keys::Ranking;
use ddbtop::view::{Body, Layout, Row};
use jiff::Timestamp;

/// The keys of the hand-made fleet in clear, or parts of them that no mask has.
const SECRETS: [&str; 8] =
    ["PENDING", "SHIPPED", "70418", "8131", "config", "OFFER#1", "9b1d6f0c", "#112"];

fn opened(keys: &str) -> App {
    let mut app = hot().app(200, 50);
    press(&mut app, "3");
    press(&mut app, keys);
    app
}

/// The names of the rows on screen; the selected one in brackets.
fn rows(app: &App) -> Vec<String> {
    let Body::HotKeys(pane) = app.screen(now()).body else { return vec![] };
    let row = |row: Row| {
        let name = row.cells[0].text.clone();
        if row.selected { format!("[{name}]") } else { name }
    };
    pane.list.rows.into_iter().map(row).collect()
}

fn selected(app: &App) -> String {
    rows(app).into_iter().find(|row| row.starts_with('[')).unwrap_or_default()
}

#[test]
fn filters_choose_rows_and_seek_what_is_folded() {
    let cases = [
        ("", 8),
        ("i", 13),
        ("ii", 8),
        ("/orders<Enter>", 3),
        ("/FAILED<Enter>", 1),
        ("/throttled !payments<Enter>", 1),
        ("/!orders<Enter>", 7),
        ("/orders<Esc>", 8),
        ("!", 5),
        ("!!", 8),
        ("!/cata<Enter>", 1),
        ("!/cata<Enter><Esc>", 8),
    ];
    for (keys, count) in cases {
        let app = opened(keys);
        assert_eq!(rows(&app).len(), count, "{keys}: {:?}", rows(&app));
    }
}

#[test]
fn no_filter_finds_a_key() {
    for secret in SECRETS {
        let app = opened(&format!("/{secret}<Enter>"));
        assert_eq!(rows(&app), Vec::<String>::new(), "{secret}");
    }
}

#[test]
fn what_is_hot_stands_on_top_and_the_selection_follows_it() {
    let mut app = opened("");
    let top = ["[orders/by-status]", "catalogue", "customer-profile-production", "payments"];
    assert_eq!(rows(&app)[..4], top);
    press(&mut app, "j");
    app.handle(Msg::Updates(hot().updates()), now());
    assert_eq!(selected(&app), "[catalogue]");
    press(&mut app, "81");
    press(&mut app, "3");
    assert_eq!(selected(&app), "[catalogue]");
}

#[test]
fn how_keys_are_masked_again_is_in_the_footer_however_narrow_it_is() {
    for (width, height) in [(60, 20), (80, 24), (200, 50)] {
        for keys in ["3p", "3jp", "3jpd", "3pz", "2p"] {
            let mut app = hot().app(width, height);
            press(&mut app, keys);
            let shown = text(&app.screen(now()), width, height);
            assert!(shown.contains("KEYS SHOWN"), "{keys}: {shown}");
            let footer = shown.lines().last().unwrap_or_default();
            assert!(footer.contains("p mask keys"), "{keys}: {footer}");
            press(&mut app, "p");
            let shown = text(&app.screen(now()), width, height);
            assert!(!shown.contains("mask keys"), "{keys}: {shown}");
        }
    }
}

#[test]
fn keys_are_masked_until_p_and_again_when_the_pane_is_left() {
    let masked = |app: &App| SECRETS.iter().all(|secret| !shown(app).contains(secret));
    for row in ["", "j", "jd", "jjj", "jjjd"] {
        let mut app = opened(row);
        assert!(masked(&app), "{}", shown(&app));
        press(&mut app, "p");
        assert!(!masked(&app) && shown(&app).contains("KEYS SHOWN"), "{}", shown(&app));
        let debug = format!("{app:?}");
        assert!(SECRETS.iter().all(|secret| !debug.contains(secret)), "only the screen has keys");
        press(&mut app, "p");
        assert!(masked(&app) && !shown(&app).contains("KEYS SHOWN"), "{}", shown(&app));
    }
    for away in ["13", "83", "<Enter><Esc>", "<Tab><Shift-Tab>", "4<Esc>3"] {
        let mut app = opened("jp");
        press(&mut app, away);
        assert_eq!(selected(&app), "[catalogue]", "{away}");
        assert!(masked(&app) && !shown(&app).contains("KEYS SHOWN"), "{away}: {}", shown(&app));
    }
    let mut app = opened("jp");
    assert_eq!(press(&mut app, "Q"), [Effect::QuitKeepScreen]);
    assert!(masked(&app), "what stays in the scrollback is masked: {}", shown(&app));
}

#[test]
fn the_table_pane_names_its_hot_key_and_shows_it_in_full_until_it_is_left() {
    let mut app = opened("j<Enter>");
    assert!(
        shown(&app).contains("hot key") && shown(&app).contains("PRODUCT#*"),
        "{}",
        shown(&app)
    );
    press(&mut app, "p");
    assert!(shown(&app).contains("PRODUCT#70418: up to 99% of a partition"), "{}", shown(&app));
    press(&mut app, "1");
    press(&mut app, "2");
    assert!(!shown(&app).contains("70418"), "{}", shown(&app));
    // Payments lacks capacity, and no key is to blame.
    let mut app = opened("jjj<Enter>");
    assert!(!shown(&app).contains("hot key"), "{}", shown(&app));
    assert_eq!(press(&mut app, "p"), []);
    assert!(!shown(&app).contains("KEYS SHOWN"), "{}", shown(&app));
}

#[test]
fn the_key_is_copied_as_it_is_shown() {
    let copied = |app: &mut App| match press(app, "y").as_slice() {
        [Effect::Copy(text)] => text.clone(),
        other => panic!("{other:?}"),
    };
    let mut app = opened("j");
    let mask = copied(&mut app);
    assert!(mask.starts_with("PRODUCT#*") && !mask.contains("70418"), "{mask}");
    press(&mut app, "p");
    assert_eq!(copied(&mut app), "PRODUCT#70418");
    assert_eq!(copied(&mut opened("jj")), "customer-profile-production", "no report, no key");
    let arn = "arn:aws:dynamodb:us-east-1:123456789012:table/orders/index/by-status";
    assert_eq!(press(&mut opened(""), "Y"), [Effect::Copy(arn.to_owned())]);
}

#[test]
fn the_reports_of_the_selected_row_are_asked_for_and_of_no_other() {
    let asked = |effects: Vec<Effect>| -> Vec<Option<Resource>> {
        let of = |effect| {
            let Effect::Interest(interest) = effect else { return None };
            Some(interest.hot_keys.map(|target| target.resource))
        };
        effects.into_iter().filter_map(of).collect()
    };
    let mut app = hot().app(200, 50);
    let index = Resource::index("orders", "by-status");
    assert_eq!(asked(press(&mut app, "3")), [Some(index)]);
    assert_eq!(asked(press(&mut app, "j")), [Some(Resource::table("catalogue"))]);
    assert_eq!(asked(press(&mut app, "8")), [None]);
}

#[test]
fn enter_leads_to_the_table_and_esc_back_to_the_row() {
    for (keys, row, table) in
        [("", "[orders/by-status]", "orders/by-status"), ("j", "[catalogue]", "catalogue")]
    {
        let mut app = opened(keys);
        press(&mut app, "<Enter>");
        assert!(shown(&app).contains(&format!("2 {table}  3 Hot keys")), "{}", shown(&app));
        press(&mut app, "<Esc>");
        assert_eq!(selected(&app), row, "{keys}");
    }
}

#[test]
fn the_mouse_selects_a_row_of_the_list_and_nothing_beside_it() {
    let mut app = opened("");
    let click =
        |app: &mut App, column, row| app.handle(Msg::Mouse(Mouse::Click { column, row }), now());
    click(&mut app, 9, Layout::FIRST_ROW + 1);
    assert_eq!(selected(&app), "[catalogue]");
    click(&mut app, 120, Layout::FIRST_ROW + 3);
    assert_eq!(selected(&app), "[catalogue]");
    click(&mut app, 9, Layout::FIRST_ROW + 1);
    assert!(shown(&app).contains("2 catalogue"), "{}", shown(&app));
}

#[test]
fn a_frozen_pane_waits() {
    let mut app = opened("f");
    let before = shown(&app);
    let scope = Scope::new("aws", "123456789012", "us-east-1");
    let news = News::Insights(Ok(vec![]));
    app.handle(Msg::Updates(vec![Update { scope, at: now(), news }]), now());
    assert_eq!(shown(&app), before);
    press(&mut app, "f");
    assert!(shown(&app).contains("Contributor Insights on 0"), "{}", shown(&app));
}

#[test]
fn a_pane_without_rows_says_why() {
    let mut listed = Fleet::new();
    listed.listed("orders");
    listed.round(Poller::Tables, -5, Outcome::Complete);
    for (fleet, keys, lines) in [
        (Fleet::new(), "3", ["reading the tables in us-east-1", ""]),
        (listed, "3", ["no table is described yet", ""]),
        (hot(), "3/zzz<Enter>", ["nothing matches zzz", "Esc shows all 13 rows"]),
        (calm(), "3!", ["no key is known to be too hot", "Esc shows all 13 rows"]),
    ] {
        let mut app = fleet.app(200, 50);
        press(&mut app, keys);
        for line in lines {
            assert!(shown(&app).contains(line), "{line}: {}", shown(&app));
        }
    }
}

/// What is counted of the selected row.
fn ranking((app, at): &(App, Timestamp)) -> Ranking {
    let Body::HotKeys(pane) = app.screen(*at).body else {
        panic!("{}", text(&app.screen(*at), 80, 24))
    };
    pane.ranking.unwrap()
}

/// The rows of the section whose title begins so.
fn section(ranking: &Ranking, title: &str) -> Vec<Vec<String>> {
    let found = ranking.sections.iter().find(|section| section.title.text.starts_with(title));
    let rows = &found.unwrap_or_else(|| panic!("{title}: {ranking:?}")).rows;
    rows.iter().map(|row| row.cells.iter().map(|cell| cell.text.clone()).collect()).collect()
}

/// The number in `87%` or `<1%`.
fn percent(text: &str) -> f64 {
    text.trim_end_matches('%').trim_start_matches('<').parse().unwrap_or_else(|_| panic!("{text}"))
}

#[test]
fn an_item_that_is_read_too_much_takes_a_whole_partition_and_most_of_what_is_refused() {
    let mut looked = looked_at("hot-key-read", "3p");
    let shown = ranking(&looked);
    let accessed = section(&shown, "most accessed keys (PK)");
    assert_eq!(accessed[0][0], "PRODUCT#70418");
    assert!((90.0..=100.0).contains(&percent(&accessed[0][4])), "{:?}", accessed[0]);
    assert!(percent(&accessed[1][4]) < 20.0, "{:?}", accessed[1]);
    let throttled = section(&shown, "most throttled keys (PK)");
    assert_eq!(throttled[0][0], "PRODUCT#70418");
    assert!(percent(&throttled[0][2]) > 90.0, "{:?}", throttled[0]);
    assert_eq!(throttled[0][3], "-", "throttle events are no share of a partition");
    let pairs = section(&shown, "most accessed pairs of keys (PK / SK)");
    assert!(pairs[0][0].starts_with("PRODUCT#70418 / OFFER#"), "{:?}", pairs[0]);
    let (app, at) = &mut looked;
    app.handle(Msg::Key(Key::Char('p')), *at);
    assert!(!text(&app.screen(*at), 80, 24).contains("70418"));
}

#[test]
fn writes_that_an_index_refuses_are_told_by_its_accessed_keys() {
    let looked = looked_at("hot-key-gsi", "3p");
    let shown = ranking(&looked);
    assert!(section(&shown, "most throttled keys").is_empty());
    let note = shown.sections[0].note.clone().unwrap().text;
    assert!(note.contains("not measured for writes of an index"), "{note}");
    let accessed = section(&shown, "most accessed keys (status)");
    assert_eq!(accessed[0][0], "STATUS#PENDING");
    assert!((85.0..=105.0).contains(&percent(&accessed[0][4])), "{:?}", accessed[0]);
}

#[test]
fn of_a_key_that_rolls_each_has_its_own_time() {
    let looked = looked_at("rolling-hot-key", "3p");
    let accessed = section(&ranking(&looked), "most accessed keys");
    let hot: Vec<&Vec<String>> = accessed.iter().filter(|row| percent(&row[4]) >= 80.0).collect();
    assert!(hot.len() > 1, "{accessed:?}");
    assert!(hot.iter().all(|row| row[0].starts_with("LOT#")), "{hot:?}");
    let since: Vec<&str> = hot.iter().map(|row| row[6].as_str()).collect();
    assert!(since.windows(2).any(|pair| pair[0] != pair[1]), "{since:?}");
    let trends: Vec<&str> = hot.iter().map(|row| row[5].as_str()).collect();
    assert!(trends.windows(2).all(|pair| pair[0] != pair[1]), "{trends:?}");
}
