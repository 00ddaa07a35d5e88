use super::*;

/// Metrics `m1` and `m2`, with a gap each, and an expression `e1`.
fn compute(expression: &str) -> Result<Series, String> {
    let items =
        [("m1", Item::Metric(60)), ("m2", Item::Metric(60)), ("e1", Item::Expression(expression))];
    let program = Program::new(&items).map_err(|(_, problem)| problem)?;
    let m1 = vec![Some(6.0), None, Some(12.0), Some(0.0)];
    let m2 = vec![Some(2.0), Some(4.0), None, Some(0.0)];
    Ok(program.run(vec![m1, m2, Vec::new()], 4).swap_remove(2))
}

#[test]
fn arithmetic_has_a_point_where_both_sides_have_one() {
    let table: [(&str, [Option<f64>; 4]); 16] = [
        ("m1 + m2", [Some(8.0), None, None, Some(0.0)]),
        ("m1 / m2", [Some(3.0), None, None, None]),
        ("100 * (m1 / PERIOD(m1)) / m2", [Some(5.0), None, None, None]),
        ("m1 - 2 * 3", [Some(0.0), None, Some(6.0), Some(-6.0)]),
        ("-m1 + .5", [Some(-5.5), None, Some(-11.5), Some(0.5)]),
        ("2 - m1 - 1", [Some(-5.0), None, Some(-11.0), Some(1.0)]),
        ("FILL(m1, 0)", [Some(6.0), Some(0.0), Some(12.0), Some(0.0)]),
        ("FILL(m1, REPEAT) + FILL(m2,REPEAT)", [Some(8.0), Some(10.0), Some(16.0), Some(0.0)]),
        ("FILL(m1, m2)", [Some(6.0), Some(4.0), Some(12.0), Some(0.0)]),
        ("IF(m1 > 5, m1, 0)", [Some(6.0), None, Some(12.0), Some(0.0)]),
        ("IF(m1 <= 6, 1, m2)", [Some(1.0), None, None, Some(1.0)]),
        ("SUM([m1, m2])", [Some(8.0), Some(4.0), Some(12.0), Some(0.0)]),
        ("SUM(METRICS())", [Some(8.0), Some(4.0), Some(12.0), Some(0.0)]),
        ("MAX([m1, m2])", [Some(6.0), Some(4.0), Some(12.0), Some(0.0)]),
        ("AVG([m1,m2]) - MIN([m1,m2])", [Some(2.0), Some(0.0), Some(0.0), Some(0.0)]),
        ("m1 / MAX(m1)", [Some(0.5), None, Some(1.0), Some(0.0)]),
    ];
    for (expression, expected) in table {
        assert_eq!(compute(expression).unwrap(), expected, "{expression}");
    }
}

#[test]
fn expressions_use_one_another_in_any_order() {
    let items = [
        ("e2", Item::Expression("e1 * 2")),
        ("e1", Item::Expression("m1 + 1")),
        ("m1", Item::Metric(60)),
    ];
    let program = Program::new(&items).unwrap();
    assert!(program.uses(0, 2));
    let found = program.run(vec![Vec::new(), Vec::new(), vec![Some(2.0)]], 1);
    assert_eq!(found, [vec![Some(6.0)], vec![Some(3.0)], vec![Some(2.0)]]);
}

#[test]
fn what_is_not_supported_or_makes_no_sense_is_refused() {
    let table = [
        ("m1 +", "ends too early"),
        ("(m1", "`)` is missing"),
        ("m1 m2", "unexpected `m2`"),
        ("m3 + 1", "no query has the id `m3`"),
        ("RATE(m1)", "`RATE`"),
        ("IF(m1, 1)", "`IF`"),
        ("ANOMALY_DETECTION_BAND(m1, 2)", "not supported"),
        ("SEARCH('x')", "unexpected `'`"),
        ("1 + 2", "single time series"),
        ("METRICS()", "single time series"),
        ("[m1, m2] * 2", "single time series"),
        ("SUM(m1)", "single time series"),
        ("FILL(1, 2)", "FILL"),
        ("e1 + 1", "refers to itself"),
        ("1.2.3 * m1", "unexpected `1`"),
    ];
    for (expression, part) in table {
        let problem = compute(expression).unwrap_err();
        assert!(problem.contains(part), "{expression}: {problem}");
    }
    assert!(compute(&"(".repeat(500)).unwrap_err().contains("too deeply"));
    assert!(compute(&"-".repeat(500)).unwrap_err().contains("too deeply"));
    let unequal =
        [("m1", Item::Metric(60)), ("m2", Item::Metric(300)), ("e1", Item::Expression("m1 + m2"))];
    assert_eq!(Program::new(&unequal).unwrap_err().0, 2);
}
