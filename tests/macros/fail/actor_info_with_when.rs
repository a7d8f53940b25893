//! A guard begins with `if`.

#[kerosene::actor]
pub mod counter {
    #[derive(Default)]
    pub struct Counter {
        count: u64,
    }

    impl Counter {
        #[info(when n > 3)]
        fn tick(&mut self, n: u64) {}
    }
}

fn main() {}
