//! Looking at processes. What is asked of one process is a signal, answered in the order of
//! signals; what is asked of all is read from the table.

use tokio::sync::oneshot;

use super::this;
use crate::process::{current, deliver, info, receive_signals};
use crate::scheduler::schedulers_here;
use crate::signal::Control;
use crate::term::{Pid, ProcessInfo, ProcessStatus};

/// Whether a process is alive, after everything that was sent to it before has been received.
///
/// So `exit_signal(p, ExitReason::Kill)` followed by `is_alive(p)` is always `false`. Of a living
/// process it tells that everything sent before has been received, though not what became of it. A
/// process that computes without awaiting answers when it awaits.
///
/// ```
/// use kerosene::prelude::*;
///
/// kerosene::run(async {
///     let worker = spawn(async { sleep(Duration::MAX).await });
///     assert!(is_alive(worker).await);
///     exit_signal(worker, ExitReason::Kill);
///     assert!(!is_alive(worker).await);
/// });
/// ```
///
/// Works anywhere where it can be awaited.
///
/// In Erlang: `is_process_alive/1`.
pub async fn is_alive(pid: Pid) -> bool {
    let (reply, answer) = oneshot::channel();
    let asked = deliver(pid, Control::AliveQuery { reply }.into());
    asked.is_ok() && answer.await.is_ok()
}

/// What there is to know about a process, after everything that was sent to it before has been
/// received; `None` if it has ended.
///
/// It is for people who look at a system, and for tests. A program whose parts need to know each
/// other's state asks them by messages.
///
/// ```
/// use kerosene::prelude::*;
///
/// kerosene::run(async {
///     let worker = spawn(async { receive! { "go" => () } });
///     send(worker, 1);
///     let info = process_info(worker).await.expect("it waits");
///     assert_eq!(info.mailbox_len, 1);
///     assert_eq!(info.parent, Some(pid()));
/// });
/// ```
///
/// Works anywhere where it can be awaited. A process that computes without awaiting answers when
/// it awaits.
///
/// In Erlang: `process_info/1`. What a mailbox contains, memory and stack are not told.
pub async fn process_info(pid: Pid) -> Option<ProcessInfo> {
    if let Some(current) = current()
        && current.pid() == pid
    {
        let (info, errands) = current.with(|own| {
            let errands = receive_signals(current.slot(), own, 0);
            let info = (!own.is_dying()).then(|| info(current.pid(), own, ProcessStatus::Running));
            (info, errands)
        });
        errands.run(current.slot());
        if info.is_none() {
            // The end is decided: no more code of the process runs.
            std::future::pending::<()>().await;
        }
        return info;
    }
    let (reply, answer) = oneshot::channel();
    deliver(pid, Control::InfoQuery { reply }.into()).ok()?;
    answer.await.ok()
}

/// How many messages a `receive!` of the current process has looked at so far: what
/// [`process_info`] tells of others.
///
/// If it has not changed, no message that was sent in between has been received.
///
/// ```
/// use kerosene::prelude::*;
/// use kerosene::messages_seen;
///
/// kerosene::run(async {
///     send(pid(), 1);
///     assert_eq!(messages_seen(), 0);
///     receive! { _ => assert_eq!(messages_seen(), 1) }
/// });
/// ```
///
/// # Panics
///
/// If no process runs here.
///
/// In Erlang: no equivalent.
#[track_caller]
pub fn messages_seen() -> u64 {
    this("messages_seen").with(|own| own.received.next_number())
}

/// The processes of the runtime, in no particular order.
///
/// By the time it returns some may have ended. On a thread that belongs to no runtime: none.
///
/// ```
/// use kerosene::prelude::*;
///
/// kerosene::run(async {
///     assert!(processes().contains(&pid()));
///     assert_eq!(process_count(), 1);
/// });
/// ```
///
/// In Erlang: `processes/0`.
pub fn processes() -> Vec<Pid> {
    schedulers_here().map(|schedulers| schedulers.home().processes()).unwrap_or_default()
}

/// How many processes the runtime has: cheap, and exact when nothing happens at the same time.
///
/// In Erlang: `erlang:system_info(process_count)`.
pub fn process_count() -> usize {
    schedulers_here().map_or(0, |schedulers| schedulers.home().process_count())
}
