//! An argument without a value, and a function with bounds that nobody can meet.

#[kerosene::main(name "shop")]
async fn main()
where
    u64: Copy,
{
}
