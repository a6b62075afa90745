//! Writes the CustomResourceDefinitions as YAML. The only module that uses serde_yaml.
//!
//! serde_yaml's drop-in leaves words like `no` unquoted, which kubectl reads as a boolean. A CRD made from our types
//! holds none; a test reads the YAML back and compares.

use kube::CustomResourceExt;

use crate::{Crawl, CrawlPolicy};

/// The CRD of `Crawl`, as `kubectl apply` takes it.
///
/// # Errors
/// When the definition cannot be written as YAML; it then holds something that YAML cannot.
pub fn crawl_crd() -> Result<String, serde_yaml::Error> {
    serde_yaml::to_string(&Crawl::crd())
}

/// The CRD of `CrawlPolicy`, in the same form.
///
/// # Errors
/// As [`crawl_crd`].
pub fn crawl_policy_crd() -> Result<String, serde_yaml::Error> {
    serde_yaml::to_string(&CrawlPolicy::crd())
}
