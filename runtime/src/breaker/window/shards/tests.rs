//! What a shard counts, and what it leaves to the lock.

use super::*;

const PLACE: usize = 5;

/// A bucket of ten ticks from 100 on.
fn settled(tag: Tag) -> Shards {
    let shards = Shards::new();
    shards.take(PLACE, tag);
    shards.show(tag, PLACE, 100, 10, true);
    shards
}

#[test]
fn a_success_counts_within_its_bucket_and_generation() {
    // A generation is known by its lower 16 bits.
    let shards = settled(Tag::new(0x3_0002, 7));
    for (generation, now, counts) in [
        (0x3_0002, 100, true),
        (0x3_0002, 109, true),
        (2, 105, true),
        (3, 105, false),
        (0x3_0003, 105, false),
        (2, 99, false),
        (2, 110, false),
        (2, u64::MAX, false),
    ] {
        assert_eq!(shards.count(generation, now), counts, "{generation} {now}");
    }
    assert_eq!((shards.sum(PLACE), shards.sum(PLACE - 1)), (3, 0));
    shards.show(Tag::new(2, 7), PLACE, 100, 10, false);
    assert!(!shards.count(2, 100), "not settled");
}

#[test]
fn who_has_seen_a_bucket_that_is_gone_counts_nowhere() {
    let shards = settled(Tag::new(2, 7));
    assert!(shards.count(2, 100));
    // Taken under the lock, and not yet shown.
    assert_eq!(shards.take(PLACE, Tag::new(2, 8)), 1);
    assert!(!shards.count(2, 100));
    assert_eq!(shards.sum(PLACE), 0);
    shards.show(Tag::new(2, 8), PLACE, 110, 10, true);
    assert!(shards.count(2, 110));
    assert_eq!(shards.sum(PLACE), 1);
}

#[test]
fn a_slot_that_is_full_does_not_run_over_into_its_name() {
    let tag = Tag::new(2, 7);
    let full = AtomicU64::new(tag.empty() | 0xffff_fffe);
    assert!(bump(&full, tag));
    assert!(!bump(&full, tag));
    assert_eq!(full.load(Ordering::Relaxed), tag.empty() | 0xffff_ffff);
}

#[test]
fn every_thread_has_a_shard_and_they_differ() {
    let shards = settled(Tag::new(2, 7));
    // So many that their numbers go beyond the number of shards squared.
    let threads = SHARDS * SHARDS * 2;
    for _ in 0..threads {
        std::thread::scope(|scope| {
            scope.spawn(|| assert!(shards.count(2, 100)));
        });
    }
    assert_eq!(shards.sum(PLACE), threads as u64);
    let count = |shard: &Padded<Shard>| shard.0.slots[PLACE].load(Ordering::Relaxed);
    let empty = Tag::new(2, 7).empty();
    assert!(
        shards
            .own
            .iter()
            .filter(|shard| count(shard) > empty)
            .count()
            > 1
    );
}
