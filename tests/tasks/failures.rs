//! Tasks that fail, and owners that end (TSK-1, TSK-4, TSK-5).

use std::hint;
use std::time::Instant;

use kerosene::otp::{StartChildError, TaskError};
use kerosene::prelude::*;
use kerosene::put;

use crate::{ended, mailbox, ms, outcome_of};

#[kerosene::test(seeds = 200)]
async fn the_failure_of_a_linked_task_ends_its_owner() {
    // Whether the owner waits for it or does something else, and even if it would go on with the
    // error.
    let reason = outcome_of(async {
        let outcome = Task::<()>::spawn(async { exit("boom") }).await;
        panic!("the owner has seen {outcome:?}");
    });
    assert_eq!(reason.await, "boom".into());
    let reason = outcome_of(async {
        let _task = Task::<()>::spawn(async { exit("boom") });
        sleep(Duration::MAX).await;
    });
    assert_eq!(reason.await, "boom".into());
}

/// Takes its time to be dropped.
struct Slow;

impl Drop for Slow {
    fn drop(&mut self) {
        let began = Instant::now();
        while began.elapsed() < ms(1) {
            hint::spin_loop();
        }
    }
}

/// The owner has a thread of its own, and so learns that there will be no value while the task has
/// not come to tell its links.
#[kerosene::test(real, worker_threads = 2)]
async fn the_failure_of_a_linked_task_ends_its_owner_on_real_threads() {
    for _ in 0..50 {
        let owner = spawn_local(|| async {
            receive! { "go" => () }
            let work = async {
                put("slow", Slow);
                exit("boom")
            };
            let outcome = Task::<()>::spawn(work).await;
            panic!("the owner has seen {outcome:?}");
        });
        let watch = monitor(owner);
        send(owner, "go");
        receive! { Down { monitor, reason, .. } if monitor == watch => {
            assert_eq!(reason, "boom".into());
        } }
    }
}

#[kerosene::test(seeds = 200)]
async fn an_owner_that_traps_exits_gets_the_error_and_nothing_else() {
    trap_exit(true);
    let task = Task::<()>::spawn(async { exit("boom") });
    let process = task.pid();
    assert_eq!(task.await, Err(TaskError::Exited("boom".into())));
    ended(process).await;
    assert_eq!(mailbox().await, [""; 0]);
}

#[kerosene::test(real, worker_threads = 2)]
async fn an_owner_that_traps_exits_gets_the_error_and_nothing_else_on_real_threads() {
    trap_exit(true);
    for _ in 0..2000 {
        let task = Task::<()>::spawn(async { exit("boom") });
        assert_eq!(task.await, Err(TaskError::Exited("boom".into())));
        assert_eq!(mailbox().await, [""; 0]);
    }
}

#[kerosene::test(seeds = 100)]
async fn an_owner_that_has_taken_the_link_away_goes_on() {
    let task = Task::<()>::spawn(async {
        receive! { "go" => exit("boom") }
    });
    unlink(task.pid());
    send(task.pid(), "go");
    assert_eq!(task.await, Err(TaskError::Exited("boom".into())));
}

#[kerosene::test(seeds = 100)]
async fn the_failure_of_an_unlinked_task_is_an_error() {
    let panics = Task::<()>::spawn_nolink(async { panic!("oh") });
    let Err(TaskError::Exited(ExitReason::Panic(info))) = panics.await else {
        panic!("the panic is told")
    };
    assert_eq!(info.message, "oh");
    let killed = Task::spawn_nolink(sleep(Duration::MAX));
    exit_signal(killed.pid(), ExitReason::Kill);
    assert_eq!(killed.await, Err(TaskError::Exited(ExitReason::Killed)));
    assert_eq!(mailbox().await, [""; 0]);
}

#[kerosene::test(seeds = 100)]
async fn a_task_that_is_dropped_is_ended() {
    trap_exit(true);
    for is_stubborn in [false, true] {
        let work = move || async move {
            trap_exit(is_stubborn);
            sleep(Duration::MAX).await;
        };
        for task in [Task::spawn(work()), Task::spawn_nolink(work())] {
            yield_now().await;
            let process = task.pid();
            drop(task);
            assert!(!is_alive(process).await);
        }
    }
    assert_eq!(mailbox().await, [""; 0]);
}

/// Starts a process that owns a task, and ends it. Returns the process of the task.
async fn orphan(reason: ExitReason) -> Pid {
    let to = pid();
    let owner = spawn(async move {
        let task = Task::spawn(sleep(Duration::MAX));
        send(to, task.pid());
        receive! { reason: ExitReason => reason }
    });
    let task = receive! { task: Pid => task };
    send(owner, reason);
    ended(owner).await;
    task
}

#[kerosene::test(seeds = 100)]
async fn a_task_ends_with_its_owner_whatever_the_reason() {
    for reason in [ExitReason::Normal, ExitReason::Shutdown, "boom".into()] {
        let task = orphan(reason).await;
        ended(task).await;
    }
}

#[kerosene::test(seeds = 100)]
async fn a_supervised_task_stands_under_its_supervisor_alone() -> Result<(), StartChildError> {
    let tasks = DynamicSupervisor::new().max_children(1).start_link().await.expect("it starts");
    let task = Task::spawn_under(tasks, async {
        receive! { n: u64 => n }
    })
    .await?;
    let refused = Task::spawn_under(tasks, async {}).await;
    assert!(matches!(refused, Err(StartChildError::MaxChildren)), "{refused:?}");
    send(task.pid(), 7_u64);
    assert_eq!(task.await, Ok(7));

    // Its failure is an error, for its owner, and nothing to its supervisor.
    let task = Task::<()>::spawn_under(tasks, async { exit("boom") }).await?;
    assert_eq!(task.await, Err(TaskError::Exited("boom".into())));

    let task = Task::spawn_under(tasks, sleep(Duration::MAX)).await?;
    tasks.stop().await;
    assert_eq!(task.await, Err(TaskError::Exited(ExitReason::Shutdown)));
    Ok(())
}

#[kerosene::test(seeds = 200)]
async fn a_supervised_task_whose_start_is_given_up_does_not_stay() {
    let tasks = DynamicSupervisor::new().start_link().await.expect("it starts");
    for _ in 0..3 {
        let start = Task::spawn_under(tasks, sleep(Duration::MAX));
        tokio::select! {
            biased;
            _ = start => (),
            () = yield_now() => (),
        }
    }
    sleep(ms(1)).await;
    assert_eq!(tasks.count_children().await.map(|counts| counts.active), Ok(0));
}
