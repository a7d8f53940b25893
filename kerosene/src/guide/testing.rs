//! Testing: seeded runs in virtual time, stuck tests, and what belongs on the real scheduler.
//!
//! [`#[kerosene::test]`](crate::test) makes a test of an `async fn`: its body is the first process
//! of a simulated run. In such a run there is one thread, time is virtual, and the order in which
//! processes run is drawn from a seed. One seed is one run: the same order, the same times, the
//! same pids, on any machine, whatever other tests run beside it.
//!
//! ```test_harness
//! use kerosene::prelude::*;
//!
//! struct Job(u32);
//!
//! async fn worker(report_to: Pid) {
//!     loop {
//!         receive! { Job(n) => {
//!             sleep(Duration::from_secs(3600)).await;
//!             send(report_to, n * 2);
//!         } }
//!     }
//! }
//!
//! #[kerosene::test(seeds = 20)]
//! async fn a_job_takes_an_hour() {
//!     let begun = tokio::time::Instant::now();
//!     let worker = spawn_link(worker(pid()));
//!     send(worker, Job(21));
//!     receive! { n: u32 => assert_eq!(n, 42) }
//!     assert_eq!(begun.elapsed().as_secs(), 3600); // in well under a millisecond
//! }
//! ```
//!
//! The test fails if its process ends abnormally: by a panic, by an `Err` that the body returns,
//! by an exit signal; and if an exit signal with an orderly reason, as `Shutdown` of a linked
//! supervisor that has given up, ends it before its body is over. A panic in *another* process
//! does not fail it, since isolation is the point; link to what must not fail, with `spawn_link`.
//! When the body ends, all other processes of the run are stopped, and nothing of it is left.
//!
//! # Virtual time
//!
//! Time passes only when every process waits; then it jumps to the next timer. A test of a day's
//! schedule takes no time, and a timeout fires exactly when nothing else can happen. So there is
//! no reason to sleep "to give it time": that either waits for the event, or hides a race. Wait
//! for a message, a `Down`, or [`is_alive`](crate::is_alive), which answers when everything sent
//! before has been received.
//!
//! All of `tokio::time` is virtual too. `std::time` is not: use `tokio::time::Instant`
//! ([clocks](super::timers#clocks)).
//!
//! # Seeds
//!
//! Where several processes could run next, a program must work whichever does. The seed decides,
//! and at some awaits also whether a process that need not wait gives way. Without arguments a
//! test runs under one seed; `seeds = 200` runs it under two hundred and stops at the first that
//! fails. A test of something concurrent should have some; it costs little, as there is nothing
//! to wait for.
//!
//! A failure tells its seed, and how to run it again, and only it:
//!
//! ```text
//! assertion `left == right` failed
//!   left: [0, 2, 1]
//!  right: [0, 1, 2]
//!     at tests/order.rs:27:5
//!
//! This was seed 17 of order::answers_come_in_order. To run it again, and only it:
//!     KEROSENE_SEED=17 cargo test answers_come_in_order
//! ```
//!
//! `KEROSENE_SEED` holds for every simulated test of that `cargo test`, in place of their own
//! seeds, so name the test. With the seed fixed, print statements and a debugger do not make the
//! bug go away. A seed is worth as much as the code it ran: after a change, the same seed is
//! another run.
//!
//! # Stuck tests
//!
//! On the real scheduler a program in which everybody waits for everybody hangs. A simulated one
//! knows that nothing can ever happen again, and fails at once, with a table of who waits where:
//!
//! ```text
//! the test is stuck: every process waits, no timer is pending, so nothing can ever happen
//!
//!   <0.1.1> the test["front desk"]
//!       waits at       tests/hotel.rs:12:5, receive! { Down { pid, .. } if .. }
//!       spawned at     tests/hotel.rs:3:1
//!       messages left  0
//!   <0.2.1> porter[]
//!       waits at       tests/hotel.rs:7:9, receive! { Key(room) | n: u64 if .. }
//!       spawned at     tests/hotel.rs:6:18
//!       messages left  1
//! ```
//!
//! `messages left 1` beside a `receive!` most often means that the message sent is not of the
//! type asked for: an `i32` where a `u64` is meant, a `String` for a `&str`. The text beside the
//! pid is the label ([`set_label`](crate::set_label)), in brackets are the registered names. A
//! process that awaits something else than Kerosene's functions is said to wait at *something
//! that is not kerosene's*.
//!
//! What keeps a test from being found stuck is a process that always has something to do: one
//! that ticks for ever, with `schedule_interval` or a loop around `sleep`. Then virtual time runs
//! on, as fast as it can. Put an `after` where the test waits.
//!
//! # The real scheduler
//!
//! `#[kerosene::test(real)]` runs the body as a program would, with threads and the machine's
//! time; `#[kerosene::test(real, worker_threads = 2)]` says how many. It is for what a simulation
//! cannot hold, because it does not come from the seed:
//!
//! * **Sockets, files, child processes, threads of your own.** They move in real time. While a
//!   simulated run waits for a socket, nothing else can happen as far as it knows, so virtual
//!   time jumps: timeouts fire at once, and then the test is stuck. Channels, and
//!   `tokio::io::duplex` in place of a socket, are simulated like anything else. Write protocols
//!   over `AsyncRead` and `AsyncWrite`, and most tests need no network.
//! * **Work in [`blocking`](crate::blocking)** does run on a thread of its own. Virtual time
//!   stands still until it is done, so results are right; but in which order two such closures
//!   end is not decided by the seed.
//! * **The behaviour of schedulers**: stealing, fairness, long polls, throughput.
//!
//! # What a seed does not decide
//!
//! A run is only as repeatable as its code. Known sources of other randomness:
//!
//! * `std::collections::HashMap` and `HashSet` have a random order in each run. Where the order
//!   has an effect, as when a message is sent to each entry, use `BTreeMap`, or a hasher without
//!   a random key. Pids and references hash the same in every run.
//! * `tokio::select!` begins with a random branch, drawn by tokio's own generator. With `biased;`
//!   as its first word it tries the branches from the top.
//! * Random numbers: make the generator from a constant in tests.
//! * Addresses of memory, the time of day, the environment, statics that tests share.
//!
//! # What a test can see
//!
//! A simulated run has its own pids and its own registered names, so tests that use the same names
//! run side by side, and printed pids can be compared with a text. `real` tests of one test binary
//! share them; give names of their own to what they register.
//!
//! A panic is still printed when it happens, and the report of an abnormal end too, as far as it
//! has no subscriber. In a test that makes processes fail on purpose, that is to be expected.
//!
//! # What differs from Erlang
//!
//! Erlang has nothing like it in the box; PULSE and Concuerror explore schedules there. The habits
//! are the same: monitor instead of sleep, ask with a request to know that what came before it has
//! been dealt with, and do not look at the order of what different processes send.
