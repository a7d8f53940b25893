//! There is one beginning.

#[kerosene::actor]
pub mod counter {
    #[derive(Default)]
    pub struct Counter {
        count: u64,
    }

    impl Counter {
        #[init]
        pub fn new() -> Self {
            Self { count: 0 }
        }

        #[init]
        pub fn with(count: u64) -> Self {
            Self { count }
        }
    }
}

fn main() {}
