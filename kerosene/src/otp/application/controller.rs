//! The process above all applications: it starts them in order, stops them in the reverse order,
//! and decides what the end of one means for the others.

use std::any::type_name;
use std::error::Error;
use std::fmt;

use super::handle::{ApplicationError, ApplicationInfo};
use super::plan::{Loaded, dependents, start_order};
use super::{Applications, StartType, master};
use crate::otp::ReplyTo;
use crate::otp::gen_server::{GenServer, Init, Next, unknown};
use crate::{
    Down, Exit, ExitReason, Message, Name, Pid, exit_signal, monitor, receive, stops_children,
    unlink,
};

/// What can be asked.
pub(super) enum Request {
    Start(Name, StartType, ReplyTo<Result<Vec<Name>, ApplicationError>>),
    Stop(Name, ReplyTo<Result<Vec<Name>, ApplicationError>>),
    Which(ReplyTo<Vec<ApplicationInfo>>),
}

/// An application has ended by itself that must not.
///
/// The error with which [`Applications`] end then.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ApplicationEnded {
    /// Which.
    pub name: Name,
    /// Why.
    pub reason: ExitReason,
}

impl fmt::Display for ApplicationEnded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the application {:?} has ended: {}", self.name, self.reason)
    }
}

impl Error for ApplicationEnded {}

/// The state of the process.
#[derive(Debug)]
pub(super) struct Controller {
    loaded: Loaded,
    /// In the order of their starts.
    running: Vec<Running>,
}

#[derive(Debug)]
struct Running {
    name: Name,
    start_type: StartType,
    master: Pid,
}

impl GenServer for Controller {
    type Args = Applications;
    type Request = Request;

    async fn init(applications: Applications) -> Init<Self> {
        stops_children(true);
        Init::Ready(Self { loaded: applications.loaded, running: Vec::new() })
    }

    async fn handle_request(&mut self, request: Request) -> Next {
        match request {
            Request::Start(name, start_type, reply_to) => {
                reply_to.reply(self.start(&name, start_type).await);
            }
            Request::Stop(name, reply_to) => reply_to.reply(self.stop(&name).await),
            Request::Which(reply_to) => {
                reply_to.reply(self.running.iter().map(Running::info).collect());
            }
        }
        Next::Continue
    }

    async fn handle_info(&mut self, message: Message) -> Next {
        match message.downcast::<Exit>() {
            Ok(exit) => self.ended(exit),
            Err(message) => {
                unknown(type_name::<Applications>(), &message);
                Next::Continue
            }
        }
    }

    async fn terminate(mut self, _: &ExitReason) {
        self.stop_down_to(0).await;
    }

    fn describe(&self) -> String {
        format!("{:?}", self.running)
    }
}

impl Controller {
    /// Starts an application, and before it what it depends on and does not run. Returns what was
    /// started.
    async fn start(
        &mut self,
        name: &Name,
        start_type: StartType,
    ) -> Result<Vec<Name>, ApplicationError> {
        let running_before = self.running.len();
        for name in start_order(&self.loaded, name)? {
            if self.is_running(&name) {
                continue;
            }
            let application = self.loaded[&name].clone();
            match master::start(application).await {
                Ok(master) => self.running.push(Running { name, start_type, master }),
                Err(error) => {
                    self.stop_down_to(running_before).await;
                    return Err(ApplicationError::Start { name, error });
                }
            }
        }
        Ok(self.running[running_before..].iter().map(|running| running.name.clone()).collect())
    }

    /// Stops an application, and before it what depends on it. Returns what was stopped.
    async fn stop(&mut self, name: &Name) -> Result<Vec<Name>, ApplicationError> {
        if !self.is_running(name) {
            return Err(ApplicationError::NotRunning(name.clone()));
        }
        let running: Vec<Name> = self.running.iter().map(|running| running.name.clone()).collect();
        let mut stopped = dependents(&self.loaded, &running, name);
        stopped.reverse();
        for name in &stopped {
            if let Some(at) = self.running.iter().position(|running| running.name == *name) {
                self.running.remove(at).stop().await;
            }
        }
        Ok(stopped)
    }

    /// Stops the last that were started, until so many are left.
    async fn stop_down_to(&mut self, count: usize) {
        while self.running.len() > count {
            if let Some(last) = self.running.pop() {
                last.stop().await;
            }
        }
    }

    fn is_running(&self, name: &Name) -> bool {
        self.running.iter().any(|running| running.name == *name)
    }

    /// A process has ended that is linked to this one: a master, as a rule.
    fn ended(&mut self, Exit { pid, reason }: Exit) -> Next {
        let Some(at) = self.running.iter().position(|running| running.master == pid) else {
            return Next::Continue;
        };
        let Running { name, start_type, .. } = self.running.remove(at);
        tracing::error!(
            target: "kerosene::application",
            application = %name,
            ?start_type,
            %reason,
            "an application has ended"
        );
        match start_type {
            StartType::Temporary => Next::Continue,
            StartType::Transient if !reason.is_abnormal() => Next::Continue,
            StartType::Transient | StartType::Permanent => {
                Next::Stop(ExitReason::error(ApplicationEnded { name, reason }))
            }
        }
    }
}

impl Running {
    fn info(&self) -> ApplicationInfo {
        ApplicationInfo {
            name: self.name.clone(),
            start_type: self.start_type,
            master: self.master,
        }
    }

    /// Ends the tree in order, however long that takes; its supervisors know how long.
    async fn stop(self) {
        let watch = monitor(self.master);
        exit_signal(self.master, ExitReason::Shutdown);
        receive! { Down { monitor, .. } if monitor == watch => {} }
        unlink(self.master);
        receive! {
            Exit { pid, .. } if pid == self.master => {}
            after std::time::Duration::ZERO => {}
        }
    }
}
