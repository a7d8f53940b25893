//! Several tasks under one deadline (TSK-6).

use kerosene::otp::TaskError;
use kerosene::otp::task::{await_many, wait_many};
use kerosene::prelude::*;
use tokio::time::Instant;

use crate::{mailbox, ms};

fn after(delay_ms: u64) -> Task<u64> {
    Task::spawn_nolink(async move {
        sleep(ms(delay_ms)).await;
        delay_ms
    })
}

#[kerosene::test(seeds = 50)]
async fn the_values_of_many_come_in_order_under_one_deadline() {
    let began = Instant::now();
    let values = await_many([30, 10, 20].map(after), ms(31)).await;
    assert_eq!(values, Ok(vec![30, 10, 20]));
    assert_eq!(began.elapsed(), ms(30), "they run side by side");

    let tasks = [30, 50, 20].map(after);
    let processes = tasks.each_ref().map(Task::pid);
    assert_eq!(await_many(tasks, ms(40)).await, Err(TaskError::Timeout));
    assert_eq!(began.elapsed(), ms(70));
    for process in processes {
        assert!(!is_alive(process).await);
    }
    assert_eq!(await_many::<()>([], Duration::ZERO).await, Ok(vec![]));
}

#[kerosene::test(seeds = 50)]
async fn the_first_of_many_that_fails_ends_the_others() {
    let failing = Task::spawn_nolink(async {
        sleep(ms(15)).await;
        exit("boom")
    });
    let slow = after(60_000);
    let process = slow.pid();
    let outcome = await_many([after(10), failing, slow], Duration::MAX).await;
    assert_eq!(outcome, Err(TaskError::Exited("boom".into())));
    assert!(!is_alive(process).await);
}

#[kerosene::test(seeds = 50)]
async fn waiting_for_many_keeps_those_that_are_not_done() {
    let mut tasks = [30, 10, 50].map(after);
    let outcomes = wait_many(&mut tasks, ms(40)).await;
    assert_eq!(outcomes, [Some(Ok(30)), Some(Ok(10)), None]);
    let [.., last] = tasks;
    assert_eq!(last.await, Ok(50));
    assert_eq!(mailbox().await, [""; 0]);
}
