//! A chat server: people, rooms, and who is where, as a supervision tree.
//!
//! ```text
//! cargo run --release --example chat
//! nc 127.0.0.1 7300                      # in several terminals; /help says more
//! ```
//!
//! Who is who:
//!
//! ```text
//! chat ──┬── presence     who is in which room: a scope of process groups
//!        ├── rooms ─┬──   an actor for each room, started when somebody enters it
//!        │          └──
//!        ├── users ─┬──   a process for each connection
//!        │          └──
//!        └── listener     accepts connections, and has `users` start a process for each
//! ```
//!
//! * What is said in a room is published to a topic, from where it comes to everybody as a message.
//!   Who does not read misses some of it and is told how much: `rooms.rs`, `user.rs`.
//! * A room that crashes is started again by `rooms`. Those who were in it have monitored it,
//!   notice, and go back in; who is where is known to `presence` and does not depend on rooms. To
//!   see it, say `/crash`.
//! * Names of people and of rooms are keys of registries, free again when their process has ended.
//! * Who writes too much is not heard, and then shown out: `flood.rs`.
//! * When the program stops, by Ctrl-C or SIGTERM, it does so from the end of the tree: nobody new
//!   comes in, each user traps the exit signal and says good-bye, and then the rooms close.

mod flood;
mod lines;
mod rooms;
mod user;

use std::error::Error;
use std::sync::Arc;

use clap::Parser;
use kerosene::otp::{Registry, Scope, StartChildError, Topic};
use kerosene::prelude::*;
use tokio::net::TcpListener;

use rooms::Line;

/// The names of the two dynamic supervisors.
const ROOMS: &str = "rooms";
const USERS: &str = "users";

/// Each is a process, a topic and some lines.
const ROOMS_MAX: usize = 1000;
/// One file descriptor each, and most systems give a program a thousand.
const USERS_MAX: usize = 900;
/// How long to wait when connections cannot be accepted.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// A chat server, made of processes.
#[derive(Parser)]
struct Options {
    /// Where to listen.
    #[arg(long, default_value = "127.0.0.1")]
    bind: String,
    /// On which port; 0: any that is free.
    #[arg(long, default_value_t = 7300)]
    port: u16,
    /// How many lines a second one user may say in the long run.
    #[arg(long, default_value_t = 2)]
    #[arg(value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    rate: u32,
}

/// What everybody here needs to know.
#[derive(Debug, Clone)]
pub(crate) struct Chat {
    /// Who has which name.
    pub(crate) nicks: Registry<String>,
    /// The rooms that are open, and where to hear what is said in them.
    pub(crate) rooms: Registry<String, Topic<Line>>,
    /// Who is in which room.
    pub(crate) presence: Scope,
    /// Lines a second.
    pub(crate) rate: u32,
}

/// The first process: when it ends, the program does.
#[kerosene::main]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let Options { bind, port, rate } = Options::parse();
    let listener = TcpListener::bind((&bind[..], port)).await;
    let listener = listener.map_err(|error| format!("cannot listen on {bind}:{port}: {error}"))?;
    let address = listener.local_addr()?;
    let chat = Chat {
        nicks: Registry::unique(),
        rooms: Registry::unique(),
        presence: Scope::named("presence"),
        rate,
    };

    trap_exit(true);
    let tree = tree(&chat, listener).start_link().await?;
    println!("chat: listening on {address}; try `nc {} {}`", address.ip(), address.port());
    receive! {
        Exit { pid, .. } if pid.is_nobody() => {}
        Exit { pid, reason } if pid == tree.pid() => {
            return Err(format!("the tree gave up: {reason}").into());
        }
    }
    // Ctrl-C or SIGTERM: the tree has been told, too, and stops from its end.
    receive! { Exit { pid, .. } if pid == tree.pid() => println!("chat: stopped") }
    Ok(())
}

/// Each part stands on those before it: without `presence` the rooms are no good, and so on.
fn tree(chat: &Chat, listener: TcpListener) -> Supervisor {
    // A room that crashes often harms those in it and nobody else, so it must not end all others.
    let rooms = DynamicSupervisor::new().intensity(1000, Duration::from_secs(1));
    let (chat_, listener) = (chat.clone(), Arc::new(listener));
    Supervisor::new(Strategy::RestForOne)
        .name("chat")
        .child(chat.presence.child_spec())
        .child(rooms.max_children(ROOMS_MAX).name(ROOMS).child_spec(ROOMS))
        .child(DynamicSupervisor::new().max_children(USERS_MAX).name(USERS).child_spec(USERS))
        .child(ChildSpec::process("listener", move || accept(Arc::clone(&listener), chat_.clone())))
}

/// Starts a process for each connection.
async fn accept(listener: Arc<TcpListener>, chat: Chat) -> Result<(), StartChildError> {
    let users = DynamicSupervisorRef::named(USERS).ok_or(CallError::NoProc)?;
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                let spec = ChildSpec::once("user", user::run(stream, chat.clone()));
                match users.start_child(spec).await {
                    // To drop the spec has closed the connection.
                    Err(StartChildError::MaxChildren) => sleep(ACCEPT_PAUSE).await,
                    started => drop(started?),
                }
            }
            Err(error) => {
                eprintln!("chat: cannot accept a connection: {error}");
                sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}
