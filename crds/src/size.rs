//! A number of bytes as Kubernetes writes quantities: `10Mi`, `500k`, `1048576`.

use std::{borrow::Cow, str::FromStr};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

/// A number of bytes, written as a quantity: a whole number with Ki, Mi, Gi, k, M, G or nothing after it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct ByteSize {
    written: Written,
    bytes: u64,
}

/// As the user wrote it, so that applying the same manifest again changes nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
enum Written {
    Number(u64),
    Text(String),
}

/// Text that is not a number of bytes.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{0:?} is not a number of bytes; write for example 10Mi, 512Ki or 1048576")]
pub struct ByteSizeError(String);

impl ByteSize {
    /// `n` MiB.
    pub(crate) fn mebibytes(n: u64) -> Self {
        Self { written: Written::Text(format!("{n}Mi")), bytes: n << 20 }
    }

    /// The number of bytes.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }
}

impl FromStr for ByteSize {
    type Err = ByteSizeError;

    fn from_str(text: &str) -> Result<Self, ByteSizeError> {
        let refused = || ByteSizeError(text.to_owned());
        let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let number: u64 = text[..digits].parse().map_err(|_| refused())?;
        let unit = match &text[digits..] {
            "" => 1,
            "k" => 1_000,
            "M" => 1_000_000,
            "G" => 1_000_000_000,
            "Ki" => 1 << 10,
            "Mi" => 1 << 20,
            "Gi" => 1 << 30,
            _ => return Err(refused()),
        };
        let bytes = number.checked_mul(unit).ok_or_else(refused)?;
        Ok(Self { written: Written::Text(text.to_owned()), bytes })
    }
}

impl TryFrom<Written> for ByteSize {
    type Error = ByteSizeError;

    fn try_from(written: Written) -> Result<Self, ByteSizeError> {
        match written {
            Written::Number(bytes) => Ok(Self { written, bytes }),
            Written::Text(text) => text.parse(),
        }
    }
}

impl From<ByteSize> for Written {
    fn from(size: ByteSize) -> Self {
        size.written
    }
}

impl JsonSchema for ByteSize {
    fn schema_name() -> Cow<'static, str> {
        "ByteSize".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "x-kubernetes-int-or-string": true,
            "pattern": "^[0-9]{1,12}(Ki|Mi|Gi|k|M|G)?$",
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_kubernetes_users_write() {
        for (text, bytes) in
            [("0", 0), ("17", 17), ("10Mi", 10 << 20), ("2k", 2000), ("1Gi", 1 << 30), ("3M", 3_000_000)]
        {
            assert_eq!(text.parse::<ByteSize>().unwrap().bytes(), bytes, "{text}");
        }
    }

    #[test]
    fn refuses_the_rest_and_says_what_to_write() {
        for text in ["", "Mi", "10MB", "-1", "1.5Mi", "99999999999999999999", "99999999999999999Gi"] {
            let error = text.parse::<ByteSize>().unwrap_err().to_string();
            assert!(error.contains("write for example 10Mi"), "{error}");
        }
    }

    #[test]
    fn keeps_the_spelling() {
        for json in ["1048576", "\"1Mi\""] {
            let size: ByteSize = serde_json::from_str(json).unwrap();
            assert_eq!(size.bytes(), 1 << 20);
            assert_eq!(serde_json::to_string(&size).unwrap(), json);
        }
    }
}
