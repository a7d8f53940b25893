//! Nothing can be asked.

#[kerosene::actor]
pub mod counter {
    #[derive(Default)]
    pub struct Counter {
        count: u64,
    }

    impl Counter {
        pub fn add(&mut self, by: u64) {
            self.count += by;
        }
    }
}

fn main() {}
