//! `/private/`: open to those who say who they are, and leading away from itself in every way there is.

use crate::{answer::Answer, html};

/// What a request for this path must carry in `Authorization`; what follows it, the log tells.
const AUTHORIZED: &str = "Bearer open-sesame";

/// What this path answers; none where it is not private.
pub(crate) fn answer(host: &str, path: &str, authorization: &str) -> Option<Answer> {
    let private = path.strip_prefix("/private/")?;
    if !authorization.starts_with(AUTHORIZED) {
        return Some(Answer::plain(401, "say who you are\n"));
    }
    let name = host.split(':').next().unwrap_or_default();
    let far = name.split_once('.').map_or_else(|| format!("{name}-far"), |(label, rest)| format!("{label}-far.{rest}"));
    let found = match private.split('/').collect::<Vec<_>>().as_slice() {
        [""] => {
            let away = [format!("http://{far}/only/2"), format!("http://{name}:8080/only/3"), "away".to_owned()];
            Some(Answer::html(html::page("private", &[["1", "2", "3"].map(str::to_owned), away].concat())))
        }
        ["away"] => Some(Answer::plain(302, "").with("location", format!("http://{far}/only/1"))),
        ["tree", pages, n] => tree(pages, n),
        [n] => n.parse::<u32>().ok().map(|_| Answer::html(html::page(n, &[]))),
        _ => None,
    };
    Some(found.unwrap_or_else(|| Answer::plain(404, "there is no such page\n")))
}

fn tree(pages: &str, n: &str) -> Option<Answer> {
    html::tree(pages.parse().ok()?, n.parse().ok()?).map(Answer::html)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_who_says_so_gets_in() {
        let status =
            |path: &str, authorization: &str| answer("login.x:80", path, authorization).map(|answer| answer.status);
        for (path, allowed) in [
            ("/private/", 200),
            ("/private/1", 200),
            ("/private/away", 302),
            ("/private/tree/5/0", 200),
            ("/private/tree/5/5", 404),
            ("/private/x", 404),
        ] {
            assert_eq!(status(path, "Bearer open-sesame-1"), Some(allowed), "{path}");
            assert_eq!((status(path, ""), status(path, "Bearer x")), (Some(401), Some(401)), "{path}");
        }
        assert_eq!(status("/tree/5/0", ""), None);
        let page = answer("login.x:80", "/private/", AUTHORIZED).map(|answer| answer.body).unwrap_or_default();
        let page = String::from_utf8_lossy(&page).into_owned();
        assert!(page.contains("http://login-far.x/only/2") && page.contains("http://login.x:8080/only/3"), "{page}");
    }
}
