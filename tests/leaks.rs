//! Nothing leaks and nothing is dropped twice: rule KRS-17 of SEMANTICS.md, and what the other
//! rules say about when a body or a message is dropped.
//!
//! Every value that matters here is an [`Item`] of a [`Ledger`], which counts those made and those
//! dropped.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::time::Instant;

use kerosene::prelude::*;
use kerosene::{StopCause, put};

/// Counts values made and dropped.
#[derive(Clone, Default)]
struct Ledger(Arc<(AtomicUsize, AtomicUsize)>);

impl Ledger {
    fn item(&self) -> Item {
        self.0.0.fetch_add(1, Relaxed);
        Item(self.clone())
    }

    fn made(&self) -> usize {
        self.0.0.load(Relaxed)
    }

    fn dropped(&self) -> usize {
        self.0.1.load(Relaxed)
    }

    /// Whether each item is dropped, and none twice.
    fn is_settled(&self) -> bool {
        self.made() == self.dropped()
    }

    #[track_caller]
    fn assert_settled(&self) {
        let (made, dropped) = (self.made(), self.dropped());
        assert_eq!(made, dropped, "{made} were made, {dropped} dropped");
    }
}

/// Something that must be dropped exactly once.
struct Item(Ledger);

impl Drop for Item {
    fn drop(&mut self) {
        self.0.0.1.fetch_add(1, Relaxed);
    }
}

impl Clone for Item {
    fn clone(&self) -> Self {
        self.0.item()
    }
}

async fn wait_for(watch: Monitor) -> ExitReason {
    receive! { Down { monitor, reason, .. } if monitor == watch => reason }
}

/// A process that has ended.
async fn dead() -> Pid {
    let (dead, watch) = spawn_monitor(async {});
    wait_for(watch).await;
    dead
}

#[kerosene::test(seeds = 50)]
async fn a_message_to_nobody_is_dropped_at_once() {
    let ledger = Ledger::default();
    send(dead().await, ledger.item());
    ledger.assert_settled();
    send("a name that nobody has", ledger.item());
    ledger.assert_settled();
    let alias = alias();
    unalias(alias);
    send(alias, ledger.item());
    // Whether an alias counts is decided when the message is received.
    let _ = process_info(pid()).await;
    ledger.assert_settled();
}

/// A process with items in its body, in its dictionary and in every part of its mailbox.
fn owner(ledger: &Ledger, end: impl Future<Output = ()> + Send + 'static) -> (Pid, Monitor) {
    let (in_body, in_dictionary) = (ledger.item(), ledger.item());
    let (owner, watch) = spawn_monitor(async move {
        let _in_body = in_body;
        put("item", in_dictionary);
        receive! { "never" => (), "end" => () }
        end.await;
    });
    for _ in 0..3 {
        send(owner, ledger.item());
    }
    send(owner, "end");
    for _ in 0..3 {
        send(owner, ledger.item());
    }
    (owner, watch)
}

#[kerosene::test(seeds = 200)]
async fn the_mailbox_of_the_dead_is_dropped() {
    let ledger = Ledger::default();
    let (owner, watch) = owner(&ledger, sleep(Duration::MAX));
    yield_now().await;
    send(owner, ledger.item());
    exit_signal(owner, ExitReason::Kill);
    send(owner, ledger.item());
    assert_eq!(wait_for(watch).await, ExitReason::Killed);
    ledger.assert_settled();
    send(owner, ledger.item());
    ledger.assert_settled();
}

#[kerosene::test(seeds = 100)]
async fn a_timer_to_the_dead_frees_its_message() {
    const LATER: Duration = Duration::from_hours(1);
    let ledger = Ledger::default();
    let (victim, watch) = spawn_monitor(async { sleep(Duration::MAX).await });
    let timers = [
        schedule(LATER, victim, ledger.item()),
        start_timer(LATER, victim, ledger.item()),
        schedule_interval(LATER, victim, ledger.item()),
    ];
    sleep(LATER * 3).await;
    assert_eq!(timers.map(|timer| timer.remaining().is_some()), [false, false, true]);
    schedule(LATER, victim, ledger.item());
    assert!(!ledger.is_settled(), "they wait, in the queue or in the mailbox");
    exit_signal(victim, ExitReason::Kill);
    wait_for(watch).await;
    ledger.assert_settled();
    schedule(LATER, victim, ledger.item());
    schedule_interval(LATER, victim, ledger.item());
    ledger.assert_settled();
    schedule(LATER, pid(), ledger.item()).cancel();
    schedule_interval(LATER, pid(), ledger.item()).cancel();
    ledger.assert_settled();
}

/// Each way for a process to end, once.
async fn end_in_every_way(ledger: &Ledger) {
    let (bystander, _) = spawn_monitor(async { sleep(Duration::MAX).await });
    let panicking = async { panic!("on purpose") };
    let linking = async move {
        link(bystander);
        exit_signal(bystander, "the end");
        sleep(Duration::MAX).await;
    };
    let ends = [
        owner(ledger, async {}),
        owner(ledger, async { exit("the end") }),
        owner(ledger, async { exit_signal(pid(), "the end") }),
        owner(ledger, panicking),
        owner(ledger, linking),
        owner(ledger, async {
            let _ = blocking(|| panic!("on purpose")).await;
        }),
        owner(ledger, sleep(Duration::MAX)),
    ];
    exit_signal(ends[ends.len() - 1].0, ExitReason::Kill);
    for (owner, watch) in ends {
        wait_for(watch).await;
        assert!(!processes().contains(&owner));
    }
    ledger.assert_settled();
}

