//! A unit that there is not.

#[kerosene::supervisor(period = "5 seconds")]
mod shop {
    #[child]
    async fn ticker() {}
}

fn main() {}
