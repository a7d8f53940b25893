//! The loop of a state machine: find the next event, run the callbacks, carry out what they want.
//!
//! - N1: the next event is the one at the mark of the [`Queue`]; if there is none, the first
//!   time-out that is due; if there is none, what is received next.
//! - N2: what is received is the oldest message, whatever it is. The notes of timers are messages
//!   too, so a time-out and a message come in the order in which they arrive. Only a suspended
//!   machine passes over messages.
//! - N3: a callback that crashes is caught, so that the machine can terminate, and ends it with the
//!   reason of the crash.
//! - N4: what the machine owes when it ends, postponed requests included, it owes until its process
//!   has ended: callers then hear the reason.

use std::any::type_name;
use std::convert::Infallible;
use std::mem;
use std::time::Duration;

use super::queue::Queue;
use super::timeouts::{Action, Clock, Elapsed, Kind, Timeouts};
use super::transition::Change;
use super::{GenStatem, Init, Machine, Transition};
use crate::otp::call::owe_until_the_end;
use crate::otp::gen_server::{Parentage, unknown};
use crate::otp::start::Starting;
use crate::otp::sys::{SysAction, SysMessage, System};
use crate::{
    Exit, ExitReason, Message, Pid, Timer, catch_exit, parent, pid, receive, schedule, yield_now,
};

/// How many events from inside a machine handles before it gives way. What it receives has a bound
/// like that already; but a machine may insert events for ever.
const INNER_EVENTS_MAX: u32 = 100;

/// The body of a machine's process.
pub(super) async fn serve<M: GenStatem>(
    starting: Starting,
    args: M::Args,
    parentage: Parentage,
) -> ExitReason {
    let (state, data, first) = match M::init(args).await {
        Init::Ready(state, data) => (state, data, None),
        Init::Then(state, data, event) => (state, data, Some(event)),
        Init::Ignore => return starting.ignore(),
        Init::Refuse(reason) => return starting.refuse(reason),
        Init::Fail(reason) => return starting.fail(reason),
    };
    starting.ready();
    let mut server = Server {
        machine: Machine { state, data },
        queue: Queue::new(),
        timeouts: Timeouts::new(Timers),
        system: System::new(),
        parent: parent().filter(|_| parentage == Parentage::Linked),
        inner_events: 0,
    };
    let Err(reason) = server.run(first).await;
    owe_until_the_end();
    server.system.report(&reason, &server.machine);
    let Machine { state, data } = server.machine;
    let terminated = catch_exit(async { data.terminate(state, &reason).await }).await;
    terminated.err().unwrap_or(reason)
}

struct Server<M: GenStatem> {
    machine: Machine<M>,
    queue: Queue<M::Event>,
    timeouts: Timeouts<M::Event, Timers>,
    system: System,
    parent: Option<Pid>,
    inner_events: u32,
}

/// What a machine has received.
enum Received<E> {
    Event(E),
    Elapsed(Elapsed),
    Other(Message),
    System(SysMessage),
    /// The parent wants it to stop, or has ended.
    ParentExit(ExitReason),
}

/// Timers that send their notes to this process.
#[derive(Debug)]
struct Timers;

impl Clock for Timers {
    type Timer = Timer;

    fn start(&mut self, after: Duration, note: Elapsed) -> Timer {
        schedule(after, pid(), note)
    }

    fn cancel(&mut self, timer: Timer) {
        timer.cancel();
    }
}

impl<M: GenStatem> Server<M> {
    /// Runs until there is a reason to end.
    async fn run(&mut self, first: Option<M::Event>) -> Result<Infallible, ExitReason> {
        let entered = self.enter(None).await?;
        self.queue.settle(false, None, first.into_iter().collect());
        self.change_timeouts(entered);
        loop {
            let event = self.next_event().await?;
            self.handle(event).await?;
        }
    }

    /// Waits for what is to be handled next (N1).
    async fn next_event(&mut self) -> Result<M::Event, ExitReason> {
        if let Some(event) = self.queue.next().or_else(|| self.timeouts.take_due()) {
            self.inner_events = self.inner_events.wrapping_add(1);
            if self.inner_events.is_multiple_of(INNER_EVENTS_MAX) {
                yield_now().await;
            }
            return Ok(event);
        }
        loop {
            let event = match self.receive().await {
                Received::Event(event) => {
                    self.system.note(type_name::<M::Event>);
                    Some(event)
                }
                Received::Elapsed(note) => self.timeouts.elapsed(&note),
                Received::Other(message) => {
                    self.system.note(|| message.type_name());
                    let known = catch_exit(async { M::event(message) }).await?;
                    known.map_err(|message| unknown(type_name::<M>(), &message)).ok()
                }
                Received::System(message) => match self.system.handle(message, &mut self.machine) {
                    SysAction::Continue => None,
                    SysAction::Stop(reason) => return Err(reason),
                },
                Received::ParentExit(reason) => return Err(reason),
            };
            if let Some(event) = event {
                return Ok(event);
            }
        }
    }

    async fn receive(&mut self) -> Received<M::Event> {
        let parent = self.parent;
        let is_parent = |pid: Pid| Some(pid) == parent || pid.is_nobody();
        if self.system.is_suspended() {
            return receive! {
                message: SysMessage => Received::System(message),
                Exit { pid, reason } if is_parent(pid) => Received::ParentExit(reason),
            };
        }
        receive! {
            event: M::Event => Received::Event(event),
            note: Elapsed => Received::Elapsed(note),
            message: SysMessage => Received::System(message),
            Exit { pid, reason } if is_parent(pid) => Received::ParentExit(reason),
            message => Received::Other(message),
        }
    }

    async fn handle(&mut self, event: M::Event) -> Result<(), ExitReason> {
        self.timeouts.cancel(&Kind::Event);
        let Machine { state, data } = &mut self.machine;
        let transition = catch_exit(data.handle_event(state, event)).await?;
        let Transition { change, answers, postponed, inserted, timeouts } = transition;
        for answer in answers {
            answer.give();
        }
        let is_changed = matches!(&change, Change::To(new) if new != state);
        // Before `enter`, which cannot tell the difference: from here on the machine has what is
        // postponed, and owes it (N4).
        self.queue.settle(is_changed, postponed, inserted);
        let entered = match change {
            Change::Stop(reason) => return Err(reason),
            Change::To(new) if is_changed => {
                let old = mem::replace(&mut self.machine.state, new);
                self.timeouts.cancel(&Kind::State);
                self.enter(Some(old)).await?
            }
            Change::Repeat => self.enter(None).await?,
            Change::Keep | Change::To(_) => Vec::new(),
        };
        self.change_timeouts(timeouts.into_iter().chain(entered));
        Ok(())
    }

    /// Tells the machine that it has entered its state, out of another or none. Returns what is to
    /// be done about time-outs.
    async fn enter(&mut self, old: Option<M::State>) -> Result<Vec<Action<M::Event>>, ExitReason> {
        let Machine { state, data } = &mut self.machine;
        let entered = catch_exit(data.enter(old.as_ref().unwrap_or(state), state)).await?;
        entered.stop.map_or(Ok(entered.timeouts), Err)
    }

    fn change_timeouts(&mut self, actions: impl IntoIterator<Item = Action<M::Event>>) {
        for action in actions {
            self.timeouts.apply(action);
        }
    }
}
