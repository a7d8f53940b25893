//! Processes: bodies, exit reasons, what may be awaited, names, the end, whole programs.
//!
//! A process is a future with a pid and a mailbox. It runs beside all others, shares nothing with
//! them, and ends without taking anything along, unless another has asked for that with a link. An
//! idle one costs some hundred bytes, so there is no need to save them: use one for every
//! connection, session, game, device or job.
//!
//! # Bodies
//!
//! The body of a process is any `Future + Send + 'static`: an `async` block, or the call of an
//! `async fn`. What it needs at the start is moved in. Its state lives in local variables, its
//! life is the flow of control, and a state of a state machine is a function that awaits the next
//! one.
//!
//! ```
//! use kerosene::prelude::*;
//!
//! struct Deposit(u64);
//! struct Balance(Pid);
//!
//! async fn account(mut balance: u64) {
//!     loop {
//!         receive! {
//!             Deposit(amount) => balance += amount,
//!             Balance(from) => send(from, balance),
//!         }
//!     }
//! }
//!
//! kerosene::run(async {
//!     let account = spawn(account(100));
//!     send(account, Deposit(5));
//!     send(account, Balance(pid()));
//!     receive! { balance: u64 => assert_eq!(balance, 105) }
//! });
//! ```
//!
//! [`spawn`](crate::spawn), [`send`](crate::send), [`pid`](crate::pid) and their relatives are free
//! functions. They find the process they are about by themselves, however deep in a call they
//! stand, so no context is passed around. Three things follow:
//!
//! * What needs no process of its own, such as `send`, [`exit_signal`](crate::exit_signal) or
//!   [`whereis`](crate::whereis), works on any thread. What does, such as `pid`, `link` or
//!   `receive!`, panics where no process runs, and says so.
//! * `tokio::spawn` in a process makes a tokio task, and that is no process: `pid()` panics in it,
//!   nobody hears of its end, and it goes on when the process ends. Use [`spawn`](crate::spawn).
//! * `tokio::join!`, `tokio::select!`, `FuturesUnordered` and the like run their parts inside the
//!   process, so everything works in them.
//!
//! # What the body returns
//!
//! It becomes the [`ExitReason`](crate::ExitReason) with which the process ends:
//!
//! | the body | ends the process with |
//! |---|---|
//! | returns `()` or `Ok(())` | `Normal` |
//! | returns an `ExitReason` | that |
//! | returns `Err(error)` | `Error`, which keeps the error; so `?` is a way to end |
//! | calls [`exit(reason)`](crate::exit) | that reason, from any depth of calls |
//! | panics | `Panic`, which tells the text and the place |
//! | is ended by an exit signal | the signal's reason, or `Killed` if that was `Kill` |
//!
//! All but `Normal`, `Shutdown` and `ShutdownWith` are *abnormal*: the end is reported through
//! `tracing`, target `kerosene::crash`, level ERROR. A program without a subscriber gets a line on
//! standard error instead. The panic hook runs as ever, and prints what a panic prints.
//!
//! A panic ends one process, and is how a process says that it cannot go on. Do not catch it to
//! carry on; let whoever watches the process start a new one ([links and
//! monitors](super::links_monitors_exits)). An expected failure is better returned as `Err`.
//!
//! # Awaiting
//!
//! A process may await anything that a tokio task may: sockets, files, channels, timers, whatever
//! a library returns. It keeps its mailbox meanwhile, exit signals still end it, and messages do
//! not disturb what it awaits. To wait for messages and something else at once, use
//! `tokio::select!`: a pending `receive!` that is dropped loses nothing.
//!
//! ```
//! use kerosene::prelude::*;
//! use tokio::sync::mpsc;
//!
//! struct Stop;
//!
//! kerosene::run(async {
//!     let (lines, mut channel) = mpsc::channel(8);
//!     let parent = pid();
//!     let (reader, watch) = spawn_monitor(async move {
//!         loop {
//!             tokio::select! {
//!                 Some(line) = channel.recv() => send(parent, line),
//!                 () = async { receive! { Stop => () } } => return,
//!             }
//!         }
//!     });
//!     lines.send("a line").await?;
//!     receive! { line: &str => assert_eq!(line, "a line") }
//!     send(reader, Stop);
//!     receive! { Down { monitor, .. } if monitor == watch => () }
//!     Ok::<_, mpsc::error::SendError<&str>>(())
//! });
//! ```
//!
//! # Blocking
//!
//! A scheduler runs many processes on one thread. A body that computes for long, or blocks its
//! thread in a lock, a file or a C library, holds all of these up; those that wait in its queue
//! move to an idle scheduler, if there is one, and the warning `kerosene::long_poll` names the
//! culprit after 100 ms. Therefore:
//!
//! * Work that blocks, or computes for more than about a millisecond, goes into
//!   [`blocking`](crate::blocking), which runs it on tokio's blocking threads.
//! * A long computation of your own calls [`yield_now`](crate::yield_now)`().await` now and then.
//! * A `std::sync::Mutex` is fine for a moment. Better: let a process own what the lock would
//!   guard.
//!
//! # Fairness
//!
//! A process that always has something to do gives way to others: receiving, sending and spawning
//! spend reductions, and when the 256 of its time slice are spent, the next `receive!` or
//! [`sleep`](crate::sleep) yields. Erlang takes the processor away anywhere, Kerosene at an await
//! only; `yield_now` is how code without such awaits shows manners. There are no priorities.
//!
//! # Bodies that are not `Send`
//!
//! [`spawn_local`](crate::spawn_local) takes a closure that makes the body, so that the body may
//! hold an `Rc` or a handle that must not leave its thread. All such processes of a runtime share
//! one thread; in every other respect they are processes like any.
//!
//! # Names
//!
//! A process may be registered under any text, and under several names. Names serve what there is
//! one of: `send("logger", line)`. They are free before anybody hears of the end of the process.
//! A process of which there are many is better passed around as a pid, or kept in a map by a
//! process that monitors it.
//!
//! A name leads to whoever has it at the moment of the send, and a message to a name that nobody
//! has is dropped, as one to a dead pid is. Where it matters, [`monitor`](crate::monitor) the
//! name.
//!
//! # The end
//!
//! However a process ends, it happens in this order:
//!
//! 1. it stops running, at an await if an exit signal ends it;
//! 2. its names, its aliases and the timers aimed at it are released;
//! 3. its body is dropped, and so are the messages in its mailbox;
//! 4. its links get their exit signals, its monitors their `Down`.
//!
//! So who hears of the end can take the name at once, and what a destructor sends arrives before
//! the `Exit` and the `Down`:
//!
//! ```
//! use kerosene::prelude::*;
//!
//! struct Lease(Pid);
//! struct Released;
//!
//! impl Drop for Lease {
//!     fn drop(&mut self) {
//!         send(self.0, Released); // never waits, so it may stand in a destructor
//!     }
//! }
//!
//! kerosene::run(async {
//!     let lease = Lease(pid());
//!     let (worker, watch) = spawn_monitor(async move {
//!         let _lease = lease;
//!         sleep(Duration::MAX).await;
//!     });
//!     exit_signal(worker, ExitReason::Kill);
//!     receive! {
//!         Released => (),
//!         Down { monitor, .. } if monitor == watch => panic!("too early"),
//!     }
//! });
//! ```
//!
//! Destructors run on every end, by `Kill` as well: Rust's values own files, sockets and locks.
//! **They must not block**, since nothing else runs on that thread meanwhile. One that panics
//! does no harm to others. (Two panics at once in one process, one while the other unwinds, end the
//! program, as everywhere in Rust.) They may use `pid()`, `send` and `spawn`, but cannot await.
//!
//! A process that has ended leaves nothing behind but its dead pid. What it sent is delivered, the
//! timers it made for others go on, its children live on unless they are linked to it. Pids own
//! nothing: neither dropping nor keeping one has any effect on the process.
//!
//! # `panic = "abort"`
//!
//! Do not set it. With it a panic, and also [`exit`](crate::exit), which unwinds, ends the whole
//! program. The runtime prints a warning when it starts in such a program.
//!
//! # Programs
//!
//! [`#[kerosene::main]`](crate::main) runs its function as the first process. When that process
//! ends, when somebody calls [`stop`](crate::stop), on SIGINT (Ctrl-C) and on SIGTERM the runtime
//! stops: every process gets an exit signal `Shutdown`; who traps exits may finish something
//! first; who is left after the deadline (five seconds unless you say otherwise) is killed. A
//! second signal shortens the wait.
//!
//! Those under a supervisor are told by that, in its order, and so is everybody whom they have
//! spawned: a worker that still has something to finish finds its helpers alive. The runtime tells
//! them itself when all others have ended, or when half of the deadline has passed. A process that
//! is under no supervisor, and needs those it has spawned for a while, says so with
//! [`stops_children`](crate::stops_children).
//!
//! The exit code tells what happened:
//!
//! | code | meaning |
//! |---|---|
//! | 0 | the first process ended with `Normal`, `Shutdown` or `ShutdownWith`, or by `stop` |
//! | 1 | it ended abnormally; or it was ended by another one, as by a supervisor that gave up |
//! | 70 | not all processes ended within the deadline |
//! | 130, 143 | SIGINT, SIGTERM |
//!
//! So the usual first process starts what the program consists of, and then waits:
//!
//! ```no_run
//! use kerosene::prelude::*;
//!
//! # async fn serve() {}
//! #[kerosene::main(stop_deadline = "10s")]
//! async fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
//!     trap_exit(true);
//!     let server = spawn_link(serve());
//!     receive! {
//!         Exit { pid, reason } if pid == server => Err(format!("no server: {reason}").into()),
//!         Exit { .. } => Ok(()), // told to stop
//!     }
//! }
//! ```
//!
//! A [`Runtime`](crate::Runtime) is the same as a value, for settings, for several in one program,
//! and for programs that have a tokio runtime already
//! ([`RuntimeBuilder::tokio`](crate::RuntimeBuilder::tokio)). All runtimes of an OS process share
//! pids and names; their processes can talk. [`Runtime::run`](crate::Runtime::run) blocks a plain
//! thread, [`run_async`](crate::Runtime::run_async) is for async callers, and
//! [`Runtime::spawn`](crate::Runtime::spawn) starts processes from outside.
//!
//! ```
//! use kerosene::prelude::*;
//!
//! let runtime = Runtime::builder().worker_threads(2).stop_deadline(Duration::from_secs(1));
//! let stopped = runtime.build()?.run(async {
//!     spawn(async {
//!         trap_exit(true);
//!         receive! { Exit { reason, .. } => reason } // the time to save something
//!     });
//!     Err::<(), _>("the disk is full")
//! });
//! assert_eq!(stopped.reason, ExitReason::error("the disk is full"));
//! assert_eq!((stopped.killed, stopped.exit_code()), (0, 1));
//! # Ok::<(), kerosene::StartError>(())
//! ```
//!
//! # What differs from Erlang
//!
//! * A process is stopped at an await, not anywhere. One that neither awaits nor returns cannot be
//!   stopped at all; when the runtime stops, it is abandoned with its thread.
//! * Isolation is a matter of types, not of memory: a message is moved, not copied, so nobody else
//!   has it. An `Arc` can be shared, and its contents with it. An abort, a stack overflow or an
//!   allocation that fails ends the program, not the process.
//! * Destructors run at the end of a process. A returned `Err` is an abnormal end.
//! * There is no bound on a process' memory, and none on its mailbox.
