//! Random documents from tags, attributes and texts that make trees and tokenizers differ.

/// A generator of its own, so that a failure can be repeated (xorshift64*).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    fn below(&mut self, n: usize) -> usize {
        usize::try_from((self.next() >> 33) % n as u64).unwrap()
    }

    fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }
}

const TAGS: &str = "a area base meta b i em font nobr code p div ul ol li dl dd dt h1 h2 pre table caption colgroup col tbody thead \
     tfoot tr td th form button input select option optgroup textarea title script style iframe noembed noframes noscript svg \
     math path g title desc foreignObject mi annotation-xml template frameset frame object applet marquee ruby rb rt rp rtc br hr \
     img image link html head body span custom-element-of-length section article dialog search summary address plaintext xmp isindex \
     listing center keygen wbr h1 h2 h3 h4 h5 h6 h1 title link link meta textarea span time a a a p p div table tr td li b";

const ATTRIBUTES: &[&str] = &[
    "href=/1",
    "href=2",
    "HREF='?a=1&amp;b=2'",
    "href=\"?a&copy=3&copy;&copy\"",
    "href",
    "href=''",
    "href= x/",
    "href=/é?ж",
    "href=a/b/>",
    "href=\"\n/c&#x41;&#65&#128;&#0;&#xD800;\"",
    "href=&notit;&notin;&ampx",
    "href=5 href=6",
    "rel=nofollow",
    "rel='a NoFollow'",
    "rel=\"no&#102;ollow\"",
    "name=robots",
    "name=Agent",
    "content=nofollow",
    "content='noindex, none'",
    "content=follow",
    "type=hidden",
    "type=text",
    "class=\"x > y\"",
    "title='<a href=/no>'",
    "=x",
    "/",
    "a=b/",
    "\"",
    "xlink:href=/x",
    "data-x",
    "color=red",
    "encoding=text/html",
    "  \t\n",
    "shadowrootmode=open",
    "lang=de",
    "lang=' en-GB\n'",
    "lang",
    "xml:lang=fr",
    "rel=canonical href=/canonical",
    "rel='alternate CANONICAL' href='c?a&amp;b'",
    "href=mailto:x@example.com",
    "href=#top",
    "href='/x #y'",
    "http-equiv=refresh content='0; url=/refresh'",
    "http-equiv=Refresh content=\"5;URL='r?a&amp;b'\"",
    "http-equiv=refresh content=5",
    "http-equiv=refresh name=robots content='0;/r,nofollow'",
];

const TEXTS: &[&str] = &[
    "text",
    " ",
    "\n",
    "<",
    "</",
    "</>",
    "<!",
    "<?php echo '<a href=/no>' ?>",
    "<!-- <a href=/no> -->",
    "<!-->",
    "<!--->",
    "<!--",
    "-->",
    "--!>",
    "<!doctype html>",
    "<![CDATA[ x ]]>",
    "<![CDATA[ <a href=/no> ]]>",
    "&amp;",
    "&lt;a href=/no&gt;",
    "\0",
    "\r\n",
    "é",
    "<a",
    "<a href=\"",
    ">",
    "\"",
    "'",
    "<!-- <script> ",
    "<script>",
    "</script>",
    "<1",
    "\u{FEFF}",
    "\x0C",
    "&nbsp;",
    " more  text\n",
    "&copy=1&copy;&notit;&#65",
    "&#13;&#32;&Tab;x",
    "<title>A &amp; B&copy1</title>",
    "<h1>Heading &lt;<b>bold</b></h1>",
    "<h2>a<script>x</script>b<style>y</style>c</h2>",
    "<h3><svg><title>Logo</title><style>z</style></svg> &amp</h3>",
    "<h1><textarea>\nx</textarea><pre>\ny</pre></h1>",
    "<html lang=fr>",
];

fn tag_name(random: &mut Random) -> String {
    let names: Vec<&str> = TAGS.split_ascii_whitespace().collect();
    let name = random.pick(&names);
    if random.below(20) == 0 { name.to_ascii_uppercase() } else { name.to_owned() }
}

fn start_tag(random: &mut Random, name: &str) -> String {
    let mut tag = format!("<{name}");
    let wanted =
        if ["a", "link", "meta", "html"].contains(&name) || random.below(4) == 0 { random.below(4) } else { 0 };
    for _ in 0..wanted {
        tag.push(' ');
        tag.push_str(random.pick(ATTRIBUTES));
    }
    tag.push_str(random.pick(&[">", ">", ">", ">", ">", "/>", " >", " / >"]));
    tag
}

/// A document: some are well nested but for a few places, some are nothing but loose ends.
pub(crate) fn document(random: &mut Random) -> String {
    let wildness = [2, 10, 30, 100][random.below(4)];
    let (mut html, mut open) = (String::new(), Vec::new());
    for _ in 0..=random.below(40) {
        match random.below(100) {
            roll if roll < wildness / 3 => html.push_str(random.pick(TEXTS)),
            roll if roll < wildness * 2 / 3 => html.extend(["</", &tag_name(random), ">"]),
            roll if roll < wildness => {
                let name = tag_name(random);
                html.push_str(&start_tag(random, &name));
            }
            roll if roll % 2 == 0 => {
                let name = tag_name(random);
                html.push_str(&start_tag(random, &name));
                open.push(name);
            }
            roll if roll % 4 == 1 => html.push_str(random.pick(&[
                "text",
                " ",
                "<a href=/x>x</a>",
                "<a href=y rel=nofollow>y</a>",
                "<h2>Part &amp; parcel</h2>",
                "<h4> <em>a</em>\tb",
            ])),
            _ => html.extend(open.pop().map(|name| format!("</{name}>"))),
        }
    }
    html
}
