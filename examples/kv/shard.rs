//! A shard: a process that owns a part of the keys. Nobody else can touch them, so there is no
//! lock, and when it crashes nobody else's keys are gone.

use std::collections::{BTreeSet, HashMap};
use std::mem::take;
use std::time::Instant;

use bytes::{Bytes, BytesMut};
use kerosene::prelude::*;

use crate::batch::{Answered, Ask, Question};
use crate::protocol::{COMMAND_BYTES_MAX, Reply, bulk, error, int, simple};
use crate::pubsub::glob;

/// Expired keys that are removed before others have a turn.
const SWEEP_KEYS_MAX: usize = 1000;

/// A reply, or the text of an error.
type Answer = Result<Reply, &'static str>;

struct Shard {
    entries: HashMap<Bytes, Entry>,
    /// The keys that expire, soonest first.
    expiring: BTreeSet<(Instant, Bytes)>,
    now: Instant,
}

struct Entry {
    value: Bytes,
    expires: Option<Instant>,
}

/// The body of the process. It outlives the signal with which the runtime stops, for connections
/// still need answers then; the janitor's end is its own.
pub(crate) async fn run(janitor: Pid) -> ExitReason {
    let (entries, expiring) = (HashMap::new(), BTreeSet::new());
    let mut shard = Shard { entries, expiring, now: Instant::now() };
    loop {
        let soonest = shard.expiring.first().map(|(at, _)| at.saturating_duration_since(shard.now));
        receive! {
            Ask { from, shard: index, mut questions } => {
                shard.now = Instant::now();
                for Question { name, args, reply, .. } in &mut questions {
                    *reply = shard.answer(name, args).unwrap_or_else(error);
                }
                send(from, Answered { shard: index, questions });
            }
            Exit { pid, reason } if pid == janitor => return reason,
            Exit { .. } => {}
            after soonest.unwrap_or(Duration::MAX) => shard.now = Instant::now(),
        }
        shard.sweep(SWEEP_KEYS_MAX);
    }
}

