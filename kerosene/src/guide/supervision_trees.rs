//! Supervision trees: programs that go on when parts of them fail.
//!
//! A process that fails ends, alone. A *supervisor* is a process that starts others, its children,
//! and starts them again when they end though they should not. Its children may be supervisors, so
//! a program is a tree: work at the leaves, restarts above. Code that works need not handle what
//! should not happen; it ends, and is begun anew from a state that is known to be good.
//!
//! # A tree
//!
//! A module with `#[supervisor]` is a supervisor, and its functions with `#[child]` are its
//! children: an `async fn` is the body of a plain process, any other function returns a
//! [`ChildSpec`](crate::ChildSpec).
//!
//! ```
//! use kerosene::prelude::*;
//!
//! #[kerosene::supervisor(strategy = one_for_one, intensity = 3, period = "5s")]
//! mod shop {
//!     use kerosene::prelude::*;
//!
//!     #[child(name = "till")]
//!     async fn till() {
//!         let mut sum = 0_u64;
//!         loop {
//!             receive! {
//!                 amount: u64 => sum += amount,
//!                 (from, "sum"): (Pid, &str) => send(from, sum),
//!                 "break" => panic!("the till is broken"),
//!             }
//!         }
//!     }
//!
//!     #[child(kind = supervisor)]
//!     fn customers() -> ChildSpec {
//!         DynamicSupervisor::new().name("customers").child_spec("customers")
//!     }
//! }
//!
//! kerosene::run(async {
//!     let shop = shop::start_link().await?;
//!     send("till", 12_u64);
//!     let till = shop.child("till").await.expect("it runs");
//!     let watch = monitor(till);
//!     send("till", "break");
//!     receive! { Down { monitor, .. } if monitor == watch => () }
//!     // The name leads to the new process, which knows nothing of the old one.
//!     let new = whereis_or_wait("till", Duration::from_secs(1)).await;
//!     send(new.expect("it is restarted"), (pid(), "sum"));
//!     receive! { sum: u64 => assert_eq!(sum, 0) }
//!     Ok::<(), kerosene::otp::StartError>(())
//! });
//! ```
//!
//! `shop::start_link` returns when every child has said that it is ready, in the order of the
//! functions; a plain process is ready at once, an actor when its `#[init]` has returned. If one
//! does not start, those before it are stopped again and the error says [which it
//! was](crate::otp::FailedToStartChild).
//!
//! What the functions of the children take, `start_link` takes: with `async fn till(rate: u64)` it
//! is `shop::start_link(3)`, and each start of the child gets a clone. See
//! [`#[supervisor]`](macro@crate::supervisor).
//!
//! A tree that is known only at run time is built with [`Supervisor`](crate::Supervisor), which is
//! what the module makes, too (`shop::supervisor()`).
//!
//! # What restarts what
//!
//! | | a child fails and | use it where |
//! |---|---|---|
//! | `one_for_one` | it alone is restarted | children do not depend on each other |
//! | `rest_for_one` | it and those after it are restarted | later ones use earlier ones |
//! | `one_for_all` | all are restarted | they are one thing in several parts |
//!
//! Children are stopped in the reverse of the order in which they start. Siblings that fail while
//! that happens are part of the same restart.
//!
//! Whether an end is a failure says the child's `restart`: a `permanent` child must not end at
//! all, a `transient` one may end in order, a `temporary` one is never restarted, and forgotten.
//! You most likely want `permanent` for servers and `temporary` for connections and requests.
//!
//! # When it does not help
//!
//! Restarts repair what is broken by chance. What is broken for good is broken again at once: so a
//! supervisor that has restarted more than `intensity` times within `period` gives up. It stops
//! its children and ends as `Shutdown`, which its own supervisor takes for a failure if it is a
//! permanent child, and it restarts it with all its children. Thus a problem goes up the tree, and
//! each level restarts more, until the restart repairs it or the program ends and whatever runs
//! programs takes over.
//!
//! Keep the numbers small. A transient supervisor that gives up is *not* restarted: `Shutdown` is
//! an orderly end.
//!
//! Something that is expected to be away for longer, such as a database, is better not treated by
//! restarts. Let the child start without it, and try to connect when it is running. Or wait
//! between restarts, longer each time: [`Backoff`](crate::otp::Backoff).
//!
//! ```
//! use kerosene::otp::Backoff;
//! use kerosene::prelude::*;
//!
//! async fn connection() -> Result<(), std::io::Error> {
//!     // Connects, works, and ends with an error when the other side is gone.
//!     Ok(())
//! }
//!
//! let backoff = Backoff::new(Duration::from_millis(100), Duration::from_secs(30));
//! let spec = ChildSpec::process("connection", connection).backoff(backoff);
//! # let _ = spec;
//! ```
//!
//! A child that hangs does not end. If that can happen, have it asked now and then whether it is
//! well: [`Probe`](crate::otp::Probe).
//!
//! # Stopping
//!
//! A child that is to stop gets the exit signal `Shutdown`, and is killed if it has not ended
//! after its `shutdown` time: five seconds, as long as it takes for a supervisor. Whoever has
//! something to finish traps exits and ends when the signal arrives; all others end where they
//! wait.
//!
//! When the runtime stops it tells the supervisors at the top, and each of those stops its children
//! in its order, supervisors among them: a tree ends from its last leaf to its root, so what comes
//! later in it can rely on what comes before, to the end. For that a tree has half of the runtime's
//! [`stop_deadline`](crate::RuntimeBuilder::stop_deadline), five seconds unless you say otherwise.
//! Then whoever is left is told directly, and one child that refuses to end no longer holds up the
//! others. Where children need long, give the runtime longer.
//!
//! The same goes for all whom the children have spawned: it is for these to end them, by a link or
//! otherwise. One that nobody ends is told when the trees are gone.
//!
//! # Children that come and go
//!
//! A [`DynamicSupervisor`](crate::DynamicSupervisor) starts children when it is asked, and stops
//! all of them at once. A hundred thousand cost no more each than a hundred.
//!
//! ```
//! use kerosene::prelude::*;
//!
//! kerosene::run(async {
//!     let connections = DynamicSupervisor::new().max_children(10_000).start_link().await?;
//!     for number in 0..3 {
//!         // `once` takes a body that owns what it works with, as a socket.
//!         let connection = async move { assert!(number < 3) };
//!         connections.start_child(ChildSpec::once("connection", connection)).await?;
//!     }
//!     connections.stop().await;
//!     Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
//! });
//! ```
//!
//! Where one process is too little for all keys of something, a
//! [`PartitionSupervisor`](crate::otp::PartitionSupervisor) has several equal children, and knows
//! which is responsible for a key.
//!
//! # Work that ends
//!
//! A supervisor whose children have something to finish can end with them: make those
//! `significant`, and say `auto_shutdown = any_significant` or `all_significant`.
//!
//! # What to look at
//!
//! [`which_children`](crate::SupervisorRef::which_children) and
//! [`count_children`](crate::SupervisorRef::count_children) tell what there is. Each end, failed
//! start and restart is an event of `tracing`, target `kerosene::supervisor`, with the supervisor,
//! the child, the reason, and how many restarts there have been; each crash is one of target
//! `kerosene::crash`.
//!
//! # What differs from Erlang
//!
//! | | Erlang | here |
//! |---|---|---|
//! | a supervisor whose child does not start | ends its caller | is an error |
//! | `which_children` | newest first | in the order of starts |
//! | the period | counted in whole seconds | exact |
//! | a child whose start function does not link it | can end unnoticed | is linked |
//! | a supervisor killed while it stops a child | leaves it behind | takes it along |
//! | what children are started with | in specs, made by `init/1` | also parameters of functions |
//! | a child that starts with `{ok, Pid, Info}` | | has no info: send a message |
//! | back-off and probes | none | off by default |
//! | a changed specification | `code_change` | a new tree |
