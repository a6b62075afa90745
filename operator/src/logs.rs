//! How log lines are written. What they say is each module's own business; a crawl's lines carry `crawl` and `namespace`.

use std::error::Error;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::ParseError;

use crate::args::{LogArgs, LogFormat};

/// Starts logging to standard error.
///
/// # Errors
/// When the filter is none.
pub(crate) fn init(args: &LogArgs) -> Result<(), ParseError> {
    let filter = EnvFilter::try_new(&args.log_filter)?;
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match args.log_format {
        LogFormat::Json => lines.json().flatten_event(true).init(),
        LogFormat::Text => lines.init(),
    }
    Ok(())
}

/// An error with its causes, in one line: a JSON line would show the first only. A cause that the error has already
/// told is not told again.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("cannot write")]
    struct Outer(#[source] Middle);

    #[derive(Debug, thiserror::Error)]
    #[error("refused: {0}")]
    struct Middle(#[source] std::fmt::Error);

    #[test]
    fn every_cause_is_told_once() {
        let cause = std::fmt::Error.to_string();
        assert_eq!(chain(&Outer(Middle(std::fmt::Error))), format!("cannot write: refused: {cause}"));
    }
}
