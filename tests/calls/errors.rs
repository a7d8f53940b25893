//! What a caller hears when there is no answer.

use kerosene::otp::DEFAULT_TIMEOUT;
use kerosene::prelude::*;
use tokio::time::Instant;

use crate::{Later, Square, ended, mailbox};

#[kerosene::test]
async fn nobody_there_is_no_proc() {
    let gone = spawn(async {});
    ended(gone).await;
    assert_eq!(call(gone, Square(1)).await, Err(CallError::NoProc));
    assert_eq!(call("nobody", Square(1)).await, Err(CallError::NoProc));
    assert_eq!(mailbox().await, [""; 0]);
}

#[kerosene::test]
async fn a_call_waits_five_seconds_unless_told_otherwise() {
    assert_eq!(DEFAULT_TIMEOUT, Duration::from_secs(5));
    let deaf = spawn(async { sleep(Duration::MAX).await });
    for (timeout, expected_ms) in [(None, 5000), (Some(700), 700), (Some(3), 3)] {
        let begun = Instant::now();
        let mut asking = call(deaf, Square(1));
        if let Some(ms) = timeout {
            asking = asking.timeout(Duration::from_millis(ms));
        }
        assert_eq!(asking.await, Err(CallError::Timeout));
        let took = begun.elapsed().as_millis();
        // Virtual timers have a millisecond's precision.
        assert!((expected_ms..expected_ms + 5).contains(&took), "{took} ms");
    }
}

#[kerosene::test]
async fn to_call_oneself_fails_at_once() {
    let begun = Instant::now();
    assert_eq!(call(pid(), Square(1)).await, Err(CallError::CallingSelf));
    register("me", pid()).expect("free");
    assert_eq!(call("me", Square(1)).await, Err(CallError::CallingSelf));
    assert_eq!(begun.elapsed(), Duration::ZERO);
    assert_eq!(mailbox().await, [""; 0]);
}

/// However the server ends, while the request is in its mailbox or in its hands.
#[kerosene::test(seeds = 200)]
async fn the_error_has_the_reason_the_server_ended_with() {
    let in_hands = |end: fn() -> ExitReason| {
        spawn(async move {
            receive! { Call { request: Later, reply_to } => {
                let _kept = reply_to;
                exit(end())
            } }
        })
    };
    let server = in_hands(|| "tired".into());
    assert_eq!(call(server, Later).await, Err(CallError::Exited("tired".into())));
    let server = in_hands(|| ExitReason::Normal);
    assert_eq!(call(server, Later).await, Err(CallError::Exited(ExitReason::Normal)));
    let server = in_hands(|| panic!("no such tea"));
    let Err(CallError::Exited(ExitReason::Panic(info))) = call(server, Later).await else {
        panic!("the panic is the reason");
    };
    assert_eq!(info.message, "no such tea");

    for reason in [ExitReason::Kill, ExitReason::Shutdown, "sold".into()] {
        let server = spawn(async { sleep(Duration::MAX).await });
        let sent = reason.clone();
        spawn(async move {
            sleep(Duration::from_millis(1)).await;
            exit_signal(server, sent);
        });
        let ended_with =
            if reason == ExitReason::Kill { ExitReason::Killed } else { reason.clone() };
        assert_eq!(call(server, Later).await, Err(CallError::Exited(ended_with)));
    }
    assert_eq!(mailbox().await, [""; 0]);
}

/// Real threads race the request against the end: it is either in time, and fails with the reason,
/// or too late.
#[kerosene::test(real, worker_threads = 4)]
async fn a_call_that_races_with_the_end_always_fails() {
    for _ in 0..2000 {
        let server = spawn(async {
            receive! { "end" => exit("over") }
        });
        let killer = spawn(async move { send(server, "end") });
        match call(server, Later).await {
            Err(CallError::Exited(reason)) => assert_eq!(reason, "over".into()),
            Err(CallError::NoProc) => {}
            other => panic!("{other:?}"),
        }
        ended(killer).await;
    }
    assert_eq!(mailbox().await, [""; 0]);
}

#[kerosene::test]
async fn a_reply_to_that_is_dropped_tells_the_caller() {
    let begun = Instant::now();
    let server = spawn(async {
        receive! { Call { request: Later, reply_to } => drop(reply_to) }
        sleep(Duration::MAX).await;
    });
    assert_eq!(call(server, Later).await, Err(CallError::NoReply));
    assert_eq!(begun.elapsed(), Duration::ZERO);
}

#[kerosene::test]
async fn a_reply_to_sent_to_the_dead_tells_the_caller() {
    let gone = spawn(async {});
    ended(gone).await;
    let server = spawn(async move {
        receive! { Call { request: Later, reply_to } => send(gone, reply_to) }
        sleep(Duration::MAX).await;
    });
    assert_eq!(call(server, Later).await, Err(CallError::NoReply));
}

/// Whoever has the right to answer when it dies gives the reason.
#[kerosene::test(seeds = 50)]
async fn the_reason_is_that_of_whoever_had_the_reply_to() {
    let server = spawn(async {
        receive! { Call { request: Later, reply_to } => {
            spawn(async move {
                let _kept = reply_to;
                sleep(Duration::from_millis(1)).await;
                exit("the clerk has left")
            });
        } }
        sleep(Duration::MAX).await;
    });
    let expected = CallError::Exited("the clerk has left".into());
    assert_eq!(call(server, Later).await, Err(expected));
}

#[kerosene::test]
async fn errors_say_what_happened() {
    let [a, b] = [spawn(async {}), spawn(async {})];
    for (error, text) in [
        (CallError::NoProc, "there is no such process".to_owned()),
        (CallError::Timeout, "no answer in time".to_owned()),
        (
            CallError::Exited("tired".into()),
            "the process ended before it answered: tired".to_owned(),
        ),
        (
            CallError::Deadlock(vec![a, b]),
            format!("these processes wait for each other: {a} -> {b} -> {a}"),
        ),
    ] {
        assert_eq!(error.to_string(), text);
    }
}
