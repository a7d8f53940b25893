//! Which commands there are, how many arguments they take, and who answers them.

use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::sync::LazyLock;

use bytes::Bytes;

/// Who answers a command.
#[derive(Clone, Copy)]
pub(crate) enum Route {
    /// The connection itself.
    Here,
    /// The shard of the first argument.
    Key,
    /// The shards of all arguments; a key comes with this many.
    Keys(usize, Join),
    /// Every shard.
    All(Join),
}

/// How one answer is made of those of many shards.
#[derive(Clone, Copy)]
pub(crate) enum Join {
    Array,
    Ok,
    Sum,
}

const MANY: usize = usize::MAX;

#[rustfmt::skip]
const COMMANDS: &[(&str, RangeInclusive<usize>, Route)] = &[
    ("get getdel strlen incr decr ttl pttl persist type", 1..=1, Route::Key),
    ("setnx append incrby decrby expire pexpire", 2..=2, Route::Key),
    ("set", 2..=MANY, Route::Key),
    ("mget", 1..=MANY, Route::Keys(1, Join::Array)),
    ("mset", 2..=MANY, Route::Keys(2, Join::Ok)),
    ("del exists", 1..=MANY, Route::Keys(1, Join::Sum)),
    ("keys", 1..=1, Route::All(Join::Array)),
    ("dbsize", 0..=0, Route::All(Join::Sum)),
    ("flushall", 0..=1, Route::All(Join::Ok)),
    ("ping", 0..=1, Route::Here),
    ("echo select", 1..=1, Route::Here),
    ("command hello info quit shutdown", 0..=MANY, Route::Here),
    ("client config debug", 1..=MANY, Route::Here),
    ("publish", 2..=2, Route::Here),
    ("subscribe psubscribe", 1..=MANY, Route::Here),
    ("unsubscribe punsubscribe", 0..=MANY, Route::Here),
];

type Command = (&'static str, &'static RangeInclusive<usize>, Route);

static TABLE: LazyLock<HashMap<&[u8], Command>> = LazyLock::new(|| {
    let names = |names: &'static str| names.split(' ');
    let rows = COMMANDS.iter().map(|(row, args, route)| (names(row), args, *route));
    rows.flat_map(|(names, args, route)| names.map(move |name| (name.as_bytes(), (name, args, route))))
        .collect()
});

/// What is quoted of a command that is not known.
const QUOTED_WORDS_MAX: usize = 8;
const QUOTED_BYTES_MAX: usize = 128;

/// The name of a command as this program writes it, and who answers it.
///
/// # Errors
///
/// The text for the client, in Redis' words.
pub(crate) fn find(words: &[Bytes]) -> Result<(&'static str, Route), String> {
    let Some((name, args, route)) = TABLE.get(&words[0].to_ascii_lowercase()[..]) else {
        let mut quoted = words.iter().take(QUOTED_WORDS_MAX).map(|word| {
            let word = &word[..word.len().min(QUOTED_BYTES_MAX)];
            format!("'{}'", String::from_utf8_lossy(word))
        });
        let name = quoted.next().unwrap_or_default();
        let args: String = quoted.map(|word| word + " ").collect();
        return Err(format!("ERR unknown command {name}, with args beginning with: {args}"));
    };
    let whole = if let Route::Keys(each, _) = route { (words.len() - 1) % each == 0 } else { true };
    if whole && args.contains(&(words.len() - 1)) {
        Ok((name, *route))
    } else {
        Err(format!("ERR wrong number of arguments for '{name}' command"))
    }
}
