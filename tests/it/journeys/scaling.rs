//! Keys on the Scaling pane, and what they lead to.

use super::{press, shown};
use crate::screens::scaling::{scaled, targets};
use crate::screens::stores::{Fleet, calm, now, options};
use crate::support::sim::world;
use ddbtop::app::key::Mouse;
use ddbtop::app::{App, Effect, Msg};
use ddbtop::aws::connect_simulated;
use ddbtop::clock::Clock;
use ddbtop::model::health::{Outcome, Poller};
use ddbtop::model::id::{Resource, Scope};
use ddbtop::model::scaling::{ScalableTarget, Suspended};
use ddbtop::model::update::{News, Update};
use ddbtop::poll::{self, once};
use ddbtop::report::snapshot::text;
use ddbtop::view::{Body, Layout};
use ddbtop_sim::front::in_process::InProcess;
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;

fn opened(keys: &str) -> App {
    let mut app = scaled().app(200, 50);
    press(&mut app, "4");
    press(&mut app, keys);
    app
}

/// The rows on screen as `payments read`; the selected one in brackets.
fn rows(app: &App) -> Vec<String> {
    let Body::List(list) = app.screen(now()).body else { return vec![] };
    let row = |row: ddbtop::view::Row| {
        let text = format!("{} {}", row.cells[0].text, row.cells[1].text);
        if row.selected { format!("[{text}]") } else { text }
    };
    list.rows.into_iter().map(row).collect()
}

/// The selected row.
fn selected(app: &App) -> String {
    rows(app).into_iter().find(|row| row.starts_with('[')).unwrap_or_default()
}

/// Tells what scalable targets there are now.
fn tell(app: &mut App, targets: Vec<ScalableTarget>) {
    let scope = Scope::new("aws", "123456789012", "us-east-1");
    let news = News::Scaling(targets);
    app.handle(Msg::Updates(vec![Update { scope, at: now(), news }]), now());
}

/// The targets, that of the writes of this table being suspended.
fn suspended(table: &str) -> Vec<ScalableTarget> {
    let is_meant = |target: &ScalableTarget| {
        target.resource == Resource::table(table) && target.direction.as_str() == "write"
    };
    let mut targets = targets();
    for target in targets.iter_mut().filter(|target| is_meant(target)) {
        target.suspended = Suspended { scale_out: true, ..Suspended::default() };
    }
    targets
}

#[test]
fn filters_choose_rows_and_seek_what_is_folded() {
    let cases = [
        ("", 22),
        ("i", 28),
        ("ii", 22),
        ("/payments<Enter>", 2),
        ("/PAYMENTS read<Enter>", 1),
        ("/carts<Enter>", 2),
        ("/!payments<Enter>", 20),
        ("/payments<Esc>", 22),
        ("/payments<Enter><Esc>", 22),
        ("/suspended<Enter>", 1),
        ("/\"at maximum\"<Enter>", 1),
        ("!", 11),
        ("!!", 22),
        ("!i", 11),
        ("!/sessions<Enter>", 1),
        ("!/sessions<Enter><Esc>", 22),
    ];
    for (keys, count) in cases {
        let app = opened(keys);
        assert_eq!(rows(&app).len(), count, "{keys}\n{}", shown(&app));
    }
}

#[test]
fn each_list_has_its_own_filter() {
    let mut app = opened("/payments<Enter>!");
    assert!(shown(&app).contains("ONLY TROUBLE, FILTER payments"), "{}", shown(&app));
    press(&mut app, "1");
    assert!(!shown(&app).contains("FILTER"), "{}", shown(&app));
    press(&mut app, "4");
    assert_eq!(rows(&app), ["[payments read]"]);
}

#[test]
fn enter_leads_to_the_table_and_esc_back_to_the_row() {
    for (keys, row, table) in [
        ("", "[payments read]", "payments"),
        ("/by-customer write<Enter>", "[orders/by-customer write]", "orders/by-customer"),
        ("/carts<Enter>G", "[carts write]", "carts"),
    ] {
        let mut app = opened(keys);
        assert_eq!(selected(&app), row, "{keys}");
        press(&mut app, "<Enter>");
        assert!(shown(&app).contains(&format!("2 {table}  3 Hot keys")), "{}", shown(&app));
        press(&mut app, "<Esc>");
        assert_eq!(selected(&app), row, "{keys}");
        press(&mut app, "<Enter>1<Esc>");
        assert!(shown(&app).contains("VERDICT"), "a digit forgets the way back");
    }
}

