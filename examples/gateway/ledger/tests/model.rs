//! A file system in memory that keeps what is synced apart from what is not, stops after a given number of operations,
//! and fails given operations.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard};

use super::inode::{Inode, Leaves, Names, Naming, name};
use crate::ledger::files::Files;

/// Which operations fail.
#[derive(Debug, Clone, Copy)]
pub(super) struct Failing {
    /// From the operation with this number on ..
    pub(super) first: usize,
    /// .. so many of them ..
    pub(super) count: usize,
    /// .. of this name, if one is given.
    pub(super) only: Option<&'static str>,
    pub(super) kind: io::ErrorKind,
    /// A sync that fails has put everything on disk nevertheless.
    pub(super) synced_all_the_same: bool,
}

#[derive(Default)]
struct World {
    inodes: Vec<Inode>,
    names: Names,
    synced_names: Names,
    unsynced: Vec<Naming>,
    /// Operations so far.
    operations: usize,
    crash_at: Option<usize>,
    failing: Option<Failing>,
    locked_by: Option<usize>,
    handles: usize,
    /// Syncs of files that went well.
    syncs: usize,
}

/// Whether an operation is done.
enum Goes {
    Well,
    /// A write is done by half before that.
    Wrong(io::Error, bool),
}

impl World {
    fn operation(&mut self, what: &'static str) -> Goes {
        let this = self.operations;
        self.operations += 1;
        if let Some(at) = self.crash_at.filter(|at| *at <= this) {
            return Goes::Wrong(io::Error::other("the machine has stopped"), at == this);
        }
        let failing = self.failing.as_mut().filter(|failing| {
            let named = failing.only.is_none_or(|only| only == what);
            named && failing.first <= this && failing.count > 0
        });
        let Some(failing) = failing else {
            return Goes::Well;
        };
        failing.count -= 1;
        Goes::Wrong(failing.kind.into(), true)
    }

    fn check(&mut self, what: &'static str) -> io::Result<()> {
        match self.operation(what) {
            Goes::Well => Ok(()),
            Goes::Wrong(error, _) => Err(error),
        }
    }

    fn naming(&mut self, naming: Naming) {
        name(&mut self.names, &naming);
        self.unsynced.push(naming);
    }
}

/// One process's view of the model.
pub(super) struct Model {
    world: Arc<Mutex<World>>,
    me: usize,
}

impl Model {
    pub(super) fn new() -> Self {
        Self::of(World::default())
    }

    fn of(world: World) -> Self {
        let world = Arc::new(Mutex::new(world));
        Self { world, me: 0 }
    }

    /// Another process on the same machine.
    pub(super) fn process(&self) -> Self {
        let mut world = self.world();
        world.handles += 1;
        Self {
            world: Arc::clone(&self.world),
            me: world.handles,
        }
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap()
    }

    /// The machine stops instead of doing the operation with this number, the first of which is 0; a write is done by
    /// half.
    pub(super) fn crash_at(&self, operation: Option<usize>) {
        self.world().crash_at = operation;
    }

    pub(super) fn fail(&self, failing: Option<Failing>) {
        self.world().failing = failing;
    }

    pub(super) fn operations(&self) -> usize {
        self.world().operations
    }

    pub(super) fn syncs(&self) -> usize {
        self.world().syncs
    }

    /// Whether somebody has the lock.
    pub(super) fn locked(&self) -> bool {
        self.world().locked_by.is_some()
    }

    /// What the machine finds when it starts again.
    pub(super) fn after_crash(&self, leaves: Leaves) -> Self {
        let world = self.world();
        let mut rng = fastrand::Rng::with_seed(match leaves {
            Leaves::Parts(seed) => seed,
            Leaves::Nothing | Leaves::Everything => 0,
        });
        let mut names = world.synced_names.clone();
        for naming in &world.unsynced {
            let kept = match leaves {
                Leaves::Nothing => false,
                Leaves::Everything => true,
                Leaves::Parts(_) => rng.bool(),
            };
            if kept {
                name(&mut names, naming);
            }
        }
        let inodes = world.inodes.iter();
        Self::of(World {
            inodes: inodes.map(|inode| inode.after(leaves, &mut rng)).collect(),
            synced_names: names.clone(),
            names,
            ..World::default()
        })
    }

