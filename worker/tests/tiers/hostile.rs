//! Pages made to take time. What is asserted is what they say, never how long they take.

use crawl_worker::extract::{Document, MAX_URLS, extract, extract_by_tags, extract_by_tree};
use url::Url;

/// Shapes that take other extractors minutes. Bounds are on counts; where the tree is cut, the tags alone may not be read.
#[test]
fn hostile_shapes() {
    let long = "x".repeat(100_000);
    for (name, html, by_tags) in [
        ("nested div", "<div>".repeat(200_000), false),
        ("nested a", "<a>".repeat(200_000), true),
        ("nested a in div", "<div><a href=/x>".repeat(50_000), false),
        ("nested table", "<table><tr><td>".repeat(20_000), false),
        ("tables side by side", "<table><tr><td><a href=/x>x</table>".repeat(20_000), true),
        ("end tags of nothing", format!("{}{}", "<div>".repeat(100), "</span></p></li></b></h1>".repeat(20_000)), true),
        ("formatting opened and closed", "<b><i><u></u></i></b>".repeat(20_000), true),
        ("attributes of a tag", format!("<a {}>", (0..100_000).map(|n| format!(" a{n}")).collect::<String>()), true),
        ("an attribute that does not end", format!("<a href=\"{}", "<a href=".repeat(50_000)), true),
        ("references", format!("<a href='{}'>", "&amp;&notit;&#x41&".repeat(20_000)), true),
        ("a long reference", format!("<a href='&{long};&#{}'>", "9".repeat(100_000)), true),
        ("comments that do not end", "<!-- <!-".repeat(50_000), true),
        ("dashes", format!("<!--{}", "-".repeat(400_000)), true),
        ("a script that does not end", "<script></scrip".repeat(30_000), true),
        ("scripts with comments", "<script><!-- x</script>".repeat(20_000), true),
        ("less than", "<".repeat(400_000), true),
        ("end tags without a name", "</".repeat(200_000), true),
        ("unfinished tags", "<a href=x ".repeat(50_000), true),
        ("a long name", format!("<{long}></{long}>"), true),
        ("a long address", format!("<a href=/{long}>"), true),
        ("nested svg", "<svg><g>".repeat(100_000), false),
        ("templates", "<template><div></div></template>".repeat(20_000), true),
        ("NUL", "\0".repeat(400_000), false),
    ] {
        let html = format!("<a href=/first>first</a>{html}");
        let url = Url::parse("https://example.com/").unwrap();
        let content_type = Some("text/html; charset=utf-8");
        let document = Document {
            body: html.as_bytes(),
            content_type,
            url: &url,
            agent: "",
            nofollow: false,
            content_language: None,
        };
        let (tags, tree) = (extract_by_tags(document), extract_by_tree(document));
        assert_eq!(tags.is_some(), by_tags, "{name}");
        assert_eq!(tree.urls[0], "https://example.com/first", "{name}");
        assert!(tags.is_none_or(|tags| tags == tree || tree.truncated), "{name}");
    }
}

/// All are counted, however few of them can be recorded.
#[test]
fn a_million_links() {
    let url = Url::parse("https://example.com/").unwrap();
    let same = "<a href=/x>".repeat(1_000_000);
    let different: String = (0..1_000_000).map(|n| format!("<a href=/{n}></a>")).collect();
    for (html, urls, truncated) in [(same, 1, false), (different, MAX_URLS, true)] {
        let document = Document {
            body: html.as_bytes(),
            content_type: None,
            url: &url,
            agent: "",
            nofollow: false,
            content_language: None,
        };
        let found = extract(document);
        assert_eq!((found.links, found.urls.len(), found.truncated), (1_000_000, urls, truncated));
        // How far the tree gets depends on how it was built.
        let by_tree = extract_by_tree(document);
        assert!(by_tree.truncated && found.urls.starts_with(&by_tree.urls), "{} links", by_tree.links);
    }
}
