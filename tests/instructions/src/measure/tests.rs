use std::path::Path;

use super::own;

const TEXT: &str = "\
# callgrind format
version: 1
cmd:  /bin/program calls open-rejected 1000

positions: line
events: Ir
summary: 1234


ob=(2) /bin/program
fl=(1) ???
fn=(1) main
0 10
+3 5
cob=(3) /lib/libc.so.6
cfn=(7) malloc
calls=2 0
* 700
-1 2

ob=(3)
fn=(7)
0 700

ob=(2)
fn=(8)
0 1
cfn=(1)
calls=1 0
0 17
";

#[test]
fn what_the_program_does_itself_is_counted_once() {
    assert_eq!(own(TEXT, Path::new("/bin/program")), Some(18.0));
    assert_eq!(own(TEXT, Path::new("/lib/libc.so.6")), Some(700.0));
}

#[test]
fn a_program_that_does_not_occur_and_a_torn_file_give_no_count() {
    assert_eq!(own(TEXT, Path::new("/bin/other")), None);
    assert_eq!(own("", Path::new("/bin/program")), None);
    assert_eq!(own("ob=(2)\n0 1\n", Path::new("/bin/program")), None);
    let torn = "ob=(2) /bin/program\n0 1\n0";
    assert_eq!(own(torn, Path::new("/bin/program")), None);
}
