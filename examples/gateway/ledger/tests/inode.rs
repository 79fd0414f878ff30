//! What is written and what of it is on disk, for files and for names.

use std::collections::BTreeMap;

/// What a crash leaves of what was not synced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Leaves {
    Nothing,
    Everything,
    /// Any of it, in blocks of 16 bytes and single names, by this seed.
    Parts(u64),
}

/// A file as processes see it and as the disk has it.
#[derive(Default, Clone)]
pub(super) struct Inode {
    pub(super) now: Vec<u8>,
    /// Which bytes of `now` the next sync has to write.
    pub(super) dirty: Vec<bool>,
    pub(super) synced: Vec<u8>,
}

impl Inode {
    pub(super) fn write(&mut self, at: usize, bytes: &[u8]) {
        let end = at + bytes.len();
        if self.now.len() < end {
            self.now.resize(end, 0);
            self.dirty.resize(end, true);
        }
        self.now[at..end].copy_from_slice(bytes);
        self.dirty[at..end].fill(true);
    }

    pub(super) fn truncate(&mut self, len: usize) {
        self.now.truncate(len);
        self.dirty.truncate(len);
    }

    /// What is clean is not written, also if a failed sync made it so.
    pub(super) fn sync(&mut self) {
        self.synced.resize(self.now.len(), 0);
        for (at, dirty) in self.dirty.iter_mut().enumerate() {
            if std::mem::take(dirty) {
                self.synced[at] = self.now[at];
            }
        }
    }

    pub(super) fn after(&self, leaves: Leaves, rng: &mut fastrand::Rng) -> Self {
        let left = match leaves {
            Leaves::Nothing => self.synced.clone(),
            Leaves::Everything => self.now.clone(),
            Leaves::Parts(_) => self.parts(rng),
        };
        Self {
            dirty: vec![false; left.len()],
            now: left.clone(),
            synced: left,
        }
    }

    fn parts(&self, rng: &mut fastrand::Rng) -> Vec<u8> {
        let (a, b) = (self.synced.len(), self.now.len());
        let mut left = self.synced.clone();
        left.resize(rng.usize(a.min(b)..=a.max(b)), 0);
        for (block, bytes) in left.chunks_mut(16).enumerate() {
            let written = rng.bool();
            for (at, byte) in bytes.iter_mut().enumerate() {
                let at = block * 16 + at;
                if written && self.dirty.get(at) == Some(&true) {
                    *byte = self.now[at];
                }
            }
        }
        left
    }
}

/// A change of the directory.
#[derive(Clone)]
pub(super) enum Naming {
    Create(String, usize),
    Rename(String, String),
    Remove(String),
}

pub(super) type Names = BTreeMap<String, usize>;

pub(super) fn name(names: &mut Names, naming: &Naming) {
    match naming {
        Naming::Create(name, inode) => {
            names.insert(name.clone(), *inode);
        }
        Naming::Rename(from, to) => {
            if let Some(inode) = names.remove(from) {
                names.insert(to.clone(), inode);
            }
        }
        Naming::Remove(name) => {
            names.remove(name);
        }
    }
}
