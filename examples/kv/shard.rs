//! A shard: a process that owns a part of the keys. Nobody else can touch them, so there is no
//! lock, and when it crashes nobody else's keys are gone.

use std::collections::{BTreeSet, HashMap};
use std::mem::take;
use std::time::Instant;

use bytes::{Bytes, BytesMut};
use kerosene::prelude::*;

use crate::command::{Ask, Question};
use crate::protocol::{COMMAND_BYTES_MAX, Reply, bulk, error, int, simple};
use crate::pubsub::matches;

/// A reply, or the text of an error.
type Answer = Result<Reply, &'static str>;

#[derive(Default)]
struct Shard {
    values: HashMap<Bytes, Bytes>,
    /// When keys expire; and the same, the next one first.
    expiries: HashMap<Bytes, Instant>,
    next: BTreeSet<(Instant, Bytes)>,
}

/// The body of the process. It answers until its supervisor stops it, which is when the connections
/// have ended.
pub(crate) async fn run() {
    let mut shard = Shard::default();
    loop {
        receive! {
            Ask { mut questions, reply_to } => {
                for Question { name, args, reply, .. } in &mut questions {
                    *reply = shard.answer(name, args).unwrap_or_else(error);
                }
                reply_to.reply(questions);
            }
            // One key at a time: many that expire together make nobody wait.
            after shard.time_to_next() => {
                shard.next.first().cloned().map(|(_, key)| shard.remove(&key));
            }
        }
    }
}

impl Shard {
    fn answer(&mut self, name: &str, args: &mut [Bytes]) -> Answer {
        if let [key, ..] = args
            && self.time_left(key) == Some(Duration::ZERO)
        {
            self.remove(key); // it is not seen even if its turn has not come
        }
        Ok(match (name, args) {
            ("get", [key]) => self.get(key),
            ("mget", [key]) => Reply::Array(vec![self.get(key)]),
            ("set" | "mset", [key, value, options @ ..]) => self.set(key, take(value), options)?,
            ("setnx", [key, value]) => {
                int(self.set(key, take(value), &["nx".into()])? != Reply::Null)
            }
            ("getdel", [key]) => self.remove(key).map_or(Reply::Null, bulk),
            ("append", [key, tail]) => self.append(key, tail)?,
            ("strlen", [key]) => int(self.values.get(key).map_or(0, Bytes::len)),
            ("incr" | "decr", [key]) => self.add(key, if name == "incr" { 1 } else { -1 })?,
            ("incrby", [key, by]) => self.add(key, integer(by)?)?,
            ("decrby", [key, by]) => {
                let by = integer(by)?.checked_neg();
                self.add(key, by.ok_or("ERR decrement would overflow")?)?
            }
            ("del", [key]) => int(self.remove(key).is_some()),
            ("exists", [key]) => int(self.values.contains_key(key)),
            ("type", [key]) => {
                simple(if self.values.contains_key(key) { "string" } else { "none" })
            }
            ("expire" | "pexpire", [key, amount]) => {
                let ms = integer(amount)?.checked_mul(if name == "expire" { 1000 } else { 1 });
                match ms.ok_or("ERR invalid expire time in 'expire' command")? {
                    ..=0 => int(self.remove(key).is_some()),
                    ms => {
                        self.set_expiry(key, Some(ms.unsigned_abs()));
                        int(self.values.contains_key(key))
                    }
                }
            }
            ("persist", [key]) => int(self.set_expiry(key, None)),
            ("ttl" | "pttl", [key]) => match self.time_left(key).map(|left| left.as_millis()) {
                Some(ms) => int(if name == "pttl" { ms } else { (ms + 500) / 1000 }),
                None => int(if self.values.contains_key(key) { -1 } else { -2 }),
            },
            ("keys", [pattern]) => {
                let keys = self.values.keys().filter(|key| matches(pattern, key));
                Reply::Array(keys.cloned().map(bulk).collect())
            }
            ("dbsize", []) => int(self.values.len()),
            ("flushall", _) => {
                *self = Self::default();
                simple("OK")
            }
            ("debug", [key]) => panic!("DEBUG PANIC {}", key.escape_ascii()),
            _ => unreachable!("{name} is not for a shard"),
        })
    }

    fn get(&self, key: &Bytes) -> Reply {
        self.values.get(key).cloned().map_or(Reply::Null, bulk)
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
        if only_if.is_some_and(|is_there| is_there != self.values.contains_key(key)) {
            return Ok(old);
        }
        self.values.insert(key.clone(), value);
        if !keep {
            self.set_expiry(key, ttl);
        }
        Ok(if get { old } else { simple("OK") })
    }

    fn remove(&mut self, key: &Bytes) -> Option<Bytes> {
        self.set_expiry(key, None);
        self.values.remove(key)
    }

    fn append(&mut self, key: &Bytes, tail: &[u8]) -> Answer {
        let value = self.values.entry(key.clone()).or_default();
        if value.len() + tail.len() > COMMAND_BYTES_MAX {
            return Err("ERR string exceeds maximum allowed size");
        }
        let mut longer = BytesMut::from(take(value));
        longer.extend_from_slice(tail);
        *value = longer.freeze();
        Ok(int(value.len()))
    }

    fn add(&mut self, key: &Bytes, amount: i64) -> Answer {
        let old = self.values.get(key).map_or(Ok(0), |value| integer(value))?;
        let sum = old.checked_add(amount).ok_or("ERR increment or decrement would overflow")?;
        self.values.insert(key.clone(), sum.to_string().into());
        Ok(int(sum))
    }

    /// Says when a key expires, if ever; answers whether that was said before.
    fn set_expiry(&mut self, key: &Bytes, ms: Option<u64>) -> bool {
        let old = self.expiries.remove(key);
        let had_one = old.is_some_and(|old| self.next.remove(&(old, key.clone())));
        let time = ms.filter(|_| self.values.contains_key(key)).map(Duration::from_millis);
        if let Some(expiry) = time.and_then(|time| Instant::now().checked_add(time)) {
            self.expiries.insert(key.clone(), expiry);
            self.next.insert((expiry, key.clone()));
        }
        had_one
    }

    /// How long a key lives on, if it expires.
    fn time_left(&self, key: &Bytes) -> Option<Duration> {
        self.expiries.get(key).map(|expiry| expiry.saturating_duration_since(Instant::now()))
    }

    fn time_to_next(&self) -> Duration {
        self.next.first().and_then(|(_, key)| self.time_left(key)).unwrap_or(Duration::MAX)
    }
}

/// A number as Redis reads one: no `+`, no leading zeros, no spaces.
fn integer(text: &[u8]) -> Result<i64, &'static str> {
    let number = str::from_utf8(text).ok().and_then(|text| text.parse::<i64>().ok());
    let number = number.filter(|number| number.to_string().as_bytes() == text);
    number.ok_or("ERR value is not an integer or out of range")
}
