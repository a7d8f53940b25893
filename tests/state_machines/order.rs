//! The order of events: postponed, brought back, inserted (STM-1, STM-2).

use kerosene::otp::gen_statem::Transition;
use kerosene::prelude::*;

use crate::{Event, Step, event, go, machine, mark, notes, send_all};

/// An event that has to wait for another state than 1.
fn later(name: &'static str) -> Event {
    event(name, |state, event| match state {
        1 => Transition::keep().postpone(event),
        _ => Transition::keep(),
    })
}

#[kerosene::test(seeds = 50)]
async fn postponed_events_come_back_in_order_before_newer_ones() {
    let machine = machine().await;
    send_all(machine, [later("a"), mark("b"), later("c"), go::<2>("go"), mark("new")]).await;
    assert_eq!(notes(machine).await, "1:a 1:b 1:c 1:go 1>2 2:a 2:c 2:new");
}

#[kerosene::test(seeds = 50)]
async fn postponed_events_stay_until_the_state_changes() {
    let machine = machine().await;
    let repeat = event("repeat", |_, _| Transition::repeat());
    send_all(machine, [later("a"), go::<1>("same"), repeat, mark("b")]).await;
    assert_eq!(notes(machine).await, "1:a 1:same 1:repeat 1>1 1:b");
    send(machine, go::<2>("go"));
    assert_eq!(notes(machine).await, "1:go 1>2 2:a");
}

#[kerosene::test(seeds = 50)]
async fn an_event_may_be_postponed_again_and_keeps_its_place() {
    let machine = machine().await;
    let patient = event("patient", |state, event| match state {
        1 | 2 => Transition::keep().postpone(event),
        _ => Transition::keep(),
    });
    send_all(machine, [patient, later("a"), go::<2>("go"), go::<3>("on"), mark("new")]).await;
    assert_eq!(
        notes(machine).await,
        "1:patient 1:a 1:go 1>2 2:patient 2:a 2:on 2>3 3:patient 3:new"
    );
}

/// Changes the state and comes back in the new one.
fn first_thing(state: u8, event: Event) -> Step {
    if state == 1 { Transition::to(2).postpone(event) } else { Transition::keep() }
}

#[kerosene::test(seeds = 50)]
async fn an_event_may_change_the_state_and_be_postponed_into_it() {
    let machine = machine().await;
    send_all(machine, [later("a"), event("both", first_thing), mark("new")]).await;
    assert_eq!(notes(machine).await, "1:a 1:both 1>2 2:a 2:both 2:new");
}

#[kerosene::test(seeds = 50)]
async fn inserted_events_come_first_in_their_order() {
    let machine = machine().await;
    let insert =
        event("insert", |_, _| Transition::to(2).next_event(mark("x")).next_event(mark("y")));
    send_all(machine, [later("a"), insert, mark("new")]).await;
    assert_eq!(notes(machine).await, "1:a 1:insert 1>2 2:x 2:y 2:a 2:new");

    // What an inserted event inserts comes before its brothers.
    let nest = event("nest", |_, _| {
        let inner = event("inner", |_, _| Transition::keep().next_event(mark("innermost")));
        Transition::keep().next_event(inner).next_event(mark("x"))
    });
    send_all(machine, [nest, mark("new")]).await;
    assert_eq!(notes(machine).await, "2:nest 2:inner 2:innermost 2:x 2:new");
}

#[kerosene::test(seeds = 50)]
async fn inserted_events_may_be_postponed() {
    let machine = machine().await;
    let insert = event("insert", |_, _| Transition::keep().next_event(later("x")));
    send_all(machine, [insert, later("a"), go::<2>("go")]).await;
    assert_eq!(notes(machine).await, "1:insert 1:x 1:a 1:go 1>2 2:x 2:a");
}

#[kerosene::test(seeds = 50)]
async fn other_messages_become_events_or_are_dropped() {
    let machine = machine().await;
    send(machine, "text");
    send(machine, 17_u64);
    send(machine, mark("a"));
    assert_eq!(notes(machine).await, "1:text 1:a");
}

#[kerosene::test(seeds = 20)]
async fn a_machine_that_inserts_for_ever_gives_way() {
    fn again(_: u8, event: Event) -> Step {
        Transition::keep().next_event(event)
    }
    let machine = machine().await;
    send(machine, event("again", again));
    yield_now().await;
    exit_signal(machine, ExitReason::Kill);
    assert!(!is_alive(machine).await);
}
