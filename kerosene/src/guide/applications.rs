//! Applications: a program in parts that start and stop as a whole.
//!
//! One supervision tree is enough for many programs. When a program has several parts that stand on
//! each other, such as a database pool, a cache and a shop, each with a tree of its own, they are
//! [applications](crate::otp::Application): a name, what starts the tree, what must run before, and
//! values for its processes.
//!
//! ```
//! use kerosene::otp::application::{self, Application, Applications, StartType};
//! use kerosene::prelude::*;
//!
//! async fn pool() {
//!     let size: usize = application::env("pool_size").expect("the application has it");
//!     let connections = vec!["connection"; size];
//!     loop {
//!         receive! { reply_to: ReplyTo<usize> => reply_to.reply(connections.len()) }
//!     }
//! }
//!
//! async fn shop() {
//!     let connections = call_with("pool", |to: ReplyTo<usize>| to).await;
//!     assert_eq!(connections, Ok(4), "the database runs when the shop starts");
//!     sleep(Duration::MAX).await;
//! }
//!
//! fn database_application() -> Application {
//!     let tree = || {
//!         let pool = ChildSpec::process("pool", pool).name("pool");
//!         Supervisor::new(Strategy::OneForOne).child(pool).start_link()
//!     };
//!     Application::new("database", tree).env("pool_size", 4_usize)
//! }
//!
//! fn shop_application() -> Application {
//!     let tree = || {
//!         Supervisor::new(Strategy::OneForOne).child(ChildSpec::process("shop",
//!     shop)).start_link() };
//!     Application::new("shop", tree).depends_on("database")
//! }
//!
//! kerosene::run(async {
//!     let applications =
//!     Applications::new().with(database_application()).with(shop_application()); let applications
//!     = applications.start_link().await?; let started = applications.start("shop",
//!     StartType::Permanent).await?; assert_eq!(started, ["database", "shop"]);
//!
//!     let stopped = applications.stop("database").await?;
//!     assert_eq!(stopped, ["shop", "database"]);
//!     Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
//! });
//! ```
//!
//! # A whole program
//!
//! `#[kerosene::main(app)]` makes a program of one application and of those it stands on. An
//! application that is given to [`depends_on`](crate::otp::Application::depends_on) comes along
//! with the one that depends on it.
//!
//! ```no_run
//! # use kerosene::otp::{Application, StartError};
//! # use kerosene::prelude::*;
//! # fn database() -> Application {
//! #     Application::new("database", || async { Ok::<_, StartError>(pid()) })
//! # }
//! #[kerosene::main(app)]
//! async fn main() -> Application {
//!     let tree = || Supervisor::new(Strategy::OneForOne).start_link();
//!     Application::new("shop", tree).depends_on(database())
//! }
//! ```
//!
//! Ctrl-C and SIGTERM then stop the applications one after the other, in the reverse order of their
//! starts, and give each the time that its supervisors give it. If one of them ends by itself, the
//! others are stopped as well, and the exit code is 1. Where a process is to do that among other
//! things it calls [`Applications::run`](crate::otp::Applications::run).
//!
//! # What the end of an application means
//!
//! A tree ends by itself when its supervisor gives up, or when a significant child has done its
//! work. What that means for the others says the start type:
//!
//! | start type | the application ends in order | it ends abnormally |
//! |---|---|---|
//! | permanent | all stop | all stop |
//! | transient | the others run on | all stop |
//! | temporary | the others run on | the others run on |
//!
//! "All stop" means: in the reverse order of their starts, and then the process above them ends
//! with an error that names the application, for whoever is linked to it or has it as a child. A
//! supervisor that gives up ends as `Shutdown`, which counts as in order; so `Permanent` is what
//! you most likely want.
//!
//! # Values
//!
//! [`env`](fn@crate::otp::application::env) reads a value of the application that the process
//! belongs to, which is that of whoever spawned it. Values are of any type and are set before the
//! start; what changes while the program runs belongs into a process.
//!
//! # In tests
//!
//! A test starts the applications that it needs, and several tests, or several sets of applications
//! in one, do not see each other: nothing is global but registered names.
//!
//! # What differs from Erlang
//!
//! * There are no resource files and no code paths: an application is a value, and those of a
//!   program are in a list.
//! * [`start`](crate::otp::application::ApplicationsRef::start) always starts what is depended on,
//!   as `ensure_all_started` does, and [`stop`](crate::otp::application::ApplicationsRef::stop)
//!   always stops first what depends on it.
//! * A permanent application that ends stops the others; whether the program ends is a matter of
//!   who started them.
//! * [`stop`](crate::stop), and the signals where `main` is not `main(app)`, stop applications in
//!   the same order, but within the deadline of the runtime: after half of it, who is left is told,
//!   whichever application it belongs to. Who needs longer stops the applications first, with
//!   [`end`](crate::otp::application::ApplicationsRef::end).
