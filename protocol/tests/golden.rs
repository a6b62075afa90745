//! Every message of PROTOCOL.md, as a file: ours decode them, and write the same again.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::{fs, path::PathBuf};

use crawl_protocol::{Entry, FailureClass, Task};
use serde_json::Value;

fn golden(prefix: &str) -> Vec<(String, Vec<u8>)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("golden");
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap());
    let named = files.map(|file| (file.file_name().into_string().unwrap(), fs::read(file.path()).unwrap()));
    let files: Vec<_> = named.filter(|(name, _)| name.starts_with(prefix)).collect();
    assert!(!files.is_empty(), "there are golden files of {prefix}");
    files
}

fn same_json(name: &str, ours: &[u8], golden: &[u8]) {
    let (ours, golden): (Value, Value) =
        (serde_json::from_slice(ours).unwrap(), serde_json::from_slice(golden).unwrap());
    assert_eq!(ours, golden, "{name}");
}

#[test]
fn tasks_decode_and_encode() {
    for (name, body) in golden("task.") {
        same_json(&name, &Task::decode(&body).unwrap().encode(), &body);
    }
}

#[test]
fn log_entries_decode_and_encode() {
    for (name, body) in golden("entry.") {
        same_json(&name, &Entry::decode(&body).unwrap().encode(), &body);
    }
}

#[test]
fn what_a_later_version_adds_is_passed_over() {
    let (_, body) = golden("entry.attempt.failure").remove(0);
    let later = String::from_utf8(body).unwrap().replace("\"httpStatus\"", "\"quantumFlip\", \"colour\": \"blue\"");
    let Entry::Attempt(record) = Entry::decode(later.as_bytes()).unwrap() else { panic!("an attempt") };
    let crawl_protocol::Outcome::Failure { class, .. } = record.outcome else { panic!("a failure") };
    assert_eq!(class, FailureClass::Other);
}

#[test]
fn what_is_no_message_is_refused_in_words() {
    for body in [&b""[..], b"{}", b"[]", b"null", b"{\"entry\":\"attempt\"}", b"{\"crawl\": 7}", &[0xff, 0xfe]] {
        assert_eq!(Task::decode(body).unwrap_err().to_string(), "not a readable task");
        assert_eq!(Entry::decode(body).unwrap_err().to_string(), "not a readable log entry");
    }
}
