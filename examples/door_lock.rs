//! A door with a code lock, twice: as a `GenStatem`, and as two functions with a `receive!` each.
//!
//! Watch for three things, which both do. Whoever rings at the open door is heard when it is locked
//! again: the ring waits in line (postponed in the first, left in the mailbox in the second).
//! The door locks itself after a while, however often somebody asks about it. And half a code is
//! forgotten when the next digit takes too long.

use kerosene::otp::gen_statem::{self, Entered, GenStatem, Init, Transition};
use kerosene::otp::{StartError, StartOptions};
use kerosene::prelude::*;

const CODE: [u8; 4] = [1, 9, 8, 6];
const OPEN_FOR: Duration = Duration::from_millis(100);
const DIGIT_WITHIN: Duration = Duration::from_millis(50);

/// What happens to a door.
enum Event {
    Digit(u8),
    Ring(&'static str),
    IsOpen(ReplyTo<bool>),
    /// What the time-outs of the state machine bring.
    Lock,
    Forget,
}

/// The data of the state machine. Which of the two states it is in is not part of it.
struct Door {
    typed: Vec<u8>,
}

#[derive(Debug, PartialEq)]
enum State {
    Locked,
    Open,
}

impl GenStatem for Door {
    type Args = ();
    type State = State;
    type Event = Event;

    async fn init((): ()) -> Init<Self> {
        Init::Ready(State::Locked, Self { typed: Vec::new() })
    }

    async fn enter(&mut self, _: &State, state: &State) -> Entered<Event> {
        println!("  [{state:?}]");
        match state {
            State::Locked => Entered::new(),
            State::Open => Entered::new().state_timeout(OPEN_FOR, Event::Lock),
        }
    }

    async fn handle_event(&mut self, state: &State, event: Event) -> Transition<State, Event> {
        match (state, event) {
            (State::Locked, Event::Digit(digit)) => {
                self.typed.push(digit);
                if CODE == *self.typed {
                    self.typed.clear();
                    return Transition::to(State::Open);
                }
                self.typed.truncate(CODE.len() - 1);
                Transition::keep().event_timeout(DIGIT_WITHIN, Event::Forget)
            }
            (State::Locked, Event::Forget) => {
                println!("  forgets {:?}", self.typed);
                self.typed.clear();
                Transition::keep()
            }
            (State::Locked, Event::Ring(who)) => {
                println!("  {who} rings at the locked door");
                Transition::keep()
            }
            (State::Open, ring @ Event::Ring(_)) => Transition::keep().postpone(ring),
            (State::Open, Event::Lock) => Transition::to(State::Locked),
            (state, Event::IsOpen(reply_to)) => {
                Transition::keep().reply(reply_to, *state == State::Open)
            }
            (_, Event::Digit(_) | Event::Lock | Event::Forget) => Transition::keep(),
        }
    }
}

/// The same door without a framework: each state is a function, which returns when the state
/// changes. What it has no arm for waits in the mailbox.
async fn door() {
    loop {
        locked().await;
        open().await;
    }
}

async fn locked() {
    println!("  [Locked]");
    let mut typed = Vec::new();
    while CODE != *typed {
        let patience = if typed.is_empty() { Duration::MAX } else { DIGIT_WITHIN };
        receive! {
            Event::Digit(digit) => {
                typed.truncate(CODE.len() - 1);
                typed.push(digit);
            }
            Event::Ring(who) => println!("  {who} rings at the locked door"),
            Event::IsOpen(reply_to) => reply_to.reply(false),
            after patience => {
                println!("  forgets {typed:?}");
                typed.clear();
            }
        }
    }
}

async fn open() {
    println!("  [Open]");
    let lock = start_timer(OPEN_FOR, pid(), ());
    loop {
        receive! {
            Event::IsOpen(reply_to) => reply_to.reply(true),
            Event::Digit(_) => {}
            Timeout { timer, .. } if timer == lock => return,
        }
    }
}

/// What somebody does at a door. Returns whether it was open after the code.
async fn visit(door: Pid) -> Result<bool, CallError> {
    send(door, Event::Digit(1));
    send(door, Event::Digit(9));
    sleep(DIGIT_WITHIN * 2).await;
    for digit in CODE {
        send(door, Event::Digit(digit));
    }
    send(door, Event::Ring("the postman"));
    let was_open = call_with(door, Event::IsOpen).await?;
    sleep(OPEN_FOR * 2).await;
    println!("  open: {was_open} and then {}", call_with(door, Event::IsOpen).await?);
    Ok(was_open)
}

#[kerosene::main]
async fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    println!("a state machine:");
    let machine: Result<Pid, StartError> =
        gen_statem::start_link::<Door>(StartOptions::new(), ()).await;
    assert!(visit(machine?).await?, "the code opens the door");

    println!("two functions:");
    assert!(visit(spawn_link(door())).await?, "the code opens the door");
    Ok(())
}
