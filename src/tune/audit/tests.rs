use super::*;
use crate::model::event::{Ending, Happening};
use crate::model::insights::InsightsMode;
use crate::model::scaling::{ScalingMetric, fixture::policy};
use crate::model::throttle::Direction;
use crate::tune::draft::Field::Min;
use crate::tune::fixture::{ME, WRITE, World, orders, second};
use crate::tune::setting::Mute;

fn stamp<'a>(id: &'a str, scope: &'a Scope) -> Stamp<'a> {
    Stamp { id, plan: "p1", at: second(1_900), who: ME, scope }
}

fn intent(id: &str) -> Record {
    let world = World::new();
    let plan = world.plan(orders(), &[(Min, WRITE, "400")]).unwrap();
    Record::intent(&plan.steps()[0], stamp(id, plan.scope()))
}

#[test]
fn a_record_says_who_wrote_what_where_and_when_on_one_line() {
    let line = intent("w1").line().unwrap();
    assert_eq!(
        line,
        concat!(
            r#"{"schema":1,"id":"w1","plan":"p1","at":"2026-11-22T12:31:40Z","#,
            r#""who":"arn:aws:sts::123456789012:assumed-role/oncall/me","partition":"aws","#,
            r#""account":"123456789012","region":"us-east-1","#,
            r#""call":"application-autoscaling:RegisterScalableTarget","#,
            r#""before":{"kind":"bounds","resource":"table/orders","direction":"write","min":50,"#,
            r#""max":1000,"suspended":{"scale_in":false,"scale_out":false,"scheduled":false}},"#,
            r#""after":{"kind":"bounds","resource":"table/orders","direction":"write","min":400,"#,
            r#""max":1000,"suspended":{"scale_in":false,"scale_out":false,"scheduled":false}},"#,
            r#""step":"intent"}"#,
            "\n"
        )
    );
    let refused = Outcome::Refused("LimitExceededException: no".into());
    let line = intent("w1").ended(second(1_901), refused, None).line().unwrap();
    let end =
        r#""step":"outcome","outcome":"refused","words":"LimitExceededException: no","seen":null}"#;
    assert!(line.trim_end().ends_with(end), "{line}");
}

