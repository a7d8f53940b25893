//! The commands that a connection answers itself.

use std::sync::atomic::Ordering::Relaxed;

use bytes::Bytes;
use kerosene::prelude::*;

use crate::CONNECTIONS;
use crate::command::Route;
use crate::connection::{Connection, End};
use crate::protocol::{Reply, Version, bulk, error, int, ok, simple};
use crate::pubsub::{BROKER, CHANNEL, Done, PATTERN, Request, Topic};

/// What a connection's topics may take in memory: their names, and some room for each.
const TOPICS_BYTES_MAX: usize = 1 << 20;
const TOPIC_BYTES: usize = 64;

/// The Redis whose commands these are.
const VERSION: &str = "7.0.0";

/// A reply, none if it is written already, or an error.
type Answer = Result<Option<Reply>, String>;

impl Connection {
    pub(crate) async fn here(&mut self, name: &'static str, args: &[Bytes]) -> Result<(), End> {
        let answer = match name {
            "subscribe" | "psubscribe" => self.subscribe(name, args).await,
            "unsubscribe" | "punsubscribe" => self.unsubscribe(name, args).await,
            "publish" => ask_broker(Request::Publish(args[0].clone(), args[1].clone())).await,
            "hello" => self.hello(args),
            "quit" => {
                self.put(&ok()).await?;
                self.write().await?;
                return Err(End::Closed);
            }
            "shutdown" => {
                stop();
                self.write().await?;
                return Err(End::Closed);
            }
            _ => self.small_talk(name, args),
        };
        match answer {
            Ok(Some(reply)) => self.put(&reply).await,
            Ok(None) => Ok(()),
            Err(problem) => self.put(&error(problem)).await,
        }
    }

    fn small_talk(&mut self, name: &'static str, args: &[Bytes]) -> Answer {
        let sub = args.first().map(|word| word.to_ascii_lowercase()).unwrap_or_default();
        Ok(Some(match (name, &sub[..], args) {
            ("ping", _, []) => simple("PONG"),
            ("ping" | "echo", _, [text]) => bulk(text.clone()),
            ("client", b"id", [_]) => int(self.id),
            // What clients say of themselves is of no consequence here.
            ("client", b"setname" | b"setinfo", _) | ("select", b"0", _) => ok(),
            ("select", ..) => return Err("ERR DB index is out of range".into()),
            // What redis-cli and redis-benchmark ask when they start.
            ("command", ..) => Reply::Array(Vec::new()),
            ("config", b"get", [_, name]) => Reply::Array(vec![bulk(name.clone()), bulk("")]),
            ("info", ..) => {
                let (clients, processes) = (CONNECTIONS.load(Relaxed), process_count());
                bulk(format!("connected_clients:{clients}\r\nprocesses:{processes}\r\n"))
            }
            ("debug", b"panic", [_, key]) => {
                self.batch.add("debug", vec![key.clone()], Route::Key);
                return Ok(None);
            }
            _ => return Err(format!("ERR unknown subcommand or arguments of '{name}'")),
        }))
    }

    /// Which dialect to speak. What else a client says of itself is of no consequence here.
    fn hello(&mut self, args: &[Bytes]) -> Answer {
        let version = match args.first().map(|version| &version[..]) {
            None => self.version,
            Some(b"2") => Version::Resp2,
            Some(b"3") => Version::Resp3,
            Some(_) => return Err("NOPROTO unsupported protocol version".into()),
        };
        self.version = version;
        let number = int(if version == Version::Resp3 { 3 } else { 2 });
        let fields = [
            [bulk("server"), bulk("redis")],
            [bulk("version"), bulk(VERSION)],
            [bulk("proto"), number],
            [bulk("id"), int(self.id)],
            [bulk("mode"), bulk("standalone")],
            [bulk("role"), bulk("master")],
            [bulk("modules"), Reply::Array(Vec::new())],
        ];
        version.put_all(&mut self.output, '%', fields.as_flattened());
        Ok(None)
    }

    async fn subscribe(&mut self, name: &'static str, names: &[Bytes]) -> Answer {
        let topics = topics(name, names);
        let bytes = |topic: &Topic| TOPIC_BYTES + topic.1.len();
        if self.topics.iter().chain(&topics).map(bytes).sum::<usize>() > TOPICS_BYTES_MAX {
            return Err("ERR too many subscriptions".into());
        }
        if let Some(broker) = whereis(BROKER) {
            link(broker);
        }
        ask_broker(Request::Subscribe(topics.clone())).await?;
        for topic in topics {
            self.topics.insert(topic.clone());
            self.confirm(name, bulk(topic.1));
        }
        Ok(None)
    }

    /// Without names: from all of the kind.
    async fn unsubscribe(&mut self, name: &'static str, names: &[Bytes]) -> Answer {
        let mut topics = topics(name, names);
        if topics.is_empty() {
            topics.extend(self.topics.iter().filter(|topic| topic.0 == kind(name)).cloned());
        }
        ask_broker(Request::Unsubscribe(topics.clone())).await?;
        if topics.is_empty() {
            self.confirm(name, Reply::Null);
        }
        for topic in topics {
            self.topics.remove(&topic);
            self.confirm(name, bulk(topic.1));
        }
        Ok(None)
    }

    fn confirm(&mut self, name: &'static str, topic: Reply) {
        let words = [bulk(name), topic, int(self.topics.len())];
        self.version.put_all(&mut self.output, '>', &words);
    }
}

/// Whether a command is about channels or patterns.
fn kind(name: &str) -> &'static str {
    if name.starts_with('p') { PATTERN } else { CHANNEL }
}

/// Copies: what arrives is a slice of all that the client sent with it.
fn topics(name: &str, names: &[Bytes]) -> Vec<Topic> {
    names.iter().map(|topic| (kind(name), Bytes::copy_from_slice(topic))).collect()
}

/// Asks the broker and waits for its answer, or for its end.
async fn ask_broker(request: Request) -> Answer {
    let crashed = || String::from("ERR the broker has crashed");
    let broker = whereis(BROKER).ok_or_else(crashed)?;
    let monitor = monitor(broker);
    send(broker, (pid(), request));
    let listeners = receive! {
        Done(listeners) => listeners,
        Down { monitor: ended, .. } if ended == monitor => return Err(crashed()),
    };
    demonitor_flush(monitor);
    Ok(Some(int(listeners)))
}
