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
                if shard.live(&key).is_none() {
                    shard.entries.remove(&key);
                }
            }
            Exit { pid, reason } if pid == janitor => return reason,
            Exit { .. } => {}
        }
    }
}

impl Shard {
    fn answer(&mut self, name: &str, args: &[Bytes]) -> Answer {
        Ok(match (name, args) {
            ("get" | "mget", [key]) => self.live(key).map_or(Reply::Null, |entry| entry.reply()),
            ("set" | "mset", [key, value, options @ ..]) => self.set(key, value, options)?,
            ("setnx", [key, value]) => int(self.set(key, value, &["nx".into()])? != Reply::Null),
            ("getdel", [key]) => self.take(key).map_or(Reply::Null, |old| bulk(old.value)),
            ("append", [key, tail]) => self.append(key, tail)?,
            ("strlen", [key]) => int(self.live(key).map_or(0, |entry| entry.value.len())),
            ("incr", [key]) => self.add(key, 1)?,
            ("decr", [key]) => self.add(key, -1)?,
            ("incrby", [key, amount]) => self.add(key, number(amount)?)?,
            ("decrby", [key, amount]) => {
                self.add(key, number(amount)?.checked_neg().ok_or("ERR decrement would overflow")?)?
            }
            ("del", [key]) => int(self.take(key).is_some()),
            ("exists", [key]) => int(self.live(key).is_some()),
            ("type", [key]) => simple(if self.live(key).is_some() { "string" } else { "none" }),
            ("expire", [key, seconds]) => {
                let ms = number(seconds)?.checked_mul(1000);
                self.expire(key, ms.ok_or("ERR invalid expire time in 'expire' command")?)
            }
            ("pexpire", [key, ms]) => self.expire(key, number(ms)?),
            ("persist", [key]) => {
                int(self.live(key).and_then(|entry| entry.expiry.take()).is_some())
            }
            ("pttl", [key]) => int(self.ttl_ms(key)),
            ("ttl", [key]) => int(match self.ttl_ms(key) {
                none @ ..0 => none,
                ms => (ms + 500) / 1000,
            }),
            ("keys", [pattern]) => {
                let keys = self.entries.iter().filter(|(key, _)| glob(pattern, key));
                let keys = keys.filter(|(_, entry)| entry.is_live(self.now));
                Reply::Array(keys.map(|(key, _)| bulk(key.clone())).collect())
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

    /// The entry of a key. An expired one is never seen, however late its timer.
    fn live(&mut self, key: &Bytes) -> Option<&mut Entry> {
        self.entries.get_mut(key).filter(|entry| entry.is_live(self.now))
    }

    fn take(&mut self, key: &Bytes) -> Option<Entry> {
        self.entries.remove(key).filter(|entry| entry.is_live(self.now))
    }

    /// Keeps copies: what arrives is a slice of all that the client sent with it, which would stay
    /// in memory as long as the slice.
    fn store(&mut self, key: &Bytes, value: &[u8], expiry: Option<Expiry>) {
        let entry = Entry { value: Bytes::copy_from_slice(value), expiry };
        if let Some(old) = self.entries.get_mut(key) {
            *old = entry;
        } else {
            self.entries.insert(Bytes::copy_from_slice(key), entry);
        }
    }

    fn set(&mut self, key: &Bytes, value: &[u8], options: &[Bytes]) -> Answer {
        let (mut only_if, mut get, mut keep, mut ttl) = (None, false, false, None);
        let mut words = options.iter();
        while let Some(word) = words.next() {
            match &word.to_ascii_lowercase()[..] {
                b"nx" if only_if.is_none() => only_if = Some(false),
                b"xx" if only_if.is_none() => only_if = Some(true),
                b"get" => get = true,
                b"keepttl" if ttl.is_none() => keep = true,
                unit @ (b"ex" | b"px") if ttl.is_none() && !keep => {
                    let amount = number(words.next().ok_or(SYNTAX)?)?;
                    let ms = amount.checked_mul(if unit == b"ex" { 1000 } else { 1 });
                    let ms = ms.and_then(|ms| u64::try_from(ms).ok()).filter(|ms| *ms > 0);
                    ttl = Some(ms.ok_or("ERR invalid expire time in 'set' command")?);
                }
                _ => return Err(SYNTAX),
            }
        }
        let (mut reply, mut expiry) = (ok(), None);
        if !options.is_empty() {
            let old = self.live(key);
            let is_refused = only_if.is_some_and(|is_there| is_there != old.is_some());
            if get || is_refused {
                reply = old.as_ref().filter(|_| get).map_or(Reply::Null, |entry| entry.reply());
            }
            if is_refused {
                return Ok(reply);
            }
            expiry = old.filter(|_| keep).and_then(|entry| entry.expiry.take());
        }
        let expiry = ttl.map(|ms| self.expiry(key, ms)).or(expiry);
        self.store(key, value, expiry);
        Ok(reply)
    }

    fn append(&mut self, key: &Bytes, tail: &[u8]) -> Answer {
        let Some(entry) = self.live(key) else {
            self.store(key, tail, None);
            return Ok(int(tail.len()));
        };
        if entry.value.len() + tail.len() > COMMAND_BYTES_MAX {
            return Err("ERR string exceeds maximum allowed size");
        }
        let mut value = BytesMut::from(std::mem::take(&mut entry.value));
        value.extend_from_slice(tail);
        entry.value = value.freeze();
        Ok(int(entry.value.len()))
    }

    fn add(&mut self, key: &Bytes, amount: i64) -> Answer {
        let entry = self.live(key);
        let old = entry.as_ref().map_or(Ok(0), |entry| number(&entry.value))?;
        let sum = old.checked_add(amount).ok_or("ERR increment or decrement would overflow")?;
        match entry {
            Some(entry) => entry.value = sum.to_string().into(),
            None => self.store(key, sum.to_string().as_bytes(), None),
        }
        Ok(int(sum))
    }

    fn expire(&mut self, key: &Bytes, ms: i64) -> Reply {
        let expiry = u64::try_from(ms).ok().filter(|ms| *ms > 0).map(|ms| self.expiry(key, ms));
        let Some(entry) = self.live(key) else { return int(0) };
        if expiry.is_some() {
            entry.expiry = expiry;
        } else {
            self.entries.remove(key);
        }
        int(1)
    }

    fn expiry(&self, key: &[u8], ms: u64) -> Expiry {
        let ttl = Duration::from_millis(ms);
        let timer = schedule(ttl, pid(), Expired(Bytes::copy_from_slice(key)));
        Expiry { at: self.now + ttl, timer }
    }

    fn ttl_ms(&mut self, key: &Bytes) -> i64 {
        let now = self.now;
        match self.live(key).map(|entry| &entry.expiry) {
            None => -2,
            Some(None) => -1,
            Some(Some(expiry)) => (expiry.at - now).as_millis().try_into().unwrap_or(i64::MAX),
        }
    }
}

impl Entry {
    fn is_live(&self, now: Instant) -> bool {
        self.expiry.as_ref().is_none_or(|expiry| expiry.at > now)
    }

    fn reply(&self) -> Reply {
        bulk(self.value.clone())
    }
}

fn number(text: &[u8]) -> Result<i64, &'static str> {
    integer(text).ok_or("ERR value is not an integer or out of range")
}
