//! The id of a crawl: what its users can compute, too.

use md5::{Digest as _, Md5};

/// md5 of the URL followed by the number, in lowercase hex. It is a name and no protection: who wants two crawls of one name
/// gets the first one. That md5 can be made to collide does no harm.
pub(super) fn id(url: &str, max_links: i64) -> String {
    let digest = Md5::digest(format!("{url}{max_links}"));
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_id_is_what_md5sum_says() {
        // printf %s https://example.com/10 | md5sum
        assert_eq!(super::id("https://example.com/", 10), "620eb766c5dbdb1a5fb3e00a4976c809");
    }
}
