//! Pages that try to run something in the browser of whoever looks at a crawl of them: by titles, URLs and bytes.

use crate::answer::Answer;
use crate::html::{escaped, page};

/// What a browser must show as letters, wherever it shows it.
const SCRIPT: &str = "<script>alert('script')</script><img src=x onerror=\"alert('image')\">";

/// What stands at `/hostile/...`.
pub(crate) fn answer(path: &[&str], query: &str) -> Option<Answer> {
    let html = |title: &str, links: &[&str]| {
        Answer::html(page(title, &links.iter().map(|&link| link.to_owned()).collect::<Vec<_>>()))
    };
    Some(match path {
        [""] => html(
            SCRIPT,
            &[
                "title",
                "bytes",
                "long",
                "=cmd|'",
                "'onmouseover='alert(1)",
                "%3Cscript%3Ealert('path')%3C/script%3E",
                "query?q=\"><img src=x onerror=alert('query')>",
                "javascript:alert('link')",
                "data:text/html,<script>alert('data')</script>",
                "vbscript:alert(1)",
                "gone/<svg onload=alert('gone')>",
            ],
        ),
        // The title ends early, unless it is treated as text; and it turns the direction of what follows.
        ["title"] => html(&format!("</title></td>{SCRIPT}\u{202e}backwards {{{{7*7}}}} ${{7*7}}"), &[]),
        // Neither the title nor the link is UTF-8, although the header says so.
        ["bytes"] => Answer {
            body: b"<title>\xff\xfe<b>bytes\x00</b>\xc3</title><a href=\"only/\xe4\xff\">on</a>".to_vec(),
            ..Answer::html(String::new())
        },
        ["long"] => html(&"long ".repeat(2000), &[&"y".repeat(1500)]),
        ["query"] if !query.is_empty() => html(query, &[]),
        ["gone", ..] => return None,
        [.., last] => Answer::html(page(&escaped(last), &[])),
        [] => return None,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_is_text_in_the_page_itself() {
        let body = String::from_utf8(answer(&[""], "").unwrap().body).unwrap();
        assert!(body.contains("&lt;script>alert('script')") && body.contains("\"javascript:alert('link')\""));
        assert!(!body.contains("<script") && !body.contains("<img"));
    }

    #[test]
    fn some_of_it_is_not_there() {
        assert!(answer(&["gone", "x"], "").is_none());
        assert!(answer(&["anything"], "").is_some());
    }
}
