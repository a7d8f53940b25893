//! Arguments of a call that cannot be read.

#[kerosene::actor]
mod counter {
    #[derive(Default)]
    pub struct Counter(u64);

    impl Counter {
        #[call(timeout = soon)]
        pub fn count(&mut self) -> u64 {
            self.0
        }

        #[call(timeout = 'x')]
        pub fn count_again(&mut self) -> u64 {
            self.0
        }

        #[call("5s")]
        pub fn count_once_more(&mut self) -> u64 {
            self.0
        }
    }
}

fn main() {}
