#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| crawl_fuzz::messages(input));
