//! Calls from where no process runs: threads and tokio tasks.

use std::panic::{AssertUnwindSafe, catch_unwind};

use kerosene::otp::blocking_call;
use kerosene::prelude::*;

use crate::{Later, Square, squarer};

#[kerosene::test(real)]
async fn a_plain_thread_calls_and_blocks() {
    let server = squarer();
    let thread = std::thread::spawn(move || {
        let answer = blocking_call(server, Square(5));
        let nobody = blocking_call("nobody", Square(5));
        let deaf = call(server, Later).timeout(Duration::from_millis(5)).block();
        (answer, nobody, deaf)
    });
    let outcome = blocking(|| thread.join()).await.expect("no panic").expect("no panic");
    assert_eq!(outcome, (Ok(25), Err(CallError::NoProc), Err(CallError::Timeout)));
}

#[kerosene::test(real)]
async fn a_plain_thread_hears_why_the_server_ended() {
    let server = spawn(async {
        receive! { Call { request: Later, reply_to } => {
            let _kept = reply_to;
            exit("over")
        } }
    });
    let outcome = blocking(move || blocking_call(server, Later)).await.expect("no panic");
    assert_eq!(outcome, Err(CallError::Exited("over".into())));
}

#[kerosene::test(real)]
async fn a_tokio_task_calls_as_a_process_does() {
    let server = squarer();
    let task = tokio::spawn(async move {
        let late = call(server, Later).timeout(Duration::from_millis(5)).await;
        (call(server, Square(3)).await, late)
    });
    let outcome = task.await.expect("no panic");
    assert_eq!(outcome, (Ok(9), Err(CallError::Timeout)));
}

#[kerosene::test]
async fn a_process_may_not_block() {
    let server = squarer();
    let asked = catch_unwind(AssertUnwindSafe(|| blocking_call(server, Square(1))));
    let payload = asked.expect_err("it would stop the thread");
    let text = payload.downcast_ref::<&str>().expect("a text");
    assert!(text.contains("await the call"), "{text}");
}
