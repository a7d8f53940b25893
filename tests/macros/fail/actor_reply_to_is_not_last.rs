//! The `ReplyTo` stands behind the arguments.

#[kerosene::actor]
pub mod counter {
    use kerosene::prelude::*;

    #[derive(Default)]
    pub struct Counter {
        count: u64,
    }

    impl Counter {
        #[call]
        pub fn wait(&mut self, reply_to: ReplyTo<u64>, n: u64) {
            reply_to.reply(n);
        }
    }
}

fn main() {}
