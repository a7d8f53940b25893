//! A process of its own cannot change the state.

#[kerosene::actor]
pub mod counter {
    #[derive(Default)]
    pub struct Counter {
        count: u64,
    }

    impl Counter {
        #[call(spawn)]
        pub async fn add(&mut self, by: u64) -> u64 {
            by
        }
    }
}

fn main() {}
