//! Coming from Erlang: every function beside its BIF, the syntax side by side, the differences.
//!
//! The words, the signals and the rules are those you know. What is different is Rust: values are
//! owned and typed, and a process can be stopped where it awaits.
//!
//! # The syntax
//!
//! ```erlang
//! -module(bank).
//! -export([start/0, loop/1, balance/1]).
//!
//! start() -> spawn_link(?MODULE, loop, [0]).
//!
//! loop(Balance) ->
//!     receive
//!         {deposit, Amount} when Amount > 0 -> loop(Balance + Amount);
//!         {balance, From, Ref} -> From ! {Ref, Balance}, loop(Balance);
//!         stop -> ok
//!     after 60000 -> exit(idle)
//!     end.
//!
//! balance(Bank) ->
//!     Ref = monitor(process, Bank, [{alias, reply_demonitor}]),
//!     Bank ! {balance, Ref, Ref},
//!     receive
//!         {Ref, Balance} -> {ok, Balance};
//!         {'DOWN', Ref, process, _, Reason} -> {error, Reason}
//!     end.
//! ```
//!
//! ```
//! use kerosene::prelude::*;
//!
//! struct Deposit(i64);
//! struct Balance { reply_to: Alias }
//! struct BalanceIs(Reference, i64);
//! struct Stop;
//!
//! async fn bank(mut balance: i64) {
//!     loop {
//!         receive! {
//!             Deposit(amount) if amount > 0 => balance += amount,
//!             Balance { reply_to } => send(reply_to, BalanceIs(reply_to.reference(), balance)),
//!             Stop => return,
//!             after Duration::from_secs(60) => exit("idle"),
//!         }
//!     }
//! }
//!
//! async fn balance(bank: Pid) -> Result<i64, ExitReason> {
//!     let (watch, reply_to) = monitor_alias(bank, AliasMode::ReplyDemonitor);
//!     send(bank, Balance { reply_to });
//!     receive! {
//!         BalanceIs(reference, balance) if reference == watch.reference() => Ok(balance),
//!         Down { monitor, reason, .. } if monitor == watch => Err(reason),
//!     }
//! }
//!
//! kerosene::run(async {
//!     let bank = spawn_link(bank(0));
//!     send(bank, Deposit(5));
//!     assert_eq!(balance(bank).await, Ok(5));
//!     unlink(bank);
//!     send(bank, Stop);
//!     assert_eq!(balance(bank).await.is_err(), true);
//! });
//! ```
//!
//! | in Erlang | here |
//! |---|---|
//! | an atom, a tagged tuple, a record | a unit struct, a tuple struct, a struct, an `enum` |
//! | `Pid ! Message` | `send(pid, message)` |
//! | `receive P when G -> B; ... after T -> B end` | `receive! { P if G => B, ... after T => B }` |
//! | a bound variable in a pattern | a new name and a guard: `tag if tag == mine` |
//! | `_` in a receive | `_`, or a bare name, which binds a [`Message`](crate::Message) |
//! | a tail call, `loop(State)` | `loop` with `let mut`, or an `async fn` that awaits the next |
//! | `spawn(M, F, A)`, `spawn(fun() -> ... end)` | `spawn(f(a))`, `spawn(async move { ... })` |
//! | `catch exit(R)`, `try ... catch` | [`catch_exit`](crate::catch_exit); or `Result` and `?` |
//! | a module with `-behaviour(gen_server)` | a module with [`#[actor]`](super::actors) |
//! | a module with `-behaviour(gen_statem)` | [`GenStatem`](super::state_machines), or functions |
//! | Elixir's `Task`, `Agent` | [`Task`, `Agent`](super::tasks_and_agents) |
//! | one with `-behaviour(supervisor)` | one with [`#[supervisor]`](super::supervision_trees) |
//! | `gen_server:call`, `cast`, `reply` | [`call`](super::calls), `cast`, `ReplyTo::reply` |
//! | `sys:get_state`, `suspend`, ... | [`otp::sys`](super::debugging) |
//! | `throw(T)` | `return Err(t)` |
//! | `infinity`, `0` | `Duration::MAX`, `Duration::ZERO` |
//! | `{'EXIT', Pid, R}`, `{'DOWN', M, process, P, R}` | [`Exit`], [`Down`] |
//! | `{timeout, Ref, Msg}` | [`Timeout`](crate::Timeout) |
//! | an ETS table | a map that a process owns; or, for many readers, a concurrent map in an `Arc` |
//! | `persistent_term` | a `static`, or an `Arc` moved into each body |
//! | a port, a NIF | anything of tokio; [`blocking`](crate::blocking) for what blocks |
//! | `erl +S 4` | [`RuntimeBuilder::worker_threads`](crate::RuntimeBuilder::worker_threads) |
//! | `erl +sbwt` | [`RuntimeBuilder::busy_wait`](crate::RuntimeBuilder::busy_wait), zero at first |
//!
//! # The functions
//!
//! | BIF | here | what is different |
//! |---|---|---|
//! | `spawn/1` | [`spawn`](crate::spawn) | a returned `Err` is an abnormal end |
//! | `spawn_link/1` | [`spawn_link`](crate::spawn_link) | |
//! | `spawn_monitor/1` | [`spawn_monitor`](crate::spawn_monitor) | |
//! | `spawn_opt/2` | [`spawn_opt`](crate::spawn_opt) | `link`, `monitor`, `trap_exit`, `label` |
//! | | [`spawn_local`](crate::spawn_local) | a body that stays on one thread |
//! | `self/0` | [`pid`](crate::pid) | `self` is a keyword |
//! | `!`, `erlang:send/2` | [`send`](crate::send) | a name that nobody has is no error |
//! | `make_ref/0` | [`make_ref`](crate::make_ref) | |
//! | `exit/1` | [`exit`](crate::exit) | unwinds: destructors run |
//! | `exit/2` | [`exit_signal`](crate::exit_signal) | takes effect on oneself at an await |
//! | `process_flag(trap_exit, B)` | [`trap_exit`](crate::trap_exit) | |
//! | `link/1` | [`link`](crate::link) | to the dead: always a signal, never an error |
//! | `unlink/1` | [`unlink`](crate::unlink) | |
//! | `monitor(process, P)` | [`monitor`](crate::monitor) | |
//! | `monitor(process, P, [{alias, M}])` | [`monitor_alias`](crate::monitor_alias) | |
//! | `demonitor(M, [info])` | [`demonitor`](crate::demonitor) | |
//! | `demonitor(M, [flush, info])` | [`demonitor_flush`] | takes `Down`s only |
//! | `alias/0` | [`alias`](crate::alias) | |
//! | `alias([reply])` | [`alias_reply`](crate::alias_reply) | |
//! | `unalias/1` | [`unalias`](crate::unalias) | |
//! | `register/2` | [`register`](crate::register) | any text, several names, a `Result` |
//! | `unregister/1` | [`unregister`](crate::unregister) | a `Result`, tells who had it |
//! | `whereis/1` | [`whereis`](crate::whereis) | |
//! | `registered/0` | [`registered`](crate::registered) | |
//! | `timer:sleep/1` | [`sleep`](crate::sleep) | |
//! | `erlang:send_after/3` | [`schedule`](crate::schedule) | the delay comes first, too |
//! | `erlang:start_timer/3` | [`start_timer`](crate::start_timer) | |
//! | `timer:send_interval/3` | [`schedule_interval`](crate::schedule_interval) | |
//! | `erlang:cancel_timer/1` | [`Timer::cancel`](crate::Timer::cancel) | |
//! | `erlang:read_timer/1` | [`Timer::remaining`](crate::Timer::remaining) | |
//! | `erlang:yield/0` | [`yield_now`](crate::yield_now) | needed in long computations |
//! | a dirty NIF | [`blocking`](crate::blocking) | |
//! | `is_process_alive/1` | [`is_alive`](crate::is_alive) | to be awaited |
//! | `process_info/1` | [`process_info`](crate::process_info) | to be awaited; a struct |
//! | `processes/0` | [`processes`](crate::processes) | |
//! | `system_info(process_count)` | [`process_count`](crate::process_count) | |
//! | `put/2` | [`put`](crate::put), [`put_inherited`](crate::put_inherited) | keys are text |
//! | `get/1` | [`get`](crate::get) | a clone, if it is of the type asked for |
//! | `erase/1` | [`erase`](crate::erase) | |
//! | `proc_lib:set_label/1` | [`set_label`](crate::set_label) | |
//! | `init:stop/0` | [`stop`](crate::stop) | |
//! | `pid_to_list/1`, `list_to_pid/1` | `to_string()`, `parse::<Pid>()` | |
//!
//! # The differences that matter
//!
//! * **A process is stopped at an await**, not anywhere. A body that loops without awaiting
//!   cannot be killed and holds up its scheduler: put `yield_now().await` into long computations,
//!   and what blocks into `blocking`. The runtime warns of polls that take over 100 ms.
//! * **An exit signal to oneself** takes effect by the next await; `exit` at once.
//! * **Destructors run** when a process ends, on `Kill` too. They must not block.
//! * **Messages are moved, not copied.** Sending a large value costs as much as sending a small
//!   one. There is no heap of its own for a process, so there is nothing to collect, and no bound
//!   on its memory.
//! * **Types select.** A message matches by its exact type, so `1_i32` is not `1_u64`. A message
//!   that no receive asks for stays in the mailbox; it is nobody's error.
//! * **`link` to a dead process** is an exit signal `NoProc`, never a raised error. **`send` to a
//!   name that nobody has** is dropped.
//! * **A panic in a guard** goes on; it does not make the guard false.
//! * **A flush takes what it is for**: `demonitor_flush` takes the `Down` of its monitor only.
//!
//! `SEMANTICS.md` in the repository lists every rule, what differs and why.
//!
//! # What is not there
//!
//! | | |
//! |---|---|
//! | distribution, `global`, groups across nodes | to come; a pid has room for a node |
//! | priorities, suspending, `hibernate`, a bound on memory | to come, as far as they make sense |
//! | priority messages, monitors with a tag | to come |
//! | hot code loading, tracing of calls, `group_leader` | not planned |
//!
//! # Idioms
//!
//! *Let it crash* holds as ever: check what comes from outside, and let the rest panic. `Result`
//! is for what a caller should deal with; at the top of a body, `?` turns it into an exit reason.
//!
//! *One process for each thing that happens at the same time*, not for each kind of data. State
//! that only one process touches is a local variable; it needs no process to guard it.
//!
//! *A function hides each request*, as a `gen_server`'s interface does: callers see
//! `balance(bank)`, not the messages.
//!
//! [`Exit`]: crate::Exit
//! [`Down`]: crate::Down
//! [`demonitor_flush`]: crate::demonitor_flush
