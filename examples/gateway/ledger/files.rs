//! The operations that the ledger asks of a file system, and the real one.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use super::dir;

/// A directory, as far as the ledger uses one. Tests put a model in its place that loses what was not synced.
pub(super) trait Files: Send + 'static {
    type File: Send;

    /// Waits until no other process, and no other `Files` of this one, has the lock of the directory.
    fn lock(&mut self) -> io::Result<()>;
    fn unlock(&mut self);
    /// `None` if there is no such file.
    fn open(&self, name: &str) -> io::Result<Option<Self::File>>;
    /// Empties the file if there is one already.
    fn create(&self, name: &str) -> io::Result<Self::File>;
    fn len(&self, file: &Self::File) -> io::Result<u64>;
    /// Less than `into` holds only at the end of the file.
    fn read_at(&self, file: &mut Self::File, at: u64, into: &mut [u8]) -> io::Result<usize>;
    /// On an error any part of `bytes` may have been written.
    fn write_at(&self, file: &mut Self::File, at: u64, bytes: &[u8]) -> io::Result<()>;
    fn truncate(&self, file: &mut Self::File, len: u64) -> io::Result<()>;
    /// Returns when content and length of the file are on disk.
    fn sync(&self, file: &mut Self::File) -> io::Result<()>;
    /// Takes the place of `to` if that is there.
    fn rename(&self, from: &str, to: &str) -> io::Result<()>;
    fn remove(&self, name: &str) -> io::Result<()>;
    /// Returns when the names in the directory are on disk.
    fn sync_dir(&self) -> io::Result<()>;
    /// The file's name for messages.
    fn describe(&self, name: &str) -> String;
}

/// Locked by whoever reads and writes the log. The log itself cannot be it: a checkpoint puts another file in its place.
const LOCK: &str = "lock";

/// A directory on disk.
pub(super) struct Disk {
    dir: PathBuf,
    /// Held while locked. Closing it gives the lock back, as does the end of the process, whatever ends it.
    lock: Option<File>,
    writable: bool,
}

impl Disk {
    /// Makes the directory if it is not there; its parent has to be.
    pub(super) fn open(dir: &Path) -> io::Result<Self> {
        dir::make(dir)?;
        Ok(Self {
            dir: dir.to_owned(),
            lock: None,
            writable: true,
        })
    }

    /// For readers: never locks, makes or changes anything.
    pub(super) fn read_only(dir: &Path) -> Self {
        Self {
            dir: dir.to_owned(),
            lock: None,
            writable: false,
        }
    }
}

impl Files for Disk {
    type File = File;

    fn lock(&mut self) -> io::Result<()> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        let file = options.open(self.dir.join(LOCK))?;
        // By its full name: the method of the same name in `std` came after the oldest Rust that builds this.
        fs4::FileExt::lock(&file)?;
        self.lock = Some(file);
        Ok(())
    }

    fn unlock(&mut self) {
        if let Some(file) = self.lock.take() {
            // Windows gives the lock of a closed file back when it finds the time. If this fails, closing does it.
            let _ = fs4::FileExt::unlock(&file);
        }
    }

    fn open(&self, name: &str) -> io::Result<Option<File>> {
        let mut options = OpenOptions::new();
        options.read(true).write(self.writable);
        match options.open(self.dir.join(name)) {
            Ok(file) => Ok(Some(file)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn create(&self, name: &str) -> io::Result<File> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(true);
        options.open(self.dir.join(name))
    }

    fn len(&self, file: &File) -> io::Result<u64> {
        Ok(file.metadata()?.len())
    }

    fn read_at(&self, file: &mut File, at: u64, into: &mut [u8]) -> io::Result<usize> {
        file.seek(SeekFrom::Start(at))?;
        let mut read = 0;
        while let Some(rest) = into.get_mut(read..).filter(|rest| !rest.is_empty()) {
            match file.read(rest) {
                Ok(0) => break,
                Ok(more) => read += more,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(read)
    }

    fn write_at(&self, file: &mut File, at: u64, bytes: &[u8]) -> io::Result<()> {
        file.seek(SeekFrom::Start(at))?;
        file.write_all(bytes)
    }

    fn truncate(&self, file: &mut File, len: u64) -> io::Result<()> {
        file.set_len(len)
    }

    fn sync(&self, file: &mut File) -> io::Result<()> {
        file.sync_all()
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        fs::rename(self.dir.join(from), self.dir.join(to))
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        fs::remove_file(self.dir.join(name))
    }

    fn sync_dir(&self) -> io::Result<()> {
        dir::sync(&self.dir)
    }

    fn describe(&self, name: &str) -> String {
        format!("`{}`", self.dir.join(name).display())
    }
}
