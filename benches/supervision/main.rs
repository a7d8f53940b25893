//! What supervision costs: restarts, starts on demand, and the stop of many.
//!
//! ```text
//! cargo bench --bench supervision                  # on one worker
//! cargo bench --bench supervision -- restart       # workloads whose name contains a word
//! cargo bench --bench supervision -- --test        # tiny counts, to see that everything runs
//! ```
//!
//! A line is the median of the rounds, in nanoseconds an operation. The restart of a child stands
//! beside the same done by hand, by a process that spawns a linked one, gets its `Exit`, and spawns
//! the next: the difference is what the supervisor adds.

use std::time::{Duration, Instant};

use bench_harness::{Workers, Workload, on_kerosene, on_tokio};
use kerosene::otp::{self, StartError, StartOptions};
use kerosene::prelude::*;

/// The children tell the bench that they have started.
const BENCH: &str = "bench";

struct Started;

fn main() {
    // Reports of a thousand crashes would be all that is measured.
    let _ = tracing::subscriber::set_global_default(tracing::subscriber::NoSubscriber::new());
    let timed = Workload::timed;
    bench_harness::main(
        Workers::One,
        &[
            timed("crash and restart, by hand", 300_000, by_hand).beside(by_hand_on_tokio),
            timed("crash and restart, supervised", 300_000, |_, n| {
                restarts(n, ChildSpec::process("child", crash))
            }),
            timed("crash and restart, one of 10 000", 100_000, one_of_many),
            timed("crash and restart, with acknowledgement", 300_000, |_, n| {
                restarts(n, ChildSpec::new("child", acknowledged))
            }),
            timed("start of a dynamic child", 100_000, |_, n| dynamic(n, Part::Start)),
            timed("stop of a dynamic child, all at once", 100_000, |_, n| dynamic(n, Part::Stop)),
        ],
    );
}

/// Runs the body of a bench, which is told when a child has started.
fn on_one_worker<F>(body: F) -> Duration
where
    F: Future<Output = Duration> + Send + 'static,
{
    on_kerosene(1, async {
        register(BENCH, pid()).expect("the name is free");
        body.await
    })
}

/// The body of a child that fails at once, for a reason that costs nothing.
async fn crash() -> ExitReason {
    send(BENCH, Started);
    ExitReason::NoProc
}

async fn acknowledged() -> Result<Pid, StartError> {
    otp::start_link(StartOptions::new(), |starting| async {
        starting.ready();
        crash().await
    })
    .await
}

async fn started(count: u64) -> Duration {
    let begun = Instant::now();
    for _ in 0..count {
        receive! { Started => () }
    }
    begun.elapsed()
}

fn by_hand(_: usize, count: u64) -> Duration {
    on_one_worker(async move {
        let parent = spawn(async {
            trap_exit(true);
            loop {
                let child = spawn_link(crash());
                receive! { Exit { pid, .. } if pid == child => () }
            }
        });
        let took = started(count).await;
        exit_signal(parent, ExitReason::Kill);
        took
    })
}

/// Tokio's nearest thing: a loop that waits for the end of a task.
fn by_hand_on_tokio(_: usize, count: u64) -> Duration {
    on_tokio(1, async move {
        let begun = Instant::now();
        for _ in 0..count {
            let ended = tokio::spawn(async { Err::<(), _>("a crash") }).await;
            assert!(ended.is_ok_and(|ended| ended.is_err()));
        }
        begun.elapsed()
    })
}

fn restarts(count: u64, spec: ChildSpec) -> Duration {
    on_one_worker(async move {
        let supervisor = Supervisor::default().intensity(u32::MAX, Duration::from_millis(1));
        let supervisor = supervisor.child(spec).start().await.expect("its child starts");
        let took = started(count).await;
        exit_signal(supervisor.pid(), ExitReason::Kill);
        took
    })
}

/// One of ten thousand children fails, again and again.
fn one_of_many(_: usize, count: u64) -> Duration {
    on_one_worker(async move {
        let idle = (0..10_000).map(|number| {
            ChildSpec::process(format!("idle {number}"), || async { sleep(Duration::MAX).await })
        });
        let supervisor = Supervisor::default().intensity(u32::MAX, Duration::from_millis(1));
        let supervisor = supervisor.children(idle).child(ChildSpec::process("child", crash));
        let supervisor = supervisor.start().await.expect("its children start");
        let took = started(count).await;
        exit_signal(supervisor.pid(), ExitReason::Kill);
        took
    })
}

/// Which part of the life of dynamic children is measured.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    Start,
    Stop,
}

fn dynamic(count: u64, part: Part) -> Duration {
    on_one_worker(async move {
        let supervisor = DynamicSupervisor::new().start().await.expect("it has no name");
        let begun = Instant::now();
        for _ in 0..count {
            let spec = ChildSpec::once("child", async { sleep(Duration::MAX).await });
            supervisor.start_child(spec).await.expect("it starts");
        }
        let starts = begun.elapsed();
        let begun = Instant::now();
        supervisor.stop().await;
        if part == Part::Start { starts } else { begun.elapsed() }
    })
}
