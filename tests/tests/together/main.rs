//! What users do with crawls, on a real cluster: those tests that leave alone what others use, each on hosts of its own.
//! They run at the same time; whoever scales, kills or sets rules for all belongs to `scenarios/`.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod edits;
mod ends;
mod fairness;
mod hold;
mod odd;
mod plugin;
mod plugin_rights;
mod plugin_terminal;
mod policy;
mod rest;
mod sitemaps;
mod traps;
