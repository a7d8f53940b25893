//! The loop of all supervisors: wait for the next event, react, see whether to go on.

use super::core::{Again, Core, Event, Flow};
use crate::otp::sys::{Inspect, SysAction, SysMessage};
use crate::{Exit, ExitReason};

/// What the kinds of supervisors do each in their own way.
pub(super) trait Supervise: Inspect + Send + Sized {
    /// By what it knows its children.
    type Key: Send + 'static;

    /// What it is asked.
    type Request: Send + 'static;

    fn core(&mut self) -> &mut Core;

    /// A process has ended. If it was no child, it is no concern of ours.
    fn ended(&mut self, exit: Exit) -> impl Future<Output = Flow> + Send;

    /// A restart that did not succeed, or was to wait, is due.
    fn again(&mut self, again: Again<Self::Key>) -> impl Future<Output = Flow> + Send;

    fn answer(&mut self, request: Self::Request) -> impl Future<Output = ()> + Send;

    /// Stops all children.
    fn stop_all(&mut self) -> impl Future<Output = ()> + Send;

    /// The body of the process, from when it is ready.
    fn run(mut self) -> impl Future<Output = ExitReason> + Send {
        async move {
            loop {
                let flow = match self.core().next().await {
                    Event::Exit(exit) => self.ended(exit).await,
                    Event::Again(again) => self.again(again).await,
                    Event::Request(request) => {
                        self.answer(request).await;
                        Flow::Continue
                    }
                    Event::System(message) => answer_system(&mut self, message),
                    Event::Stop(reason) => Flow::Stop(reason),
                };
                if let Flow::Stop(reason) = flow {
                    self.stop_all().await;
                    return reason;
                }
            }
        }
    }
}

/// Answers what can be asked of every OTP process.
fn answer_system(supervisor: &mut impl Supervise, message: SysMessage) -> Flow {
    let mut system = std::mem::take(&mut supervisor.core().system);
    let action = system.handle(message, supervisor);
    supervisor.core().system = system;
    match action {
        SysAction::Continue => Flow::Continue,
        SysAction::Stop(reason) => Flow::Stop(reason),
    }
}
