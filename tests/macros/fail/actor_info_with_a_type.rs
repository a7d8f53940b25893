//! The parameter says which messages.

#[kerosene::actor]
pub mod counter {
    #[derive(Default)]
    pub struct Counter {
        count: u64,
    }

    impl Counter {
        #[info(Tick)]
        fn tick(&mut self, n: u64) {}

        #[info = "Tick"]
        fn tock(&mut self, n: u32) {}
    }
}

fn main() {}
