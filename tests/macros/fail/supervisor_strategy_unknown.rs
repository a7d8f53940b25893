//! A strategy that there is not.

#[kerosene::supervisor(strategy = round_robin)]
mod shop {
    #[child]
    async fn ticker() {}
}

fn main() {}
