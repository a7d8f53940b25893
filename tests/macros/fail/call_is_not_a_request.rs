//! A plain call needs a `Request`.

use kerosene::prelude::*;

struct Ping;

async fn ask(server: Pid) {
    let _ = call(server, Ping).await;
}

fn main() {
    let _ = ask;
}
