use crawl_protocol::{Entry, Task};

/// Bytes as a message: none makes the decoders fail, and what they read is read the same once it has been written again.
pub fn messages(input: &[u8]) {
    if let Ok(task) = Task::decode(input) {
        assert_eq!(Task::decode(&task.encode()).ok().as_ref(), Some(&task));
    }
    if let Ok(entry) = Entry::decode(input) {
        assert_eq!(Entry::decode(&entry.encode()).ok().as_ref(), Some(&entry));
    }
}
