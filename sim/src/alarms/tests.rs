use super::*;
use crate::alarms::evaluate::State;

mod autoscaling;
mod composite;
mod shipped;

/// Alarms over a fleet without tables, where not more is said.
struct Account {
    fleet: Fleet,
    alarms: Alarms,
}

impl Account {
    fn of(toml: &str) -> Self {
        let toml = format!("start = '2026-11-22T12:00:00Z'\nlate_share = 0.0\n{toml}");
        Self::new(&Scenario::parse("test", &toml).unwrap())
    }

    fn new(scenario: &Scenario) -> Self {
        Self { fleet: Fleet::new(scenario, 1, None), alarms: Alarms::new(scenario) }
    }

    /// The alarm of a name, some minutes after the start.
    fn alarm(&mut self, name: &str, minutes: f64) -> &Alarm {
        let now = self.fleet.start() + minutes * 60.0;
        self.alarms.advance(&mut self.fleet, now);
        self.alarms.named(name).unwrap_or_else(|| panic!("no alarm {name}"))
    }

    fn state(&mut self, name: &str, minutes: f64) -> State {
        self.alarm(name, minutes).life.now.state
    }

    /// The history of an alarm as (minutes since the start, what happened), oldest first.
    fn history(&mut self, name: &str, minutes: f64) -> Vec<(i64, String)> {
        let start = self.fleet.start();
        let show = |item: &Item| {
            let what = match &item.event {
                Event::Created => "created".to_owned(),
                Event::Changed { old, new } => {
                    format!("{} to {}", old.state.name(), new.state.name())
                }
                Event::Acted { action, .. } => action.clone(),
            };
            #[expect(clippy::cast_possible_truncation, reason = "a few hours")]
            let minute = ((item.at - start) / 60.0).floor() as i64;
            (minute, what)
        };
        self.alarm(name, minutes).life.history.iter().map(show).collect()
    }
}

/// A signal of 1, twice as much between two minutes, and an alarm on it.
fn watched(from: i64, lasts: u32, rest: &str) -> String {
    format!(
        "[[signal]]\nnamespace = 'Test'\nmetric = 'M'\nvalue = 1\nsparse = true
         change = [{{ at = {from}, lasts = {lasts}, factor = 2 }}]
         [[alarm]]\nname = 'a'\nnamespace = 'Test'\nmetric = 'M'\nthreshold = 1.5\n{rest}\n"
    )
}

#[test]
fn an_alarm_follows_its_metric_as_it_is_published() {
    let mut account = Account::of(&watched(-60, 20, "evaluation_periods = 3"));
    let history = account.history("a", 0.0);
    let what: Vec<&str> = history.iter().map(|(_, what)| what.as_str()).collect();
    assert_eq!(what, ["OK to ALARM", "ALARM to OK"]);
    // Three minutes of breach, and a minute or two until the last of them is seen.
    assert!((-57..=-55).contains(&history[0].0), "{history:?}");
    assert!((-40..=-38).contains(&history[1].0), "{history:?}");
    let alarm = account.alarm("a", 0.0);
    assert!((alarm.life.updated - alarm.life.transitioned).abs() < 1e-9);
    assert!(alarm.life.now.reason.starts_with("Threshold Crossed: 1 datapoint [1.0 ("));
}

#[test]
fn an_alarm_that_is_older_than_the_history_has_been_what_it_is_for_days() {
    let mut account = Account::of(&watched(-4_000, 9_000, ""));
    assert_eq!(account.history("a", 0.0), []);
    let start = account.fleet.start();
    let life = &account.alarm("a", 0.0).life;
    assert_eq!(life.now.state, State::Alarm);
    assert!(life.transitioned < start - 86_400.0 && life.transitioned > start - 40.0 * 86_400.0);
}

#[test]
fn a_new_alarm_begins_with_insufficient_data() {
    let mut account = Account::of(&watched(0, 1, "created = -30"));
    let history = account.history("a", 0.0);
    let what: Vec<&str> = history.iter().map(|(_, what)| what.as_str()).collect();
    assert_eq!(what, ["created", "INSUFFICIENT_DATA to OK"]);
    assert_eq!(history[0].0, -30);
}

