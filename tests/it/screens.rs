//! What the screen looks like, from hand-made fleets.

pub(crate) mod alarms;
pub(crate) mod dax;
pub(crate) mod dump;
pub(crate) mod events;
pub(crate) mod hot_keys;
pub(crate) mod scaling;
pub(crate) mod stores;

use crate::journeys::press;
use crate::panes::stores::orders;
use alarms::consumer;
use ddbtop::app::key::Key;
use ddbtop::app::{App, Msg};
use ddbtop::model::health::{CallError, Cost, ErrorClass, Outcome, Poller, Slowed};
use ddbtop::model::update::News;
use ddbtop::report::snapshot::text;
use ddbtop::view::Charset;
use dump::dump;
use jiff::SignedDuration;
use stores::{Fleet, calm, denied, now, options, read_only, trouble};

const SIZES: [(u16, u16); 4] = [(60, 20), (80, 24), (120, 40), (200, 50)];

/// Compares the screen of a fleet at all sizes.
fn compare(name: &str, fleet: fn() -> Fleet) {
    for (width, height) in SIZES {
        let screen = fleet().app(width, height).screen(now());
        insta::assert_snapshot!(format!("{name}-{width}x{height}"), dump(&screen, width, height));
    }
}

#[test]
fn a_calm_fleet_is_calm() {
    compare("calm", calm);
}

#[test]
fn trouble_stands_on_top_with_its_cause_and_the_next_step() {
    compare("trouble", trouble);
}

#[test]
fn a_fleet_that_is_being_read_says_so() {
    compare("loading", || {
        let mut fleet = Fleet::new();
        fleet.table("carts", stores::on_demand(None), &[]);
        fleet.listed("catalogue");
        fleet.listed("orders");
        fleet.round(Poller::Tables, -2, Outcome::Complete);
        fleet
    });
}

#[test]
fn nothing_read_yet_is_not_blank() {
    for (width, height) in SIZES {
        let mut app = App::new(options());
        app.handle(Msg::Resize(width, height), now());
        let shown = text(&app.screen(now()), width, height);
        assert!(shown.contains("reading the tables in us-east-1"), "{shown}");
        assert!(shown.contains("not judged yet"), "{shown}");
    }
}

#[test]
fn a_region_without_tables_says_so() {
    compare("empty", || {
        let mut fleet = Fleet::new();
        fleet.all_well();
        fleet
    });
}

/// Metrics were read once, and neither they nor the descriptions can be read now.
fn refused() -> Fleet {
    let mut fleet = calm();
    fleet.listed("never-described");
    fleet.round(Poller::Descriptions, -5, Outcome::Partial(denied("dynamodb:DescribeTable")));
    fleet.round(Poller::Metrics, -5, Outcome::Failed(denied("cloudwatch:GetMetricData")));
    fleet
}

#[test]
fn data_that_cannot_be_read_again_stay_and_are_marked() {
    let later = now() + SignedDuration::from_secs(300);
    for (width, height) in SIZES {
        let mut app = refused().app(width, height);
        app.handle(Msg::Tick, later);
        let screen = app.screen(later);
        insta::assert_snapshot!(format!("stale-{width}x{height}"), dump(&screen, width, height));
    }
}

#[test]
fn expired_credentials_name_the_command_that_renews_them() {
    let mut fleet = calm();
    fleet.round(
        Poller::Metrics,
        -5,
        Outcome::Failed(CallError {
            class: ErrorClass::Expired,
            action: "cloudwatch:GetMetricData",
            code: Some("ExpiredTokenException".to_owned()),
            message: "The security token included in the request is expired".to_owned(),
        }),
    );
    let app = fleet.app(80, 24);
    let shown = text(&app.screen(now()), 80, 24);
    assert!(shown.contains("credentials expired: run `aws sso login`"), "{shown}");
    assert!(shown.contains("nothing in trouble"), "what was read is still fresh: {shown}");
    let shown = text(&app.screen(now() + SignedDuration::from_secs(110)), 80, 24);
    assert!(shown.contains("not judged: data stale"), "{shown}");
}

#[test]
fn boxes_cover_what_lies_below_them() {
    let boxes = [
        ("help", Key::Char('?')),
        ("palette", Key::Char(':')),
        ("sort", Key::Char('s')),
        ("themes", Key::Char('T')),
    ];
    for (name, key) in boxes {
        for (width, height) in [(60, 20), (80, 24), (200, 50)] {
            let mut app = trouble().app(width, height);
            app.handle(Msg::Key(key), now());
            let screen = app.screen(now());
            let name = format!("box-{name}-{width}x{height}");
            insta::assert_snapshot!(name, dump(&screen, width, height));
        }
    }
}

#[test]
fn boxes_that_change_things_fit_every_size() {
    let boxes = [
        ("change", "e"),
        ("draft", "e<Enter><Down>600"),
        ("mistake", "e<Enter><Down>lots<Enter>"),
        ("plan", "e<Enter><Down>3000<Enter>"),
        ("confirm", "e<Enter><Down>3000<Enter><Enter>order<Enter>"),
    ];
    for (name, keys) in boxes {
        for (width, height) in [(60, 20), (80, 24), (200, 50)] {
            let mut app = trouble().app(width, height);
            press(&mut app, "/name:orders<Enter>gg");
            press(&mut app, keys);
            let screen = app.screen(now());
            let name = format!("box-{name}-{width}x{height}");
            insta::assert_snapshot!(name, dump(&screen, width, height));
        }
    }
}

