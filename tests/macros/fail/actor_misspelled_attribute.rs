//! A slip of the pen.

#[kerosene::actor]
pub mod counter {
    #[derive(Default)]
    pub struct Counter {
        count: u64,
    }

    impl Counter {
        #[cal]
        pub fn add(&mut self, by: u64) {
            self.count += by;
        }

        #[continue_wiht]
        fn load(&mut self, (): ()) {}
    }
}

fn main() {}