#[test]
fn missing_data_are_treated_as_the_alarm_says() {
    // The metric stops for good while it breaches.
    let silent = |treatment: &str| {
        let toml = watched(-100, 60, treatment);
        let mut account = Account::of(&toml.replace("value = 1", "value = 1\nuntil = -50"));
        (account.state("a", -51.0 + 60.0), account.state("a", 0.0))
    };
    assert_eq!(silent("").1, State::InsufficientData);
    assert_eq!(silent("treat_missing_data = 'missing'").1, State::InsufficientData);
    assert_eq!(silent("treat_missing_data = 'ignore'").1, State::Alarm);
    assert_eq!(silent("treat_missing_data = 'breaching'").1, State::Alarm);
    assert_eq!(silent("treat_missing_data = 'notBreaching'").1, State::Ok);
}

#[test]
fn an_alarm_on_dynamodb_ignores_missing_data_unless_it_says_otherwise() {
    let table = "[[table]]\nname = 'ttt'\ncapacity.provisioned = { read = 5, write = 5 }
        [[table.traffic]]\noperation = 'GetItem'\nrate = 60\ndaily = 0\nfrom = -200\nuntil = -100\n";
    for (treatment, expected) in [
        ("", State::Alarm),
        ("treat_missing_data = 'missing'", State::Alarm),
        ("treat_missing_data = 'notBreaching'", State::Ok),
    ] {
        let mut account = Account::of(&format!(
            "{table}[[alarm]]\nname = 'a'\nmetric = 'ReadThrottleEvents'\nthreshold = 0
             dimensions = {{ TableName = 'ttt' }}\nevaluation_periods = 3\n{treatment}"
        ));
        assert_eq!(account.state("a", 0.0), expected, "{treatment}");
    }
    let mut account = Account::of(&format!(
        "{table}[[alarm]]\nname = 'a'\nmetric = 'UserErrors'\nthreshold = 0
         dimensions = {{ TableName = 'ttt' }}"
    ));
    assert_eq!(account.state("a", 0.0), State::InsufficientData, "no such metric");
    let life = &account.alarm("a", 0.0).life;
    assert_eq!(life.now.reason, "Unchecked: Initial alarm creation");
}

