use super::*;

const EVEN: KeysSpec =
    KeysSpec { count: 0, zipf: 0.0, hot_share: 0.0, hot_moves_every: None, sort_keys: 1 };

fn pace(requests: f64, ttl: f64, seconds: f64) -> Pace {
    Pace { requests, expiry: 1.0 / ttl, lifetime: None, seconds }
}

#[test]
fn groups_hold_every_entry_once_and_their_shares_sum_to_one() {
    for (distinct, zipf, hot_share) in
        [(1, 0.0, 0.0), (5, 1.0, 0.0), (1_000_000, 0.8, 0.0), (40_000, 1.2, 0.3), (7_000, 0.0, 0.5)]
    {
        let groups = groups(distinct, KeysSpec { zipf, hot_share, ..EVEN });
        let hot = f64::from(u8::from(hot_share > 0.0));
        let entries: f64 = groups.iter().map(|group| group.entries).sum();
        let shares: f64 = groups.iter().map(|group| group.entries * group.share).sum();
        assert!((entries - distinct as f64 - hot).abs() < 1e-6, "{entries} of {distinct}");
        assert!((shares - 1.0).abs() < 1e-9, "{shares}");
        assert!(groups.len() < 80, "{} groups", groups.len());
    }
}

#[test]
fn a_cold_cache_fills_and_ends_where_renewal_theory_says() {
    let groups = groups(10_000, EVEN);
    let (mut cache, mut missed) = (Cache::default(), Vec::new());
    for _ in 0..60 {
        let pace = pace(500.0, 300.0, 60.0);
        let lived = cache.live(&groups, pace);
        missed.push(lived.missed);
        cache.keep(lived, pace);
    }
    assert!(missed[0] > 0.2, "{}", missed[0]);
    assert!(missed.is_sorted_by(|earlier, later| earlier >= later), "{missed:?}");
    // Each entry is asked for every 20 s, and found by 300 s of 320.
    assert!((missed[59] - 20.0 / 320.0).abs() < 1e-9, "{}", missed[59]);
}

#[test]
fn steps_of_any_length_lead_to_the_same_state() {
    let groups = groups(50_000, KeysSpec { zipf: 0.9, ..EVEN });
    let (mut fine, mut coarse) = (Cache::default(), Cache::default());
    let mut missed = 0.0;
    for _ in 0..60 {
        let pace = pace(900.0, 120.0, 1.0);
        let lived = fine.live(&groups, pace);
        missed += lived.missed / 60.0;
        fine.keep(lived, pace);
    }
    let pace = pace(900.0, 120.0, 60.0);
    let lived = coarse.live(&groups, pace);
    assert!((lived.missed - missed).abs() < 1e-9, "{} and {missed}", lived.missed);
    coarse.keep(lived, pace);
    let differ = |(one, other): (&f64, &f64)| (one - other).abs() > 1e-9;
    assert!(!fine.held.iter().zip(&coarse.held).any(differ));
}

#[test]
fn nothing_is_cached_for_no_time_and_everything_for_ever() {
    let groups = groups(1_000, EVEN);
    let missed = |expiry: f64| {
        let pace = Pace { expiry, ..pace(100.0, 1.0, 1e6) };
        Cache::default().live(&groups, pace).missed
    };
    assert!((missed(f64::INFINITY) - 1.0).abs() < 1e-12);
    assert!(missed(0.0) < 1e-4, "each once, and never again");
}

#[test]
fn what_nobody_asked_for_during_its_time_to_live_is_gone() {
    let groups = groups(1_000, EVEN);
    let mut cache = Cache::default();
    let mut entries = Vec::new();
    for requests in [1_000.0, 1_000.0, 0.0, 0.0, 0.0, 0.0, 0.0] {
        let pace = pace(requests, 300.0, 60.0);
        let lived = cache.live(&groups, pace);
        entries.push(lived.entries);
        cache.keep(lived, pace);
    }
    assert!(entries[5] > 0.0 && entries[6] <= 0.0, "{entries:?}");
}

#[test]
fn by_the_characteristic_time_popular_entries_stay_and_others_go() {
    assert!((eviction(0.0, 50.0) - 1.0 / 50.0).abs() < 1e-12);
    assert!(eviction(1.0, 50.0) < 1e-20, "asked for fifty times meanwhile");
    let groups = groups(100_000, KeysSpec { zipf: 1.0, ..EVEN });
    let pace = Pace { lifetime: Some(20.0), ..pace(2_000.0, f64::INFINITY, 1e5) };
    let lived = Cache::default().live(&groups, pace);
    // What stays of each is 1 - exp(-λT), as of a list of the least recently used.
    for (group, held) in groups.iter().zip(&lived.held) {
        let expected = -(-2_000.0 * group.share * 20.0).exp_m1();
        assert!((held - expected).abs() < 1e-9, "{held}, not {expected}");
    }
    assert!(lived.evicted > 0.0);
}
