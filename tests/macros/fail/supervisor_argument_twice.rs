//! An argument twice.

#[kerosene::supervisor(intensity = 1, intensity = 2)]
mod shop {
    #[child]
    async fn ticker() {}
}

fn main() {}
