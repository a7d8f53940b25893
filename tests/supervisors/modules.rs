//! Trees of `#[supervisor]` modules, with `#[actor]`s as children.

use kerosene::otp::{self, StartError};
use kerosene::prelude::*;

use super::secs;

#[kerosene::actor]
mod counter {
    #[derive(Debug)]
    pub(crate) struct Counter {
        count: u64,
    }

    impl Counter {
        #[init]
        pub(crate) fn new(count: u64) -> Self {
            Self { count }
        }

        #[call]
        pub(crate) fn add(&mut self, by: u64) -> u64 {
            self.count = self.count.checked_add(by).expect("it fits");
            self.count
        }
    }
}

#[kerosene::supervisor(strategy = rest_for_one, intensity = 3, period = "5s", name = "shop")]
mod shop {
    use kerosene::prelude::*;

    use super::{counter, inner};

    #[child]
    fn counter() -> ChildSpec {
        counter::child_spec(100)
    }

    #[child(id = "sums", restart = transient)]
    async fn adder() -> Result<(), CallError> {
        loop {
            receive! { n: u64 => drop(super::the_counter().await.add(n).await?) }
        }
    }

    #[child]
    fn below() -> ChildSpec {
        inner::child_spec()
    }
}

#[kerosene::supervisor(strategy = one_for_all)]
mod inner {
    #[child(name = "leaf")]
    async fn leaf() {
        super::receive! { "end" => () }
    }
}

/// The actor below the supervisor, as it is now.
async fn the_counter() -> counter::Ref {
    let shop = SupervisorRef::named("shop").expect("it runs");
    loop {
        match shop.child("counter").await {
            Some(pid) => return counter::Ref::from(pid),
            None => yield_now().await,
        }
    }
}

#[kerosene::test(seeds = 20)]
async fn an_actor_is_restarted_with_its_arguments() -> Result<(), StartError> {
    let shop = shop::start_link().await?;
    let first = the_counter().await;
    assert_eq!(first.add(1).await, Ok(101));
    let (leaf, watch) = (whereis("leaf"), monitor("leaf"));
    // It overflows: the call fails with the panic, and what stands after the actor is restarted.
    assert!(matches!(first.add(u64::MAX).await, Err(CallError::Exited(ExitReason::Panic(_)))));
    super::down(watch).await;
    let again = whereis_or_wait("leaf", secs(5)).await;
    assert!(again.is_some() && again != leaf);
    let second = the_counter().await;
    assert_ne!(first.pid(), second.pid());
    assert_eq!(second.add(1).await, Ok(101));
    shop.stop().await;
    assert_eq!(process_count(), 1);
    Ok(())
}

#[kerosene::test(seeds = 20)]
async fn the_children_of_a_module_are_its_functions_in_order() -> Result<(), StartError> {
    let shop = shop::start_link().await?;
    let children = shop.which_children().await.expect("it runs");
    let seen: Vec<_> = children.iter().map(|c| (c.id.as_str(), c.kind, c.restart)).collect();
    let (worker, supervisor) = (otp::ChildKind::Worker, otp::ChildKind::Supervisor);
    let (permanent, transient) = (Restart::Permanent, Restart::Transient);
    let expected = [
        ("counter", worker, permanent),
        ("sums", worker, transient),
        ("below", supervisor, permanent),
    ];
    assert_eq!(seen, expected);
    Ok(())
}

/// Children that take arguments: some alone, one together, one beside what the library passes.
#[kerosene::supervisor(intensity = 2)]
mod office {
    use kerosene::otp::Stopping;
    use kerosene::prelude::*;

    use super::counter;

    #[child(name = "clerk")]
    async fn clerk(mut greeting: String, log: Pid) {
        loop {
            send(log, greeting.clone());
            receive! { "break" => panic!("on purpose"), () => greeting.push('!') }
        }
    }

    /// Its argument has the name of another child.
    #[child]
    fn counter(clerk: u64) -> ChildSpec {
        counter::child_spec(clerk)
    }

    #[child(blocking)]
    fn sampler(stopping: &Stopping, log: Pid, samples: Vec<u8>) {
        send(log, samples);
        while !stopping.is_set() {
            std::thread::yield_now();
        }
    }
}

/// What the clerk says, and the sampler.
async fn heard() -> (String, Vec<u8>) {
    (receive! { text: String => text }, receive! { samples: Vec<u8> => samples })
}

#[kerosene::test(real)]
async fn children_of_a_module_get_the_arguments_of_start_link() -> Result<(), StartError> {
    let samples = vec![1, 2, 3];
    let office = office::start_link("good morning".to_owned(), pid(), 40, samples).await?;
    assert_eq!(heard().await, ("good morning".to_owned(), vec![1, 2, 3]));
    let counter = office.child("counter").await.expect("it runs");
    assert_eq!(counter::Ref::from(counter).add(2).await, Ok(42));
    // What a child does to its own has no effect on the next.
    send("clerk", ());
    receive! { text: String => assert_eq!(text, "good morning!") }
    let watch = monitor("clerk");
    send("clerk", "break");
    super::down(watch).await;
    receive! { text: String => assert_eq!(text, "good morning") }
    office.stop().await;
    Ok(())
}

#[kerosene::test(real)]
async fn a_module_with_arguments_is_a_child_with_arguments() -> Result<(), StartError> {
    let spec = office::child_spec("hello".to_owned(), pid(), 0, vec![7]);
    // An office that starts before the killed one's clerk has left its name fails, and tries again.
    let top = Supervisor::default().intensity(100_000, secs(5)).child(spec).start_link().await?;
    assert_eq!(heard().await, ("hello".to_owned(), vec![7]));
    let first = top.child("office").await.expect("it runs");
    exit_signal(first, ExitReason::Kill);
    assert_eq!(heard().await, ("hello".to_owned(), vec![7]));
    top.stop().await;
    Ok(())
}
