//! A key-value server that speaks Redis' protocol: how a program is built of processes.
//!
//! ```text
//! main ── server ─┬─ shard 0, shard 1, ..         each owns a part of the keys
//!                 ├─ broker                       knows who listens to what
//!                 ├─ connections ── connection..  one for each client
//!                 ├─ listener                     accepts them
//!                 └─ status                       a line on the terminal
//! ```
//!
//! `server` and `connections` are supervisors. A shard that crashes takes its own keys along and
//! nothing else, and starts again: say `DEBUG PANIC some-key`. The server stops from below: nobody
//! connects any more, the connections answer what they have read, and only then the shards end.

mod command;
mod connection;
mod protocol;
mod pubsub;
mod shard;

use std::io::{self, IsTerminal, Write};
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::thread::available_parallelism;

use clap::Parser;
use kerosene::prelude::*;
use tokio::net::TcpListener;
use tracing::{Level, warn};

use crate::connection::Connection;
use crate::pubsub::{BROKER, broker};

/// The numbers on show. Nothing depends on them, so they are counted in no particular order.
static COMMANDS: AtomicU64 = AtomicU64::new(0);
static CONNECTIONS: AtomicU64 = AtomicU64::new(0);
/// More crashes within a second end the server. They are many: clients may say `DEBUG PANIC`.
const RESTARTS_MAX: u32 = 1000;
const FILES_KEPT: u64 = 32; // that are no connections
const ACCEPT_PAUSE: Duration = Duration::from_millis(100); // when it is not possible

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
    #[arg(long, default_value_t = available_parallelism().unwrap_or(NonZeroUsize::MIN))]
    shards: NonZeroUsize,
}

// The other core is for the network and for clients, as Redis advises. Who has asked asks again.
#[kerosene::main(spare_cores = 1, busy_wait = "50us")]
async fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let Options { bind, port, shards } = Options::parse();
    tracing_subscriber::fmt().with_max_level(Level::WARN).with_writer(io::stderr).init();
    let listener = TcpListener::bind((&bind[..], port)).await;
    let listener = listener.map_err(|error| format!("cannot listen on {bind}:{port}: {error}"))?;
    let address = listener.local_addr()?;

    trap_exit(true);
    let server = server(listener, shards.get())?.start_link().await?;
    println!("kv: listening on {address}, {shards} shards");
    println!("kv: try `redis-cli -p {}`; Ctrl-C stops", address.port());
    // Ctrl-C, SIGTERM and a client's SHUTDOWN: the runtime tells this process and `server`.
    receive! {
        Exit { pid, .. } if pid.is_nobody() => {}
        Exit { .. } => return Err("too many crashes".into()),
    }
    receive! { Exit { pid, .. } if pid == server.pid() => {} }
    println!("{}kv: stopped", if io::stdout().is_terminal() { "\n" } else { "" });
    Ok(())
}

/// The supervisor. It starts its children in this order, and stops them in reverse.
fn server(listener: TcpListener, shards: usize) -> io::Result<Supervisor> {
    let connections_max = rlimit::increase_nofile_limit(u64::MAX)?.saturating_sub(FILES_KEPT);
    let listener = Arc::new(listener);
    let shards: Arc<[Name]> = (0..shards).map(|shard| format!("shard {shard}").into()).collect();
    let server = Supervisor::new(Strategy::OneForOne)
        .intensity(RESTARTS_MAX, Duration::from_secs(1))
        .children(shards.iter().map(|name| ChildSpec::process(name, shard::run).name(name)))
        .child(ChildSpec::new(BROKER, || broker::start_named(BROKER)))
        .child(DynamicSupervisor::new().name("connections").child_spec("connections"))
        .child(ChildSpec::process("listener", move || {
            accept(Arc::clone(&listener), Arc::clone(&shards), connections_max)
        }));
    Ok(server.children(io::stdout().is_terminal().then(|| ChildSpec::process("status", status))))
}

async fn accept(listener: Arc<TcpListener>, shards: Arc<[Name]>, connections_max: u64) {
    for id in 1.. {
        match listener.accept().await {
            Ok((stream, _)) if CONNECTIONS.load(Relaxed) >= connections_max => {
                let _ = stream.try_write(b"-ERR max number of clients reached\r\n"); // if it can
            }
            Ok((stream, _)) => {
                let connection = Connection::new(stream, id, Arc::clone(&shards));
                let spec = ChildSpec::once("connection", connection.run());
                if let Some(connections) = DynamicSupervisorRef::named("connections") {
                    let _ = connections.start_child(spec).await; // it is closed if that fails
                }
            }
            Err(error) => {
                warn!("cannot accept a connection: {error}");
                sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

async fn status() {
    loop {
        let before = COMMANDS.load(Relaxed);
        sleep(Duration::from_secs(1)).await;
        let (connections, processes) = (CONNECTIONS.load(Relaxed), process_count());
        let rate = COMMANDS.load(Relaxed) - before;
        print!("\r\x1b[K{connections} connections, {processes} processes, {rate} commands/s ");
        let _ = io::stdout().flush(); // a terminal that is gone needs no status
    }
}
