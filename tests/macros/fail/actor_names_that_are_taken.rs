//! What every reference and every actor has.

#[kerosene::actor]
pub mod counter {
    #[derive(Default)]
    pub struct Counter {
        count: u64,
    }

    impl Counter {
        #[call]
        pub fn pid(&self) -> u64 {
            1
        }
    }

    pub struct Ref;

    pub fn start_link() {}

    impl Counter {
        #[cast]
        pub fn reset(&mut self) {}
    }
}

fn main() {}
