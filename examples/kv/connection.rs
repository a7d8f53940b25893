//! A connection: a process that reads commands, has the shards answer them, and writes the answers.
//!
//! It reads only when what it read before is answered and written. So a client that does not read
//! is not read from, and what is kept for it is bounded: a command, a batch, and some of what is
//! published meanwhile.

use std::collections::HashSet;
use std::mem::swap;
use std::slice;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use bytes::{Buf, Bytes, BytesMut};
use kerosene::prelude::*;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::batch::Batch;
use crate::command::{self, Args, Route};
use crate::protocol::{Decoder, Reply, Stop, Version};
use crate::protocol::{bulk, error, int, put, put_all, put_head, simple};
use crate::pubsub::{self, CHANNEL, PATTERN, Push, Request, Topic};
use crate::{COMMANDS, CONNECTIONS};

/// Room for one read; and what makes a write, and is too large a buffer to keep.
const READ_BYTES: usize = 4 << 10;
const WRITE_BYTES: usize = 64 << 10;
/// What is published and kept for a client that reads slowly: Redis' own limit.
const PUSHED_BYTES_MAX: usize = 32 << 20;
/// What a connection's topics may take in memory: their names, and some room for each.
const TOPICS_BYTES_MAX: usize = 1 << 20;
const TOPIC_BYTES: usize = 64;
/// A client that takes nothing for so long is stuck. When the server stops, it has less time; and
/// so it has to close after we have.
const STALL_MAX: Duration = Duration::from_secs(10);
const STALL_STOPPING_MAX: Duration = Duration::from_secs(1);

struct Connection {
    id: u64,
    version: Version,
    topics: HashSet<Topic>,
    stream: TcpStream,
    decoder: Decoder,
    batch: Batch,
    output: BytesMut,
    /// What has been published to this connection, to be written between two answers.
    pushed: BytesMut,
    stopping: bool,
}

/// Why a connection ends: the client is gone, all has been said, or the client does not read.
enum End {
    Gone,
    Closed,
    Stalled,
}

enum Event {
    Push(Arc<[Reply]>),
    Down(Pid),
    Stop,
}

/// The body of the process.
pub(crate) async fn run(stream: TcpStream, id: u64, shards: usize) {
    let _ = stream.set_nodelay(true); // answers are written whole anyhow
    let mut connection = Connection {
        id,
        version: Version::Resp2,
        topics: HashSet::new(),
        stream,
        decoder: Decoder::default(),
        batch: Batch::new(shards),
        output: BytesMut::new(),
        pushed: BytesMut::new(),
        stopping: false,
    };
    match connection.serve().await {
        Ok(()) | Err(End::Closed) => connection.linger().await,
        Err(End::Gone) => {}
        Err(End::Stalled) => eprintln!("kv: connection {id} closed: the client does not read"),
    }
}

impl Connection {
    async fn serve(&mut self) -> Result<(), End> {
        while !self.stopping {
            let patience = if self.pushed.is_empty() { Duration::MAX } else { Duration::ZERO };
            self.decoder.input.reserve(READ_BYTES);
            let event = tokio::select! {
                read = self.stream.read_buf(&mut self.decoder.input) => match read {
                    Ok(1..) => {
                        self.answer().await?;
                        continue;
                    }
                    Ok(0) | Err(_) => return Err(End::Gone),
                },
                event = next_event(patience) => event,
            };
            if let Some(event) = event {
                self.take(event)?;
            } else {
                swap(&mut self.output, &mut self.pushed);
                self.write().await?;
            }
        }
        Ok(())
    }

    /// Answers what has been read.
    async fn answer(&mut self) -> Result<(), End> {
        loop {
            let next = self.decoder.next();
            match next.map(|words| (words.len() > 0).then(|| command::find(words))) {
                Ok(None) => {}
                Ok(Some(Ok((name, args, Route::Here)))) => {
                    self.settle().await?;
                    self.here(name, &args).await?;
                }
                Ok(Some(Ok(command))) => self.batch.ask(command),
                Ok(Some(Err(problem))) => self.batch.reply(error(problem)),
                Err(Stop::Incomplete) => break,
                Err(Stop::Malformed(problem)) => {
                    let last = error(format!("ERR Protocol error: {problem}"));
                    return self.finish(Some(last)).await;
                }
            }
            if self.batch.is_full() {
                self.settle().await?;
            }
        }
        self.settle().await?;
        self.write().await?;
        if self.decoder.input.is_empty() && self.decoder.input.capacity() > WRITE_BYTES {
            self.decoder = Decoder::default();
        }
        Ok(())
    }

    /// Has the batch answered.
    async fn settle(&mut self) -> Result<(), End> {
        let replies = self.batch.settle().await;
        COMMANDS.fetch_add(replies.len() as u64, Relaxed); // for show
        for reply in replies {
            let mut items = slice::from_ref(&reply);
            if let Reply::Array(array) = &reply {
                put_head(&mut self.output, '*', array.len());
                items = array;
            }
            for item in items {
                put(&mut self.output, self.version, item);
                if self.output.len() >= WRITE_BYTES {
                    self.write().await?;
                }
            }
        }
        Ok(())
    }

    /// Writes the answers so far. It may be in the middle of one, so nothing else is written now.
    async fn write(&mut self) -> Result<(), End> {
        while !self.output.is_empty() {
            let patience = if self.stopping { STALL_STOPPING_MAX } else { STALL_MAX };
            tokio::select! {
                biased;
                written = self.stream.write(&self.output) => match written {
                    Ok(count @ 1..) => self.output.advance(count),
                    Ok(0) | Err(_) => return Err(End::Gone),
                },
                event = next_event(patience) => self.take(event.ok_or(End::Stalled)?)?,
            }
        }
        if self.output.capacity() > WRITE_BYTES {
            self.output = BytesMut::new();
        }
        Ok(())
    }

