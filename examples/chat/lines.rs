//! Lines of text over a socket, both ways, with bounds.

use std::io;
use std::time::Duration;

use bytes::BytesMut;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Longer lines are no chat.
const LINE_BYTES_MAX: usize = 1 << 10;
/// A client that takes nothing for so long is stuck.
const STALL_MAX: Duration = Duration::from_secs(5);
/// How long a client may take to close after we have.
const LINGER_MAX: Duration = Duration::from_millis(500);

/// A connection, line by line.
pub(crate) struct Lines {
    stream: TcpStream,
    input: BytesMut,
}

impl Lines {
    pub(crate) fn new(stream: TcpStream) -> Self {
        let _ = stream.set_nodelay(true); // lines are written whole anyhow
        Self { stream, input: BytesMut::new() }
    }

    /// The next line, without its end and without control characters; an error if there is no more.
    ///
    /// What has been read is kept when this is dropped, so it may stand in a `select!`.
    pub(crate) async fn next(&mut self) -> io::Result<String> {
        loop {
            if let Some(end) = self.input.iter().position(|byte| *byte == b'\n') {
                let line = self.input.split_to(end + 1);
                let text = String::from_utf8_lossy(&line);
                return Ok(text.chars().filter(|c| !c.is_control()).collect());
            }
            if self.input.len() > LINE_BYTES_MAX {
                return Err(io::ErrorKind::InvalidData.into());
            }
            if self.stream.read_buf(&mut self.input).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
    }

    /// Writes a line. A client that does not take it is an error.
    pub(crate) async fn write(&mut self, line: &str) -> io::Result<()> {
        let line = format!("{line}\n");
        timeout(STALL_MAX, self.stream.write_all(line.as_bytes())).await?
    }

    /// Closes, and waits until the client has closed as well: to close with something unread would
    /// take back what is on its way to it.
    pub(crate) async fn close(mut self) {
        let drain = async {
            self.stream.shutdown().await?;
            while self.stream.read_buf(&mut self.input).await? > 0 {
                self.input.clear();
            }
            io::Result::Ok(())
        };
        let _ = timeout(LINGER_MAX, drain).await; // whatever happens, it closes now
    }
}
