//! What a supervisor answers to requests: each with a look at, or a change of, its children.

use super::children::{Child, Key, State};
use super::errors::{ChildError, SpecError, StartChildError};
use super::flags::Restart;
use super::handle::{ChildCounts, ChildInfo, ChildState, Request};
use super::report;
use super::server::Server;
use super::spec::ChildSpec;
use crate::{Pid, is_alive};

impl Server {
    pub(super) async fn answer_request(&mut self, request: Request) {
        match request {
            Request::StartChild(spec, reply_to) => {
                reply_to.reply(self.start_child(*spec).await);
            }
            Request::TerminateChild(id, reply_to) => {
                reply_to.reply(self.terminate_child(&id).await);
            }
            Request::RestartChild(id, reply_to) => {
                reply_to.reply(self.restart_child(&id).await);
            }
            Request::DeleteChild(id, reply_to) => reply_to.reply(self.delete_child(&id)),
            Request::WhichChildren(reply_to) => {
                reply_to.reply(self.children.iter().map(|(_, child)| info(child)).collect());
            }
            Request::CountChildren(reply_to) => reply_to.reply(self.count_children().await),
            Request::GetChildSpec(id, reply_to) => {
                let child = self.find(&id).map(|(_, child)| child.spec.clone());
                reply_to.reply(child);
            }
            Request::Child(id, reply_to) => {
                let child = self.find(&id).ok();
                reply_to.reply(child.and_then(|(_, child)| info(child).state.pid()));
            }
        }
    }

    fn add(&mut self, spec: ChildSpec) -> Key {
        if spec.is_lost_when_it_gives_up() {
            report::transient_supervisor(self.core.who(), &spec);
        }
        self.children.add(spec)
    }

    fn find(&self, id: &str) -> Result<(Key, &Child), ChildError> {
        let key = self.children.key_of_id(id).ok_or(ChildError::NotFound)?;
        let child = self.children.get(key).ok_or(ChildError::NotFound)?;
        Ok((key, child))
    }

    async fn start_child(&mut self, spec: ChildSpec) -> Result<Pid, StartChildError> {
        if let Ok((_, child)) = self.find(spec.id()) {
            return Err(match child.state() {
                State::Running(pid) => StartChildError::AlreadyStarted(pid),
                State::Restarting(_) | State::Stopped => StartChildError::AlreadyPresent,
            });
        }
        spec.check(self.auto_shutdown).map_err(StartChildError::Spec)?;
        let key = self.add(spec);
        match self.start(key).await {
            Ok(Some(pid)) => Ok(pid),
            Ok(None) => Err(StartChildError::Ignored),
            Err(error) => {
                self.children.remove(key);
                Err(StartChildError::Start(error))
            }
        }
    }

    async fn terminate_child(&mut self, id: &str) -> Result<(), ChildError> {
        let (key, child) = self.find(id)?;
        let is_temporary = child.spec.restart_type() == Restart::Temporary;
        self.stop(key).await;
        if is_temporary {
            self.children.remove(key);
        }
        Ok(())
    }

    async fn restart_child(&mut self, id: &str) -> Result<Pid, ChildError> {
        let key = self.stopped(id)?;
        match self.start(key).await {
            Ok(Some(pid)) => Ok(pid),
            Ok(None) => Err(ChildError::Ignored),
            Err(error) => Err(ChildError::Start(error)),
        }
    }

    fn delete_child(&mut self, id: &str) -> Result<(), ChildError> {
        let key = self.stopped(id)?;
        self.children.remove(key);
        Ok(())
    }

    /// The child, which must not run.
    fn stopped(&self, id: &str) -> Result<Key, ChildError> {
        let (key, child) = self.find(id)?;
        match child.state() {
            State::Stopped => Ok(key),
            State::Running(pid) => Err(ChildError::Running(pid)),
            State::Restarting(_) => Err(ChildError::Restarting),
        }
    }

    /// Asks each child that should run whether it does: one that has unlinked itself can have ended
    /// unnoticed.
    async fn count_children(&self) -> ChildCounts {
        let mut counts = ChildCounts::default();
        for (_, child) in self.children.iter() {
            let is_active = match child.state() {
                State::Running(pid) => is_alive(pid).await,
                State::Restarting(_) | State::Stopped => false,
            };
            counts.add(child.spec.child_kind(), is_active);
        }
        counts
    }
}

/// Adds the children of a supervisor that is not started yet.
pub(super) fn add_all(server: &mut Server, specs: Vec<ChildSpec>) -> Result<(), SpecError> {
    for spec in specs {
        if server.children.key_of_id(spec.id()).is_some() {
            return Err(SpecError::DuplicateId(spec.id().clone()));
        }
        spec.check(server.auto_shutdown)?;
        server.add(spec);
    }
    Ok(())
}

fn info(child: &Child) -> ChildInfo {
    ChildInfo {
        id: child.spec.id().clone(),
        state: match child.state() {
            State::Running(pid) => ChildState::Running(pid),
            State::Restarting(_) => ChildState::Restarting,
            State::Stopped => ChildState::Stopped,
        },
        kind: child.spec.child_kind(),
        restart: child.spec.restart_type(),
    }
}