#[test]
fn an_alarm_with_another_unit_or_an_unknown_function_stays_without_data() {
    let mut account = Account::of(&watched(-60, 90, "unit = 'Count'"));
    assert_eq!(account.state("a", 0.0), State::InsufficientData);
    let mut account = Account::of(&watched(-60, 90, "unit = 'None'"));
    assert_eq!(account.state("a", 0.0), State::Alarm);
    let mut account = Account::of(
        "[[alarm]]\nname = 'a'\nthreshold = 1\ntreat_missing_data = 'notBreaching'
         queries = [{ id = 'e1', expression = \"INSIGHT_RULE_METRIC('r', 'Sum')\", return_data = true }]",
    );
    assert_eq!(account.state("a", 0.0), State::InsufficientData);
}

#[test]
fn an_alarm_on_an_expression_sees_what_it_gives() {
    let signals = "[[signal]]\nnamespace = 'Test'\nmetric = 'Good'\nvalue = 90
        [[signal]]\nnamespace = 'Test'\nmetric = 'Bad'\nvalue = 1\nsparse = true
        change = [{ at = -60, lasts = 20, factor = 30 }, { at = -30, factor = 0 }]";
    let alarm = |fill: &str, treatment: &str| {
        format!(
            "{signals}\n[[alarm]]\nname = 'a'\nthreshold = 20\nevaluation_periods = 2
             treat_missing_data = '{treatment}'
             queries = [{{ id = 'e1', expression = '100 * {fill} / (good + {fill})', return_data = true }},
             {{ id = 'good', namespace = 'Test', metric = 'Good' }},
             {{ id = 'bad', namespace = 'Test', metric = 'Bad' }}]"
        )
    };
    let mut filled = Account::of(&alarm("FILL(bad, 0)", "missing"));
    assert_eq!(filled.state("a", -50.0), State::Alarm);
    assert_eq!(filled.state("a", 0.0), State::Ok);
    let mut bare = Account::of(&alarm("bad", "missing"));
    assert_eq!(bare.state("a", 0.0), State::InsufficientData);
}

#[test]
fn a_percentile_of_few_samples_may_be_ignored() {
    let table =
        "[[table]]\nname = 'ttt'\n[[table.traffic]]\noperation = 'GetItem'\nrate = 2\ndaily = 0\n";
    for (treatment, expected) in [("evaluate", State::Alarm), ("ignore", State::InsufficientData)] {
        let mut account = Account::of(&format!(
            "{table}[[alarm]]\nname = 'a'\nmetric = 'SuccessfulRequestLatency'\nstatistic = 'p99'
             dimensions = {{ TableName = 'ttt', Operation = 'GetItem' }}\nevaluation_periods = 3
             threshold = 0.001\nevaluate_low_sample_count_percentile = '{treatment}'"
        ));
        assert_eq!(account.state("a", 0.0), expected, "{treatment}");
    }
}

#[test]
fn actions_are_carried_out_unless_they_are_off_or_muted() {
    let actions = |rest: &str| format!("actions = {{ alarm = ['arn:one', 'arn:two'], {rest} }}");
    let acted = |toml: &str| {
        let history = Account::of(toml).history("a", 0.0);
        history.into_iter().filter(|(_, what)| what.starts_with("arn")).collect::<Vec<_>>()
    };
    let breach = watched(-60, 20, &actions("enabled = true"));
    let found = acted(&breach);
    assert_eq!(found.len(), 2, "{found:?}");
    assert_eq!(acted(&watched(-60, 20, &actions("enabled = false"))), []);
    let mute = "[[mute_rule]]\nname = 'm'\nat = -70\nduration = 'PT1H'\ntargets = ['a']\n";
    assert_eq!(acted(&format!("{breach}{mute}")), [], "it was over before the mute was");
    let long = watched(-60, 90, &actions("enabled = true"));
    let found = acted(&format!("{long}{mute}"));
    assert_eq!(found.iter().map(|(at, _)| *at).collect::<Vec<_>>(), [-10, -10], "afterwards");
}

#[test]
fn an_alarm_for_each_table_is_one_for_each_table() {
    let toml = "[[table]]\nname = 'one'\n[[table]]\nname = 'two'
        [[alarm]]\nname = '{table}-reads'\neach_table = true\ndescription = 'Reads of {table}'
        metric = 'ReadThrottleEvents'\ndimensions = { TableName = '{table}' }\nthreshold = 0";
    let mut account = Account::of(toml);
    assert_eq!(account.alarm("two-reads", 0.0).description.as_deref(), Some("Reads of two"));
    let names: Vec<&str> = account.alarms.metric().iter().map(|a| a.name.as_str()).collect();
    assert_eq!(names, ["one-reads", "two-reads"]);
}

#[test]
fn what_is_evaluated_does_not_depend_on_who_asks_when() {
    let scenario = Scenario::named("alarm-storm").unwrap();
    let (mut steady, mut late) = (Account::new(&scenario), Account::new(&scenario));
    for minutes in 0..300 {
        let now = steady.fleet.start() + f64::from(minutes) * 60.0 + 7.0;
        steady.alarms.advance(&mut steady.fleet, now);
    }
    // Somebody else has the fleet move on.
    let later = late.fleet.start() + 300.0 * 60.0;
    for hours in 0..5 {
        let now = late.fleet.start() + f64::from(hours) * 3_600.0;
        late.alarms.keep_up(&mut late.fleet, now);
        late.fleet.scaling(now);
    }
    steady.alarms.advance(&mut steady.fleet, later);
    late.alarms.advance(&mut late.fleet, later);
    let shown = |account: &Account| {
        let all = account.alarms.composite().iter().chain(account.alarms.metric());
        all.map(|alarm| format!("{} {:?}", alarm.name, alarm.life)).collect::<Vec<_>>()
    };
    for (one, other) in shown(&steady).into_iter().zip(shown(&late)) {
        let cut = |text: &str| text.split("before:").next().unwrap().to_owned();
        assert_eq!(cut(&one), cut(&other));
    }
}
