use crawl_protocol::{Entry, Task};
use crawl_sealed::{Headers, Key};

/// Bytes as a message: none makes the decoders fail, and what they read is read the same once it has been written again.
pub fn messages(input: &[u8]) {
    if let Ok(task) = Task::decode(input) {
        assert_eq!(Task::decode(&task.encode()).ok().as_ref(), Some(&task));
        forged(&task.crawl, &task.url, task.fetch.sealed_headers.as_deref().unwrap_or_default());
    }
    if let Ok(entry) = Entry::decode(input) {
        assert_eq!(Entry::decode(&entry.encode()).ok().as_ref(), Some(&entry));
    }
    if let Ok(text) = str::from_utf8(input) {
        let _ = Key::from_text(text);
        forged("crawl", "https://example.com/", text);
        sealed(text);
    }
}

/// A key that whoever sealed the input cannot have had.
fn key() -> Key {
    let text = format!("{}=", "A".repeat(43));
    Key::from_text(&text).expect("a key of zeros")
}

/// What was not sealed with the key is not opened with it.
fn forged(crawl: &str, url: &str, text: &str) {
    assert!(key().open(crawl, url, text).is_err());
}

/// What was sealed is opened as it was, and only for the URL that it was sealed for.
fn sealed(value: &str) {
    let headers = Headers::from([("authorization".to_owned(), value.to_owned())]);
    let text = key().seal("crawl", value, &headers).expect("a sealed text");
    assert_eq!(key().open("crawl", value, &text), Ok(headers));
    assert!(key().open("crawl", &format!("{value}/"), &text).is_err());
}
