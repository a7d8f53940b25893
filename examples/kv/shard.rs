//! A shard: a process that owns a part of the keys. Nobody else can touch them, so there is no
//! lock, and when it crashes nobody else's keys are gone.

use std::collections::HashMap;
use std::time::Instant;

use bytes::{Bytes, BytesMut};
use kerosene::prelude::*;

use crate::protocol::{COMMAND_BYTES_MAX, Reply, bulk, error, int, integer, ok, simple};
use crate::pubsub::glob;

/// What a batch asks of a shard. [`Answers`] come back.
pub(crate) struct Ask {
    pub(crate) from: Pid,
    pub(crate) shard: usize,
    pub(crate) questions: Vec<Question>,
}

/// A command about one key, or about all keys of the shard; the asker knows it by `place`.
pub(crate) struct Question {
    pub(crate) place: usize,
    pub(crate) name: &'static str,
    pub(crate) args: Vec<Bytes>,
}

/// One reply for each question.
pub(crate) struct Answers {
    pub(crate) shard: usize,
    pub(crate) replies: Vec<(usize, Reply)>,
}

/// The time of a key is over.
struct Expired(Bytes);

/// A reply, or the text of an error.
type Answer = Result<Reply, &'static str>;

const SYNTAX: &str = "ERR syntax error";

struct Shard {
    entries: HashMap<Bytes, Entry>,
    now: Instant,
}

struct Entry {
    value: Bytes,
    expiry: Option<Expiry>,
}

struct Expiry {
    at: Instant,
    timer: Timer,
}

impl Drop for Expiry {
    fn drop(&mut self) {
        self.timer.cancel();
    }
}

/// The body of the process. It outlives the signal with which the runtime stops, for connections
/// still need answers then; the janitor's end is its own.
pub(crate) async fn run(janitor: Pid) -> ExitReason {
    let mut shard = Shard { entries: HashMap::new(), now: Instant::now() };
    loop {
        receive! {
            Ask { from, shard: index, questions } => {
                shard.now = Instant::now();
                let answer = |Question { place, name, args }| {
                    (place, shard.answer(name, &args).unwrap_or_else(error))
                };
                let replies = questions.into_iter().map(answer).collect();
                send(from, Answers { shard: index, replies });
            }
            Expired(key) => {
                shard.now = Instant::now();
                shard.forget_if_expired(&key);
            }
            Exit { pid, reason } if pid == janitor => return reason,
            Exit { .. } => {}
        }
    }
}

impl Shard {
    fn answer(&mut self, name: &str, args: &[Bytes]) -> Answer {
        args.first().inspect(|key| self.forget_if_expired(key));
        Ok(match (name, args) {
            ("get" | "mget", [key]) => self.get(key),
            ("set" | "mset", [key, value, options @ ..]) => self.set(key, value, options)?,
            ("setnx", [key, value]) => int(self.set(key, value, &["nx".into()])? != Reply::Null),
            ("getdel", [key]) => {
                self.entries.remove(key).map_or(Reply::Null, |old| bulk(old.value))
            }
            ("del", [key]) => int(self.remove(key)),
            ("exists", [key]) => int(self.contains(key)),
            ("type", [key]) => simple(if self.contains(key) { "string" } else { "none" }),
            ("strlen", [key]) => int(self.entries.get(key).map_or(0, |entry| entry.value.len())),
            ("append", [key, tail]) => self.append(key, tail)?,
            ("incr", [key]) => self.add(key, 1)?,
            ("decr", [key]) => self.add(key, -1)?,
            ("incrby", [key, amount]) => self.add(key, number(amount)?)?,
            ("decrby", [key, amount]) => {
                self.add(key, number(amount)?.checked_neg().ok_or("ERR decrement would overflow")?)?
            }
            ("expire", [key, seconds]) => {
                let ms = number(seconds)?.checked_mul(1000);
                self.expire(key, ms.ok_or("ERR invalid expire time in 'expire' command")?)
            }
            ("pexpire", [key, ms]) => self.expire(key, number(ms)?),
            ("persist", [key]) => int(self.set_expiry(key, None)),
            ("pttl", [key]) => int(self.ttl_ms(key)),
            ("ttl", [key]) => match self.ttl_ms(key) {
                none @ ..0 => int(none),
                ms => int((ms + 500) / 1000),
            },
            ("keys", [pattern]) => {
                let keys = self.entries.keys().filter(|key| glob(pattern, key));
                Reply::Array(keys.cloned().map(bulk).collect())
            }
            ("dbsize", []) => int(self.entries.len()),
            ("flushall", _) => {
                self.entries = HashMap::new();
                ok()
            }
            ("debug", [key]) => panic!("DEBUG PANIC {}", key.escape_ascii()),
            _ => unreachable!("{name} is not for a shard"),
        })
    }

