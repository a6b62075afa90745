//! Sitemaps that are XML: from bytes to markup. What the markup means is for [`super::shape`] to say.
//!
//! A document type is passed over, so there are no entities but the five that XML has, and nothing to expand.

use std::borrow::Cow;
use std::fmt;

use quick_xml::Reader;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesRef, Event};

use super::End;
use super::input::Input;
use super::list::List;
use super::shape::Path;

/// Nesting at which the rest is left out.
const MAX_DEPTH: usize = 256;
/// Bytes of an element's name at which the rest is left out: the names of all open elements are held.
const NAME_BYTES: usize = 1024;

/// An XML sitemap that is being read.
pub(super) struct Xml {
    reader: Reader<Input>,
    buffer: Vec<u8>,
    path: Path,
}

impl Xml {
    pub(super) fn new(input: Input) -> Self {
        let mut reader = Reader::from_reader(input);
        // The commonest mistake: `?a=1&b=2`.
        reader.config_mut().allow_dangling_amp = true;
        Self { reader, buffer: Vec::new(), path: Path::default() }
    }

    /// Reads markup until the list is full.
    pub(super) async fn read(&mut self, list: &mut List<'_>) -> Result<(), End> {
        while !list.is_full() {
            self.buffer.clear();
            self.reader.get_mut().mark();
            match self.reader.read_event_into_async(&mut self.buffer).await? {
                Event::Start(element) => {
                    if element.name().as_ref().len() > NAME_BYTES || self.path.depth() == MAX_DEPTH {
                        return Err(End::Cut);
                    }
                    self.path.enter(&element, list)?;
                }
                Event::Empty(element) => {
                    self.path.enter(&element, list)?;
                    self.path.leave(list)?;
                }
                Event::End(_) => self.path.leave(list)?,
                Event::Text(text) => self.path.text(&text),
                Event::CData(text) => self.path.text(&text),
                Event::GeneralRef(reference) => self.path.text(&resolved(&reference)),
                Event::Eof => return Err(End::Cut),
                Event::Comment(_) | Event::Decl(_) | Event::DocType(_) | Event::PI(_) => {}
            }
        }
        Ok(())
    }
}

/// What a reference stands for. One that XML does not know is taken as text: `?a=1&b;` is meant so.
fn resolved(reference: &BytesRef<'_>) -> Cow<'static, str> {
    let name: &str = reference;
    match reference.resolve_char_ref() {
        Ok(Some(character)) => character.to_string().into(),
        _ => resolve_xml_entity(name).map_or_else(|| format!("&{name};").into(), Cow::Borrowed),
    }
}

impl fmt::Debug for Xml {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Xml").field("path", &self.path).finish_non_exhaustive()
    }
}
