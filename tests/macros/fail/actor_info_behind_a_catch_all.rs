//! It could never run.

#[kerosene::actor]
pub mod counter {
    use kerosene::prelude::*;

    #[derive(Default)]
    pub struct Counter {
        count: u64,
    }

    impl Counter {
        #[info]
        fn other(&mut self, message: Message) {}

        #[info]
        fn text(&mut self, text: String) {}
    }
}

fn main() {}
