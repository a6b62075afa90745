//! Sitemaps that are text: one URL a line. The first line that is not blank has to be one, else it is something else.

use tokio::io::AsyncBufReadExt;
use url::Url;

use super::End;
use super::input::Input;
use super::list::{Address, List, Target};

/// A text sitemap that is being read.
#[derive(Debug)]
pub(super) struct Text {
    input: Input,
    line: Address,
    recognized: bool,
}

impl Text {
    pub(super) fn new(input: Input) -> Self {
        Self { input, line: Address::default(), recognized: false }
    }

    /// Reads lines until the list is full.
    pub(super) async fn read(&mut self, list: &mut List<'_>) -> Result<(), End> {
        while !list.is_full() {
            self.input.mark();
            let available = self.input.fill_buf().await?;
            if available.is_empty() {
                self.line_ends(list)?;
                return Err(End::Whole);
            }
            let end = available.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
            let piece = &available[..end.unwrap_or(available.len())];
            // Text is cut into chunks and lines between characters only.
            self.line.push(std::str::from_utf8(piece).unwrap_or_default());
            let length = piece.len() + usize::from(end.is_some());
            self.input.consume(length);
            if end.is_some() {
                self.line_ends(list)?;
            }
        }
        Ok(())
    }

    fn line_ends(&mut self, list: &mut List<'_>) -> Result<(), End> {
        let line = self.line.get().trim();
        let absolute = Url::parse(line).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
        if absolute {
            self.recognized = true;
            list.add(Target::Page, line)?;
        } else if !self.recognized && !line.is_empty() {
            return Err(End::Cut);
        }
        self.line.clear();
        Ok(())
    }
}
