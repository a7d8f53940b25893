//! RESP, the protocol of Redis: commands in, replies out.
//!
//! Replies are written by the crate `redis-protocol`. Commands are read here, for that crate's way
//! of reading is not for foreign clients: it follows nested arrays by recursion, so 32 KB of
//! `*1\r\n` overflow the stack and end the program for everybody; it knows no limits; and it starts
//! at the first byte again whenever a frame is incomplete. A command is only a flat array of
//! strings, or a line of words.

use std::ops::Range;

use bytes::{Bytes, BytesMut};
use redis_protocol::resp2::encode::extend_encode;
pub(crate) use redis_protocol::resp2::types::BytesFrame as Reply;

/// The most bytes of a command, hence of a key or a value: what one client can make us keep for it.
pub(crate) const COMMAND_BYTES_MAX: usize = 64 << 20;
/// The most words of a command: it keeps a shard busy, if its keys all belong there.
const WORDS_MAX: usize = 1 << 16;
/// The longest command in the form of a line: Redis' own limit.
const LINE_BYTES_MAX: usize = 64 << 10;

/// Reads commands from what has arrived, and remembers where it was in one that is incomplete.
#[derive(Default)]
pub(crate) struct Decoder {
    words: Vec<Range<usize>>,
    missing: usize,
    at: usize,
}

impl Decoder {
    /// Takes the next command off `input`, as slices of it; `None`: not all of it has arrived.
    ///
    /// # Errors
    ///
    /// The text for the client. What follows cannot be understood.
    pub(crate) fn next(&mut self, input: &mut BytesMut) -> Result<Option<Vec<Bytes>>, String> {
        if self.missing == 0 {
            if input.first().is_some_and(|first| *first != b'*') {
                return line(input);
            }
            let Some((words, at)) = head(input, 0, b'*', WORDS_MAX)? else { return Ok(None) };
            (self.missing, self.at) = (words, at);
        }
        while self.missing > 0 {
            let room = COMMAND_BYTES_MAX.saturating_sub(self.at);
            let Some((length, at)) = head(input, self.at, b'$', room)? else { return Ok(None) };
            if input.len() < at + length + 2 {
                return Ok(None);
            }
            self.words.push(at..at + length);
            self.at = at + length + 2;
            self.missing -= 1;
        }
        let command = input.split_to(self.at).freeze();
        Ok(Some(self.words.drain(..).map(|word| command.slice(word)).collect()))
    }
}

/// The length that the line at `at` gives, and where the next line starts.
fn head(input: &[u8], at: usize, kind: u8, max: usize) -> Result<Option<(usize, usize)>, String> {
    let Some((found, rest)) = input[at..].split_first() else { return Ok(None) };
    if *found != kind {
        return Err(format!("expected '{}', got '{}'", char::from(kind), found.escape_ascii()));
    }
    let mut length = 0;
    for (count, byte) in rest.iter().enumerate() {
        match byte {
            b'0'..=b'9' if length <= max => length = length * 10 + usize::from(byte - b'0'),
            b'\r' if length <= max && count > 0 => {
                return Ok((rest.len() > count + 1).then_some((length, at + count + 3)));
            }
            _ if kind == b'*' => return Err("invalid multibulk length".into()),
            _ => return Err("invalid bulk length".into()),
        }
    }
    Ok(None)
}

/// A command as one would type it, without Redis' quotes.
fn line(input: &mut BytesMut) -> Result<Option<Vec<Bytes>>, String> {
    match input.iter().take(LINE_BYTES_MAX).position(|byte| *byte == b'\n') {
        Some(end) => {
            let line = input.split_to(end + 1).freeze();
            let words = line.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
            Ok(Some(words.map(|word| line.slice_ref(word)).collect()))
        }
        None if input.len() < LINE_BYTES_MAX => Ok(None),
        None => Err("too big inline request".into()),
    }
}

/// A number as Redis reads one: no `+`, no leading zeros, no spaces.
pub(crate) fn integer(text: &[u8]) -> Option<i64> {
    match text {
        [b'0'] | [b'1'..=b'9', ..] | [b'-', b'1'..=b'9', ..] => {
            str::from_utf8(text).ok()?.parse().ok()
        }
        _ => None,
    }
}

/// The dialects a client can ask for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Version {
    Resp2,
    Resp3,
}

impl Version {
    /// Writes a reply that is no array.
    pub(crate) fn put(self, out: &mut BytesMut, reply: &Reply) {
        if (self, reply) == (Self::Resp3, &Reply::Null) {
            out.extend_from_slice(b"_\r\n");
        } else {
            extend_encode(out, reply, false).expect("the buffer grows as it must");
        }
    }

    /// Writes all that something of this kind consists of, see [`put_head`](Self::put_head).
    pub(crate) fn put_all(self, out: &mut BytesMut, kind: char, items: &[Reply]) {
        self.put_head(out, kind, items.len());
        for item in items {
            self.put(out, item);
        }
    }

    /// Writes the head of what consists of `length` replies: an array, or what RESP3 has beside it,
    /// `%`, a map of keys and values, or `>`, what was not asked for.
    pub(crate) fn put_head(self, out: &mut BytesMut, kind: char, length: usize) {
        let head = match (self, kind) {
            (Self::Resp3, '%') => format!("%{}\r\n", length / 2),
            (Self::Resp3, '>') => format!(">{length}\r\n"),
            _ => format!("*{length}\r\n"),
        };
        out.extend_from_slice(head.as_bytes());
    }
}

pub(crate) fn ok() -> Reply {
    simple("OK")
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
