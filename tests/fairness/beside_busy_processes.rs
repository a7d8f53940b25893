//! What goes on beside processes that never rest: timers, sockets, blocking work, other processes.

use std::sync::mpsc;

use kerosene::prelude::*;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::{LONG, Patience, WORKER_COUNTS, run_on};

/// Processes that are always ready: some that yield, and a pair that wakes each other.
fn busy_processes() {
    for _ in 0..4 {
        spawn_link(async {
            let patience = Patience::new();
            loop {
                yield_now().await;
                patience.check();
            }
        });
    }
    let echo = spawn_link(async {
        loop {
            receive! { from: Pid => send(from, ()) }
        }
    });
    spawn_link(async move {
        let patience = Patience::new();
        loop {
            send(echo, pid());
            receive! { () => patience.check() }
        }
    });
}

#[test]
fn busy_processes_do_not_hold_up_timers() {
    for workers in WORKER_COUNTS {
        run_on(workers, async {
            busy_processes();
            for n in 0..20 {
                sleep(Duration::from_millis(1)).await;
                tokio::time::sleep(Duration::from_millis(1)).await;
                schedule(Duration::from_millis(1), pid(), n);
                receive! { m: i32 => assert_eq!(m, n) }
                receive! { m: i32 => panic!("{m}"), after Duration::from_millis(1) => () }
            }
        });
    }
}

/// A server and a client, a hundred times there and back.
async fn talk_over_tcp() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("bound");
    spawn_link(async move {
        let (mut socket, _) = listener.accept().await.expect("a client");
        let mut byte = [0];
        while socket.read_exact(&mut byte).await.is_ok() {
            socket.write_all(&byte).await.expect("the client listens");
        }
        sleep(Duration::MAX).await;
    });
    let mut socket = TcpStream::connect(address).await.expect("a server");
    for n in 0..100 {
        socket.write_all(&[n]).await.expect("the server listens");
        let mut byte = [0];
        socket.read_exact(&mut byte).await.expect("the server answers");
        assert_eq!(byte, [n]);
    }
}

#[test]
fn busy_processes_do_not_hold_up_sockets() {
    for workers in WORKER_COUNTS {
        run_on(workers, async {
            busy_processes();
            talk_over_tcp().await;
        });
    }
}

/// A process that always can read, since another always writes.
fn endless_stream() {
    const BUFFER: usize = 64 * 1024;
    let (mut reader, mut writer) = tokio::io::duplex(BUFFER);
    spawn_link(async move {
        while writer.write_all(&[0; 1024]).await.is_ok() {}
        exit("the reader has gone");
    });
    spawn_link(async move {
        let patience = Patience::new();
        let mut bytes = [0; 16];
        while reader.read(&mut bytes).await.is_ok() {
            patience.check();
        }
    });
}

/// A process whose channel always holds something, since it fills it itself.
fn endless_channel() {
    let (sender, mut receiver) = tokio::sync::mpsc::unbounded_channel();
    spawn_link(async move {
        let patience = Patience::new();
        loop {
            sender.send(()).expect("the receiver is here");
            receiver.recv().await.expect("the sender is here");
            patience.check();
        }
    });
}

/// A process whose socket always can be read, since a thread floods it.
async fn endless_socket() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("bound");
    std::thread::spawn(move || {
        use std::io::Write;
        let (mut socket, _) = listener.accept().expect("a client");
        while socket.write_all(&[0; 8 * 1024]).is_ok() {}
    });
    let mut socket = TcpStream::connect(address).await.expect("a server");
    spawn_link(async move {
        let patience = Patience::new();
        let mut bytes = [0; 16];
        while socket.read_exact(&mut bytes).await.is_ok() {
            patience.check();
        }
    });
}

#[test]
fn an_endless_ready_stream_starves_nobody() {
    for workers in WORKER_COUNTS {
        run_on(workers, async {
            endless_stream();
            endless_channel();
            endless_socket().await;
            for n in 0..20 {
                sleep(Duration::from_millis(1)).await;
                send(pid(), n);
                receive! { m: i32 => assert_eq!(m, n) }
            }
            talk_over_tcp().await;
        });
    }
}

#[kerosene::test(real, worker_threads = 1)]
async fn blocking_work_holds_up_no_process() {
    const WORKERS: usize = 8;
    let channels: Vec<_> = (0..WORKERS).map(|_| mpsc::channel()).collect();
    let (senders, receivers): (Vec<_>, Vec<_>) = channels.into_iter().unzip();
    let test = pid();
    for receiver in receivers {
        spawn_link(async move {
            let word = blocking(move || receiver.recv_timeout(LONG)).await;
            send(test, word.expect("no panic").expect("the others run meanwhile"));
        });
    }
    yield_now().await;
    // All of them block now, or will; this one runs.
    for (n, sender) in senders.into_iter().enumerate() {
        sender.send(n).expect("the other end waits");
    }
    for _ in 0..WORKERS {
        receive! { _: usize => () }
    }
}
