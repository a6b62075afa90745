//! Writes the CRDs, one file each: `cargo run -p crawl-crds -- crds/generated` (`make generate`).

use std::path::PathBuf;

use crawl_crds::yaml;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder: PathBuf = std::env::args_os().nth(1).ok_or("usage: crawl-crds FOLDER")?.into();
    std::fs::write(folder.join("crawls.yaml"), yaml::crawl_crd()?)?;
    std::fs::write(folder.join("crawlpolicies.yaml"), yaml::crawl_policy_crd()?)?;
    Ok(())
}
