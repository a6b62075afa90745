//! `kubectl crawl` for one who may do little: each refusal names the verb that is missing.

use std::process::Stdio;

use e2e::{Cluster, Namespace};
use tokio::process::Command;

use crate::plugin::{Ran, program, ran};

/// A kubeconfig of a ServiceAccount of the namespace that may do nothing.
async fn stranger(namespace: &Namespace) -> anyhow::Result<std::path::PathBuf> {
    namespace.kubectl(&["create", "serviceaccount", "stranger"]).await?;
    let token = namespace.kubectl(&["create", "token", "stranger"]).await?;
    let text = namespace.kubectl(&["config", "view", "--raw", "--minify", "--flatten", "-o", "json"]).await?;
    let mut config: serde_json::Value = serde_json::from_str(&text)?;
    config["users"][0]["user"] = serde_json::json!({"token": token});
    let path = std::env::temp_dir().join(format!("{}.kubeconfig", namespace.name));
    std::fs::write(&path, config.to_string())?;
    Ok(path)
}

async fn run(namespace: &Namespace, kubeconfig: &std::path::Path, args: &[&str]) -> Ran {
    let mut command = Command::new(program());
    command.args(args).args(["-n", &namespace.name]).arg("--kubeconfig").arg(kubeconfig);
    ran(command.stdin(Stdio::null()).output().await.expect("the plugin cannot be run"))
}

#[tokio::test]
async fn a_missing_right_is_named() {
    let Some(cluster) = Cluster::connect().await.unwrap() else { return };
    let namespace = cluster.namespace("rights").await.unwrap();
    let kubeconfig = stranger(&namespace).await.unwrap();
    let name = &namespace.name;
    for (args, verb, role) in [
        (&["list"][..], "list", "view"),
        (&["status", "a"], "get", "view"),
        (&["create", "https://example.com/"], "create", "edit"),
    ] {
        let ran = run(&namespace, &kubeconfig, args).await;
        assert_eq!(ran.code, 2, "{ran:#?}");
        let what =
            format!("you may not {verb} crawls.crawl-operator.io in the namespace {name}: the verb {verb} is missing");
        let fix = format!("--clusterrole={role} --user=system:serviceaccount:{name}:stranger -n {name}");
        assert!(ran.talk.contains(&what) && ran.talk.contains(&fix), "{what}\n{fix}\n{}", ran.talk);
    }
    let everywhere = run(&namespace, &kubeconfig, &["list", "-A"]).await;
    assert!(everywhere.talk.contains("in the whole cluster") && everywhere.talk.contains("-n NAME"), "{everywhere:#?}");

    // What the hint says helps.
    let user = format!("--user=system:serviceaccount:{name}:stranger");
    namespace.kubectl(&["create", "rolebinding", "crawl-edit", "--clusterrole=edit", &user]).await.unwrap();
    let created =
        run(&namespace, &kubeconfig, &["create", "https://example.com/", "--name", "mine", "--suspend"]).await;
    assert_eq!(created.code, 0, "{created:#?}");
    let listed = run(&namespace, &kubeconfig, &["list", "-o", "name"]).await;
    assert_eq!(listed.out, "crawl.crawl-operator.io/mine\n", "{listed:#?}");
    std::fs::remove_file(kubeconfig).unwrap();
}
