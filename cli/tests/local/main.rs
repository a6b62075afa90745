//! `kubectl-crawl local` as a user runs it: the program, against a web server on loopback.
#![allow(clippy::unwrap_used, clippy::panic)]

mod check;
mod help;
mod journal;
mod pages;
mod program;
mod site;
mod stop;
