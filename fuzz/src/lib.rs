//! What the fuzz targets promise: one function for each, which panics where a promise is broken.
//!
//! `worker/tests/fuzz_seeds.rs` is made of these files too, so they may use nothing that stable Rust has not.

mod charset;
mod extract;
mod headers;
mod messages;

pub use charset::charset;
pub use extract::extract;
pub use headers::headers;
pub use messages::messages;
