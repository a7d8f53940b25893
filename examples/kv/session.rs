//! The commands that a connection answers itself.

use std::collections::HashSet;
use std::sync::atomic::Ordering::Relaxed;

use bytes::Bytes;
use kerosene::prelude::*;

use crate::command::Route;
use crate::connection::{Connection, End};
use crate::protocol::{Reply, Version, bulk, error, int, integer, ok, simple};
use crate::pubsub::{BROKER, CHANNEL, Done, PATTERN, Request, Topic};
use crate::{COMMANDS, CONNECTIONS};

/// What the names of a connection's topics may take in memory, with some room for each.
const TOPICS_BYTES_MAX: usize = 1 << 20;
const TOPIC_BYTES: usize = 64;

/// The Redis whose commands these are.
const VERSION: &str = "7.0.0";

impl Connection {
    pub(crate) async fn here(&mut self, name: &'static str, args: &[Bytes]) -> Result<(), End> {
        let sub = args.first().map(|sub| sub.to_ascii_lowercase()).unwrap_or_default();
        let listens = self.version == Version::Resp2 && !self.topics.is_empty();
        let reply = match (name, &sub[..], args) {
            ("subscribe" | "psubscribe", ..) => self.subscribe(name, args).await,
            ("unsubscribe" | "punsubscribe", ..) => self.unsubscribe(name, args).await,
            ("quit", ..) => {
                self.put(&ok()).await?;
                self.write().await?;
                return Err(End::Closed);
            }
            ("ping", ..) if listens => Ok(Reply::Array(vec![bulk("pong"), bulk(sub)])),
            ("ping", _, []) => Ok(simple("PONG")),
            ("ping" | "echo", _, [text]) => Ok(bulk(text.clone())),
            ("select", b"0", _) => Ok(ok()),
            ("select", ..) => Err("ERR DB index is out of range".into()),
            ("hello", ..) => self.hello(args),
            ("client", b"setname", [_, name]) => {
                self.name = Bytes::copy_from_slice(name);
                Ok(ok())
            }
            ("client", b"getname", _) => Ok(bulk(self.name.clone())),
            ("client", b"id", _) => Ok(int(self.id)),
            ("client", b"setinfo", _) => Ok(ok()),
            // There are no descriptions of commands; redis-cli does without.
            ("command", ..) => Ok(Reply::Array(Vec::new())),
            // What redis-benchmark asks for.
            ("config", b"get", [_, name]) if name == "save" => Ok(Reply::Array(vec![bulk("save"), bulk("")])),
            ...
        };
    }
}
