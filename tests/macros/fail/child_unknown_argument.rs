//! A slip, and an argument of the supervisor.

#[kerosene::supervisor]
mod shop {
    #[child(restrat = transient, intensity = 3)]
    async fn ticker() {}
}

fn main() {}
