//! No child.

#[kerosene::supervisor]
mod shop {
    pub async fn ticker() {}
}

fn main() {}
