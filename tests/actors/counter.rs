//! The actor of the README, used by its neighbours as a user would.

use kerosene::prelude::*;

use crate::ended;

#[kerosene::actor]
pub(crate) mod counter {
    use kerosene::prelude::*;

    #[derive(Debug)]
    pub(crate) struct LimitError(pub(crate) u64);

    impl std::fmt::Display for LimitError {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            write!(f, "{} is no limit", self.0)
        }
    }

    impl std::error::Error for LimitError {}

    #[derive(Debug)]
    pub(crate) struct Tick(pub(crate) u64);

    #[derive(Debug)]
    pub(crate) struct Counter {
        pub(crate) count: u64,
        limit: u64,
        waiting: Vec<(u64, ReplyTo<u64>)>,
    }

    impl Counter {
        #[init]
        pub(crate) async fn new(limit: u64) -> Result<Self, LimitError> {
            if limit == 0 {
                return Err(LimitError(limit));
            }
            yield_now().await;
            Ok(Self { count: 0, limit, waiting: Vec::new() })
        }

        /// Adds, and says how many there are.
        #[call]
        pub(crate) fn add(&mut self, by: u64) -> u64 {
            self.count += by;
            let (now, later) = self.waiting.drain(..).partition(|(n, _)| *n <= self.count);
            self.waiting = later;
            let now: Vec<(u64, ReplyTo<u64>)> = now;
            for (_, reply_to) in now {
                reply_to.reply(self.count);
            }
            self.count
        }

        /// A `Result` is an answer like any other.
        #[call]
        pub(crate) fn add_within(&mut self, by: u64) -> Result<u64, LimitError> {
            if self.count + by > self.limit {
                return Err(LimitError(self.count + by));
            }
            Ok(self.add(by))
        }

        #[call(timeout = "500us")]
        pub(crate) fn wait_a_little_for(&mut self, n: u64, reply_to: ReplyTo<u64>) {
            self.wait_for(n, reply_to);
        }

        #[call(timeout = "30s")]
        pub(crate) fn wait_for(&mut self, n: u64, reply_to: ReplyTo<u64>) {
            self.waiting.push((n, reply_to));
        }
    }

    /// A second block.
    impl Counter {
        #[call]
        pub(crate) async fn get(&self) -> u64 {
            self.count
        }

        #[cast]
        pub(crate) async fn reset(&mut self) {
            self.count = 0;
        }

        #[info]
        pub(crate) fn tick(&mut self, Tick(n): Tick) -> Next {
            if n > self.limit {
                return Next::Stop(ExitReason::Normal);
            }
            self.count += n;
            Next::Continue
        }
    }
}

use counter::{Counter, Tick};

type Outcome = Result<(), Box<dyn std::error::Error + Send + Sync>>;

#[kerosene::test(seeds = 20)]
async fn calls_and_casts_are_methods_of_the_reference() -> Outcome {
    let counter = counter::start_link(100).await?;
    assert_eq!(counter.add(3).await?, 3);
    assert_eq!(counter.add(4).timeout(Duration::from_secs(1)).await?, 7);
    counter.reset();
    assert_eq!(counter.get().await?, 0);
    send(counter, Tick(5));
    assert_eq!(counter.get().await?, 5);
    Ok(())
}

#[kerosene::test]
async fn a_result_is_an_answer_and_no_crash() -> Outcome {
    let counter = counter::start_link(10).await?;
    assert_eq!(counter.add_within(7).await?.ok(), Some(7));
    assert_eq!(counter.add_within(7).await?.map_err(|error| error.0), Err(14));
    assert_eq!(counter.get().await?, 7);
    Ok(())
}

#[kerosene::test(seeds = 20)]
async fn a_deferred_answer_comes_when_the_actor_gives_it() -> Outcome {
    let counter = counter::start_link(100).await?;
    let waiting = counter.wait_for(5).send();
    assert_eq!(counter.add(4).await?, 4);
    assert_eq!(counter.add(4).await?, 8);
    assert_eq!(waiting.await?, 8);
    Ok(())
}

