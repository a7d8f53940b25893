//! Callbacks are inherent methods.

#[kerosene::actor]
pub mod counter {
    #[derive(Default)]
    pub struct Counter;

    impl Drop for Counter {
        #[terminate]
        fn drop(&mut self) {}
    }

    impl Counter {
        #[cast]
        pub fn reset(&mut self) {}
    }
}

fn main() {}
