//! A generic child.

#[kerosene::supervisor]
mod shop {
    #[child]
    async fn ticker<T>() {}
}

fn main() {}