    fn get(&self, key: &Bytes) -> Reply {
        self.entries.get(key).map_or(Reply::Null, |entry| bulk(entry.value.clone()))
    }

    fn set(&mut self, key: &Bytes, value: &[u8], options: &[Bytes]) -> Answer {
        let (mut only_if, mut get, mut keep, mut ttl) = (None, false, false, None);
        let mut options = options.iter();
        while let Some(option) = options.next() {
            match &option.to_ascii_lowercase()[..] {
                b"nx" if only_if.is_none() => only_if = Some(false),
                b"xx" if only_if.is_none() => only_if = Some(true),
                b"get" => get = true,
                b"keepttl" if ttl.is_none() => keep = true,
                unit @ (b"ex" | b"px") if ttl.is_none() && !keep => {
                    let amount = number(options.next().ok_or(SYNTAX)?)?;
                    let ms = amount.checked_mul(if unit == b"ex" { 1000 } else { 1 });
                    let ms = ms.and_then(|ms| u64::try_from(ms).ok()).filter(|ms| *ms > 0);
                    ttl = Some(ms.ok_or("ERR invalid expire time in 'set' command")?);
                }
                _ => return Err(SYNTAX),
            }
        }
        let old = if get { self.get(key) } else { Reply::Null };
        if only_if.is_some_and(|found| found != self.contains(key)) {
            return Ok(old);
        }
        self.store(key, Bytes::copy_from_slice(value));
        if !keep {
            self.set_expiry(key, ttl);
        }
        Ok(if get { old } else { ok() })
    }

    /// Keeps a copy: what arrives is a slice of all that the client sent with it, which would stay
    /// in memory as long as the slice.
    fn store(&mut self, key: &[u8], value: Bytes) {
        if let Some(entry) = self.entries.get_mut(key) {
            entry.value = value;
        } else {
            self.entries.insert(Bytes::copy_from_slice(key), Entry { value, expiry: None });
        }
    }

    fn remove(&mut self, key: &Bytes) -> bool {
        self.entries.remove(key).is_some()
    }

    fn contains(&self, key: &Bytes) -> bool {
        self.entries.contains_key(key)
    }

    fn append(&mut self, key: &Bytes, tail: &Bytes) -> Answer {
        let old = self.entries.get_mut(key).map(|entry| std::mem::take(&mut entry.value));
        let mut value = BytesMut::from(old.unwrap_or_default());
        let fits = value.len() + tail.len() <= COMMAND_BYTES_MAX;
        value.extend_from_slice(if fits { tail } else { b"" });
        let length = value.len();
        self.store(key, value.freeze());
        if fits { Ok(int(length)) } else { Err("ERR string exceeds maximum allowed size") }
    }

    fn add(&mut self, key: &Bytes, amount: i64) -> Answer {
        let old = self.entries.get(key).map_or(Ok(0), |entry| number(&entry.value))?;
        let sum = old.checked_add(amount).ok_or("ERR increment or decrement would overflow")?;
        self.store(key, sum.to_string().into());
        Ok(int(sum))
    }

    fn expire(&mut self, key: &Bytes, ms: i64) -> Reply {
        match u64::try_from(ms) {
            Ok(ms @ 1..) => {
                self.set_expiry(key, Some(ms));
                int(self.contains(key))
            }
            _ => int(self.remove(key)),
        }
    }

    /// Says when a key ends, if ever; answers whether that was said before.
    fn set_expiry(&mut self, key: &Bytes, ms: Option<u64>) -> bool {
        let Some(entry) = self.entries.get_mut(key) else {
            return false;
        };
        let expiry = ms.map(Duration::from_millis).map(|ttl| Expiry {
            at: self.now + ttl,
            timer: schedule(ttl, pid(), Expired(Bytes::copy_from_slice(key))),
        });
        std::mem::replace(&mut entry.expiry, expiry).is_some()
    }

    fn ttl_ms(&self, key: &Bytes) -> i64 {
        match self.entries.get(key).map(|entry| entry.expiry.as_ref()) {
            None => -2,
            Some(None) => -1,
            Some(Some(expiry)) => (expiry.at - self.now).as_millis().try_into().unwrap_or(i64::MAX),
        }
    }

    /// An expired key is never seen, however late its timer.
    fn forget_if_expired(&mut self, key: &Bytes) {
        let expiry = self.entries.get(key).and_then(|entry| entry.expiry.as_ref());
        if expiry.is_some_and(|expiry| expiry.at <= self.now) {
            self.remove(key);
        }
    }
}

fn number(text: &[u8]) -> Result<i64, &'static str> {
    integer(text).ok_or("ERR value is not an integer or out of range")
}
