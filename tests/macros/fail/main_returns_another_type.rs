struct Score(u64);

#[kerosene::main]
async fn main() -> Score {
    Score(3)
}
