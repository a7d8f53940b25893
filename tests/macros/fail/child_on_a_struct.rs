//! Not a function.

#[kerosene::supervisor]
mod shop {
    #[child]
    async fn ticker() {}

    #[child]
    pub struct Ticker;
}

fn main() {}
