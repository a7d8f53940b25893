//! A key-value server that speaks Redis' protocol: how a program is built of processes.
//!
//! ```text
//! cargo run --release --example kv        and then: redis-cli -p 6380
//!
//! main ── monitors ──► connection ── monitors ──► shard     one for each part of the keys
//!   │                  (one for each client)        │
//!   │                       │ linked                │ linked
//!   └── linked ── janitor ──┼───────────────────────┘
//!                    └─── broker                            knows who listens to what
//! ```
//!
//! A connection sends a shard what a batch of commands asks of it in one message, and waits for
//! its answers or its end. A shard that crashes takes its own keys along and nothing else, and the
//! janitor starts it again: say `DEBUG PANIC some-key`. Who must finish something before it stops
//! traps exits: a connection answers what it has read, `main` waits for the connections, and the
//! shards are there until they are gone.

mod batch;
mod command;
mod connection;
mod janitor;
mod protocol;
mod pubsub;
mod shard;

use std::error::Error;
use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::thread::available_parallelism;

use clap::Parser;
use clap::builder::RangedU64ValueParser;
use kerosene::prelude::*;
use tokio::net::TcpListener;

/// The numbers on show. Nothing depends on them, so they are counted in no particular order.
static COMMANDS: AtomicU64 = AtomicU64::new(0);
static CONNECTIONS: AtomicU64 = AtomicU64::new(0);

/// File descriptors that are no connections.
const FILES_KEPT: u64 = 32;
/// How long to wait when connections cannot be accepted.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// A key-value server that speaks Redis' protocol, made of processes.
#[derive(Parser)]
struct Options {
    /// Where to listen.
    #[arg(long, default_value = "127.0.0.1")]
    bind: String,
    /// On which port; 0: any that is free.
    #[arg(long, default_value_t = 6380)]
    port: u16,
    /// Among how many processes to divide the keys.
    #[arg(long, default_value_t = available_parallelism().map_or(1, usize::from))]
    #[arg(value_parser = RangedU64ValueParser::<usize>::new().range(1..=1024))]
    shards: usize,
}

/// The first process: when it ends, the program does.
#[kerosene::main]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let Options { bind, port, shards } = Options::parse();
    let connections_max = rlimit::increase_nofile_limit(u64::MAX)?.saturating_sub(FILES_KEPT);
    let listener = TcpListener::bind((&bind[..], port)).await;
    let listener = listener.map_err(|error| format!("cannot listen on {bind}:{port}: {error}"))?;
    let address = listener.local_addr()?;
    println!("kv: listening on {address}, {shards} shards");
    println!("kv: try `redis-cli -p {}`; Ctrl-C stops", address.port());

    trap_exit(true);
    let options = SpawnOptions::new().link().trap_exit();
    let janitor = spawn_opt(options, janitor::run(pid(), shards)).pid;
    let status = io::stdout().is_terminal().then(|| spawn(show()));
    let mut id = 0;
    let told_by = loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            told_by = next_exit() => break told_by,
        };
        match accepted {
            Ok((stream, _)) if CONNECTIONS.load(Relaxed) >= connections_max => {
                let _ = stream.try_write(b"-ERR max number of clients reached\r\n"); // if it can
            }
            Ok((stream, _)) => {
                id += 1;
                let options = SpawnOptions::new().monitor().trap_exit();
                spawn_opt(options, connection::run(stream, id, shards));
                CONNECTIONS.fetch_add(1, Relaxed);
            }
            Err(error) => {
                eprintln!("kv: cannot accept a connection: {error}");
                sleep(ACCEPT_PAUSE).await;
            }
        }
    };
    if told_by == janitor {
        return Err("the janitor has crashed".into());
    }

    // The runtime stops: Ctrl-C, SIGTERM, or a client's SHUTDOWN. It has told every process; shards
    // and broker wait for the janitor's end, and the janitor for this.
    drop(listener);
    while CONNECTIONS.load(Relaxed) > 0 {
        receive! { Down { .. } => CONNECTIONS.fetch_sub(1, Relaxed) };
    }
    exit_signal(janitor, ExitReason::Shutdown);
    receive! { Exit { pid, .. } if pid == janitor => {} }
    println!("{}kv: stopped", if status.is_some() { "\n" } else { "" });
    Ok(())
}

/// Counts the connections that end, until an exit signal comes; says from whom.
async fn next_exit() -> Pid {
    loop {
        receive! {
            Down { .. } => CONNECTIONS.fetch_sub(1, Relaxed),
            Exit { pid, .. } => return pid,
        };
    }
}

/// The body of a process that keeps a line on the terminal up to date.
async fn show() {
    loop {
        let before = COMMANDS.load(Relaxed);
        sleep(Duration::from_secs(1)).await;
        let (connections, processes) = (CONNECTIONS.load(Relaxed), process_count());
        let rate = COMMANDS.load(Relaxed) - before;
        print!("\r\x1b[K{connections} connections, {processes} processes, {rate} commands/s ");
        let _ = io::stdout().flush(); // a terminal that is gone needs no status
    }
}
