//! A name for a crawl whose author gave none: its first seed's host, and something that makes it one of a kind.

use serde_json::Value;
use url::Url;
use uuid::Uuid;

/// The longest part that comes from the host.
const HOST: usize = 50;
/// Neither vowels nor what looks alike: no words come about.
const LETTERS: &[u8; 25] = b"bcdfghjklmnpqrstvwxz24567";

/// A name for a crawl with this spec.
pub(super) fn generated(spec: &Value) -> String {
    let seed = spec.get("seeds").and_then(|seeds| seeds.get(0)).and_then(Value::as_str).unwrap_or_default();
    let url = Url::parse(seed).ok();
    let host = url.as_ref().and_then(Url::host_str).unwrap_or_default();
    let random = Uuid::new_v4();
    let end: String = random.as_bytes().iter().take(5).map(|byte| letter(*byte)).collect();
    format!("{}-{end}", readable(host))
}

fn letter(byte: u8) -> char {
    char::from(LETTERS[usize::from(byte) % LETTERS.len()])
}

/// The host with nothing but letters, digits and dashes in it.
fn readable(host: &str) -> String {
    let host = host.strip_prefix("www.").unwrap_or(host).to_ascii_lowercase();
    let words: Vec<_> = host.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let mut name = words.join("-");
    name.truncate(HOST);
    let name = name.trim_end_matches('-');
    if name.is_empty() { "crawl".to_owned() } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_name_tells_where_the_crawl_begins() {
        for (seed, expected) in [
            ("https://www.Example.com/a", "example-com-"),
            ("http://127.0.0.1:8000/", "127-0-0-1-"),
            ("http://[::1]/", "1-"),
            ("https://bücher.example/", "xn--bcher-kva-example-"),
            ("nonsense", "crawl-"),
        ] {
            let name = generated(&json!({"seeds": [seed]}));
            let name = name.replace("--", "-");
            assert!(name.starts_with(&expected.replace("--", "-")), "{name}");
            assert_eq!(name.len(), expected.replace("--", "-").len() + 5, "{name}");
        }
        assert!(generated(&json!({"seeds": [format!("https://{}.example/", "a.".repeat(100))]})).len() <= 63);
        assert_ne!(generated(&json!({})), generated(&json!({})));
    }
}
