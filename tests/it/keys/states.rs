//! All states of a figure on one small screen without colours, and their explanation.

use crate::journeys::press;
use crate::screens::stores::{Fleet, denied, now, on_demand, options, provisioned};
use ddbtop::app::{App, Msg, Options};
use ddbtop::model::health::{Outcome, Poller};
use ddbtop::model::id::Resource;
use ddbtop::model::metric::{Metric, SeriesKey};
use ddbtop::model::throttle::Direction;
use ddbtop::model::time::{Minute, Window};
use ddbtop::model::update::{News, Points};
use ddbtop::report::snapshot::text;
use ddbtop::view::Charset;
use ddbtop::view::format::STATES;
use jiff::SignedDuration;
use std::collections::BTreeSet;

const READS: Metric = Metric::Consumed(Direction::Read);

/// Reads consumption of half of 100 units/s in the minutes that end `ahead` of the newest settled
/// one, to be read again `due` seconds from now.
fn half(fleet: &mut Fleet, name: &str, ahead: i64, due: i64) {
    fleet.table(name, provisioned(100.0, 100.0), &[]);
    let end = Minute::newest_settled(now(), 120).plus(1 + ahead);
    let window = Window::ending(end, 10);
    let points = (window.start.0..window.end.0).map(|minute| (Minute(minute), 3_000.0)).collect();
    let series = vec![(SeriesKey::sum(Resource::table(name), READS), points)];
    let due = now() + SignedDuration::from_secs(due);
    fleet.tell(News::Points(Points { window, due, series }));
}

/// One table for each state; what its row shows.
const ROWS: [(&str, &str); 9] = [
    ("settled", "50%"),
    ("zero", "0"),
    ("idle", "idle"),
    ("unknown", "?"),
    ("settling", "~50%"),
    ("stale", "50%*"),
    ("refused", "denied"),
    ("unlimited", "-"),
    ("unread", "."),
];

fn fleet() -> Fleet {
    let mut fleet = Fleet::new();
    fleet.all_well();
    half(&mut fleet, "settled", 0, 60);
    half(&mut fleet, "settling", 1, 60);
    half(&mut fleet, "stale", 0, -300);
    for (name, throughput) in [
        ("zero", provisioned(100.0, 100.0)),
        ("idle", provisioned(100.0, 100.0)),
        ("unlimited", on_demand(None)),
    ] {
        fleet.table(name, throughput, &[]);
        fleet.traffic(&Resource::table(name), 50.0, 50.0);
    }
    fleet.without_samples("idle");
    fleet.table("unknown", provisioned(100.0, 100.0), &[]);
    fleet.sum(&Resource::table("unknown"), READS, |_| None);
    fleet.table("unread", provisioned(100.0, 100.0), &[]);
    fleet.listed("refused");
    fleet
}

fn app(fleet: Fleet) -> App {
    let charset = Charset::Ascii;
    let mut app = App::new(Options { charset, include_settling: true, ..options() });
    app.handle(Msg::Resize(80, 24), now());
    app.handle(Msg::Updates(fleet.updates()), now());
    press(&mut app, "slatency<Enter>");
    app
}

#[test]
fn nine_states_are_told_apart_in_monochrome_ascii_at_80x24() {
    let mut fleet = fleet();
    // The descriptions that were read stay fresh: what is denied is the one that never was.
    fleet.round(Poller::Descriptions, -5, Outcome::Partial(denied("dynamodb:DescribeTable")));
    let mut app = app(fleet);
    let shown = text(&app.screen(now()), 80, 24);
    assert!(shown.is_ascii(), "{shown}");
    let mut looks = BTreeSet::new();
    for (name, state) in ROWS {
        let is_row = |line: &&str| line.split_whitespace().any(|word| word == name);
        let row = shown.lines().skip(4).find(is_row).unwrap_or_else(|| panic!("{name}\n{shown}"));
        assert!(row.split_whitespace().any(|cell| cell == state), "{name} {state}\n{shown}");
        looks.insert(state.replace("50", "87"));
    }
    assert_eq!(looks.len(), STATES.len());
    press(&mut app, "?");
    let help = text(&app.screen(now()), 80, 24);
    assert!(help.is_ascii(), "{help}");
    for (look, meaning) in STATES {
        assert!(looks.contains(look), "{look}");
        assert!(help.contains(&format!(" {look} {meaning}")), "{look}\n{help}");
    }
}
