//! State machines: the section on them of SEMANTICS.md, seen from outside.
//!
//! Most tests drive one machine, whose events say themselves what they do to it. It writes down
//! what it handles in which state, `1:push` for a `push` in state 1, and what it enters, `1>2`. So
//! the order of what happens can be compared with what OTP would do.

mod ending;
mod entering;
mod order;
mod starting;
mod timeouts;

use kerosene::otp::gen_statem::{self, Entered, GenStatem, Init, Transition};
use kerosene::otp::{StartOptions, sys};
use kerosene::prelude::*;

/// What the machine writes down.
struct Note(String);

/// The states are numbers.
pub(crate) type State = u8;

pub(crate) type Step = Transition<State, Event>;

/// An event that knows what it does.
#[derive(Clone)]
pub(crate) struct Event {
    name: &'static str,
    act: fn(State, Event) -> Step,
}

/// An event with a name, and what it does in a state.
pub(crate) fn event(name: &'static str, act: fn(State, Event) -> Step) -> Event {
    Event { name, act }
}

/// An event that is only written down.
pub(crate) fn mark(name: &'static str) -> Event {
    event(name, |_, _| Transition::keep())
}

/// An event that goes to a state.
pub(crate) fn go<const STATE: State>(name: &'static str) -> Event {
    event(name, |_, _| Transition::to(STATE))
}

/// What the machine does when it has entered a state.
pub(crate) type OnEnter = fn(State) -> Entered<Event>;

pub(crate) struct Machine {
    log: Pid,
    on_enter: OnEnter,
}

impl Machine {
    fn note(&self, what: String) {
        send(self.log, Note(what));
    }
}

impl GenStatem for Machine {
    type Args = (Pid, OnEnter);
    type State = State;
    type Event = Event;

    async fn init((log, on_enter): Self::Args) -> Init<Self> {
        Init::Ready(1, Self { log, on_enter })
    }

    async fn handle_event(&mut self, state: &State, event: Event) -> Step {
        self.note(format!("{state}:{}", event.name));
        (event.act)(*state, event)
    }

    async fn enter(&mut self, old: &State, state: &State) -> Entered<Event> {
        self.note(format!("{old}>{state}"));
        (self.on_enter)(*state)
    }

    fn event(message: Message) -> Result<Event, Message> {
        message.downcast::<&'static str>().map(|text| {
            assert!(text != "crash", "in event");
            mark(text)
        })
    }

    async fn terminate(self, state: State, reason: &ExitReason) {
        self.note(format!("{state} ends: {reason}"));
    }

    fn describe(&self, state: &State) -> String {
        format!("in {state}")
    }
}

/// A machine in state 1, whose log is empty.
pub(crate) async fn machine() -> Pid {
    let machine = machine_that(|_| Entered::new()).await;
    assert_eq!(notes(machine).await, "1>1");
    machine
}

pub(crate) async fn machine_that(on_enter: OnEnter) -> Pid {
    let args = (pid(), on_enter);
    gen_statem::start::<Machine>(StartOptions::new(), args).await.expect("it starts")
}

/// Sends events that the machine then finds in its mailbox together.
pub(crate) async fn send_all(machine: Pid, events: impl IntoIterator<Item = Event>) {
    sys::suspend(machine).await.expect("it answers");
    for event in events {
        send(machine, event);
    }
    sys::resume(machine).await.expect("it answers");
}

/// What has been written down since the last call, as soon as the machine has handled what it was
/// sent.
pub(crate) async fn notes(machine: Pid) -> String {
    let _ = sys::get_state(machine).await;
    written().await
}

/// What has been written down since the last call.
pub(crate) async fn written() -> String {
    let mut notes = Vec::new();
    loop {
        receive! {
            Note(note) => notes.push(note),
            after Duration::ZERO => return notes.join(" "),
        }
    }
}

pub(crate) fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}
