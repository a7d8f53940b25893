//! A shard: a process that owns a part of the keys. Nobody else can touch them, so there is no
//! lock, and when it crashes nobody else's keys are gone.

use std::cell::Cell;
use std::collections::{BTreeSet, HashMap};
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

/// A reply, or the text of an error.
type Answer = Result<Reply, &'static str>;

const SYNTAX: &str = "ERR syntax error";
/// Expired keys that are removed before others have a turn.
const SWEEP_KEYS_MAX: usize = 1000;

struct Shard {
    entries: HashMap<Bytes, Entry>,
    /// The keys that expire, soonest first.
    expiring: BTreeSet<(Instant, Bytes)>,
    now: Instant,
}

struct Entry {
    value: Bytes,
    expires: Cell<Option<Instant>>,
}

/// The body of the process. It outlives the signal with which the runtime stops, for connections
/// still need answers then; the janitor's end is its own.
pub(crate) async fn run(janitor: Pid) -> ExitReason {
    let (entries, expiring) = (HashMap::new(), BTreeSet::new());
    let mut shard = Shard { entries, expiring, now: Instant::now() };
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
            Exit { pid, reason } if pid == janitor => return reason,
            Exit { .. } => {}
            after shard.until_next_expires() => shard.now = Instant::now(),
        }
        shard.sweep(SWEEP_KEYS_MAX);
    }
}

impl Shard {
    fn answer(&mut self, name: &str, args: &[Bytes]) -> Answer {
        if let (Some(key), false) = (args.first(), self.expiring.is_empty()) {
            self.forget_if_expired(key);
        }
        Ok(match (name, args) {
            ("get" | "mget", [key]) => self.get(key),
            ("set" | "mset", [key, value, options @ ..]) => self.set(key, value, options)?,
            ("setnx", [key, value]) => int(self.set(key, value, &["nx".into()])? != Reply::Null),
            ("getdel", [key]) => self.take(key).map_or(Reply::Null, |old| bulk(old.value)),
            ("append", [key, tail]) => self.append(key, tail)?,
            ("strlen", [key]) => int(self.entries.get(key).map_or(0, |entry| entry.value.len())),
            ("incr", [key]) => self.add(key, 1)?,
            ("decr", [key]) => self.add(key, -1)?,
            ("incrby", [key, amount]) => self.add(key, number(amount)?)?,
            ("decrby", [key, amount]) => {
                self.add(key, number(amount)?.checked_neg().ok_or("ERR decrement would overflow")?)?
            }
            ("del", [key]) => int(self.take(key).is_some()),
            ("exists", [key]) => int(self.entries.contains_key(key)),
            ("type", [key]) if self.entries.contains_key(key) => simple("string"),
            ("type", [_]) => simple("none"),
            ("expire", [key, seconds]) => {
                let ms = number(seconds)?.checked_mul(1000);
                self.expire(key, ms.ok_or("ERR invalid expire time in 'expire' command")?)
            }
            ("pexpire", [key, ms]) => self.expire(key, number(ms)?),
            ("persist", [key]) => int(self.set_expiry(key, None)),
            ("pttl", [key]) => int(self.ttl_ms(key)),
            ("ttl", [key]) => int(match self.ttl_ms(key) {
                none @ ..0 => none,
                ms => (ms + 500) / 1000,
            }),
            ("keys", [pattern]) => {
                self.sweep(usize::MAX);
                let keys = self.entries.keys().filter(|key| glob(pattern, key));
                Reply::Array(keys.cloned().map(bulk).collect())
            }
            ("dbsize", []) => {
                self.sweep(usize::MAX);
                int(self.entries.len())
            }
            ("flushall", _) => {
                (self.entries, self.expiring) = (HashMap::new(), BTreeSet::new());
                ok()
            }
            ("debug", [key]) => panic!("DEBUG PANIC {}", key.escape_ascii()),
            _ => unreachable!("{name} is not for a shard"),
        })
    }

    fn get(&self, key: &Bytes) -> Reply {
        self.entries.get(key).map_or(Reply::Null, |entry| bulk(entry.value.clone()))
    }

    /// Keeps a copy: what arrives is a slice of all that the client sent with it, which would stay
    /// in memory as long as the slice.
    fn store(&mut self, key: &Bytes, value: Bytes) {
        if let Some(entry) = self.entries.get_mut(key) {
            entry.value = value;
        } else {
            let entry = Entry { value, expires: Cell::new(None) };
            self.entries.insert(Bytes::copy_from_slice(key), entry);
        }
    }

    fn take(&mut self, key: &Bytes) -> Option<Entry> {
        self.set_expiry(key, None);
        self.entries.remove(key)
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
        let old = if get { self.get(key) } else { Reply::Null };
        if only_if.is_some_and(|is_there| is_there != self.entries.contains_key(key)) {
            return Ok(old);
        }
        self.store(key, Bytes::copy_from_slice(value));
        if !keep {
            self.set_expiry(key, ttl);
        }
        Ok(if get { old } else { ok() })
    }

    fn append(&mut self, key: &Bytes, tail: &[u8]) -> Answer {
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
                int(self.entries.contains_key(key))
            }
            _ => int(self.take(key).is_some()),
        }
    }

    /// Says when a key ends, if ever; answers whether that was said before.
    fn set_expiry(&mut self, key: &Bytes, ms: Option<u64>) -> bool {
        if ms.is_none() && self.expiring.is_empty() {
            return false;
        }
        let Some((key, entry)) = self.entries.get_key_value(key) else { return false };
        let expires = ms.map(|ms| self.now + Duration::from_millis(ms));
        let old = entry.expires.replace(expires);
        old.map(|at| self.expiring.remove(&(at, key.clone())));
        expires.map(|at| self.expiring.insert((at, key.clone())));
        old.is_some()
    }

    fn ttl_ms(&self, key: &Bytes) -> i64 {
        match self.entries.get(key).map(|entry| entry.expires.get()) {
            None => -2,
            Some(None) => -1,
            Some(Some(at)) => (at - self.now).as_millis().try_into().unwrap_or(i64::MAX),
        }
    }

    /// An expired key is never seen, however late the timer.
    fn forget_if_expired(&mut self, key: &Bytes) {
        let expires = self.entries.get(key).and_then(|entry| entry.expires.get());
        if expires.is_some_and(|at| at <= self.now) {
            self.take(key);
        }
    }

    /// Removes keys that have expired, but not too many.
    fn sweep(&mut self, keys_max: usize) {
        for _ in 0..keys_max {
            let due = self.expiring.first().filter(|(at, _)| *at <= self.now);
            let Some((_, key)) = due.cloned() else { return };
            self.take(&key);
        }
    }

    fn until_next_expires(&self) -> Duration {
        self.expiring
            .first()
            .map_or(Duration::MAX, |(at, _)| at.saturating_duration_since(self.now))
    }
}

fn number(text: &[u8]) -> Result<i64, &'static str> {
    integer(text).ok_or("ERR value is not an integer or out of range")
}
