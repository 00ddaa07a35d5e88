use super::*;
use crate::model::alarm::MuteRule;
use crate::model::health::Poller;
use crate::model::id::Resource;
use crate::model::insights::InsightsMode;
use crate::model::throttle::Direction;
use crate::model::update::News;
use crate::tune::audit::{Outcome, Stamp};
use crate::tune::call::Call;
use crate::tune::choice;
use crate::tune::draft::Field::{self, Capacity, Max, Maximum, Min, ScaleIn, ScaleOut, Target};
use crate::tune::fixture::{ME, READ, WRITE, World, lines, orders, second};
use std::sync::Arc;

/// Fields with what is typed in them.
type Typed = Vec<(Field, Direction, String)>;

/// A journal, and a world in which calls do what they say.
struct Shift {
    world: World,
    journal: Journal,
}

impl Shift {
    fn new() -> Self {
        let mut world = World::new();
        world.insights(&[(orders(), "ENABLED", Some(InsightsMode::Throttled))]);
        Self { world, journal: Journal::default() }
    }

    /// Carries a plan out and records it.
    fn apply(&mut self, plan: &Plan, outcome: &Outcome) {
        let id = format!("p{}", self.journal.records.len());
        for (number, step) in plan.steps().iter().enumerate() {
            let write = format!("{id}-{number}");
            let at = self.world.fixture.at;
            let stamp = Stamp { id: &write, plan: &id, at, who: ME, scope: plan.scope() };
            let intent = Record::intent(step, stamp);
            let ended = intent.ended(at, outcome.clone(), None);
            self.journal.records.extend([intent, ended]);
            self.send(step.call());
        }
    }

    fn send(&mut self, call: &Call) {
        let world = &mut self.world;
        match call.clone() {
            Call::RegisterScalableTarget { min, max, suspended, .. } => {
                world.change_target(|target| {
                    (target.min, target.max) = (f64::from(min), f64::from(max));
                    target.suspended = suspended;
                });
            }
            Call::PutScalingPolicy { policy, tracking, .. } => world.change_target(|target| {
                let known = target.policies.iter_mut().find(|known| known.name == policy);
                known.unwrap().tracking = Some(tracking);
            }),
            Call::UpdateCapacity { resource, read, write } => {
                let name = resource.table_name().unwrap();
                world.change_throughput(name, |throughput| {
                    throughput.read.provisioned = Some(f64::from(read));
                    throughput.write.provisioned = Some(f64::from(write));
                });
            }
            Call::UpdateMaximum { resource, read, write } => {
                let name = resource.table_name().unwrap();
                let units = |units: i64| u32::try_from(units).ok().map(f64::from);
                world.change_throughput(name, |throughput| {
                    read.inspect(|read| throughput.read.maximum = units(*read));
                    write.inspect(|write| throughput.write.maximum = units(*write));
                });
            }
            Call::UpdateContributorInsights { resource, enable, mode } => {
                let status = if enable { "ENABLED" } else { "DISABLED" };
                world.insights(&[(resource, status, enable.then_some(mode))]);
            }
            Call::PutAlarmMuteRule { rule, mute } => {
                let told = MuteRule {
                    name: rule,
                    status: Arc::from("ACTIVE"),
                    targets: mute.alarms.clone(),
                    expression: Arc::from(mute.expression()),
                    duration: Arc::from(mute.duration()),
                    time_zone: Some(Arc::from("UTC")),
                    expires: Some(mute.end),
                };
                world.fixture.tell(News::MuteRules(Ok(vec![told])));
            }
            Call::DeleteAlarmMuteRule { .. } => world.fixture.tell(News::MuteRules(Ok(vec![]))),
        }
    }

    fn edit(&mut self, resource: Resource, typed: &[(Field, Direction, &str)]) {
        let plan = self.world.plan(resource, typed).unwrap();
        self.apply(&plan, &Outcome::Done);
    }

    fn choose(&mut self, edit: Edit) {
        let plan = Plan::new(&self.world.ground(), vec![edit]).unwrap();
        self.apply(&plan, &Outcome::Done);
    }

    fn undo(&self) -> Result<Plan, Vec<Mistake>> {
        undo(&self.world.ground(), &self.journal, ME)
    }

    fn undo_now(&mut self) {
        let plan = self.undo().unwrap();
        self.apply(&plan, &Outcome::Done);
    }

