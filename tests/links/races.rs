//! Links whose ends act at the same time. Simulations try all orders of turns, and real threads
//! what no order of turns can show: a signal that is on its way while its receiver runs.

use std::hint::spin_loop;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use kerosene::prelude::*;

use crate::race::{Aim, Ender, spin};
use crate::{down, links_of};

/// Small numbers without order, but the same in each run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
        (self.0 >> 33) % end
    }
}

/// Links and unlinks as the numbers say.
async fn link_and_unlink(peer: Pid, numbers: &mut Numbers) {
    for _ in 0..numbers.below(6) {
        match numbers.below(5) {
            0 | 1 => link(peer),
            2 | 3 => unlink(peer),
            _ => yield_now().await,
        }
    }
}

struct Done;

/// One end: acts at random, then says whether there is a link.
///
/// It has received everything of its peer when it has received the peer's `Done`.
fn one_end(test: Pid, seed: u64) -> Spawned {
    spawn_opt(SpawnOptions::new().monitor().trap_exit(), async move {
        let peer = receive! { peer: Pid => peer };
        link_and_unlink(peer, &mut Numbers(seed)).await;
        send(peer, Done);
        receive! { Done => () }
        send(test, (pid(), links_of(pid()).await == [peer]));
        receive! { Exit { reason, .. } if reason != ExitReason::NoProc => reason }
    })
}

/// Two ends act at once, agree, and what they agree on is true.
async fn agree(round: u64) {
    let test = pid();
    let a = one_end(test, round);
    let b = one_end(test, !round);
    send(a.pid, b.pid);
    send(b.pid, a.pid);
    let (_, linked) = receive! { says: (Pid, bool) => says };
    let (_, also_linked) = receive! { says: (Pid, bool) => says };
    assert_eq!(linked, also_linked, "round {round}");

    exit_signal(a.pid, "over");
    assert_eq!(down(a.monitor.expect("asked for")).await, ExitReason::from("over"));
    if !linked {
        assert!(is_alive(b.pid).await, "round {round}: there was no link to die of");
        exit_signal(b.pid, "over");
    }
    assert_eq!(down(b.monitor.expect("asked for")).await, ExitReason::from("over"));
}

#[kerosene::test(seeds = 200)]
async fn both_ends_agree_after_concurrent_link_and_unlink() {
    for round in 0..40 {
        agree(round).await;
    }
}

#[kerosene::test(real, worker_threads = 4)]
async fn both_ends_agree_after_concurrent_link_and_unlink_on_real_threads() {
    for round in 0..10_000 {
        agree(round).await;
    }
}

/// No `Exit` is in the mailbox, and none comes while others have time to send it.
async fn hears_no_exit() {
    for _ in 0..3 {
        receive! { Exit { pid, reason } => panic!("{pid}: {reason}"), after Duration::ZERO => () }
        yield_now().await;
    }
}

/// Unlinks a peer that may be ending, as the rule says, and hears nothing more of it.
async fn unlink_who_may_be_ending(yields: u64) {
    trap_exit(true);
    let peer = spawn_link(async move {
        for _ in 0..yields % 3 {
            yield_now().await;
        }
        exit("in between")
    });
    let watch = monitor(peer);
    for _ in 0..yields / 3 % 3 {
        yield_now().await;
    }
    unlink(peer);
    receive! { Exit { pid, .. } if pid == peer => (), after Duration::ZERO => () }
    down(watch).await;
    hears_no_exit().await;
    // Not even if the process does not trap exits any more.
    trap_exit(false);
    yield_now().await;
}

#[kerosene::test(seeds = 300)]
async fn nothing_of_a_link_arrives_after_unlink() {
    for yields in 0..9 {
        unlink_who_may_be_ending(yields).await;
    }
}

#[kerosene::test(real, worker_threads = 4)]
async fn nothing_of_a_link_arrives_after_unlink_on_real_threads() {
    for round in 0..5_000 {
        unlink_who_may_be_ending(round).await;
    }
}

/// Is true from shortly before the process that holds it tells its links that it has ended.
struct Ending(Arc<AtomicBool>);

impl Drop for Ending {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
    }
}

