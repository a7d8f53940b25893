//! The process of a supervisor whose children have an order: it carries out what the pure parts
//! decide.

use super::children::{Child, Children, Key, State};
use super::core::{Again, Core, Flow};
use super::decision::{Verdict, shuts_down, verdict};
use super::errors::FailedToStartChild;
use super::flags::{AutoShutdown, Restart, Strategy};
use super::handle::Request;
use super::plan::plan;
use super::report;
use super::spec::ChildSpec;
use super::supervise::Supervise;
use crate::otp::sys::Inspect;
use crate::otp::{StartError, Starting};
use crate::{Exit, ExitReason, Pid};

/// The state of a supervisor.
#[derive(Debug)]
pub(super) struct Server {
    pub(super) core: Core,
    pub(super) strategy: Strategy,
    pub(super) auto_shutdown: AutoShutdown,
    pub(super) children: Children,
}

impl Server {
    /// The body of the process.
    pub(super) async fn start_and_run(mut self, starting: Starting) -> ExitReason {
        if let Err(failed) = self.start_all().await {
            self.stop_all().await;
            return starting.refuse(ExitReason::shutdown_with(failed));
        }
        starting.ready();
        Supervise::run(self).await
    }

    async fn start_all(&mut self) -> Result<(), FailedToStartChild> {
        let of_child = |(key, child): (Key, &Child)| (key, child.spec.id().clone());
        let children: Vec<_> = self.children.iter().map(of_child).collect();
        for (key, id) in children {
            self.start(key).await.map_err(|error| FailedToStartChild { id, error })?;
        }
        Ok(())
    }

    /// Starts a child. `None`: it said that it is not needed.
    pub(super) async fn start(&mut self, key: Key) -> Result<Option<Pid>, StartError> {
        let Some(child) = self.children.get(key) else { return Ok(None) };
        let is_temporary = child.spec.restart_type() == Restart::Temporary;
        match self.core.start(&child.spec).await {
            Ok(pid) => {
                self.children.set(key, State::Running(pid));
                if let Some(child) = self.children.get_mut(key) {
                    self.core.note_start(&child.spec, &mut child.attempts);
                    if is_temporary {
                        child.spec.forget_start();
                    }
                }
                Ok(Some(pid))
            }
            Err(StartError::Ignored) => {
                if is_temporary {
                    self.children.remove(key);
                } else {
                    self.children.set(key, State::Stopped);
                }
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// Stops a child, if it runs, and any attempt to restart it.
    pub(super) async fn stop(&mut self, key: Key) {
        if let Some(child) = self.children.get(key)
            && let State::Running(pid) = child.state()
        {
            self.core.stop(&child.spec, pid).await;
        }
        self.children.set(key, State::Stopped);
    }

    /// A child has ended that is to be started again: now, or after its back-off.
    async fn restart(&mut self, key: Key) -> Flow {
        let Some(child) = self.children.get_mut(key) else { return Flow::Continue };
        match self.core.wait_before(&child.spec, &mut child.attempts) {
            None => self.attempt(key).await,
            wait => {
                let attempt = self.children.set_restarting(key);
                self.core.again(wait, Again { child: key, attempt });
                Flow::Continue
            }
        }
    }

    /// Tries to restart a child, with the siblings that its end concerns.
    async fn attempt(&mut self, key: Key) -> Flow {
        let Some(child) = self.children.get(key) else { return Flow::Continue };
        if let Flow::Stop(reason) = self.core.count_restart(&child.spec) {
            return Flow::Stop(reason);
        }
        let plan = plan(self.strategy, key, |first| self.children.from(first));
        for key in plan.stop {
            self.stop(key).await;
        }
        for key in plan.forget {
            self.children.remove(key);
        }
        for key in plan.start {
            if self.start(key).await.is_err() {
                self.retry(key);
                break;
            }
        }
        Flow::Continue
    }

    /// A restart has failed. It will be tried again, but not before whoever has waited meanwhile
    /// was heard: a child that never starts must not make its supervisor deaf.
    fn retry(&mut self, key: Key) {
        let Some(child) = self.children.get_mut(key) else { return };
        let wait = self.core.wait_before(&child.spec, &mut child.attempts);
        let attempt = self.children.set_restarting(key);
        self.core.again(wait, Again { child: key, attempt });
    }
}

impl Supervise for Server {
    type Key = Key;
    type Request = Request;

    fn core(&mut self) -> &mut Core {
        &mut self.core
    }

    async fn ended(&mut self, Exit { pid, reason }: Exit) -> Flow {
        let Some(key) = self.children.key_of_pid(pid) else { return Flow::Continue };
        self.children.set(key, State::Stopped);
        let Some(child) = self.children.get(key) else { return Flow::Continue };
        let is_significant = child.spec.is_significant();
        let verdict = verdict(child.spec.restart_type(), &reason);
        if verdict == Verdict::Restart || reason.is_abnormal() {
            report::child_terminated(self.core.who(), &child.spec, pid, &reason);
        }
        match verdict {
            Verdict::Restart => return self.restart(key).await,
            Verdict::Keep => {}
            Verdict::Forget => self.children.remove(key),
        }
        let is_live = |spec: &ChildSpec, state| spec.is_significant() && state != State::Stopped;
        let others_live = || self.children.iter().any(|(_, c)| is_live(&c.spec, c.state()));
        if shuts_down(self.auto_shutdown, is_significant, others_live) {
            return Flow::Stop(ExitReason::Shutdown);
        }
        Flow::Continue
    }

    async fn again(&mut self, Again { child: key, attempt }: Again<Key>) -> Flow {
        let state = self.children.get(key).map(Child::state);
        if state == Some(State::Restarting(attempt)) {
            self.attempt(key).await
        } else {
            Flow::Continue
        }
    }

    async fn answer(&mut self, request: Request) {
        self.answer_request(request).await;
    }

    /// In the reverse of the order of starts, one after the other.
    async fn stop_all(&mut self) {
        let keys: Vec<Key> = self.children.iter().rev().map(|(key, _)| key).collect();
        for key in keys {
            self.stop(key).await;
        }
    }
}

/// The children and what they do, for `sys::get_state`.
impl Inspect for Server {
    fn describe(&self) -> String {
        let child = |(_, child): (Key, &Child)| (child.spec.id().clone(), child.state());
        let children: Vec<_> = self.children.iter().map(child).collect();
        format!("{} {children:?}", self.strategy)
    }
}
