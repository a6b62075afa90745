//! Comma separated values that are safe to open in a spreadsheet.

use std::{borrow::Cow, io};

/// A record of a CSV file, with its line end.
pub(super) fn record<'a>(cells: impl Iterator<Item = &'a str>) -> io::Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(cells.map(|cell| harmless(cell).into_owned()))?;
    writer.into_inner().map_err(|error| io::Error::other(error.to_string()))
}

/// A spreadsheet takes such beginnings for formulas, and pages choose their titles. -1 is a number.
fn harmless(cell: &str) -> Cow<'_, str> {
    match cell.as_bytes().first() {
        Some(b'=' | b'+' | b'-' | b'@' | b'\t' | b'\r') if cell != "-1" => format!("'{cell}").into(),
        _ => cell.into(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    #[test]
    fn formulas_are_texts() {
        for (cell, written) in [
            ("=1+1", "'=1+1"),
            ("+1", "'+1"),
            ("-2", "'-2"),
            ("-1", "-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\tx", "'\tx"),
            ("\r=1", "\"'\r=1\""),
            ("a,\"b\"", "\"a,\"\"b\"\"\""),
            ("", "\"\""),
        ] {
            let record = super::record([cell].into_iter()).unwrap();
            assert_eq!(String::from_utf8(record).unwrap(), format!("{written}\n"), "{cell:?}");
        }
    }
}