/// Links to a process that ends, and waits without an await until it does: its signal is under way,
/// and cannot have been received. `None` if it took too long.
async fn link_until_it_ends(ender: &Ender, delay: Duration) -> Option<Pid> {
    let is_ending = Arc::new(AtomicBool::new(false));
    let ending = Ending(is_ending.clone());
    let peer = spawn_link(async move {
        let _ending = ending;
        receive! { "end" => exit("under way") }
    });
    assert!(is_alive(peer).await);
    ender.end(peer);
    let begun = Instant::now();
    while !is_ending.load(Ordering::Acquire) {
        if begun.elapsed() > Duration::from_millis(5) {
            unlink(peer);
            return None;
        }
        spin_loop();
    }
    spin(delay);
    Some(peer)
}

/// Rounds of a race.
const ROUNDS: u64 = 5_000;

/// This process does not trap exits: were the link in force still, it would end.
#[kerosene::test(real, worker_threads = 4)]
async fn a_signal_under_way_has_no_effect_after_unlink() {
    let ender = Ender::new();
    let mut races = 0;
    for round in 0..ROUNDS {
        let delay = Duration::from_nanos(round % 500 * 50);
        let Some(peer) = link_until_it_ends(&ender, delay).await else {
            continue;
        };
        unlink(peer);
        yield_now().await;
        down(monitor(peer)).await;
        races += 1;
    }
    assert!(races > ROUNDS / 2, "only {races} of {ROUNDS} rounds have come to a race");
}

/// Who links again after the end hears of the new link only.
async fn relink(peer: Pid) {
    unlink(peer);
    link(peer);
    receive! { Exit { pid, reason } => assert_eq!((pid, reason), (peer, ExitReason::NoProc)) }
    hears_no_exit().await;
    assert_eq!(links_of(pid()).await, []);
}

#[kerosene::test(seeds = 200)]
async fn relinking_the_dead_hears_no_proc() {
    trap_exit(true);
    for (unlinks_before, links_before) in [(0, 1), (1, 1), (1, 2), (2, 2)] {
        let (peer, watch) = spawn_monitor(async {
            receive! { () => exit("its old reason") }
        });
        for _ in 0..links_before {
            link(peer);
        }
        for _ in 0..unlinks_before {
            unlink(peer);
        }
        send(peer, ());
        assert_eq!(down(watch).await, ExitReason::from("its old reason"));
        receive! { Exit { .. } => (), after Duration::ZERO => () }
        relink(peer).await;
    }
}

/// The signal of the old link is under way while the new link is made.
#[kerosene::test(real, worker_threads = 4)]
async fn relinking_the_dead_hears_no_proc_on_real_threads() {
    trap_exit(true);
    let ender = Ender::new();
    let mut races = 0;
    for round in 0..ROUNDS {
        let delay = Duration::from_nanos(round % 500 * 50);
        let Some(peer) = link_until_it_ends(&ender, delay).await else {
            continue;
        };
        relink(peer).await;
        races += 1;
    }
    assert!(races > ROUNDS / 2, "only {races} of {ROUNDS} rounds have come to a race");
}

/// A link that is asked for while the other end is ending is answered once: with its reason or
/// with `NoProc`.
#[kerosene::test(real, worker_threads = 4)]
async fn a_link_that_races_death_is_answered_once() {
    trap_exit(true);
    let (ender, mut aim) = (Ender::new(), Aim::new());
    for _ in 0..ROUNDS {
        let (peer, watch) = spawn_monitor(async {
            receive! { "end" => exit("just now") }
        });
        assert!(is_alive(peer).await);
        ender.end(peer);
        aim.wait();
        link(peer);
        let reason = receive! { Exit { pid, reason } if pid == peer => reason };
        let too_late = reason == ExitReason::NoProc;
        assert!(too_late || reason == "just now".into(), "{reason}");
        aim.adjust(too_late);
        assert_eq!(down(watch).await, ExitReason::from("just now"));
        hears_no_exit().await;
    }
}

#[kerosene::test(seeds = 200)]
async fn linked_processes_that_end_at_once_end_once() {
    let test = pid();
    let a = spawn_monitor(async {
        receive! { () => exit("a") }
    });
    let b = spawn_monitor(async move {
        link(a.0);
        send(test, "linked");
        receive! { () => exit("b") }
    });
    receive! { "linked" => () }
    send(a.0, ());
    send(b.0, ());
    let (first, second) = (down(a.1).await, down(b.1).await);
    let [of_a, of_b] = [ExitReason::from("a"), ExitReason::from("b")];
    assert!(first == of_a || first == of_b);
    assert!(second == of_a || second == of_b);
    assert!(first == of_a || second == of_b, "each has died of the other");
}
