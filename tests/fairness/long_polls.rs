//! A process that computes for long without an await: its scheduler can do nothing else.
//!
//! Here such a process goes on until the event that it is to make room for has happened, or, with a
//! complaint, until patience ends.

use std::fmt;
use std::hint::spin_loop;
use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::time::Instant;

use kerosene::prelude::*;
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

use super::{Patience, run_on};

/// Computes until something is so.
fn compute_until(is_so: impl Fn() -> bool) {
    let patience = Patience::new();
    while !is_so() {
        patience.check();
        spin_loop();
    }
}

/// Of the processes woken in a long poll the last lies in a place of its own, to run next.
#[test]
fn processes_behind_a_long_poll_run_elsewhere() {
    for workers in [2, 16] {
        for woken in [1, 2, 100] {
            run_on(workers, async move {
                let ran = Arc::new(AtomicUsize::new(0));
                let waiting: Vec<Pid> = (0..woken)
                    .map(|_| {
                        let ran = Arc::clone(&ran);
                        spawn_link(async move {
                            receive! { "go" => { ran.fetch_add(1, Relaxed); } }
                        })
                    })
                    .collect();
                for pid in &waiting {
                    assert!(is_alive(*pid).await);
                }
                for pid in waiting {
                    send(pid, "go");
                }
                compute_until(|| ran.load(Relaxed) == woken);
            });
        }
    }
}

#[test]
fn processes_spawned_in_a_long_poll_run_elsewhere() {
    for spawned in [1, 2, 100] {
        run_on(2, async move {
            let ran = Arc::new(AtomicUsize::new(0));
            for _ in 0..spawned {
                let ran = Arc::clone(&ran);
                spawn(async move {
                    ran.fetch_add(1, Relaxed);
                });
            }
            compute_until(|| ran.load(Relaxed) == spawned);
        });
    }
}

/// Computes for a while: long enough for whoever has nothing to do to go to sleep.
fn compute_for(time: Duration) {
    let begun = Instant::now();
    compute_until(|| begun.elapsed() >= time);
}

/// What wakes another thread must do so as often as it is needed, within one poll, too.
#[test]
fn who_sleeps_is_woken_again_and_again_in_a_long_poll() {
    for workers in [2, 3] {
        run_on(workers, async {
            for _ in 0..10 {
                let ran = Arc::new(AtomicBool::new(false));
                let runs = Arc::clone(&ran);
                spawn(async move { runs.store(true, Relaxed) });
                compute_until(|| ran.load(Relaxed));
                compute_for(Duration::from_millis(3));
            }
        });
    }
}

#[test]
fn timers_fire_again_and_again_beside_a_long_poll() {
    run_on(2, async {
        for _ in 0..10 {
            let [later, rang] = [(); 2].map(|()| Arc::new(AtomicBool::new(false)));
            for (bell, ms) in [(&later, 20), (&rang, 5)] {
                let bell = Arc::clone(bell);
                spawn(async move {
                    sleep(Duration::from_millis(ms)).await;
                    bell.store(true, Relaxed);
                });
            }
            compute_until(|| rang.load(Relaxed) && later.load(Relaxed));
        }
    });
}

/// The one who sleeps for all timers is told of earlier ones by whoever computes, again and again.
#[test]
fn earlier_and_earlier_timers_fire_beside_the_long_poll_that_starts_them() {
    run_on(2, async {
        let (bell, rang) = std::sync::mpsc::channel();
        let ringer = spawn(async move {
            for _ in 0..10 {
                receive! { n: u64 => bell.send(n).expect("it listens") }
            }
        });
        for n in (0..10).rev() {
            schedule(Duration::from_millis(20 + n), ringer, n);
            compute_for(Duration::from_millis(1));
        }
        for _ in 0..10 {
            compute_until(|| rang.try_recv().is_ok());
        }
    });
}

#[test]
fn timers_fire_beside_a_long_poll() {
    run_on(2, async {
        let rang = Arc::new(AtomicBool::new(false));
        let bell = Arc::clone(&rang);
        spawn(async move {
            sleep(Duration::from_millis(5)).await;
            bell.store(true, Relaxed);
        });
        yield_now().await;
        compute_until(|| rang.load(Relaxed));
    });
}

/// Input wakes one thread, not two; the one that is not woken must still read the next input.
#[test]
fn sockets_are_read_beside_a_long_poll_that_a_socket_began() {
    run_on(2, async {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port that is free");
        let address = listener.local_addr().expect("it has one");
        let [begun, rang] = [(); 2].map(|()| Arc::new(AtomicBool::new(false)));
        let (has_begun, rings) = (Arc::clone(&begun), Arc::clone(&rang));
        let client = std::thread::spawn(move || {
            let [mut start, mut bell] =
                [(); 2].map(|()| std::net::TcpStream::connect(address).expect("it listens"));
            start.write_all(b"!").expect("it reads");
            compute_until(|| has_begun.load(Relaxed));
            bell.write_all(b"!").expect("it reads");
            (start, bell)
        });
        let (mut start, _) = listener.accept().await.expect("a client");
        let (mut bell, _) = listener.accept().await.expect("a client");
        spawn(async move {
            bell.read_u8().await.expect("a byte");
            rings.store(true, Relaxed);
        });
        start.read_u8().await.expect("a byte");
        begun.store(true, Relaxed);
        compute_until(|| rang.load(Relaxed));
        client.join().expect("it does not panic");
    });
}

/// Passes reports of long polls on to the process named `"reports"`.
struct Reports;

/// The fields of one report.
#[derive(Default)]
struct Report(Vec<(&'static str, String)>);

impl Visit for Report {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0.push((field.name(), format!("{value:?}")));
    }
}

impl Subscriber for Reports {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "kerosene::long_poll" && *metadata.level() == Level::WARN
    }

    fn event(&self, event: &Event<'_>) {
        let mut report = Report::default();
        event.record(&mut report);
        send("reports", report);
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

#[kerosene::test(real, worker_threads = 2)]
async fn a_long_poll_is_reported() {
    tracing::subscriber::set_global_default(Reports).expect("the only subscriber here");
    register("reports", pid()).expect("the name is free");
    let is_over = Arc::new(AtomicBool::new(false));
    let computing = {
        let is_over = Arc::clone(&is_over);
        spawn_link(async move { compute_until(|| is_over.load(Relaxed)) })
    };
    register("the busy one", computing).expect("it runs until the report");
    let pid_text = computing.to_string();
    let report = receive! {
        Report(fields) if fields.contains(&("pid", pid_text.clone())) => fields,
    };
    let names = report.iter().find(|(field, _)| *field == "names").expect("names are told");
    assert!(names.1.contains("the busy one"), "{report:?}");
    is_over.store(true, Relaxed);
    let watch = monitor(computing);
    receive! { Down { monitor, .. } if monitor == watch => () }
    receive! {
        Report(fields) if fields.contains(&("pid", pid_text.clone())) => panic!("told twice"),
        after Duration::ZERO => (),
    }
}