    fn take(&mut self, event: Event) -> Result<(), End> {
        match event {
            Event::Push(words) => put_all(&mut self.pushed, self.version, '>', &words),
            Event::Down(gone) => self.batch.forget(gone),
            Event::Stop => self.stopping = true,
        }
        if self.pushed.len() < PUSHED_BYTES_MAX { Ok(()) } else { Err(End::Stalled) }
    }

    /// Answers what there is, and no more.
    async fn finish(&mut self, last: Option<Reply>) -> Result<(), End> {
        if let Some(reply) = last {
            self.batch.reply(reply);
        }
        self.settle().await?;
        self.write().await?;
        Err(End::Closed)
    }

    /// Waits until the client has closed as well: to close with something unread would take back
    /// answers that are on their way.
    async fn linger(&mut self) {
        let _ = self.stream.shutdown().await; // whatever happens, it closes now
        let mut nowhere = tokio::io::sink();
        let rest = tokio::io::copy(&mut self.stream, &mut nowhere);
        let _ = tokio::time::timeout(STALL_STOPPING_MAX, rest).await;
    }

    /// Answers a command that is not about keys.
    async fn here(&mut self, name: &'static str, args: &[Bytes]) -> Result<(), End> {
        let sub = args.first().map(|word| word.to_ascii_lowercase()).unwrap_or_default();
        let none = Reply::Array(Vec::new());
        let reply = match (name, &sub[..], args) {
            ("ping", _, []) => simple("PONG"),
            ("ping" | "echo", _, [text]) => bulk(text.clone()),
            ("client", b"id", [_]) => int(self.id),
            // What clients say of themselves is of no consequence here.
            ("client", b"setname" | b"setinfo", _) | ("select", b"0", _) => simple("OK"),
            ("select", ..) => error("ERR DB index is out of range"),
            // What redis-cli and redis-benchmark ask when they start.
            ("command", ..) => none,
            ("config", b"get", [_, name]) => Reply::Array(vec![bulk(name.clone()), bulk("")]),
            ("info", ..) => {
                let (clients, processes) = (CONNECTIONS.load(Relaxed), process_count());
                bulk(format!("connected_clients:{clients}\r\nprocesses:{processes}\r\n"))
            }
            ("hello", b"" | b"2" | b"3", _) => {
                match &sub[..] {
                    b"2" => self.version = Version::Resp2,
                    b"3" => self.version = Version::Resp3,
                    _ => {}
                }
                let words = ["server", "redis", "version", "7.0.0", "mode", "standalone"];
                let mut fields = words.map(bulk).to_vec();
                fields.extend([bulk("proto"), int(self.version as i64), bulk("id"), int(self.id)]);
                fields.extend([bulk("role"), bulk("master"), bulk("modules"), none.clone()]);
                put_all(&mut self.output, self.version, '%', &fields);
                return Ok(());
            }
            ("hello", ..) => error("NOPROTO unsupported protocol version"),
            ("debug", b"panic", [_, key]) => {
                let args = Args::from_iter([key.clone()]);
                self.batch.ask((name, args, Route::Keys(1)));
                return Ok(());
            }
            ("publish", _, [channel, message]) => {
                let request = Request::Publish(channel.clone(), message.clone());
                pubsub::ask(request).await.map_or_else(error, int)
            }
            (_, _, names) if name.ends_with("subscribe") => match self.listen(name, names).await {
                Ok(()) => return Ok(()),
                Err(problem) => error(problem),
            },
            ("quit", ..) => return self.finish(Some(simple("OK"))).await,
            ("shutdown", ..) => {
                stop();
                return self.finish(None).await;
            }
            _ => error(format!("ERR unknown subcommand or arguments of '{name}'")),
        };
        self.batch.reply(reply);
        Ok(())
    }

    /// Subscribes or unsubscribes, the latter without names from all of the kind.
    async fn listen(&mut self, name: &'static str, names: &[Bytes]) -> Result<(), &'static str> {
        let kind = if name.starts_with('p') { PATTERN } else { CHANNEL };
        let mut topics: Vec<Topic> = names.iter().map(|name| (kind, name.clone())).collect();
        if topics.is_empty() {
            topics.extend(self.topics.iter().filter(|topic| topic.0 == kind).cloned());
        }
        let begins = !name.contains("un");
        let bytes = |topic: &Topic| TOPIC_BYTES + topic.1.len();
        let kept: usize = self.topics.iter().chain(&topics).map(bytes).sum();
        if begins && kept > TOPICS_BYTES_MAX {
            return Err("ERR too many subscriptions");
        }
        let request = if begins { Request::Subscribe } else { Request::Unsubscribe };
        pubsub::ask(request(topics.clone())).await?;
        if topics.is_empty() {
            self.confirm(name, Reply::Null);
        }
        for topic in topics {
            let text = bulk(topic.1.clone());
            let _ = if begins { self.topics.insert(topic) } else { self.topics.remove(&topic) };
            self.confirm(name, text);
        }
        Ok(())
    }

    fn confirm(&mut self, name: &'static str, topic: Reply) {
        let words = [bulk(name), topic, int(self.topics.len())];
        put_all(&mut self.output, self.version, '>', &words);
    }
}

async fn next_event(patience: Duration) -> Option<Event> {
    receive! {
        Push(words) => Some(Event::Push(words)),
        Down { pid, .. } => Some(Event::Down(pid)),
        Exit { .. } => Some(Event::Stop),
        after patience => None,
    }
}
