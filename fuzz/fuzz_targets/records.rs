#![no_main]

#[allow(dead_code, reason = "the other targets are in it, too")]
#[path = "../../tests/it/fuzz/targets.rs"]
mod targets;

libfuzzer_sys::fuzz_target!(|data: &[u8]| targets::records(data));
