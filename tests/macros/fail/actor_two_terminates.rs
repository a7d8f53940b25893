//! There is one end.

#[kerosene::actor]
pub mod counter {
    #[derive(Default)]
    pub struct Counter {
        count: u64,
    }

    impl Counter {
        #[terminate]
        fn bye(self) {}

        #[terminate]
        fn good_night(self) {}

        #[call]
        pub fn add(&mut self, by: u64) -> u64 {
            self.count += by;
            self.count
        }
    }
}

fn main() {}
