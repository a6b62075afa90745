//! Where a list of crawls goes on: behind this crawl, also when it is gone by then.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::fmt;
use std::str::FromStr;

use crawl_crds::Crawl;
use kube::ResourceExt as _;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A place in the order of crawls: newest first, then by namespace and name. Every text of its pattern is one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cursor {
    created: Reverse<i64>,
    namespace: String,
    name: String,
}

impl Cursor {
    /// Where this one stands.
    pub(super) fn of(crawl: &Crawl) -> Self {
        Self {
            created: Reverse(crawl.creation_timestamp().map_or(0, |time| time.0.as_second())),
            namespace: crawl.namespace().unwrap_or_default(),
            name: crawl.name_any(),
        }
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{}~{}~{}", self.created.0, self.namespace, self.name)
    }
}

impl FromStr for Cursor {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WRONG: &str = "give what next of the answer before said";
        let mut parts = text.split('~');
        let (Some(created), Some(namespace), Some(name), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(WRONG);
        };
        let named =
            |text: &str| text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-.".contains(&b));
        let digits = !created.is_empty() && created.len() <= 12 && created.bytes().all(|b| b.is_ascii_digit());
        match created.parse() {
            Ok(created) if digits && named(namespace) && named(name) => {
                Ok(Self { created: Reverse(created), namespace: namespace.to_owned(), name: name.to_owned() })
            }
            _ => Err(WRONG),
        }
    }
}

impl Serialize for Cursor {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Cursor {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Cow::<str>::deserialize(from)?.parse().map_err(de::Error::custom)
    }
}

impl JsonSchema for Cursor {
    fn schema_name() -> Cow<'static, str> {
        "Cursor".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "pattern": "^[0-9]{1,12}~[a-z0-9.-]*~[a-z0-9.-]*$"})
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_as_it_was_written() {
        for text in ["1767225600~web~news-1.a", "0~~", "999999999999~a~b"] {
            assert_eq!(text.parse::<Cursor>().unwrap().to_string(), text);
        }
        for wrong in ["", "1~a", "1~a~b~c", "-1~a~b", "x~a~b", "1~A~b", "1~a~b/c", "1234567890123~a~b", "+1~a~b"] {
            assert!(wrong.parse::<Cursor>().is_err(), "{wrong}");
        }
    }
}
