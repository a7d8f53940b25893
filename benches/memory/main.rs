//! What things take: bytes that are allocated for each, counted by the allocator.
//!
//! ```text
//! cargo bench --bench memory                  # all
//! cargo bench --bench memory -- message       # those whose name contains a word
//! cargo bench --bench memory -- --test        # tiny counts, to see that everything runs
//! ```
//!
//! What is counted was asked for and not given back: the allocator's own share, a sixteenth to a
//! half of small pieces, comes on top, and `benches/peers` has it in its figures of resident
//! memory. Slots come in pages and vectors double, so counts are large, lest a page be most of what
//! is seen; and what one workload has started lives on, lest the next find its slots and take none.

use std::alloc::System;
use std::sync::Arc;

use bench_harness::{Figures, Workers, Workload, on_kerosene, on_tokio};
use kerosene::prelude::*;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use tokio::sync::Semaphore;
use tokio::sync::mpsc::unbounded_channel;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Idle processes in the largest workload, and the memory they need, with a margin.
const MANY: u64 = 10_000_000;
const MANY_GIB: u64 = 4;

/// Turns that others are given until nothing changes any more.
const TURNS: usize = 100;

struct Tick(u64);

fn main() {
    let bytes = |name, ours| Workload::measured(name, "bytes", 200_000, ours).once();
    let mut workloads = vec![
        bytes("idle process", idle).beside_measured(idle_on_tokio),
        bytes("idle process after a message", after_a_message)
            .beside_measured(after_a_message_on_tokio),
        bytes("link, the first", link_first),
        bytes("link, the next", link_next),
        bytes("monitor, the first", monitor_first),
        bytes("monitor, the next", monitor_next),
        bytes("name", names),
        bytes("queued message", queued).beside_measured(queued_on_tokio),
        bytes("pending timer", timers),
    ];
    if gib_available().is_none_or(|gib| gib >= MANY_GIB) {
        workloads.push(Workload::measured("one of ten million", "bytes", MANY, idle).once());
    } else {
        eprintln!("ten million processes are not measured: they need {MANY_GIB} GiB");
    }
    bench_harness::main(Workers::One, &workloads);
}

/// Memory that can be had without swapping, where the system tells.
fn gib_available() -> Option<u64> {
    let told = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = told.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    let kib: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kib >> 20)
}

/// Bytes that are allocated and were not when the region began, for each of `count`.
#[expect(clippy::cast_precision_loss, reason = "bytes and counts are far below 2^52")]
fn each(region: &Region<'_, System>, count: u64) -> Figures {
    let change = region.change();
    let bytes = change.bytes_allocated as f64 - change.bytes_deallocated as f64;
    vec![("", bytes / count as f64)]
}

/// Runs `body` as a process that does not end, and returns what it finds.
fn on_kept_kerosene(body: impl Future<Output = Figures> + Send + 'static) -> Figures {
    let (send, receive) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        on_kerosene(1, async move {
            let _ = send.send(body.await);
            std::future::pending::<()>().await;
        });
    });
    receive.recv().expect("the body has sent it")
}

/// Lets everybody do what they can.
async fn settle() {
    for _ in 0..TURNS {
        yield_now().await;
    }
}

/// So many processes that wait, after `messages` each.
async fn waiting(count: u64, messages: u64) -> Vec<Pid> {
    let ready = Arc::new(Semaphore::new(0));
    let mut pids = Vec::with_capacity(usize::try_from(count).expect("they fit into memory"));
    for _ in 0..count {
        let ready = ready.clone();
        let process = spawn(async move {
            for _ in 0..messages {
                receive! { Tick(_) => () }
            }
            ready.add_permits(1);
            drop(ready);
            receive! { Tick(_) => () }
        });
        (0..messages).for_each(|n| send(process, Tick(n)));
        pids.push(process);
    }
    let all = u32::try_from(count).expect("counts are small");
    ready.acquire_many(all).await.expect("it is never closed").forget();
    settle().await;
    pids
}

