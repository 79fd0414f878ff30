#[cfg(not(loom))]
mod balance;
#[cfg(loom)]
mod loom;
#[cfg(not(loom))]
mod model;
#[cfg(not(loom))]
mod policy;
#[cfg(not(loom))]
mod sleeping;
#[cfg(not(loom))]
mod threads;