    /// Everything that can be set, as it is.
    fn settings(&self) -> Vec<Setting> {
        let reading = self.world.reading();
        let target = reading.scalable_target(&orders(), WRITE).unwrap();
        let mut settings = vec![Setting::bounds(target).unwrap()];
        for name in ["orders", "plain", "bursty"] {
            let resource = Resource::table(name);
            let throughput = reading.throughput(&resource).unwrap();
            settings.extend(Setting::capacity(&resource, throughput));
            settings.push(Setting::maximum(&resource, throughput));
        }
        settings.extend(Setting::insights(reading, &orders()));
        let policy = target.policies[0].clone();
        settings.push(Setting::Policy {
            resource: orders(),
            direction: WRITE,
            policy: policy.name,
            tracking: policy.tracking.unwrap(),
        });
        settings
    }
}

#[test]
fn an_undo_of_any_edit_restores_every_setting_exactly() {
    let rng = &mut fastrand::Rng::with_seed(5);
    let mut undone = 0;
    for _ in 0..300 {
        let mut shift = Shift::new();
        // A target below what may be typed is put back, too.
        let percent = [12.5, 33.333_333_333_333_336, 70.0][rng.usize(..3)];
        shift.world.change_target(|target| {
            target.policies[0].tracking.as_mut().unwrap().target_value = percent;
        });
        let before = shift.settings();
        let units = |rng: &mut fastrand::Rng| rng.u32(1..3_000).to_string();
        let edits: [(&str, Typed); 5] = [
            (
                "orders",
                vec![(Min, WRITE, units(rng)), (Target, WRITE, rng.u32(20..91).to_string())],
            ),
            ("orders", vec![(Max, WRITE, units(rng)), (ScaleIn, WRITE, "yes".to_owned())]),
            ("orders", vec![(ScaleOut, WRITE, "yes".to_owned()), (Capacity, READ, units(rng))]),
            ("plain", vec![(Capacity, READ, units(rng)), (Capacity, WRITE, units(rng))]),
            ("bursty", vec![(Maximum, READ, units(rng)), (Maximum, WRITE, "none".to_owned())]),
        ];
        let mut applied = 0;
        for _ in 0..rng.usize(1..4) {
            let (name, typed) = &edits[rng.usize(..edits.len())];
            let typed: Vec<_> = typed.iter().map(|(f, d, text)| (*f, *d, text.as_str())).collect();
            if let Ok(plan) = shift.world.plan(Resource::table(name), &typed) {
                shift.apply(&plan, &Outcome::Done);
                applied += 1;
            }
        }
        for _ in 0..applied {
            shift.undo_now();
        }
        assert_eq!(shift.settings(), before);
        undone += applied;
    }
    assert!(undone > 200, "{undone}");
}

#[test]
fn an_undo_takes_back_a_whole_plan_the_last_write_first() {
    let mut shift = Shift::new();
    shift.edit(orders(), &[(Min, WRITE, "300"), (Target, WRITE, "50")]);
    let plan = shift.undo().unwrap();
    let actions: Vec<_> = plan.steps().iter().map(|step| step.call().action()).collect();
    assert_eq!(
        actions,
        [
            "application-autoscaling:PutScalingPolicy",
            "application-autoscaling:RegisterScalableTarget"
        ]
    );
    assert_eq!(plan.to_type(), "orders");
    assert_eq!(plan.steps()[0].undoes(), Some("p0-1"));
}

#[test]
fn capacity_by_hand_goes_before_the_bounds_that_may_move_what_is_sent_with_it() {
    let mut shift = Shift::new();
    shift.edit(orders(), &[(Capacity, READ, "300"), (Min, WRITE, "400")]);
    let calls = |record: &Record| record.call.to_string();
    let order = ["dynamodb:UpdateTable", "application-autoscaling:RegisterScalableTarget"];
    let written: Vec<_> = shift.journal.writes().into_iter().map(calls).collect();
    assert_eq!(written, order);
    let plan = shift.undo().unwrap();
    let undone: Vec<_> = plan.steps().iter().map(|step| step.call().action()).collect();
    assert_eq!(undone, order);
}

#[test]
fn an_undo_says_what_does_not_come_back() {
    let mut shift = Shift::new();
    shift.edit(orders(), &[(Min, WRITE, "400")]);
    shift.world.change_throughput("orders", |t| t.write.provisioned = Some(400.0));
    let lost = |shift: &Shift| shift.undo().unwrap().steps()[0].told().lost.clone();
    assert_eq!(lost(&shift), ["capacity does not come back: it stays at 400 WCU until scale-in"]);

    let mut shift = Shift::new();
    shift.edit(Resource::table("plain"), &[(Capacity, READ, "300")]);
    assert_eq!(
        lost(&shift),
        ["this lowers capacity to 100 RCU, and spends one of the day's decreases"]
    );

    let mut shift = Shift::new();
    let off = choice::insights(shift.world.reading(), &orders(), None).unwrap();
    shift.choose(off);
    assert!(lost(&shift)[0].starts_with("the history that was deleted does not come back"));
    let plan = shift.undo().unwrap();
    let mode = InsightsMode::Throttled;
    let expected = Call::UpdateContributorInsights { resource: orders(), enable: true, mode };
    assert_eq!(*plan.steps()[0].call(), expected);

    let mut shift = Shift::new();
    let mute = choice::mute(shift.world.reading(), &["orders-throttles".into()], 30).unwrap();
    shift.choose(mute);
    assert_eq!(lost(&shift), ["mute rule ddbtop-20261122T1231Z is deleted"]);
}

