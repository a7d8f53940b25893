//! The janitor: starts the shards and the broker, and starts them again when they crash.
//!
//! It is linked to them and traps exits, so their crash is a message here, and its own end is
//! theirs. (A supervisor does this and counts restarts; here it is done by hand.)

use std::collections::HashMap;

use kerosene::prelude::*;

use crate::{pubsub, shard};

/// How long to wait for one that is about to start.
const RESTART_PAUSE: Duration = Duration::from_millis(1);

/// The body of the process. It outlives the signal with which the runtime stops, until `main`
/// says so.
pub(crate) async fn run(main: Pid, shards: usize) -> ExitReason {
    let names = (0..shards).map(shard_name).chain([pubsub::BROKER.into()]);
    let mut children: HashMap<Pid, String> = names.map(start).collect();
    loop {
        receive! {
            Exit { pid, reason } if pid == main => return reason,
            Exit { pid, reason } => if let Some(name) = children.remove(&pid) {
                eprintln!("kv: {name} has crashed and starts again, empty ({reason})");
                children.extend([start(name)]);
            },
        }
    }
}

fn start(name: String) -> (Pid, String) {
    let options = SpawnOptions::new().link().trap_exit();
    let child = match &name[..] {
        pubsub::BROKER => spawn_opt(options, pubsub::run(pid())).pid,
        _ => spawn_opt(options, shard::run(pid())).pid,
    };
    register(&name[..], child).expect("a name is free before anybody learns of its owner's end");
    (child, name)
}

pub(crate) fn shard_name(shard: usize) -> String {
    format!("shard {shard}")
}

/// Finds one of them. Who asks again after its end finds the one that was started since.
pub(crate) async fn find(name: &str) -> Pid {
    loop {
        if let Some(found) = whereis(name) {
            return found;
        }
        sleep(RESTART_PAUSE).await;
    }
}
