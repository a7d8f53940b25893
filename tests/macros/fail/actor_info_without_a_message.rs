//! It takes one message.

#[kerosene::actor]
pub mod counter {
    #[derive(Default)]
    pub struct Counter {
        count: u64,
    }

    impl Counter {
        #[info]
        fn tick(&mut self) {}

        #[info]
        fn tock(&mut self, a: u8, b: u8) {}
    }
}

fn main() {}
