//! Each mistake once, and nothing about `shop::start_link`, which is there all the same.

use kerosene::prelude::*;

#[kerosene::supervisor(strategy = OneForAll, period = 5)]
mod shop {
    #[child(restart = :transient)]
    async fn ticker() {}

    #[child]
    fn clock() {}
}

#[kerosene::main]
async fn main() {
    let shop = shop::start_link().await.expect("its children start");
    shop.stop().await;
    spawn(async {});
}
