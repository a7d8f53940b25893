//! Receiving: messages, patterns, guards, `after`, and what selection costs.
//!
//! A message is a value of any type that is `Send + 'static`. There is nothing to derive and
//! nothing to register, and one process may be sent any number of types.
//! [`receive!`](crate::receive) takes one message out of the mailbox: the oldest that any of its
//! arms matches. It waits if there is none.
//!
//! ```
//! use kerosene::prelude::*;
//!
//! struct Deposit { amount: u64, teller: &'static str }
//! enum Shape { Circle(f64), Square(f64) }
//! struct Flush;
//!
//! async fn describe(limit: u64) -> String {
//!     receive! {
//!         // The type is inferred from the pattern: a struct, a variant, a constant.
//!         Deposit { amount, .. } if amount > limit => format!("ask about {amount}"),
//!         Deposit { amount, teller } => format!("{amount} by {teller}"),
//!         Shape::Circle(size) | Shape::Square(size) => format!("size {size}"),
//!         Flush => "flush".into(),
//!         // Where no path names it, it is written behind the pattern.
//!         n @ 1..=9: u8 => format!("small {n}"),
//!         (name, age): (String, u32) => format!("{name}, {age}"),
//!         text: String if text.starts_with('!') => format!("command {text}"),
//!         "stop" => "stop".into(),
//!         Down { reason, .. } => format!("down, {reason}"), // from the runtime, like any other
//!         other => format!("no idea: {}", other.type_name()), // any message; or `_`
//!         after Duration::ZERO => "nothing".into(),
//!     }
//! }
//!
//! kerosene::run(async {
//!     send(pid(), Deposit { amount: 70, teller: "eve" });
//!     send(pid(), Shape::Square(2.0));
//!     send(pid(), 7_u8);
//!     send(pid(), 7_u16);
//!     send(pid(), "stop");
//!     for what in ["ask about 70", "size 2", "small 7", "no idea: u16", "stop", "nothing"] {
//!         assert_eq!(describe(50).await, what);
//!     }
//! });
//! ```
//!
//! # The rules
//!
//! * The oldest message that some arm matches is taken; for one message the arms are tried from
//!   the top. What no arm matches stays where it is, in order.
//! * A message matches by its **exact type**, then by the pattern, then by the guard. Nothing is
//!   converted. This is what goes wrong most often in the beginning: a bare `1` that is sent is an
//!   `i32` and no `u64` will match it; `"text"` is a `&'static str`, and `text.to_string()` a
//!   `String`. Give messages types of their own, and the question does not arise.
//! * Bindings are by value. A guard sees them as in `match`, runs once for a candidate, and cannot
//!   await. A guard that panics takes no message out.
//! * An identifier that begins with an upper-case letter is a path (a unit struct, a constant), a
//!   lower-case one a binding, and a bare binding or `_` without a type matches any message, as a
//!   [`Message`](crate::Message).
//! * It is an expression. `return`, `break`, `continue`, `?` and `.await` in the body of an arm
//!   mean what they mean around it. The body runs when the message is out of the mailbox.
//! * A `receive!` in the body of an arm, or in a function that it calls, begins with the oldest
//!   message again.
//!
//! # `after`
//!
//! `after time => ...` comes last and runs when no message has matched for so long. The time is a
//! `Duration`, evaluated once, and runs from the beginning of the receive: messages that do not
//! match do not prolong it. `Duration::ZERO` looks through everything that is there and does not
//! wait; `Duration::MAX` is for ever. A message that comes too late stays in the mailbox. To take
//! out all messages of a kind:
//!
//! ```
//! use kerosene::prelude::*;
//!
//! struct Tick;
//!
//! async fn flush_ticks() {
//!     loop {
//!         receive! { Tick => continue, after Duration::ZERO => break }
//!     }
//! }
//!
//! kerosene::run(async {
//!     for _ in 0..3 {
//!         send(pid(), Tick);
//!     }
//!     send(pid(), "kept");
//!     flush_ticks().await;
//!     receive! { text: &str => assert_eq!(text, "kept") }
//! });
//! ```
//!
//! # Order
//!
//! What one process sends another arrives in the order it was sent: messages, exit signals,
//! links, monitors, questions, in whatever mixture and whether sent to the pid, a name or an
//! alias. Nothing is promised about what different processes send, nor about the way through a
//! third one. A timer counts as a sender of its own.
//!
//! # Requests
//!
//! A request carries where to answer, and something by which to know the answer. With an
//! [alias](crate::monitor_alias) one value is both, and an answer that comes too late is dropped
//! instead of lying in the mailbox for ever; see [requests that cannot
//! hang](super::links_monitors_exits#requests). Within a program whose processes do not fail each
//! other, a [reference](crate::make_ref) is enough:
//!
//! ```
//! use kerosene::prelude::*;
//!
//! struct Ask { from: Pid, tag: Reference, question: &'static str }
//! struct Answer { tag: Reference, text: String }
//!
//! async fn ask(server: Pid, question: &'static str) -> String {
//!     let mine = make_ref();
//!     send(server, Ask { from: pid(), tag: mine, question });
//!     receive! { Answer { tag, text } if tag == mine => text }
//! }
//!
//! kerosene::run(async {
//!     let server = spawn(async {
//!         loop {
//!             receive! {
//!                 Ask { from, tag, question } => {
//!                     send(from, Answer { tag, text: question.to_uppercase() });
//!                 }
//!             }
//!         }
//!     });
//!     assert_eq!(ask(server, "well?").await, "WELL?");
//! });
//! ```
//!
//! # Selecting, and states
//!
//! That messages wait until they are asked for is what makes protocols easy to write: a process
//! that connects, then authenticates, then serves is three loops in a row, each of which receives
//! what it can use. What comes too early is not lost, and need not be kept aside by hand.
//!
//! The other side: a message that nobody ever asks for stays for ever. So
//!
//! * a process that lives long has one loop that takes everything, with a last arm
//!   `other => tracing::warn!("unexpected: {}", other.type_name())`;
//! * narrow receives, for one answer, have an `after` or a `Down` arm;
//! * [`process_info`](crate::process_info) tells `mailbox_len`; in a stuck test the
//!   [table](super::testing#stuck-tests) tells it too.
//!
//! # What it costs
//!
//! While a receive waits, it looks at each message once. A message that a receive has passed over
//! is filed under its type, and later receives that do not ask for that type never meet it again:
//! one `Pong` behind a hundred thousand `Ping`s costs what it costs in an empty mailbox. What
//! does cost is a guard that passes over many messages of *its own* type, at each receive anew,
//! and a catch-all with a guard, which asks for every type. If you need to select by a value,
//! sort the messages out as they come, into a map.
//!
//! Mailboxes have no bound, and [`send`](crate::send) never waits. Where a fast producer could
//! flood a slow consumer, let the consumer answer, and the producer wait for every so many
//! answers; or use a bounded tokio channel, which can be awaited in a process like anything else.
//!
//! # Cancelling
//!
//! A `receive!` that is pending may be dropped, by `tokio::select!`, `tokio::time::timeout` or a
//! caller that gives up: no message is lost, none changes its place. Only when an arm has been
//! chosen is its message out of the mailbox; what the arm's body awaits is as cancel-safe as you
//! write it. In a `select!`, let the receive only return the message, and act on it outside:
//!
//! ```
//! use kerosene::prelude::*;
//!
//! kerosene::run(async {
//!     let next = async { receive! { n: u32 => n } };
//!     assert!(tokio::time::timeout(Duration::from_millis(1), next).await.is_err());
//!     send(pid(), 5_u32);
//!     receive! { n: u32 => assert_eq!(n, 5) }
//! });
//! ```
//!
//! # What differs from Erlang
//!
//! * A message that matches no arm of any receive is no type error and no crash: it stays.
//! * Types are part of the match, and an index. Erlang skips old messages for fresh references
//!   only.
//! * A panic in a guard goes on, where an error in Erlang's guard is `false`.
//! * Literal patterns of numbers need their type, `7: u64` or `7_u64`, since Rust has many.
//! * To match against the value of a variable, bind and compare: `tag if tag == mine`. There is no
//!   matching of bound variables in Rust's patterns, and a lower-case name always binds anew.
//! * Strings and vectors inside a message are matched by guards: patterns cannot look into them.
