//! A shard: a process that owns a part of the keys. Nobody else can touch them: there is no lock.

use std::mem::take;

use bytes::{Bytes, BytesMut};
use foldhash::HashMap;
use kerosene::prelude::*;
use smallvec::SmallVec;

use crate::command::{Ask, Question};
use crate::protocol::{COMMAND_BYTES_MAX, Reply, bulk, error, int, simple};
use crate::pubsub::matches;

type Answer = Result<Reply, &'static str>;
const TOO_LOW: &str = "ERR decrement would overflow";

#[derive(Default)]
struct Shard {
    values: HashMap<Bytes, Bytes>,
    /// Of keys that expire.
    timers: HashMap<Bytes, Timer>,
}

/// The body of the process. Its supervisor stops it when the connections have ended.
pub(crate) async fn run() {
    let mut shard = Shard::default();
    loop {
        receive! {
            Ask { text, mut questions, reply_to } => {
                for Question { name, args, reply, .. } in &mut questions {
                    let words = args.iter().map(|at| &text[at.clone()]);
                    let words: SmallVec<[&[u8]; 2]> = words.collect();
                    *reply = shard.answer(name, &words).unwrap_or_else(error);
                }
                drop(text); // before the connection reads on: it uses the buffer again
                reply_to.reply(questions);
            }
            Timeout { message, .. } => {
                if let Some(key) = message.downcast_ref::<Bytes>() {
                    shard.remove_if_expired(key); // or it was given more time meanwhile
                }
            }
        }
    }
}

impl Shard {
    fn answer(&mut self, name: &str, args: &[&[u8]]) -> Answer {
        if let [key, ..] = args {
            self.remove_if_expired(key); // even if the news of it has to wait
        }
        Ok(match (name, args) {
            ("get", [key]) => self.get(key),
            ("mget", [key]) => Reply::Array(vec![self.get(key)]),
            ("set" | "mset", [key, value, options @ ..]) => self.set(key, value, options)?,
            ("setnx", [key, value]) => int(self.set(key, value, &[b"nx"])? != Reply::Null),
            ("getdel", [key]) => self.remove(key).map_or(Reply::Null, bulk),
            ("append", [key, tail]) => self.append(key, tail)?,
            ("strlen", [key]) => int(self.values.get(*key).map_or(0, Bytes::len)),
            ("incr" | "decr", [key]) => self.add(key, if name == "incr" { 1 } else { -1 })?,
            ("incrby", [key, by]) => self.add(key, integer(by)?)?,
            ("decrby", [key, by]) => self.add(key, integer(by)?.checked_neg().ok_or(TOO_LOW)?)?,
            ("del", [key]) => int(self.remove(key).is_some()),
            ("exists", [key]) => int(self.values.contains_key(*key)),
            ("type", [key]) => {
                simple(if self.values.contains_key(*key) { "string" } else { "none" })
            }
            ("expire" | "pexpire", [key, amount]) => {
                let ms = integer(amount)?.checked_mul(if name == "expire" { 1000 } else { 1 });
                let ms = ms.ok_or("ERR invalid expire time in 'expire' command")?;
                self.set_expiry(key, Some(ms.max(0).unsigned_abs()));
                let was_there = self.values.contains_key(*key);
                self.remove_if_expired(key);
                int(was_there)
            }
            ("persist", [key]) => int(self.set_expiry(key, None)),
            ("ttl" | "pttl", [key]) => match self.time_left(key).map(|left| left.as_millis()) {
                Some(ms) => int(if name == "pttl" { ms } else { (ms + 500) / 1000 }),
                None => int(if self.values.contains_key(*key) { -1 } else { -2 }),
            },
            ("keys", [pattern]) => {
                let keys = self.values.keys().filter(|key| matches(pattern, key));
                Reply::Array(keys.cloned().map(bulk).collect())
            }
            ("dbsize", []) => int(self.values.len()),
            ("flushall", _) => {
                take(self).timers.into_values().for_each(|timer| _ = timer.cancel());
                simple("OK")
            }
            ("debug", [what, key]) if what.eq_ignore_ascii_case(b"panic") => {
                panic!("DEBUG PANIC {}", key.escape_ascii())
            }
            ("debug", _) => return Err("ERR unknown subcommand or arguments of 'debug'"),
            _ => unreachable!("{name} is not for a shard"),
        })
    }

    fn get(&self, key: &[u8]) -> Reply {
        self.values.get(key).cloned().map_or(Reply::Null, bulk)
    }

    fn set(&mut self, key: &[u8], value: &[u8], options: &[&[u8]]) -> Answer {
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
        self.put(key, Bytes::copy_from_slice(value));
        if !keep {
            self.set_expiry(key, ttl);
        }
        Ok(if get { old } else { simple("OK") })
    }

    /// Sets a value. A key that is there needs no copy.
    fn put(&mut self, key: &[u8], value: Bytes) {
        if let Some(old) = self.values.get_mut(key) {
            *old = value;
        } else {
            self.values.insert(Bytes::copy_from_slice(key), value);
        }
    }

    fn remove(&mut self, key: &[u8]) -> Option<Bytes> {
        self.set_expiry(key, None);
        self.values.remove(key)
    }

    fn remove_if_expired(&mut self, key: &[u8]) {
        if self.time_left(key) == Some(Duration::ZERO) {
            self.remove(key);
        }
    }

    fn append(&mut self, key: &[u8], tail: &[u8]) -> Answer {
        let value = self.values.get_mut(key).map(take).unwrap_or_default();
        let length = value.len() + tail.len();
        let is_too_long = length > COMMAND_BYTES_MAX;
        let mut longer = BytesMut::from(value);
        longer.extend_from_slice(if is_too_long { &[] } else { tail });
        self.put(key, longer.freeze());
        if is_too_long { Err("ERR string exceeds maximum allowed size") } else { Ok(int(length)) }
    }

    fn add(&mut self, key: &[u8], amount: i64) -> Answer {
        let old = self.values.get(key).map_or(Ok(0), |value| integer(value))?;
        let sum = old.checked_add(amount).ok_or("ERR increment or decrement would overflow")?;
        self.put(key, sum.to_string().into());
        Ok(int(sum))
    }

    /// Says when a key expires, if ever; answers whether that was said before.
    fn set_expiry(&mut self, key: &[u8], ms: Option<u64>) -> bool {
        let old = self.timers.remove(key).map(Timer::cancel);
        if let Some(ms) = ms
            && let Some((key, _)) = self.values.get_key_value(key)
        {
            let timer = start_timer(Duration::from_millis(ms), pid(), key.clone());
            self.timers.insert(key.clone(), timer);
        }
        old.is_some()
    }

    fn time_left(&self, key: &[u8]) -> Option<Duration> {
        self.timers.get(key).map(|timer| timer.remaining().unwrap_or_default())
    }
}

/// A number as Redis reads one: no `+`, no leading zeros, no spaces.
fn integer(text: &[u8]) -> Result<i64, &'static str> {
    let number = str::from_utf8(text).ok().and_then(|text| text.parse::<i64>().ok());
    let number = number.filter(|number| number.to_string().as_bytes() == text);
    number.ok_or("ERR value is not an integer or out of range")
}
