//! A connection: a process that reads commands, has the shards answer them, and writes the answers.
//!
//! It reads only when what it read before is answered and written. So a client that does not read is
//! not read from, and what is kept for it is bounded: a command, a batch, and some of what is
//! published meanwhile.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::{io, slice};

use bytes::{Bytes, BytesMut};
use kerosene::prelude::*;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::COMMANDS;
use crate::batch::{Batch, COMMANDS_MAX};
use crate::command::{self, Route};
use crate::janitor::find_shard;
use crate::protocol::{Decoder, Reply, Version, error};
use crate::pubsub::{Push, Topic};
use crate::shard::Answers;

/// Room for one read.
const READ_BYTES: usize = 8 << 10;
/// Answers are written when they are as many; buffers that grew larger are given back.
const WRITE_BYTES: usize = 64 << 10;
/// What is published and kept for a client that reads slowly: Redis' own limit.
const PUSHED_BYTES_MAX: usize = 32 << 20;
/// A client that takes nothing for so long is stuck; it gets less time when the server stops.
const STALL_MAX: Duration = Duration::from_secs(10);
const STALL_STOPPING_MAX: Duration = Duration::from_secs(1);
/// How long a client may take to close after we have.
const LINGER_MAX: Duration = Duration::from_secs(1);

pub(crate) struct Connection {
    pub(crate) id: u64,
    pub(crate) name: Bytes,
    pub(crate) version: Version,
    pub(crate) topics: HashSet<Topic>,
    stream: TcpStream,
    input: BytesMut,
    decoder: Decoder,
    batch: Batch,
    shards: Vec<Pid>,
    output: BytesMut,
    /// What has been published to this connection, to be written between two answers.
    pushed: BytesMut,
    stopping: bool,
}

/// Why a connection ends.
pub(crate) enum End {
    /// The client is gone.
    Gone,
    /// All has been said.
    Closed,
    /// The client does not listen.
    Stalled,
}

impl From<io::Error> for End {
    fn from(_: io::Error) -> Self {
        Self::Gone
    }
}

enum Event {
    Socket(io::Result<usize>),
    Push(Arc<Push>),
    Down(Pid),
    Stop,
    Timeout,
}

/// The body of the process.
pub(crate) async fn run(stream: TcpStream, id: u64, shards: usize) -> ExitReason {
    let mut connection = Connection {
        id,
        name: Bytes::new(),
        version: Version::Resp2,
        topics: HashSet::new(),
        stream,
        input: BytesMut::new(),
        decoder: Decoder::default(),
        batch: Batch::new(shards),
        shards: Vec::new(),
        output: BytesMut::new(),
        pushed: BytesMut::new(),
        stopping: false,
    };
    for shard in 0..shards {
        connection.shards.push(find_shard(shard, pid()).await);
    }
    match connection.serve().await {
        Ok(()) | Err(End::Gone) => {}
        Err(End::Closed) => connection.linger().await,
        Err(End::Stalled) => return ExitReason::shutdown_with("the client does not read"),
    }
    ExitReason::Normal
}

impl Connection {
    async fn serve(&mut self) -> Result<(), End> {
        // Answers are written whole, there is nothing to wait for.
        self.stream.set_nodelay(true)?;
        while !self.stopping {
            self.input.reserve(READ_BYTES);
            let patience = if self.pushed.is_empty() { Duration::MAX } else { Duration::ZERO };
            let event = tokio::select! {
                read = self.stream.read_buf(&mut self.input) => Event::Socket(read),
                event = next_event(patience) => event,
            };
            match event {
                Event::Socket(read) if read? == 0 => return Err(End::Gone),
                Event::Socket(_) => self.answer().await?,
                Event::Push(push) => self.keep(&push)?,
                Event::Down(pid) => self.replace(pid).await,
                Event::Stop => self.stopping = true,
                Event::Timeout => self.push().await?,
            }
            if self.pushed.len() > WRITE_BYTES {
                self.push().await?;
            }
        }
        Err(End::Closed)
    }

    /// Answers what has been read.
    async fn answer(&mut self) -> Result<(), End> {
        loop {
            match self.decoder.next(&mut self.input) {
                Ok(Some(words)) => self.command(words).await?,
                Ok(None) => break,
                Err(problem) => {
                    self.settle().await?;
                    self.put(&error(format!("ERR {problem}"))).await?;
                    self.write().await?;
                    return Err(End::Closed);
                }
            }
            if self.batch.commands.len() >= COMMANDS_MAX {
                self.settle().await?;
            }
        }
        self.settle().await?;
        if self.input.is_empty() && self.input.capacity() > WRITE_BYTES {
            self.input = BytesMut::new();
        }
        self.write().await
    }

