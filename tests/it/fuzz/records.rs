//! Records that are broken where no checksum can tell: what a later version, or a mistake, may have written.

use super::broken;
use super::targets::{self, beginning, bodies, sealed};
use ciborium::Value;
use ddbtop::record::reader::Recording;
use fastrand::Rng;
use flate2::read::ZlibDecoder;
use std::io::Read;

/// The records of the sample's first minute that are small enough to be read over and over.
fn sample() -> Vec<Vec<u8>> {
    const SHORT: usize = 8_000;
    let mut block = vec![];
    ZlibDecoder::new(bodies()[1]).read_to_end(&mut block).unwrap();
    let mut rest = block.as_slice();
    let mut records = vec![];
    while let Some((length, after)) = rest.split_first_chunk::<4>() {
        let (record, next) = after.split_at(u32::from_le_bytes(*length).try_into().unwrap());
        records.push(record.to_vec());
        rest = next;
    }
    records.retain(|record| record.len() < SHORT);
    records
}

/// Records as they stand in a block.
fn joined(records: &[Vec<u8>]) -> Vec<u8> {
    let length = |record: &[u8]| u32::try_from(record.len()).unwrap().to_le_bytes();
    records.iter().flat_map(|record| [&length(record)[..], record].concat()).collect()
}

/// One of the values right inside of `value`, if there is any.
fn inside<'a>(value: &'a mut Value, random: &mut Rng) -> Option<&'a mut Value> {
    let mut values: Vec<&mut Value> = if let Value::Array(items) = value {
        items.iter_mut().collect()
    } else if let Value::Map(entries) = value {
        entries.iter_mut().map(|(_, value)| value).collect()
    } else {
        vec![]
    };
    let count = values.len();
    (count > 0).then(|| values.swap_remove(random.usize(..count)))
}

/// Puts something else in the place of one value somewhere in `value`.
fn twist(value: &mut Value, random: &mut Rng) {
    let mut value = value;
    // The deeper, the more likely: there is most to get wrong.
    while random.u8(..8) > 0 && matches!(value, Value::Array(_) | Value::Map(_)) {
        match inside(value, random) {
            Some(deeper) => value = deeper,
            None => return,
        }
    }
    *value = match random.u8(..14) {
        0 => Value::Null,
        1 => Value::Bool(true),
        2 => Value::from(i64::MAX),
        3 => Value::from(i64::MIN),
        4 => Value::from(u64::MAX),
        5 => Value::from(0),
        6 => Value::Float(f64::NAN),
        7 => Value::Float(f64::INFINITY),
        8 => Value::Float(-1.0),
        9 => Value::from(""),
        10 => Value::from("x".repeat(300)),
        11 => Value::Array(vec![]),
        12 => Value::Array(vec![Value::from(i64::MIN); 3]),
        _ => Value::Map(vec![]),
    };
}

fn written(value: &Value) -> Vec<u8> {
    let mut bytes = vec![];
    ciborium::into_writer(value, &mut bytes).unwrap();
    bytes
}

/// One of the records with something else in it.
fn twisted(record: &[u8], random: &mut Rng) -> Vec<u8> {
    let mut value: Value = ciborium::from_reader(record).unwrap();
    for _ in 0..random.usize(1..4) {
        twist(&mut value, random);
    }
    written(&value)
}

#[test]
fn records_that_are_broken_behind_their_checksums_are_played_or_left_out() {
    let records = sample();
    assert!(records.len() > 20, "{}", records.len());
    let (mut read, mut refused) = (0, 0);
    for seed in 0..200 {
        let mut random = Rng::with_seed(seed);
        let mut records = records.clone();
        for _ in 0..4 {
            let place = random.usize(..records.len());
            let record = &mut records[place];
            *record = if random.bool() {
                twisted(record, &mut random)
            } else {
                broken(record, &mut random)
            };
            if ciborium::from_reader::<Value, _>(record.as_slice()).is_err() {
                *record = written(&Value::Null);
            }
        }
        let data = joined(&records);
        targets::records(&data);
        let mut recording = Recording::from_bytes(sealed(beginning(), &data)).unwrap();
        let chapter = recording.read(0);
        assert!(!chapter.is_damaged, "seed {seed}: a checksum or a length was in the way");
        read += chapter.heard.len();
        refused += chapter.unknown;
    }
    // Both ways are gone: what is well-formed but means nothing else, and what no version can read.
    assert!(read > 200 * 10 && refused > 50, "{read} read, {refused} refused");
}

#[test]
fn headers_that_are_broken_behind_their_checksums_are_read_or_refused() {
    let records = joined(&sample()[..3]);
    let mut read = 0;
    for seed in 0..300 {
        let header = twisted(beginning(), &mut Rng::with_seed(seed));
        let bytes = sealed(&header, &records);
        read += u32::from(Recording::from_bytes(bytes.clone()).is_ok());
        targets::recording(&bytes);
    }
    assert!((10..290).contains(&read), "{read} of 300");
}