#[test]
fn the_selection_follows_reads_or_writes_of_a_table_and_not_the_row() {
    let mut app = opened("");
    tell(&mut app, suspended("payments"));
    assert_eq!(selected(&app), "[payments read]");
    let mut app = opened("/orders write<Enter>j");
    let row = selected(&app);
    tell(&mut app, suspended("orders"));
    assert_eq!(selected(&app), row, "{:?}", rows(&app));
    let mut app = opened("G");
    let last = selected(&app);
    let mut bare = targets();
    for target in &mut bare {
        target.policies.clear();
    }
    tell(&mut app, bare);
    assert_eq!(selected(&app), last, "{:?}", rows(&app));
    press(&mut app, "81");
    press(&mut app, "4");
    assert_eq!(selected(&app), last);
}

#[test]
fn whoever_did_not_move_sees_what_needs_action_first() {
    let mut app = calm().app(200, 50);
    press(&mut app, "4");
    app.handle(Msg::Updates(scaled().updates()), now());
    assert_eq!(selected(&app), "[payments read]", "{}", shown(&app));
}

#[test]
fn the_mouse_selects_a_row_and_opens_it() {
    let mut app = opened("");
    let click = |app: &mut App, row| app.handle(Msg::Mouse(Mouse::Click { column: 9, row }), now());
    let third = rows(&app)[2].clone();
    click(&mut app, Layout::FIRST_ROW + 2);
    assert_eq!(selected(&app), format!("[{third}]"));
    click(&mut app, Layout::FIRST_ROW + 2);
    let table = third.split(' ').next().unwrap();
    assert!(shown(&app).contains(&format!("2 {table}")), "{}", shown(&app));
    let mut app = opened("d");
    let before = shown(&app);
    click(&mut app, Layout::FIRST_ROW + 2);
    assert_eq!(shown(&app), before, "no row is on screen");
}

#[test]
fn the_series_of_the_selected_row_are_asked_for() {
    let asked = |effects: Vec<Effect>| -> Vec<Vec<Resource>> {
        let visible = |effect| {
            let Effect::Interest(interest) = effect else { return None };
            Some(interest.visible.into_iter().map(|target| target.resource).collect())
        };
        effects.into_iter().filter_map(visible).collect()
    };
    let mut app = scaled().app(200, 50);
    assert_eq!(asked(press(&mut app, "4")), [[Resource::table("payments")]]);
    let found = asked(press(&mut app, "/by-customer<Enter>"));
    assert_eq!(found.last(), Some(&vec![Resource::index("orders", "by-customer")]));
    assert!(asked(press(&mut app, "j")).is_empty(), "its reads after its writes");
    assert_eq!(asked(press(&mut app, "8")), [[]]);
}

#[test]
fn names_and_arns_are_copied() {
    let mut app = opened("/by-customer<Enter>");
    let copied = |name: &str| vec![Effect::Copy(name.to_owned())];
    assert_eq!(press(&mut app, "y"), copied("by-customer"));
    let arn = "arn:aws:dynamodb:us-east-1:123456789012:table/orders/index/by-customer";
    assert_eq!(press(&mut app, "Y"), copied(arn));
}

#[test]
fn a_frozen_pane_waits_and_times_go_to_local_time() {
    let mut app = opened("f");
    let before = shown(&app);
    tell(&mut app, vec![]);
    assert_eq!(shown(&app), before);
    press(&mut app, "f");
    assert!(!shown(&app).contains("8 scalable targets"), "{}", shown(&app));
    assert!(!shown(&app).contains("SUSPENDED"), "{}", shown(&app));
}

#[test]
fn more_rows_have_room_on_a_larger_screen() {
    let mut app = scaled().app(80, 20);
    press(&mut app, "4G");
    app.handle(Msg::Resize(200, 50), now());
    assert_eq!(rows(&app).len(), 22);
}

