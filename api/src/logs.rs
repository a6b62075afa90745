//! How log lines are written. They name a request's path, never its parameters or headers.

use std::error::Error;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::ParseError;

/// Starts logging to standard error.
///
/// # Errors
/// When the filter is none.
pub(crate) fn init(filter: &str, text: bool) -> Result<(), ParseError> {
    let lines = tracing_subscriber::fmt().with_env_filter(EnvFilter::try_new(filter)?).with_writer(std::io::stderr);
    if text {
        lines.init()
    } else {
        lines.json().flatten_event(true).init()
    }
    Ok(())
}

/// An error with its causes, in one line; a cause that the error has already told is not told again.
pub(crate) fn chain(error: &dyn Error) -> String {
    let mut told = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let text = error.to_string();
        if !told.contains(&text) {
            told = format!("{told}: {text}");
        }
        cause = error.source();
    }
    told
}
