use crawl_protocol::{Kind, Outcome, Record};

use super::*;

fn path(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("crawl-journal-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join(name);
    let _ = std::fs::remove_file(&path);
    path
}

fn opening(crawl: &str) -> Opened {
    let (crawl, session, spec_hash) = (crawl.to_owned(), "s".to_owned(), "h".to_owned());
    Opened { crawl, session, spec_hash, rules_version: RULES_VERSION, at: 1 }
}

fn attempt(n: u32) -> Entry {
    let (crawl, url) = ("c".to_owned(), format!("http://h/{n}"));
    let outcome = Outcome::Robots { status: 200, body: "body ".repeat(n as usize) };
    Entry::Attempt(Record { crawl, url, kind: Kind::Page, depth: 0, attempt: 1, fetched_at: 1, took_ms: 1, outcome })
}

fn open(path: &Path, crawl: &str) -> Result<(Journal, Found, Vec<Entry>), JournalError> {
    let mut entries = Vec::new();
    let (journal, found) = Journal::open(path, opening(crawl), |_, entry| entries.push(entry.clone()))?;
    Ok((journal, found, entries))
}

#[test]
fn what_was_written_is_read_wherever_it_was_torn() {
    for name in ["torn.jsonl", "torn.zst"] {
        let path = path(name);
        let (mut journal, found, _) = open(&path, "c").unwrap();
        assert_eq!(found, Found::default());
        let mut ends = vec![std::fs::metadata(&path).unwrap().len()];
        for n in 0..20 {
            journal.append(&attempt(n * 50)).unwrap();
            ends.push(std::fs::metadata(&path).unwrap().len());
        }
        drop(journal);
        let whole = std::fs::read(&path).unwrap();
        for length in (0..whole.len()).step_by(61).chain([whole.len()]) {
            std::fs::write(&path, &whole[..length]).unwrap();
            let (_, found, entries) = open(&path, "c").unwrap();
            let expected = ends.iter().filter(|end| **end <= length as u64).count();
            assert_eq!(entries.len(), expected, "{name} cut at {length}");
            let last = ends.iter().rfind(|end| **end <= length as u64).copied().unwrap_or(0);
            assert_eq!((found.cut, found.unreadable), (length as u64 - last, 0));
            let (_, found, again) = open(&path, "c").unwrap();
            assert_eq!((again.len(), found.cut), (expected + 1, 0), "an opening more, nothing torn");
        }
    }
}

#[test]
fn what_is_no_journal_is_refused_and_left_alone() {
    for (name, text) in [
        ("notes.txt", "my notes"),
        ("notes.zst", "my notes"),
        ("other.json", "{\"entry\":\"attempt\"}\n"),
        ("wrong.jsonl", "{\"entry\":\"opened\",\"nothing\":1}\n"),
    ] {
        let path = path(name);
        std::fs::write(&path, text).unwrap();
        assert!(matches!(open(&path, "c"), Err(JournalError::NotOne { .. })), "{name}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
    }
}

#[test]
fn another_crawl_is_refused_and_said_which() {
    let path = path("seeds.jsonl");
    let (mut journal, ..) = open(&path, "c").unwrap();
    journal.append(&attempt(7)).unwrap();
    assert!(matches!(open(&path, "c"), Err(JournalError::InUse { .. })), "while it is open");
    drop(journal);
    let Err(error) = open(&path, "other") else { panic!("taken for another crawl") };
    assert!(error.to_string().contains("it began at http://h/7"), "{error}");
    assert_eq!(open(&path, "c").unwrap().2.len(), 2);
}

#[test]
fn damage_in_the_middle_costs_an_entry_and_no_more() {
    let path = path("damaged.jsonl");
    let (mut journal, ..) = open(&path, "c").unwrap();
    journal.append(&attempt(1)).unwrap();
    drop(journal);
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace("http://h/1", "\u{0}") + "\u{0}\u{0}\n" + &text).unwrap();
    let (_, found, entries) = open(&path, "c").unwrap();
    assert_eq!((found.unreadable, entries.len()), (2, 3));
}
