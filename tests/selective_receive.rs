//! `receive!`: which message it takes, what it leaves behind, and what becomes of both.
//!
//! A mailbox keeps messages in two ways: those never looked at in one queue, those that some
//! receive has passed over by type. A user cannot tell them apart, so whatever is claimed here is
//! tried on both: `pass_over_all` looks at everything and takes nothing.

use std::panic::AssertUnwindSafe;

use futures::FutureExt;
use kerosene::prelude::*;

#[derive(Debug, PartialEq)]
struct Number(u32);

#[derive(Debug, PartialEq)]
struct Word(&'static str);

/// Never sent.
struct Nothing;

async fn pass_over_all() {
    receive! { Nothing => unreachable!("nobody sends it"), after Duration::ZERO => () }
}

/// The texts of all messages, oldest first; the mailbox is empty afterwards.
async fn drain() -> Vec<String> {
    let mut texts = Vec::new();
    loop {
        receive! {
            Number(n) => texts.push(n.to_string()),
            Word(word) => texts.push(word.to_owned()),
            other => texts.push(other.type_name().to_owned()),
            after Duration::ZERO => return texts,
        }
    }
}

#[kerosene::test(seeds = 20)]
async fn the_oldest_match_wins_over_the_first_arm() {
    for passed_over in [false, true] {
        send(pid(), Word("old"));
        send(pid(), Number(1));
        send(pid(), Word("new"));
        if passed_over {
            pass_over_all().await;
        }
        let taken = receive! { Number(n) => n.to_string(), Word(word) => word.to_owned() };
        assert_eq!(taken, "old");
        assert_eq!(drain().await, ["1", "new"]);
    }
}

#[kerosene::test(seeds = 20)]
async fn the_oldest_match_is_the_oldest_of_all_passed_over_and_not() {
    send(pid(), Word("passed over"));
    pass_over_all().await;
    send(pid(), Number(2));
    send(pid(), Word("fresh"));
    let taken = receive! { Number(n) => n.to_string(), Word(word) => word.to_owned() };
    assert_eq!(taken, "passed over");
    receive! { Number(n) => assert_eq!(n, 2), Word(word) => panic!("{word} is younger") }
    assert_eq!(drain().await, ["fresh"]);
}

#[kerosene::test(seeds = 20)]
async fn arms_are_tried_from_the_top() {
    for passed_over in [false, true] {
        send(pid(), 7_u32);
        if passed_over {
            pass_over_all().await;
        }
        let arm = receive! {
            _: String => "another type",
            n: u32 if n > 7 => "a false guard",
            1..=6: u32 => "another value",
            n: u32 if n > 1 => "the first that matches",
            _: u32 => "the next one",
            _ => "any",
        };
        assert_eq!(arm, "the first that matches");
    }
}

#[kerosene::test(seeds = 20)]
async fn a_false_guard_is_no_match() {
    for passed_over in [false, true] {
        send(pid(), Number(1));
        send(pid(), Number(2));
        if passed_over {
            pass_over_all().await;
        }
        receive! { Number(n) if n > 2 => panic!("took {n}"), after Duration::ZERO => () }
        let arm = receive! { Number(n) if n > 1 => ("guarded", n), Number(n) => ("free", n) };
        assert_eq!(arm, ("free", 1), "the older message goes on to the next arm");
        receive! { Number(n) if n > 1 => assert_eq!(n, 2) }
    }
}

#[kerosene::test(seeds = 20)]
async fn messages_passed_over_keep_their_order() {
    for passed_over in [false, true] {
        for n in 0..4 {
            send(pid(), Number(n));
            send(pid(), Word(["a", "b", "c", "d"][n as usize]));
        }
        if passed_over {
            pass_over_all().await;
        }
        receive! { Word("c") => () }
        receive! { Number(1) => () }
        assert_eq!(drain().await, ["0", "a", "b", "2", "3", "d"]);
    }
}

/// A number that differs from seed to seed: the order in which some processes happen to run.
async fn roll() -> u32 {
    let parent = pid();
    for n in 0..16_u32 {
        spawn(async move { send(parent, n) });
    }
    let mut rolled = 0_u32;
    for _ in 0..16 {
        receive! { n: u32 => rolled = rolled.wrapping_mul(31).wrapping_add(n) }
    }
    rolled
}

/// Sends and receives of all kinds, by type, by value and by anything, against a list that is
/// searched from the front: at each step both give the same, and in the end both hold the same.
#[kerosene::test(seeds = 200)]
async fn any_mixture_of_receives_agrees_with_a_list() {
    let mut list: Vec<(bool, u32)> = Vec::new();
    let mut dice = roll().await;
    for step in 0..200 {
        dice = dice.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let (what, value) = (dice >> 29, dice >> 16 & 3);
        if what < 4 {
            list.push((what < 2, value));
            if what < 2 {
                send(pid(), value);
            } else {
                send(pid(), u64::from(value));
            }
            continue;
        }
        let wanted = |&(is_small, n): &(bool, u32)| match what {
            4 => is_small,
            5 => is_small && n == value,
            6 => !is_small && n != value,
            _ => is_small || n == value,
        };
        let expected = list.iter().position(wanted).map(|index| list.remove(index));
        let taken = match what {
            4 => receive! { n: u32 => Some((true, n)), after Duration::ZERO => None },
            5 => receive! { n: u32 if n == value => Some((true, n)), after Duration::ZERO => None },
            6 => receive! {
                n: u64 if n != u64::from(value) => Some((false, u32::try_from(n).unwrap_or(99))),
                after Duration::ZERO => None,
            },
            _ => receive! {
                n: u64 if n == u64::from(value) => Some((false, value)),
                other if other.is::<u32>() => other.downcast().ok().map(|n| (true, n)),
                after Duration::ZERO => None,
            },
        };
        assert_eq!(taken, expected, "step {step}");
    }
    let left = process_info(pid()).await.map(|info| info.mailbox_len);
    assert_eq!(left, Some(list.len()));
}

#[kerosene::test(seeds = 20)]
async fn a_panic_in_a_body_does_not_put_the_message_back() {
    for passed_over in [false, true] {
        send(pid(), Number(1));
        send(pid(), Number(2));
        if passed_over {
            pass_over_all().await;
        }
        let receive = async {
            receive! { Number(n) => panic!("in the body with {n}") }
        };
        let caught = AssertUnwindSafe(receive).catch_unwind().await.expect_err("the body panics");
        assert_eq!(caught.downcast_ref::<String>().map(String::as_str), Some("in the body with 1"));
        assert_eq!(drain().await, ["2"]);
    }
}

#[kerosene::test(seeds = 20)]
async fn a_nested_receive_starts_at_the_oldest_message() {
    for n in 1..=5 {
        send(pid(), Number(n));
    }
    receive! {
        Number(4) => receive! {
            Number(n) if n > 1 => {
                assert_eq!(n, 2);
                receive! { Number(n) => assert_eq!(n, 1, "older than what was taken outside") }
            }
        }
    }
    assert_eq!(drain().await, ["3", "5"]);
}

/// Where each way out of a body leads.
async fn leave(way: u32) -> Result<&'static str, std::num::ParseIntError> {
    send(pid(), way);
    let mut rounds = 0;
    let broken = 'outer: loop {
        rounds += 1;
        loop {
            receive! {
                0: u32 => return Ok("returned"),
                1: u32 => break 'outer "broke out",
                2: u32 => break,
                3: u32 => {
                    send(pid(), 1_u32);
                    continue 'outer;
                }
                4: u32 => {
                    let _: u32 = "no number".parse()?;
                }
                n: u32 => {
                    sleep(Duration::from_secs(1)).await;
                    send(pid(), n - 1);
                }
                after Duration::from_secs(5) => return Ok("timed out"),
            }
        }
    };
    Ok(if rounds == 1 { broken } else { "continued" })
}

