//! The janitor: starts the shards and the broker, and starts them again when they crash.
//!
//! It is linked to them and traps exits, so their crash is a message here, and its own end is
//! theirs. (A supervisor does this and counts restarts; here it is done by hand.)

use kerosene::prelude::*;

use crate::{pubsub, shard};

/// The name it is registered under.
pub(crate) const JANITOR: &str = "janitor";

/// Asks who has the place of a shard that is gone. [`Found`] comes back.
struct Find {
    from: Pid,
    shard: usize,
    gone: Pid,
}

struct Found(Pid);

/// Finds and monitors the shard of a number, `gone` being one that no longer is.
pub(crate) async fn find_shard(shard: usize, gone: Pid) -> Pid {
    send(JANITOR, Find { from: pid(), shard, gone });
    let found = receive! { Found(found) => found };
    monitor(found);
    found
}

/// The body of the process. It outlives the signal with which the runtime stops, until `main`
/// says so.
pub(crate) async fn run(main: Pid, shards: usize) -> ExitReason {
    let mut broker = start_broker();
    let mut shards: Vec<Pid> = (0..shards).map(start_shard).collect();
    loop {
        receive! {
            // Who asks may have heard of the crash before this process has. Then the question waits
            // in the mailbox, until the guard is true.
            Find { from, shard, gone } if shards[shard] != gone => send(from, Found(shards[shard])),
            Exit { pid, reason } if pid == main => return reason,
            Exit { pid, reason } => {
                if let Some(shard) = shards.iter().position(|shard| *shard == pid) {
                    eprintln!("kv: shard {shard} has crashed and starts again, empty ({reason})");
                    shards[shard] = start_shard(shard);
                } else if pid == broker {
                    eprintln!("kv: the broker has crashed and starts again ({reason})");
                    broker = start_broker();
                }
            }
        }
    }
}

fn start_shard(shard: usize) -> Pid {
    let options = SpawnOptions::new().link().trap_exit().label(format!("shard {shard}"));
    spawn_opt(options, shard::run(pid())).pid
}

fn start_broker() -> Pid {
    let options = SpawnOptions::new().link().trap_exit();
    let broker = spawn_opt(options, pubsub::run(pid())).pid;
    register(pubsub::BROKER, broker).expect("a name is free before anybody learns of its end");
    broker
}
