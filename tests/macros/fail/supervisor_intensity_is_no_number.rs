//! A text for a number.

#[kerosene::supervisor(intensity = "3")]
mod shop {
    #[child]
    async fn ticker() {}
}

fn main() {}
