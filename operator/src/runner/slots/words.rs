//! What a crawl in the line is told.

use super::line::Wait;

/// Places up to this are told exactly. Those behind hear of tens and hundreds only: else whoever ends at the head of a long line
/// would make the status of all behind it be written.
const EXACT: usize = 10;

impl Wait {
    /// Which limit a crawl waits for, and its place in the line.
    pub(in crate::runner) fn sentence(&self) -> String {
        match self {
            Self::Operator { running, place } => {
                format!("{}, as many as the operator runs at the same time; {}", run(*running, ""), ordinal(*place))
            }
            Self::Namespace { namespace, quota, running, place } => {
                let crawls = run(*running, &format!(" of namespace {namespace}"));
                let (limit, policy) = (quota.limit, &quota.policy);
                let why = match limit {
                    0 => format!("policy {policy} lets no crawl of namespace {namespace} start"),
                    _ if *running > limit => format!("{crawls}, more than the {limit} that policy {policy} allows now"),
                    _ => format!("{crawls}, as many as policy {policy} allows"),
                };
                format!("{why}; {}", ordinal(*place))
            }
        }
    }
}

fn run(crawls: usize, whose: &str) -> String {
    if crawls == 1 { format!("1 crawl{whose} runs") } else { format!("{crawls} crawls{whose} run") }
}

fn ordinal(place: usize) -> String {
    let ending = match place {
        1 => "st",
        2 => "nd",
        3 => "rd",
        _ => "th",
    };
    match place {
        _ if place <= EXACT => format!("{place}{ending} in line"),
        _ if place <= 100 => format!("{EXACT} or more in line before it"),
        _ => "100 or more in line before it".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use crawl_rules::Quota;

    use super::*;

    #[test]
    fn a_wait_names_its_limit_and_its_place() {
        let quota = |limit, running, place| Wait::Namespace {
            namespace: "web".into(),
            quota: Quota { limit, policy: "teams".into() },
            running,
            place,
        };
        for (wait, said) in [
            (quota(2, 2, 3), "2 crawls of namespace web run, as many as policy teams allows; 3rd in line"),
            (quota(1, 1, 1), "1 crawl of namespace web runs, as many as policy teams allows; 1st in line"),
            (
                quota(2, 5, 2),
                "5 crawls of namespace web run, more than the 2 that policy teams allows now; 2nd in line",
            ),
            (quota(0, 0, 4), "policy teams lets no crawl of namespace web start; 4th in line"),
            (
                Wait::Operator { running: 200, place: 11 },
                "200 crawls run, as many as the operator runs at the same time; 10 or more in line before it",
            ),
            (
                Wait::Operator { running: 200, place: 101 },
                "200 crawls run, as many as the operator runs at the same time; 100 or more in line before it",
            ),
        ] {
            assert_eq!(wait.sentence(), said);
        }
    }
}
