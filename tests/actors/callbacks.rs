//! The forms that callbacks may have: arguments, answers, processes of their own.

use kerosene::prelude::*;

use crate::{ended, mailbox};

type Outcome = Result<(), Box<dyn std::error::Error + Send + Sync>>;

/// No `#[init]`: the state is made by `Default`. Any number of arguments, `mut`, `Self`, raw names.
#[kerosene::actor]
mod plain {
    use kerosene::prelude::*;

    #[derive(Default, Clone, Debug, PartialEq)]
    pub(crate) struct Plain {
        pub(crate) words: Vec<String>,
    }

    impl Plain {
        #[call]
        pub(crate) fn none(&self) {}

        #[call]
        pub(crate) fn four(&mut self, mut a: String, _: u8, _: bool, c: (u8, u8)) -> String {
            a.extend([c.0, c.1].map(|n| char::from(b'0' + n)));
            self.words.push(a.clone());
            a
        }

        #[call]
        pub(crate) fn copy(&self) -> Self {
            self.clone()
        }

        #[call]
        pub(crate) fn r#type(&self) -> &'static str {
            "plain"
        }

        #[cast]
        pub(crate) fn fail(&mut self, why: &'static str) -> Result<(), &'static str> {
            Err(why)
        }

        #[cfg(not(test))]
        #[call]
        pub(crate) fn absent(&self, what: NoSuchType) {}

        /// Answers, and ends.
        #[call]
        pub(crate) fn last(&mut self) -> (usize, Next) {
            (self.words.len(), Next::Stop("done".into()))
        }
    }
}