fn processes(count: u64, messages: u64) -> Figures {
    on_kept_kerosene(async move {
        settle().await;
        let region = Region::new(ALLOCATOR);
        let pids = waiting(count, messages).await;
        // What the bench keeps of them is not theirs.
        drop(pids);
        each(&region, count)
    })
}

fn idle(_: usize, count: u64) -> Figures {
    processes(count, 0)
}

fn after_a_message(_: usize, count: u64) -> Figures {
    processes(count, 1)
}

fn link_first(_: usize, count: u64) -> Figures {
    first(count, link)
}

fn link_next(_: usize, count: u64) -> Figures {
    next(count, link)
}

fn monitor_first(_: usize, count: u64) -> Figures {
    first(count, |process| _ = monitor(process))
}

fn monitor_next(_: usize, count: u64) -> Figures {
    next(count, |process| _ = monitor(process))
}

fn names(_: usize, count: u64) -> Figures {
    first(count, |process| register(process.to_string(), process).expect("the name is free"))
}

/// From one process to each of many that have nothing of the kind yet.
fn first(count: u64, connect: fn(Pid)) -> Figures {
    on_kept_kerosene(async move {
        let pids = waiting(count, 0).await;
        connect_all(&pids, count, connect).await
    })
}

/// The same, where another process has done it before.
fn next(count: u64, connect: fn(Pid)) -> Figures {
    on_kept_kerosene(async move {
        let pids = waiting(count, 0).await;
        let (again, me) = (pids.clone(), pid());
        spawn(async move {
            send(me, Earlier(connect_all(&again, count, connect).await));
            std::future::pending::<()>().await;
        });
        receive! { Earlier(_) => () }
        connect_all(&pids, count, connect).await
    })
}

struct Earlier(#[expect(dead_code, reason = "it is another workload's")] Figures);

async fn connect_all(pids: &[Pid], count: u64, connect: fn(Pid)) -> Figures {
    let region = Region::new(ALLOCATOR);
    for process in pids {
        connect(*process);
    }
    settle().await;
    each(&region, count)
}

fn queued(_: usize, count: u64) -> Figures {
    on_kept_kerosene(async move {
        let process = spawn(std::future::pending::<()>());
        settle().await;
        let region = Region::new(ALLOCATOR);
        (0..count).for_each(|n| send(process, Tick(n)));
        each(&region, count)
    })
}

fn timers(_: usize, count: u64) -> Figures {
    on_kept_kerosene(async move {
        let me = pid();
        settle().await;
        let region = Region::new(ALLOCATOR);
        for n in 0..count {
            schedule(Duration::from_hours(1), me, Tick(n));
        }
        each(&region, count)
    })
}

fn tasks(count: u64, messages: u64) -> Figures {
    on_tokio(1, async move {
        let region = Region::new(ALLOCATOR);
        let ready = Arc::new(Semaphore::new(0));
        for _ in 0..count {
            let (send, mut receive) = unbounded_channel::<Tick>();
            let ready = ready.clone();
            (0..messages).for_each(|n| drop(send.send(Tick(n))));
            tokio::spawn(async move {
                // Somebody has to be able to send, or nobody would wait.
                let _send = send;
                for _ in 0..messages {
                    receive.recv().await;
                }
                ready.add_permits(1);
                drop(ready);
                receive.recv().await.map(|Tick(n)| n)
            });
        }
        let all = u32::try_from(count).expect("counts are small");
        ready.acquire_many(all).await.expect("it is never closed").forget();
        each(&region, count)
    })
}

fn idle_on_tokio(_: usize, count: u64) -> Figures {
    tasks(count, 0)
}

fn after_a_message_on_tokio(_: usize, count: u64) -> Figures {
    tasks(count, 1)
}

fn queued_on_tokio(_: usize, count: u64) -> Figures {
    on_tokio(1, async move {
        let (send, receive) = unbounded_channel::<Tick>();
        let region = Region::new(ALLOCATOR);
        (0..count).for_each(|n| drop(send.send(Tick(n))));
        let figures = each(&region, count);
        drop(receive);
        figures
    })
}
