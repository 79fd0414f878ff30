//! A directory in memory that loses nothing: for tests of what is done with a ledger, not of disks.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard};

use super::files::Files;
use super::{Ledger, LedgerError, Recovery, Settings};

type Content = Arc<Mutex<Vec<u8>>>;

/// The files by their names; clones are the same directory. For one ledger at a time: locking it does nothing.
#[derive(Debug, Clone, Default)]
pub(crate) struct Memory(Arc<Mutex<BTreeMap<String, Content>>>);

impl Memory {
    /// Opens the ledger in this directory.
    pub(crate) fn open(&self, settings: Settings) -> Result<(Ledger, Recovery), LedgerError> {
        Ledger::on(self.clone(), settings)
    }

    fn names(&self) -> MutexGuard<'_, BTreeMap<String, Content>> {
        self.0.lock().unwrap()
    }
}

impl Files for Memory {
    type File = Content;

    fn lock(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn unlock(&mut self) {}

    fn open(&self, name: &str) -> io::Result<Option<Content>> {
        Ok(self.names().get(name).cloned())
    }

    fn create(&self, name: &str) -> io::Result<Content> {
        let content = Content::default();
        self.names().insert(name.to_owned(), Arc::clone(&content));
        Ok(content)
    }

    fn len(&self, file: &Content) -> io::Result<u64> {
        Ok(file.lock().unwrap().len() as u64)
    }

    fn read_at(&self, file: &mut Content, at: u64, into: &mut [u8]) -> io::Result<usize> {
        let content = file.lock().unwrap();
        let from = content.get(usize::try_from(at).unwrap()..);
        let from = from.unwrap_or_default();
        let read = from.len().min(into.len());
        into[..read].copy_from_slice(&from[..read]);
        Ok(read)
    }

    fn write_at(&self, file: &mut Content, at: u64, bytes: &[u8]) -> io::Result<()> {
        let mut content = file.lock().unwrap();
        let at = usize::try_from(at).unwrap();
        let end = at + bytes.len();
        if content.len() < end {
            content.resize(end, 0);
        }
        content[at..end].copy_from_slice(bytes);
        Ok(())
    }

    fn truncate(&self, file: &mut Content, len: u64) -> io::Result<()> {
        let len = usize::try_from(len).unwrap();
        file.lock().unwrap().truncate(len);
        Ok(())
    }

    fn sync(&self, _file: &mut Content) -> io::Result<()> {
        Ok(())
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        let mut names = self.names();
        let content = names.remove(from).ok_or(io::ErrorKind::NotFound)?;
        names.insert(to.to_owned(), content);
        Ok(())
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        self.names().remove(name);
        Ok(())
    }

    fn sync_dir(&self) -> io::Result<()> {
        Ok(())
    }

    fn describe(&self, name: &str) -> String {
        format!("`memory/{name}`")
    }
}
