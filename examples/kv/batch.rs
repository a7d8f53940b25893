//! A batch: commands of one read, answered together. All that it asks of one shard is one message,
//! and one comes back. A shard answers in order, so what a connection asks about one key takes
//! effect in the order it was sent in.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hasher};

use bytes::Bytes;
use kerosene::prelude::*;

use crate::command::{Join, Route};
use crate::protocol::{Reply, error, int, ok};
use crate::shard::{Ask, Question};

/// Commands answered in one go: bounds what a batch keeps, and how long it keeps a shard busy.
pub(crate) const COMMANDS_MAX: usize = 1024;

#[derive(Default)]
pub(crate) struct Batch {
    /// For each command how many replies it has, and how they become one.
    pub(crate) commands: Vec<(usize, Join)>,
    /// The replies to all commands, in order; those that a crashed shard owes are missing.
    pub(crate) replies: Vec<Option<Reply>>,
    /// What to ask of each shard.
    questions: Vec<Vec<Question>>,
    /// The shards that have been asked and have not answered.
    pub(crate) waiting: BTreeSet<usize>,
}

impl Batch {
    pub(crate) fn new(shards: usize) -> Self {
        Self { questions: (0..shards).map(|_| Vec::new()).collect(), ..Self::default() }
    }

    /// Adds a command that shards answer.
    pub(crate) fn add(&mut self, name: &'static str, args: Vec<Bytes>, route: Route) {
        let before = self.replies.len();
        let join = match route {
            Route::Here | Route::Key => {
                self.ask(self.shard_of(&args[0]), name, args);
                Join::Only
            }
            Route::Keys(each, join) => {
                for args in args.chunks(each) {
                    self.ask(self.shard_of(&args[0]), name, args.to_vec());
                }
                join
            }
            Route::All(join) => {
                (0..self.questions.len()).for_each(|shard| self.ask(shard, name, args.clone()));
                join
            }
        };
        self.commands.push((self.replies.len() - before, join));
    }

    fn shard_of(&self, key: &[u8]) -> usize {
        let mut hasher = DefaultHasher::new();
        hasher.write(key);
        let shard = hasher.finish() % self.questions.len() as u64;
        usize::try_from(shard).expect("there are not so many")
    }

    fn ask(&mut self, shard: usize, name: &'static str, args: Vec<Bytes>) {
        self.questions[shard].push(Question { place: self.replies.len(), name, args });
        self.replies.push(None);
    }

    /// Sends the questions.
    pub(crate) fn send(&mut self, shards: &[Pid]) {
        for (shard, questions) in self.questions.iter_mut().enumerate() {
            if !questions.is_empty() {
                let questions = std::mem::take(questions);
                send(shards[shard], Ask { from: pid(), shard, questions });
                self.waiting.insert(shard);
            }
        }
    }

    /// Takes the answers of a shard.
    pub(crate) fn answered(&mut self, shard: usize, replies: Vec<(usize, Reply)>) {
        self.waiting.remove(&shard);
        for (place, reply) in replies {
            self.replies[place] = Some(reply);
        }
    }
}

impl Join {
    /// One reply, of many.
    pub(crate) fn join(self, replies: &mut impl Iterator<Item = Option<Reply>>) -> Reply {
        let (mut sum, mut items) = (0, Vec::new());
        for reply in replies {
            let gone = || error("ERR the shard has crashed, its keys are gone");
            match (self, reply.unwrap_or_else(gone)) {
                (Self::Only, reply) | (_, reply @ Reply::Error(_)) => return reply,
                (_, Reply::Integer(number)) => sum += number,
                (_, Reply::Array(found)) => items.extend(found),
                (_, item) => items.push(item),
            }
        }
        match self {
            Self::Array => Reply::Array(items),
            Self::Ok => ok(),
            Self::Only | Self::Sum => int(sum),
        }
    }
}