#[test]
fn where_nothing_can_be_written_the_plan_says_who_says_so_at_every_size() {
    for (width, height) in [(60, 20), (80, 24), (200, 50)] {
        let mut app = trouble().app(width, height);
        app.handle(Msg::Switched(Box::new(read_only())), now());
        press(&mut app, "/name:orders<Enter>gge<Enter><Down>3000<Enter>");
        let screen = app.screen(now());
        let name = format!("box-preview-{width}x{height}");
        insta::assert_snapshot!(name, dump(&screen, width, height));
    }
}

#[test]
fn ascii_is_enough() {
    let mut app = App::new(ddbtop::app::Options { charset: Charset::Ascii, ..options() });
    app.handle(Msg::Resize(120, 40), now());
    app.handle(Msg::Updates(trouble().updates()), now());
    let shown = text(&app.screen(now()), 120, 40);
    assert!(shown.is_ascii(), "{shown}");
}

#[test]
fn no_size_is_too_small_to_say_something() {
    let mut app = trouble().app(1, 1);
    for width in 1..=60 {
        for height in 1..=20 {
            app.handle(Msg::Resize(width, height), now());
            let shown = text(&app.screen(now()), width, height);
            assert_eq!(shown.lines().count(), usize::from(height));
            assert!(shown.contains(|c: char| !c.is_whitespace()), "{width}x{height}");
        }
    }
}

#[test]
fn all_is_well_is_said_only_of_tables_that_were_read() {
    let mut fleet = calm();
    fleet.table("unread", stores::on_demand(None), &[]);
    let shown = text(&fleet.app(120, 40).screen(now()), 120, 40);
    assert!(!shown.contains("nothing in trouble"), "{shown}");
    assert!(shown.contains("no trouble seen  1 of 10 tables not judged"), "{shown}");
}

#[test]
fn nor_is_it_before_functions_replicas_and_dax_were_read() {
    let shown = |news: News| {
        let mut fleet = calm();
        fleet.tell(news);
        text(&fleet.app(120, 40).screen(now()), 120, 40)
    };
    for (news, expected) in [
        (News::Consumers(Ok(vec![consumer("projector", "orders")])), "functions"),
        (News::Table(Box::new(orders())), "replicas"),
        (News::Clusters(Ok(vec![dax::cluster("carts", "dax.r5.large", 3, 3)])), "DAX"),
    ] {
        let shown = shown(news);
        let first = shown.lines().nth(1).unwrap();
        let expected = format!("no trouble seen  {expected} not read yet");
        assert!(first.starts_with(&expected), "{expected}: {shown}");
    }
    assert!(shown(News::Consumers(Ok(vec![]))).contains("nothing in trouble"));
}

#[test]
fn a_late_cloudwatch_is_no_calm() {
    let shown = |mut fleet: Fleet| {
        fleet.late(7);
        text(&fleet.app(120, 40).screen(now()), 120, 40)
    };
    let calm = shown(calm());
    assert!(calm.contains("not judged  9 of 9 tables not judged"), "{calm}");
    assert!(calm.contains("data of 11:53, 9 m old"), "{calm}");
    let trouble = shown(trouble());
    assert!(trouble.contains("3 in trouble when last judged"), "{trouble}");
}

#[test]
fn what_stops_every_poller_is_told_once() {
    let mut fleet = Fleet::new();
    for poller in Poller::ALL {
        let error = CallError {
            class: ErrorClass::NoCredentials,
            action: "sts:GetCallerIdentity",
            code: None,
            message: "the credential provider was not enabled".to_owned(),
        };
        fleet.round(poller, -5, Outcome::Failed(error));
    }
    let shown = text(&fleet.app(80, 24).screen(now()), 80, 24);
    assert!(
        shown.contains("no credentials: run `aws sso login`, or name a profile with --profile\n"),
        "{shown}"
    );
    assert!(!shown.contains("0 tables"), "{shown}");
    assert!(shown.contains("the tables in us-east-1 could not be read"), "{shown}");
}

#[test]
fn slowed_polling_says_why() {
    let mut fleet = calm();
    fleet.tell(News::Cost(Cost { slowed: Some(Slowed::Budget), ..Cost::default() }));
    let shown = text(&fleet.app(80, 24).screen(now()), 80, 24);
    assert!(shown.contains("SLOWED: budget"), "{shown}");
}

#[test]
fn a_long_filter_shows_its_end() {
    let mut app = calm().app(60, 20);
    app.handle(Msg::Key(Key::Char('/')), now());
    app.handle(Msg::Paste(format!("{}end", "x".repeat(80))), now());
    let shown = text(&app.screen(now()), 60, 20);
    let footer = shown.lines().last().unwrap();
    assert!(footer.contains("xend"), "{footer}");
    assert!(footer.ends_with("Enter keep  Esc show all"), "{footer}");
}
