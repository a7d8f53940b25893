//! A cast is not answered.

#[kerosene::actor]
pub mod counter {
    use kerosene::prelude::*;

    #[derive(Default)]
    pub struct Counter {
        count: u64,
    }

    impl Counter {
        #[cast]
        pub fn wait(&mut self, reply_to: ReplyTo<u64>) {
            reply_to.reply(1);
        }
    }
}

fn main() {}
