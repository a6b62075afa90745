//! What the HTML standard's tree construction makes of an element's name. Names with one kind are treated alike.

/// The part an element plays in the construction of a tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    A,
    Area,
    Base,
    Meta,
    Link,
    /// An element that is closed as soon as it is opened.
    Void,
    Hr,
    Input,
    /// An element whose contents are text up to its own end tag.
    Raw,
    Script,
    Xmp,
    /// An element that is reopened where it was cut off.
    Formatting,
    Nobr,
    P,
    /// An element that closes a paragraph.
    Block,
    /// The same, but transparent to the end tags of others.
    OpenBlock,
    Heading,
    Li,
    /// `dd` and `dt`.
    Description,
    Form,
    Button,
    /// `applet`, `marquee` and `object`, behind which formatting is forgotten.
    Marker,
    Select,
    Option,
    Optgroup,
    Ruby,
    /// `rb` and `rtc`.
    RubyBase,
    /// `rp` and `rt`.
    RubyText,
    Table,
    Caption,
    Colgroup,
    Col,
    /// `tbody`, `thead` and `tfoot`.
    Section,
    Tr,
    Cell,
    Noscript,
    /// A `noscript` that may stand in the head, where hardly anything may stand in it.
    HeadNoscript,
    Svg,
    Template,
    Html,
    Head,
    Body,
    Frame,
    /// What is left to the full tree, wherever it stands.
    Hard,
    Other,
}

use Kind::*;

/// Longer names have no meaning.
const LONGEST: usize = 10;

impl Kind {
    /// The kind of a name, in whatever case.
    pub(super) fn of(name: &str) -> Self {
        let mut lower = [0; LONGEST];
        let Some(lower) = lower.get_mut(..name.len()) else { return Other };
        lower.copy_from_slice(name.as_bytes());
        lower.make_ascii_lowercase();
        match &*lower {
            b"a" => A,
            b"area" => Area,
            b"base" => Base,
            b"meta" => Meta,
            b"link" => Link,
            b"basefont" | b"bgsound" | b"br" | b"embed" | b"img" | b"image" | b"keygen" | b"wbr" | b"param"
            | b"source" | b"track" => Void,
            b"hr" => Hr,
            b"input" => Input,
            b"title" | b"style" | b"textarea" | b"iframe" | b"noembed" => Raw,
            b"script" => Script,
            b"xmp" => Xmp,
            b"b" | b"big" | b"code" | b"em" | b"font" | b"i" | b"s" | b"small" | b"strike" | b"strong" | b"tt"
            | b"u" => Formatting,
            b"nobr" => Nobr,
            b"p" => P,
            b"address" | b"article" | b"aside" | b"blockquote" | b"center" | b"details" | b"dir" | b"div" | b"dl"
            | b"fieldset" | b"figcaption" | b"figure" | b"footer" | b"header" | b"hgroup" | b"listing" | b"main"
            | b"menu" | b"nav" | b"ol" | b"pre" | b"section" | b"summary" | b"ul" => Block,
            b"dialog" | b"search" => OpenBlock,
            b"h1" | b"h2" | b"h3" | b"h4" | b"h5" | b"h6" => Heading,
            b"li" => Li,
            b"dd" | b"dt" => Description,
            b"form" => Form,
            b"button" => Button,
            b"applet" | b"marquee" | b"object" => Marker,
            b"select" => Select,
            b"option" => Option,
            b"optgroup" => Optgroup,
            b"ruby" => Ruby,
            b"rb" | b"rtc" => RubyBase,
            b"rp" | b"rt" => RubyText,
            b"table" => Table,
            b"caption" => Caption,
            b"colgroup" => Colgroup,
            b"col" => Col,
            b"tbody" | b"thead" | b"tfoot" => Section,
            b"tr" => Tr,
            b"td" | b"th" => Cell,
            b"noscript" => Noscript,
            b"svg" => Svg,
            b"template" => Template,
            b"html" => Html,
            b"head" => Head,
            b"body" => Body,
            b"frame" => Frame,
            b"isindex" | b"frameset" | b"noframes" | b"plaintext" | b"math" => Hard,
            _ => Other,
        }
    }

    /// Formatting elements, of which cutting one off makes copies elsewhere.
    pub(super) fn is_formatting(self) -> bool {
        matches!(self, A | Formatting | Nobr)
    }

    /// The standard's "special" elements, as far as they are ever open.
    pub(super) fn is_special(self) -> bool {
        matches!(
            self,
            P | Block
                | Heading
                | Li
                | Description
                | Form
                | Button
                | Marker
                | Select
                | Table
                | Caption
                | Colgroup
                | Section
                | Tr
                | Cell
                | Noscript
        )
    }

    /// Where the search for an element to close ends.
    pub(super) fn is_scope(self) -> bool {
        matches!(self, Marker | Select | Table | Caption | Cell)
    }

    /// Where formatting elements from outside are out of sight.
    pub(super) fn is_marker(self) -> bool {
        matches!(self, Marker | Caption | Cell)
    }

    /// Elements whose end tag may be left out.
    pub(super) fn is_implied(self) -> bool {
        matches!(self, Description | Li | Optgroup | Option | P | RubyBase | RubyText)
    }

    /// Where nothing but the parts of a table may stand.
    pub(super) fn is_table_structure(self) -> bool {
        matches!(self, Table | Section | Tr | Colgroup)
    }
}
