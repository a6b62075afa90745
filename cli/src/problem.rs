//! Errors as people read them: one line that says what, one that says what to do next.

use std::fmt;

/// Something that cannot be done, and what to do about it.
#[derive(Debug)]
pub(crate) struct Problem {
    what: String,
    hint: String,
    source: Option<anyhow::Error>,
}

impl Problem {
    pub(crate) fn new(what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { what: what.into(), hint: hint.into(), source: None }
    }

    /// The same, about something by its name, which stands in the hint as NAME.
    pub(crate) fn about(self, name: &str) -> Self {
        let hint = self.hint.replace("NAME", &crate::output::quoted(name));
        Self { what: format!("{name}: {}", self.what), hint, ..self }
    }

    /// With what lies behind it, for those who ask.
    pub(crate) fn because(self, source: impl Into<anyhow::Error>) -> Self {
        Self { source: Some(source.into()), ..self }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl std::error::Error for Problem {}

/// Tells an error on stderr.
pub(crate) fn tell(error: &anyhow::Error, verbose: bool) {
    eprintln!("error: {}", crate::output::clean(&format!("{error:#}")));
    let Some(problem) = error.downcast_ref::<Problem>() else { return };
    for line in problem.hint.lines() {
        eprintln!("hint: {line}");
    }
    if let Some(source) = problem.source.as_ref().filter(|_| verbose) {
        eprintln!("cause: {}", crate::output::clean(&format!("{source:#}")));
    }
}
