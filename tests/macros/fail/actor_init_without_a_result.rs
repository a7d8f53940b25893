//! It returns the state.

#[kerosene::actor]
pub mod counter {
    #[derive(Default)]
    pub struct Counter {
        count: u64,
    }

    impl Counter {
        #[init]
        pub fn new() {}
    }
}

fn main() {}
