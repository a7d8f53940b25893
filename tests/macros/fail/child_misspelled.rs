//! Other names for the attribute.

#[kerosene::supervisor]
mod shop {
    #[chlid]
    async fn ticker() {}

    #[worker]
    async fn clock() {}
}

fn main() {}
