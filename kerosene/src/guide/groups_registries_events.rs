//! Groups, registries, events: how processes find each other, and tell many at once.
//!
//! A pid is enough as long as somebody hands it over. When processes come and go, others look for
//! them by what they are. There are four ways, and they differ in who says so and who is told:
//!
//! | you want | use |
//! |---|---|
//! | one process, known to all by a word | a [registered name](crate::register) |
//! | one process for each key, or a value for each process | [`Registry::unique`] |
//! | all processes that have said they want something | [`Registry::duplicate`], or a group |
//! | to put others into groups, and to see who comes and goes | [`Scope`] |
//! | to tell many something, and to be safe from those who do not listen | [`Topic`] |
//!
//! # Registries
//!
//! A [`Registry`] is a table from keys to processes. A process registers itself, and may leave a
//! value with the key; when it ends, its keys are free before anybody hears of the end. So a
//! restarted process can always have the key of the one before.
//!
//! ```
//! use kerosene::otp::Registry;
//! use kerosene::prelude::*;
//!
//! #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
//! enum Device {
//!     Lamp(u32),
//!     Door(u32),
//! }
//!
//! async fn device(devices: Registry<Device, &'static str>, key: Device) {
//!     devices.register(key, "off").expect("each device has one process");
//!     loop {
//!         receive! { state: &'static str => assert!(devices.update_value(&key, |_| state)) }
//!     }
//! }
//!
//! kerosene::run(async {
//!     let devices = Registry::unique();
//!     for key in [Device::Lamp(1), Device::Door(1)] {
//!         spawn(device(devices.clone(), key));
//!     }
//!     while devices.all().len() < 2 {
//!         yield_now().await;
//!     }
//!     send(devices.via(Device::Lamp(1)), "on");
//!     while devices.lookup(&Device::Lamp(1))[0].1 != "on" {
//!         yield_now().await;
//!     }
//! });
//! ```
//!
//! [`via`](crate::otp::Registry::via) makes a destination of a key: it can be sent to, called and
//! monitored. Who wants to know of changes [listens](crate::otp::Registry::listen).
//!
//! # Groups
//!
//! A [`Scope`] is a process that keeps named groups of processes. Anybody can put any process into
//! a group, several times too. A [monitor](crate::otp::Scope::monitor) of a group returns its
//! members and then sends a message for each change, with nothing lost in between. That is how to
//! keep a list of who is present:
//!
//! ```
//! use kerosene::otp::Scope;
//! use kerosene::otp::pg::{Joined, Left};
//! use kerosene::prelude::*;
//!
//! kerosene::run(async {
//!     let scope = Scope::named("presence");
//!     Supervisor::new(Strategy::OneForOne).child(scope.child_spec()).start_link().await?;
//!
//!     let (watch, mut present) = scope.monitor("room").await?;
//!     let guest = spawn(async { receive! { "leave" => () } });
//!     scope.join("room", guest).await?;
//!     send(guest, "leave");
//!     for _ in 0..2 {
//!         receive! {
//!             Joined { monitor, pid, .. } if monitor == watch => present.push(pid),
//!             Left { monitor, pid, .. } if monitor == watch => present.retain(|p| *p != pid),
//!         }
//!     }
//!     assert!(present.is_empty());
//!     Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
//! });
//! ```
//!
//! A scope that is started again has lost its groups. Put the processes that join behind it under a
//! supervisor with [`RestForOne`](crate::Strategy::RestForOne), so that they join again.
//!
//! # Topics
//!
//! A broadcast to a group goes into mailboxes that have no bound. Where one subscriber may be much
//! slower than what is published, use a [`Topic`]. For each subscription so many events may wait;
//! the rest are not kept, and the subscriber is told how many it has missed, and where.
//!
//! ```
//! use kerosene::otp::Topic;
//! use kerosene::otp::events::{Event, Lagged, Subscribe};
//! use kerosene::prelude::*;
//!
//! kerosene::run(async {
//!     let readings = Topic::new();
//!     readings.subscribe_with(&Subscribe::new().capacity(2));
//!     (1..=5).for_each(|n: u32| readings.publish(n));
//!     let mut log = Vec::new();
//!     for _ in 0..3 {
//!         receive! {
//!             Event { event, .. }: Event<u32> => log.push(event.to_string()),
//!             Lagged { missed, .. } => log.push(format!("{missed} missed")),
//!         }
//!     }
//!     assert_eq!(log, ["1", "2", "3 missed"]);
//! });
//! ```
//!
//! A [`Lagged`](crate::otp::events::Lagged) stands where events are missing, and is sent when half
//! of what was waiting has been taken: so a subscriber that is too slow hears of some events in a
//! row, then of a gap. A newcomer can ask a topic that [keeps some](crate::otp::Topic::with_replay)
//! for the last events, to have a picture at once.
//!
//! # What differs from Erlang
//!
//! * `pg` is as in Erlang, for one node. Group names are text; each membership that changes is a
//!   message of its own.
//! * Registries are Elixir's, without a process: nothing has to be started, registering does not
//!   wait, and keys are free as soon as anybody can know of the end.
//! * Topics have no equivalent in OTP. `gen_event` runs handlers in one process, where a slow or
//!   crashing one harms all; there are none here.
//!
//! [`Registry`]: crate::otp::Registry
//! [`Registry::unique`]: crate::otp::Registry::unique
//! [`Registry::duplicate`]: crate::otp::Registry::duplicate
//! [`Scope`]: crate::otp::Scope
//! [`Topic`]: crate::otp::Topic
