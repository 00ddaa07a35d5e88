//! The ways to the DAX pane, and back.

use super::{press, shown};
use crate::screens::dax::cached;
use crate::screens::stores::{calm, now, options, trouble};
use ddbtop::app::{App, Msg, Options};
use ddbtop::model::alarm::{Actions, Alarm, AlarmKind, AlarmState};
use ddbtop::model::alarm::{Comparison, MetricAlarm, MetricStat, Source};
use ddbtop::model::update::{News, Update};
use ddbtop::report::snapshot::text;
use ddbtop::view::{Body, Screen};

/// The cluster that is open in charts; empty if none is.
fn opened(app: &App) -> String {
    match app.screen(now()).body {
        Body::Dax(pane) => pane.title,
        Body::Message(_)
        | Body::List(_)
        | Body::Table(_)
        | Body::HotKeys(_)
        | Body::Chart(_)
        | Body::Words(_) => String::new(),
    }
}

/// The second line of the header on a screen of this size.
fn state(app: &App, width: u16, height: u16) -> String {
    let screen: Screen = app.screen(now());
    text(&screen, width, height).lines().nth(1).unwrap_or_default().to_owned()
}

#[test]
fn enter_on_a_dax_event_opens_its_cluster_whatever_the_list_left_out_and_esc_comes_back() {
    for (row, told, cluster) in [
        ("", "Node carts-b has been restarted", "carts"),
        // The parameter group is that of `products`.
        ("j", "Parameter group updated", "products"),
        ("jj", "Cluster modified", "products"),
    ] {
        let mut app = cached().app(120, 40);
        press(&mut app, "5/search<Enter>7");
        press(&mut app, row);
        let before = shown(&app);
        assert!(before.contains(told), "{before}");
        press(&mut app, "<Enter>");
        assert!(opened(&app).contains(cluster), "{told}: {}", shown(&app));
        assert!(!shown(&app).contains("FILTER"), "{}", shown(&app));
        press(&mut app, "<Esc>");
        assert_eq!(shown(&app), before, "{told}");
        press(&mut app, "5");
        assert_eq!(opened(&app), "", "by its key the list is come to: {}", shown(&app));
    }
}

#[test]
fn an_event_of_a_cluster_that_is_gone_opens_nothing() {
    let mut fleet = cached();
    fleet.tell(News::Clusters(Ok(vec![])));
    let mut app = fleet.app(120, 40);
    press(&mut app, "7");
    let before = shown(&app);
    press(&mut app, "<Enter>");
    assert_eq!(shown(&app), before);
    assert!(!before.lines().last().unwrap().contains("open"), "{before}");
}

/// An alarm on the CPU of a cluster.
fn alarm(cluster: &str) -> Alarm {
    Alarm {
        name: "dax-cpu".into(),
        arn: "arn:aws:cloudwatch:us-east-1:123456789012:alarm:dax-cpu".into(),
        description: None,
        state: AlarmState::Alarm,
        since: Some(now()),
        configured: None,
        reason: "Threshold Crossed".into(),
        actions: Actions::default(),
        kind: AlarmKind::Metric(Box::new(MetricAlarm {
            source: Source::Metric(MetricStat {
                namespace: "AWS/DAX".into(),
                metric: "CPUUtilization".into(),
                dimensions: vec![("ClusterId".into(), cluster.into())],
                statistic: "Maximum".into(),
                period_seconds: 60,
                unit: None,
            }),
            comparison: Comparison::Greater,
            threshold: Some(80.0),
            evaluation_periods: 5,
            datapoints_to_alarm: None,
            missing_data: None,
            low_samples: None,
            evaluation_state: None,
        })),
    }
}

#[test]
fn enter_on_an_alarm_of_a_cluster_opens_it_where_it_is_there() {
    for (cluster, is_there) in [("products", true), ("gone", false)] {
        let mut fleet = cached();
        fleet.tell(News::Alarms(Ok(vec![alarm(cluster)])));
        let mut app = fleet.app(120, 40);
        press(&mut app, "6<Enter>");
        assert_eq!(opened(&app).contains(cluster), is_there, "{}", shown(&app));
        let lacks = shown(&app).contains("there is no table to open");
        assert_eq!(lacks, !is_there, "{}", shown(&app));
        if is_there {
            press(&mut app, "<Esc>");
        }
        assert!(shown(&app).contains("dax-cpu"), "Esc comes back: {}", shown(&app));
    }
}

#[test]
fn every_cluster_is_found_by_its_name_from_everywhere() {
    for pane in ["", "2", "5", "5<Enter>", "5/carts<Enter>", "7", "f", "5f"] {
        let mut app = cached().app(120, 40);
        press(&mut app, pane);
        press(&mut app, ":search-results");
        let picker = app.screen(now()).picker.unwrap();
        assert_eq!(picker.choices[0].text, "Open cluster search-results-production", "{pane}");
        press(&mut app, "<Enter>");
        assert!(opened(&app).contains("search-results-production"), "{pane}: {}", shown(&app));
        press(&mut app, "<Esc>");
        assert_eq!(opened(&app), "", "{pane}: {}", shown(&app));
        assert!(shown(&app).contains("4 clusters"), "the list: {}", shown(&app));
    }
    let mut app = calm().app(120, 40);
    press(&mut app, ":Open cluster");
    let picker = app.screen(now()).picker.unwrap();
    let is_cluster = |text: &str| text.starts_with("Open cluster");
    assert!(picker.choices.iter().all(|choice| !is_cluster(&choice.text)), "{picker:?}");
}

/// What is told of DAX in [`cached`], without its calm tables.
fn of_dax_alone() -> Vec<Update> {
    let mut updates = cached().updates();
    updates.retain(|update| matches!(update.news, News::Clusters(_) | News::Points(_)));
    for update in &mut updates {
        if let News::Points(points) = &mut update.news {
            points.series.retain(|(key, _)| key.resource.cluster_name().is_some());
        }
    }
    updates
}

#[test]
fn the_header_tells_where_the_trouble_of_dax_is() {
    for (width, height) in [(80, 24), (200, 50)] {
        let mut app = cached().app(width, height);
        let told = state(&app, width, height);
        assert!(told.starts_with("1 in trouble on pane 5 DAX  "), "{told}");
        assert!(told.contains("data of 12:00"), "{told}");
        press(&mut app, "5");
        let told = state(&app, width, height);
        assert!(told.starts_with("1 in trouble here  "), "{told}");
        let mut app = trouble().app(width, height);
        app.handle(Msg::Updates(of_dax_alone()), now());
        let told = state(&app, width, height);
        assert!(told.starts_with("4 in trouble, 1 on pane 5 DAX  "), "{told}");
        press(&mut app, "5");
        let told = state(&app, width, height);
        assert!(told.starts_with("4 in trouble, 1 here  "), "{told}");
    }
    let own = ddbtop::config::file::parse("[keys]\npane-dax = []\n").unwrap();
    let mut app = App::new(Options { keymap: own.keymap, ..options() });
    app.handle(Msg::Resize(80, 24), now());
    app.handle(Msg::Updates(cached().updates()), now());
    let told = state(&app, 80, 24);
    assert!(told.starts_with("1 in trouble on the DAX pane  "), "{told}");
}
