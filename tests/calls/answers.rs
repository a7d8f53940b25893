//! Who may answer a call, when, and how often.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use kerosene::otp::send_request;
use kerosene::prelude::*;

use crate::{Later, Now, Square, ended, mailbox, squarer, waiter};

#[kerosene::test(seeds = 200)]
async fn each_caller_gets_its_own_answer() {
    let server = squarer();
    let callers: Vec<(u64, Pid)> = (0..8)
        .map(|n| (n, spawn(async move { assert_eq!(call(server, Square(n)).await, Ok(n * n)) })))
        .collect();
    for (_, caller) in callers {
        let reason = ended(caller).await;
        assert!(matches!(reason, ExitReason::Normal | ExitReason::NoProc), "{reason}");
    }
}

#[kerosene::test(real, worker_threads = 4)]
async fn each_caller_gets_its_own_answer_on_real_threads() {
    let server = squarer();
    let callers: Vec<_> = (0..8_u64)
        .map(|k| {
            spawn_monitor(async move {
                for n in k * 1000..(k + 1) * 1000 {
                    assert_eq!(call(server, Square(n)).await, Ok(n * n));
                }
            })
        })
        .collect();
    for (_, watch) in callers {
        let reason = receive! { Down { monitor, reason, .. } if monitor == watch => reason };
        assert_eq!(reason, ExitReason::Normal);
    }
}

#[kerosene::test(seeds = 100)]
async fn an_answer_comes_from_any_process() {
    let clerk = spawn(async {
        receive! { reply_to: ReplyTo<&'static str> => {
            sleep(Duration::from_secs(1)).await;
            reply_to.reply("from the clerk");
        } }
    });
    let server = spawn(async move {
        receive! { Call { request: Later, reply_to } => send(clerk, reply_to) }
    });
    assert_eq!(call(server, Later).await, Ok("from the clerk"));
}

#[kerosene::test(seeds = 100)]
async fn an_answer_by_another_comes_though_the_server_has_ended() {
    let server = spawn(async {
        receive! { Call { request: Later, reply_to } => {
            spawn(async move {
                sleep(Duration::from_secs(1)).await;
                reply_to.reply("after the end");
            });
        } }
    });
    let watch = monitor(server);
    assert_eq!(call(server, Later).await, Ok("after the end"));
    receive! {
        Down { monitor, .. } if monitor == watch => (),
        after Duration::ZERO => panic!("alive"),
    }
}

#[kerosene::test(real)]
async fn an_answer_comes_from_a_thread_and_from_a_tokio_task() {
    let server = spawn(async {
        receive! { Call { request: Later, reply_to } => {
            std::thread::spawn(move || reply_to.reply("thread"));
        } }
        receive! { Call { request: Later, reply_to } => {
            tokio::spawn(async move { reply_to.reply("task") });
        } }
    });
    assert_eq!(call(server, Later).await, Ok("thread"));
    assert_eq!(call(server, Later).await, Ok("task"));
}

#[kerosene::test(seeds = 100)]
async fn a_late_answer_is_never_seen() {
    let server = waiter();
    let late = call(server, Later).timeout(Duration::from_millis(5)).await;
    assert_eq!(late, Err(CallError::Timeout));
    send(server, Now);
    ended(server).await;
    assert_eq!(mailbox().await, [""; 0]);
}

/// The answer arrives at the very moment at which the time is over, before or after.
#[kerosene::test(seeds = 300)]
async fn an_answer_or_a_timeout_never_both() {
    let server = spawn(async {
        receive! { Call { request: Later, reply_to } => {
            sleep(Duration::from_millis(5)).await;
            reply_to.reply("just");
        } }
    });
    let outcome = call(server, Later).timeout(Duration::from_millis(5)).await;
    assert!(matches!(outcome, Ok("just") | Err(CallError::Timeout)), "{outcome:?}");
    ended(server).await;
    assert_eq!(mailbox().await, [""; 0]);
}

#[kerosene::test]
async fn an_answer_that_has_come_beats_a_timeout_that_is_over() {
    let server = waiter();
    let mut request = send_request(server, Later);
    send(server, Now);
    ended(server).await;
    assert_eq!(request.wait(Duration::ZERO).await, Some(Ok("now")));
    let server = waiter();
    let request = send_request(server, Later);
    send(server, Now);
    ended(server).await;
    assert_eq!(request.receive(Duration::ZERO).await, Ok("now"));
}

