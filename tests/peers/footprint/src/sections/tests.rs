use super::symbols::{self, Held, Owner, Symbols};
use super::*;

const READELF: &str = "\
There are 41 section headers, starting at offset 0x2d6830:

Section Headers:
  [Nr] Name              Type            Address          Off    Size   ES Flg Lk Inf Al
  [ 0]                   NULL            0000000000000000 000000 000000 00      0   0  0
  [ 1] .interp           PROGBITS        00000000000002e0 0002e0 00001c 00   A  0   0  1
  [12] .gcc_except_table PROGBITS        000000000002a6d0 02a6d0 000100 00   A  0   0  4
  [13] .eh_frame_hdr     PROGBITS        000000000002d3ac 02d3ac 000020 00   A  0   0  4
  [14] .eh_frame         PROGBITS        000000000002f248 02f248 000003 00   A  0   0  8
  [15] .text             PROGBITS        000000000003b2b0 03a2b0 085fe6 00  AX  0   0 16
  [30] .bss              NOBITS          00000000000cc980 0c9980 000130 00  WA  0   0  8
  [31] .comment          PROGBITS        0000000000000000 0c9980 0000b2 01  MS  0   0  1
  [38] .symtab           SYMTAB          0000000000000000 2ab900 009c30 18     40 1254  8
Key to Flags:
  W (write), A (alloc), X (execute), M (merge), S (strings), I (info),
";

const NM: &str = "\
0000000000000010 0000000000000100 t wait_or_die::redact::scan::Scan::hide
0000000000000020 0000000000000010 T <wait_or_die::redact::Filter as core::ops::drop::Drop>::drop
0000000000000030 0000000000000400 r wait_or_die::redact::index::BUILT_IN
0000000000000040 0000000000000050 t core::ptr::drop_in_place<wait_or_die::error::Error>
0000000000000050 0000000000000007 b wait_or_die::error::LAST
0000000000000060 0000000000000030 T <&T as core::fmt::Debug>::fmt
0000000000000060 0000000000000030 T <&T as core::fmt::Display>::fmt
0000000000000070 0000000000000020 d std::io::stdio::STDOUT
0000000000000080 0000000000000005 t hello_wait_or_die_retry::main
0000000000000090 0000000000000004 T main
";

fn sizes(sizes: &[(&str, u64)]) -> Sections {
    let sizes = sizes.iter();
    sizes.map(|&(name, size)| (name.to_owned(), size)).collect()
}

#[test]
fn sections_are_those_that_are_loaded_and_in_the_file() {
    assert_eq!(
        parse(READELF).unwrap(),
        sizes(&[
            ("`.eh_frame` and its index, `.gcc_except_table`", 0x123),
            ("`.interp`", 0x1c),
            ("`.text`", 0x8_5fe6),
        ])
    );
    assert!(parse("There are no sections in this file.\n").is_err());
}

#[test]
fn sections_that_differ_are_told_the_greatest_growth_first() {
    let plain = sizes(&[("same", 7), ("small", 10), ("large", 1000), ("gone", 5)]);
    let ours = sizes(&[("same", 7), ("small", 20), ("large", 3000), ("new", 15)]);
    assert_eq!(
        table(&[plain, ours]).titled("T"),
        "\n### T\n\n\
         | section | plain | ours | more |\n\
         |---|--:|--:|--:|\n\
         | large | 1,000 | 3,000 | +2,000 |\n\
         | new | 0 | 15 | +15 |\n\
         | small | 10 | 20 | +10 |\n\
         | gone | 5 | 0 | -5 |\n\
         | all | 1,022 | 3,042 | +2,020 |\n"
    );
}

fn module(name: &str) -> Owner {
    Owner::Module(name.to_owned())
}

fn held(code: u64, data: u64, largest: (u64, &str)) -> Held {
    Held {
        code,
        data,
        largest: (largest.0, largest.1.to_owned()),
    }
}

#[test]
fn a_symbol_is_the_modules_that_it_names_and_one_address_counts_once() {
    let told = symbols::parse(NM).unwrap();
    let index = "wait_or_die::redact::index::BUILT_IN";
    let dropped = "core::ptr::drop_in_place<wait_or_die::error::Error>";
    assert_eq!(
        told,
        Symbols::from([
            (module("redact"), held(110, 400, (400, index))),
            (module("error"), held(50, 0, (50, dropped))),
            (
                Owner::Std,
                held(30, 20, (30, "<&T as core::fmt::Debug>::fmt"))
            ),
            (
                Owner::Other,
                held(9, 0, (5, "hello_wait_or_die_retry::main"))
            ),
        ])
    );
    assert!(symbols::parse("nm: hello: no symbols\n").is_err());
}

#[test]
fn what_plain_has_of_the_same_owner_is_taken_off() {
    let plain = Symbols::from([(Owner::Std, held(10, 20, (10, "std::one")))]);
    let ours = symbols::parse(NM).unwrap();
    assert_eq!(
        symbols::table(&[plain, ours]).titled("T"),
        "\n### T\n\n\
         | symbols | the largest | code | data | bytes |\n\
         |---|---|--:|--:|--:|\n\
         | `redact` | `redact::index::BUILT_IN`: 400 | +110 | +400 | +510 |\n\
         | `error` | `core::ptr::drop_in_place<error::Error>`: 50 | +50 | +0 | +50 |\n\
         | std, core and alloc |  | +20 | +0 | +20 |\n\
         | everything else |  | +9 | +0 | +9 |\n"
    );
}
