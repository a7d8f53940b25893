//! A blocking process.

#[kerosene::supervisor]
mod shop {
    #[child(blocking)]
    async fn sampler() {}
}

fn main() {}
