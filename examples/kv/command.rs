//! Commands: which there are, and who answers them.
//!
//! Commands of one read are a batch. All that it asks of one shard is one call, answered in order;
//! its questions come back with their replies. They say where in the batch's text their words are.

use std::hash::BuildHasher;
use std::mem::take;
use std::ops::RangeInclusive;
use std::sync::Arc;

use bytes::Bytes;
use foldhash::fast::FixedState;
use kerosene::otp::whereis_or_wait;
use kerosene::prelude::*;
use smallvec::SmallVec;

use crate::protocol::{Reply, Word, error};

const RESTART_MAX: Duration = Duration::from_secs(1); // to wait for what is being started again
/// How many words, and how much of each, are quoted of a command that is not known.
const QUOTED_MAX: [usize; 2] = [8, 128];

/// Where the arguments are. Most commands have one or two, which need no allocation.
type Args = SmallVec<[Word; 2]>;

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
    (&["get", "incr", "decr", "strlen", "getdel", "type", "ttl", "pttl"], 1..=1, Keys(1)),
    (&["persist"], 1..=1, Keys(1)),
    (&["setnx", "append", "incrby", "decrby", "expire", "pexpire"], 2..=2, Keys(2)),
    (&["mget", "del", "exists"], 1..=usize::MAX, Keys(1)),
    (&["mset"], 2..=usize::MAX, Keys(2)),
    (&["debug"], 2..=2, Keys(2)),
    (&["dbsize"], 0..=0, All),
    (&["flushall"], 0..=1, All),
    (&["keys"], 1..=1, All),
    (&["ping"], 0..=1, Here),
    (&["echo", "select"], 1..=1, Here),
    (&["publish"], 2..=2, Here),
    (&["client", "config", "subscribe", "psubscribe"], 1..=usize::MAX, Here),
    (&["command", "hello", "info", "quit", "shutdown"], 0..=usize::MAX, Here),
    (&["unsubscribe", "punsubscribe"], 0..=usize::MAX, Here),
];

/// The name of a command as this program writes it, and who answers it.
pub(crate) fn find(text: &[u8], words: &[Word]) -> Result<(&'static str, Route), String> {
    let (word, args) = (&text[words[0].clone()], &words[1..]);
    for (names, counts, route) in COMMANDS {
        let is_it = |name: &&&str| word.eq_ignore_ascii_case(name.as_bytes());
        let Some(name) = names.iter().find(is_it) else { continue };
        let is_whole = !matches!(route, Keys(2) if !args.len().is_multiple_of(2));
        return if is_whole && counts.contains(&args.len()) {
            Ok((name, *route))
        } else {
            Err(format!("ERR wrong number of arguments for '{name}' command"))
        };
    }
    let cut = |word: &Word| {
        String::from_utf8_lossy(&text[word.start..word.end.min(word.start + QUOTED_MAX[1])])
    };
    let quoted = args.iter().take(QUOTED_MAX[0]).map(|arg| format!("'{}' ", cut(arg)));
    let (word, args) = (cut(&words[0]), quoted.collect::<String>());
    Err(format!("ERR unknown command '{word}', with args beginning with: {args}"))
}

pub(crate) struct Ask {
    pub(crate) text: Bytes,
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

    pub(crate) fn ask(&mut self, name: &'static str, route: Route, text: &[u8], args: &[Word]) {
        let (before, shards) = (self.replies.len(), self.shards.len());
        let mut question = |shard: usize, args: &[Word]| {
            let (args, place) = (args.iter().cloned().collect(), self.replies.len());
            self.questions[shard].push(Question { name, args, reply: Reply::Null, place });
            self.replies.push(None);
        };
        if let Keys(each) = route {
            for args in args.chunks(each) {
                let key = &args[usize::from(name == "debug")]; // `DEBUG PANIC key`
                let shard = FixedState::default().hash_one(&text[key.clone()]) % shards as u64;
                question(usize::try_from(shard).expect("there are few"), args);
            }
        } else {
            (0..shards).for_each(|shard| question(shard, args));
        }
        self.commands.push(self.replies.len() - before);
    }

    /// Has the shards answer, all at the same time; returns a reply for each command.
    pub(crate) async fn settle(&mut self, text: Bytes) -> Vec<Reply> {
        let mut calls: SmallVec<[_; 4]> = SmallVec::new();
        let asked = self.shards.iter().zip(&mut self.questions).filter(|it| !it.1.is_empty());
        for (name, asked) in asked {
            let (text, questions) = (text.clone(), take(asked));
            if let Some(shard) = whereis_or_wait(name, RESTART_MAX).await {
                let call = call_with(shard, |reply_to| Ask { text, questions, reply_to });
                calls.push((asked, call.send()));
            }
        }
        drop(text); // when nobody has it any more its buffer is used again
        for (asked, call) in calls {
            // A call of a shard that crashes fails. The room is kept for the next questions.
            *asked = call.await.unwrap_or_default();
            asked.drain(..).for_each(|it| self.replies[it.place] = Some(it.reply));
        }
        let gone = || error("ERR the shard has crashed, its keys are gone");
        let mut each = self.replies.drain(..).map(|reply| reply.unwrap_or_else(gone));
        let merged = |count| each.by_ref().take(count).reduce(merge).expect("there is a reply");
        self.commands.drain(..).map(merged).collect()
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
