//! What code can know that does not know where it runs: destructors, and libraries that are used in
//! processes and outside.

use crate::process::{current, current_pid};
use crate::term::{ExitReason, Pid};

/// The pid of the current process, if there is one.
///
/// As [`pid`](crate::pid), for code that also runs where there is no process.
///
/// ```
/// use kerosene::prelude::*;
/// use kerosene::try_pid;
///
/// assert_eq!(try_pid(), None);
/// kerosene::run(async { assert_eq!(try_pid(), Some(pid())) });
/// ```
///
/// In Erlang: no equivalent, since all code runs in a process.
#[inline]
pub fn try_pid() -> Option<Pid> {
    current_pid()
}

/// Whether a process has its turn on this thread, so that code must not block here.
///
/// Unlike [`try_pid`] it says `false` inside [`blocking`](crate::blocking), where a process waits
/// for this thread, and blocking is what it is for.
///
/// ```
/// use kerosene::prelude::*;
/// use kerosene::in_process;
///
/// assert!(!in_process());
/// kerosene::run(async {
///     assert!(in_process());
///     assert!(!blocking(in_process).await?);
///     Ok::<(), BlockingError>(())
/// });
/// ```
///
/// In Erlang: no equivalent.
pub fn in_process() -> bool {
    current().is_some()
}

/// Why the current process ends, once that is decided.
///
/// For destructors. What a process holds is dropped at its end, the messages in its mailbox
/// included, and a value that represents a debt to somebody can tell here why it was not paid. In
/// all other code the answer is `None`, with one exception: when a process has received a lethal
/// signal in the middle of its turn, it is known from then on until the next await.
///
/// While a panic unwinds the body it is not known yet.
///
/// ```
/// use kerosene::prelude::*;
/// use kerosene::ending;
///
/// struct Debt(Pid);
///
/// impl Drop for Debt {
///     fn drop(&mut self) {
///         if let Some(reason) = ending() {
///             send(self.0, reason.to_string());
///         }
///     }
/// }
///
/// kerosene::run(async {
///     let debt = Debt(pid());
///     let debtor = spawn(async move {
///         let _debt = debt;
///         sleep(Duration::MAX).await;
///     });
///     exit_signal(debtor, "ruined");
///     receive! { why: String => assert_eq!(why, "ruined") }
/// });
/// ```
///
/// In Erlang: no equivalent; there are no destructors.
pub fn ending() -> Option<ExitReason> {
    current()?.with(|own| own.reason().cloned())
}
