//! The picture: the share of each second's requests that were answered, a line for each policy.

use std::fmt::Write as _;

use crate::run::{SECONDS, SPIKE};

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 300.0;
const LEFT: f64 = 48.0;
const TOP: f64 = 24.0;
/// Apart for eyes that see few colours too.
const COLOURS: [&str; 6] = [
    "#000000", "#d55e00", "#e69f00", "#56b4e9", "#0072b2", "#009e73",
];
const DASHES: [&str; 6] = ["2 3", "none", "8 3", "4 2", "none", "8 3"];

/// What became of one policy over all runs.
pub(crate) struct Curve {
    pub(crate) name: &'static str,
    /// The share of the runs that recovered.
    pub(crate) recovered: f64,
    /// The share of answered requests, second by second.
    pub(crate) answered: Vec<f64>,
}

pub(crate) fn svg(curves: &[Curve]) -> String {
    let rows = curves.len() as f64;
    let (width, height) = (LEFT + WIDTH + 24.0, TOP + HEIGHT + 56.0 + 20.0 * rows);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" font-family=\"sans-serif\" \
         font-size=\"13\">\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n"
    );
    axes(&mut svg);
    for (index, curve) in curves.iter().enumerate() {
        line(&mut svg, index, curve);
    }
    svg + "</svg>\n"
}

fn x(second: usize) -> f64 {
    LEFT + WIDTH * second as f64 / SECONDS as f64
}

fn y(share: f64) -> f64 {
    TOP + HEIGHT * (1.0 - share)
}

/// The spike, the scales and what they measure. Writing to a `String` cannot fail.
fn axes(svg: &mut String) {
    let spike = x(SPIKE.end) - x(SPIKE.start);
    let _ = writeln!(
        svg,
        "<rect x=\"{}\" y=\"{TOP}\" width=\"{spike}\" height=\"{HEIGHT}\" fill=\"#eeeeee\"/>\n\
         <text x=\"{}\" y=\"{}\" text-anchor=\"middle\">spike</text>",
        x(SPIKE.start),
        x(SPIKE.start) + spike / 2.0,
        TOP - 8.0
    );
    for percent in [0_u8, 25, 50, 75, 100] {
        let at = y(f64::from(percent) / 100.0);
        let _ = writeln!(
            svg,
            "<line x1=\"{LEFT}\" x2=\"{}\" y1=\"{at}\" y2=\"{at}\" stroke=\"#cccccc\"/>\n\
             <text x=\"{}\" y=\"{}\" text-anchor=\"end\">{percent} %</text>",
            LEFT + WIDTH,
            LEFT - 6.0,
            at + 4.0
        );
    }
    for second in (0..=SECONDS).step_by(10) {
        let _ = writeln!(
            svg,
            "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">{second} s</text>",
            x(second),
            TOP + HEIGHT + 18.0
        );
    }
}

fn line(svg: &mut String, index: usize, curve: &Curve) {
    let (colour, dash) = (COLOURS[index % COLOURS.len()], DASHES[index % DASHES.len()]);
    let mut points = String::new();
    for (second, share) in curve.answered.iter().enumerate() {
        let _ = write!(
            points,
            "{:.1},{:.1} ",
            f64::midpoint(x(second), x(second + 1)),
            y(*share)
        );
    }
    let at = TOP + HEIGHT + 44.0 + 20.0 * index as f64;
    let stroke = format!("stroke=\"{colour}\" stroke-width=\"2\" stroke-dasharray=\"{dash}\"");
    let _ = writeln!(
        svg,
        "<polyline points=\"{}\" fill=\"none\" {stroke}/>\n\
         <line x1=\"{LEFT}\" x2=\"{}\" y1=\"{at}\" y2=\"{at}\" {stroke}/>\n\
         <text x=\"{}\" y=\"{}\">{}: {:.0} % of the runs recover</text>",
        points.trim_end(),
        LEFT + 36.0,
        LEFT + 46.0,
        at + 4.0,
        curve.name,
        100.0 * curve.recovered
    );
}