/// A setting of any kind with values of any kind.
fn setting(rng: &mut fastrand::Rng) -> Setting {
    let resource = || crate::model::id::Resource::index("orders", "by-day");
    let direction = if rng.bool() { Direction::Read } else { Direction::Write };
    let units = rng.u32(..);
    match rng.usize(..6) {
        0 => Setting::Bounds {
            resource: resource(),
            direction,
            min: units,
            max: rng.u32(..),
            suspended: crate::model::scaling::Suspended {
                scale_in: rng.bool(),
                scale_out: rng.bool(),
                scheduled: rng.bool(),
            },
        },
        1 => {
            let mut tracking = policy(direction, 100.0 * rng.f64()).tracking.unwrap();
            tracking.scale_in_cooldown = rng.bool().then(|| rng.i32(..));
            tracking.disable_scale_in = rng.bool().then(|| rng.bool());
            if rng.bool() {
                tracking.metric = ScalingMetric::Customized(r#"{"Statistic":"Sum"}"#.into());
            }
            Setting::Policy { resource: resource(), direction, policy: "p\"\n".into(), tracking }
        }
        2 => Setting::Capacity { resource: resource(), read: units, write: rng.u32(..) },
        3 => Setting::Maximum { resource: resource(), read: None, write: Some(units) },
        4 => Setting::Insights {
            resource: resource(),
            mode: rng
                .bool()
                .then(|| InsightsMode::from_aws(["THROTTLED_KEYS", "NEW"][rng.usize(..2)])),
        },
        _ => Setting::Mute {
            rule: "ddbtop-1".into(),
            mute: rng.bool().then(|| Mute {
                alarms: vec!["a \u{1f514}".into()],
                start: second(0),
                end: second(3_600),
            }),
        },
    }
}

#[test]
fn every_record_reads_back_exactly() {
    let rng = &mut fastrand::Rng::with_seed(3);
    let mut written = Vec::new();
    let mut text = String::new();
    for number in 0..500 {
        let mut record = intent(&format!("w{number}"));
        record.undoes = rng.bool().then(|| "w0".into());
        (record.before, record.after) = (setting(rng), setting(rng));
        let outcome = match rng.usize(..5) {
            0 => Outcome::Done,
            1 => Outcome::Unknown,
            2 => Outcome::Refused("no\nway".into()),
            _ => Outcome::ChangedUnderneath("min".into()),
        };
        if rng.bool() {
            let seen = rng.bool().then(|| setting(rng));
            record = record.ended(second(2_000), outcome, seen);
        }
        text.push_str(&record.line().unwrap());
        written.push(record);
    }
    let journal = Journal::read(text.as_bytes());
    assert_eq!(journal.records, written);
    assert_eq!(
        (journal.unreadable.len(), journal.is_torn, journal.lacks_newline),
        (0, false, false)
    );
}

#[test]
fn a_torn_last_line_is_told_and_takes_nothing_else_away() {
    let whole = intent("w1").line().unwrap();
    let second_line = intent("w2").line().unwrap();
    for length in 1..second_line.len() {
        let text = [whole.as_bytes(), &second_line.as_bytes()[..length]].concat();
        let journal = Journal::read(&text);
        let is_whole = length == second_line.len() - 1;
        assert_eq!(journal.records.len(), 1 + usize::from(is_whole), "{length}");
        assert_eq!((journal.is_torn, journal.lacks_newline), (!is_whole, true), "{length}");
        assert_eq!(journal.unreadable, Vec::<usize>::new());
    }
    assert_eq!(Journal::read(b""), Journal::default());
}

#[test]
fn broken_lines_and_those_of_a_newer_program_are_numbered() {
    let whole = intent("w1").line().unwrap();
    let newer = whole.replacen("\"schema\":1", "\"schema\":2", 1);
    let text = [b"\xff\xfe\n", whole.as_bytes(), b"\n{}\n", newer.as_bytes()].concat();
    let journal = Journal::read(&text);
    assert_eq!(journal.records.len(), 1);
    assert_eq!(journal.unreadable, [1, 4, 5]);
}

#[test]
fn an_intent_without_an_outcome_is_found() {
    let first = intent("w1");
    let records = [first.clone(), first.ended(second(1_910), Outcome::Done, None), intent("w2")];
    let text: String = records.iter().map(|record| record.line().unwrap()).collect();
    let journal = Journal::read(text.as_bytes());
    let unfinished: Vec<&str> = journal.unfinished().iter().map(|record| &*record.id).collect();
    assert_eq!(unfinished, ["w2"]);
}

#[test]
fn writes_are_events_at_the_moment_they_began_whatever_came_of_them() {
    let scope = World::new().plan(orders(), &[(Min, WRITE, "400")]).unwrap().scope().clone();
    let (done, refused) = (intent("done"), intent("refused"));
    let lost = Record { undoes: Some("done".into()), ..intent("lost") };
    let elsewhere = Record { region: "eu-west-1".into(), ..intent("elsewhere") };
    let journal = Journal {
        records: vec![
            done.clone(),
            done.ended(second(1_930), Outcome::Done, None),
            refused.clone(),
            refused.ended(second(1_940), Outcome::Refused("no".into()), None),
            lost.clone(),
            lost.ended(second(1_950), Outcome::Unknown, None),
            intent("open"),
            elsewhere,
        ],
        ..Journal::default()
    };
    let told: Vec<_> = journal
        .events(&scope)
        .into_iter()
        .map(|event| {
            let Happening::Write(write) = event.what else { panic!("{event:?}") };
            (event.at, write.ending, write.is_undo, write.changes)
        })
        .collect();
    let changes = || "minimum 50 WCU -> 400 WCU".to_owned();
    assert_eq!(
        told,
        [
            (second(1_900), Ending::Done, false, changes()),
            (second(1_900), Ending::Refused("no".into()), false, changes()),
            (second(1_900), Ending::Unknown, true, changes()),
            (second(1_900), Ending::Open, false, changes()),
        ]
    );
}
