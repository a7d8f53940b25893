//! Registered names.

use crate::process::{RegisterError, UnregisterError, table_here};
use crate::term::{Name, Pid};

/// Gives a process a name, under which it can be found and sent to.
///
/// Anybody may name any process; a process may have several names, a name has one process. A name
/// is free again when the process ends, before anyone hears of the end by an exit signal or a
/// `Down`. Names are shared by all runtimes of the OS process; a simulated run has its own.
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
/// If the name is taken (the error says by whom), or the process has ended.
///
/// In Erlang: `register/2`, which allows one name per process, atoms only, and raises `badarg`.
pub fn register(name: impl Into<Name>, pid: Pid) -> Result<(), RegisterError> {
    table_here().registry.register(name.into(), pid)
}

/// Takes a name away from whoever has it. Anybody may.
///
/// Returns who had it. Messages sent to the name before may still arrive there.
///
/// # Errors
///
/// If nobody has the name.
///
/// In Erlang: `unregister/1`.
pub fn unregister(name: impl AsRef<str>) -> Result<Pid, UnregisterError> {
    table_here().registry.unregister(name.as_ref())
}

/// The process that has the name.
///
/// In Erlang: `whereis/1`.
pub fn whereis(name: impl AsRef<str>) -> Option<Pid> {
    table_here().registry.whereis(name.as_ref())
}

/// All registered names, in order.
///
/// In Erlang: `registered/0`.
pub fn registered() -> Vec<Name> {
    table_here().registry.names()
}
