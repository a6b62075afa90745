//! Places in which a careless crawl never ends.

use crate::html::page;

/// How many items the shop under `sessions/` has.
const ITEMS: u32 = 5;

/// What stands at `/trap/...`.
pub(crate) fn page_at(path: &[&str], query: &str) -> Option<String> {
    let links = match path {
        [""] => ["deeper/0/", "again/", "long/0"].map(str::to_owned).to_vec(),
        // Each page leads one segment further down: no two segments are the same.
        ["deeper", .., last, ""] => vec![format!("{}/", last.parse::<u64>().ok()? + 1)],
        // A relative link where an absolute one was meant.
        ["again", ..] => vec!["again/".to_owned()],
        // Each page leads to one whose URL is a thousand bytes longer.
        ["long", rest] => vec![format!("{rest}{}", "x".repeat(1000))],
        // A calendar has no last day.
        ["calendar", day] => {
            let day: i64 = day.parse().ok()?;
            vec![(day - 1).to_string(), (day + 1).to_string()]
        }
        ["sessions", item] => sessions(item, query),
        _ => return None,
    };
    Some(page(&path.join("/"), &links))
}

/// Every page leads to every item, in a session that is new on every page, spelled in three ways.
fn sessions(item: &str, query: &str) -> Vec<String> {
    let session = fresh(item, query);
    let spelled = |n: u32| {
        [
            format!("item?n={n}&sort=up&sid={session}"),
            format!("item?sid={session}&sort=up&n={n}"),
            format!("item;jsessionid={session}?n={n}&sort=up"),
        ]
    };
    (1..=ITEMS).flat_map(spelled).collect()
}

/// Depends on where it stands, so that the same page has the same links each time.
fn fresh(item: &str, query: &str) -> String {
    let mix = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    format!("{:016x}", item.bytes().chain(query.bytes()).fold(0xcbf2_9ce4_8422_2325, mix))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn at(path: &str, query: &str) -> String {
        page_at(&path.split('/').collect::<Vec<_>>(), query).unwrap()
    }

    #[test]
    fn traps_lead_on() {
        assert!(at("deeper/0/", "").contains("\"1/\"") && at("deeper/0/1/2/", "").contains("\"3/\""));
        assert!(at("again/again/", "").contains("\"again/\""));
        assert!(at("long/0", "").contains(&format!("\"0{}\"", "x".repeat(1000))));
        assert!(at("calendar/0", "").contains("\"-1\"") && at("calendar/-1", "").contains("\"-2\""));
    }

    #[test]
    fn every_page_of_the_shop_begins_a_session() {
        let (first, second) = (at("sessions/index", ""), at("sessions/item", "n=1&sort=up&sid=0"));
        assert_eq!((first.matches("href").count(), first == second), (15, false));
        assert_eq!(first, at("sessions/index", ""));
    }
}
