//! Keys on the Alarms pane, and what they lead to.

use super::{listed, press, selected, shown};
use crate::screens::alarms::{HOT, all, many, watched};
use crate::screens::stores::{Fleet, denied, now, trouble};
use ddbtop::app::{App, Effect, Msg};
use ddbtop::model::alarm::{Alarm, AlarmState, Source};
use ddbtop::model::id::Scope;
use ddbtop::model::update::{News, Update};
use jiff::SignedDuration;
use std::sync::Arc;

fn opened(keys: &str) -> App {
    let mut app = watched().app(200, 50);
    press(&mut app, "6");
    press(&mut app, keys);
    app
}

/// A fleet with these alarms.
fn with(alarms: Vec<Alarm>) -> Fleet {
    let mut fleet = trouble();
    fleet.tell(News::Alarms(Ok(alarms)));
    fleet
}

const ALL: &str = "[orders-unwell] orders-by-status-write-throttled orders-p99 \
                   payments-read-throttled carts-throttled sessions-read-thr…oduction-account \
                   fan-out-errors orders-errors dax-cpu a-of-b b-of-a user-errors autoscaling's";

#[test]
fn rows_are_in_the_order_of_urgency_and_filters_choose_among_them() {
    const OWN: &str = "TargetTracking-t…";
    let cases = [
        ("", ALL.to_owned()),
        (
            "!",
            "[orders-unwell] orders-by-status-write-throttled orders-p99 payments-read-throttled \
             carts-throttled"
                .to_owned(),
        ),
        ("!!", ALL.to_owned()),
        ("/payments<Enter>", "[payments-read-throttled] autoscaling's TT TT TT TT".to_owned()),
        ("/payments !target<Enter>", "[payments-read-throttled]".to_owned()),
        ("/p99<Enter>", "[orders-unwell] orders-p99".to_owned()),
        ("/state:insuff<Enter>", "[sessions-read-thr…oduction-account]".to_owned()),
        ("/about:dax<Enter>", "[dax-cpu]".to_owned()),
        ("/CPUUtil<Enter>", "[dax-cpu]".to_owned()),
        ("/p99<Enter><Esc>", ALL.to_owned()),
        ("/p99<Esc>", ALL.to_owned()),
        (
            "a/state:alarm !about:orders !about:payments<Enter>",
            "[ledger-cpu] mailer-errors carts-throttled".to_owned(),
        ),
    ];
    for (keys, expected) in cases {
        let listed = listed(&opened(keys));
        let names: Vec<&str> = listed
            .split(' ')
            .map(|name| if name.starts_with(&OWN[..14]) { "TT" } else { name })
            .collect();
        assert_eq!(names.join(" "), expected, "{keys}");
    }
}

#[test]
fn autoscalings_own_alarms_have_one_row_until_they_are_asked_for() {
    let mut app = opened("G");
    assert!(shown(&app).contains("autoscaling's own: 8"), "{}", shown(&app));
    assert!(shown(&app).contains("2 in ALARM"), "{}", shown(&app));
    let rows = |app: &App| listed(app).split(' ').count();
    assert_eq!(rows(&app), 13);
    for unfolding in ["i", "<Enter>"] {
        press(&mut app, unfolding);
        assert_eq!((rows(&app), selected(&app).as_str()), (21, "autoscaling's"), "{unfolding}");
        press(&mut app, "i");
        assert_eq!(rows(&app), 13);
    }
}

#[test]
fn enter_leads_to_the_table_and_esc_back_to_the_alarm() {
    for (keys, alarm, table) in [
        ("j", HOT, "orders/by-status"),
        ("", "orders-unwell", "orders/by-status"),
        ("/orders-errors<Enter>", "orders-errors", "orders"),
        ("/user<Enter>G", "user-errors", "account"),
        ("/carts<Enter>", "carts-throttled", "carts"),
    ] {
        let mut app = opened(keys);
        assert_eq!(selected(&app), alarm, "{keys}");
        press(&mut app, "<Enter>");
        let tab = format!("2 {table}  3 Hot keys");
        assert!(shown(&app).contains(&tab), "{keys}: {}", shown(&app));
        press(&mut app, "<Esc>");
        assert_eq!(selected(&app), alarm, "{keys}: {}", shown(&app));
        press(&mut app, "<Enter>1<Esc>");
        assert!(shown(&app).contains("VERDICT"), "a digit forgets the way back");
    }
}