#[kerosene::test]
async fn a_state_without_init_is_its_default() -> Outcome {
    let plain = plain::start_link().await?;
    plain.none().await?;
    assert_eq!(plain.four("a".into(), 1, true, (2, 3)).await?, "a23");
    assert_eq!(plain.r#type().await?, "plain");
    assert_eq!(plain.copy().await?, plain::Plain { words: vec!["a23".to_owned()] });
    Ok(())
}

#[kerosene::test]
async fn an_error_of_a_cast_stops_the_actor_with_it() -> Outcome {
    let plain = plain::start().await?;
    plain.fail("no paper");
    assert_eq!(ended(plain).await.to_string(), "error: no paper");
    Ok(())
}

#[kerosene::test]
async fn a_call_may_answer_and_stop() -> Outcome {
    let (plain, watch) = plain::start_monitor().await?;
    assert_eq!(plain.last().await?, 0);
    receive! { Down { monitor, reason, .. } if monitor == watch => {
        assert_eq!(reason, "done".into());
    } }
    Ok(())
}

/// Handlers in processes of their own.
#[kerosene::actor]
mod fetcher {
    use kerosene::prelude::*;

    #[derive(Clone)]
    pub(crate) struct Fetcher {
        delay: Duration,
    }

    impl Fetcher {
        #[init]
        pub(crate) fn new(delay: Duration, traps: bool) -> Self {
            trap_exit(traps);
            Self { delay }
        }

        #[call(spawn, timeout = "infinity")]
        pub(crate) async fn fetch(&self, what: u32) -> (u32, Pid) {
            sleep(self.delay).await;
            (what, pid())
        }

        #[call(spawn)]
        pub(crate) async fn crash() -> u32 {
            panic!("no network")
        }

        #[call]
        pub(crate) fn links(&self) -> Pid {
            pid()
        }
    }
}

#[kerosene::test(seeds = 50)]
async fn spawned_handlers_run_beside_each_other() -> Outcome {
    for traps in [false, true] {
        let fetcher = fetcher::start_link(Duration::from_secs(10), traps).await?;
        let begun = tokio::time::Instant::now();
        let asked: Vec<_> = (0..5).map(|n| fetcher.fetch(n).send()).collect();
        for (n, answer) in (0..).zip(asked) {
            let (what, by) = answer.await?;
            assert_eq!(what, n);
            assert_ne!(by, fetcher.pid());
        }
        assert_eq!(begun.elapsed().as_secs(), 10);
        assert_eq!(fetcher.links().await?, fetcher.pid());
    }
    Ok(())
}

/// A handler that is done leaves neither a link nor an `Exit`.
#[kerosene::test(seeds = 50)]
async fn a_spawned_handler_leaves_nothing_behind() -> Outcome {
    let fetcher = fetcher::start(Duration::ZERO, true).await?;
    let (_, by) = fetcher.fetch(1).await?;
    ended(by).await;
    let info = process_info(fetcher.pid()).await.expect("alive");
    assert_eq!((info.links.len(), info.mailbox_len), (0, 0));
    Ok(())
}

#[kerosene::test(seeds = 50)]
async fn a_spawned_handler_that_crashes_tells_its_caller_and_ends_the_actor() -> Outcome {
    let (fetcher, watch) = fetcher::start_monitor(Duration::ZERO, false).await?;
    let Err(CallError::Exited(ExitReason::Panic(info))) = fetcher.crash().await else {
        panic!("the caller hears of the panic");
    };
    assert_eq!(info.message, "no network");
    receive! { Down { monitor, reason, .. } if monitor == watch => {
        assert!(matches!(reason, ExitReason::Panic(_)), "{reason}");
    } }
    Ok(())
}

#[kerosene::test(seeds = 50)]
async fn a_spawned_handler_ends_with_its_actor() -> Outcome {
    let fetcher = fetcher::start(Duration::from_secs(10), false).await?;
    let asked = fetcher.fetch(1).send();
    fetcher.links().await?;
    exit_signal(fetcher.pid(), "away");
    assert_eq!(asked.await, Err(CallError::Exited("away".into())));
    assert_eq!(mailbox().await, [""; 0]);
    Ok(())
}

/// Two actors that call each other.
#[kerosene::actor]
mod polite {
    use kerosene::prelude::*;

    #[derive(Default)]
    pub(crate) struct Polite;

    impl Polite {
        #[call]
        pub(crate) async fn ask(&mut self, mut whom: Vec<Pid>) -> Result<(), CallError> {
            match whom.pop() {
                None => Ok(()),
                Some(next) => Ref::from_pid(next).ask(whom).await?,
            }
        }
    }
}

#[kerosene::test(seeds = 50)]
async fn actors_that_call_each_other_hear_of_the_deadlock() -> Outcome {
    let (a, b) = (polite::start().await?, polite::start().await?);
    let outcome = a.ask(vec![a.pid(), b.pid()]).await?;
    let Err(CallError::Deadlock(cycle)) = outcome else { panic!("{outcome:?}") };
    assert!(cycle.contains(&a.pid()) && cycle.contains(&b.pid()) && cycle.len() == 2);
    assert_eq!(b.ask(vec![]).await?, Ok(()));
    Ok(())
}

/// Clients send requests around, each along a path of its own. Returns what they heard.
async fn sent_around(paths: Vec<Vec<usize>>) -> Vec<Result<(), CallError>> {
    let mut actors = Vec::new();
    for _ in 0..5 {
        actors.push(polite::start().await.expect("it starts").pid());
    }
    let clients: Vec<_> = paths
        .into_iter()
        .map(|path| {
            let mut path: Vec<Pid> = path.into_iter().map(|index| actors[index]).collect();
            let first = path.pop().expect("a path has a beginning");
            let test = pid();
            spawn(async move {
                let outcome = polite::Ref::from_pid(first).ask(path).await;
                send(test, outcome.and_then(|outcome| outcome));
            })
        })
        .collect();
    let mut outcomes = Vec::new();
    for _ in clients {
        receive! { outcome: Result<(), CallError> => outcomes.push(outcome) }
    }
    outcomes
}

/// Whatever waits for whatever: nobody waits for ever.
#[kerosene::test(seeds = 300)]
async fn calls_in_all_directions_are_answered_or_a_deadlock() {
    let mut state = 7_usize;
    let mut next = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 33) % below
    };
    let paths = (0..12).map(|_| (0..=next(4)).map(|_| next(5)).collect()).collect();
    for outcome in sent_around(paths).await {
        let is_expected =
            matches!(outcome, Ok(()) | Err(CallError::Deadlock(_) | CallError::CallingSelf));
        assert!(is_expected, "{outcome:?}");
    }
}

/// Who only calls those above itself is never part of a circle.
#[kerosene::test(seeds = 300)]
async fn calls_in_one_direction_are_no_deadlock() {
    // The last of a path is asked first.
    let paths = vec![
        vec![4, 3, 2, 1, 0],
        vec![4, 2, 0],
        vec![3, 1],
        vec![4, 3],
        vec![2, 1, 0],
        vec![4, 0],
        vec![4, 3, 1],
    ];
    for outcome in sent_around(paths).await {
        assert_eq!(outcome, Ok(()));
    }
}

/// Arguments that cannot be cloned or shared: only `child_spec` would need that.
#[kerosene::actor]
mod owner {
    pub(crate) struct Owner(Box<dyn FnMut() -> u32 + Send>);

    impl Owner {
        #[init]
        pub(crate) fn new(count: Box<dyn FnMut() -> u32 + Send>) -> Self {
            Self(count)
        }

        #[call]
        pub(crate) fn next(&mut self) -> u32 {
            (self.0)()
        }
    }
}

#[kerosene::test]
async fn arguments_need_not_be_clone() -> Outcome {
    let mut n = 0;
    let owner = owner::start_link(Box::new(move || {
        n += 1;
        n
    }))
    .await?;
    assert_eq!((owner.next().await?, owner.next().await?), (1, 2));
    Ok(())
}