#[test]
fn a_mute_that_is_put_back_ends_when_it_would_have_ended() {
    let mut shift = Shift::new();
    let mute = choice::mute(shift.world.reading(), &["orders-throttles".into()], 60).unwrap();
    shift.choose(mute);
    let rule = Arc::from("ddbtop-20261122T1231Z");
    let unmute = choice::unmute(shift.world.reading(), &rule).unwrap();
    shift.choose(unmute);
    shift.world.fixture.go_to(40 * 60 + 5);
    let plan = shift.undo().unwrap();
    let Call::PutAlarmMuteRule { mute, .. } = plan.steps()[0].call() else { panic!() };
    assert_eq!((mute.start, mute.end), (second(41 * 60), second(91 * 60)));
    shift.world.fixture.go_to(91 * 60);
    assert!(lines(&shift.undo().unwrap_err())[0].contains("it would be over by now"));
}

#[test]
fn undoing_again_goes_further_back_and_ends_somewhere() {
    let mut shift = Shift::new();
    shift.edit(orders(), &[(Min, WRITE, "60")]);
    shift.edit(orders(), &[(Min, WRITE, "70")]);
    shift.undo_now();
    shift.undo_now();
    let target = shift.world.reading().scalable_target(&orders(), WRITE).unwrap();
    assert!((target.min - 50.0).abs() < f64::EPSILON);
    let mistakes = shift.undo().unwrap_err();
    assert_eq!(lines(&mistakes), ["nothing to undo: no write of yours is in effect here"]);
}

#[test]
fn what_was_changed_since_is_left_alone() {
    let mut shift = Shift::new();
    shift.edit(orders(), &[(Min, WRITE, "60")]);
    shift.world.change_target(|target| target.max = 900.0);
    let mistakes = shift.undo().unwrap_err();
    assert!(
        mistakes[0].line.starts_with(
            "write autoscaling of orders was changed since you wrote it (now minimum 60 WCU, \
             maximum 900 WCU"
        ),
        "{mistakes:?}"
    );
}

#[test]
fn a_lost_write_is_undone_only_if_it_arrived() {
    let lost = |arrived: bool| {
        let mut shift = Shift::new();
        let plan = shift.world.plan(orders(), &[(Min, WRITE, "60")]).unwrap();
        shift.apply(&plan, &Outcome::Unknown);
        if !arrived {
            shift.world.change_target(|target| target.min = 50.0);
        }
        shift.undo().is_ok()
    };
    assert!(lost(true));
    assert!(!lost(false));
}

#[test]
fn a_lost_undo_that_never_arrived_can_be_undone_again() {
    let mut shift = Shift::new();
    shift.edit(orders(), &[(Min, WRITE, "60")]);
    let plan = shift.undo().unwrap();
    shift.apply(&plan, &Outcome::Unknown);
    assert!(shift.undo().is_err());
    shift.world.change_target(|target| target.min = 60.0);
    assert!(shift.undo().is_ok());
}

#[test]
fn refused_writes_and_those_of_others_and_elsewhere_are_not_undone() {
    for outcome in [
        Outcome::Refused("ValidationException: no".into()),
        Outcome::ChangedUnderneath("minimum".into()),
    ] {
        let mut shift = Shift::new();
        let plan = shift.world.plan(orders(), &[(Min, WRITE, "60")]).unwrap();
        shift.apply(&plan, &outcome);
        assert!(shift.undo().is_err());
    }
    let mut shift = Shift::new();
    shift.edit(orders(), &[(Min, WRITE, "60")]);
    assert!(undo(&shift.world.ground(), &shift.journal, "somebody else").is_err());
    for record in &mut shift.journal.records {
        record.region = Arc::from("eu-west-1");
    }
    assert!(shift.undo().is_err());
}

#[test]
fn an_undo_is_refused_where_aws_would_refuse_it() {
    let mut shift = Shift::new();
    shift.edit(Resource::table("plain"), &[(Capacity, READ, "300")]);
    shift.world.change_throughput("plain", |throughput| {
        throughput.decreases_today = Some(4);
        throughput.last_decrease = Some(second(20 * 60));
    });
    shift.world.fixture.finish(Poller::Scaling, None);
    let mistakes = shift.undo().unwrap_err();
    assert!(mistakes[0].line.contains("the next at 13:20 UTC"), "{mistakes:?}");
}