#[kerosene::test(seeds = 20)]
async fn bodies_may_return_break_and_await() {
    assert_eq!(leave(0).await, Ok("returned"));
    assert_eq!(leave(1).await, Ok("broke out"));
    assert_eq!(leave(2).await, Ok("timed out"), "the inner loop is left, the outer one is not");
    assert_eq!(leave(3).await, Ok("continued"));
    assert!(leave(4).await.is_err(), "`?` leaves the function");
    assert!(leave(6).await.is_err(), "two bodies that await come first");
}

#[kerosene::test]
async fn bindings_are_taken_by_value() {
    send(pid(), (String::from("moved"), Box::new(1)));
    let (mut text, boxed) = receive! { (text, boxed): (String, Box<i32>) => (text, boxed) };
    text.push_str(" out");
    assert_eq!((text.as_str(), *boxed), ("moved out", 1));
}

#[kerosene::test]
async fn a_message_is_matched_by_its_exact_type() {
    send(pid(), 1_u64);
    send(pid(), String::from("a string"));
    send(pid(), Box::new(2_u32));
    send(pid(), Some(3_u32));
    receive! {
        n: u32 => panic!("{n} is of another type"),
        n: i64 => panic!("{n} is of another type"),
        text: &str => panic!("{text} is of another type"),
        after Duration::ZERO => (),
    }
    receive! { n: Option<u32> => assert_eq!(n, Some(3)) }
    receive! { n: Box<u32> => assert_eq!(*n, 2) }
    receive! { text: String => assert_eq!(text, "a string") }
    receive! { n: u64 => assert_eq!(n, 1) }
}

#[kerosene::test(seeds = 20)]
async fn a_catch_all_takes_any_message() {
    trap_exit(true);
    let child = spawn_link(async {
        receive! { Word("end") => () }
    });
    let watch = monitor(child);
    send(child, Word("end"));
    receive! { Down { monitor, .. } if monitor == watch => () }
    let timer = start_timer(Duration::ZERO, pid(), Number(1));
    sleep(Duration::from_millis(1)).await;
    send(pid(), Word("plain"));
    let first = receive! { message => message };
    let exit: Exit = first.downcast().expect("the end of the child");
    assert_eq!(exit, Exit { pid: child, reason: ExitReason::Normal });
    let second = receive! { message if message.is::<Timeout>() => message };
    let timeout: Timeout = second.downcast().expect("just asked");
    assert_eq!(timeout.timer, timer);
    assert_eq!(timeout.message.downcast().ok(), Some(Number(1)));
    receive! { Number(_) => unreachable!("taken with the time-out"), _ => () }
    assert_eq!(drain().await, [""; 0], "`_` takes the plain message as well");
}
