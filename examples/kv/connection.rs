//! A connection: a process that reads commands, has the shards answer them, and writes the answers.
//!
//! It reads only when what it read before is answered and written, which bounds what it keeps.

use std::collections::HashSet;
use std::io::{self, ErrorKind};
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use bytes::{Buf, Bytes, BytesMut};
use kerosene::prelude::*;
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy, sink};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};
use tracing::warn;

use crate::command::{self, Batch, Route};
use crate::protocol::{Decoder, Reply, Word, bulk, error, int, put, put_all, put_head, simple};
use crate::pubsub::{BROKER, CHANNEL, PATTERN, Push, Topic, broker};
use crate::{COMMANDS, CONNECTIONS};

/// Room for one read; and what makes a write, and is too large a buffer to keep.
const READ_BYTES: usize = 4 << 10;
const WRITE_BYTES: usize = 64 << 10;
/// Commands of a batch: bounds what it keeps, and how long it keeps a shard busy.
const BATCH_MAX: usize = 128;
/// What is published and kept for a client that reads slowly: Redis' own limit.
const PUSHED_BYTES_MAX: usize = 32 << 20;
/// What a connection's topics may take in memory.
const TOPICS_BYTES_MAX: usize = 1 << 20;
/// A client that takes nothing for so long is stuck; less when we stop.
const STALL_MAX: Duration = Duration::from_secs(10);
const STALL_STOPPING_MAX: Duration = Duration::from_secs(1);

pub(crate) struct Connection {
    id: u64,
    resp3: bool,
    topics: HashSet<Topic>,
    stream: TcpStream,
    decoder: Decoder,
    batch: Batch,
    output: BytesMut,
    /// What has been published to this connection, to be written between two answers.
    pushed: BytesMut,
    stopping: bool,
}

impl Connection {
    pub(crate) fn new(stream: TcpStream, id: u64, shards: Arc<[Name]>) -> Self {
        let _ = stream.set_nodelay(true); // answers are written whole anyhow
        CONNECTIONS.fetch_add(1, Relaxed);
        Self {
            id,
            resp3: false,
            topics: HashSet::new(),
            stream,
            decoder: Decoder::default(),
            batch: Batch::new(shards),
            output: BytesMut::new(),
            pushed: BytesMut::new(),
            stopping: false,
        }
    }

    /// The body of the process. It traps exits: before it stops it answers what it has read.
    pub(crate) async fn run(mut self) {
        trap_exit(true);
        match self.serve().await {
            Err(problem) if problem.kind() == ErrorKind::TimedOut => {
                warn!("connection {} closed: the client does not read", self.id);
            }
            _ => {
                // To close with something unread would take answers back: the client closes first.
                let _ = self.stream.shutdown().await;
                let _ = timeout(STALL_STOPPING_MAX, copy(&mut self.stream, &mut sink())).await;
            }
        }
    }

    /// Serves until the client or the server has had enough; an error is the end as well.
    async fn serve(&mut self) -> io::Result<()> {
        while !self.stopping {
            let patience = if self.pushed.is_empty() { Duration::MAX } else { Duration::ZERO };
            self.decoder.input.reserve(READ_BYTES);
            tokio::select! {
                read = self.stream.read_buf(&mut self.decoder.input) => match read? {
                    0 => break,
                    _ => self.answer().await?,
                },
                message = next_message(patience) => if let Some(message) = message {
                    self.take(&message)?;
                } else {
                    std::mem::swap(&mut self.output, &mut self.pushed);
                    self.write().await?;
                },
            }
        }
        Ok(())
    }

    async fn answer(&mut self) -> io::Result<()> {
        for count in 1.. {
            match self.decoder.next() {
                Ok((_, [])) => {}
                Ok((text, words)) => match command::find(text, words) {
                    Err(problem) => self.batch.reply(error(problem)),
                    Ok((name, Route::Here)) => {
                        let word = |at: &Word| Bytes::copy_from_slice(&text[at.clone()]);
                        let args: Vec<Bytes> = words[1..].iter().map(word).collect();
                        self.settle().await?;
                        self.here(name, &args).await?;
                    }
                    Ok((name, route)) => self.batch.ask(name, route, text, &words[1..]),
                },
                Err(None) => break,
                Err(Some(problem)) => {
                    self.batch.reply(error(format!("ERR Protocol error: {problem}")));
                    return self.finish().await;
                }
            }
            if count % BATCH_MAX == 0 {
                self.settle().await?;
            }
        }
        self.settle().await?;
        yield_now().await; // others read first, and then all write: clients wake up less often
        self.write().await
    }

    async fn settle(&mut self) -> io::Result<()> {
        let replies = self.batch.settle(self.decoder.take()).await;
        COMMANDS.fetch_add(replies.len() as u64, Relaxed); // for show
        for reply in replies {
            let mut items = std::slice::from_ref(&reply);
            if let Reply::Array(array) = &reply {
                put_head(&mut self.output, '*', array.len());
                items = array;
            }
            for item in items {
                put(&mut self.output, self.resp3, item);
                if self.output.len() >= WRITE_BYTES {
                    self.write().await?;
                }
            }
        }
        Ok(())
    }

