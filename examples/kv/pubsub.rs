//! The broker: an actor that knows who listens to what, and hands on what is published.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use bytes::Bytes;
use kerosene::prelude::*;
use simplematch::{DoWild, Options};

use crate::protocol::{Reply, bulk};

pub(crate) const BROKER: &str = "broker";
/// Who publishes, or asks for keys, makes others wait for as long as a pattern takes.
const PATTERN_BYTES_MAX: usize = 1 << 10;

/// What can be listened to: a name, and before it what Redis calls a message that comes by it.
pub(crate) type Topic = (&'static str, Bytes);
pub(crate) const CHANNEL: &str = "message";
pub(crate) const PATTERN: &str = "pmessage";

/// What has been published, in the words of the protocol; shared by all who listen.
pub(crate) struct Push(pub(crate) Arc<[Reply]>);

#[kerosene::actor]
pub(crate) mod broker {
    #[expect(clippy::wildcard_imports, reason = "the actor is most of this file")]
    use super::*;

    pub(crate) struct Broker {
        listeners: BTreeMap<Topic, HashSet<Pid>>,
    }

    impl Broker {
        #[init]
        pub(crate) fn new() -> Self {
            trap_exit(true); // the end of a listener is a message
            Self { listeners: BTreeMap::new() }
        }

        #[call]
        pub(crate) fn subscribe(&mut self, listener: Pid, topics: Vec<Topic>) {
            link(listener); // each side learns of the other's end
            for topic in topics {
                self.listeners.entry(topic).or_default().insert(listener);
            }
        }

        #[call]
        pub(crate) fn unsubscribe(&mut self, listener: Pid, topics: Vec<Topic>) {
            for topic in topics {
                self.listeners.get_mut(&topic).map(|pids| pids.remove(&listener));
            }
            self.listeners.retain(|_, pids| !pids.is_empty());
        }

        #[call]
        pub(crate) fn publish(&mut self, channel: Bytes, message: Bytes) -> usize {
            let (topic, message) = ((CHANNEL, channel), bulk(message));
            let channel = &topic.1;
            let patterns = self.listeners.range((PATTERN, Bytes::new())..);
            let patterns = patterns.filter(|((_, pattern), _)| matches(pattern, channel));
            let mut count = 0;
            for ((kind, name), pids) in self.listeners.range(&topic..=&topic).chain(patterns) {
                let mut words = vec![bulk(*kind), bulk(name.clone()), message.clone()];
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

        #[info]
        fn gone(&mut self, Exit { pid, .. }: Exit) {
            self.listeners.retain(|_, pids| !pids.remove(&pid) || !pids.is_empty());
        }
    }
}

/// Redis' patterns: `*`, `?`, `[^a-z]`, and `\`; one of more than so many bytes matches nothing.
pub(crate) fn matches(pattern: &[u8], text: &[u8]) -> bool {
    let options = Options::default().enable_escape(true).enable_classes_with(b'^');
    pattern.len() <= PATTERN_BYTES_MAX && pattern.dowild_with(text, options)
}