#[kerosene::test(seeds = 30)]
async fn an_ended_process_leaves_nothing() {
    let ledger = Ledger::default();
    let count = process_count();
    end_in_every_way(&ledger).await;
    assert_eq!(process_count(), count);
}

#[kerosene::test(real, worker_threads = 4)]
async fn an_ended_process_leaves_nothing_on_real_threads() {
    let ledger = Ledger::default();
    for _ in 0..100 {
        end_in_every_way(&ledger).await;
    }
}

#[kerosene::test(seeds = 50)]
async fn a_cycle_of_pids_keeps_nobody() {
    let ledger = Ledger::default();
    let member = |item: Item| async move {
        let _item = item;
        let mut known = vec![pid()];
        loop {
            receive! { other: Pid => known.push(other) }
        }
    };
    let cycle = [(); 3].map(|()| spawn_monitor(member(ledger.item())));
    for (to, _) in cycle {
        for (about, _) in cycle {
            send(to, about);
            send(to, (about, ledger.item()));
        }
    }
    for (member, watch) in cycle {
        exit_signal(member, "enough");
        wait_for(watch).await;
    }
    ledger.assert_settled();
}

/// Processes that send items to each other, set timers, spawn and end, for ever.
fn load(ledger: &Ledger, spawned: &Arc<AtomicUsize>) {
    for _ in 0..20 {
        let (ledger, spawned) = (ledger.clone(), Arc::clone(spawned));
        spawn(async move {
            let _in_body = ledger.item();
            let peer = {
                let item = ledger.item();
                spawn(async move {
                    let _in_body = item;
                    loop {
                        receive! { (from, item): (Pid, Item) => send(from, item) }
                    }
                })
            };
            loop {
                send(peer, (pid(), ledger.item()));
                schedule(Duration::from_micros(50), peer, (pid(), ledger.item()));
                schedule_interval(Duration::from_secs(1), peer, (pid(), ledger.item()));
                let item = ledger.item();
                spawn(async move { drop(item) });
                spawned.fetch_add(1, Relaxed);
                receive! { _: Item => () }
            }
        });
    }
}

#[test]
fn a_stop_under_load_drops_everything_once() {
    for round in 0..40 {
        let ledger = Ledger::default();
        let (items, spawned) = (ledger.clone(), Arc::new(AtomicUsize::new(0)));
        let runtime = Runtime::builder().worker_threads(1 + round % 4).build().expect("threads");
        let stopped = runtime.run(async move {
            load(&items, &spawned);
            while spawned.load(Relaxed) < 500 {
                yield_now().await;
            }
        });
        assert_eq!((stopped.cause, stopped.killed), (StopCause::Finished, 0), "round {round}");
        ledger.assert_settled();
    }
}

#[test]
fn a_runtime_dropped_under_load_drops_everything_once() {
    for round in 0..40 {
        let ledger = Ledger::default();
        let (items, spawned) = (ledger.clone(), Arc::new(AtomicUsize::new(0)));
        let is_busy = Arc::new(AtomicBool::new(false));
        let told = Arc::clone(&is_busy);
        let runtime = Runtime::builder().worker_threads(1 + round % 4).build().expect("threads");
        runtime.spawn(async move {
            load(&items, &spawned);
            while spawned.load(Relaxed) < 500 {
                yield_now().await;
            }
            told.store(true, Relaxed);
        });
        let begun = Instant::now();
        while !is_busy.load(Relaxed) {
            std::thread::yield_now();
        }
        drop(runtime);
        while !ledger.is_settled() && begun.elapsed() < Duration::from_secs(10) {
            std::thread::yield_now();
        }
        ledger.assert_settled();
    }
}

/// A reason that does something when it is dropped.
#[derive(Debug)]
struct Last(fn());

impl PartialEq for Last {
    fn eq(&self, _: &Self) -> bool {
        false
    }
}

impl Drop for Last {
    fn drop(&mut self) {
        (self.0)();
    }
}

#[kerosene::test(seeds = 20)]
async fn a_reason_that_is_dropped_last_leaves_nothing_to_the_next_process() {
    let deeds: [fn(); 3] = [|| _ = trap_exit(true), || _ = put("deed", 1), || set_label("deed")];
    for deed in deeds {
        let doer = spawn(async move { exit(ExitReason::other(Last(deed))) });
        while is_alive(doer).await {
            yield_now().await;
        }
        let (next, _) = spawn_monitor(async {
            receive! { () => () }
        });
        let info = process_info(next).await.expect("it waits");
        assert!(!info.trap_exit && info.dictionary.is_empty() && info.label.is_none());
        send(next, ());
        receive! { Down { .. } => () }
    }
}

/// The signal comes while the body runs, and decides; what the body returns is dropped.
#[kerosene::test(seeds = 20)]
async fn a_reason_that_comes_too_late_is_dropped_where_its_drop_may_use_the_process() {
    let deeds: [fn(); 2] = [|| _ = trap_exit(true), || _ = put("deed", 1)];
    for deed in deeds {
        let (doer, _) = spawn_monitor(async move {
            exit_signal(pid(), ExitReason::Shutdown);
            let waits = async {
                receive! { () => () }
            };
            tokio::select! { biased; () = waits => (), () = std::future::ready(()) => () }
            ExitReason::other(Last(deed))
        });
        receive! { Down { pid, reason, .. } => {
            assert_eq!(pid, doer);
            assert_eq!(reason, ExitReason::Shutdown);
        } }
    }
}
