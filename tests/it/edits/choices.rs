//! Contributor Insights and mutes of alarms: the same path, without a draft.

use super::*;
use crate::screens::stores::read_only;
use ddbtop::model::id::Resource;
use ddbtop::model::insights::{ContributorInsights, InsightsMode};

impl Dashboard {
    /// Types what the open box asks for, and lets it be carried out.
    async fn apply(&mut self) {
        self.press("<Enter>");
        let screen = self.app.screen(self.clock.now());
        let prompt = screen.sheet.and_then(|sheet| sheet.asked).expect("nothing is asked").prompt;
        let name = prompt.strip_prefix("type ").and_then(|rest| rest.strip_suffix(" to apply"));
        self.press(&format!("{}<Enter>", name.unwrap()));
        self.pass(30).await;
        self.assert_shows("done: it is seen to be so");
        self.press("<Esc>");
    }

    async fn mode(&self, table: &str) -> Option<InsightsMode> {
        let told = self.connection.insights_of(&Resource::table(table)).await.result.unwrap();
        told.filter(ContributorInsights::is_enabled).and_then(|told| told.mode)
    }
}

async fn opened(scenario: &str) -> (World, Dashboard) {
    let (world, connection, clock) = simulated(Scenario::named(scenario).unwrap());
    let mut dashboard = Dashboard::open(connection, clock);
    dashboard.pass(90).await;
    (world, dashboard)
}

#[tokio::test(start_paused = true)]
async fn contributor_insights_are_switched_with_their_price_and_back_by_undo() {
    let (_, mut dashboard) = opened("hot-key").await;
    assert_eq!(dashboard.mode("sessions").await, None);
    dashboard.press(":insights sessions report throttled<Enter>");
    dashboard.assert_shows("Contributor Insights of sessions");
    dashboard.assert_shows("cost ");
    dashboard.assert_shows("THROTTLED_KEYS");
    dashboard.apply().await;
    assert_eq!(dashboard.mode("sessions").await, Some(InsightsMode::Throttled));
    // Another mode is sent with its name: AWS would take none for all keys.
    dashboard.press("e");
    dashboard.assert_shows("report accessed and throttled keys");
    dashboard.press("accessed<Enter>");
    dashboard.apply().await;
    assert_eq!(dashboard.mode("sessions").await, Some(InsightsMode::AccessedAndThrottled));
    dashboard.press("u");
    dashboard.assert_shows("history");
    dashboard.apply().await;
    assert_eq!(dashboard.mode("sessions").await, Some(InsightsMode::Throttled));
    dashboard.press("e");
    dashboard.press("insights off<Enter>");
    dashboard.apply().await;
    assert_eq!(dashboard.mode("sessions").await, None);
}

#[tokio::test(start_paused = true)]
async fn an_alarm_is_muted_by_a_rule_that_ends_and_can_be_ended_before() {
    let (world, mut dashboard) = opened("alarm-storm").await;
    dashboard.press("6/by-customer-write<Enter>e<Down><Enter>");
    dashboard.assert_shows("mute rule ddbtop-");
    dashboard.assert_shows("that ends by itself");
    dashboard.apply().await;
    dashboard.pass(90).await;
    dashboard.assert_shows("muted");
    dashboard.press("eunmute<Enter>");
    dashboard.assert_shows("the alarms tell of their changes again at once");
    dashboard.apply().await;
    let calls = world.ledger().into_iter().map(|call| call.operation);
    let calls: Vec<String> = calls.filter(|operation| operation.contains("AlarmActions")).collect();
    assert_eq!(calls, Vec::<String>::new(), "actions of alarms are never switched");
    let mutes = world.ledger().into_iter().filter(|call| call.operation.ends_with("MuteRule"));
    assert!(mutes.count() >= 2);
}

#[tokio::test(start_paused = true)]
async fn what_is_done_by_hand_alone_is_told_with_its_command() {
    let (_, mut dashboard) = opened("hot-key").await;
    dashboard.press("eon-demand<Enter>");
    dashboard.assert_shows("By hand: switch sessions to on-demand");
    dashboard.assert_shows("shown only: this program never does it");
    dashboard.press("y");
    let copied = dashboard.copied.last().unwrap();
    assert!(copied.starts_with("aws dynamodb update-table --table-name sessions"), "{copied}");
}

#[tokio::test(start_paused = true)]
async fn a_plan_against_a_hot_key_says_that_capacity_will_not_help_and_is_copied_by_one_key() {
    let (_, mut dashboard) = opened("hot-key").await;
    // What the verdict advises stands first.
    dashboard.press("e<Enter>");
    dashboard.assert_shows("mode = \"THROTTLED_KEYS\"");
    dashboard.press("<Esc>eSet<Enter>9000<Enter>");
    dashboard.assert_shows("MORE CAPACITY WILL NOT HELP");
    dashboard.press("yY");
    let [command, terraform] = &dashboard.copied[..] else { panic!("{:?}", dashboard.copied) };
    assert!(command.starts_with("aws dynamodb update-table --table-name sessions"), "{command}");
    assert!(terraform.contains("write_capacity = 9000"), "{terraform}");
}

#[tokio::test(start_paused = true)]
async fn what_rows_are_marked_for_stays_in_the_footer() {
    let (_, mut dashboard) = opened("incident").await;
    dashboard.press(" ");
    dashboard.assert_shows("1 marked");
    dashboard.assert_shows("Esc unmark");
    dashboard.assert_shows("e edit");
    dashboard.tell(Msg::Switched(Box::new(read_only())));
    dashboard.assert_shows("e plan");
}

#[tokio::test(start_paused = true)]
async fn a_plan_without_a_maximum_counts_what_that_refuses_now() {
    let (_, mut dashboard) = opened("incident").await;
    dashboard.press("/search-suggestions<Enter>eSet<Enter>");
    dashboard.assert_shows("advised for reads: at least 4,000");
    dashboard.press("none<Enter>");
    dashboard.assert_shows("change  read maximum");
    dashboard.assert_shows("then    reads have no maximum of their own, writes have no maximum of");
    let shown = dashboard.shown();
    let words =
        shown.split(|c: char| c.is_whitespace() || c == '│').filter(|word| !word.is_empty());
    let shown = words.collect::<Vec<_>>().join(" ");
    let (now, then) = shown.split_once("/h now, about $").expect(&shown);
    let [now, then]: [f64; 2] = [now.rsplit('$').next().unwrap(), then.split('/').next().unwrap()]
        .map(|it| it.parse().unwrap());
    // Of some 2,500 reads a second a thousand are refused.
    assert!((1.2..2.0).contains(&(then / now)), "{shown}");
    assert!(shown.contains("reads a second (0.5 RRU each) now"), "{shown}");
}
