//! Commands: which there are, and who answers them.
//!
//! Commands of one read are a batch. All that it asks of one shard is one call; its questions come
//! back with their replies. A shard answers in order: what is asked about one key stays in order.

use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::mem::take;
use std::ops::RangeInclusive;
use std::sync::Arc;

use bytes::Bytes;
use kerosene::otp::whereis_or_wait;
use kerosene::prelude::*;
use smallvec::SmallVec;

use crate::protocol::{Reply, error};

/// How long to wait for what is being started again.
const RESTART_MAX: Duration = Duration::from_secs(1);
/// Room for how many questions is kept between batches.
const KEPT_MAX: usize = 64;
/// How many words, and how much of each, are quoted of a command that is not known.
const QUOTED_MAX: [usize; 2] = [8, 128];

/// A command: its name as this program writes it, its arguments, and who answers it.
pub(crate) type Command = (&'static str, Args, Route);
/// Most commands have one argument or two, which need no allocation.
pub(crate) type Args = SmallVec<[Bytes; 2]>;

/// Who answers: the connection, all shards, or those of the keys, each first of so many arguments.
#[derive(Clone, Copy)]
pub(crate) enum Route {
    Here,
    All,
    Keys(usize),
}
use Route::{All, Here, Keys};

#[rustfmt::skip]
const COMMANDS: &[(&[&str], RangeInclusive<usize>, Route)] = &[
    (&["set"], 2..=usize::MAX, Keys(usize::MAX)),
    (&["get", "incr", "decr", "strlen", "getdel", "type"], 1..=1, Keys(1)),
    (&["ttl", "pttl", "persist"], 1..=1, Keys(1)),
    (&["setnx", "append", "incrby", "decrby", "expire", "pexpire"], 2..=2, Keys(2)),
    (&["mget", "del", "exists"], 1..=usize::MAX, Keys(1)),
    (&["mset"], 2..=usize::MAX, Keys(2)),
    (&["dbsize"], 0..=0, All),
    (&["flushall"], 0..=1, All),
    (&["keys"], 1..=1, All),
    (&["ping"], 0..=1, Here),
    (&["echo", "select"], 1..=1, Here),
    (&["publish"], 2..=2, Here),
    (&["client", "config", "debug", "subscribe", "psubscribe"], 1..=usize::MAX, Here),
    (&["command", "hello", "info", "quit", "shutdown"], 0..=usize::MAX, Here),
    (&["unsubscribe", "punsubscribe"], 0..=usize::MAX, Here),
];

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
    let cut = |word: &'a [u8]| String::from_utf8_lossy(&word[..word.len().min(QUOTED_MAX[1])]);
    let args: Vec<_> = words.take(QUOTED_MAX[0]).map(|arg| format!("'{}' ", cut(arg))).collect();
    Err(format!("ERR unknown command '{}', with args beginning with: {}", cut(word), args.concat()))
}

pub(crate) struct Ask {
    pub(crate) questions: Vec<Question>,
    pub(crate) reply_to: ReplyTo<Vec<Question>>,
}

/// A command about one key, or about all keys of a shard, and the place of its reply.
pub(crate) struct Question {
    pub(crate) name: &'static str,
    pub(crate) args: Args,
    pub(crate) reply: Reply,
    place: usize,
}

pub(crate) struct Batch {
    /// For each command how many replies it has, which become one.
    commands: Vec<usize>,
    /// The replies to all commands, in order; those that a shard owes are missing.
    replies: Vec<Option<Reply>>,
    shards: Arc<[Name]>,
    questions: Vec<Vec<Question>>,
}

impl Batch {
    pub(crate) fn new(shards: Arc<[Name]>) -> Self {
        let questions = shards.iter().map(|_| Vec::new()).collect();
        Self { commands: Vec::new(), replies: Vec::new(), shards, questions }
    }

    pub(crate) fn reply(&mut self, reply: Reply) {
        self.replies.push(Some(reply));
        self.commands.push(1);
    }

    pub(crate) fn ask(&mut self, (name, args, route): Command) {
        let before = self.replies.len();
        if let Keys(each) = route {
            let mut args = args.into_iter();
            while args.len() > 0 {
                let args: Args = args.by_ref().take(each).collect();
                let hash = BuildHasherDefault::<DefaultHasher>::new().hash_one(&args[0]);
                let shard = hash % self.shards.len() as u64;
                self.question(usize::try_from(shard).expect("there are few"), name, args);
            }
        } else {
            (0..self.shards.len()).for_each(|shard| self.question(shard, name, args.clone()));
        }
        self.commands.push(self.replies.len() - before);
    }

    fn question(&mut self, shard: usize, name: &'static str, args: Args) {
        let place = self.replies.len();
        self.questions[shard].push(Question { name, args, reply: Reply::Null, place });
        self.replies.push(None);
    }

    /// Has the shards answer, all at the same time; returns a reply for each command.
    pub(crate) async fn settle(&mut self) -> Vec<Reply> {
        let mut calls: SmallVec<[_; 4]> = SmallVec::new();
        let asked = self.shards.iter().zip(&mut self.questions).filter(|it| !it.1.is_empty());
        for (name, asked) in asked {
            let questions = take(asked);
            if let Some(shard) = whereis_or_wait(name, RESTART_MAX).await {
                calls
                    .push((asked, call_with(shard, |reply_to| Ask { questions, reply_to }).send()));
            }
        }
        for (asked, call) in calls {
            // A call of a shard that crashes fails. The room is kept for the next questions.
            *asked = call.await.unwrap_or_default();
            asked.drain(..).for_each(|it| self.replies[it.place] = Some(it.reply));
            asked.shrink_to(KEPT_MAX);
        }
        let gone = || error("ERR the shard has crashed, its keys are gone");
        let mut each = take(&mut self.replies).into_iter().map(|reply| reply.unwrap_or_else(gone));
        let merged = |count| each.by_ref().take(count).reduce(merge).expect("there is a reply");
        take(&mut self.commands).into_iter().map(merged).collect()
    }
}

/// One reply, of two: an error if there is one; numbers are added up, arrays joined.
fn merge(one: Reply, other: Reply) -> Reply {
    match (one, other) {
        (error @ Reply::Error(_), _) | (_, error @ Reply::Error(_)) => error,
        (Reply::Integer(one), Reply::Integer(other)) => Reply::Integer(one + other),
        (Reply::Array(mut items), Reply::Array(others)) => {
            items.extend(others);
            Reply::Array(items)
        }
        (same, _) => same,
    }
}
