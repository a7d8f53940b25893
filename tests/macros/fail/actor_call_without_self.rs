//! A call runs on the state.

#[kerosene::actor]
pub mod counter {
    #[derive(Default)]
    pub struct Counter {
        count: u64,
    }

    impl Counter {
        #[call]
        pub fn add(by: u64) -> u64 {
            by
        }
    }
}

fn main() {}
