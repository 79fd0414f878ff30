//! Directories whose names are on disk, so that what is synced in them is found again.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

/// Makes the directory if it is not there; its parent has to be. Returns when its name is on disk, whoever made it: that one
/// may have been killed before it saw to that.
pub(super) fn make(dir: &Path) -> io::Result<()> {
    make_with(dir, &mut sync)
}

/// The same, with those that it is in.
///
/// # Errors
/// One of them cannot be made, or its name cannot be put on disk.
pub(crate) fn make_all(dir: &Path) -> io::Result<()> {
    make_all_with(dir, &mut sync)
}

type SyncDir<'a> = &'a mut dyn FnMut(&Path) -> io::Result<()>;

/// Each is on disk before the next is made, so that of those that are there only the last one may not be.
fn make_all_with(dir: &Path, sync: SyncDir<'_>) -> io::Result<()> {
    let parent = dir.parent().filter(|parent| *parent != Path::new(""));
    if let Some(parent) = parent.filter(|_| !dir.is_dir()) {
        make_all_with(parent, sync)?;
    }
    make_with(dir, sync)
}

fn make_with(dir: &Path, sync: SyncDir<'_>) -> io::Result<()> {
    let was_there = match fs::create_dir(dir) {
        Ok(()) => false,
        Err(error) if error.kind() == ErrorKind::AlreadyExists && dir.is_dir() => true,
        Err(error) => return Err(error),
    };
    match sync(&fs::canonicalize(dir.join(".."))?) {
        Err(error) if was_there && is_of_others(error.kind()) => Ok(()),
        synced => synced,
    }
}

/// Whether the parent is one in which this program makes nothing, or which keeps nothing that could be lost.
const fn is_of_others(why: ErrorKind) -> bool {
    matches!(
        why,
        ErrorKind::PermissionDenied
            | ErrorKind::ReadOnlyFilesystem
            | ErrorKind::InvalidInput
            | ErrorKind::Unsupported
    )
}

/// Returns when the names in the directory are on disk.
#[cfg(unix)]
pub(super) fn sync(dir: &Path) -> io::Result<()> {
    fs::File::open(dir)?.sync_all()
}

/// Elsewhere a directory cannot be opened as a file. NTFS writes renames to its journal in their order.
#[cfg(not(unix))]
pub(super) fn sync(_dir: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{make, make_all, make_all_with, make_with};
    use std::fs;
    use std::io::ErrorKind;
    use std::path::{Path, PathBuf};

    /// What `make_all` syncs, from the outermost on.
    fn synced(dir: &Path) -> Vec<PathBuf> {
        let mut synced = Vec::new();
        let sync = &mut |parent: &Path| {
            synced.push(parent.to_owned());
            Ok(())
        };
        make_all_with(dir, sync).unwrap();
        synced
    }

    #[test]
    fn each_name_is_synced_that_this_run_or_a_killed_one_may_have_made() {
        let root = tempfile::tempdir().unwrap();
        let root = fs::canonicalize(root.path()).unwrap();
        let [a, b, c] = ["a", "a/b", "a/b/c"].map(|name| root.join(name));
        // As a run that was killed left it.
        fs::create_dir(&a).unwrap();
        assert_eq!(synced(&c), [root.clone(), a, b.clone()]);
        assert_eq!(synced(&c), [b]);
        assert!(c.is_dir());
        make_all(&c).unwrap();
        make(&c).unwrap();
    }

    #[test]
    fn each_directory_is_on_disk_before_the_next_is_made() {
        let root = tempfile::tempdir().unwrap();
        let root = fs::canonicalize(root.path()).unwrap();
        let [outer, inner] = ["a", "a/b"].map(|name| root.join(name));
        let fails = &mut |parent: &Path| {
            let is_outside = !parent.starts_with(&root);
            is_outside.then_some(()).ok_or(ErrorKind::Other.into())
        };
        let error = make_all_with(&inner, fails).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Other);
        assert!(outer.is_dir() && !inner.exists());
    }

    #[test]
    fn a_parent_that_is_somebody_elses_is_no_error_for_what_is_there() {
        let root = tempfile::tempdir().unwrap();
        let dir = root.path().join("a");
        let make_failing = |why: ErrorKind| {
            let made = make_with(&dir, &mut |_| Err(why.into()));
            made.map_err(|error| error.kind())
        };
        let denied = ErrorKind::PermissionDenied;
        assert_eq!(make_failing(denied), Err(denied));
        assert_eq!(make_failing(denied), Ok(()));
        assert_eq!(make_failing(ErrorKind::Other), Err(ErrorKind::Other));
        // Something else of that name.
        let file = root.path().join("file");
        fs::write(&file, "").unwrap();
        let error = make(&file).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::AlreadyExists);
    }
}
