//! Pages made to take time or memory, of any size.

/// A shape: its name, what comes once, and what is repeated; `#` in it is a number.
type Shape = (&'static str, &'static str, &'static str);

const SHAPES: &[Shape] = &[
    (
        "an ordinary page",
        "<title>t</title>",
        "<div><h2>Part</h2><p>Some text of a page, <a href=/part/#.html>more</a></p></div>\n",
    ),
    (
        "ordinary, but for a tree",
        "<b><p></b>",
        "<div><h2>Part</h2><p>Some text of a page, <a href=/part/#.html>more</a></p></div>\n",
    ),
    ("nested div", "", "<div>"),
    ("nested span with end tags of nothing", "<b><p></b><SPANS>", "</x>"),
    ("nested span with end tags of p", "<b><p></b><SPANS>", "</p>"),
    ("unclosed b", "", "<b>"),
    ("unclosed b, all different", "", "<b id=#>"),
    ("unclosed a", "", "<a>"),
    ("unclosed a, in p", "", "<a href=/#><p>"),
    ("adoption agency: b, p", "", "<b><p>"),
    ("adoption agency: ends of b in a deep tree", "<b><p></b><FORMAT>", "<p></b>x"),
    ("a in table", "", "<a href=/#><table>"),
    ("a in one table", "<table>", "<a href=/#>"),
    ("reopened formatting", "<FORMAT>", "<p>x</p>"),
    ("a reopened link with a long address", "<p><a href='/LONG'>", "<p>x"),
    ("attributes of one tag", "<i ", " a#"),
    ("attributes of one tag, in a tree", "<b><p></b><i ", " a#"),
    ("attributes of many tags, in a tree", "<b><p></b>", "<i A>"),
    ("an attribute of all", "<a href='/", "x"),
    ("an attribute of all, in a tree", "<b><p></b><a href='/", "x"),
    ("an attribute of words, in a tree", "<b><p></b><a title='", "x y"),
    ("less than", "", "<"),
    ("less than, in a tree", "<b><p></b>", "<"),
    ("less than, in a table", "<table>", "<"),
    ("lines in a table", "<b><p></b><table>", "x\n"),
    ("beginnings of comments", "", "<!--"),
    ("beginnings of comments, in a tree", "<b><p></b>", "<!--"),
    ("empty comments, in a tree", "<b><p></b>", "<!---->"),
    ("ampersands", "<h1>", "&"),
    ("ampersands, in a tree", "<b><p></b><h1>", "&"),
    ("references without semicolon", "<h1>", "&amp&notit&ampx"),
    ("references without semicolon, in a tree", "<b><p></b><h1>", "&amp&notit&ampx"),
    ("nested tables", "", "<table><tr><td>"),
    ("tables in tables", "", "<table>"),
    ("nested select", "", "<select><option>"),
    ("nested svg", "", "<svg>"),
    ("svg and back", "", "<svg><foreignObject>"),
    ("nested math", "", "<math><mi>"),
    ("templates in templates", "", "<template>"),
    ("templates side by side", "<b><p></b>", "<template><a href=/#></template>"),
    ("noscript", "", "<noscript>"),
    ("document types", "", "<!DOCTYPE html>"),
    ("an unclosed script", "<script>", "<!--<script></scrip"),
    ("an unclosed textarea", "<textarea>", "</text&area"),
    ("plaintext", "<plaintext>", "<a href=/#>"),
    ("an unclosed title", "<title>", "a &amp b "),
    ("an unclosed title, in a tree", "<b><p></b><title>", "a &amp b "),
    ("NUL", "", "\0"),
    ("carriage returns", "<b><p></b>", "\r"),
    ("links with addresses of 100,000 bytes", "", "<a href='/LONGLONG#'></a>"),
    ("links with addresses of 100,000 bytes, in a tree", "<b><p></b>", "<a href='/LONGLONG#'></a>"),
    ("the same link", "", "<a href>"),
    ("the same link, in a tree", "<b><p></b>", "<a href>"),
    ("different links", "", "<a href=#>"),
    ("different links, in a tree", "<b><p></b>", "<a href=#></a>"),
    ("links to mail", "", "<a href=mailto:a#@example.com></a>"),
    ("areas, in a tree", "<b><p></b>", "<area href=#>"),
    ("frames", "<frameset>", "<frame src=/#>"),
    ("forms", "", "<form>"),
    ("nobr", "", "<nobr>"),
    ("nobr and div", "", "<nobr><div>"),
    ("unclosed headings", "", "<h1>text "),
    ("an unclosed heading", "<h1>", "text <i>text</i>"),
    ("headings in headings", "", "<h1><div>text "),
    ("text in a heading, in a tree", "<b><p></b><h1>", "<i>text</i>"),
    ("meta", "", "<meta name=robots content='noindex,index'><meta http-equiv=refresh content='0;/#'>"),
    ("meta, in a tree", "<b><p></b>", "<meta name=robots content='none'><meta http-equiv=refresh content='0;/#'>"),
    ("base", "", "<base href=/#/>"),
    ("base, in a tree", "<b><p></b>", "<base href=/#/>"),
    ("unknown elements", "<b><p></b>", "<an-element-of-some-name-#></an-element-of-some-name-#>"),
    ("buttons", "", "<button><p>"),
    ("lists", "", "<ul><li><a href=/#>"),
    ("ruby", "", "<ruby><rt>"),
    ("objects", "", "<object><b>"),
    ("windows-1252", "<!-- \u{80} -->", "\u{e9}\u{fc}<a href=/#\u{e9}>"),
];

/// All shapes: their names and how to make documents of so many bytes. Those of windows-1252 are in that.
pub(crate) fn all() -> impl Iterator<Item = (&'static str, impl Fn(usize) -> Vec<u8>)> {
    SHAPES.iter().map(|(name, before, repeated)| (*name, move |bytes| document(name, before, repeated, bytes)))
}

fn document(name: &str, before: &str, repeated: &str, bytes: usize) -> Vec<u8> {
    let formatting: String = (0..200).map(|n| format!("<b id=f{n}>")).collect();
    let attributes: String = (0..1000).map(|n| format!(" a{n}")).collect();
    let made = |text: &str| {
        text.replace("LONGLONG", &"x".repeat(100_000))
            .replace("LONG", &"x".repeat(60_000))
            .replace("<SPANS>", &"<span>".repeat(500))
            .replace("<FORMAT>", &formatting)
            .replace("<i A>", &format!("<i{attributes}>"))
    };
    let (mut text, repeated) = (made(before), made(repeated));
    let mut number = 0_usize;
    while text.len() < bytes {
        if repeated.contains('#') {
            text.push_str(&repeated.replace('#', &number.to_string()));
        } else {
            text.push_str(&repeated);
        }
        number += 1;
    }
    text.truncate(text.floor_char_boundary(bytes));
    if name == "windows-1252" {
        return text.chars().map(|character| u8::try_from(u32::from(character)).unwrap_or(b'?')).collect();
    }
    text.into_bytes()
}
