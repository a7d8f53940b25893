//! There is no state before it.

#[kerosene::actor]
pub mod counter {
    #[derive(Default)]
    pub struct Counter {
        count: u64,
    }

    impl Counter {
        #[init]
        pub fn start(&mut self) -> Self {
            Self { count: 0 }
        }
    }
}

fn main() {}
