//! What the world is told of a process that failed.
//!
//! A process that ends abnormally is reported once, through `tracing` at level ERROR. A program
//! that has installed no subscriber would not hear of it; for that one the report is a line on
//! standard error.

use std::cell::Cell;
use std::fmt;
use std::panic::Location;
use std::sync::Once;
use std::time::Duration;

use super::current::current_pid;
use super::own::Own;
use crate::term::{ExitReason, Name, Pid};

thread_local! {
    /// Where the latest panic on this thread was, and whose.
    static PANIC_LOCATION: Cell<Option<(Pid, String)>> = const { Cell::new(None) };
}

/// What is known of a process when it begins to end.
#[derive(Debug)]
pub(super) struct Obituary {
    pid: Pid,
    names: Vec<Name>,
    label: Option<String>,
    spawned_at: &'static Location<'static>,
    parent: Option<Pid>,
    links: Vec<Pid>,
    mailbox_len: usize,
    run_time: Duration,
}

/// Notes down what a report will say. `None` if there will be none.
pub(super) fn obituary(pid: Pid, own: &Own, names: Vec<Name>) -> Option<Obituary> {
    let abnormal = own.reason().is_some_and(ExitReason::is_abnormal);
    (abnormal && is_heard()).then(|| Obituary {
        pid,
        names,
        label: own.extras().and_then(|extras| extras.label.clone()),
        spawned_at: own.birth().spawned_at,
        parent: own.birth().parent(pid),
        links: own.relations().into_iter().flat_map(|relations| relations.links.active()).collect(),
        mailbox_len: own.received.len(),
        run_time: own.birth().age(),
    })
}

/// Whether anybody hears of a crash.
fn is_heard() -> bool {
    let is_enabled = || {
        tracing::event_enabled!(
            target: "kerosene::crash",
            tracing::Level::ERROR,
            pid, names, label, spawned_at, parent, reason, links, mailbox_len, run_time
        )
    };
    !tracing::dispatcher::has_been_set() || is_enabled()
}

/// Who it was, in a line of text.
impl fmt::Display for Obituary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.pid)?;
        for name in &self.names {
            write!(f, " {name:?}")?;
        }
        if let Some(label) = &self.label {
            write!(f, ", {label}")?;
        }
        write!(f, " (spawned at {})", self.spawned_at)
    }
}

/// The crash report.
pub(super) fn crash(o: &Obituary, reason: &ExitReason) {
    if tracing::dispatcher::has_been_set() {
        tracing::error!(
            target: "kerosene::crash",
            pid = %o.pid,
            names = ?o.names,
            label = o.label.as_deref().unwrap_or_default(),
            spawned_at = %o.spawned_at,
            parent = o.parent.map(tracing::field::display),
            reason = %reason,
            links = ?o.links,
            mailbox_len = o.mailbox_len,
            run_time = ?o.run_time,
            "process ended abnormally"
        );
    } else {
        // Made first: a reason that fails to print itself leaves no half line.
        let line = format!("process {o} ended: {reason}");
        eprintln!("{line}");
    }
}

/// Makes panics inside processes leave their location for the exit reason. The hook that was there
/// before still runs.
pub(crate) fn install_panic_hook() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        let previous = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if let Some(pid) = current_pid() {
                let location = info.location().map(|location| (pid, location.to_string()));
                PANIC_LOCATION.set(location);
            }
            previous(info);
        }));
    });
}

/// The place of the latest panic, if it was in this process.
pub(super) fn take_panic_location(pid: Pid) -> Option<String> {
    PANIC_LOCATION.take().filter(|(whose, _)| *whose == pid).map(|(_, location)| location)
}
