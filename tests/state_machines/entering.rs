//! State enter calls: when they are made, and what may come of them (STM-1, STM-5).

use kerosene::otp::StartOptions;
use kerosene::otp::gen_statem::{self, Entered, GenStatem, Init, Transition};
use kerosene::prelude::*;

use crate::{event, go, machine, machine_that, mark, ms, notes, send_all, written};

#[kerosene::test(seeds = 50)]
async fn a_state_is_entered_at_first_and_when_it_changes() {
    let machine = machine_that(|_| Entered::new()).await;
    assert_eq!(notes(machine).await, "1>1");
    send_all(machine, [go::<1>("same"), go::<2>("other"), mark("stay"), go::<1>("back")]).await;
    assert_eq!(notes(machine).await, "1:same 1:other 1>2 2:stay 2:back 2>1");
}

#[kerosene::test(seeds = 50)]
async fn a_repeated_state_is_entered_again() {
    let machine = machine().await;
    send(machine, event("repeat", |_, _| Transition::repeat()));
    assert_eq!(notes(machine).await, "1:repeat 1>1");
}

#[kerosene::test(seeds = 50)]
async fn a_state_is_entered_before_inserted_events_are_handled() {
    let machine = machine().await;
    send(machine, event("go", |_, _| Transition::to(2).next_event(mark("x"))));
    assert_eq!(notes(machine).await, "1:go 1>2 2:x");
}

#[kerosene::test(seeds = 50)]
async fn entering_a_state_may_set_its_timeouts() {
    let machine = machine_that(|state| match state {
        2 => Entered::new().state_timeout(ms(10), go::<1>("over")),
        _ => Entered::new(),
    });
    let machine = machine.await;
    // The time-out of `enter` is the later one.
    let enter = event("go", |_, _| Transition::to(2).state_timeout(ms(1), mark("replaced")));
    send(machine, enter);
    sleep(ms(9)).await;
    assert_eq!(written().await, "1>1 1:go 1>2");
    sleep(ms(2)).await;
    assert_eq!(written().await, "2:over 2>1");
}

#[kerosene::test(seeds = 50)]
async fn entering_a_state_may_stop_the_machine() {
    let machine = machine_that(|state| match state {
        2 => Entered::stop("two is too much"),
        _ => Entered::new(),
    });
    let machine = machine.await;
    let watch = monitor(machine);
    send_all(machine, [go::<2>("go"), mark("never")]).await;
    receive! { Down { monitor, reason, .. } if monitor == watch => {
        assert_eq!(reason, "two is too much".into());
    } }
    assert_eq!(written().await, "1>1 1:go 1>2 2 ends: two is too much");
}

/// Notes down which reply and which enter call came first.
struct Replies(Pid);

struct Go(ReplyTo<()>);

impl GenStatem for Replies {
    type Args = Pid;
    type State = bool;
    type Event = Go;

    async fn init(caller: Pid) -> Init<Self> {
        Init::Ready(false, Self(caller))
    }

    async fn handle_event(&mut self, _: &bool, Go(reply_to): Go) -> Transition<bool, Go> {
        Transition::to(true).reply(reply_to, ())
    }

    async fn enter(&mut self, old: &bool, state: &bool) -> Entered<Go> {
        if old != state {
            // The caller has its answer, and says so, before this state is entered.
            receive! { "answered" => send(self.0, "entered") }
        }
        Entered::new()
    }
}

#[kerosene::test(seeds = 50)]
async fn replies_are_sent_before_the_next_state_is_entered() {
    let machine = gen_statem::start_link::<Replies>(StartOptions::new(), pid()).await;
    let machine = machine.expect("it starts");
    assert_eq!(call_with(machine, Go).await, Ok(()));
    send(machine, "answered");
    receive! { "entered" => () }
}
