//! A supervisor that supervises nobody.

#[kerosene::supervisor]
mod shop {
    pub async fn ticker() {}
}

fn main() {}
