//! A connection: a process that reads commands, has the shards answer them, and writes the answers.
//!
//! It reads only when what it read before is answered and written. So a client that does not read
//! is not read from, and what is kept for it is bounded: a command, a batch, and some of what is
//! published meanwhile.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::{io, slice};

use bytes::{Buf, Bytes, BytesMut};
use kerosene::prelude::*;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::COMMANDS;
use crate::batch::Batch;
use crate::command::{self, Route};
use crate::protocol::{Decoder, Reply, Version, error};
use crate::pubsub::{Push, Topic};

/// Room for one read.
const READ_BYTES: usize = 4 << 10;
/// Answers are written when they are as many, and buffers that grew larger are given back.
const WRITE_BYTES: usize = 64 << 10;
/// What is published and kept for a client that reads slowly: Redis' own limit.
const PUSHED_BYTES_MAX: usize = 32 << 20;
/// A client that takes nothing for so long is stuck. When the server stops, it has less time.
const STALL_MAX: Duration = Duration::from_secs(10);
const STALL_STOPPING_MAX: Duration = Duration::from_secs(1);
/// How long a client may take to close after we have.
const LINGER_MAX: Duration = Duration::from_secs(1);

pub(crate) struct Connection {
    pub(crate) id: u64,
    pub(crate) version: Version,
    pub(crate) topics: HashSet<Topic>,
    pub(crate) batch: Batch,
    pub(crate) output: BytesMut,
    stream: TcpStream,
    input: BytesMut,
    decoder: Decoder,
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
    /// The client does not read.
    Stalled,
}

enum Event {
    Push(Arc<Push>),
    Down(Pid),
    Stop,
}

/// The body of the process.
pub(crate) async fn run(stream: TcpStream, id: u64, shards: usize) {
    let mut connection = Connection {
        id,
        version: Version::Resp2,
        topics: HashSet::new(),
        batch: Batch::new(shards).await,
        output: BytesMut::new(),
        stream,
        input: BytesMut::new(),
        decoder: Decoder::default(),
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
        let _ = self.stream.set_nodelay(true); // answers are written whole anyhow
        while !self.stopping {
            let patience = if self.pushed.is_empty() { Duration::MAX } else { Duration::ZERO };
            self.input.reserve(READ_BYTES);
            tokio::select! {
                read = self.stream.read_buf(&mut self.input) => match read {
                    Ok(1..) => self.answer().await?,
                    Ok(0) | Err(_) => return Err(End::Gone),
                },
                event = next_event(patience) => match event {
                    Some(event) => self.take(event).await?,
                    None => self.push().await?,
                },
            }
            if self.pushed.len() > WRITE_BYTES {
                self.push().await?;
            }
        }
        Ok(())
    }

    /// Answers what has been read.
    async fn answer(&mut self) -> Result<(), End> {
        let mut count = 0;
        loop {
            match self.decoder.next(&mut self.input) {
                Ok(None) => break,
                Ok(Some(words)) if words.is_empty() => {}
                Ok(Some(words)) => {
                    count += 1;
                    self.command(words).await?;
                }
                Err(problem) => {
                    self.settle().await?;
                    self.put(&error(format!("ERR Protocol error: {problem}"))).await?;
                    self.write().await?;
                    return Err(End::Closed);
                }
            }
        }
        COMMANDS.fetch_add(count, Relaxed); // for show
        if self.input.is_empty() && self.input.capacity() > WRITE_BYTES {
            self.input = BytesMut::new();
        }
        self.settle().await?;
        self.write().await
    }

    async fn command(&mut self, mut words: Vec<Bytes>) -> Result<(), End> {
        match command::find(&words) {
            Ok((name, Route::Here)) => {
                self.settle().await?;
                self.here(name, &words[1..]).await
            }
            Ok((name, route)) => {
                words.remove(0);
                self.batch.add(name, words, route);
                if self.batch.is_full() { self.settle().await } else { Ok(()) }
            }
            Err(problem) => {
                self.settle().await?;
                self.put(&error(problem)).await
            }
        }
    }

    /// Has the shards answer the batch.
    pub(crate) async fn settle(&mut self) -> Result<(), End> {
        for reply in self.batch.settle().await {
            self.put(&reply).await?;
        }
        Ok(())
    }

    pub(crate) async fn put(&mut self, reply: &Reply) -> Result<(), End> {
        let mut items = slice::from_ref(reply);
        if let Reply::Array(array) = reply {
            self.version.put_head(&mut self.output, '*', array.len());
            items = array;
        }
        for item in items {
            self.version.put(&mut self.output, item);
            if self.output.len() >= WRITE_BYTES {
                self.write().await?;
            }
        }
        Ok(())
    }

    /// Writes the answers so far. It may be in the middle of one, so nothing else is written now.
    pub(crate) async fn write(&mut self) -> Result<(), End> {
        while !self.output.is_empty() {
            let patience = if self.stopping { STALL_STOPPING_MAX } else { STALL_MAX };
            tokio::select! {
                biased;
                written = self.stream.write(&self.output) => match written {
                    Ok(count @ 1..) => self.output.advance(count),
                    Ok(0) | Err(_) => return Err(End::Gone),
                },
                event = next_event(patience) => match event {
                    Some(event) => self.take(event).await?,
                    None => return Err(End::Stalled),
                },
            }
        }
        if self.output.capacity() > WRITE_BYTES {
            self.output = BytesMut::new();
        }
        Ok(())
    }

    async fn take(&mut self, event: Event) -> Result<(), End> {
        match event {
            Event::Push(push) => push.put(self.version, &mut self.pushed),
            Event::Down(gone) => self.batch.replace(gone).await,
            Event::Stop => self.stopping = true,
        }
        if self.pushed.len() < PUSHED_BYTES_MAX { Ok(()) } else { Err(End::Stalled) }
    }

    /// Writes what has been published.
    async fn push(&mut self) -> Result<(), End> {
        std::mem::swap(&mut self.output, &mut self.pushed);
        self.write().await
    }

    /// Waits until the client has closed as well: to close with something unread would take back
    /// answers that are on their way.
    async fn linger(&mut self) {
        let drain = async {
            self.stream.shutdown().await?;
            self.input.reserve(READ_BYTES);
            while self.stream.read_buf(&mut self.input).await? > 0 {
                self.input.clear();
            }
            io::Result::Ok(())
        };
        let _ = tokio::time::timeout(LINGER_MAX, drain).await; // whatever happens, it closes now
    }
}

async fn next_event(patience: Duration) -> Option<Event> {
    receive! {
        push: Arc<Push> => Some(Event::Push(push)),
        Down { pid, .. } => Some(Event::Down(pid)),
        Exit { .. } => Some(Event::Stop),
        after patience => None,
    }
}