#[test]
fn an_alarm_that_leads_to_no_table_says_why() {
    let mut gone = all().into_iter().find(|alarm| &*alarm.name == "orders-p99").unwrap();
    if let ddbtop::model::alarm::AlarmKind::Metric(metric) = &mut gone.kind
        && let Source::Metric(stat) = &mut metric.source
    {
        stat.dimensions = vec![(Arc::from("TableName"), Arc::from("order"))];
    }
    let mut misspelt = with(vec![gone]).app(200, 50);
    press(&mut misspelt, "6<Enter>");
    assert!(shown(&misspelt).contains("no table order in us-east-1"), "{}", shown(&misspelt));
    for (keys, answer) in [
        ("/dax<Enter><Enter>", "this alarm is about dax/orders: there is no table to open"),
        ("/fan-out<Enter><Enter>", "this alarm is about function/fan-out: there is no table"),
        ("a/ledger<Enter><Enter>", "this alarm is about AWS/RDS: there is no table to open"),
    ] {
        let app = opened(keys);
        assert!(shown(&app).contains(answer), "{keys}: {}", shown(&app));
    }
}

#[test]
fn the_data_of_the_selected_alarm_are_asked_for_while_the_pane_is_open() {
    let asked = |effects: Vec<Effect>| -> Vec<Option<String>> {
        let alarm = |effect| {
            let Effect::Interest(interest) = effect else { return None };
            Some(interest.alarm.map(|(_, name)| name.to_string()))
        };
        effects.into_iter().filter_map(alarm).collect()
    };
    let mut app = watched().app(200, 50);
    assert_eq!(asked(press(&mut app, "6")), [None], "a composite alarm has no data");
    assert_eq!(asked(press(&mut app, "j")), [Some(HOT.to_owned())]);
    assert_eq!(asked(press(&mut app, "j")), [Some("orders-p99".to_owned())]);
    assert_eq!(asked(press(&mut app, "8")), [None]);
}

#[test]
fn the_selection_follows_the_alarm_and_not_the_row() {
    let change = |app: &mut App, name: &str, state| {
        let mut alarms = all();
        let alarm = alarms.iter_mut().find(|alarm| &*alarm.name == name).unwrap();
        (alarm.state, alarm.since) = (state, Some(now()));
        app.handle(Msg::Updates(with(alarms).updates()), now());
    };
    let mut app = opened("");
    change(&mut app, "dax-cpu", AlarmState::Alarm);
    assert_eq!(selected(&app), "dax-cpu", "whoever did not move sees what is most urgent");
    let mut app = opened("jjj");
    assert_eq!(selected(&app), "payments-read-throttled");
    change(&mut app, "dax-cpu", AlarmState::Alarm);
    assert_eq!(selected(&app), "payments-read-throttled");
    press(&mut app, "81");
    press(&mut app, "6");
    assert_eq!(selected(&app), "payments-read-throttled");
}

#[test]
fn a_frozen_pane_shows_news_of_alarms_when_it_goes_on() {
    let mut app = opened("f");
    let before = shown(&app);
    app.handle(Msg::Updates(with(vec![]).updates()), now());
    press(&mut app, "LL");
    assert_eq!(shown(&app), before);
    press(&mut app, "f");
    assert!(shown(&app).contains("no alarms in us-east-1"), "{}", shown(&app));
    assert!(!shown(&app).contains("in ALARM"), "{}", shown(&app));
}

