//! RESP, the protocol of Redis: commands in, replies out.
//!
//! The crate `redis-protocol` writes replies; it has too few limits to read what strangers send.

use std::fmt::Write;
use std::ops::Range;

use bytes::{Bytes, BytesMut};
use redis_protocol::resp2::encode::extend_encode;
pub(crate) use redis_protocol::resp2::types::BytesFrame as Reply;

/// The most bytes of a command, hence of a key or a value: what one client can make us keep for it.
pub(crate) const COMMAND_BYTES_MAX: usize = 64 << 20;
const WORDS_MAX: usize = 1 << 16; // of a command: it keeps a shard busy, if all are its keys
const KEPT_BYTES: usize = 64 << 10; // the buffer of a longer text is not used again
const LINE_BYTES_MAX: usize = 64 << 10; // a command in the form of a line: Redis' own limit
const DIGITS_MAX: usize = 9; // of a length: no sum of them overflows

pub(crate) type Word = Range<usize>;

/// Finds commands in what has arrived, and remembers where it was in one that is incomplete.
#[derive(Default)]
pub(crate) struct Decoder {
    pub(crate) input: BytesMut,
    /// Where the last whole command ends.
    whole: usize,
    /// The words of the command, how many are missing, and from where to read on.
    words: Vec<Word>,
    missing: usize,
    at: usize,
}

impl Decoder {
    /// The next command and the text it is in. An error without a text: it is incomplete.
    pub(crate) fn next(&mut self) -> Result<(&[u8], &[Word]), Option<String>> {
        if self.missing == 0 {
            self.words.clear();
            self.at = self.whole;
            match self.input.get(self.at).ok_or(None)? {
                b'*' => (self.missing, self.at) = self.length(b'*', WORDS_MAX)?,
                _ => self.line()?,
            }
        }
        while self.missing > 0 {
            let room = COMMAND_BYTES_MAX.saturating_sub(self.at - self.whole);
            let (length, start) = self.length(b'$', room)?;
            if self.input.len() < start + length + 2 {
                return Err(None);
            }
            self.words.push(start..start + length);
            self.at = start + length + 2;
            self.missing -= 1;
        }
        self.whole = self.at;
        Ok((&self.input, &self.words))
    }

    /// Hands over the text of the whole commands. One that is incomplete is then read anew.
    pub(crate) fn take(&mut self) -> Bytes {
        let text = self.input.split_to(self.whole).freeze();
        if !text.is_empty() {
            (self.whole, self.missing) = (0, 0);
        }
        if text.len() > KEPT_BYTES && self.input.is_empty() {
            self.input = BytesMut::new(); // it is in the same buffer as the text
        }
        text
    }

    /// The length that the line at `at` gives, and where the next line starts.
    fn length(&self, kind: u8, max: usize) -> Result<(usize, usize), Option<String>> {
        let mut bytes = self.input[self.at..].iter();
        let found = bytes.next().ok_or(None)?;
        if *found != kind {
            let (kind, found) = (char::from(kind), found.escape_ascii());
            return Err(Some(format!("expected '{kind}', got '{found}'")));
        }
        let mut length = 0;
        for digits in 0..=DIGITS_MAX {
            match bytes.next().ok_or(None)? {
                digit if digit.is_ascii_digit() && digits < DIGITS_MAX => {
                    length = length * 10 + usize::from(digit - b'0');
                }
                b'\r' if digits > 0 && length <= max => {
                    bytes.next().ok_or(None)?; // surely a line feed
                    return Ok((length, self.at + digits + 3));
                }
                _ => break,
            }
        }
        let what = if kind == b'*' { "multibulk" } else { "bulk" };
        Err(Some(format!("invalid {what} length")))
    }

    /// Reads a command as one would type it, without Redis' quotes.
    fn line(&mut self) -> Result<(), Option<String>> {
        let line = &self.input[self.at..];
        let line = &line[..line.len().min(LINE_BYTES_MAX)];
        let end = line.iter().position(|byte| *byte == b'\n').ok_or_else(|| match line.len() {
            LINE_BYTES_MAX => Some("too big inline request".into()),
            _ => None,
        })?;
        for word in line[..end].split(u8::is_ascii_whitespace) {
            self.words.extend((!word.is_empty()).then_some(self.at..self.at + word.len()));
            self.at += word.len() + 1;
        }
        Ok(())
    }
}

/// Writes a reply that is no array.
pub(crate) fn put(out: &mut BytesMut, resp3: bool, reply: &Reply) {
    if resp3 && *reply == Reply::Null {
        out.extend_from_slice(b"_\r\n");
    } else {
        extend_encode(out, reply, false).expect("the buffer grows as it must");
    }
}

/// Writes an array, or what RESP3 has instead: `%`, a map, and `>`, what was not asked for.
pub(crate) fn put_all(out: &mut BytesMut, resp3: bool, kind: char, items: &[Reply]) {
    let kind = if resp3 { kind } else { '*' };
    put_head(out, kind, if kind == '%' { items.len() / 2 } else { items.len() });
    for item in items {
        put(out, resp3, item);
    }
}

pub(crate) fn put_head(out: &mut BytesMut, kind: char, length: usize) {
    write!(out, "{kind}{length}\r\n").expect("the buffer grows as it must");
}

pub(crate) fn simple(text: &'static str) -> Reply {
    Reply::SimpleString(text.into())
}

pub(crate) fn bulk(text: impl Into<Bytes>) -> Reply {
    Reply::BulkString(text.into())
}

pub(crate) fn int(number: impl TryInto<i64>) -> Reply {
    Reply::Integer(number.try_into().unwrap_or(i64::MAX))
}

/// An error. A line break in it would end the reply, so it has none.
pub(crate) fn error(text: impl AsRef<str>) -> Reply {
    Reply::Error(text.as_ref().replace(['\r', '\n'], " ").into())
}