    /// The content of a file, and a way to put another one there.
    pub(super) fn content(&self, name: &str) -> Vec<u8> {
        let world = self.world();
        world.inodes[world.names[name]].now.clone()
    }

    pub(super) fn put(&self, name: &str, content: &[u8]) {
        let mut world = self.world();
        let inode = world.names[name];
        world.inodes[inode] = Inode {
            now: content.to_vec(),
            dirty: vec![false; content.len()],
            synced: content.to_vec(),
        };
    }

    pub(super) fn names(&self) -> Vec<String> {
        self.world().names.keys().cloned().collect()
    }
}

impl Drop for Model {
    fn drop(&mut self) {
        self.unlock();
    }
}

impl Files for Model {
    type File = usize;

    fn lock(&mut self) -> io::Result<()> {
        let mut world = self.world();
        world.check("lock")?;
        // Where one thread plays all processes, waiting would be for ever.
        assert_eq!(world.locked_by, None, "somebody has the lock");
        world.locked_by = Some(self.me);
        Ok(())
    }

    fn unlock(&mut self) {
        let mut world = self.world();
        if world.locked_by == Some(self.me) {
            world.locked_by = None;
        }
    }

    fn open(&self, name: &str) -> io::Result<Option<usize>> {
        let mut world = self.world();
        world.check("open")?;
        Ok(world.names.get(name).copied())
    }

    fn create(&self, name: &str) -> io::Result<usize> {
        let mut world = self.world();
        world.check("create")?;
        if let Some(inode) = world.names.get(name).copied() {
            world.inodes[inode].truncate(0);
            return Ok(inode);
        }
        let inode = world.inodes.len();
        world.inodes.push(Inode::default());
        world.naming(Naming::Create(name.to_owned(), inode));
        Ok(inode)
    }

    fn len(&self, file: &usize) -> io::Result<u64> {
        let mut world = self.world();
        world.check("len")?;
        Ok(world.inodes[*file].now.len() as u64)
    }

    fn read_at(&self, file: &mut usize, at: u64, into: &mut [u8]) -> io::Result<usize> {
        let mut world = self.world();
        world.check("read_at")?;
        let at = usize::try_from(at).unwrap();
        let content = world.inodes[*file].now.get(at..).unwrap_or_default();
        let read = content.len().min(into.len());
        into[..read].copy_from_slice(&content[..read]);
        Ok(read)
    }

    fn write_at(&self, file: &mut usize, at: u64, bytes: &[u8]) -> io::Result<()> {
        let mut world = self.world();
        let goes = world.operation("write_at");
        let at = usize::try_from(at).unwrap();
        match goes {
            Goes::Well => {
                world.inodes[*file].write(at, bytes);
                Ok(())
            }
            Goes::Wrong(error, by_half) => {
                if by_half {
                    world.inodes[*file].write(at, &bytes[..bytes.len() / 2]);
                }
                Err(error)
            }
        }
    }

    fn truncate(&self, file: &mut usize, len: u64) -> io::Result<()> {
        let mut world = self.world();
        world.check("truncate")?;
        world.inodes[*file].truncate(usize::try_from(len).unwrap());
        Ok(())
    }

    fn sync(&self, file: &mut usize) -> io::Result<()> {
        let mut world = self.world();
        match world.operation("sync") {
            Goes::Well => {
                world.syncs += 1;
                world.inodes[*file].sync();
                Ok(())
            }
            Goes::Wrong(error, failed) => {
                if failed && world.crash_at.is_none() {
                    let reached = world.failing.is_some_and(|fail| fail.synced_all_the_same);
                    if reached {
                        world.inodes[*file].sync();
                    }
                    // What Linux does: the pages are clean now, and the next sync has nothing to write.
                    world.inodes[*file].dirty.fill(false);
                }
                Err(error)
            }
        }
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        let mut world = self.world();
        world.check("rename")?;
        world.naming(Naming::Rename(from.to_owned(), to.to_owned()));
        Ok(())
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        let mut world = self.world();
        world.check("remove")?;
        world.naming(Naming::Remove(name.to_owned()));
        Ok(())
    }

    fn sync_dir(&self) -> io::Result<()> {
        let mut world = self.world();
        world.check("sync_dir")?;
        world.synced_names = world.names.clone();
        world.unsynced.clear();
        Ok(())
    }

    fn describe(&self, name: &str) -> String {
        format!("`model/{name}`")
    }
}