#[test]
fn a_pane_without_rows_says_why() {
    let mut listed = Fleet::new();
    listed.listed("orders");
    listed.round(Poller::Tables, -5, Outcome::Complete);
    let mut none = Fleet::new();
    none.all_well();
    for (fleet, keys, lines) in [
        (Fleet::new(), "4", ["reading the tables in us-east-1", ""]),
        (none, "4", ["no tables in us-east-1", "another region"]),
        (listed, "4", ["no table is described yet", ""]),
        (scaled(), "4/zzz<Enter>", ["nothing matches zzz", "Esc shows all 28 rows"]),
        (
            crate::screens::scaling::on_demand_alone(),
            "4",
            ["everything is on-demand, and all is well", "i shows it"],
        ),
        (
            crate::screens::scaling::on_demand_alone(),
            "4!",
            ["nothing keeps capacity from following the traffic", "Esc shows all 2 rows"],
        ),
    ] {
        let mut app = fleet.app(200, 50);
        press(&mut app, keys);
        for line in lines {
            assert!(shown(&app).contains(line), "{line}: {}", shown(&app));
        }
    }
}

/// The application after one look at the start of a shipped scenario.
pub(super) fn looked_at(scenario: &str, keys: &str) -> (App, Timestamp) {
    let world = world(scenario, None);
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_all().start_paused(true).build().unwrap();
    let now = Timestamp::from_duration(SignedDuration::from_secs_f64(world.start())).unwrap();
    let updates = runtime.block_on(async {
        let (clock, epoch) = (Clock::simulated(now, 0.0), world.start());
        let http = InProcess::new(world.clone(), Arc::new(move || epoch));
        let connection = connect_simulated(http, &world.account().region, clock.clone());
        let interest = poll::Interest { last_key: now, ..poll::Interest::default() };
        once(connection, clock, poll::Settings::default(), interest).await
    });
    let mut app = App::new(options());
    app.handle(Msg::Resize(80, 24), now);
    app.handle(Msg::Updates(updates), now);
    for key in super::keys(keys) {
        app.handle(Msg::Key(key), now);
    }
    (app, now)
}

#[test]
fn a_table_at_its_maximum_says_so_with_the_reason_that_aws_gives() {
    let (mut app, at) = looked_at("at-max", "4");
    let frame = text(&app.screen(at), 80, 24);
    let first = frame.lines().nth(4).unwrap();
    assert!(first.starts_with("▶! inventory") && first.ends_with("at maximum"), "{frame}");
    for said in [
        "write   100%    400     100-400    70% at maximum",
        "not scaled: already at maximum 400 (AlreadyAtMaxCapacity)",
        "estimate, list price of us-east-1",
    ] {
        assert!(frame.contains(said), "{said}: {frame}");
    }
    app.handle(Msg::Key(ddbtop::app::key::Key::Char('d')), at);
    let frame = text(&app.screen(at), 80, 24).split_whitespace().collect::<Vec<_>>().join(" ");
    for said in [
        "cause: monitor alarm TargetTracking-table/inventory-AlarmHigh-",
        "in state ALARM triggered policy $inventory-write-scaling-policy",
        "70% use between 100 and 400 units/s",
        "estimate, list price of us-east-1",
        "/h now, $",
        "/h on demand, $",
    ] {
        assert!(frame.contains(said), "{said}: {frame}");
    }
}

#[test]
fn the_header_is_loud_about_what_cannot_scale_out_alone() {
    let told = |suspended: Suspended| {
        let mut targets = targets();
        for target in &mut targets {
            target.suspended = Suspended::default();
        }
        targets[0].suspended = suspended;
        let mut app = opened("");
        tell(&mut app, targets);
        shown(&app)
    };
    let out = told(Suspended { scale_out: true, ..Suspended::default() });
    assert!(out.contains("SCALE-OUT SUSPENDED on 1"), "{out}");
    let others = told(Suspended { scale_in: true, ..Suspended::default() });
    assert!(others.contains("scaling suspended in part on 1"), "{others}");
    assert!(!others.contains("SUSPENDED"), "{others}");
}
