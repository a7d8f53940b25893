//! What the world is told: one event for each thing that happens to a child, through `tracing`,
//! target `kerosene::supervisor`.

use super::spec::ChildSpec;
use crate::otp::StartError;
use crate::{ExitReason, Name, Pid};

/// Events of one kind have the same fields in the same order.
macro_rules! report {
    ($level:ident, $who:expr, $spec:expr, $context:expr, $pid:expr, $reason:expr, $note:expr) => {
        tracing::$level!(
            target: "kerosene::supervisor",
            supervisor = %$who.pid,
            supervisor_name = $who.name(),
            restarts = $who.restarts,
            context = $context,
            child = %$spec.id(),
            pid = $pid.map(tracing::field::display),
            reason = %$reason,
            restart = %$spec.restart_type(),
            shutdown = %$spec.shutdown_type(),
            kind = %$spec.child_kind(),
            $note
        )
    };
}

/// The supervisor that reports.
#[derive(Debug, Clone, Copy)]
pub(super) struct Who<'a> {
    pub(super) pid: Pid,
    pub(super) name: Option<&'a Name>,
    /// How often it has restarted children since it started.
    pub(super) restarts: u64,
}

impl Who<'_> {
    fn name(&self) -> &str {
        self.name.map_or("", Name::as_str)
    }
}

/// A child has ended by itself.
pub(super) fn child_terminated(who: Who<'_>, spec: &ChildSpec, pid: Pid, reason: &ExitReason) {
    report!(error, who, spec, "child_terminated", Some(pid), reason, "a child has ended");
}

/// A child has not started.
pub(super) fn start_error(who: Who<'_>, spec: &ChildSpec, error: &StartError) {
    report!(error, who, spec, "start_error", None::<Pid>, error, "a child has not started");
}

/// A child that was told to shut down has ended for another reason.
pub(super) fn shutdown_error(who: Who<'_>, spec: &ChildSpec, pid: Pid, reason: &ExitReason) {
    report!(
        error,
        who,
        spec,
        "shutdown_error",
        Some(pid),
        reason,
        "a child has not stopped in order"
    );
}

/// There were too many restarts.
pub(super) fn gives_up(who: Who<'_>, spec: &ChildSpec) {
    let reason = "reached_max_restart_intensity";
    report!(error, who, spec, "shutdown", None::<Pid>, reason, "a supervisor gives up");
}

/// A child may not be restarted though its author may think so.
pub(super) fn transient_supervisor(who: Who<'_>, spec: &ChildSpec) {
    let reason = "a supervisor that gives up ends as Shutdown, which is no failure";
    report!(
        warn,
        who,
        spec,
        "transient_supervisor",
        None::<Pid>,
        reason,
        "a transient supervisor is not restarted when it gives up: make it permanent, or \
         significant if it is to end with its work"
    );
}

/// A child has started.
pub(super) fn started(who: Who<'_>, spec: &ChildSpec, pid: Pid) {
    report!(debug, who, spec, "progress", Some(pid), "started", "a child has started");
}

/// A child has failed its probe.
pub(super) fn unhealthy(supervisor: Pid, id: &Name, child: Pid) {
    tracing::error!(
        target: "kerosene::supervisor",
        supervisor = %supervisor,
        context = "unhealthy",
        child = %id,
        pid = %child,
        "a child has not answered that it is well, and is killed"
    );
}

/// A supervisor got a message that means nothing to it.
pub(super) fn unexpected(who: Who<'_>, what: &str) {
    tracing::warn!(
        target: "kerosene::supervisor",
        supervisor = %who.pid,
        supervisor_name = who.name(),
        message = what,
        "a supervisor got an unexpected message"
    );
}