#[kerosene::test]
async fn the_server_runs_a_request_that_nobody_waits_for() {
    let seen = Arc::new(Mutex::new(None));
    let log = Arc::clone(&seen);
    let server = spawn(async move {
        receive! { Now => () }
        receive! { Call { request: Square(n), reply_to } => {
            *log.lock().unwrap() = Some((n, reply_to.is_wanted()));
            reply_to.reply(n);
        } }
    });
    let late = call(server, Square(3)).timeout(Duration::from_millis(1)).await;
    assert_eq!(late, Err(CallError::Timeout));
    send(server, Now);
    assert_eq!(ended(server).await, ExitReason::Normal);
    assert_eq!(*seen.lock().unwrap(), Some((3, false)));
}

#[kerosene::test]
async fn the_server_outlives_a_caller_that_dies() {
    let server = squarer();
    let busy = spawn(async move {
        let _ = call(server, Square(1)).await;
        sleep(Duration::MAX).await;
    });
    exit_signal(busy, ExitReason::Kill);
    assert_eq!(call(server, Square(2)).await, Ok(4));
}

/// Nothing but the answer itself is taken, however much is there.
#[kerosene::test]
async fn a_call_does_not_touch_the_mailbox() {
    let server = squarer();
    for n in 0..1000_u32 {
        send(pid(), n);
    }
    assert_eq!(call(server, Square(2)).await, Ok(4));
    let before = process_info(pid()).await.expect("alive");
    assert_eq!(before.mailbox_len, 1000);
    assert!(before.monitors.is_empty());
    for n in 0..1000 {
        receive! { m: u32 => assert_eq!(m, n) }
    }
}

#[kerosene::test]
async fn nothing_is_sent_before_a_call_is_awaited() {
    let server = squarer();
    drop(call(server, Square(1)));
    let info = process_info(server).await.expect("alive");
    assert_eq!(info.mailbox_len, 0);
}

#[kerosene::test]
async fn a_dropped_call_gives_the_answer_up() {
    let server = waiter();
    tokio::select! {
        biased;
        _ = call(server, Later) => unreachable!("nobody has said now"),
        () = sleep(Duration::from_millis(1)) => {}
    }
    send(server, Now);
    assert_eq!(ended(server).await, ExitReason::Normal);
    assert_eq!(mailbox().await, [""; 0]);
}

/// Calls are given up while their answers are on the way, and the next ones begin at once: whoever
/// waits gets the answer to what it asked, and whoever has given up gets none.
#[kerosene::test(real)]
async fn an_answer_reaches_its_own_call_or_nobody() {
    const CALLERS: u64 = 4;
    const CALLS: u64 = 1000;
    let (hand, handed) = std::sync::mpsc::channel::<(u64, ReplyTo<u64>)>();
    let thread = std::thread::spawn(move || {
        for (n, reply_to) in handed {
            reply_to.reply(n * n);
        }
    });
    let server = spawn(async move {
        loop {
            receive! { Call { request: Square(n), reply_to } => {
                if n % 2 == 0 {
                    reply_to.reply(n * n);
                } else {
                    hand.send((n, reply_to)).expect("the thread receives");
                }
            } }
        }
    });
    let me = pid();
    for caller in 0..CALLERS {
        spawn_link(async move {
            for n in (0..CALLS).map(|n| n * CALLERS + caller) {
                let mut given_up = send_request(server, Square(n + 1));
                if n % 3 == 0 {
                    let answer = given_up.wait(Duration::ZERO).await;
                    assert!(answer.is_none_or(|answer| answer == Ok((n + 1) * (n + 1))));
                }
                drop(given_up);
                assert_eq!(call(server, Square(n)).await, Ok(n * n));
            }
            send(me, "done");
        });
    }
    for _ in 0..CALLERS {
        receive! { "done" => () }
    }
    exit_signal(server, ExitReason::Kill);
    assert!(blocking(|| thread.join()).await.expect("no panic").is_ok());
}
