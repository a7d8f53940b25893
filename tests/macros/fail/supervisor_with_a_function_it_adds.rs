//! A name that is taken.

#[kerosene::supervisor]
mod shop {
    #[child]
    async fn ticker() {}

    pub fn start_link() {}
}

fn main() {}
