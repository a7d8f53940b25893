//! `?` works in the first process, and what it returns becomes the exit reason.
#![deny(warnings)]

use std::num::ParseIntError;

#[kerosene::main]
async fn main() -> Result<(), ParseIntError> {
    let n: u64 = "12".parse()?;
    assert_eq!(n, 12);
    Ok(())
}
