//! An answer is returned or deferred, not both.

#[kerosene::actor]
pub mod counter {
    use kerosene::prelude::*;

    #[derive(Default)]
    pub struct Counter {
        count: u64,
    }

    impl Counter {
        #[call]
        pub fn wait(&mut self, reply_to: ReplyTo<u64>) -> u64 {
            reply_to.reply(1);
            2
        }
    }
}

fn main() {}
