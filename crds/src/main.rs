//! Prints the CRD: `cargo run -p crawl-crds > crds/generated/crawls.yaml` (`make generate`).
#![allow(clippy::print_stdout)]

fn main() -> Result<(), Box<dyn std::error::Error>> {
    print!("{}", crawl_crds::yaml::crawl_crd()?);
    Ok(())
}
