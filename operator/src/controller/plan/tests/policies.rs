//! What policies and quotas make of a Crawl as it goes through its life.

use crawl_rules::Quota;

use super::*;
use crate::controller::conditions::RESTRICTED;

#[test]
fn what_a_policy_holds_back_is_said_and_kept_to() {
    let mut life = Life::of("maxLinks: 5000\npoliteness: {robots: Ignore}");
    let free = life.step(Some(Stage::Running), 0);
    assert!(!holds(&free.status.conditions, RESTRICTED));

    life.govern(&[("team", "maxLinks: 100\nmaxActiveCrawls: 2\nrobots: MustObey\nallowAddresses: [10.0.0.0/8]")]);
    let plan = life.step(Some(Stage::Running), 10);
    let restricted = find(&plan.status.conditions, RESTRICTED).unwrap();
    assert_eq!((restricted.status.as_str(), restricted.reason.as_str()), ("True", "Policy"));
    assert_eq!(
        restricted.message,
        "policy team: maxLinks 100 instead of 5000; robots.txt is obeyed although politeness.robots is Ignore"
    );
    let Order::Ensure(wanted) = plan.runner else { panic!("no runner") };
    assert_eq!((wanted.rules.max_links, wanted.rules.obey_robots), (100, true));
    assert_eq!(wanted.rules.fetch.allow_addresses, ["10.0.0.0/8"]);
    assert_eq!(wanted.quota, Some(Quota { limit: 2, policy: "team".to_owned() }));

    life.govern(&[]);
    let plan = life.step(Some(Stage::Running), 20);
    assert_eq!(reason(&plan.status, RESTRICTED), "NotRestricted");
}

#[test]
fn a_policy_that_changes_the_rules_has_the_log_read_again_and_no_other() {
    let mut life = Life::of("maxLinks: 5000");
    let before = life.progress(Stage::Running);
    life.govern(&[("team", "maxLinks: 100")]);
    let plan = life.step_with(Some(before), 10);
    assert_eq!(reason(&plan.status, PROGRESSING), "Updating");
    assert!(holds(&plan.status.conditions, RESTRICTED), "known at once");

    let before = life.progress(Stage::Running);
    life.govern(&[("team", "maxLinks: 100\nmaxActiveCrawls: 7"), ("other", "namespaces: [other]\nmaxLinks: 1")]);
    assert_eq!(reason(&life.step_with(Some(before), 20).status, PROGRESSING), "Crawling");
}

#[test]
fn an_end_by_a_policys_limit_says_so() {
    let mut life = Life::of("maxLinks: 5000");
    life.govern(&[("team", "maxLinks: 10")]);
    let plan = life.step(Some(Stage::Finished(Finish::MaxLinksReached)), 60);
    let complete = find(&plan.status.conditions, COMPLETE).unwrap();
    assert_eq!(complete.reason, "MaxLinksReached");
    assert!(complete.message.starts_with("maxLinks 10 of policy team is reached, where the spec asks for 5000: "));
}

#[test]
fn no_policy_touches_a_crawl_that_has_ended() {
    let mut life = Life::of("maxLinks: 5000");
    life.govern(&[("team", "maxLinks: 10")]);
    life.step(Some(Stage::Finished(Finish::MaxLinksReached)), 60);
    for policies in [&[][..], &[("team", "maxLinks: 1")], &[("team", "hosts: [{pattern: '*', deny: true}]")]] {
        life.govern(policies);
        let plan = life.step(None, 70);
        assert!(matches!(plan.runner, Order::Stop));
        assert_eq!(plan.status, life.status());
    }
    life.govern(&[("team", "maxLinks: 20")]);
    life.edit(|spec| spec.max_links = 4000);
    assert_eq!(mode(&life.step(None, 80)), Some(Mode::Run), "an edit goes on, under the policies of now");
}

