//! The broker: a process that knows who listens to what, and hands on what is published.
//!
//! Those who listen link to it, so each side learns of the other's end: the broker forgets a
//! connection that is gone, and a connection does not go on listening to a broker that is.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use bytes::Bytes;
use kerosene::prelude::*;

use crate::janitor::find;
use crate::protocol::{Reply, bulk};

/// The name it is registered under.
pub(crate) const BROKER: &str = "broker";
/// Who publishes, or asks for keys, makes others wait for as long as a pattern takes.
const PATTERN_BYTES_MAX: usize = 1 << 10;

/// What can be listened to: a kind and a name. A kind is what Redis calls a message that comes by
/// one; channels sort first.
pub(crate) type Topic = (&'static str, Bytes);
pub(crate) const CHANNEL: &str = "message";
pub(crate) const PATTERN: &str = "pmessage";

pub(crate) enum Request {
    Subscribe(Vec<Topic>),
    Unsubscribe(Vec<Topic>),
    /// On this channel, this message.
    Publish(Bytes, Bytes),
}

/// To how many listeners a message went: the answer to every request.
struct Done(usize);

/// What has been published, in the words of the protocol; shared by all who listen.
pub(crate) struct Push(pub(crate) Arc<[Reply]>);

/// Asks the broker and waits for its answer, or for its end.
pub(crate) async fn ask(request: Request) -> Result<usize, &'static str> {
    let broker = find(BROKER).await;
    if let Request::Subscribe(_) = request {
        link(broker);
    }
    let monitor = monitor(broker);
    send(broker, (pid(), request));
    let listeners = receive! {
        Done(listeners) => listeners,
        Down { monitor: ended, .. } if ended == monitor => {
            return Err("ERR the broker has crashed");
        }
    };
    demonitor_flush(monitor);
    Ok(listeners)
}

type Listeners = BTreeMap<Topic, HashSet<Pid>>;

/// The body of the process. Like a shard it goes on until the janitor ends.
pub(crate) async fn run(janitor: Pid) -> ExitReason {
    let mut listeners = Listeners::new();
    loop {
        receive! {
            (from, Request::Publish(channel, message)): (Pid, Request) => {
                send(from, Done(publish(&listeners, &channel, &message)));
            }
            (from, Request::Subscribe(topics)): (Pid, Request) => {
                for topic in topics {
                    listeners.entry(topic).or_default().insert(from);
                }
                send(from, Done(0));
            }
            (from, Request::Unsubscribe(topics)): (Pid, Request) => {
                for topic in &topics {
                    listeners.get_mut(topic).map(|pids| pids.remove(&from));
                }
                listeners.retain(|_, pids| !pids.is_empty());
                send(from, Done(0));
            }
            Exit { pid, reason } if pid == janitor => return reason,
            Exit { pid, .. } => listeners.retain(|_, pids| {
                pids.remove(&pid);
                !pids.is_empty()
            }),
        }
    }
}

fn publish(listeners: &Listeners, channel: &Bytes, message: &Bytes) -> usize {
    let topic = (CHANNEL, channel.clone());
    let patterns = listeners.range((PATTERN, Bytes::new())..);
    let patterns = patterns.filter(|((_, pattern), _)| glob(pattern, channel));
    let mut count = 0;
    for ((kind, name), pids) in listeners.range(&topic..=&topic).chain(patterns) {
        let mut words = vec![bulk(*kind), bulk(name.clone()), bulk(message.clone())];
        if *kind == PATTERN {
            words.insert(2, bulk(channel.clone()));
        }
        let words: Arc<[Reply]> = words.into();
        for pid in pids {
            send(*pid, Push(Arc::clone(&words)));
        }
        count += pids.len();
    }
    count
}

/// Redis' patterns: `*`, `?`, `[abc]`, `[^a-z]`, and `\` before what is meant literally. Goes back
/// to the last `*` only, so it takes no longer than the pattern's length times the text's; and a
/// pattern of more than [`PATTERN_BYTES_MAX`] matches nothing.
pub(crate) fn glob(mut pattern: &[u8], mut text: &[u8]) -> bool {
    let mut star: Option<(&[u8], &[u8])> = None;
    loop {
        if let [b'*', after @ ..] = pattern {
            (star, pattern) = (Some((after, text)), after);
        } else if text.is_empty() || pattern.len() > PATTERN_BYTES_MAX {
            return pattern.is_empty();
        } else if let Some(after) = glob_one(pattern, text[0]) {
            (pattern, text) = (after, &text[1..]);
        } else if let Some((after, from)) = star {
            (star, pattern, text) = (Some((after, &from[1..])), after, &from[1..]);
        } else {
            return false;
        }
    }
}

/// What follows the first element of a pattern, if that matches.
fn glob_one(pattern: &[u8], byte: u8) -> Option<&[u8]> {
    let (mut class, negated) = match pattern {
        [b'?', after @ ..] => return Some(after),
        [b'[', b'^', class @ ..] => (class, true),
        [b'[', class @ ..] => (class, false),
        [b'\\', one, after @ ..] | [one, after @ ..] => return (*one == byte).then_some(after),
        [] => return None,
    };
    let mut found = false;
    while let [low, ..] = class
        && *low != b']'
    {
        let (low, high, after) = match class {
            [b'\\', one, after @ ..] => (one, one, after),
            [low, b'-', high, after @ ..] => (low.min(high), low.max(high), after),
            _ => (low, low, &class[1..]),
        };
        found |= (low..=high).contains(&&byte);
        class = after;
    }
    (found != negated).then_some(class.get(1..).unwrap_or_default())
}
