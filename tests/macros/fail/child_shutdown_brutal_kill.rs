//! Erlang's word for a kill.

#[kerosene::supervisor]
mod shop {
    #[child(shutdown = brutal_kill)]
    async fn ticker() {}
}

fn main() {}
