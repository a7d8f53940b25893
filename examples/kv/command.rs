//! Which commands there are, how many arguments they take, and who answers them.

use std::ops::RangeInclusive;

use bytes::Bytes;

/// Who answers a command.
#[derive(Clone, Copy)]
pub(crate) enum Route {
    /// The connection itself.
    Here,
    /// The shard of the first argument.
    Key,
    /// The shards of all keys, with so many arguments for each.
    Keys(usize, Join),
    /// Every shard.
    All(Join),
}

/// How the answers of shards become one.
#[derive(Clone, Copy)]
pub(crate) enum Join {
    Array,
    Ok,
    Sum,
}

type Command = (&'static [&'static str], RangeInclusive<usize>, Route);

#[rustfmt::skip]
const COMMANDS: &[Command] = &[
    (&["get", "incr", "decr", "strlen", "getdel", "type"], 1..=1, Route::Key),
    (&["ttl", "pttl", "persist"], 1..=1, Route::Key),
    (&["set"], 2..=MANY, Route::Key),
    (&["setnx", "append", "incrby", "decrby", "expire", "pexpire"], 2..=2, Route::Key),
    (&["mget"], 1..=MANY, Route::Keys(1, Join::Array)),
    (&["mset"], 2..=MANY, Route::Keys(2, Join::Ok)),
    (&["del", "exists"], 1..=MANY, Route::Keys(1, Join::Sum)),
    (&["keys"], 1..=1, Route::All(Join::Array)),
    (&["dbsize"], 0..=0, Route::All(Join::Sum)),
    (&["flushall"], 0..=1, Route::All(Join::Ok)),
    (&["ping"], 0..=1, Route::Here),
    (&["echo", "select"], 1..=1, Route::Here),
    (&["publish"], 2..=2, Route::Here),
    (&["client", "config", "debug", "subscribe", "psubscribe"], 1..=MANY, Route::Here),
    (&["unsubscribe", "punsubscribe"], 0..=MANY, Route::Here),
    (&["command", "hello", "info", "quit", "shutdown"], 0..=MANY, Route::Here),
];
const MANY: usize = usize::MAX;

/// What is quoted of a command that is not known.
const QUOTED_WORDS_MAX: usize = 8;
const QUOTED_BYTES_MAX: usize = 128;

/// The name of a command as this program writes it, and who answers it.
///
/// # Errors
///
/// The text for the client, in Redis' words.
pub(crate) fn find(words: &[Bytes]) -> Result<(&'static str, Route), String> {
    let count = words.len() - 1;
    for (names, counts, route) in COMMANDS {
        if let Some(name) = names.iter().find(|name| words[0].eq_ignore_ascii_case(name.as_bytes()))
        {
            let is_whole = !matches!(route, Route::Keys(each, _) if !count.is_multiple_of(*each));
            return if counts.contains(&count) && is_whole {
                Ok((name, *route))
            } else {
                Err(format!("ERR wrong number of arguments for '{name}' command"))
            };
        }
    }
    let quote = |word: &Bytes| {
        String::from_utf8_lossy(&word[..word.len().min(QUOTED_BYTES_MAX)]).into_owned()
    };
    let args = words[1..].iter().take(QUOTED_WORDS_MAX).map(|word| format!("'{}' ", quote(word)));
    let args: String = args.collect();
    Err(format!("ERR unknown command '{}', with args beginning with: {args}", quote(&words[0])))
}
