//! A batch: commands of one read, answered together. All that it asks of one shard is one message,
//! and one comes back. A shard answers in order, so what a connection asks about one key takes
//! effect in the order it was sent in.

use std::hash::{DefaultHasher, Hasher};

use bytes::Bytes;
use kerosene::prelude::*;

use crate::command::{Join, Route};
use crate::janitor::find_shard;
use crate::protocol::{Reply, error, int, ok};
use crate::shard::{Answers, Ask, Question};

/// Commands answered in one go: bounds what a batch keeps, and how long it keeps a shard busy.
const COMMANDS_MAX: usize = 1024;

pub(crate) struct Batch {
    /// For each command how many replies it has, and how they become one.
    commands: Vec<(usize, Option<Join>)>,
    /// The replies to all commands, in order; those that a crashed shard owes are missing.
    replies: Vec<Option<Reply>>,
    shards: Vec<Shard>,
}

struct Shard {
    pid: Pid,
    questions: Vec<Question>,
    is_asked: bool,
}

impl Batch {
    pub(crate) async fn new(shards: usize) -> Self {
        let mut batch = Self { commands: Vec::new(), replies: Vec::new(), shards: Vec::new() };
        for shard in 0..shards {
            let pid = find_shard(shard, pid()).await;
            batch.shards.push(Shard { pid, questions: Vec::new(), is_asked: false });
        }
        batch
    }

    pub(crate) fn is_full(&self) -> bool {
        self.commands.len() >= COMMANDS_MAX
    }

    /// Adds a command that shards answer.
    pub(crate) fn add(&mut self, name: &'static str, args: Vec<Bytes>, route: Route) {
        let before = self.replies.len();
        let join = match route {
            Route::Here | Route::Key => {
                self.ask(self.shard_of(&args[0]), name, args);
                None
            }
            Route::Keys(each, join) => {
                for args in args.chunks(each) {
                    self.ask(self.shard_of(&args[0]), name, args.to_vec());
                }
                Some(join)
            }
            Route::All(join) => {
                (0..self.shards.len()).for_each(|shard| self.ask(shard, name, args.clone()));
                Some(join)
            }
        };
        self.commands.push((self.replies.len() - before, join));
    }

    fn shard_of(&self, key: &[u8]) -> usize {
        let mut hasher = DefaultHasher::new();
        hasher.write(key);
        let shard = hasher.finish() % self.shards.len() as u64;
        usize::try_from(shard).expect("there are not so many")
    }

    fn ask(&mut self, shard: usize, name: &'static str, args: Vec<Bytes>) {
        self.shards[shard].questions.push(Question { place: self.replies.len(), name, args });
        self.replies.push(None);
    }

    /// Has the shards answer; returns a reply for each command. Each shard that is asked sends its
    /// answers or has crashed; and what a process has sent arrives before the news of its end.
    pub(crate) async fn settle(&mut self) -> Vec<Reply> {
        for (index, shard) in self.shards.iter_mut().enumerate() {
            if !shard.questions.is_empty() {
                let questions = std::mem::take(&mut shard.questions);
                send(shard.pid, Ask { from: pid(), shard: index, questions });
                shard.is_asked = true;
            }
        }
        while self.shards.iter().any(|shard| shard.is_asked) {
            receive! {
                Answers { shard, replies } => {
                    self.shards[shard].is_asked = false;
                    for (place, reply) in replies {
                        self.replies[place] = Some(reply);
                    }
                }
                Down { pid, .. } => self.replace(pid).await,
            }
        }
        let gone = || error("ERR the shard has crashed, its keys are gone");
        let mut replies = self.replies.drain(..).map(|reply| reply.unwrap_or_else(gone));
        let answer = |(count, join): (usize, Option<Join>)| match join {
            None => replies.next().expect("a command has a reply"),
            Some(join) => join.join(replies.by_ref().take(count).collect()),
        };
        self.commands.drain(..).map(answer).collect()
    }

    /// Finds who has the place of a shard that is gone, and waits no longer for its answers.
    pub(crate) async fn replace(&mut self, gone: Pid) {
        if let Some(shard) = self.shards.iter().position(|shard| shard.pid == gone) {
            self.shards[shard].pid = find_shard(shard, gone).await;
            self.shards[shard].is_asked = false;
        }
    }
}

impl Join {
    /// One reply, of many.
    fn join(self, replies: Vec<Reply>) -> Reply {
        if let Some(error) = replies.iter().find(|reply| matches!(reply, Reply::Error(_))) {
            return error.clone();
        }
        let (mut sum, mut items) = (0, Vec::new());
        for reply in replies {
            match reply {
                Reply::Integer(number) => sum += number,
                Reply::Array(found) => items.extend(found),
                item => items.push(item),
            }
        }
        match self {
            Self::Array => Reply::Array(items),
            Self::Ok => ok(),
            Self::Sum => int(sum),
        }
    }
}
