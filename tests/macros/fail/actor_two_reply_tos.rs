//! A call is answered once.

#[kerosene::actor]
pub mod counter {
    use kerosene::prelude::*;

    #[derive(Default)]
    pub struct Counter {
        count: u64,
    }

    impl Counter {
        #[call]
        pub fn wait(&mut self, first: ReplyTo<u64>, second: ReplyTo<u64>) {
            first.reply(1);
            second.reply(2);
        }
    }
}

fn main() {}
