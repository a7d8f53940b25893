//! Registered names: calls to the registry of this node, which need no process of their own.

use std::time::Duration;

use super::sleep;
use crate::process::{RegisterError, UnregisterError, table_here};
use crate::term::{Name, Pid};

/// Gives a process a name, under which it can be found and sent to.
///
/// Anybody may name any process; a process may have several names, a name has one process. A name
/// is free again when the process ends, before anyone hears of the end by an exit signal or a
/// `Down`. Names are shared by all runtimes of the OS process; a simulated run has its own.
///
/// Works anywhere, also outside processes.
///
/// ```
/// use kerosene::prelude::*;
///
/// kerosene::run(async {
///     register("front desk", pid())?;
///     send("front desk", "a guest");
///     receive! { guest: &str => assert_eq!(guest, "a guest") }
///     assert_eq!(whereis("front desk"), Some(pid()));
///     let error = register("front desk", pid()).unwrap_err();
///     assert!(error.to_string().contains("is taken by"));
///     Ok::<(), RegisterError>(())
/// });
/// ```
///
/// # Errors
///
/// [`RegisterError::Taken`] if the name is taken, by this process too; [`RegisterError::Dead`] if
/// the process has ended.
///
/// In Erlang: `register/2`, which allows one name per process, atoms only, and raises `badarg`.
pub fn register(name: impl Into<Name>, pid: Pid) -> Result<(), RegisterError> {
    table_here().registry.register(name.into(), pid)
}

/// Takes a name away from whoever has it. Anybody may.
///
/// Returns who had it. Messages sent to the name before may still arrive there.
///
/// ```
/// use kerosene::prelude::*;
///
/// kerosene::run(async {
///     register("night watch", pid())?;
///     assert_eq!(unregister("night watch"), Ok(pid()));
///     assert!(unregister("night watch").is_err());
///     Ok::<(), RegisterError>(())
/// });
/// ```
///
/// # Errors
///
/// If nobody has the name.
///
/// In Erlang: `unregister/1`, which raises `badarg`.
pub fn unregister(name: impl AsRef<str>) -> Result<Pid, UnregisterError> {
    table_here().registry.unregister(name.as_ref())
}

/// The process that has the name, if one has. Only the living have names.
///
/// To send to a name no look-up is needed, `send("front desk", message)`. A pid that was looked up
/// may be dead by the time it is used.
///
/// In Erlang: `whereis/1`.
pub fn whereis(name: impl AsRef<str>) -> Option<Pid> {
    table_here().registry.whereis(name.as_ref())
}

/// The process that has the name; if none has, waits for the next one that gets it.
///
/// While a supervisor restarts a process, its name is free for a moment. Who would rather wait than
/// fail asks here. `None`: nobody has had the name until the end of the timeout, counted from the
/// call. [`Duration::MAX`] is for ever. Nothing is asked again and again: a registration tells
/// those who wait.
///
/// It also works in a plain tokio task.
///
/// ```
/// use kerosene::prelude::*;
///
/// kerosene::run(async {
///     spawn(async {
///         sleep(Duration::from_millis(5)).await;
///         register("late", pid()).expect("the name is free");
///         sleep(Duration::MAX).await;
///     });
///     assert_eq!(whereis("late"), None);
///     assert!(whereis_or_wait("late", Duration::from_secs(5)).await.is_some());
/// });
/// ```
///
/// In Erlang: a loop around `whereis/1`.
#[track_caller]
pub fn whereis_or_wait(
    name: impl Into<Name>,
    timeout: Duration,
) -> impl Future<Output = Option<Pid>> + Send + 'static {
    let (name, is_over) = (name.into(), sleep(timeout));
    async move {
        let registered = match table_here().registry.whereis_or_wait(name) {
            Ok(pid) => return Some(pid),
            Err(registered) => registered,
        };
        tokio::select! {
            biased;
            pid = registered => Some(pid),
            () = is_over => None,
        }
    }
}

/// All registered names, in alphabetical order: those of all runtimes of the OS process, or those
/// of the simulated run.
///
/// In Erlang: `registered/0`.
pub fn registered() -> Vec<Name> {
    table_here().registry.names()
}
