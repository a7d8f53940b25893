//! Runtimes as values: one after the other, side by side, and inside a tokio runtime that exists.

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
