//! A cast runs on the state.

#[kerosene::actor]
pub mod counter {
    #[derive(Default)]
    pub struct Counter {
        count: u64,
    }

    impl Counter {
        #[cast]
        pub fn reset() {}
    }
}

fn main() {}
