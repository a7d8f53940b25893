//! Several requests at once, and requests to several.

use kerosene::otp::{Requests, multi_call, send_request};
use kerosene::prelude::*;
use tokio::time::Instant;

use crate::{Later, Now, Square, ended, mailbox, squarer, waiter};

fn after_ms(delay: u64) -> Pid {
    spawn(async move {
        receive! { Call { request: Square(n), reply_to } => {
            sleep(Duration::from_millis(delay)).await;
            reply_to.reply(n * n);
        } }
    })
}

#[kerosene::test(seeds = 100)]
async fn requests_are_awaited_in_any_order() {
    let server = squarer();
    let [a, b, c] = [1, 2, 3].map(|n| send_request(server, Square(n)));
    assert_eq!((c.await, a.await, b.await), (Ok(9), Ok(1), Ok(4)));
    assert_eq!(mailbox().await, [""; 0]);
}

#[kerosene::test]
async fn a_response_that_is_late_is_given_up_by_receive_and_kept_by_wait() {
    let server = waiter();
    let mut kept = send_request(server, Later);
    assert_eq!(kept.wait(Duration::from_millis(1)).await, None);
    send(server, Now);
    assert_eq!(kept.await, Ok("now"));

    let server = waiter();
    let given_up = send_request(server, Later).receive(Duration::from_millis(1)).await;
    assert_eq!(given_up, Err(CallError::Timeout));
    send(server, Now);
    ended(server).await;
    assert_eq!(mailbox().await, [""; 0]);
}

#[kerosene::test(seeds = 100)]
async fn a_collection_gives_answers_as_they_come_with_their_labels() {
    let mut requests = Requests::new();
    assert_eq!(requests.next().await, None::<(&str, _)>);
    for (label, delay, n) in [("slow", 30, 3), ("quick", 10, 1), ("middling", 20, 2)] {
        requests.add(label, send_request(after_ms(delay), Square(n)));
    }
    requests.add("nobody", send_request("nobody", Square(0)));
    assert_eq!(requests.len(), 4);
    assert_eq!(requests.next().await, Some(("nobody", Err(CallError::NoProc))));
    assert_eq!(requests.next().await, Some(("quick", Ok(1))));
    assert_eq!(requests.next().await, Some(("middling", Ok(4))));
    assert_eq!(requests.next().await, Some(("slow", Ok(9))));
    assert_eq!(requests.next().await, None);
    assert!(requests.is_empty());
}

#[kerosene::test]
async fn a_common_deadline_is_absolute() {
    let mut requests = Requests::new();
    for delay in [10, 20, 300] {
        requests.add(delay, send_request(after_ms(delay), Square(delay)));
    }
    let begun = Instant::now();
    requests.within(Duration::from_millis(100));
    assert_eq!(requests.next().await, Some((10, Ok(100))));
    assert_eq!(requests.next().await, Some((20, Ok(400))));
    assert_eq!(requests.next().await, Some((300, Err(CallError::Timeout))));
    assert!(begun.elapsed() < Duration::from_millis(110), "{:?}", begun.elapsed());
}

#[kerosene::test(seeds = 50)]
async fn a_multi_call_gives_partial_results_in_order() {
    #[derive(Clone)]
    struct Which;

    impl Request for Which {
        type Reply = usize;
    }

    let servers: Vec<Pid> = (0..4_usize)
        .map(|n| {
            spawn(async move {
                receive! { Call { request: Which, reply_to } => match n {
                    1 => drop(reply_to),
                    2 => sleep(Duration::MAX).await,
                    n => reply_to.reply(n),
                } }
                sleep(Duration::MAX).await;
            })
        })
        .collect();
    let results = multi_call(servers.clone(), Which, Duration::from_secs(1)).await;
    let expected = [Ok(0), Err(CallError::NoReply), Err(CallError::Timeout), Ok(3)];
    assert_eq!(results, servers.into_iter().zip(expected).collect::<Vec<_>>());
    assert_eq!(mailbox().await, [""; 0]);
}

#[kerosene::test]
async fn a_cast_never_fails() {
    cast("nobody", 1_u8);
    cast(pid(), 2_u8);
    receive! { n: u8 => assert_eq!(n, 2) }
}
