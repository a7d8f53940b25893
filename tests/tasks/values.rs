//! Waiting for the value of one task (TSK-1 to TSK-3).

use kerosene::otp::TaskError;
use kerosene::prelude::*;
use tokio::time::Instant;

use crate::{ended, mailbox, ms, outcome_of};

#[kerosene::test(seeds = 100)]
async fn a_task_gives_its_value_and_leaves_nothing() -> Result<(), TaskError> {
    trap_exit(true);
    for is_slow in [false, true] {
        let work = move || async move {
            if is_slow {
                sleep(ms(10)).await;
            }
            String::from("value")
        };
        let tasks = [Task::spawn(work()), Task::spawn_nolink(work())];
        for task in tasks {
            let process = task.pid();
            assert_eq!(task.await?, "value");
            ended(process).await;
        }
    }
    assert_eq!(mailbox().await, [""; 0]);
    Ok(())
}

#[kerosene::test]
async fn a_task_is_awaited_for_five_seconds_unless_told_otherwise() {
    let began = Instant::now();
    let late = Task::spawn(sleep(ms(5001)));
    let process = late.pid();
    assert_eq!(late.await, Err(TaskError::Timeout));
    assert_eq!(began.elapsed(), Duration::from_secs(5));
    assert!(!is_alive(process).await, "what is too late is ended");

    assert_eq!(Task::spawn(sleep(ms(4999))).await, Ok(()));
    assert_eq!(Task::spawn(sleep(ms(60_000))).timeout(ms(60_001)).await, Ok(()));
    assert_eq!(mailbox().await, [""; 0]);
}

#[kerosene::test(seeds = 100)]
async fn a_value_that_has_come_beats_the_timeout() {
    let task = Task::spawn(async { 1 });
    while is_alive(task.pid()).await {}
    assert_eq!(task.timeout(Duration::ZERO).await, Ok(1));
}

#[kerosene::test(seeds = 100)]
async fn waiting_for_a_while_keeps_the_task() {
    let mut task = Task::spawn(async {
        receive! { n: u64 => n }
    });
    assert_eq!(task.wait(Duration::ZERO).await, None);
    assert_eq!(task.wait(ms(10)).await, None);
    // Dropping the wait loses nothing, whenever it happens.
    send(task.pid(), 7_u64);
    let cut_short = tokio::time::timeout(Duration::ZERO, task.wait(Duration::MAX)).await;
    let value = match cut_short {
        Ok(value) => value,
        Err(_) => task.wait(Duration::MAX).await,
    };
    assert_eq!(value, Some(Ok(7)));
    let again = task.wait(Duration::MAX).await;
    assert_eq!(again, Some(Err(TaskError::Exited(ExitReason::NoProc))), "it is given once");
}

#[kerosene::test(seeds = 50)]
async fn only_the_owner_can_await() {
    for is_linked in [true, false] {
        let work = async { sleep(ms(100)).await };
        let task = if is_linked { Task::spawn(work) } else { Task::spawn_nolink(work) };
        let process = task.pid();
        let reason = outcome_of(async move { drop(task.await) }).await;
        let ExitReason::Panic(info) = reason else { panic!("it is refused, not {reason}") };
        assert!(info.message.contains("awaited by the process that has started"), "{info}");
        // The link of a task is its owner's; without one, whoever drops it ends it.
        assert_eq!(is_alive(process).await, is_linked);
    }
}

#[kerosene::test(seeds = 200)]
async fn a_shutdown_returns_a_value_that_has_come() {
    trap_exit(true);
    let task = Task::spawn(async { 1 });
    while is_alive(task.pid()).await {}
    assert_eq!(task.shutdown(Shutdown::Brutal).await, Some(Ok(1)));

    // Wherever the task is: it has ended, and either had its value or not.
    for how in [Shutdown::Brutal, Shutdown::After(ms(5)), Shutdown::Infinity] {
        let task = Task::spawn(async {
            yield_now().await;
            1
        });
        yield_now().await;
        let process = task.pid();
        let value = task.shutdown(how).await;
        assert!(matches!(value, None | Some(Ok(1))), "{value:?}");
        assert!(!is_alive(process).await);
    }
    assert_eq!(mailbox().await, [""; 0]);
}

/// Traps exits, and says what it has got.
async fn stubborn(patience: Duration) -> ExitReason {
    trap_exit(true);
    receive! { Exit { reason, .. } => {
        sleep(patience).await;
        reason
    } }
}

#[kerosene::test(seeds = 50)]
async fn a_shutdown_is_nice_first_and_then_kills() {
    let began = Instant::now();
    let mut task = Task::spawn(stubborn(ms(20)));
    assert_eq!(task.wait(ms(1)).await, None);
    assert_eq!(task.shutdown(ms(50)).await, Some(Ok(ExitReason::Shutdown)));
    assert_eq!(began.elapsed(), ms(21));

    let mut task = Task::spawn(stubborn(ms(60)));
    assert_eq!(task.wait(ms(1)).await, None);
    assert_eq!(task.shutdown(ms(50)).await, None);
    assert_eq!(began.elapsed(), ms(72));

    let mut task = Task::spawn(stubborn(ms(60)));
    assert_eq!(task.wait(ms(1)).await, None);
    assert_eq!(task.shutdown(Shutdown::Brutal).await, None);
    assert_eq!(began.elapsed(), ms(73));
}

#[kerosene::test(seeds = 50)]
async fn a_shutdown_tells_another_reason_to_end() {
    let mut task = Task::<()>::spawn_nolink(async { exit("by itself") });
    while is_alive(task.pid()).await {}
    assert_eq!(task.wait(Duration::ZERO).await, Some(Err(TaskError::Exited("by itself".into()))));

    let task = Task::<()>::spawn(async {
        trap_exit(true);
        receive! { Exit { .. } => exit("not like this") }
    });
    let reason = task.shutdown(Shutdown::Infinity).await;
    // It may not have come to trap exits.
    assert!(
        reason.is_none() || reason == Some(Err(TaskError::Exited("not like this".into()))),
        "{reason:?}"
    );
}
