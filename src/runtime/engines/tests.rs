use super::*;
use crate::app::Selection;
use crate::cli::Common;
use crate::config;
use crate::model::id::Resource;
use std::time::Duration;

#[test]
fn pollers_wake_only_for_other_rows_another_table_or_other_keys() {
    let scope = Scope::new("aws", "123456789012", "us-east-1");
    let elsewhere = Scope::new("aws", "123456789012", "eu-west-1");
    let looked_at = |visible: &[&str], open: Option<&str>, hot_keys: Option<&str>| {
        let target = |name: &&str| Target { scope: scope.clone(), resource: Resource::table(name) };
        let visible = visible.iter().map(target).collect();
        let (open, hot_keys) = (open.as_ref().map(target), hot_keys.as_ref().map(target));
        Interest { visible, open, alarm: None, hot_keys, cluster: None }
    };
    let mut interest = poll::Interest::default();
    for (visible, open, hot_keys, expected) in [
        (&["orders", "carts"][..], None, None, true),
        (&["carts", "orders"], None, None, false),
        (&["carts"], None, None, true),
        (&["carts"], Some("carts"), None, true),
        (&["carts"], Some("carts"), None, false),
        (&[], Some("carts"), None, true),
        (&[], None, Some("carts"), true),
        (&[], None, Some("carts"), false),
        (&[], None, Some("orders"), true),
    ] {
        let is_other = look_at(&mut interest, &scope, &looked_at(visible, open, hot_keys));
        assert_eq!(is_other, expected, "{visible:?} {open:?} {hot_keys:?}");
        let asked = interest.hot_keys.as_ref().map(Resource::short_name);
        assert_eq!(asked, hot_keys);
        let mut others = poll::Interest::default();
        let is_other = look_at(&mut others, &elsewhere, &looked_at(visible, open, hot_keys));
        assert!(!is_other, "another region has nothing to do with it: {others:?}");
    }
}

/// Engines on simulated worlds, and what they tell.
struct Bench {
    config: Config,
    engines: Engines,
    news: mpsc::Receiver<Update>,
    told: mpsc::UnboundedReceiver<Msg>,
}

impl Bench {
    fn start(regions: &[&str]) -> Self {
        let config = config::of(&Common {
            demo: Some("calm".to_owned()),
            region: Some(regions.join(",")),
            budget: Some(1.0),
            ..Common::default()
        });
        let (news, heard) = mpsc::channel(1024);
        let (telling, told) = mpsc::unbounded_channel();
        let sources = Sources::new(&config.target, 1.0).unwrap();
        let (engines, _) = Engines::start(sources, &config, news, telling);
        Self { config, engines, news: heard, told }
    }

    fn switch(&mut self, regions: &[&str]) {
        let regions = regions.iter().map(|&name| name.to_owned()).collect();
        self.config = self.config.reading(Selection { profiles: vec![], regions });
        self.engines.switch(&self.config).unwrap();
    }

    /// Lets two virtual minutes pass; the regions of what was told meanwhile in order, and which were left.
    async fn pass(&mut self) -> Vec<String> {
        let mut log: Vec<String> = vec![];
        let over = tokio::time::sleep(Duration::from_mins(2));
        tokio::pin!(over);
        loop {
            let update = tokio::select! {
                biased;
                update = self.news.recv() => update.unwrap(),
                () = &mut over => return log,
            };
            let is_left = update.news == News::Left;
            let line = format!("{}{}", if is_left { "left " } else { "" }, update.scope.region());
            if log.last() != Some(&line) {
                log.push(line);
            }
        }
    }

    fn shares(&self) -> Vec<Option<f64>> {
        self.engines.running.iter().map(|engine| *engine.budget.borrow()).collect()
    }
}

#[tokio::test(start_paused = true)]
async fn another_region_is_read_and_the_one_before_is_left() {
    let mut bench = Bench::start(&["us-east-1"]);
    assert_eq!(bench.pass().await, ["us-east-1"]);
    bench.switch(&["eu-west-1"]);
    assert_eq!(bench.pass().await, ["left us-east-1", "eu-west-1"]);
    // There and back before anything was read there.
    bench.switch(&["us-west-2"]);
    bench.switch(&["eu-west-1"]);
    assert_eq!(bench.pass().await, ["left eu-west-1", "eu-west-1"]);
    assert!(bench.told.try_recv().is_err(), "nothing is said to be read twice");
}

#[tokio::test(start_paused = true)]
async fn what_is_read_already_goes_on_and_all_share_the_budget() {
    let mut bench = Bench::start(&[]);
    assert_eq!(bench.shares(), [Some(1.0)]);
    let [own] = bench.pass().await.try_into().unwrap();
    bench.switch(&[&own, "eu-central-1"]);
    assert_eq!(bench.shares(), [Some(0.5), Some(0.5)]);
    let both: BTreeSet<String> = bench.pass().await.into_iter().collect();
    assert_eq!(both, [own.clone(), "eu-central-1".to_owned()].into());
    let reached = |bench: &Bench| -> Vec<String> {
        let scopes = bench.engines.running.iter().filter_map(Engine::scope);
        scopes.map(|(scope, _)| scope.region().to_owned()).collect()
    };
    assert_eq!(reached(&bench), [own.as_str(), "eu-central-1"]);
    bench.switch(&[&own]);
    assert_eq!(bench.shares(), [Some(1.0)]);
    let log = bench.pass().await;
    assert_eq!(
        log.iter().filter(|line| line.starts_with("left ")).collect::<Vec<_>>(),
        ["left eu-central-1"]
    );
    assert_eq!(reached(&bench), [own.as_str()]);
}

#[tokio::test(start_paused = true)]
async fn what_the_user_looked_at_before_an_engine_knew_what_it_reads_is_told_then() {
    let mut bench = Bench::start(&["us-east-1"]);
    let scope = Scope::new("aws", "123456789012", "us-east-1");
    let open = Some(Target { scope, resource: Resource::table("orders") });
    bench.engines.look_at(Interest { open, ..Interest::default() });
    let open = |bench: &Bench| bench.engines.running[0].interest.borrow().open.clone();
    assert_eq!(open(&bench), None);
    bench.pass().await;
    bench.engines.catch_up();
    assert_eq!(open(&bench), Some(Resource::table("orders")));
}

#[tokio::test(start_paused = true)]
async fn one_that_broke_down_is_left_and_read_anew_when_it_is_asked_for() {
    let mut bench = Bench::start(&["us-east-1"]);
    assert_eq!(bench.pass().await, ["us-east-1"]);
    // As a panic leaves it: it has ended, and told nothing.
    let (dropped, ended) = oneshot::channel();
    drop(dropped);
    bench.engines.running[0].ended = ended;
    bench.switch(&["us-east-1", "eu-west-1"]);
    let log = bench.pass().await;
    assert_eq!(log[0], "left us-east-1");
    let read: BTreeSet<&str> = log[1..].iter().map(String::as_str).collect();
    assert_eq!(read, ["eu-west-1", "us-east-1"].into());
    assert!(bench.told.try_recv().is_err(), "nothing is said to be read twice");
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_a_region_changes_nothing() {
    let mut bench = Bench::start(&["us-east-1"]);
    let regions = vec!["nowhere".to_owned()];
    let wrong = bench.config.reading(Selection { profiles: vec![], regions });
    let refused = bench.engines.switch(&wrong).unwrap_err().to_string();
    assert!(refused.contains("nowhere"), "{refused}");
    assert_eq!(bench.pass().await, ["us-east-1"]);
}
