//! Calls that wait for each other: found when it is certain, and never otherwise.

use kerosene::prelude::*;
use tokio::time::Instant;

use crate::{Now, ended};

/// Asks a process to ask the next one, and answers with what came of it.
struct Ask(Vec<Pid>);

impl Request for Ask {
    type Reply = Result<(), CallError>;
}

/// A process that answers in person.
fn asker() -> Pid {
    spawn(async {
        loop {
            receive! { question: Call<Ask> => question.answer(pass_on).await }
        }
    })
}

async fn pass_on(Ask(mut rest): Ask) -> Result<(), CallError> {
    match rest.pop() {
        None => Ok(()),
        Some(next) => call(next, Ask(rest)).await.and_then(|outcome| outcome),
    }
}

#[kerosene::test(seeds = 100)]
async fn a_cycle_of_calls_is_a_deadlock() {
    let begun = Instant::now();
    let [a, b, c] = [asker(), asker(), asker()];
    // a -> b -> c -> a
    let outcome = call(a, Ask(vec![a, c, b])).await;
    let Ok(Err(CallError::Deadlock(cycle))) = outcome else { panic!("{outcome:?}") };
    assert_eq!(cycle.len(), 3);
    let first = cycle.iter().position(|pid| *pid == a).expect("a is in the cycle");
    let turned: Vec<Pid> = cycle[first..].iter().chain(&cycle[..first]).copied().collect();
    assert_eq!(turned, [a, b, c]);
    assert!(begun.elapsed() < Duration::from_millis(100), "{:?}", begun.elapsed());
}

#[kerosene::test(seeds = 100)]
async fn one_call_of_a_cycle_fails_and_the_others_go_on() {
    let [a, b] = [asker(), asker()];
    let outcome = call(a, Ask(vec![a, b])).await;
    assert!(matches!(outcome, Ok(Err(CallError::Deadlock(_)))), "{outcome:?}");
    assert_eq!(call(a, Ask(vec![])).await, Ok(Ok(())));
    assert_eq!(call(b, Ask(vec![])).await, Ok(Ok(())));
}

#[kerosene::test(real, worker_threads = 4)]
async fn a_deadlock_is_found_on_real_threads() {
    for _ in 0..20 {
        let [a, b] = [asker(), asker()];
        let outcome = call(a, Ask(vec![a, b])).await;
        assert!(matches!(outcome, Ok(Err(CallError::Deadlock(_)))), "{outcome:?}");
    }
}

#[kerosene::test(seeds = 200)]
async fn a_long_chain_is_no_cycle() {
    let [a, b, c] = [asker(), asker(), asker()];
    let slow = spawn(async {
        receive! { Call { request: Ask(_), reply_to } => {
            sleep(Duration::from_secs(1)).await;
            reply_to.reply(Ok(()));
        } }
    });
    assert_eq!(call(a, Ask(vec![slow, c, b])).await, Ok(Ok(())));
}

/// The one who is waited for has given the request to somebody else, who will answer.
#[kerosene::test(seeds = 200)]
async fn a_request_that_was_handed_on_is_no_deadlock() {
    let a = asker();
    let clerk = spawn(async {
        receive! { reply_to: ReplyTo<Result<(), CallError>> => {
            sleep(Duration::from_secs(1)).await;
            reply_to.reply(Ok(()));
        } }
    });
    let (outcome_to, b) = (
        pid(),
        spawn(async move {
            let outcome_to = receive! { to: Pid => to };
            receive! { Call { request: Ask(_), reply_to } => send(clerk, reply_to) }
            // While `a` waits for the clerk, this waits for `a`.
            send(outcome_to, call(a, Ask(vec![])).await);
        }),
    );
    send(b, outcome_to);
    assert_eq!(call(a, Ask(vec![b])).await, Ok(Ok(())));
    receive! { outcome: Result<Result<(), CallError>, CallError> => {
        assert_eq!(outcome, Ok(Ok(())));
    } }
}

/// A process that receives beside its call can still serve.
#[kerosene::test(seeds = 100)]
async fn a_process_that_also_receives_is_not_stuck() {
    let b = asker();
    let a = spawn(async move {
        receive! { Now => () }
        let me = pid();
        let mut asking = std::pin::pin!(call(b, Ask(vec![me])));
        loop {
            tokio::select! {
                outcome = &mut asking => return assert_eq!(outcome, Ok(Ok(()))),
                () = async {
                    receive! { Call { request: Ask(_), reply_to } => {
                        sleep(Duration::from_millis(500)).await;
                        reply_to.reply(Ok(()));
                    } }
                } => {}
            }
        }
    });
    let watch = monitor(a);
    send(a, Now);
    receive! { Down { monitor, reason, .. } if monitor == watch => {
        assert_eq!(reason, ExitReason::Normal);
    } }
}

#[kerosene::test]
async fn a_deadlock_leaves_nothing_published() {
    for _ in 0..3 {
        let [a, b] = [asker(), asker()];
        let outcome = call(a, Ask(vec![a, b])).await;
        assert!(matches!(outcome, Ok(Err(CallError::Deadlock(_)))), "{outcome:?}");
        exit_signal(a, ExitReason::Kill);
        exit_signal(b, ExitReason::Kill);
        ended(a).await;
        ended(b).await;
    }
}
