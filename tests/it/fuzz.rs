//! The targets of `fuzz/`, fed with the same broken bytes each time.

mod records;
mod targets;

use fastrand::Rng;
use std::fs;

/// Changes some bytes of `whole`, takes some out, puts some in, or cuts it off.
fn broken(whole: &[u8], random: &mut Rng) -> Vec<u8> {
    let mut bytes = whole.to_vec();
    for _ in 0..random.usize(1..6) {
        let place = random.usize(..bytes.len().max(1));
        match random.u8(..5) {
            _ if bytes.is_empty() => bytes.push(random.u8(..)),
            0 => bytes.truncate(place),
            1 => bytes.insert(place, random.u8(..)),
            2 => {
                bytes.remove(place);
            }
            3 => bytes[place] = random.u8(..),
            _ => bytes[place] ^= 1 << random.u8(..8),
        }
    }
    bytes
}

fn each(whole: &[u8], rounds: u64, target: fn(&[u8])) {
    target(whole);
    for seed in 0..rounds {
        target(&broken(whole, &mut Rng::with_seed(seed)));
    }
}

#[test]
fn broken_recordings_are_read_or_refused() {
    let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/recordings/format-1.ddbrec");
    let whole = fs::read(sample).unwrap();
    each(&whole, 40, targets::recording);
    // The beginning decides most.
    each(&whole[..600], 400, targets::recording);
}

#[test]
fn broken_settings_are_read_or_refused() {
    let all: String = ddbtop::config::file::DEFAULT
        .lines()
        .map(|line| line.strip_prefix("#= ").unwrap_or(line).to_owned() + "\n")
        .collect();
    each(all.as_bytes(), 400, targets::settings);
}

#[test]
fn broken_themes_are_read_or_refused() {
    let theme = include_bytes!("../../themes/nord.toml");
    each(theme, 60, targets::theme);
}

#[test]
fn broken_replies_of_aws_are_states_of_pollers() {
    for seed in 0..24 {
        let mut random = Rng::with_seed(seed);
        let script: Vec<u8> = (0..random.usize(1..8) * 3).map(|_| random.u8(..)).collect();
        targets::replies(&script);
    }
}
