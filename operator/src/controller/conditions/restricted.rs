//! Restricted: a policy holds something back that the spec asks for.

use crawl_rules::Restriction;

use super::Saying;

pub(super) fn restricted(restrictions: &[Restriction]) -> Saying {
    if restrictions.is_empty() {
        return Saying::no("NotRestricted", "no policy holds anything back");
    }
    Saying::yes("Policy", sentence(restrictions))
}

/// What each policy holds back; a policy is named once.
fn sentence(restrictions: &[Restriction]) -> String {
    let mut named = None;
    let told = restrictions.iter().map(|restriction| {
        let policy = restriction.policy();
        let first = policy != named;
        named = policy;
        match policy.filter(|_| first) {
            Some(policy) => format!("policy {policy}: {}", words(restriction)),
            None => words(restriction),
        }
    });
    told.collect::<Vec<_>>().join("; ")
}

fn words(restriction: &Restriction) -> String {
    const OBEYED: &str = "robots.txt is obeyed although politeness.robots is Ignore";
    match restriction {
        Restriction::MaxLinks { allowed, asked, .. } => format!("maxLinks {allowed} instead of {asked}"),
        Restriction::Robots { policy: Some(_) } => OBEYED.to_owned(),
        Restriction::Robots { policy: None } => format!("{OBEYED}, since no policy says MayIgnore"),
        Restriction::Hosts { rules: 1, .. } => "1 host rule applies".to_owned(),
        Restriction::Hosts { rules, .. } => format!("{rules} host rules apply"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_policy_is_named_with_what_it_holds_back() {
        let links = |policy: &str| Restriction::MaxLinks { policy: policy.into(), allowed: 100, asked: 5000 };
        let hosts = |policy: &str, rules| Restriction::Hosts { policy: policy.into(), rules };
        let robots = |policy: Option<&str>| Restriction::Robots { policy: policy.map(str::to_owned) };
        for (restrictions, message) in [
            (vec![], "no policy holds anything back"),
            (vec![links("a")], "policy a: maxLinks 100 instead of 5000"),
            (
                vec![links("a"), robots(Some("a")), hosts("a", 3)],
                "policy a: maxLinks 100 instead of 5000; robots.txt is obeyed although politeness.robots is Ignore; \
                 3 host rules apply",
            ),
            (
                vec![links("a"), hosts("b", 1), robots(None)],
                "policy a: maxLinks 100 instead of 5000; policy b: 1 host rule applies; \
                 robots.txt is obeyed although politeness.robots is Ignore, since no policy says MayIgnore",
            ),
        ] {
            assert_eq!(restricted(&restrictions).message, message);
        }
    }
}
