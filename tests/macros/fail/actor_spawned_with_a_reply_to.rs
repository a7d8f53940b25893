//! It answers by returning.

#[kerosene::actor]
pub mod counter {
    use kerosene::prelude::*;

    #[derive(Default)]
    pub struct Counter {
        count: u64,
    }

    impl Counter {
        #[call(spawn)]
        pub async fn add(by: u64, reply_to: ReplyTo<u64>) {
            reply_to.reply(by);
        }
    }
}

fn main() {}
