use super::*;

#[test]
fn the_median_is_the_middle_one_or_the_mean_of_the_middle_two() {
    let medians = [
        median(&[]),
        median(&[3.0]),
        median(&[3.0, 1.0]),
        median(&[9.0, 1.0, 2.0]),
        median(&[9.0, 1.0, 2.0, 4.0]),
    ];
    assert_eq!(
        medians.map(|median| format!("{median}")),
        ["0", "3", "2", "2", "3"]
    );
}

#[test]
fn the_spread_is_half_of_what_lies_between_the_extremes() {
    let spreads = [spread(&[]), spread(&[3.0]), spread(&[9.0, 1.0, 2.0])];
    assert_eq!(spreads.map(|spread| format!("{spread}")), ["0", "0", "4"]);
}

#[test]
fn counts_have_a_comma_between_thousands() {
    let counts = [0, 999, 1000, 123_456, 1_234_567].map(grouped);
    assert_eq!(counts, ["0", "999", "1,000", "123,456", "1,234,567"]);
    assert_eq!([-1500, 0, 64].map(signed), ["-1,500", "+0", "+64"]);
}

#[test]
fn a_table_is_markdown_whose_figures_stand_on_the_right() {
    let mut table = Table::new(&["a", "b", "c"]);
    table.row(["x", "y", "1"].map(str::to_owned));
    assert_eq!(
        table.titled("T"),
        "\n### T\n\n| a | b | c |\n|---|---|--:|\n| x | y | 1 |\n"
    );
}
