//! Time-outs: what cancels them, what replaces them, and those of no time (STM-3, STM-4).

use kerosene::otp::gen_statem::Transition;
use kerosene::otp::sys;
use kerosene::prelude::*;

use crate::{Event, Step, event, go, machine, mark, ms, notes, send_all, written};

/// Sets a time-out of each kind, all after 10 ms.
fn set_all(_: u8, _: Event) -> Step {
    Transition::keep()
        .state_timeout(ms(10), mark("state"))
        .event_timeout(ms(10), mark("event"))
        .timeout("named", ms(10), mark("named"))
}

/// What of `set_all` comes if `event` comes after 5 ms.
async fn set_all_and(event: Event) -> String {
    let machine = machine().await;
    send(machine, crate::event("set", set_all));
    sleep(ms(5)).await;
    send(machine, event);
    sleep(ms(4)).await;
    written().await;
    sleep(ms(2)).await;
    let came = written().await;
    sleep(ms(100)).await;
    assert_eq!(written().await, "", "none comes twice");
    came
}

#[kerosene::test]
async fn each_timeout_comes_at_its_time() {
    let machine = machine().await;
    send(
        machine,
        event("set", |_, _| {
            Transition::keep()
                .event_timeout(ms(10), mark("event"))
                .timeout("b", ms(20), mark("b"))
                .timeout("a", ms(30), mark("a"))
                .state_timeout(ms(40), mark("state"))
        }),
    );
    for expected in ["1:set", "1:event", "1:b", "1:a", "1:state", ""] {
        assert_eq!(notes(machine).await, expected);
        sleep(ms(10)).await;
    }
}

#[kerosene::test(seeds = 50)]
async fn a_state_timeout_is_cancelled_by_a_change_of_state_only() {
    // That the state time-out has come is an event, too.
    assert!(set_all_and(mark("other")).await.contains("1:state"));
    assert!(set_all_and(go::<1>("same")).await.contains("1:state"));
    assert!(set_all_and(event("repeat", |_, _| Transition::repeat())).await.contains("1:state"));
    assert!(!set_all_and(go::<2>("go")).await.contains("state"));
}

#[kerosene::test(seeds = 50)]
async fn an_event_timeout_is_cancelled_by_any_event() {
    let machine = machine().await;
    let set = event("set", |_, _| Transition::keep().event_timeout(ms(10), mark("event")));
    send(machine, set.clone());
    sleep(ms(11)).await;
    assert_eq!(written().await, "1:set 1:event");

    send(machine, set.clone());
    sleep(ms(5)).await;
    send(machine, mark("other"));
    sleep(ms(100)).await;
    assert_eq!(written().await, "1:set 1:other");

    // What `sys` asks, and what is no event, does not count.
    send(machine, set.clone());
    sleep(ms(5)).await;
    send(machine, 17_u64);
    assert_eq!(sys::get_state(machine).await.as_deref(), Ok("in 1"));
    sleep(ms(6)).await;
    assert_eq!(written().await, "1:set 1:event");

    // Other time-outs do.
    send(
        machine,
        event("both", |_, _| {
            Transition::keep().event_timeout(ms(10), mark("event")).timeout("a", ms(5), mark("a"))
        }),
    );
    sleep(ms(100)).await;
    assert_eq!(written().await, "1:both 1:a");
}

#[kerosene::test(seeds = 50)]
async fn a_named_timeout_survives_events_and_states() {
    assert_eq!(set_all_and(go::<2>("go")).await, "2:named");
}

