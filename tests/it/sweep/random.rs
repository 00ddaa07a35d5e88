//! Random worlds: tables of every kind under every kind of traffic, several of each in a world.

use fastrand::Rng;
use std::fmt::Write as _;

/// Tables in a world.
const TABLES: usize = 6;

/// Writes a scenario; the same seed writes the same.
pub(crate) fn scenario(seed: u64) -> String {
    let rng = &mut Rng::with_seed(seed);
    let quota = if chance(rng, 0.7) { 40_000.0 } else { between(rng, 2_000.0, 20_000.0) };
    let late = if chance(rng, 0.8) { 0.002 } else { 0.05 };
    let mut toml = format!(
        "start = '2026-11-22T12:00:00Z'\nlate_share = {late}\n\
         account.table_max = {{ read = {quota:.0}, write = {quota:.0} }}\n"
    );
    for number in 0..TABLES {
        table(rng, number, quota, &mut toml);
    }
    toml
}

/// How a table and its indexes are paid for.
#[derive(Clone, Copy, PartialEq)]
enum Billing {
    Provisioned,
    Capped,
    OnDemand,
}

fn table(rng: &mut Rng, number: usize, quota: f64, toml: &mut String) {
    let billing = pick(
        rng,
        &[Billing::Provisioned, Billing::Provisioned, Billing::Capped, Billing::OnDemand],
    );
    let gigabytes = between(rng, 0.1, 200.0);
    let _ = writeln!(
        toml,
        "[[table]]\nname = 'table-{number}'\nage_hours = 2\ngigabytes = {gigabytes:.1}"
    );
    let ceiling = capacity(rng, billing, quota, toml);
    let index = chance(rng, 0.6).then(|| index(rng, billing, quota, ceiling, toml));
    for _ in 0..rng.usize(1..=2) {
        traffic(rng, "GetItem", ceiling, 3_000.0, toml);
        traffic(rng, "PutItem", ceiling, 1_000.0, toml);
    }
    if let Some(ceiling) = index {
        traffic(rng, "Query", ceiling, 3_000.0, toml);
        let _ = writeln!(toml, "index = 'by-day'");
    }
}

fn index(rng: &mut Rng, billing: Billing, quota: f64, table: f64, toml: &mut String) -> f64 {
    let (share, units) = (rng.f64(), pick(rng, &[1.0, 1.0, 2.0, 4.0]));
    let _ = writeln!(
        toml,
        "[[table.index]]\nname = 'by-day'\nwrite_share = {share:.2}\nwrite_units = {units}"
    );
    keys(rng, toml);
    // A capped index of an uncapped table, and the other way round, are usual.
    let billing = match billing {
        Billing::Provisioned => Billing::Provisioned,
        Billing::Capped | Billing::OnDemand => pick(rng, &[Billing::Capped, Billing::OnDemand]),
    };
    if chance(rng, 0.3) {
        return capacity(rng, billing, quota, toml);
    }
    // About what the table's writes make of it.
    let near = (table * share * units * between(rng, 0.5, 1.5)).max(1.0);
    limits(rng, billing, near, toml);
    if billing == Billing::OnDemand { quota } else { near }
}

/// Writes a capacity; returns what limits reads and writes of it, units per second.
fn capacity(rng: &mut Rng, billing: Billing, quota: f64, toml: &mut String) -> f64 {
    let ceiling = between(rng, 5.0, 8_000.0);
    limits(rng, billing, ceiling, toml);
    if billing == Billing::OnDemand { quota } else { ceiling.min(quota) }
}

fn limits(rng: &mut Rng, billing: Billing, ceiling: f64, toml: &mut String) {
    let units = format!("{{ read = {ceiling:.0}, write = {ceiling:.0} }}");
    match billing {
        Billing::Provisioned => {
            let _ = writeln!(toml, "capacity.provisioned = {units}");
            if chance(rng, 0.3) {
                let (min, max) =
                    ((ceiling * 0.5).ceil(), (ceiling * between(rng, 1.0, 2.0)).ceil());
                let range = format!("{{ min = {min:.0}, max = {max:.0} }}");
                let _ = writeln!(toml, "capacity.scaling = {{ read = {range}, write = {range} }}");
            }
        }
        Billing::Capped => {
            let _ = writeln!(toml, "capacity.on_demand_max = {units}");
        }
        Billing::OnDemand => {}
    }
    if billing != Billing::Provisioned {
        let warm = between(rng, 12_000.0, 60_000.0);
        let _ = writeln!(toml, "capacity.warm = {{ read = {warm:.0}, write = {warm:.0} }}");
    }
}

fn keys(rng: &mut Rng, toml: &mut String) {
    let (count, zipf) = (between(rng, 10.0, 1e6), rng.f64() * 1.2);
    let hot = if chance(rng, 0.6) { 0.0 } else { rng.f64() };
    let _ =
        writeln!(toml, "keys = {{ count = {count:.0}, zipf = {zipf:.2}, hot_share = {hot:.2} }}");
}

/// Writes traffic that asks for about the ceiling, or for about what one partition gives.
fn traffic(rng: &mut Rng, operation: &str, ceiling: f64, partition: f64, toml: &mut String) {
    let about = if chance(rng, 0.7) { ceiling } else { partition };
    let near = if chance(rng, 0.3) { between(rng, 0.95, 1.1) } else { between(rng, 0.2, 2.5) };
    let units = if operation == "PutItem" {
        pick(rng, &[1.0, 1.0, 2.0, 4.0])
    } else {
        pick(rng, &[0.5, 1.0, 2.0, 8.0])
    };
    let rate = about * near / units;
    let (noise, jitter) =
        if chance(rng, 0.3) { (0.0, 0.0) } else { (rng.f64() * 0.3, rng.f64() * 0.9) };
    let daily = if chance(rng, 0.5) { 0.0 } else { 0.3 };
    let retries = if chance(rng, 0.5) { 0.0 } else { rng.f64() * 0.5 };
    let _ = writeln!(
        toml,
        "[[table.traffic]]\noperation = '{operation}'\nrate = {rate:.2}\nunits = {units}\n\
         noise = {noise:.2}\njitter = {jitter:.2}\ndaily = {daily}\nretries = {retries:.2}"
    );
    keys(rng, toml);
    if chance(rng, 0.5) {
        let _ = writeln!(toml, "from = {}", -rng.i64(4..90));
    }
    if chance(rng, 0.3) {
        let (factor, lasts) = (between(rng, 1.5, 5.0), rng.u32(1..6));
        let every = lasts + rng.u32(1..20);
        let _ = writeln!(
            toml,
            "change = [{{ at = 0, factor = {factor:.2}, lasts = {lasts}, every = {every} }}]"
        );
    }
    if chance(rng, 0.2) {
        let requests = partition / units * between(rng, 0.5, 4.0);
        let every = rng.u32(1..15);
        let _ = writeln!(toml, "blips = {{ every = {every}, requests = {requests:.0} }}");
    }
}

fn chance(rng: &mut Rng, share: f64) -> bool {
    rng.f64() < share
}

fn pick<T: Copy>(rng: &mut Rng, of: &[T]) -> T {
    of[rng.usize(..of.len())]
}

/// A number between two, small ones as likely as large ones.
fn between(rng: &mut Rng, low: f64, high: f64) -> f64 {
    low * (high / low).powf(rng.f64())
}
