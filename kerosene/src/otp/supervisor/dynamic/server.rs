//! The process of a dynamic supervisor.
//!
//! - D1: a child is in the map under its pid; one that waits to be restarted, under the pid it had.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::time::Instant;

use super::super::core::{Again, Attempts, Core, Flow, is_expected};
use super::super::decision::{Verdict, verdict};
use super::super::errors::{ChildError, SpecError, StartChildError};
use super::super::flags::{AutoShutdown, Restart, Shutdown};
use super::super::handle::{ChildCounts, ChildInfo, ChildState};
use super::super::pid_map::PidMap;
use super::super::report;
use super::super::spec::ChildSpec;
use super::super::supervise::Supervise;
use super::handle::Request;
use crate::otp::StartError;
use crate::otp::sys::Inspect;
use crate::{Down, Exit, ExitReason, Pid, exit_signal, is_alive, monitor, receive};

/// The state of a dynamic supervisor.
#[derive(Debug)]
pub(super) struct Server {
    core: Core,
    max_children: usize,
    children: PidMap<Child>,
    /// The number of the last attempt to restart a child.
    attempts: u64,
}

#[derive(Debug)]
struct Child {
    spec: ChildSpec,
    attempts: Attempts,
    /// The attempt it waits for; `None` while it runs.
    restarting: Option<u64>,
}

impl Server {
    pub(super) fn new(core: Core, max_children: usize) -> Self {
        Self { core, max_children, children: PidMap::default(), attempts: 0 }
    }

    async fn start_child(&mut self, spec: ChildSpec) -> Result<Pid, StartChildError> {
        if spec.is_significant() {
            let error = SpecError::SignificantDynamic(spec.id().clone());
            return Err(StartChildError::Spec(error));
        }
        spec.check(AutoShutdown::Never).map_err(StartChildError::Spec)?;
        if self.children.len() >= self.max_children {
            return Err(StartChildError::MaxChildren);
        }
        let child = Child { spec, attempts: Attempts::default(), restarting: None };
        match self.start(child).await {
            Ok(pid) => Ok(pid),
            Err((_, StartError::Ignored)) => Err(StartChildError::Ignored),
            Err((_, error)) => Err(StartChildError::Start(error)),
        }
    }

    /// Starts a child, and enters it into the map; or gives it back.
    async fn start(&mut self, mut child: Child) -> Result<Pid, (Child, StartError)> {
        match self.core.start(&child.spec).await {
            Ok(pid) => {
                self.core.note_start(&child.spec, &mut child.attempts);
                if child.spec.restart_type() == Restart::Temporary {
                    child.spec.forget_start();
                }
                child.restarting = None;
                self.children.insert(pid, child);
                Ok(pid)
            }
            Err(error) => Err((child, error)),
        }
    }

    async fn terminate_child(&mut self, pid: Pid) -> Result<(), ChildError> {
        match self.children.remove(&pid) {
            Some(child) if child.restarting.is_none() => self.core.stop(&child.spec, pid).await,
            None if is_alive(pid).await => return Err(ChildError::NotFound),
            Some(_) | None => {}
        }
        Ok(())
    }

    /// Tries to restart a child that had this pid.
    async fn attempt(&mut self, old: Pid, child: Child) -> Flow {
        if let Flow::Stop(reason) = self.core.count_restart(&child.spec) {
            return Flow::Stop(reason);
        }
        match self.start(child).await {
            Ok(_) | Err((_, StartError::Ignored)) => {}
            Err((mut child, _)) => {
                let wait = self.core.wait_before(&child.spec, &mut child.attempts);
                self.put_off(old, child, wait);
            }
        }
        Flow::Continue
    }

    /// Keeps a child until the next attempt (D1).
    fn put_off(&mut self, old: Pid, mut child: Child, wait: Option<Duration>) {
        self.attempts += 1;
        child.restarting = Some(self.attempts);
        self.children.insert(old, child);
        self.core.again(wait, Again { child: old, attempt: self.attempts });
    }

