//! An end to what is endless, and pauses in what comes faster than it is worked on.

use std::io;

use futures::{StreamExt, TryStreamExt, stream};

use super::{Chunks, Cut};

/// Bytes after which others get their turn: what is in memory already would else keep a thread of the runtime busy.
const TURN: usize = 64 * 1024;

/// The first `limit` bytes of `chunks`; then, if there are more, [`Cut`].
pub(super) fn limited(chunks: Chunks, limit: usize) -> Chunks {
    stream::try_unfold(Limited { chunks, left: limit, turn: TURN, over: false }, next).fuse().boxed()
}

struct Limited {
    chunks: Chunks,
    left: usize,
    turn: usize,
    over: bool,
}

async fn next(mut limited: Limited) -> io::Result<Option<(Vec<u8>, Limited)>> {
    if limited.over {
        return Err(io::Error::other(Cut));
    }
    let Some(mut chunk) = limited.chunks.try_next().await? else { return Ok(None) };
    limited.over = chunk.len() > limited.left;
    chunk.truncate(limited.left);
    limited.left -= chunk.len();
    limited.turn = limited.turn.saturating_sub(chunk.len());
    if limited.turn == 0 {
        tokio::task::yield_now().await;
        limited.turn = TURN;
    }
    Ok(Some((chunk, limited)))
}
