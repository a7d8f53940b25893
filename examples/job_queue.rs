//! A job queue that keeps its head: a few jobs at a time, and a bounded number that wait.
//!
//! Producers come with more jobs than the workers can do. Watch for back-pressure: when the queue
//! is full, a producer waits for its place, and the queue is never longer than it may be. Watch for
//! jobs that fail: they are tried again, each time after a longer wait, and given up in the end,
//! without harm to any other. And watch for the job that hangs: its time is limited. (On standard
//! error are the reports of the processes in which an attempt has failed.)

use std::collections::VecDeque;

use kerosene::otp::{TaskError, task};
use kerosene::prelude::*;

const WAITING_MAX: usize = 3;
const RUNNING_MAX: usize = 2;
const ATTEMPTS_MAX: u32 = 4;
const ATTEMPT_WITHIN: Duration = Duration::from_millis(50);

#[derive(Debug, Clone, Copy)]
enum Job {
    /// Works.
    Easy(u32),
    /// Fails some times before it works.
    Flaky(u32),
    /// Fails always.
    Broken,
    /// Never ends.
    Hanging,
}

/// What the queue is asked.
enum Request {
    /// Answered when there is a place for the job: this is the back-pressure.
    Push(Job, ReplyTo<()>),
    /// Answered when there is a job: a worker waits here.
    Pull(ReplyTo<Job>),
    /// Answered with the greatest length there was.
    Longest(ReplyTo<usize>),
}

/// The queue. A receive that has no arm for a request leaves it in the mailbox, so producers wait
/// while it is full, and workers while it is empty.
async fn queue() {
    let mut waiting = VecDeque::new();
    let mut longest = 0;
    loop {
        let (is_full, is_empty) = (waiting.len() >= WAITING_MAX, waiting.is_empty());
        receive! {
            Request::Push(job, reply_to) if !is_full => {
                waiting.push_back(job);
                longest = longest.max(waiting.len());
                reply_to.reply(());
            }
            Request::Pull(reply_to) if !is_empty => match waiting.pop_front() {
                // The worker may have gone in the meantime; its job must not go with it.
                Some(job) if reply_to.is_wanted() => reply_to.reply(job),
                Some(job) => waiting.push_front(job),
                None => {}
            },
            Request::Longest(reply_to) => reply_to.reply(longest),
        }
    }
}

/// Does a job once. It may fail in any way: each attempt is a process of its own.
async fn attempt(job: Job, number: u32) -> String {
    sleep(Duration::from_millis(5)).await;
    match job {
        Job::Easy(n) => format!("{n} squared is {}", n * n),
        Job::Flaky(failures) if number >= failures => format!("worked after {failures} failures"),
        Job::Flaky(_) => exit("out of luck"),
        Job::Broken => exit("broken"),
        Job::Hanging => {
            sleep(Duration::MAX).await;
            String::new()
        }
    }
}

/// Does a job, again and again if need be.
async fn persist(job: Job) -> Result<String, TaskError> {
    let mut wait = Duration::from_millis(10);
    let mut number = 0;
    loop {
        let done = Task::spawn_nolink(attempt(job, number)).timeout(ATTEMPT_WITHIN).await;
        number += 1;
        match done {
            Err(error) if number < ATTEMPTS_MAX => println!("{job:?}: {error}; again in {wait:?}"),
            done => return done,
        }
        sleep(wait).await;
        wait *= 2;
    }
}

/// Takes jobs out of the queue and does them, one at a time. Ended by its supervisor.
async fn worker() {
    while let Ok(job) = call_with("queue", Request::Pull).timeout(Duration::MAX).await {
        match persist(job).await {
            Ok(result) => println!("{job:?}: {result}"),
            Err(error) => println!("{job:?}: given up: {error}"),
        }
        send("reporter", job);
    }
}

#[kerosene::main]
async fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    register("reporter", pid())?;
    let mut shop = Supervisor::new(Strategy::RestForOne)
        .child(ChildSpec::process("queue", queue).name("queue"));
    for number in 1..=RUNNING_MAX {
        shop = shop.child(ChildSpec::process(format!("worker {number}"), worker));
    }
    let shop = shop.start_link().await?;

    let mut jobs = vec![Job::Broken, Job::Flaky(2), Job::Hanging];
    jobs.extend((1..=9).map(Job::Easy));
    let count = jobs.len();
    // Four producers push at the same time, each as soon as it gets its place.
    let push = |job| async move {
        call_with("queue", |reply_to| Request::Push(job, reply_to)).timeout(Duration::MAX).await
    };
    let mut pushed = task::stream(jobs, 4, push).unordered().timeout(Duration::MAX);
    while let Some(outcome) = pushed.next().await {
        outcome??;
    }
    println!("all {count} jobs are in the queue, or further");

    for _ in 0..count {
        receive! { _: Job => () }
    }
    let longest = call_with("queue", Request::Longest).await?;
    println!("all jobs are done; there were never more than {longest} in the queue");
    assert!(longest <= WAITING_MAX, "the queue is bounded");
    shop.stop().await;
    Ok(())
}