#[test]
fn a_crawl_whose_seeds_are_all_denied_is_not_accepted_until_they_are_not() {
    let mut life = Life::of("");
    life.step(Some(Stage::Running), 0);
    life.govern(&[("team", "hosts: [{pattern: example.com, deny: true}]")]);
    let denied = life.step(Some(Stage::Running), 10);
    assert!(matches!(denied.runner, Order::Stop));
    assert_eq!(denied.status.phase.as_deref(), Some("Failed"));
    let accepted = find(&denied.status.conditions, ACCEPTED).unwrap();
    assert_eq!((accepted.status.as_str(), accepted.reason.as_str()), ("False", "DeniedByPolicy"));
    assert!(accepted.message.contains("(team); create a Crawl with other seeds"), "{}", accepted.message);
    assert_eq!(reason(&denied.status, PROGRESSING), "DeniedByPolicy");
    assert_eq!(denied.status.pages.fetched, 9, "the counts stay");

    life.govern(&[]);
    let plan = life.step(None, 20);
    assert_eq!((mode(&plan), plan.status.phase.as_deref()), (Some(Mode::Run), Some("Pending")));
}

#[test]
fn a_quota_is_another_reason_than_the_operators_limit() {
    let mut life = Life::of("");
    let plan = life.step(Some(waiting(Awaited::Quota, "2 crawls of namespace team run; 1st in line")), 0);
    let progressing = find(&plan.status.conditions, PROGRESSING).unwrap();
    assert_eq!(progressing.reason, "QuotaReached");
    assert_eq!(progressing.message, "2 crawls of namespace team run; 1st in line");
    assert!(holds(&plan.status.conditions, ACCEPTED));
    assert_eq!(plan.status.phase.as_deref(), Some("Pending"));
}

#[test]
fn a_line_is_told_of_before_the_broker_answers() {
    for (what, told) in
        [(Awaited::Slot, "WaitingForSlot"), (Awaited::Quota, "QuotaReached"), (Awaited::Broker, "Opening")]
    {
        let mut life = Life::of("");
        life.broker = Broker::Connecting;
        assert_eq!(reason(&life.step(Some(waiting(what, "1st in line")), 0).status, PROGRESSING), told);
    }
}

#[test]
fn nothing_runs_while_a_policy_cannot_be_known() {
    let mut life = Life::of("maxLinks: 50");
    life.govern(&[("team", "maxLinks: 10")]);
    life.step(Some(Stage::Running), 0);
    life.policies = Arc::new(Policies::unknown());
    let plan = life.step(Some(Stage::Running), 10);
    assert!(holds(&plan.status.conditions, RESTRICTED), "nobody has said otherwise");
    assert!(matches!(plan.runner, Order::Stop));
    assert_eq!(reason(&plan.status, PROGRESSING), "PolicyUnreadable");
    assert_eq!(plan.status.phase.as_deref(), Some("Pending"));
    assert_eq!(plan.look_again, Some(LOOK_AGAIN));

    life.edit(|spec| spec.cancel = true);
    assert_eq!(mode(&life.step(None, 20)), Some(Mode::Cancel), "to end asks nothing of anybody");
    life.policies = Arc::default();
    life.edit(|spec| spec.cancel = false);
    assert_eq!(mode(&life.step(None, 30)), Some(Mode::Run));
}

#[test]
fn the_line_knows_who_has_started_and_who_is_older() {
    let mut life = Life::of("");
    life.crawl.metadata.creation_timestamp = Some(Time(now(-100)));
    let rank = |plan: &Plan| match &plan.runner {
        Order::Ensure(wanted) => wanted.rank.clone(),
        Order::Stop => panic!("no runner"),
    };
    let fresh = Rank { fresh: true, created: now(-100).as_second(), name: "docs".into(), namespace: "team".into() };
    assert_eq!(rank(&life.step(None, 0)), fresh);
    life.step(Some(Stage::Running), 10);
    assert_eq!(rank(&life.step(None, 20)), Rank { fresh: false, ..fresh });
}
