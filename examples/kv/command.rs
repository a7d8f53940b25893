//! Which commands there are, how many arguments they take, and who answers them.

use std::ops::RangeInclusive;

use bytes::Bytes;
use smallvec::SmallVec;

/// A command: its name as this program writes it, its arguments, and who answers it.
pub(crate) type Command = (&'static str, Args, Route);
/// Most commands have one argument or two, which need no allocation.
pub(crate) type Args = SmallVec<[Bytes; 2]>;

/// Who answers a command.
#[derive(Clone, Copy)]
pub(crate) enum Route {
    /// The connection itself.
    Here,
    /// The shards of its keys: each so many arguments begin with one.
    Keys(usize),
    /// Every shard.
    All,
}
use Route::{All, Here, Keys};

const MANY: usize = usize::MAX;

#[rustfmt::skip]
const COMMANDS: &[(&[&str], RangeInclusive<usize>, Route)] = &[
    (&["set"], 2..=MANY, Keys(MANY)),
    (&["get", "incr", "decr", "strlen", "getdel", "type"], 1..=1, Keys(1)),
    (&["ttl", "pttl", "persist"], 1..=1, Keys(1)),
    (&["setnx", "append", "incrby", "decrby", "expire", "pexpire"], 2..=2, Keys(2)),
    (&["mget", "del", "exists"], 1..=MANY, Keys(1)),
    (&["mset"], 2..=MANY, Keys(2)),
    (&["dbsize"], 0..=0, All),
    (&["flushall"], 0..=1, All),
    (&["keys"], 1..=1, All),
    (&["ping"], 0..=1, Here),
    (&["echo", "select"], 1..=1, Here),
    (&["publish"], 2..=2, Here),
    (&["client", "config", "debug", "subscribe", "psubscribe"], 1..=MANY, Here),
    (&["command", "hello", "info", "quit", "shutdown"], 0..=MANY, Here),
    (&["unsubscribe", "punsubscribe"], 0..=MANY, Here),
];

/// What is quoted of a command that is not known.
const QUOTED_WORDS_MAX: usize = 8;
const QUOTED_BYTES_MAX: usize = 128;

/// The command of some words, one at least; an error is text for the client, in Redis' words.
pub(crate) fn find<'a>(
    mut words: impl ExactSizeIterator<Item = &'a [u8]>,
) -> Result<Command, String> {
    let word = words.next().unwrap_or_default();
    for (names, counts, route) in COMMANDS {
        let is_it = |name: &&&str| word.eq_ignore_ascii_case(name.as_bytes());
        let Some(name) = names.iter().find(is_it) else { continue };
        let is_whole = !matches!(route, Keys(2) if !words.len().is_multiple_of(2));
        return if is_whole && counts.contains(&words.len()) {
            Ok((name, words.map(Bytes::copy_from_slice).collect(), *route))
        } else {
            Err(format!("ERR wrong number of arguments for '{name}' command"))
        };
    }
    let quote = |word: &[u8]| {
        format!("'{}'", String::from_utf8_lossy(&word[..word.len().min(QUOTED_BYTES_MAX)]))
    };
    let args: String = words.take(QUOTED_WORDS_MAX).map(|arg| quote(arg) + " ").collect();
    Err(format!("ERR unknown command {}, with args beginning with: {args}", quote(word)))
}
