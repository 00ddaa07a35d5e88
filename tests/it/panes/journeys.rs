//! Keys on the Table pane and the Pollers pane.

use super::{press, stores};
use crate::screens::stores::{now, trouble};
use ddbtop::app::{App, Msg};
use ddbtop::report::snapshot::text;

fn shown(app: &App) -> String {
    text(&app.screen(now()), 200, 50)
}

/// The charts of a table, in order.
const CHARTS: [&str; 6] = [
    "read units/s",
    "write units/s",
    "read throttle events/min",
    "write throttle events/min",
    "latency p99/p50 ms",
    "errors/min",
];

/// The title of the chart that keys act on.
fn focused(app: &App) -> &'static str {
    let shown = shown(app);
    let focused = CHARTS.into_iter().find(|title| shown.contains(&format!("▶ {title}")));
    focused.unwrap_or_default()
}

/// How many charts are on screen.
fn charts(app: &App) -> usize {
    let shown = shown(app);
    let stands = |title: &&str| {
        let marks = ["▶ ", "  "];
        marks.into_iter().any(|mark| shown.contains(&format!("{mark}{title}  ")))
    };
    CHARTS.into_iter().filter(stands).count()
}

#[test]
fn enter_opens_the_selected_row_and_j_and_k_choose_among_the_family() {
    let mut app = trouble().app(200, 50);
    press(&mut app, "\n");
    assert!(shown(&app).contains("▶! └ by-status"), "{}", shown(&app));
    assert_eq!(charts(&app), 4, "an index has neither latency nor errors");
    press(&mut app, "k");
    assert!(shown(&app).contains("▶  orders"), "{}", shown(&app));
    assert_eq!(charts(&app), 6);
    press(&mut app, "jj");
    assert!(shown(&app).contains("└ by-customer"));
    press(&mut app, "\x1b");
    assert!(shown(&app).contains("VERDICT"), "Esc leads back to the list: {}", shown(&app));
}

#[test]
fn l_and_h_move_the_focus_round_all_charts_and_z_expands_the_focused_one() {
    let mut app = trouble().app(200, 50);
    press(&mut app, "\nk");
    let mut seen = vec![focused(&app)];
    for _ in 0..6 {
        press(&mut app, "l");
        seen.push(focused(&app));
    }
    assert_eq!(seen[..6], CHARTS);
    assert_eq!(seen[6], CHARTS[0]);
    press(&mut app, "hz");
    assert_eq!((charts(&app), focused(&app)), (1, "errors/min"));
    press(&mut app, "\x1b");
    assert_eq!(charts(&app), 6, "Esc ends that first");
}

#[test]
fn small_screens_turn_the_page_with_the_focus() {
    let mut app = trouble().app(80, 24);
    press(&mut app, "\nk");
    let at = |app: &App| text(&app.screen(now()), 80, 24);
    assert!(at(&app).contains("charts 1-4 of 6"), "{}", at(&app));
    press(&mut app, "h");
    assert!(at(&app).contains("charts 5-6 of 6"), "{}", at(&app));
    assert!(at(&app).contains("▶ errors/min"), "{}", at(&app));
}

#[test]
fn the_time_cursor_changes_every_legend_and_esc_takes_it_away() {
    let mut app = stores::on_demand_table().app(200, 50);
    press(&mut app, "\n");
    let newest = "─ consumed 1,184 ";
    assert!(shown(&app).contains(newest), "{}", shown(&app));
    press(&mut app, "[[[");
    assert!(shown(&app).contains("11:58"), "{}", shown(&app));
    assert!(!shown(&app).contains(newest), "{}", shown(&app));
    press(&mut app, "\x1b");
    assert!(shown(&app).contains(newest), "{}", shown(&app));
}

#[test]
fn the_footer_offers_a_range_only_where_a_chart_shows_it() {
    let mut offered = [0, 0];
    for keys in ["", "j", "jj", "z"] {
        for (width, height) in (40..130).step_by(5).zip([18, 20, 24, 30, 40].into_iter().cycle()) {
            let mut app = trouble().app(width, height);
            press(&mut app, keys);
            app.handle(Msg::Resize(width, height), now());
            let screen = app.screen(now());
            let body = text(&screen, width, height);
            // The corner of a chart's axes; a strip has no other.
            let has_chart = body.contains("└─") || body.contains("└┬");
            press(&mut app, "[");
            let has_cursor = app.screen(now()).body != screen.body;
            assert_eq!(has_cursor, has_chart, "{width}x{height} {keys}\n{body}");
            offered[usize::from(has_chart)] += 1;
        }
    }
    assert!(offered.iter().all(|count| *count > 0), "{offered:?}");
}

#[test]
fn the_range_changes_what_the_charts_show() {
    let mut app = trouble().app(200, 50);
    press(&mut app, "\n");
    assert!(shown(&app).contains("last 1 h"));
    press(&mut app, "-");
    assert!(shown(&app).contains("last 3 h"), "{}", shown(&app));
    press(&mut app, "=+");
    assert!(shown(&app).contains("last 30 m"), "{}", shown(&app));
    press(&mut app, "t");
    assert!(shown(&app).contains("24 h"), "t offers every range: {}", shown(&app));
}
