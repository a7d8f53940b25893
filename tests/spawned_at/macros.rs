//! What the macros add to a module starts processes at the line of the user's that asks for them.

use kerosene::prelude::*;

use super::{Tested, check_place, waits};

#[kerosene::actor]
mod answers {
    use kerosene::prelude::*;

    #[derive(Clone, Default)]
    pub(crate) struct Answers;

    /// The line of the callback that runs in a process of its own.
    pub(crate) const SPAWNED: u32 = line!() + 5;

    impl Answers {
        /// Where the process of the callback was spawned.
        #[call(spawn)]
        pub(crate) async fn place() -> (String, u32) {
            let info = process_info(pid()).await.expect("a process that runs is alive");
            (info.spawned_at.file().to_owned(), info.spawned_at.line())
        }
    }
}

#[kerosene::actor]
mod counter {
    pub(crate) struct Counter(u64);

    impl Counter {
        #[init]
        pub(crate) fn new(count: u64) -> Self {
            Self(count)
        }

        #[call]
        pub(crate) fn count(&self) -> u64 {
            self.0
        }
    }
}

#[kerosene::supervisor(strategy = one_for_one)]
mod tree {
    use kerosene::otp::Stopping;
    use kerosene::prelude::*;

    use super::{counter, waits};

    pub(crate) const PLAIN: u32 = line!() + 3;

    #[child]
    async fn plain() {
        waits().await;
    }

    pub(crate) const NAMED: u32 = line!() + 3;

    #[child(name = "named")]
    async fn named() {
        waits().await;
    }

    pub(crate) const GIVEN: u32 = line!() + 3;

    #[child]
    async fn given(text: String) {
        receive! { other: String if other == text => () }
    }

    pub(crate) const BLOCKING: u32 = line!() + 3;

    #[child(blocking)]
    fn thread(stopping: &Stopping) {
        while !stopping.is_set() {
            std::thread::yield_now();
        }
    }

    pub(crate) const ACTOR: u32 = line!() + 4;

    #[child]
    fn actor() -> ChildSpec {
        counter::child_spec(3)
    }
}

#[kerosene::test(seeds = 10)]
async fn an_actor_is_spawned_at_its_start() -> Tested {
    let line = line!() + 1;
    let plain = counter::start(1).await?;
    let linked = counter::start_link(1).await?;
    let (watched, _) = counter::start_monitor(1).await?;
    let named = counter::start_named("counter", 1).await?;
    let defaulted = answers::start().await?.pid();
    let actors = [plain, linked, watched, named].map(counter::Ref::pid);
    for (actor, line) in actors.into_iter().chain([defaulted]).zip(line..) {
        check_place(actor, file!(), line).await;
    }
    Ok(())
}

#[kerosene::test(seeds = 10)]
async fn a_callback_in_a_process_of_its_own_is_spawned_at_the_callback() -> Tested {
    let answers = answers::start_link().await?;
    assert_eq!(answers.place().await?, (file!().to_owned(), answers::SPAWNED));
    Ok(())
}

#[kerosene::test(seeds = 10)]
async fn the_supervisor_of_a_module_is_spawned_at_its_start() -> Tested {
    let line = line!() + 1;
    let supervisor = tree::start(String::new()).await?.pid();
    check_place(supervisor, file!(), line).await;
    SupervisorRef::from(supervisor).stop().await;
    let line = line!() + 1;
    let linked = tree::start_link(String::new()).await?.pid();
    check_place(linked, file!(), line).await;
    SupervisorRef::from(linked).stop().await;
    let line = line!() + 1;
    let built = tree::supervisor(String::new()).start_link().await?.pid();
    check_place(built, file!(), line).await;
    SupervisorRef::from(built).stop().await;
    let line = line!() + 1;
    let spec = tree::child_spec(String::new());
    let above = Supervisor::default().child(spec).start_link().await?;
    check_place(above.child("tree").await.expect("it runs"), file!(), line).await;
    above.stop().await;
    Ok(())
}

#[kerosene::test(seeds = 10)]
async fn a_child_of_a_module_is_spawned_at_its_function() -> Tested {
    let tree = tree::start_link(String::new()).await?;
    let children = [
        ("plain", tree::PLAIN),
        ("named", tree::NAMED),
        ("given", tree::GIVEN),
        ("thread", tree::BLOCKING),
        ("actor", tree::ACTOR),
    ];
    for (child, line) in children {
        let child = tree.child(child).await.expect("it runs");
        check_place(child, file!(), line).await;
    }
    tree.stop().await;
    Ok(())
}
