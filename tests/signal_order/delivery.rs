//! What a call that sends a signal does: it puts the signal into the stream of its receiver, and
//! nothing else. It does not run the receiver, does not wait for it and does not fail.

use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use kerosene::prelude::*;

use crate::down;

/// Counts in its destructor.
struct Counted(Arc<AtomicUsize>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

#[kerosene::test(seeds = 200)]
async fn sending_a_signal_never_runs_the_receiver() {
    let steps = Arc::new(AtomicUsize::new(0));
    let seen = || steps.load(Ordering::Relaxed);
    let counted = steps.clone();
    let receiver = spawn(async move {
        let _drop_is_a_step = Counted(counted.clone());
        loop {
            receive! { _: u32 => counted.fetch_add(1, Ordering::Relaxed) };
        }
    });
    assert!(is_alive(receiver).await);
    let before = seen();
    send(receiver, 1_u32);
    send(receiver, 2_u32);
    link(receiver);
    unlink(receiver);
    let watch = monitor(receiver);
    demonitor(watch);
    exit_signal(receiver, ExitReason::Normal);
    schedule(Duration::ZERO, receiver, 3_u32);
    let watch = monitor(receiver);
    assert_eq!(seen(), before, "nothing of the receiver runs within a call");
    sleep(Duration::from_secs(1)).await;
    assert_eq!(seen(), before + 3);

    exit_signal(receiver, ExitReason::Kill);
    assert_eq!(seen(), before + 3, "a killed process is not dropped within the call");
    assert_eq!(down(watch).await, ExitReason::Killed);
    assert_eq!(seen(), before + 4);
}

#[kerosene::test(seeds = 50)]
async fn a_send_to_nobody_is_dropped_silently() {
    let (dead, watch) = spawn_monitor(async {});
    down(watch).await;
    let parent = pid();
    let (owner, watch) = spawn_monitor(async move { send(parent, alias()) });
    let of_the_dead = receive! { alias: Alias => alias };
    down(watch).await;
    let off = alias();
    assert!(unalias(off));
    let nobody: Pid = "<0.0.0>".parse().expect("a pid");
    assert!(!is_alive(owner).await);

    let dropped = Arc::new(AtomicUsize::new(0));
    let message = || Counted(dropped.clone());
    send(dead, message());
    send(nobody, message());
    send("nobody has this name", message());
    send(of_the_dead, message());
    send(off, message());
    receive! { _: Counted => panic!("it leads to nobody"), after Duration::ZERO => () }
    assert_eq!(dropped.load(Ordering::Relaxed), 5);
    let info = process_info(parent).await.expect("it is me");
    assert_eq!(info.mailbox_len, 0, "the sender is not told");
}

/// A process that has not run when this returns, and whether it has by now.
fn unborn() -> (Pid, Arc<AtomicBool>) {
    let has_run = Arc::new(AtomicBool::new(false));
    let runs = has_run.clone();
    let pid = spawn(async move {
        runs.store(true, Ordering::Relaxed);
        receive! { to: Pid => send(to, "alive") }
        pending::<()>().await;
    });
    (pid, has_run)
}

#[kerosene::test(seeds = 200)]
async fn a_pid_is_usable_before_its_process_runs() {
    let (pids, have_run): (Vec<_>, Vec<_>) = (0..4).map(|_| unborn()).unzip();
    let [talks, dies, is_linked, is_asked] = pids[..] else { panic!("four of them") };
    trap_exit(true);
    send(talks, pid());
    register("newborn", talks).expect("it is alive");
    let watch = monitor(dies);
    exit_signal(dies, "early");
    link(is_linked);
    send(is_linked, pid());
    assert!(have_run.iter().all(|has_run| !has_run.load(Ordering::Relaxed)));

    assert!(is_alive(is_asked).await);
    assert_eq!(whereis("newborn"), Some(talks));
    for _ in [talks, is_linked] {
        receive! { "alive" => () }
    }
    assert_eq!(down(watch).await, ExitReason::from("early"));
    exit_signal(is_linked, "late");
    receive! { Exit { pid, reason } if pid == is_linked => {
        assert_eq!(reason, ExitReason::from("late"));
    } }
}

/// Every process hears all that was sent to it within the expression that made it.
#[kerosene::test(real, worker_threads = 4)]
async fn a_pid_is_usable_before_its_process_runs_on_real_threads() {
    for _ in 0..5_000 {
        let echo = spawn(async {
            receive! { to: Pid => send(to, pid()) }
        });
        send(echo, pid());
        receive! { from: Pid => assert_eq!(from, echo) }
    }
}
