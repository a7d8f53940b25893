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
            "publish" => {
                let (channel, message) = (args[0].clone(), args[1].clone());
                ask_broker(Request::Publish { channel, message })
                    .await
                    .map(|count| Some(int(count)))
            }
            "hello" => self.hello(args),
            "quit" => {
                self.put(&ok()).await?;
                self.write().await?;
                return Err(End::Closed);
            }
            "shutdown" => {
                self.write().await?;
                stop();
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
            ("select", b"0", _) => ok(),
            ("select", ..) => return Err("ERR DB index is out of range".into()),
            ("client", b"setname", [_, name]) => {
                self.name = Bytes::copy_from_slice(name);
                ok()
            }
            ("client", b"getname", [_]) => bulk(self.name.clone()),
            ("client", b"id", [_]) => int(self.id),
            ("client", b"setinfo", _) => ok(),
            // What redis-cli and redis-benchmark ask when they start.
            ("command", ..) => Reply::Array(Vec::new()),
            ("config", b"get", [_, name]) => match &name[..] {
                b"save" => Reply::Array(vec![bulk("save"), bulk("")]),
                b"appendonly" => Reply::Array(vec![bulk("appendonly"), bulk("no")]),
                _ => Reply::Array(Vec::new()),
            },
            ("info", ..) => bulk(format!(
                "redis_version:{VERSION}\r\nconnected_clients:{}\r\nprocesses:{}\r\n",
                CONNECTIONS.load(Relaxed),
                process_count(),
            )),
            ("debug", b"panic", [_, key]) => {
                self.batch.add("debug", vec![key.clone()], Route::Key);
                return Ok(None);
            }
            _ => {
                return Err(format!("ERR unknown subcommand or wrong arguments for '{name}'"));
            }
        }))
    }

    fn hello(&mut self, args: &[Bytes]) -> Answer {
        let version = match args.first().map(|version| &version[..]) {
            None => self.version,
            Some(b"2") => Version::Resp2,
            Some(b"3") => Version::Resp3,
            Some(_) => return Err("NOPROTO unsupported protocol version".into()),
        };
        for option in args.get(1..).unwrap_or_default().chunks(2) {
            match option {
                [name, value] if name.eq_ignore_ascii_case(b"setname") => {
                    self.name = Bytes::copy_from_slice(value);
                }
                _ => {
                    let option = option[0].escape_ascii();
                    return Err(format!("ERR Syntax error in HELLO option '{option}'"));
                }
            }
        }
        self.version = version;
        let fields = [
            ("server", bulk("redis")),
            ("version", bulk(VERSION)),
            ("proto", int(if version == Version::Resp3 { 3 } else { 2 })),
            ("id", int(self.id)),
            ("mode", bulk("standalone")),
            ("role", bulk("master")),
            ("modules", Reply::Array(Vec::new())),
        ];
        version.put_head(&mut self.output, '%', fields.len() * 2);
        for (field, value) in fields {
            version.put(&mut self.output, &bulk(field));
            version.put(&mut self.output, &value);
        }
        Ok(None)
    }

    async fn subscribe(&mut self, name: &'static str, names: &[Bytes]) -> Answer {
        let topics = topics(name, names);
        let bytes = |topic: &Topic| TOPIC_BYTES + topic.1.len();
        if self.topics.iter().chain(&topics).map(bytes).sum::<usize>() > TOPICS_BYTES_MAX {
            return Err("ERR too many subscriptions".into());
        }
        whereis(BROKER).map(link);
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
        self.version.put_head(&mut self.output, '>', 3);
        for word in [bulk(name), topic, int(self.topics.len())] {
            self.version.put(&mut self.output, &word);
        }
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
async fn ask_broker(request: Request) -> Result<usize, String> {
    let broker = whereis(BROKER).ok_or("ERR the broker has crashed")?;
    let monitor = monitor(broker);
    send(broker, (pid(), request));
    receive! {
        Done(listeners) => {
            demonitor_flush(monitor);
            Ok(listeners)
        }
        Down { monitor: ended, .. } if ended == monitor => Err("ERR the broker has crashed".into()),
    }
}
