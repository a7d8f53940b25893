//! A child that never ends for good.

#[kerosene::supervisor(auto_shutdown = all_significant)]
mod shop {
    #[child(significant)]
    async fn ticker() {}
}

fn main() {}
