//! What the DAX pane looks like, and where keys lead on it.

use super::{SIZES, compare, press};
use crate::screens::dax::{
    cached, cached_in_part, cluster, eleven_nodes, fifty, one_node, refused, without,
};
use crate::screens::stores::{calm, now, options};
use ddbtop::app::{App, Effect, Msg, Options};
use ddbtop::diagnose::Thresholds;
use ddbtop::model::id::Resource;
use ddbtop::model::update::News;
use ddbtop::report::snapshot::text;
use ddbtop::view::{Body, Charset};

#[test]
fn clusters_stand_before_their_nodes_and_what_needs_action_first() {
    compare("dax", cached, "5");
}

#[test]
fn an_open_cluster_shows_its_nodes_on_one_scale() {
    compare("dax_open", cached, "5\n");
}

#[test]
fn the_node_that_is_away_and_the_one_that_works_alone_are_seen_among_eleven() {
    compare("dax_eleven", eleven_nodes, "5\n");
}

#[test]
fn nodes_are_compared_by_what_the_chart_in_focus_is_about() {
    compare("dax_open_hits", cached, "5\nl");
}

#[test]
fn everything_about_a_cluster_in_words() {
    compare("dax_words", cached, "5jjjjd");
}

#[test]
fn a_cluster_of_one_node_that_was_not_read_yet_says_so() {
    compare("dax_one_node", one_node, "5");
}

#[test]
fn what_may_not_be_read_names_its_permission_and_leaves_the_rest_whole() {
    compare("dax_in_part", cached_in_part, "5");
}

fn shown(fleet: fn() -> crate::screens::stores::Fleet, keys: &str) -> String {
    let mut app = fleet().app(200, 50);
    press(&mut app, keys);
    text(&app.screen(now()), 200, 50)
}

#[test]
fn where_there_is_no_dax_the_pane_says_why() {
    let frame = shown(without, "5");
    assert!(frame.contains("no DAX clusters in us-east-1"), "{frame}");
    let frame = shown(calm, "5");
    assert!(frame.contains("reading the DAX clusters in us-east-1"), "{frame}");
    let frame = shown(refused, "5");
    assert!(frame.contains("the DAX clusters in us-east-1 could not be read"), "{frame}");
    assert!(frame.contains("dax:DescribeClusters"), "{frame}");
    assert!(!shown(refused, "1").contains("dax:DescribeClusters"), "other panes are whole");
}

#[test]
fn calm_nodes_of_many_clusters_have_no_row_until_they_are_asked_for() {
    let frame = shown(fifty, "5");
    assert!(frame.contains("50 clusters"), "{frame}");
    assert!(frame.contains("550 calm nodes folded"), "{frame}");
    assert!(frame.contains("CPU saturated"), "{frame}");
    let first = frame.lines().nth(4).unwrap_or_default();
    assert!(first.contains("cluster-31"), "what needs action comes first: {first}");
    let frame = shown(fifty, "5i");
    assert!(!frame.contains("folded"), "{frame}");
    assert!(frame.contains("cluster-31-k"), "{frame}");
    assert!(shown(fifty, "5/cluster-07-c\n").contains("cluster-07-c"));
}

#[test]
fn only_trouble_keeps_the_cluster_of_a_node_in_trouble() {
    let frame = shown(eleven_nodes, "5!");
    assert!(frame.contains("large-e") && !frame.contains("large-a "), "{frame}");
    let frame = shown(without, "5!");
    assert!(frame.contains("no DAX clusters"), "{frame}");
}

#[test]
fn what_is_looked_at_is_asked_for() {
    let mut app = cached().app(120, 40);
    let effects = app.handle(Msg::Key(ddbtop::app::key::Key::Char('5')), now());
    let interest = effects.into_iter().find_map(|effect| {
        let Effect::Interest(interest) = effect else { return None };
        Some(interest)
    });
    let interest = interest.unwrap();
    assert_eq!(interest.cluster.map(|(_, name)| name.to_string()).as_deref(), Some("carts"));
    let visible = interest.visible.iter().map(|target| target.resource.clone());
    assert!(visible.collect::<Vec<_>>().contains(&Resource::node("carts", "carts-b")));
    let effects = app.handle(Msg::Key(ddbtop::app::key::Key::Char('1')), now());
    let is_over = effects
        .iter()
        .any(|effect| matches!(effect, Effect::Interest(interest) if interest.cluster.is_none()));
    assert!(is_over, "{effects:?}");
}

#[test]
fn escape_leads_from_the_charts_to_the_list_and_from_there_to_the_tables() {
    let mut app = cached().app(120, 40);
    press(&mut app, "5\n");
    assert!(matches!(app.screen(now()).body, Body::Dax(_)));
    press(&mut app, "z");
    assert!(matches!(app.screen(now()).body, Body::Chart(_)));
    press(&mut app, "\x1b");
    assert!(matches!(app.screen(now()).body, Body::Dax(_)));
    press(&mut app, "d");
    assert!(matches!(app.screen(now()).body, Body::Words(_)));
    press(&mut app, "\x1b\x1b");
    assert!(matches!(app.screen(now()).body, Body::List(_)));
    press(&mut app, "\x1b");
    assert!(text(&app.screen(now()), 120, 40).contains("R USE"));
}

#[test]
fn an_open_cluster_that_is_gone_leaves_the_list() {
    let mut app = cached().app(120, 40);
    press(&mut app, "5\n");
    let mut gone = calm();
    gone.tell(News::Clusters(Ok(vec![])));
    app.handle(Msg::Updates(gone.updates()), now());
    let frame = text(&app.screen(now()), 120, 40);
    assert!(frame.contains("no DAX clusters in us-east-1"), "{frame}");
}

#[test]
fn dax_that_only_surrounds_calm_tables_is_in_no_trouble() {
    let mut fleet = calm();
    fleet.tell(News::Clusters(Ok(vec![cluster("carts", "dax.r5.large", 3, 3)])));
    let app = fleet.app(120, 40);
    let scope = app.store().scopes().next().unwrap().clone();
    let reading = app.store().reading(&scope, now());
    assert_eq!(ddbtop::diagnose::verdicts(reading, &Thresholds::default()), []);
}

#[test]
fn ascii_is_enough_and_no_size_is_too_small() {
    for keys in ["5", "5\n", "5\nl", "5\nz", "5d", "5z", "5/nothing", "5i", "5G", "5\n[["] {
        for (width, height) in SIZES {
            let mut app = App::new(Options { charset: Charset::Ascii, ..options() });
            app.handle(Msg::Resize(width, height), now());
            app.handle(Msg::Updates(cached().updates()), now());
            press(&mut app, keys);
            let shown = text(&app.screen(now()), width, height);
            assert!(shown.is_ascii(), "{shown}");
        }
        let mut app = cached().app(1, 1);
        press(&mut app, keys);
        for (width, height) in (1..=210).step_by(9).zip((1..=60).cycle()) {
            app.handle(Msg::Resize(width, height), now());
            let shown = text(&app.screen(now()), width, height);
            assert_eq!(shown.lines().count(), usize::from(height));
        }
    }
}
