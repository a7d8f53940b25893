//! A batch: the commands of one read, answered together. All that it asks of one shard is one
//! message, and one comes back. A shard answers in order, so what a connection asks about one key
//! takes effect in the order it was sent in.

use std::collections::BTreeSet;

use bytes::Bytes;
use kerosene::prelude::*;
use redis_protocol::redis_keyslot;

use crate::command::{Join, Route};
use crate::protocol::{Reply, int, ok};
use crate::shard::{Ask, Question};

/// Commands answered in one go: bounds what a batch keeps, and how long it keeps a shard busy.
pub(crate) const COMMANDS_MAX: usize = 1024;

/// The reply of a shard that does not reply.
const CRASHED: &str = "ERR the shard has crashed, its keys are gone";

#[derive(Default)]
pub(crate) struct Batch {
    /// For each command how many replies it has, and how they become one.
    pub(crate) commands: Vec<(usize, Option<Join>)>,
    /// The replies to all commands, in order.
    pub(crate) replies: Vec<Reply>,
    /// What to ask of each shard.
    questions: Vec<Vec<Question>>,
    /// The shards that have been asked and have not answered.
    pub(crate) waiting: BTreeSet<usize>,
}

impl Batch {
    pub(crate) fn new(shards: usize) -> Self {
        let questions = (0..shards).map(|_| Vec::new()).collect();
        Self { questions, ..Self::default() }
    }

    /// Adds a command that shards answer.
    pub(crate) fn ask(&mut self, name: &'static str, args: Vec<Bytes>, route: Route) {
        let before = self.replies.len();
        let join = match route {
            Route::Here | Route::Key => {
                self.ask_shard(self.shard_of(&args[0]), name, args);
                None
            }
            Route::Keys(each, join) => {
                for args in args.chunks(each) {
                    self.ask_shard(self.shard_of(&args[0]), name, args.to_vec());
                }
                Some(join)
            }
            Route::All(join) => {
                for shard in 0..self.questions.len() {
                    self.ask_shard(shard, name, args.clone());
                }
                Some(join)
            }
        };
        self.commands.push((self.replies.len() - before, join));
    }

    fn shard_of(&self, key: &[u8]) -> usize {
        usize::from(redis_keyslot(key)) % self.questions.len()
    }

    fn ask_shard(&mut self, shard: usize, name: &'static str, args: Vec<Bytes>) {
        let place = self.replies.len();
        self.questions[shard].push(Question { place, name, args });
        self.replies.push(Reply::Error(CRASHED.into()));
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
        replies.into_iter().for_each(|(place, reply)| self.replies[place] = reply);
    }

    pub(crate) fn clear(&mut self) {
        self.commands.clear();
        self.replies.clear();
    }
}

impl Join {
    /// The one reply that many make; `None`: an array of them.
    pub(crate) fn join(self, replies: &[Reply]) -> Option<Reply> {
        if let Some(error) = replies.iter().find(|reply| matches!(reply, Reply::Error(_))) {
            return Some(error.clone());
        }
        let number = |reply: &Reply| if let Reply::Integer(number) = reply { *number } else { 0 };
        match self {
            Self::Array => None,
            Self::Ok => Some(ok()),
            Self::Sum => Some(int(replies.iter().map(number).sum::<i64>())),
        }
    }
}
