//! The loop of a server: receive, run the callback, see what comes next.
//!
//! - G1: what is received next is the oldest message, whatever it is; there is no priority among
//!   requests, other messages and the parent's order to stop. Only a suspended server passes over
//!   messages, and takes them later in their order.
//! - G2: a callback that crashes is caught, so that the server can terminate, and ends it with the
//!   reason of the crash.
//! - G3: what the server owes when it ends, it owes until its process has ended: callers then hear
//!   the reason.

use std::any::type_name;

use tokio::time::Instant;

use super::{GenServer, IdleTimeout, Init, Next};
use crate::otp::Answer;
use crate::otp::call::owe_until_the_end;
use crate::otp::start::Starting;
use crate::otp::sys::{SysAction, SysMessage, System};
use crate::parent;
use crate::{Exit, ExitReason, Message, Pid, catch_exit, receive};

/// Who may tell a server to stop by an exit signal: its parent, if it is linked to one. A server
/// without a link has started for itself, and takes all exit signals for messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::otp) enum Parentage {
    Linked,
    None,
}

/// The body of a server's process.
pub(super) async fn serve<S: GenServer>(
    starting: Starting,
    args: S::Args,
    parentage: Parentage,
) -> ExitReason {
    let (state, first) = match S::init(args).await {
        Init::Ready(state) => (state, Next::Continue),
        Init::Then(state, next) => (state, next),
        Init::Ignore => return starting.ignore(),
        Init::Refuse(reason) => return starting.refuse(reason),
        Init::Fail(reason) => return starting.fail(reason),
    };
    starting.ready();
    let parent = parent().filter(|_| parentage == Parentage::Linked);
    let mut server = Server { state, system: System::new(), parent, idle_at: None };
    let (reason, answer) = server.run(first).await;
    owe_until_the_end();
    server.system.report(&reason, &server.state);
    let state = server.state;
    let terminated = catch_exit(async { state.terminate(&reason).await }).await;
    if let Some(answer) = answer {
        answer.give();
    }
    terminated.err().unwrap_or(reason)
}

struct Server<S> {
    state: S,
    system: System,
    parent: Option<Pid>,
    /// When to stop waiting for a message.
    idle_at: Option<Instant>,
}

/// What a server has received.
enum Event<R> {
    Request(R),
    Info(Message),
    System(SysMessage),
    /// The parent wants it to stop, or has ended.
    ParentExit(ExitReason),
}

impl<S: GenServer> Server<S> {
    async fn run(&mut self, first: Next) -> (ExitReason, Option<Answer>) {
        let mut next = first;
        loop {
            self.idle_at = None;
            next = match next {
                Next::Continue | Next::Hibernate => self.turn().await,
                Next::Timeout(time) => {
                    self.idle_at = Instant::now().checked_add(time);
                    self.turn().await
                }
                Next::ContinueWith(what) => next_of(self.state.handle_continue(what)).await,
                Next::Stop(reason) => return (reason, None),
                Next::StopAndAnswer(reason, answer) => return (reason, Some(answer)),
            };
        }
    }

    /// Handles one message.
    async fn turn(&mut self) -> Next {
        loop {
            match self.receive().await {
                Event::Request(request) => {
                    self.system.note(type_name::<S::Request>);
                    return next_of(self.state.handle_request(request)).await;
                }
                Event::Info(message) => {
                    self.system.note(|| message.type_name());
                    return next_of(self.state.handle_info(message)).await;
                }
                Event::System(message) => {
                    if let SysAction::Stop(reason) = self.system.handle(message, &mut self.state) {
                        return Next::Stop(reason);
                    }
                }
                Event::ParentExit(reason) => return Next::Stop(reason),
            }
        }
    }

    async fn receive(&mut self) -> Event<S::Request> {
        let parent = self.parent;
        let is_parent = |pid: Pid| Some(pid) == parent || pid.is_nobody();
        if self.system.is_suspended() {
            return receive! {
                message: SysMessage => Event::System(message),
                Exit { pid, reason } if is_parent(pid) => Event::ParentExit(reason),
            };
        }
        match self.idle_at {
            None => receive! {
                request: S::Request => Event::Request(request),
                message: SysMessage => Event::System(message),
                Exit { pid, reason } if is_parent(pid) => Event::ParentExit(reason),
                message => Event::Info(message),
            },
            Some(idle_at) => receive! {
                request: S::Request => Event::Request(request),
                message: SysMessage => Event::System(message),
                Exit { pid, reason } if is_parent(pid) => Event::ParentExit(reason),
                message => Event::Info(message),
                after idle_at.saturating_duration_since(Instant::now()) => {
                    Event::Info(Message::new(IdleTimeout))
                }
            },
        }
    }
}

/// What a callback wants next; if it crashes (G2), to stop.
async fn next_of(callback: impl Future<Output = Next>) -> Next {
    catch_exit(callback).await.unwrap_or_else(Next::Stop)
}
