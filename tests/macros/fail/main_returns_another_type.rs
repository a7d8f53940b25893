//! What a process may end with; the blame is on the return type.

struct Score(u64);

#[kerosene::main]
async fn main() -> Score {
    Score(3)
}
