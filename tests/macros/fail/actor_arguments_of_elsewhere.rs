//! Things that are said elsewhere than in the attribute of the module.

#[kerosene::actor(trap_exit = true)]
mod traps {
    #[derive(Default)]
    pub struct State;

    impl State {
        #[cast]
        pub fn reset(&mut self) {}
    }
}

#[kerosene::actor(timeout = "5s")]
mod hurries {
    #[derive(Default)]
    pub struct State;

    impl State {
        #[cast]
        pub fn reset(&mut self) {}
    }
}

#[kerosene::actor(permanent)]
mod restarts {
    #[derive(Default)]
    pub struct State;

    impl State {
        #[cast]
        pub fn reset(&mut self) {}
    }
}

fn main() {}
