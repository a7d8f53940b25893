//! Links: section 3 of SEMANTICS.md, and what sections 1 and 2 say of a death that is heard over a
//! link, seen from outside by processes that do not trap exits.
//!
//! Who does not trap exits can tell nobody what killed it: these tests put a victim in between, and
//! monitor that. (`trap_exit.rs` is about those who read their `Exit`s.)

mod death;
mod pairs;
mod propagation;
#[path = "../common/race.rs"]
mod race;
mod races;

use kerosene::prelude::*;

/// The reason in the `Down` of this monitor.
async fn down(watch: Monitor) -> ExitReason {
    receive! { Down { monitor, reason, .. } if monitor == watch => reason }
}

/// A process that lives until it is told `"end"`, monitored.
fn idle() -> (Pid, Monitor) {
    spawn_monitor(async {
        receive! { "end" => () }
    })
}

/// Makes `a` link itself to `b`, for as long as both live.
async fn linked_pair() -> [(Pid, Monitor); 2] {
    let test = pid();
    let b = idle();
    let a = spawn_monitor(async move {
        link(b.0);
        send(test, "linked");
        receive! { "end" => () }
    });
    receive! { "linked" => () }
    [a, b]
}

/// Whom a process is linked to.
async fn links_of(pid: Pid) -> Vec<Pid> {
    process_info(pid).await.expect("it is alive").links
}
