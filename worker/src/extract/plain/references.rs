//! Character references, by the HTML standard.

use std::borrow::Cow;

use html5ever::data::{C1_REPLACEMENTS, NAMED_ENTITIES};
use memchr::memchr;

/// Where a reference stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum In {
    /// One without a semicolon is none before `=` or a letter or digit: what looks like one there is a parameter of a query, like
    /// `&copy=2`.
    Attribute,
    Text,
}

/// The value of an attribute with its references replaced.
pub(super) fn decode(value: &str) -> Cow<'_, str> {
    if memchr(b'&', value.as_bytes()).is_none() {
        return Cow::Borrowed(value);
    }
    let mut decoded = String::with_capacity(value.len());
    each(value, In::Attribute, |part| {
        decoded.push_str(part);
        true
    });
    Cow::Owned(decoded)
}

/// Visits the parts of a text with its references replaced, as long as they are wanted.
pub(super) fn each(text: &str, place: In, mut visit: impl FnMut(&str) -> bool) {
    let mut rest = text;
    let mut character = String::new();
    loop {
        let next = memchr(b'&', rest.as_bytes()).unwrap_or(rest.len());
        if next > 0 && !visit(&rest[..next]) {
            return;
        }
        let Some(reference) = rest[next..].strip_prefix('&') else { return };
        character.clear();
        let length = match reference.strip_prefix('#') {
            Some(number) => numeric(number, &mut character).map(|length| length + 1),
            None => named(reference, place, &mut character),
        };
        if !visit(if length.is_some() { &character } else { "&" }) {
            return;
        }
        rest = &reference[length.unwrap_or(0)..];
    }
}

/// Reads what follows `&#`; its length, if it is a reference.
fn numeric(text: &str, decoded: &mut String) -> Option<usize> {
    let (digits, radix) = match text.strip_prefix(['x', 'X']) {
        Some(digits) => (digits, 16),
        None => (text, 10),
    };
    let length = digits.bytes().take_while(|byte| char::from(*byte).is_digit(radix)).count();
    if length == 0 {
        return None;
    }
    // What does not fit is no character either.
    let number = u32::from_str_radix(&digits[..length], radix).unwrap_or(u32::MAX);
    decoded.push(character(number));
    let semicolon = digits[length..].starts_with(';');
    Some(text.len() - digits.len() + length + usize::from(semicolon))
}

/// The character of a number; those of windows-1252 are meant where Unicode has control characters.
fn character(number: u32) -> char {
    let replaced = number.checked_sub(0x80).and_then(|place| *C1_REPLACEMENTS.get(place as usize)?);
    let allowed = char::from_u32(number).filter(|character| *character != '\0');
    replaced.or(allowed).unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// Reads what follows `&`; its length, if it is a reference.
fn named(text: &str, place: In, decoded: &mut String) -> Option<usize> {
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b';';
    let (mut length, mut found) = (0, None);
    while text.as_bytes().get(length).is_some_and(is_name) {
        length += 1;
        // The table has the beginnings of all names too, for zero.
        let Some(&characters) = NAMED_ENTITIES.get(&text[..length]) else { break };
        if characters.0 != 0 {
            found = Some((length, characters));
        }
    }
    let (length, (one, two)) = found?;
    let next = text.as_bytes().get(length);
    let may_be_query = place == In::Attribute && !text[..length].ends_with(';');
    if may_be_query && next.is_some_and(|byte| *byte == b'=' || byte.is_ascii_alphanumeric()) {
        return None;
    }
    decoded.extend([one, two].into_iter().filter(|number| *number != 0).filter_map(char::from_u32));
    Some(length)
}
