//! The second could never run.

#[kerosene::actor]
pub mod counter {
    #[derive(Default)]
    pub struct Counter {
        count: u64,
    }

    impl Counter {
        #[info]
        fn text(&mut self, text: String) {}

        #[info]
        fn again(&mut self, text: String) {}
    }
}

fn main() {}
