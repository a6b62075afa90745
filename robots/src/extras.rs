//! The two lines that RFC 9309 leaves to crawlers: how long to wait between requests, and where the sitemaps are.

use std::time::Duration;

use url::Url;

/// A longer `Crawl-delay` is taken for a mistake and passed over.
pub const MAX_DELAY: Duration = Duration::from_secs(366 * 24 * 60 * 60);
/// Sitemaps kept of one robots.txt; the first ones. The sitemap protocol has index files for whoever has more.
pub const MAX_SITEMAPS: usize = 100;
/// Bytes of a sitemap's URL at most.
pub const MAX_SITEMAP_BYTES: usize = 2083;

/// The value of a `Crawl-delay` line: seconds, perhaps with a fraction, perhaps with a word behind them.
pub(crate) fn delay(value: &[u8]) -> Option<Duration> {
    let number = value.split(|byte| crate::record::is_white(*byte)).next()?;
    // Rust reads signs, exponents, `inf` and `nan` too; nobody means them here.
    if !number.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.') {
        return None;
    }
    let seconds: f64 = std::str::from_utf8(number).ok()?.parse().ok()?;
    Duration::try_from_secs_f64(seconds).ok().filter(|delay| *delay <= MAX_DELAY)
}

/// The value of a `Sitemap` line: an absolute http or https URL. It must name its host; whose host, is not judged here.
pub(crate) fn sitemap(value: &[u8]) -> Option<String> {
    let url = Url::parse(std::str::from_utf8(value).ok()?).ok()?;
    let usable = matches!(url.scheme(), "http" | "https") && url.as_str().len() <= MAX_SITEMAP_BYTES;
    usable.then(|| url.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delay_is_a_plain_number_of_seconds() {
        for (value, millis) in [
            ("10", Some(10_000)),
            ("0", Some(0)),
            ("0.5", Some(500)),
            (".25", Some(250)),
            ("3.", Some(3_000)),
            ("5 seconds", Some(5_000)),
            ("31622400", Some(31_622_400_000)),
            ("31622401", None),
            ("99999999999999999999999999", None),
            ("-1", None),
            ("+1", None),
            ("1e3", None),
            ("1,5", None),
            ("1.2.3", None),
            ("NaN", None),
            ("inf", None),
            (".", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(delay(value.as_bytes()).map(|delay| delay.as_millis()), millis, "{value:?}");
        }
    }

    #[test]
    fn a_sitemap_is_an_absolute_web_address() {
        let long = format!("https://h/{}", "a".repeat(MAX_SITEMAP_BYTES));
        for (value, expected) in [
            ("https://h/sitemap.xml", Some("https://h/sitemap.xml")),
            ("HTTP://H:80/s.xml?a=b", Some("http://h/s.xml?a=b")),
            ("/sitemap.xml", None),
            ("//h/sitemap.xml", None),
            ("ftp://h/s.xml", None),
            ("https://", None),
            ("", None),
            (&long, None),
        ] {
            assert_eq!(sitemap(value.as_bytes()).as_deref(), expected, "{value:?}");
        }
        assert_eq!(sitemap(b"https://h/\xFF"), None);
    }
}
