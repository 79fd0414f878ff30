//! Files that were changed by something else than the ledger.

use super::inode::Leaves;
use super::model::Model;
use super::reference::{event, orders, register, requests, settled};
use crate::ledger::entry::{Event, Kind, Outcome};
use crate::ledger::error::StoreError;
use crate::ledger::read::{LOG, TornTail};
use crate::ledger::store::Store;
use crate::ledger::{Settings, inspect, log};

const HEADER: usize = 40;

fn open(model: &Model) -> Result<Store<Model>, StoreError> {
    Store::open(model.process(), Settings::default())
}

/// A machine with a ledger of four records, and where each of them begins; the last number is the length.
fn written() -> (Model, Vec<usize>) {
    let model = Model::new();
    let mut store = open(&model).unwrap();
    let mut begins = vec![model.content(LOG).len()];
    for batch in [
        vec![register("a", 1)],
        vec![event("a", 2, Kind::Sent), register("b", 3)],
        vec![event("a", 4, settled(Outcome::Done, "ticket 7"))],
        vec![register("c", 5)],
    ] {
        store.commit(&requests(&batch)).unwrap();
        begins.push(model.content(LOG).len());
    }
    assert_eq!(begins[0], HEADER);
    (model, begins)
}

/// Opening and inspecting say the same, and a file that is refused stays as it is.
fn found(content: &[u8]) -> Result<(Vec<String>, Option<TornTail>), StoreError> {
    let (model, _) = written();
    model.put(LOG, content);
    let inspected = inspect::files(&model.process());
    match open(&model) {
        Ok(store) => {
            let inspected = inspected.unwrap();
            assert_eq!(inspected.torn, store.torn());
            let ids: Vec<String> = orders(&store).0.into_keys().collect();
            assert!(inspected.entries.iter().map(|entry| &entry.id).eq(&ids));
            let whole = content.len()
                - store
                    .torn()
                    .map_or(0, |torn| usize::try_from(torn.bytes).unwrap());
            assert_eq!(model.content(LOG), content[..whole]);
            assert_eq!(
                model.after_crash(Leaves::Nothing).content(LOG),
                content[..whole]
            );
            Ok((ids, store.torn()))
        }
        Err(error) => {
            assert_eq!(inspected.unwrap_err().to_string(), error.to_string());
            assert_eq!(model.content(LOG), content);
            Err(error)
        }
    }
}

fn corrupt_at(content: &[u8]) -> u64 {
    match found(content) {
        Err(StoreError::Corrupt { offset, .. }) => offset,
        other => panic!("not refused: {other:?}"),
    }
}

fn torn(offset: usize, bytes: usize) -> TornTail {
    TornTail {
        offset: offset as u64,
        bytes: bytes as u64,
    }
}

#[test]
fn each_flipped_bit_is_refused_in_the_middle_and_cut_off_at_the_end() {
    let (model, begins) = written();
    let whole = model.content(LOG);
    let last = begins[3];
    for at in 0..whole.len() {
        for bit in 0..8 {
            let mut content = whole.clone();
            content[at] ^= 1 << bit;
            if (8..12).contains(&at) {
                assert!(matches!(
                    found(&content),
                    Err(StoreError::Format { expected: 1, .. })
                ));
            } else if at < HEADER {
                assert_eq!(corrupt_at(&content), 0, "byte {at}");
            } else if at < last {
                let record = begins.iter().rfind(|begin| **begin <= at).unwrap();
                assert_eq!(corrupt_at(&content), *record as u64, "byte {at}");
            } else {
                let expected = Some(torn(last, whole.len() - last));
                let ids = ["a", "b"].map(str::to_owned).to_vec();
                assert_eq!(found(&content).unwrap(), (ids, expected), "byte {at}");
            }
        }
    }
}

#[test]
fn a_log_cut_short_anywhere_keeps_its_whole_records() {
    let (model, begins) = written();
    let whole = model.content(LOG);
    for len in 0..whole.len() {
        if len < HEADER {
            assert_eq!(corrupt_at(&whole[..len]), 0);
            continue;
        }
        let end = *begins.iter().rfind(|begin| **begin <= len).unwrap();
        let ids = begins.iter().position(|begin| *begin == end).unwrap();
        let ids = [vec![], vec!["a"], vec!["a", "b"], vec!["a", "b"]][ids].clone();
        let (found, tail) = found(&whole[..len]).unwrap();
        assert_eq!(found, ids, "{len} bytes");
        let expected = (end < len).then(|| torn(end, len - end));
        assert_eq!(tail, expected, "{len} bytes");
    }
}

#[test]
fn what_is_no_record_behind_the_last_one_is_cut_off() {
    let (model, _) = written();
    let whole = model.content(LOG);
    for tail in [
        vec![0; 100],
        vec![0xff; 3],
        whole[..HEADER].to_vec(),
        b"\x10\0\0\0rest".to_vec(),
    ] {
        let content = [whole.clone(), tail.clone()].concat();
        let (ids, cut) = found(&content).unwrap();
        assert_eq!(ids, ["a", "b", "c"]);
        assert_eq!(cut, Some(torn(whole.len(), tail.len())));
    }
}