    /// Waits until all have ended, or for some time.
    async fn wait_for(&self, left: &mut PidMap<Child>, timeout: Duration) {
        let begun = Instant::now();
        while !left.is_empty() {
            let rest = timeout.saturating_sub(begun.elapsed());
            let (pid, reason) = receive! {
                Down { pid, reason, .. } => (pid, reason),
                after if timeout == Duration::MAX { timeout } else { rest } => return,
            };
            if let Some(child) = left.remove(&pid)
                && !is_expected(&child.spec, &reason)
            {
                report::shutdown_error(self.core.who(), &child.spec, pid, &reason);
            }
        }
    }
}

impl Supervise for Server {
    type Key = Pid;
    type Request = Request;

    fn core(&mut self) -> &mut Core {
        &mut self.core
    }

    async fn ended(&mut self, Exit { pid, reason }: Exit) -> Flow {
        if self.children.get(&pid).is_none_or(|child| child.restarting.is_some()) {
            return Flow::Continue;
        }
        let Some(mut child) = self.children.remove(&pid) else { return Flow::Continue };
        let verdict = verdict(child.spec.restart_type(), &reason);
        if verdict == Verdict::Restart || reason.is_abnormal() {
            report::child_terminated(self.core.who(), &child.spec, pid, &reason);
        }
        match verdict {
            Verdict::Restart => {}
            Verdict::Keep | Verdict::Forget => return Flow::Continue,
        }
        match self.core.wait_before(&child.spec, &mut child.attempts) {
            None => self.attempt(pid, child).await,
            wait => {
                self.put_off(pid, child, wait);
                Flow::Continue
            }
        }
    }

    async fn again(&mut self, Again { child: pid, attempt }: Again<Pid>) -> Flow {
        let waits = self.children.get(&pid).is_some_and(|child| child.restarting == Some(attempt));
        match self.children.remove(&pid).filter(|_| waits) {
            Some(child) => self.attempt(pid, child).await,
            None => Flow::Continue,
        }
    }

    async fn answer(&mut self, request: Request) {
        match request {
            Request::StartChild(spec, reply_to) => {
                reply_to.reply(self.start_child(*spec).await);
            }
            Request::TerminateChild(pid, reply_to) => {
                reply_to.reply(self.terminate_child(pid).await);
            }
            Request::WhichChildren(reply_to) => {
                reply_to.reply(self.children.iter().map(|(pid, child)| child.info(*pid)).collect());
            }
            Request::CountChildren(reply_to) => {
                let mut counts = ChildCounts::default();
                for child in self.children.values() {
                    counts.add(child.spec.child_kind(), child.restarting.is_none());
                }
                reply_to.reply(counts);
            }
        }
    }

    /// All at once; each has the time that its spec says. The links stay: who kills the supervisor
    /// meanwhile kills the children, too.
    async fn stop_all(&mut self) {
        let mut left = std::mem::take(&mut self.children);
        left.retain(|_, child| child.restarting.is_none());
        let mut deadlines: BTreeMap<Duration, Vec<Pid>> = BTreeMap::new();
        for (pid, child) in &left {
            monitor(*pid);
            match child.spec.shutdown_type() {
                Shutdown::Brutal => exit_signal(*pid, ExitReason::Kill),
                Shutdown::Infinity => exit_signal(*pid, ExitReason::Shutdown),
                Shutdown::After(timeout) => {
                    exit_signal(*pid, ExitReason::Shutdown);
                    deadlines.entry(timeout).or_default().push(*pid);
                }
            }
        }
        let begun = Instant::now();
        for (timeout, pids) in deadlines {
            self.wait_for(&mut left, timeout.saturating_sub(begun.elapsed())).await;
            for pid in pids.into_iter().filter(|pid| left.contains_key(pid)) {
                exit_signal(pid, ExitReason::Kill);
            }
        }
        self.wait_for(&mut left, Duration::MAX).await;
    }
}

/// How many children there are, for `sys::get_state`.
impl Inspect for Server {
    fn describe(&self) -> String {
        format!("{} children", self.children.len())
    }
}

impl Child {
    fn info(&self, pid: Pid) -> ChildInfo {
        ChildInfo {
            id: self.spec.id().clone(),
            state: match self.restarting {
                None => ChildState::Running(pid),
                Some(_) => ChildState::Restarting,
            },
            kind: self.spec.child_kind(),
            restart: self.spec.restart_type(),
        }
    }
}
