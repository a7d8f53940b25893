//! It takes the state and the reason.

#[kerosene::actor]
pub mod counter {
    #[derive(Default)]
    pub struct Counter {
        count: u64,
    }

    impl Counter {
        #[terminate]
        fn bye(self, why: String) {}

        #[call]
        pub fn add(&mut self, by: u64) -> u64 {
            self.count += by;
            self.count
        }
    }
}

fn main() {}
