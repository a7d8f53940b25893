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

use kerosene::otp::{self, StartOptions};
use kerosene::prelude::*;
use kerosene::{Runtime, otp::StartError};

/// Rounds of each workload.
const ROUNDS: usize = 5;

/// The children tell the bench that they have started.
const BENCH: &str = "bench";

struct Started;

fn main() {
    // Reports of a thousand crashes would be all that is measured.
    let _ = tracing::subscriber::set_global_default(tracing::subscriber::NoSubscriber::new());
    println!("{:<44}{:>12}", "workload", "ns");
    measure("crash and restart, by hand", 300_000, by_hand);
    measure("crash and restart, supervised", 300_000, |n| {
        restarts(n, ChildSpec::process("child", crash))
    });
    measure("crash and restart, one of 10 000", 100_000, one_of_many);
    measure("crash and restart, with acknowledgement", 300_000, |n| {
        restarts(n, ChildSpec::new("child", acknowledged))
    });
    measure("start of a dynamic child", 100_000, |n| dynamic(n, Part::Start));
    measure("stop of a dynamic child, all at once", 100_000, |n| dynamic(n, Part::Stop));
}

fn measure(name: &str, count: u32, run: impl Fn(u32) -> Duration) {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut words = arguments.iter().filter(|argument| !argument.starts_with("--")).peekable();
    if words.peek().is_some() && !words.any(|word| name.contains(word.as_str())) {
        return;
    }
    let is_test = arguments.iter().any(|argument| argument == "--test");
    let (rounds, count) = if is_test { (1, count / 1000) } else { (ROUNDS, count) };
    let mut times: Vec<f64> =
        (0..rounds).map(|_| run(count).as_secs_f64() * 1e9 / f64::from(count)).collect();
    times.sort_by(f64::total_cmp);
    println!("{name:<44}{:>12.0}", times[times.len() / 2]);
}

/// Runs the body of a bench on one worker.
fn on_one_worker<F>(body: F) -> Duration
where
    F: Future<Output = Duration> + Send + 'static,
{
    let runtime = Runtime::builder().worker_threads(1).build().expect("a runtime");
    let (sender, receiver) = std::sync::mpsc::channel();
    let stopped = runtime.run(async move {
        register(BENCH, pid()).expect("the name is free");
        let _ = sender.send(body.await);
    });
    drop(stopped);
    receiver.recv().expect("the bench has run")
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

async fn started(count: u32) -> Duration {
    let begun = Instant::now();
    for _ in 0..count {
        receive! { Started => () }
    }
    begun.elapsed()
}

fn by_hand(count: u32) -> Duration {
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

fn restarts(count: u32, spec: ChildSpec) -> Duration {
    on_one_worker(async move {
        let supervisor = Supervisor::default().intensity(u32::MAX, Duration::from_millis(1));
        let supervisor = supervisor.child(spec).start().await.expect("its child starts");
        let took = started(count).await;
        exit_signal(supervisor.pid(), ExitReason::Kill);
        took
    })
}

/// One of ten thousand children fails, again and again.
fn one_of_many(count: u32) -> Duration {
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

fn dynamic(count: u32, part: Part) -> Duration {
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