impl Shard {
    fn answer(&mut self, name: &str, args: &mut [Bytes]) -> Answer {
        if let (Some(key), false) = (args.first(), self.expiring.is_empty()) {
            // An expired key is never seen, however late the timer.
            let expires = self.entries.get(key).and_then(|entry| entry.expires);
            expires.filter(|at| *at <= self.now).map(|_| self.remove(key));
        }
        Ok(match (name, args) {
            ("get", [key]) => self.get(key),
            ("mget", [key]) => Reply::Array(vec![self.get(key)]),
            ("set" | "mset", [key, value, options @ ..]) => self.set(key, take(value), options)?,
            ("setnx", [key, value]) => {
                int(self.set(key, take(value), &["nx".into()])? != Reply::Null)
            }
            ("getdel", [key]) => self.remove(key).map_or(Reply::Null, |old| bulk(old.value)),
            ("append", [key, tail]) => self.append(key, tail)?,
            ("strlen", [key]) => int(self.entries.get(key).map_or(0, |entry| entry.value.len())),
            ("incr", [key]) => self.add(key, 1)?,
            ("decr", [key]) => self.add(key, -1)?,
            ("incrby", [key, amount]) => self.add(key, integer(amount)?)?,
            ("decrby", [key, amount]) => {
                let amount = integer(amount)?.checked_neg();
                self.add(key, amount.ok_or("ERR decrement would overflow")?)?
            }
            ("del", [key]) => int(self.remove(key).is_some()),
            ("exists", [key]) => int(self.entries.contains_key(key)),
            ("type", [key]) if self.entries.contains_key(key) => simple("string"),
            ("type", [_]) => simple("none"),
            ("expire" | "pexpire", [key, amount]) => {
                let ms = integer(amount)?.checked_mul(if name == "expire" { 1000 } else { 1 });
                match ms.ok_or("ERR invalid expire time in 'expire' command")? {
                    ..=0 => int(self.remove(key).is_some()),
                    ms => {
                        self.set_expiry(key, Some(ms.unsigned_abs()));
                        int(self.entries.contains_key(key))
                    }
                }
            }
            ("persist", [key]) => int(self.set_expiry(key, None)),
            ("ttl" | "pttl", [key]) => match self.entries.get(key).map(|entry| entry.expires) {
                None => int(-2),
                Some(None) => int(-1),
                Some(Some(at)) if name == "pttl" => int((at - self.now).as_millis()),
                Some(Some(at)) => int(((at - self.now).as_millis() + 500) / 1000),
            },
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
                simple("OK")
            }
            ("debug", [key]) => panic!("DEBUG PANIC {}", key.escape_ascii()),
            _ => unreachable!("{name} is not for a shard"),
        })
    }

    fn get(&self, key: &Bytes) -> Reply {
        self.entries.get(key).map_or(Reply::Null, |entry| bulk(entry.value.clone()))
    }

    fn set(&mut self, key: &Bytes, value: Bytes, options: &[Bytes]) -> Answer {
        const SYNTAX: &str = "ERR syntax error";
        let (mut only_if, mut get, mut keep, mut ttl) = (None, false, false, None);
        let mut words = options.iter();
        while let Some(word) = words.next() {
            match &word.to_ascii_lowercase()[..] {
                b"nx" if only_if.is_none() => only_if = Some(false),
                b"xx" if only_if.is_none() => only_if = Some(true),
                b"get" => get = true,
                b"keepttl" if ttl.is_none() => keep = true,
                unit @ (b"ex" | b"px") if ttl.is_none() && !keep => {
                    let amount = integer(words.next().ok_or(SYNTAX)?)?;
                    let ms = amount.checked_mul(if unit == b"ex" { 1000 } else { 1 });
                    let ms = ms.filter(|ms| *ms > 0).map(i64::unsigned_abs);
                    ttl = Some(ms.ok_or("ERR invalid expire time in 'set' command")?);
                }
                _ => return Err(SYNTAX),
            }
        }
        let old = if get { self.get(key) } else { Reply::Null };
        if only_if.is_some_and(|is_there| is_there != self.entries.contains_key(key)) {
            return Ok(old);
        }
        self.store(key, value);
        if !keep {
            self.set_expiry(key, ttl);
        }
        Ok(if get { old } else { simple("OK") })
    }

    fn store(&mut self, key: &Bytes, value: Bytes) {
        if let Some(entry) = self.entries.get_mut(key) {
            entry.value = value;
        } else {
            self.entries.insert(key.clone(), Entry { value, expires: None });
        }
    }

    fn remove(&mut self, key: &Bytes) -> Option<Entry> {
        self.set_expiry(key, None);
        self.entries.remove(key)
    }

    fn append(&mut self, key: &Bytes, tail: &[u8]) -> Answer {
        let length = tail.len() + self.entries.get(key).map_or(0, |entry| entry.value.len());
        if length > COMMAND_BYTES_MAX {
            return Err("ERR string exceeds maximum allowed size");
        }
        let old = self.entries.get_mut(key).map(|entry| take(&mut entry.value));
        let mut value = BytesMut::from(old.unwrap_or_default());
        value.extend_from_slice(tail);
        self.store(key, value.freeze());
        Ok(int(length))
    }

    fn add(&mut self, key: &Bytes, amount: i64) -> Answer {
        let old = self.entries.get(key).map_or(Ok(0), |entry| integer(&entry.value))?;
        let sum = old.checked_add(amount).ok_or("ERR increment or decrement would overflow")?;
        self.store(key, sum.to_string().into());
        Ok(int(sum))
    }

    /// Says when a key ends, if ever; answers whether that was said before.
    fn set_expiry(&mut self, key: &Bytes, ms: Option<u64>) -> bool {
        if ms.is_none() && self.expiring.is_empty() {
            return false;
        }
        let Some(entry) = self.entries.get_mut(key) else { return false };
        let expires = ms.map(|ms| self.now + Duration::from_millis(ms));
        let old = std::mem::replace(&mut entry.expires, expires);
        old.map(|at| self.expiring.remove(&(at, key.clone())));
        expires.map(|at| self.expiring.insert((at, key.clone())));
        old.is_some()
    }

    /// Removes keys that have expired, but not too many.
    fn sweep(&mut self, keys_max: usize) {
        for _ in 0..keys_max {
            let due = self.expiring.first().filter(|(at, _)| *at <= self.now);
            let Some((_, key)) = due.cloned() else { return };
            self.remove(&key);
        }
    }
}

/// A number as Redis reads one: no `+`, no leading zeros, no spaces.
fn integer(text: &[u8]) -> Result<i64, &'static str> {
    let number = str::from_utf8(text).ok().and_then(|text| text.parse::<i64>().ok());
    let number = number.filter(|number| number.to_string().as_bytes() == text);
    number.ok_or("ERR value is not an integer or out of range")
}
