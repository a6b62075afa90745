//! What a local crawl hands out: data, on stdout or into a file, in one of several forms. Nothing else goes there.

mod cells;
mod line;
mod link;

use std::{
    fs::File,
    io::{self, IsTerminal, LineWriter, Write},
    path::Path,
};

use crawl_protocol::Record;
use serde::Serialize;

use super::{args::Format, broken::BrokenLink};
use crate::output::Colour;

/// Where what was found goes.
pub(super) struct Output {
    to: Box<dyn Write>,
    format: Format,
    /// Of lines for people, on a terminal.
    colour: Option<Colour>,
    /// The header of a CSV file is still to be written.
    bare: bool,
    /// Whether lines appear on a terminal.
    seen: bool,
    /// Every page of a broken link is named.
    all_pages: bool,
}

impl Output {
    /// Into a file that is written anew, else to stdout.
    pub(super) fn new(format: Format, file: Option<&Path>, all_pages: bool) -> io::Result<Self> {
        let seen = file.is_none() && io::stdout().is_terminal() && format != Format::None;
        let to: Box<dyn Write> = match file {
            Some(file) => Box::new(LineWriter::new(File::create(file)?)),
            None => Box::new(io::stdout()),
        };
        Ok(Self { to, format, colour: file.is_none().then(Colour::of_stdout), bare: true, seen, all_pages })
    }

    /// Whether its lines would run into a progress bar.
    pub(super) fn is_seen(&self) -> bool {
        self.seen
    }

    /// Writes a page that was fetched or given up; redirects and robots.txt are not pages.
    pub(super) fn page(&mut self, record: &Record) -> io::Result<()> {
        let Some(line) = line::Line::of(record) else { return Ok(()) };
        match self.format {
            Format::Jsonl => self.json(&line),
            Format::Csv => self.cells(line::HEADER, &line.cells()),
            Format::Table => writeln!(self.to, "{}", line.for_people(self.colour)),
            Format::None => Ok(()),
        }
    }

    /// Writes the broken links.
    pub(super) fn links(&mut self, links: &[BrokenLink]) -> io::Result<()> {
        for link in links {
            match self.format {
                Format::Jsonl => self.json(link)?,
                Format::Csv => {
                    for cells in link::cells(link) {
                        self.cells(link::HEADER, &cells)?;
                    }
                }
                Format::Table => write!(self.to, "{}", link::for_people(link, self.all_pages, self.colour))?,
                Format::None => {}
            }
        }
        self.to.flush()
    }

    fn json(&mut self, value: &impl Serialize) -> io::Result<()> {
        let mut line = serde_json::to_vec(value)?;
        line.push(b'\n');
        self.to.write_all(&line)
    }

    fn cells(&mut self, header: &[&str], row: &[String]) -> io::Result<()> {
        if std::mem::take(&mut self.bare) {
            self.to.write_all(&cells::record(header.iter().copied())?)?;
        }
        self.to.write_all(&cells::record(row.iter().map(String::as_str))?)
    }
}

/// In the colour of what went wrong, where there are colours.
fn bad(colour: Option<Colour>, text: &str) -> String {
    colour.map_or_else(|| text.to_owned(), |colour| colour.bad(text))
}
