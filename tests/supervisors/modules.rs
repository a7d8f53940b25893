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
