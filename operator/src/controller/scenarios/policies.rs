//! Reconciles under policies.

use super::*;
use crate::controller::fixtures::policy;
use crate::controller::policies::watch;

#[tokio::test]
async fn what_a_policy_holds_back_is_written_once() {
    let policies = Policies::of(vec![policy("team", "maxLinks: 10")]);
    let mut scene = Scene::under(Fake::default(), Known::fixed(policies));
    let crawl = crawl("maxLinks: 5000");
    let calls = vec![writes_status(&crawl), notes_event()];
    let (outcome, bodies) = scene.reconcile(&crawl, calls).await;
    outcome.unwrap();
    assert_eq!(bodies[1]["reason"], "Restricted");
    assert_eq!(bodies[1]["note"], "policy team: maxLinks 10 instead of 5000");

    let (outcome, _) = scene.reconcile(&crawl, vec![]).await;
    outcome.unwrap();
    assert_eq!(scene.told(), ["ensure", "ensure"]);
}

#[tokio::test]
async fn a_denied_crawl_is_told_before_its_runner_stops() {
    let policies = Policies::of(vec![policy("team", "hosts: [{pattern: '*', deny: true}]")]);
    let mut scene = Scene::under(Fake::default(), Known::fixed(policies));
    let crawl = crawl("");
    let calls = vec![writes_status(&crawl), notes_event(), notes_event()];
    let (outcome, bodies) = scene.reconcile(&crawl, calls).await;
    outcome.unwrap();
    assert_eq!((&bodies[1]["reason"], &bodies[2]["reason"]), (&json!("DeniedByPolicy"), &json!("Restricted")));
    assert_eq!(scene.told(), ["stop"]);
}

#[tokio::test]
async fn nothing_is_wanted_or_written_until_the_policies_are_known() {
    let (watch, known) = watch();
    let mut scene = Scene::under(Fake::default(), known);
    let crawl = crawl("");
    scene.reconcile(&crawl, vec![]).await.0.unwrap();
    assert!(scene.told().is_empty());

    watch.show(Policies::default());
    scene.reconcile(&crawl, vec![writes_status(&crawl)]).await.0.unwrap();
    assert_eq!(scene.told(), ["ensure"]);
}

#[tokio::test(start_paused = true)]
async fn policies_that_stay_unknown_are_said_to_be() {
    let (_watch, known) = watch();
    let mut scene = Scene::under(Fake::default(), known);
    tokio::time::advance(Duration::from_secs(10)).await;
    let crawl = crawl("");
    scene.context.census.listed(["1b4e28ba-2fa1-11d2-883f-0016d3cca427".to_owned()].into_iter());
    let (outcome, bodies) = scene.reconcile(&crawl, vec![writes_status(&crawl), notes_event()]).await;
    outcome.unwrap();
    assert_eq!(bodies[1]["reason"], "PolicyUnreadable");
    assert_eq!(scene.told(), ["stop"], "and no slot is granted");
}

#[tokio::test]
async fn slots_are_granted_when_all_that_were_there_are_wanted() {
    let mut scene = Scene::new(Fake::default());
    let crawl = crawl("");
    assert!(!scene.context.census.listed(["1b4e28ba-2fa1-11d2-883f-0016d3cca427".to_owned()].into_iter()));
    scene.reconcile(&crawl, vec![writes_status(&crawl)]).await.0.unwrap();
    assert_eq!(scene.told(), ["ensure", "open"]);
    scene.reconcile(&crawl, vec![]).await.0.unwrap();
    assert_eq!(scene.told(), ["ensure"]);
}
