//! A process of its own has a clone.

#[kerosene::actor]
pub mod counter {
    #[derive(Default)]
    pub struct Counter {
        count: u64,
    }

    impl Counter {
        #[call(spawn)]
        pub async fn get(&self) -> u64 {
            self.count
        }
    }
}

fn main() {}
