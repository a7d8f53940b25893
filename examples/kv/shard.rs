//! A shard: a process that owns a part of the keys. Nobody else can touch them, so there is no
//! lock, and when it crashes nobody else's keys are gone.

use std::collections::HashMap;
use std::mem::take;

use bytes::{Bytes, BytesMut};
use kerosene::prelude::*;

use crate::batch::{Ask, Question};
use crate::protocol::{COMMAND_BYTES_MAX, Reply, bulk, error, int, simple};
use crate::pubsub::glob;

/// A reply, or the text of an error.
type Answer = Result<Reply, &'static str>;

#[derive(Default)]
struct Shard {
    entries: HashMap<Bytes, Entry>,
    /// Whether a key has ever had a timer.
    has_timers: bool,
}

struct Entry {
    value: Bytes,
    /// Sends [`Expired`] when the key ends.
    timer: Option<Timer>,
}

struct Expired(Bytes);

/// The body of the process. It outlives the signal with which the runtime stops, for connections
/// still need answers then; the janitor's end is its own.
pub(crate) async fn run(janitor: Pid) -> ExitReason {
    let mut shard = Shard::default();
    loop {
        receive! {
            mut ask: Ask => {
                for Question { name, args, reply, .. } in &mut ask.questions {
                    *reply = shard.answer(name, args).unwrap_or_else(error);
                }
                send(ask.from, ask);
            }
            Expired(key) => shard.forget_if_expired(&key),
            Exit { pid, reason } if pid == janitor => return reason,
            Exit { .. } => {}
        }
    }
}

impl Shard {
    fn answer(&mut self, name: &str, args: &mut [Bytes]) -> Answer {
        if let [key, ..] = args {
            self.forget_if_expired(key);
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
            ("ttl" | "pttl", [key]) => match self.entries.get(key).map(|entry| entry.timer) {
                None => int(-2),
                Some(None) => int(-1),
                Some(Some(timer)) => {
                    let ms = timer.remaining().unwrap_or_default().as_millis();
                    int(if name == "pttl" { ms } else { (ms + 500) / 1000 })
                }
            },
            ("keys", [pattern]) => {
                let keys = self.entries.keys().filter(|key| glob(pattern, key));
                Reply::Array(keys.cloned().map(bulk).collect())
            }
            ("dbsize", []) => int(self.entries.len()),
            ("flushall", _) => {
                for (_, entry) in self.entries.drain() {
                    entry.timer.map(Timer::cancel);
                }
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
            self.entries.insert(key.clone(), Entry { value, timer: None });
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
        self.has_timers |= ms.is_some();
        if !self.has_timers {
            return false;
        }
        let Some(entry) = self.entries.get_mut(key) else { return false };
        let expired = || Expired(key.clone());
        let timer = ms.map(|ms| schedule(Duration::from_millis(ms), pid(), expired()));
        let old = std::mem::replace(&mut entry.timer, timer);
        old.map(Timer::cancel);
        old.is_some()
    }

    /// An expired key is never seen, even if its message comes late. (If the message comes after
    /// the key was written again, there is another timer or none.)
    fn forget_if_expired(&mut self, key: &Bytes) {
        if self.has_timers {
            let timer = self.entries.get(key).and_then(|entry| entry.timer);
            timer.filter(|timer| timer.remaining().is_none()).map(|_| self.entries.remove(key));
        }
    }
}

/// A number as Redis reads one: no `+`, no leading zeros, no spaces.
fn integer(text: &[u8]) -> Result<i64, &'static str> {
    let number = str::from_utf8(text).ok().and_then(|text| text.parse::<i64>().ok());
    let number = number.filter(|number| number.to_string().as_bytes() == text);
    number.ok_or("ERR value is not an integer or out of range")
}
