//! Request headers that go to the origins of the seeds and nowhere else, sealed for each task that carries them.
//!
//! This is the one place that decides which tasks those are. It must never show a value: not in an error, not in `Debug`.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use crawl_protocol::Task;
use crawl_sealed::{Headers, Key, SealError};
use url::Url;

/// Headers by the origins they go to, and the key that seals them.
#[derive(Clone)]
pub struct SeedHeaders {
    key: Arc<Key>,
    by_origin: Arc<BTreeMap<String, Headers>>,
}

impl SeedHeaders {
    /// Headers for each of these origins, which are spelt as by [`origin`].
    #[must_use]
    pub fn new(key: Arc<Key>, by_origin: BTreeMap<String, Headers>) -> Self {
        Self { key, by_origin: Arc::new(by_origin) }
    }

    /// What a request for this URL carries.
    fn of(&self, url: &str) -> Option<&Headers> {
        self.by_origin.get(&origin(url)?)
    }

    /// Puts into a task what it carries.
    pub(super) fn seal(&self, task: &mut Task) -> Result<(), SealError> {
        let sealed = self.of(&task.url).map(|headers| self.key.seal(&task.crawl, &task.url, headers));
        task.fetch.sealed_headers = sealed.transpose()?;
        Ok(())
    }
}

/// Scheme, host and port of an http or https URL, as a browser compares them: `https://example.com`.
///
/// None where the text is not spelt as it is sent. The frontier spells URLs so; for any other, two readers might disagree about
/// the host, as over a backslash or an @.
#[must_use]
pub fn origin(url: &str) -> Option<String> {
    let parsed = Url::parse(url).ok().filter(|parsed| matches!(parsed.scheme(), "http" | "https"))?;
    let plain = parsed.as_str() == url && parsed.username().is_empty() && parsed.password().is_none();
    plain.then(|| parsed.origin().ascii_serialization())
}

impl PartialEq for SeedHeaders {
    /// Whether they go to the same origins with the same values.
    fn eq(&self, other: &Self) -> bool {
        self.by_origin == other.by_origin
    }
}

impl fmt::Debug for SeedHeaders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named = self.by_origin.iter().map(|(origin, headers)| (origin, headers.keys().collect::<Vec<_>>()));
        f.debug_map().entries(named).finish()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::controller::fixtures;

    fn headers(value: &str) -> Headers {
        Headers::from([("authorization".to_owned(), value.to_owned())])
    }

    fn of(origins: &[&str]) -> SeedHeaders {
        let key = Key::from_text(&Key::random_text().unwrap()).unwrap();
        let by_origin = origins.iter().map(|origin| ((*origin).to_owned(), headers(origin))).collect();
        SeedHeaders::new(Arc::new(key), by_origin)
    }

    #[test]
    fn only_the_seeds_origins_are_sent_anything() {
        let seed = of(&["https://example.com", "http://127.0.0.1:8080", "http://[::1]"]);
        for url in [
            "https://example.com/",
            "https://example.com/a/b?c=d@e",
            "https://example.com/robots.txt",
            "https://example.com/sitemap.xml",
            "http://127.0.0.1:8080/x",
            "http://[::1]/",
        ] {
            assert!(seed.of(url).is_some(), "{url}");
        }
        for url in [
            "http://example.com/",
            "https://example.com:8443/",
            "https://www.example.com/",
            "https://example.com.evil.example/",
            "https://example.com./",
            "https://example.org/?u=https://example.com/",
            "https://evil.example/https://example.com/",
            "http://127.0.0.1/",
            "http://127.0.0.1:80801/",
            "http://[::2]/",
            "ftp://example.com/",
            "file:///etc/passwd",
            "data:text/html,x",
            "blob:https://example.com/1",
            "",
            "example.com",
            "//example.com/",
        ] {
            assert!(seed.of(url).is_none(), "{url}");
        }
    }

    #[test]
    fn what_two_readers_might_read_differently_carries_nothing() {
        let seed = of(&["https://example.com", "https://evil.example"]);
        for url in [
            "https://example.com\\@evil.example/",
            "https://example.com@evil.example/",
            "https://evil.example#@example.com/",
            "https://example.com:443/",
            "HTTPS://example.com/",
            "https://EXAMPLE.com/",
            "https:/example.com/",
            "https:\\\\example.com\\",
            " https://example.com/",
            "https://exa\tmple.com/",
            "https://example.com",
            "https://user@example.com/",
            "https://:secret@example.com/",
            "https://example%2ecom/",
        ] {
            assert!(seed.of(url).is_none(), "{url}");
        }
    }

    #[test]
    fn a_task_carries_what_its_origin_has_sealed_for_it_alone() {
        let seed = of(&["https://example.com"]);
        let mut task = Task {
            crawl: "uid".to_owned(),
            url: "https://example.com/a".to_owned(),
            kind: crawl_protocol::Kind::Page,
            depth: 0,
            attempt: 1,
            redelivery_delay_ms: 0,
            validators: crawl_protocol::Validators::default(),
            fetch: fixtures::rules().fetch,
        };
        seed.seal(&mut task).unwrap();
        let sealed = task.fetch.sealed_headers.clone().unwrap();
        assert_eq!(seed.key.open("uid", "https://example.com/a", &sealed), Ok(headers("https://example.com")));
        assert!(seed.key.open("uid", "https://example.com/b", &sealed).is_err());
        assert!(!format!("{task:?}").contains("authorization"));

        task.url = "https://elsewhere.example/a".to_owned();
        seed.seal(&mut task).unwrap();
        assert_eq!(task.fetch.sealed_headers, None, "and nothing of what was there before");
    }

    #[test]
    fn no_value_is_in_debug() {
        assert_eq!(format!("{:?}", of(&["https://a.example"])), r#"{"https://a.example": ["authorization"]}"#);
    }
}
