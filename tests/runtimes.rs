//! Runtimes as values: one after the other, side by side, and inside a tokio runtime that exists.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use kerosene::prelude::*;
use kerosene::{StopCause, Stopped};

/// A program with processes on all schedulers, timers and messages. Returns the sum they made.
async fn program(parts: u64) -> u64 {
    let me = pid();
    for part in 0..parts {
        spawn(async move {
            yield_now().await;
            schedule(Duration::from_micros(part), me, part);
        });
    }
    let mut sum = 0;
    for _ in 0..parts {
        receive! { part: u64 => sum += part }
    }
    sum
}

fn builder(workers: usize) -> kerosene::RuntimeBuilder {
    Runtime::builder().worker_threads(workers)
}

#[test]
fn spare_cores_are_left_and_one_thread_is_kept() {
    let workers = |builder: kerosene::RuntimeBuilder| {
        let (tell, told) = std::sync::mpsc::channel();
        let runtime = builder.build().expect("threads");
        let _ = runtime.run(async move {
            let tokio = tokio::runtime::Handle::current();
            tell.send(tokio.metrics().num_workers()).expect("the test waits");
        });
        told.recv().expect("the process has told")
    };
    let cores = std::thread::available_parallelism().expect("a number").get();
    assert_eq!(workers(Runtime::builder().spare_cores(1)), (cores - 1).max(1));
    assert_eq!(workers(Runtime::builder().spare_cores(usize::MAX)), 1);
    assert_eq!(workers(builder(3).spare_cores(1)), 3);
}

/// Runs `body` on one thread that waits busily for so long, and returns how often it has slept.
fn slept<F>(busy_wait: Duration, body: impl FnOnce(Arc<AtomicUsize>) -> F) -> usize
where
    F: Future<Output = ()> + Send + 'static,
{
    let parks = Arc::new(AtomicUsize::new(0));
    let parked = Arc::clone(&parks);
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    let builder = builder.worker_threads(1).enable_all();
    let builder = builder.on_thread_park(move || _ = parked.fetch_add(1, Relaxed));
    let tokio = builder.build().expect("a thread");
    let runtime = Runtime::builder().tokio(tokio.handle().clone()).busy_wait(busy_wait);
    let runtime = runtime.build().expect("it joins");
    let (tell, told) = std::sync::mpsc::channel();
    let body = body(Arc::clone(&parks));
    runtime.spawn(async move {
        let before = parks.load(Relaxed);
        body.await;
        tell.send(parks.load(Relaxed) - before).expect("the test waits");
    });
    told.recv().expect("the body has ended")
}

#[test]
fn a_thread_without_work_waits_busily_for_as_long_as_it_is_told() {
    let waits = |_| async {
        for _ in 0..20 {
            sleep(Duration::from_millis(1)).await;
        }
    };
    assert_eq!(slept(Duration::MAX, waits), 0);
    assert!(slept(Duration::ZERO, waits) > 0);
}

#[test]
fn a_thread_that_has_waited_busily_sleeps() {
    let waits_for_sleep = |parks: Arc<AtomicUsize>| async move {
        let before = parks.load(Relaxed);
        for _ in 0..1000 {
            sleep(Duration::from_millis(10)).await;
            if parks.load(Relaxed) > before {
                break;
            }
        }
    };
    assert!(slept(Duration::from_millis(1), waits_for_sleep) > 0);
}

#[test]
fn threads_that_wait_busily_do_all_the_work() {
    for workers in 1..=4 {
        let runtime = builder(workers).busy_wait(Duration::MAX).build().expect("threads");
        let stopped = runtime.run(async { assert_eq!(program(50).await, 1225) });
        assert_eq!((stopped.reason, stopped.killed), (ExitReason::Normal, 0), "{workers} workers");
    }
}

#[test]
fn many_runtimes_one_after_the_other() {
    for round in 0..100 {
        let runtime = builder(1 + round % 4).build().expect("threads");
        let stopped = runtime.run(async { assert_eq!(program(50).await, 1225) });
        assert_eq!((stopped.reason, stopped.killed), (ExitReason::Normal, 0), "round {round}");
    }
}

#[test]
fn runtimes_side_by_side_share_pids_and_names() {
    let first = builder(2).build().expect("threads");
    let second = builder(2).build().expect("threads");
    let echo = first.spawn(async {
        loop {
            receive! { (from, n): (Pid, u64) => send(from, n + 1) }
        }
    });
    register("echo of the first runtime", echo).expect("nobody has the name");
    let stopped = second.run(async move {
        let watch = monitor(echo);
        for n in 0..1000_u64 {
            let name = "echo of the first runtime";
            if n % 2 == 0 {
                send(echo, (pid(), n));
            } else {
                send(name, (pid(), n));
            }
            receive! { m: u64 => assert_eq!(m, n + 1) }
        }
        assert!(!processes().contains(&echo), "it is a process of the other runtime");
        exit_signal(echo, "enough");
        receive! {
            Down { monitor, reason, .. } if monitor == watch => {
                assert_eq!(reason, ExitReason::from("enough"));
            }
        }
    });
    assert_eq!(stopped.reason, ExitReason::Normal);
    drop(first);
}

#[test]
fn a_runtime_joins_a_tokio_runtime_of_many_threads() {
    let tokio = tokio::runtime::Runtime::new().expect("threads");
    let stopped: Stopped = tokio.block_on(async {
        let handle = tokio::runtime::Handle::current();
        let runtime = Runtime::builder().tokio(handle).build().expect("it joins");
        runtime.run_async(async { assert_eq!(program(100).await, 4950) }).await
    });
    assert_eq!((stopped.reason, stopped.cause), (ExitReason::Normal, StopCause::Finished));
}

#[test]
fn a_runtime_joins_a_tokio_runtime_of_one_thread() {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    let tokio = builder.enable_all().build().expect("a runtime");
    let stopped = tokio.block_on(async {
        let handle = tokio::runtime::Handle::current();
        let two = Runtime::builder().tokio(handle.clone()).worker_threads(2).build();
        let error = two.expect_err("there is one thread only").to_string();
        assert!(error.contains("one thread"), "{error}");
        let runtime = Runtime::builder().tokio(handle).build().expect("it joins");
        runtime.run_async(async { assert_eq!(program(100).await, 4950) }).await
    });
    assert_eq!(stopped.reason, ExitReason::Normal);
}

#[test]
fn a_runtime_needs_a_worker() {
    let error = builder(0).build().expect_err("no worker").to_string();
    assert!(error.contains("at least one"), "{error}");
}

#[test]
fn a_dropped_runtime_kills_its_processes() {
    let (dropped, is_dropped) = std::sync::mpsc::channel::<()>();
    let runtime = builder(2).build().expect("threads");
    runtime.spawn(async move {
        let _dropped = dropped;
        sleep(Duration::MAX).await;
    });
    drop(runtime);
    assert!(is_dropped.recv().is_err(), "the body was dropped, and its end of the channel");
}

#[kerosene::test(real)]
async fn a_program_inside_a_process_is_refused_with_advice() {
    let (_, watch) = spawn_monitor(async { kerosene::run(async {}) });
    receive! {
        Down { monitor, reason, .. } if monitor == watch => {
            assert!(reason.to_string().contains("run_async"), "{reason}");
        }
    }
}