#[test]
fn records_missing_doubled_or_in_another_order_are_refused() {
    let (model, begins) = written();
    let whole = model.content(LOG);
    let record = |number: usize| &whole[begins[number]..begins[number + 1]];
    for (order, at) in [
        (vec![0, 2, 3], begins[1]),
        (vec![1, 2, 3], begins[0]),
        (vec![0, 0, 1, 2, 3], begins[1]),
        (vec![0, 2, 1, 3], begins[1]),
    ] {
        let records = order.iter().map(|number| record(*number));
        let content = std::iter::once(&whole[..HEADER]).chain(records);
        let content: Vec<u8> = content.flatten().copied().collect();
        assert_eq!(corrupt_at(&content), at as u64, "{order:?}");
    }
}

/// CRC32C by its definition, one bit at a time.
fn crc32c(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            (sum >> 1) ^ (0x82f6_3b78 & (sum & 1).wrapping_neg())
        })
    })
}

#[test]
fn the_bytes_of_a_log_are_those_that_are_documented() {
    assert_eq!(
        crc32c(b"123456789"),
        0xe306_9283,
        "the check value of CRC32C"
    );
    let (sequence, payload) = (7_u64.to_le_bytes(), b"payload");
    let sum = crc32c(&[&sequence[..], payload].concat()).to_le_bytes();
    let expected = [&[7, 0, 0, 0], &sum[..], &sequence, payload].concat();
    assert_eq!(log::record(7, payload), expected);
    let (model, begins) = written();
    let header = &model.content(LOG)[..begins[0]];
    let numbers = [1_u64, 1, 40].map(u64::to_le_bytes).concat();
    let summed = [&b"WODLEDGR\x01\0\0\0"[..], &numbers].concat();
    let expected = [&summed[..], &crc32c(&summed).to_le_bytes()].concat();
    assert_eq!(header, expected);
}

/// Orders that have nothing to do with each other: only the sequence tells that one is missing.
#[test]
fn a_missing_record_is_noticed_by_its_number_alone() {
    let records: Vec<Vec<u8>> = (1..=4)
        .map(|number| {
            log::record(
                number,
                &payload(&[register(&format!("o-{number}"), number)]),
            )
        })
        .collect();
    let (model, begins) = written();
    let header = model.content(LOG)[..begins[0]].to_vec();
    let log = |order: &[usize]| {
        let records = order.iter().map(|number| &records[number - 1]);
        std::iter::once(&header)
            .chain(records)
            .flatten()
            .copied()
            .collect::<Vec<u8>>()
    };
    assert_eq!(found(&log(&[1, 2, 3, 4])).unwrap().0.len(), 4);
    let first = begins[0] + records[0].len();
    assert_eq!(corrupt_at(&log(&[1, 3, 4])), first as u64);
    assert_eq!(corrupt_at(&log(&[1, 3, 2, 4])), first as u64);
    assert_eq!(corrupt_at(&log(&[2, 3, 4])), begins[0] as u64);
}

fn payload(events: &[Event]) -> Vec<u8> {
    let mut payload = Vec::new();
    for event in events {
        log::write_event(&mut payload, event).unwrap();
    }
    payload
}

#[test]
fn a_record_that_is_whole_and_cannot_be_true_is_refused() {
    let (model, _) = written();
    let whole = model.content(LOG);
    for impossible in [
        payload(&[event("nobody", 9, Kind::Sent)]),
        payload(&[event("a", 9, Kind::Sent)]),
        payload(&[register("a", 9)]),
        vec![0xff; 20],
    ] {
        let content = [whole.clone(), log::record(5, &impossible)].concat();
        assert_eq!(corrupt_at(&content), whole.len() as u64);
    }
}

#[test]
fn a_checkpoint_has_no_torn_tail() {
    let (model, _) = written();
    open(&model).unwrap().checkpoint().unwrap();
    let whole = model.content(LOG);
    assert_eq!(found(&whole).unwrap().0, ["a", "b", "c"]);
    for len in HEADER..whole.len() {
        assert_eq!(corrupt_at(&whole[..len]), HEADER as u64);
        let mut content = whole.clone();
        content[len] ^= 1;
        assert_eq!(corrupt_at(&content), HEADER as u64);
    }
}

#[test]
fn what_was_acknowledged_must_not_vanish_while_the_ledger_is_open() {
    let (model, begins) = written();
    let whole = model.content(LOG);
    let mut store = open(&model).unwrap();
    model.put(LOG, &whole[..begins[3]]);
    let error = store.commit(&requests(&[register("d", 9)])).unwrap_err();
    let missing = "records that calls have returned for are missing";
    assert!(error.to_string().contains(missing), "{error}");
    assert_eq!(model.content(LOG), whole[..begins[3]]);
    // The same in the disguise of another generation.
    store = open(&{
        model.put(LOG, &whole);
        model.process()
    })
    .unwrap();
    store.checkpoint().unwrap();
    let older = &whole[..begins[3]];
    model.put(LOG, older);
    let error = store.commit(&requests(&[register("d", 9)])).unwrap_err();
    assert!(error.to_string().contains(missing), "{error}");
    assert_eq!(model.content(LOG), older);
}

#[test]
fn a_log_that_is_removed_is_not_begun_anew() {
    use crate::ledger::files::Files as _;
    let (model, _) = written();
    let mut store = open(&model).unwrap();
    model.remove(LOG).unwrap();
    let error = store.commit(&requests(&[register("d", 9)])).unwrap_err();
    assert!(matches!(error, StoreError::Gone { .. }), "{error}");
    assert_eq!(model.names(), [""; 0]);
}
