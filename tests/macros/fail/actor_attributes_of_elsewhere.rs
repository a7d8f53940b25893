//! What the callbacks are called elsewhere.

#[kerosene::actor]
pub mod counter {
    #[derive(Default)]
    pub struct Counter {
        count: u64,
    }

    impl Counter {
        #[handle_call]
        pub fn add(&mut self, by: u64) {
            self.count += by;
        }

        #[started]
        fn begin(&mut self) {}

        #[post_stop]
        fn end(&mut self) {}
    }
}

fn main() {}