#[test]
fn a_pane_without_rows_says_why() {
    let elsewhere = |alarm: &Alarm| matches!(&*alarm.name, "ledger-cpu" | "mailer-errors");
    let others = || with(all().into_iter().filter(elsewhere).collect());
    let refused = || {
        let mut fleet = trouble();
        fleet.tell(News::Alarms(Err(denied("cloudwatch:DescribeAlarms"))));
        fleet
    };
    let quiet = || {
        let mut fleet = trouble();
        let ok = |alarm: &Alarm| matches!(&*alarm.name, "orders-errors" | "dax-cpu");
        fleet.tell(News::Alarms(Ok(all().into_iter().filter(ok).collect())));
        fleet
    };
    for (fleet, keys, lines) in [
        (trouble(), "6", ["reading the alarms in us-east-1", ""]),
        (with(vec![]), "6", ["no alarms in us-east-1", "nobody is told when a table throttles"]),
        (
            others(),
            "6",
            [
                "no alarm in us-east-1 is about DynamoDB, DAX or a stream's function",
                "2 others: a lists them",
            ],
        ),
        (
            refused(),
            "6",
            [
                "the alarms in us-east-1 could not be read",
                "no permission: cloudwatch:DescribeAlarms",
            ],
        ),
        (watched(), "6/zzz<Enter>", ["nothing matches zzz", "Esc shows all 20 alarms"]),
        (
            quiet(),
            "6!",
            ["no alarm is in ALARM, and none is set up wrongly", "Esc shows all 2 alarms"],
        ),
    ] {
        let mut app = fleet.app(200, 50);
        press(&mut app, keys);
        for line in lines {
            assert!(shown(&app).contains(line), "{line}: {}", shown(&app));
        }
    }
}

#[test]
fn one_alarm_and_two_thousand_have_their_rows() {
    let mut app = with(vec![all().remove(0)]).app(200, 50);
    press(&mut app, "6");
    assert_eq!(listed(&app), format!("[{HOT}]"));
    assert!(shown(&app).contains("1 in ALARM"), "{}", shown(&app));
    let mut app = many(2_000).app(200, 50);
    press(&mut app, "6");
    assert_eq!(selected(&app), "throttles-0000");
    assert!(shown(&app).contains("200 in ALARM"), "{}", shown(&app));
    assert!(shown(&app).contains("1-31 of 2,000"), "{}", shown(&app));
    press(&mut app, "G");
    assert!(shown(&app).contains("1,970-2,000 of 2,000"), "{}", shown(&app));
    let last = selected(&app);
    app.handle(Msg::Tick, now() + SignedDuration::from_secs(60));
    assert_eq!(selected(&app), last);
}

#[test]
fn names_and_arns_of_alarms_are_copied() {
    let mut app = opened("j");
    let arn = format!("arn:aws:cloudwatch:us-east-1:123456789012:alarm:{HOT}");
    assert_eq!(press(&mut app, "y").last(), Some(&Effect::Copy(HOT.to_owned())));
    assert_eq!(press(&mut app, "Y").last(), Some(&Effect::Copy(arn)));
    assert_eq!(press(&mut app, "Gy").iter().filter(|it| matches!(it, Effect::Copy(_))).count(), 0);
}

#[test]
fn findings_take_in_alarms_at_once_and_tables_with_the_next_minute() {
    let scope = Scope::new("aws", "123456789012", "us-east-1");
    let mut app = with(all()).app(200, 50);
    let rules = |app: &App| -> Vec<&str> {
        app.findings(&scope).iter().map(|finding| finding.rule.id).collect()
    };
    let before = rules(&app);
    assert!(!before.is_empty());
    let news = |news| vec![Update { scope: scope.clone(), at: now(), news }];
    app.handle(Msg::Updates(news(News::TableNames(vec![]))), now());
    assert_eq!(rules(&app), before);
    let later = now() + SignedDuration::from_secs(60);
    app.handle(Msg::Tick, later);
    let gone = rules(&app);
    assert_ne!(gone, before);
    app.handle(Msg::Updates(news(News::Alarms(Ok(vec![])))), later);
    assert_ne!(rules(&app), gone);
}