#[kerosene::test]
async fn a_call_has_the_timeout_of_its_attribute() -> Outcome {
    let counter = counter::start_link(100).await?;
    let begun = tokio::time::Instant::now();
    assert_eq!(counter.wait_for(5).await, Err(CallError::Timeout));
    assert_eq!(begun.elapsed().as_secs(), 30);
    let begun = tokio::time::Instant::now();
    assert_eq!(counter.wait_a_little_for(5).await, Err(CallError::Timeout));
    assert!(begun.elapsed() >= Duration::from_micros(500));
    Ok(())
}

#[kerosene::test]
async fn a_reference_is_a_copy_of_a_pid_and_a_destination() -> Outcome {
    let counter = counter::start_link(100).await?;
    let same = counter;
    assert_eq!(counter, same);
    assert_eq!(counter::Ref::from_pid(counter.pid()), counter);
    assert_eq!(Pid::from(counter), counter.pid());
    assert_ne!(counter, counter::start_link(100).await?);
    send(same, Tick(2));
    let watch = monitor(counter);
    assert_eq!(counter.get().await?, 2);
    counter.stop().await?;
    receive! { Down { monitor, pid, .. } if monitor == watch => assert_eq!(pid, counter.pid()) }
    assert_eq!(counter.get().await, Err(CallError::NoProc));
    Ok(())
}

#[kerosene::test]
async fn a_reference_by_name_follows_the_name() -> Outcome {
    let by_name = counter::Ref::by_name("counter");
    assert_eq!(by_name.get().await, Err(CallError::NoProc));
    assert_eq!(counter::Ref::named("counter"), Err(CallError::NoProc));
    let first = counter::start_named("counter", 100).await?;
    assert_eq!(by_name.add(1).await?, 1);
    assert_eq!(counter::Ref::named("counter")?, first);
    first.stop().await?;
    assert_eq!(by_name.get().await, Err(CallError::NoProc));
    counter::start_named("counter", 100).await?;
    assert_eq!(by_name.add(7).await?, 7);
    by_name.reset();
    assert_eq!(by_name.get().await?, 0);
    Ok(())
}

#[kerosene::test]
async fn an_actor_is_started_with_a_monitor() -> Outcome {
    let (counter, watch) = counter::start_monitor(5).await?;
    send(counter, Tick(6));
    receive! { Down { monitor, reason, .. } if monitor == watch => {
        assert_eq!(reason, ExitReason::Normal);
    } }
    Ok(())
}

#[kerosene::test]
async fn an_actor_is_a_child_of_a_supervisor() -> Outcome {
    use kerosene::otp::{Strategy, Supervisor};

    let spec = counter::child_spec(100);
    assert_eq!(spec.id(), "counter");
    let supervisor = Supervisor::new(Strategy::OneForOne).child(spec).start_link().await?;
    let children = supervisor.which_children().await?;
    let first = counter::Ref::from_pid(children[0].state.pid().expect("it runs"));
    assert_eq!(first.add(3).await?, 3);
    exit_signal(first.pid(), ExitReason::Kill);
    ended(first).await;
    let again = loop {
        let children = supervisor.which_children().await?;
        match children[0].state.pid().filter(|pid| *pid != first.pid()) {
            Some(pid) => break counter::Ref::from_pid(pid),
            None => yield_now().await,
        }
    };
    assert_eq!(again.get().await?, 0);
    Ok(())
}

/// The state is an ordinary type.
#[test]
fn methods_are_tested_without_a_process() {
    let mut counter = ready(Counter::new(10)).expect("a limit");
    assert_eq!(counter.add(3), 3);
    assert!(counter.add_within(8).is_err());
    assert!(matches!(counter.tick(Tick(11)), Next::Stop(ExitReason::Normal)));
    assert!(ready(Counter::new(0)).is_err());
}

/// Polls a future that does not wait for anything but its turn.
fn ready<T>(future: impl Future<Output = T>) -> T {
    let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
    let mut future = std::pin::pin!(future);
    loop {
        if let std::task::Poll::Ready(value) = future.as_mut().poll(&mut cx) {
            return value;
        }
    }
}

#[kerosene::test(real, worker_threads = 2)]
async fn an_actor_is_called_from_a_plain_thread() -> Outcome {
    let counter = counter::start_link(100).await?;
    let thread = std::thread::spawn(move || counter.add(4).block());
    let answer = blocking(|| thread.join()).await?;
    assert_eq!(answer.expect("no panic")?, 4);
    Ok(())
}