    async fn command(&mut self, mut words: Vec<Bytes>) -> Result<(), End> {
        if words.is_empty() {
            return Ok(());
        }
        COMMANDS.fetch_add(1, Relaxed); // a count on show, nothing depends on it
        match command::find(&words) {
            Ok((name, Route::Here)) => {
                self.settle().await?;
                self.here(name, &words[1..]).await
            }
            Ok((name, route)) => {
                words.remove(0);
                self.batch.ask(name, words, route);
                Ok(())
            }
            Err(problem) => {
                self.settle().await?;
                self.put(&error(problem)).await
            }
        }
    }

    /// Has the shards answer the batch. Each that was asked sends its answers or has crashed; and
    /// what a process has sent arrives before the news of its end.
    async fn settle(&mut self) -> Result<(), End> {
        self.batch.send(&self.shards);
        while !self.batch.waiting.is_empty() {
            receive! {
                Answers { shard, replies } => self.batch.answered(shard, replies),
                Down { pid, .. } => self.replace(pid).await,
            }
        }
        let mut batch = std::mem::take(&mut self.batch);
        let mut rest = &batch.replies[..];
        for (count, join) in &batch.commands {
            let (replies, after) = rest.split_at(*count);
            rest = after;
            match join.map(|join| join.join(replies)) {
                None => self.put(&replies[0]).await?,
                Some(Some(reply)) => self.put(&reply).await?,
                Some(None) => {
                    // What one shard has found comes as an array; what belongs to one key does not.
                    let items = || replies.iter().flat_map(|reply| match reply {
                        Reply::Array(found) => &found[..],
                        reply => slice::from_ref(reply),
                    });
                    self.version.put_head(&mut self.output, '*', items().count());
                    for reply in items() {
                        self.put(reply).await?;
                    }
                }
            }
        }
        batch.clear();
        self.batch = batch;
        Ok(())
    }

    pub(crate) async fn put(&mut self, reply: &Reply) -> Result<(), End> {
        self.version.put(&mut self.output, reply);
        if self.output.len() < WRITE_BYTES { Ok(()) } else { self.write().await }
    }

    /// Writes all answers so far. What is published meanwhile is kept: this may be the middle of an
    /// answer.
    pub(crate) async fn write(&mut self) -> Result<(), End> {
        while !self.output.is_empty() {
            let patience = if self.stopping { STALL_STOPPING_MAX } else { STALL_MAX };
            let event = tokio::select! {
                biased;
                written = self.stream.write_buf(&mut self.output) => Event::Socket(written),
                event = next_event(patience) => event,
            };
            match event {
                Event::Socket(written) if written? == 0 => return Err(End::Gone),
                Event::Socket(_) => {}
                Event::Push(push) => self.keep(&push)?,
                Event::Down(pid) => self.replace(pid).await,
                Event::Stop => self.stopping = true,
                Event::Timeout => return Err(End::Stalled),
            }
        }
        if self.output.capacity() > WRITE_BYTES {
            self.output = BytesMut::new();
        }
        Ok(())
    }

    fn keep(&mut self, push: &Push) -> Result<(), End> {
        push.put(self.version, &mut self.pushed);
        if self.pushed.len() < PUSHED_BYTES_MAX { Ok(()) } else { Err(End::Stalled) }
    }

    async fn push(&mut self) -> Result<(), End> {
        std::mem::swap(&mut self.output, &mut self.pushed);
        self.write().await
    }

    /// Finds who has taken the place of a shard that is gone, and waits no longer for its answers.
    async fn replace(&mut self, gone: Pid) {
        if let Some(shard) = self.shards.iter().position(|pid| *pid == gone) {
            self.shards[shard] = find_shard(shard, gone).await;
            self.batch.waiting.remove(&shard);
        }
    }

    /// Waits for the client to close as well: a socket closed with something unread takes back
    /// answers that are still on their way.
    async fn linger(&mut self) {
        let drain = async {
            self.stream.shutdown().await?;
            while self.stream.read_buf(&mut self.input).await? > 0 {
                self.input.clear();
            }
            io::Result::Ok(())
        };
        let _ = tokio::time::timeout(LINGER_MAX, drain).await; // it closes now in any case
    }
}

/// What may happen while a connection waits for its client.
async fn next_event(patience: Duration) -> Event {
    receive! {
        push: Arc<Push> => Event::Push(push),
        Down { pid, .. } => Event::Down(pid),
        Exit { .. } => Event::Stop,
        after patience => Event::Timeout,
    }
}
