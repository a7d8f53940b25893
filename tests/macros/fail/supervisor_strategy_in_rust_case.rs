//! The name of the variant.

#[kerosene::supervisor(strategy = OneForOne)]
mod shop {
    #[child]
    async fn ticker() {}
}

fn main() {}
