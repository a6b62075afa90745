//! The promises of the fuzz targets, kept for the golden messages and for the seeds in `fuzz/seeds`, where found crashes go too.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, unreachable_pub)]

#[path = "../../fuzz/src/charset.rs"]
mod charset;
#[path = "../../fuzz/src/extract.rs"]
mod extract;
#[path = "../../fuzz/src/headers.rs"]
mod headers;
#[path = "../../fuzz/src/messages.rs"]
mod messages;

use std::path::Path;

/// Runs all files of a folder of the repository; there have to be some.
fn keep(folder: &str, promise: impl Fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(folder);
    let files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path()).collect();
    assert!(!files.is_empty(), "{} is empty", folder.display());
    for file in files {
        // Shown only when the promise is broken.
        eprintln!("{}", file.display());
        promise(&std::fs::read(&file).unwrap());
    }
}

#[test]
fn pages() {
    keep("fuzz/seeds/extract", extract::extract);
}

#[test]
fn encodings() {
    keep("fuzz/seeds/charset", charset::charset);
}

#[test]
fn values_of_headers() {
    keep("fuzz/seeds/headers", headers::headers);
}

#[test]
fn bodies_of_messages() {
    keep("protocol/golden", messages::messages);
    keep("fuzz/seeds/messages", messages::messages);
}