#[kerosene::test(seeds = 50)]
async fn setting_again_replaces_and_update_changes_the_event_only() {
    let machine = machine().await;
    let set = |name| {
        event(name, |_, _| {
            Transition::keep()
                .state_timeout(ms(10), mark("state"))
                .timeout("a", ms(11), mark("a"))
                .timeout("b", ms(12), mark("b"))
        })
    };
    send(machine, set("one"));
    sleep(ms(5)).await;
    send(
        machine,
        event("two", |_, _| {
            Transition::keep()
                .update_state_timeout(mark("updated"))
                .timeout("a", ms(9), mark("again"))
                .update_timeout("b", mark("b2"))
                .update_timeout("new", mark("at once"))
        }),
    );
    sleep(ms(1)).await;
    assert_eq!(written().await, "1:one 1:two 1:at once");
    sleep(ms(5)).await;
    assert_eq!(written().await, "1:updated");
    sleep(ms(2)).await;
    assert_eq!(written().await, "1:b2");
    sleep(ms(2)).await;
    assert_eq!(written().await, "1:again");
    sleep(ms(100)).await;
    assert_eq!(written().await, "");
}

#[kerosene::test(seeds = 50)]
async fn a_cancelled_timeout_never_comes() {
    let cancel =
        event("cancel", |_, _| Transition::keep().cancel_state_timeout().cancel_timeout("named"));
    assert_eq!(set_all_and(cancel).await, "");
    let never = event("never", |_, _| {
        Transition::keep().state_timeout(Duration::MAX, mark("never")).timeout(
            "named",
            Duration::MAX,
            mark("never"),
        )
    });
    assert_eq!(set_all_and(never).await, "");
}

/// The time-outs are over, and wait in the mailbox behind what cancels them.
#[kerosene::test(seeds = 50)]
async fn a_timeout_that_is_over_can_still_be_cancelled() {
    let machine = machine().await;
    send(machine, event("set", set_all));
    assert_eq!(notes(machine).await, "1:set");
    assert_eq!(sys::suspend(machine).await, Ok(()));
    send(
        machine,
        event("cancel", |_, _| {
            Transition::to(2).cancel_timeout("named").timeout("named", ms(5), mark("second"))
        }),
    );
    sleep(ms(50)).await;
    assert_eq!(sys::resume(machine).await, Ok(()));
    sleep(ms(100)).await;
    assert_eq!(written().await, "1:cancel 1>2 2:second");
}

#[kerosene::test(seeds = 50)]
async fn a_timeout_of_no_time_comes_before_anything_from_outside() {
    let machine = machine().await;
    let zero = event("zero", |_, _| {
        Transition::keep()
            .timeout("a", Duration::ZERO, mark("a"))
            .state_timeout(Duration::ZERO, mark("state"))
            .next_event(mark("inserted"))
    });
    send_all(machine, [zero, mark("outside")]).await;
    assert_eq!(notes(machine).await, "1:zero 1:inserted 1:a 1:state 1:outside");
}

#[kerosene::test(seeds = 50)]
async fn a_timeout_of_no_time_comes_after_postponed_events_and_can_be_cancelled() {
    let machine = machine().await;
    let later = event("later", |state, event| match state {
        1 => Transition::keep().postpone(event),
        _ => Transition::keep().cancel_timeout("a"),
    });
    let zero = event("zero", |_, _| {
        Transition::to(2).timeout("a", Duration::ZERO, mark("a")).timeout(
            "b",
            Duration::ZERO,
            mark("b"),
        )
    });
    send_all(machine, [later, zero, mark("outside")]).await;
    assert_eq!(notes(machine).await, "1:later 1:zero 1>2 2:later 2:b 2:outside");
}

#[kerosene::test(seeds = 50)]
async fn an_event_timeout_of_no_time_comes_only_if_nothing_else_is_inside() {
    let machine = machine().await;
    let alone =
        event("alone", |_, _| Transition::keep().event_timeout(Duration::ZERO, mark("idle")));
    let beside = event("beside", |_, _| {
        Transition::keep().event_timeout(Duration::ZERO, mark("idle")).next_event(mark("inserted"))
    });
    send_all(machine, [alone, beside, mark("outside")]).await;
    assert_eq!(notes(machine).await, "1:alone 1:idle 1:beside 1:inserted 1:outside");
}
