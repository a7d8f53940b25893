//! A batch: commands of one read, answered together. All that it asks of one shard is one message,
//! which comes back with the replies. A shard answers in order, so what a connection asks about one
//! key takes effect in the order it was sent in.

use std::hash::{DefaultHasher, Hasher};
use std::mem::take;

use kerosene::prelude::*;

use crate::command::{Args, Command, Route};
use crate::janitor::{find, shard_name};
use crate::protocol::{Reply, error};

/// Commands answered in one go: bounds what a batch keeps, and how long it keeps a shard busy.
const COMMANDS_MAX: usize = 1024;
/// Room for questions that is kept for the next batch.
const QUESTIONS_KEPT: usize = 32;

/// What a batch asks of a shard. The same comes back, with the replies.
pub(crate) struct Ask {
    pub(crate) from: Pid,
    pub(crate) questions: Vec<Question>,
    shard: usize,
}

/// A command about one key, or about all keys of a shard, and the place of its reply.
pub(crate) struct Question {
    pub(crate) name: &'static str,
    pub(crate) args: Args,
    pub(crate) reply: Reply,
    place: usize,
}

#[derive(Default)]
pub(crate) struct Batch {
    /// For each command how many replies it has, which become one.
    commands: Vec<usize>,
    /// The replies to all commands, in order; those that a shard owes are missing.
    replies: Vec<Option<Reply>>,
    shards: Vec<Shard>,
}

#[derive(Default)]
struct Shard {
    /// `None`: it must be found first.
    pid: Option<Pid>,
    questions: Vec<Question>,
    is_asked: bool,
}

impl Batch {
    pub(crate) fn new(shards: usize) -> Self {
        Self { shards: (0..shards).map(|_| Shard::default()).collect(), ..Self::default() }
    }

    pub(crate) fn is_full(&self) -> bool {
        self.commands.len() >= COMMANDS_MAX
    }

    /// Adds a command whose reply is known.
    pub(crate) fn reply(&mut self, reply: Reply) {
        self.replies.push(Some(reply));
        self.commands.push(1);
    }

    /// Adds a command that shards answer.
    pub(crate) fn ask(&mut self, (name, args, route): Command) {
        let before = self.replies.len();
        if let Route::Keys(each) = route {
            let mut args = args.into_iter();
            while args.len() > 0 {
                let args: Args = args.by_ref().take(each).collect();
                let mut hasher = DefaultHasher::new();
                hasher.write(&args[0]);
                let shard = hasher.finish() % self.shards.len() as u64;
                self.question(usize::try_from(shard).expect("there are few"), name, args);
            }
        } else {
            (0..self.shards.len()).for_each(|shard| self.question(shard, name, args.clone()));
        }
        self.commands.push(self.replies.len() - before);
    }

    fn question(&mut self, shard: usize, name: &'static str, args: Args) {
        let question = Question { name, args, reply: Reply::Null, place: self.replies.len() };
        self.shards[shard].questions.push(question);
        self.replies.push(None);
    }

    /// Has the shards answer; returns a reply for each command. Each shard that is asked sends its
    /// answers or has crashed; and what a process has sent arrives before the news of its end.
    pub(crate) async fn settle(&mut self) -> Vec<Reply> {
        for (index, shard) in self.shards.iter_mut().enumerate() {
            if !shard.questions.is_empty() {
                let to = match shard.pid {
                    Some(known) => known,
                    None => find(&shard_name(index)).await,
                };
                if shard.pid.replace(to).is_none() {
                    monitor(to);
                }
                let questions = take(&mut shard.questions);
                send(to, Ask { from: pid(), questions, shard: index });
                shard.is_asked = true;
            }
        }
        while self.shards.iter().any(|shard| shard.is_asked) {
            receive! {
                Ask { mut questions, shard, .. } => {
                    for question in questions.drain(..) {
                        self.replies[question.place] = Some(question.reply);
                    }
                    questions.shrink_to(QUESTIONS_KEPT);
                    self.shards[shard] = Shard { questions, is_asked: false, ..self.shards[shard] };
                }
                Down { pid, .. } => self.forget(pid),
            }
        }
        let gone = || error("ERR the shard has crashed, its keys are gone");
        let mut each = self.replies.drain(..).map(|reply| reply.unwrap_or_else(gone));
        let merged = |count| each.by_ref().take(count).reduce(merge).expect("there is a reply");
        let replies = self.commands.drain(..).map(merged).collect();
        drop(each);
        self.replies.shrink_to(QUESTIONS_KEPT);
        replies
    }

    /// Waits no longer for the answers of a shard that is gone.
    pub(crate) fn forget(&mut self, gone: Pid) {
        if let Some(shard) = self.shards.iter_mut().find(|shard| shard.pid == Some(gone)) {
            *shard = Shard::default();
        }
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