    /// Writes the answers so far. It may be in the middle of one, so nothing else is written now.
    async fn write(&mut self) -> io::Result<()> {
        let mut stalled = None;
        while !self.output.is_empty() {
            let patience = if self.stopping { STALL_STOPPING_MAX } else { STALL_MAX };
            let event = async {
                let since = stalled.get_or_insert_with(Instant::now);
                next_message(patience.saturating_sub(since.elapsed())).await
            };
            tokio::select! {
                biased;
                written = self.stream.write(&self.output) => {
                    self.output.advance(written?);
                    stalled = None;
                }
                event = event => self.take(&event.ok_or(ErrorKind::TimedOut)?)?,
            }
        }
        if self.output.capacity() > WRITE_BYTES {
            self.output = BytesMut::new();
        }
        Ok(())
    }

    fn take(&mut self, message: &Message) -> io::Result<()> {
        if let Some(Push(words)) = message.downcast_ref() {
            put_all(&mut self.pushed, self.resp3, '>', words);
        }
        self.stopping |= message.is::<Exit>();
        if self.pushed.len() < PUSHED_BYTES_MAX { Ok(()) } else { Err(ErrorKind::TimedOut.into()) }
    }

    /// Answers what there is, and no more.
    async fn finish(&mut self) -> io::Result<()> {
        self.settle().await?;
        self.write().await?;
        Err(ErrorKind::ConnectionAborted.into())
    }

    /// Answers a command that is not about keys.
    async fn here(&mut self, name: &'static str, args: &[Bytes]) -> io::Result<()> {
        let sub = args.first().map(|word| word.to_ascii_lowercase()).unwrap_or_default();
        let none = Reply::Array(Vec::new());
        let reply = match (name, &sub[..], args) {
            ("ping", _, []) => simple("PONG"),
            ("ping" | "echo", _, [text]) => bulk(text.clone()),
            ("client", b"id", [_]) => int(self.id),
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
                self.resp3 = if sub.is_empty() { self.resp3 } else { sub == b"3" };
                let text = ["server", "redis", "version", "7.0.0", "role", "master", "mode"];
                let [proto, id] = [int(2 + u8::from(self.resp3)), int(self.id)];
                let rest = [bulk("standalone"), bulk("proto"), proto, bulk("id"), id];
                let fields = [&text.map(bulk)[..], &rest, &[bulk("modules"), none]].concat();
                put_all(&mut self.output, self.resp3, '%', &fields);
                return Ok(());
            }
            ("hello", ..) => error("NOPROTO unsupported protocol version"),
            ("publish", _, [channel, message]) => {
                let broker = broker::Ref::by_name(BROKER);
                let listeners = broker.publish(channel.clone(), message.clone()).await;
                listeners.map_or_else(|problem| error(format!("ERR broker: {problem}")), int)
            }
            (_, _, names) if name.ends_with("subscribe") => match self.listen(name, names).await {
                Ok(()) => return Ok(()),
                Err(problem) => error(problem),
            },
            ("quit", ..) => {
                self.batch.reply(simple("OK"));
                return self.finish().await;
            }
            ("shutdown", ..) => {
                stop();
                return self.finish().await;
            }
            _ => error(format!("ERR unknown subcommand or arguments of '{name}'")),
        };
        self.batch.reply(reply);
        Ok(())
    }

    /// Subscribes or unsubscribes, the latter without names from all of the kind.
    async fn listen(&mut self, name: &'static str, names: &[Bytes]) -> Result<(), String> {
        let kind = if name.starts_with('p') { PATTERN } else { CHANNEL };
        let mut topics: Vec<Topic> = names.iter().map(|name| (kind, name.clone())).collect();
        if topics.is_empty() {
            topics.extend(self.topics.iter().filter(|topic| topic.0 == kind).cloned());
        }
        let begins = !name.contains("un");
        let kept =
            self.topics.iter().chain(&topics).map(|topic| size_of::<Topic>() + topic.1.len());
        if begins && kept.sum::<usize>() > TOPICS_BYTES_MAX {
            return Err("ERR too many subscriptions".into());
        }
        let (broker, me, known) = (broker::Ref::by_name(BROKER), pid(), topics.clone());
        let done = if begins { broker.subscribe(me, known) } else { broker.unsubscribe(me, known) };
        done.await.map_err(|problem| format!("ERR broker: {problem}"))?;
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
        put_all(&mut self.output, self.resp3, '>', &words);
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        CONNECTIONS.fetch_sub(1, Relaxed);
    }
}

async fn next_message(patience: Duration) -> Option<Message> {
    receive! {
        message => Some(message),
        after patience => None,
    }
}
