"""Estimates against hand calculation, brute force and other libraries."""

from __future__ import annotations

from decimal import Decimal
from itertools import product

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest, chi2
from statsmodels.formula.api import logit

from frivillig.data import DATA, Spine, Statistic, read_counties, read_schema, read_statistics
from frivillig.statistics import (
    CONSTANT,
    TERMS,
    ExpressionError,
    combinations,
    cross_table,
    difference,
    evaluate,
    feasible_groups,
    fourfold_tables,
    holm,
    implied_bases,
    likelihood_ratio,
    logit_fits,
    logit_table,
    marginal_effects,
    mcfadden_p,
    models,
    multiple_response,
    overlaps,
    parse,
    poststratified,
    predicted,
    question,
    shares,
    single_choice,
    statements,
    strata,
    variance_inflation,
    with_printed,
)
from frivillig.statistics.expressions import columns
from frivillig.statistics.published import rounds_to

SPINE = read_statistics()


@pytest.mark.parametrize(("count", "base"), [(109, 191), (0, 15), (15, 15), (3, 105), (1, 2)])
def test_intervals_are_wilson_intervals(count, base):
    row = shares(pd.Series({"a": count}), base).loc["a"]
    low, high = binomtest(count, base).proportion_ci(0.95, method="wilson")
    assert (row["low"], row["high"]) == pytest.approx((100 * low, 100 * high), abs=1e-9)
    assert row["share"] == pytest.approx(100 * count / base)


def test_the_level_widens_the_interval():
    low, high = binomtest(48, 66).proportion_ci(0.99, method="wilson")
    row = shares(pd.Series({"a": 48}), 66, level=0.99).loc["a"]
    assert (row["low"], row["high"]) == pytest.approx((100 * low, 100 * high), abs=1e-9)


@pytest.mark.parametrize(("count", "base"), [(5, 4), (-1, 4), (1, 0)])
def test_impossible_counts_are_refused(count, base):
    with pytest.raises(ValueError, match="counts must lie between 0 and their base"):
        shares(pd.Series({"a": count}), base)


def test_differences_have_newcombes_interval():
    """The worked example of Newcombe (1998), table II, column a, method 10: 56 of 70 against 48 of 80."""
    found = difference((56, 70), (48, 80))
    assert found == pytest.approx((20.0, 5.24, 33.39), abs=0.005)


ANSWERS = pd.DataFrame(
    {
        # The last respondent was not asked; the fourth was asked and marked nothing.
        "channel_personal": [1, 1, 0, 0, np.nan],
        "channel_portal": [0, 1, 1, 0, np.nan],
        "resources": ["yes", "no", "yes", None, None],
        "county": ["a", "a", "b", "b", "b"],
    }
)


def test_multiple_response_has_its_own_base():
    table = multiple_response(ANSWERS, "channel", ["portal", "personal"])
    assert table["count"].to_dict() == {"portal": 2, "personal": 2}
    assert set(table["base"]) == {4}


def test_single_choice_leaves_missing_answers_out_and_keeps_options_nobody_chose():
    table = single_choice(ANSWERS, "resources", ["yes", "no", "unsure"])
    assert table[["count", "base"]].to_dict("index") == {
        "yes": {"count": 2, "base": 3},
        "no": {"count": 1, "base": 3},
        "unsure": {"count": 0, "base": 3},
    }


def test_combinations_count_each_respondent_once():
    found = combinations(ANSWERS, "channel", ["personal", "portal"])
    assert found == {("personal",): 1, ("personal", "portal"): 1, ("portal",): 1}


def test_a_printed_percentage_stands_beside_its_share_and_a_lost_one_leaves_a_gap():
    table = shares(pd.Series({"tasks": 72, "integration": 40}), 105)
    beside = with_printed(table, SPINE, "municipal.reason")
    assert beside["printed"].to_list()[0] == 69
    assert beside.loc["integration"].isna().all()
    assert beside.loc["tasks", "count"] == 72


# Two groups of 100 and 300 units; 10 and 20 answered, 8 and 5 of them with yes.
STRATA = pd.DataFrame({"g": ["a"] * 10 + ["b"] * 20, "y": [1] * 8 + [0] * 2 + [1] * 5 + [0] * 15})


def test_a_weighted_share_counts_each_group_by_its_units():
    """By hand: 0.25 · 0.8 + 0.75 · 0.25, and Cochran's variance of a stratified mean."""
    found = poststratified(STRATA, "y", STRATA["g"], pd.Series({"a": 100, "b": 300}))
    assert found["share"] == pytest.approx(38.75)
    variance = 0.25**2 * 0.9 * 0.8 * 0.2 / 9 + 0.75**2 * (280 / 300) * 0.25 * 0.75 / 19
    assert found["high"] - found["share"] == pytest.approx(100 * 1.959964 * variance**0.5, abs=1e-4)
    assert found["share"] - found["low"] == pytest.approx(found["high"] - found["share"])


def test_a_weighted_share_of_everyone_has_no_error():
    found = poststratified(STRATA, "y", STRATA["g"], pd.Series({"a": 10, "b": 20}))
    assert found["low"] == found["share"] == found["high"] == pytest.approx(100 * 13 / 30)


@pytest.mark.parametrize("units", [{"a": 100}, {"a": 9, "b": 300}])
def test_no_group_can_have_more_respondents_than_units(units):
    with pytest.raises(ValueError, match="no group can have more respondents than units"):
        poststratified(STRATA, "y", STRATA["g"], pd.Series(units))


def test_a_group_with_too_few_answers_is_weighted_together_with_its_smaller_neighbour():
    few = pd.concat([STRATA, pd.DataFrame({"g": ["c"], "y": [1]})], ignore_index=True)
    units = pd.Series({"a": 100, "c": 20, "b": 300, "d": 5})
    # One answered in c, and none in d: c goes to a, which has fewer answers than b, and d to b.
    assert strata(few, "y", few["g"], units) == [["a", "c"], ["b", "d"]]
    found = poststratified(few, "y", few["g"], units)
    together = few.assign(g=few["g"].replace("c", "a"))
    expected = poststratified(together, "y", together["g"], pd.Series({"a": 120, "b": 305}))
    assert found == pytest.approx(expected)
    # Two said no in a: with three of each answer wanted, all are one stratum, and weights change nothing.
    assert strata(STRATA, "y", STRATA["g"], pd.Series({"a": 100, "b": 300}), least=3) == [["a", "b"]]
    assert poststratified(STRATA, "y", STRATA["g"], pd.Series({"a": 100, "b": 300}), least=3)["share"] == (
        pytest.approx(100 * 13 / 30)
    )


@pytest.mark.parametrize("answered", [0, 1])
def test_a_weighted_share_of_hardly_anyone_is_missing(answered):
    found = poststratified(STRATA[:answered], "y", STRATA["g"][:answered], pd.Series({"a": 100, "b": 300}))
    assert pd.isna(pd.Series(found)).all()


def test_statements_have_a_base_each():
    answers = pd.DataFrame({"one": [1, 0, 1, None], "two": [0, 0, None, None], "three": [None] * 4})
    table = statements(answers, {"a": "one", "b": "two", "c": "three"})
    assert table.loc["a", ["count", "base"]].to_list() == [2, 3]
    assert table.loc["b", ["count", "base"]].to_list() == [0, 2]
    assert table.loc["c", ["count", "base"]].to_list() == [0, 0] and pd.isna(table.loc["c", "share"])


def test_cross_table_counts_within_groups():
    table = cross_table(ANSWERS, "county", "channel_portal")
    assert table[["count", "base"]].to_dict("index") == {
        "a": {"count": 1, "base": 2},
        "b": {"count": 1, "base": 2},
    }


# ── Printed counts ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("count", "base", "printed", "fits"),
    [
        (1, 8, "13", True),  # 12.5, half up
        (1, 8, "12", False),
        (118, 191, "62", True),
        (118, 192, "62", False),  # 61.46
        (27, 192, "14.1", True),
        (15, 80, "21", False),
    ],
)
def test_rounding_is_half_up(count, base, printed, fits):
    assert rounds_to(count, base, Decimal(printed)) is fits


@pytest.mark.parametrize(
    "pairs",
    [[(13, 7), (140, 73)], [(5, 5)], [(71, 64), (10, 10)], [(1, 1)], [(3, 100)], [(15, 21), (17, 21)]],
)
def test_implied_bases_are_all_there_are(pairs):
    pairs = [(count, Decimal(percent)) for count, percent in pairs]
    brute = [
        base
        for base in range(1, 1000)
        if all(count <= base and int(100 * count / base + 0.5) == percent for count, percent in pairs)
    ]
    assert implied_bases(pairs) == brute


def test_decimals_narrow_the_base():
    assert implied_bases([(27, Decimal("14.1"))]) == [191, 192]


def test_nothing_follows_from_nothing():
    with pytest.raises(ValueError, match="no count above 0"):
        implied_bases([(0, Decimal(0))])


def test_a_question_shows_lost_answers_as_missing():
    table = question(SPINE, "municipal.reason", read_schema("municipalities").labels("reason"))
    assert table.loc["integration"].isna().all()
    assert table.loc["tasks", ["count", "base", "printed"]].tolist() == [72, 105, 69]
    assert np.isnan(table.loc["relief", "printed"])


def test_feasible_groups_are_all_there_are():
    printed = {"a": Decimal(50), "b": Decimal(33), "c": Decimal(67)}
    found = feasible_groups(printed, count=10, base=20, sizes=dict.fromkeys(printed, range(2, 13)))
    candidates = [
        [(k, n) for n in range(2, 13) for k in range(n + 1) if int(100 * k / n + 0.5) == percent]
        for percent in (50, 33, 67)
    ]
    solutions = [
        pairs
        for pairs in product(*candidates)
        if sum(k for k, _ in pairs) == 10 and sum(n for _, n in pairs) == 20
    ]
    assert found.solutions == len(solutions) > 1
    for index, group in enumerate(printed):
        assert set(found.feasible[group]) == {pairs[index] for pairs in solutions}


def test_impossible_groups_are_refused():
    with pytest.raises(ValueError, match="no counts with the printed percentages add up to 3 of 4"):
        feasible_groups({"a": Decimal(50), "b": Decimal(50)}, count=3, base=4, sizes={"a": [2], "b": [2]})


@pytest.mark.parametrize(("capped", "solutions"), [(False, 73), (True, 27)])
def test_the_solutions_of_the_county_table(capped, solutions):
    """As many as a preparatory study counted: Oslo has 11 respondents and fewest, Viken 27 and most."""
    units = read_counties()
    printed = {county: SPINE[f"municipal.county.{county}.pct"].value for county in units}
    sizes = {county: range(11, min(27, units[county] if capped else 27) + 1) for county in units}
    groups = feasible_groups(printed, 109, 192, sizes | {"oslo": [11], "viken": [27]})
    assert groups.solutions == solutions
    assert groups.feasible["oslo"] == [(9, 11)]
    assert groups.feasible["viken"] == [(17, 27)]
    assert (groups.feasible["vestfold_og_telemark"] == [(13, 18)]) is capped
    assert groups.shares().loc["oslo", ["low", "high"]].tolist() == pytest.approx([52.3, 94.9], abs=0.05)


def test_overlaps_agree_with_every_possible_set_of_regions():
    sizes, both, third, every = {"a": 5, "b": 6, "c": 4}, 3, 2, 1
    regions = {}
    for rest in range(0, 5):  # members of b and c only
        only_b, only_c = 6 - both - rest, 4 - third - rest
        if only_b >= 0 and only_c >= 0:
            for name, count in {("b", "c"): rest, ("b",): only_b, ("c",): only_c}.items():
                regions.setdefault(name, []).append(count)
    found = {
        overlap.sets: (overlap.low, overlap.high) for overlap in overlaps(sizes, both, third, every, (0, 15))
    }
    assert found[("a",)] == (1, 1)
    assert found[("a", "b")] == (2, 2)
    assert found[("a", "c")] == (1, 1)
    assert found[("a", "b", "c")] == (1, 1)
    for name, counts in regions.items():
        assert found[name] == (min(counts), max(counts))


def test_the_union_bounds_the_overlap():
    found = {
        o.sets: (o.low, o.high) for o in overlaps({"s": 109, "c": 140, "o": 118}, 84, 80, 67, (176, 178))
    }
    assert found[("s",)] == (12, 12)
    assert found[("c", "o")] == (25, 27)
    assert found[("c",)] == (29, 31)
    assert found[("o",)] == (11, 13)


def test_impossible_overlaps_are_refused():
    with pytest.raises(ValueError, match="no three sets"):
        overlaps({"a": 5, "b": 6, "c": 4}, 5, 4, 1, (0, 15))


# ── The language of the spine ────────────────────────────────────────────────────────────────────

# Own recruitment by policy: 47 of 66 with one, 47 of 109 without; one respondent without the answer.
TABLE = pd.DataFrame(
    {
        "own": [1.0] * 47 + [0.0] * 19 + [1.0] * 47 + [0.0] * 62 + [1.0],
        "policy": [1.0] * 66 + [0.0] * 109 + [np.nan],
        "population": np.linspace(500, 90_000, 176),
        "noise": np.tile([0.0, 1.0], 88),
    }
)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("count | own == 1", 95),
        ("count | policy.notna()", 175),
        ("share | own == 1 | policy == 1", 100 * 47 / 66),
        ("share | own == 1 | policy.notna()", 100 * 94 / 175),
        ("mean | policy", 66 / 175),
        ("mean | population / 1000", 45.25),
        ("mean | own | policy == 0", 47 / 109),
        ("sd | policy", np.sqrt(66 * 109 / 175 / 174)),
        # Odds ratio and phi of a two-by-two table by hand.
        ("logit | own ~ policy | odds policy", 47 * 62 / (19 * 47)),
        ("logit | own ~ policy | coef policy", np.log(47 * 62 / (19 * 47))),
        ("corr | own | policy | r", (47 * 62 - 19 * 47) / np.sqrt(94 * 81 * 66 * 109)),
    ],
)
def test_expressions_against_hand_calculation(expression, value):
    assert evaluate(expression, TABLE) == pytest.approx(value, rel=1e-7)


def test_logit_measures_against_hand_calculation():
    def log_likelihood(k, n):
        return k * np.log(k / n) + (n - k) * np.log(1 - k / n)

    explained = 1 - (log_likelihood(47, 66) + log_likelihood(47, 109)) / log_likelihood(94, 175)
    assert evaluate("logit | own ~ policy | mcfadden", TABLE) == pytest.approx(explained, rel=1e-7)
    # The Wald test of a log odds ratio, with its standard error from the four cells.
    z = np.log(47 * 62 / (19 * 47)) / np.sqrt(1 / 47 + 1 / 62 + 1 / 19 + 1 / 47)
    from scipy.stats import norm

    assert evaluate("logit | own ~ policy | p policy", TABLE) == pytest.approx(2 * norm.sf(z), rel=1e-5)
    # One half is reached where intercept and slope cancel.
    intercept, slope = np.log(47 / 62), np.log(47 * 62 / (19 * 47))
    assert evaluate("logit | own ~ policy | x50 policy", TABLE) == pytest.approx(-intercept / slope, rel=1e-6)


def test_correlations_take_complete_pairs():
    table = TABLE.assign(population=[np.nan, *TABLE["population"][1:]])
    expected = np.corrcoef(table["own"][1:], np.log(table["population"][1:]))[0, 1]
    assert evaluate("corr | own | np.log(population) | r", table) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("antall | own == 1", "unknown verb 'antall'; expected one of count, share"),
        ("share | own == 1", "share takes 2 arguments, found 1"),
        ("mean | own | a | b", "mean takes 1 or 2 arguments, found 3"),
        ("corr | own | policy | rho", "unknown measure 'rho'; expected one of r, p"),
        ("logit | own ~ policy | coef", "coef takes a term, found ''"),
        ("logit | own ~ policy | mcfadden policy", "mcfadden takes no term"),
    ],
)
def test_unreadable_expressions_are_refused(expression, message):
    with pytest.raises(ExpressionError, match=message):
        parse(expression)


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("count | egen == 1", "'count | egen == 1': UndefinedVariableError"),
        ("share | own == 1 | population < 0", "nobody is in the base 'population < 0'"),
        ("mean | policy | population < 0", "no values"),
        ("logit | own ~ policy | coef size", "no term 'size'; the model has Intercept, policy"),
        ("logit | own ~ policy + noise | x50 policy", "x50 needs a model with one term"),
    ],
)
def test_expressions_that_cannot_be_computed_say_why(expression, message):
    with pytest.raises(ExpressionError, match=message):
        evaluate(expression, TABLE)


def test_columns_of_an_expression():
    text = "logit | own_recruitment ~ np.log(population / 1000) + policy | coef np.log(population / 1000)"
    assert columns(parse(text)) == ["own_recruitment", "population", "policy"]
    assert columns(parse('share | county == "oslo" and not x.notna() | y in ["a", "b"]')) == [
        "county",
        "x",
        "y",
    ]


def test_every_expression_of_the_spine_runs_on_answers_of_its_survey():
    """On random answers of the right kind: the numbers mean nothing, but every expression must compute."""
    random = np.random.default_rng(0)
    for survey in ("municipalities", "centres", "organisations"):
        answers = pd.DataFrame(
            {name: _random_answers(column, random) for name, column in read_schema(survey).columns.items()}
        )
        # Words that relate other rows are not computed from answers.
        rows: list[Statistic] = [
            row for row in SPINE.values() if row.survey == survey and row.stat and row.unit != "wording"
        ]
        assert rows
        for row in rows:
            assert np.isfinite(evaluate(row.stat, answers)), row.id


def _random_answers(column: dict, random: np.random.Generator, size: int = 300) -> np.ndarray:
    if "categories" in column:
        return random.choice([item["value"] for item in column["categories"]], size)
    constraints = column.get("constraints", {})
    if "enum" in constraints:
        return random.integers(0, 2, size).astype(float)
    if "maximum" in constraints and column["type"] == "integer":
        return random.integers(constraints["minimum"], constraints["maximum"] + 1, size)
    return random.lognormal(1, 0.5, size) if column["type"] != "string" else np.arange(size).astype(str)


def test_a_spine_is_read_like_a_mapping():
    spine = Spine({row.id: row for row in list(SPINE.values())[:3]})
    assert len(spine) == 3
    assert list(spine) == list(SPINE)[:3]


# ── Models ───────────────────────────────────────────────────────────────────────────────────────

# 3 of 4 with a policy recruit, 1 of 4 without: the odds ratio is 9, phi one half.
FOURFOLD = pd.DataFrame({"recruits": [1, 1, 1, 0, 1, 0, 0, 0], "policy": [1, 1, 1, 1, 0, 0, 0, 0]})
MUNICIPALITIES = pd.read_csv(DATA / "surveys" / "municipalities.csv")
SIZE = "own_recruitment ~ np.log(population / 1000)"


def test_a_logit_of_two_groups_is_their_log_odds_ratio():
    row = logit_table(FOURFOLD, {"policy": "recruits ~ policy"}).loc[("policy", "policy")]
    error = np.sqrt(1 / 3 + 1 + 1 + 1 / 3)
    assert row["n"] == 8
    assert row["coef"] == pytest.approx(np.log(9))
    assert (row["low"], row["high"]) == pytest.approx(
        (np.log(9) - 1.959964 * error, np.log(9) + 1.959964 * error), abs=1e-5
    )
    assert row["se"] == pytest.approx(error)
    null, fitted = 8 * np.log(0.5), 2 * (3 * np.log(0.75) + np.log(0.25))
    assert row["mcfadden"] == pytest.approx(1 - fitted / null)
    assert mcfadden_p(row["mcfadden"], 4, 8) == pytest.approx(
        likelihood_ratio(FOURFOLD, "recruits ~ 1", ["policy"])[2]
    )


def test_the_constant_is_the_log_odds_of_the_first_group_and_stands_last():
    table = logit_table(FOURFOLD, {"policy": "recruits ~ policy"}, constant=True).loc["policy"]
    assert list(table.index) == ["policy", CONSTANT]
    assert table.loc[CONSTANT, "coef"] == pytest.approx(np.log(1 / 3))
    assert table.loc[CONSTANT, "se"] == pytest.approx(np.sqrt(1 + 1 / 3))


def test_pseudo_r_squared_of_two_groups_by_hand():
    """Cox and Snell: one less the ratio of the likelihoods to the power 2/n; Nagelkerke: by its largest."""
    row = logit_fits(FOURFOLD, {"policy": "recruits ~ policy"}).loc["policy"]
    null, fitted = 0.5**8, (0.75**3 * 0.25) ** 2
    assert (row["n"], row["log_likelihood"]) == (8, pytest.approx(np.log(fitted)))
    assert row["cox_snell"] == pytest.approx(1 - (null / fitted) ** (2 / 8))
    assert row["nagelkerke"] == pytest.approx((1 - (null / fitted) ** (2 / 8)) / (1 - null ** (2 / 8)))


def test_the_terms_are_those_of_the_models_that_the_report_prints():
    spine = read_statistics()
    printed = {
        term
        for row in spine.values()
        if row.stat.startswith("logit | own_recruitment ~ ")
        for term in row.stat.split(" | ")[1].split(" ~ ")[1].split(" + ")
    }
    per_point = {"I(100 * elderly_share)": "elderly_share"}
    assert printed | {"course"} == {per_point.get(term, term) for term in TERMS.values()}


def test_nested_models_are_compared_on_the_same_respondents():
    complete = MUNICIPALITIES.dropna(subset=["policy"])
    smaller, larger = (logit(formula, complete).fit(disp=False) for formula in (SIZE, f"{SIZE} + policy"))
    statistic, freedom, p = likelihood_ratio(MUNICIPALITIES, SIZE, ["policy"])
    assert (statistic, freedom) == (pytest.approx(2 * (larger.llf - smaller.llf)), 1)
    assert p == pytest.approx(chi2.sf(statistic, 1))


def test_marginal_effects_are_averages_of_slopes():
    fit = logit(SIZE, MUNICIPALITIES).fit(disp=False)
    chance = fit.predict()
    row = marginal_effects(MUNICIPALITIES, SIZE).iloc[0]
    assert row["effect"] == pytest.approx(100 * fit.params.iloc[1] * (chance * (1 - chance)).mean())
    assert row["low"] < row["effect"] < row["high"]


def test_variance_inflation_follows_the_correlation():
    r = np.corrcoef(MUNICIPALITIES["elderly_share"], np.log(MUNICIPALITIES["population"] / 1000))[0, 1]
    factors = variance_inflation(MUNICIPALITIES, f"{SIZE} + elderly_share")
    assert factors.to_numpy() == pytest.approx([1 / (1 - r * r)] * 2)


def test_holm_multiplies_the_smallest_most():
    found = holm(pd.Series({"a": 0.03, "b": 0.01, "c": 0.04}))
    assert found.to_dict() == pytest.approx({"a": 0.06, "b": 0.03, "c": 0.06})


def test_the_curve_is_the_logistic_of_the_line_and_its_error():
    fit = logit(SIZE, MUNICIPALITIES).fit(disp=False)
    row = predicted(MUNICIPALITIES, SIZE, "population", [5000.0]).loc[5000.0]
    design = np.array([1, np.log(5)])
    line, error = design @ fit.params, np.sqrt(design @ fit.cov_params() @ design)
    expected = [
        100 / (1 + np.exp(-value)) for value in (line, line - 1.959964 * error, line + 1.959964 * error)
    ]
    assert row.tolist() == pytest.approx(expected, abs=1e-4)


def test_fourfold_tables_are_all_there_are():
    tables = fourfold_tables(8, [4], [4])
    # One to three of the first four, the rest of the outcomes in the others.
    assert tables["count"].tolist() == [1, 2, 3]
    last = tables.iloc[-1]
    assert (last["other_count"], last["odds"], last["r"]) == (1, 9, pytest.approx(0.5))
    assert last["z"] == pytest.approx(logit("recruits ~ policy", FOURFOLD).fit(disp=False).tvalues["policy"])


def test_the_printed_odds_ratio_and_correlation_exclude_each_other():
    tables = fourfold_tables(175, [66, 67], range(92, 110))
    by_odds = tables[tables["odds"].between(3.255, 3.265)]
    assert by_odds[["count", "base", "other_count", "other_base"]].values.tolist() == [[47, 66, 47, 109]]
    assert tables[tables["r"].between(0.235, 0.245)]["odds"].max() < 3


PEOPLE = pd.DataFrame({"size": np.arange(1.0, 41), "yes": [0, 1, 1, 0] * 10, "policy": [0, 1] * 20})


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"yes": 1}, "one outcome"),
        ({"policy": 1}, "a term that is the constant"),
        ({"policy": 2 * np.log(PEOPLE["size"])}, "two terms that are one"),
        ({"yes": (PEOPLE["size"] > 20).astype(int)}, "size separates"),
        (
            {"yes": PEOPLE["policy"].where(PEOPLE["size"] < 39, 1)},
            "all that have a policy, and one other",
        ),
        ({"policy": np.nan}, "nobody with a policy known"),
        ({"policy": PEOPLE["policy"].where(PEOPLE["size"] < 5)}, "four with a policy known"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_model_that_cannot_be_estimated_has_no_numbers(changes, reason):
    people, formula = PEOPLE.assign(**changes), "yes ~ np.log(size) + policy"
    table = logit_table(people, {"both": formula}, constant=True)
    assert list(table.index.get_level_values("term")) == ["np.log(size)", "policy", CONSTANT]
    assert set(table["n"]) == {len(people.dropna())}
    assert table.drop(columns="n").isna().all(axis=None)
    assert logit_fits(people, {"both": formula}).drop(columns="n").isna().all(axis=None)
    assert marginal_effects(people, formula).isna().all(axis=None)
    assert np.isnan(likelihood_ratio(people, "yes ~ np.log(size)", ["policy"])[2])


def test_a_model_of_few_real_respondents_has_no_curve(monkeypatch):
    few = PEOPLE.head(9)
    assert predicted(few, "yes ~ np.log(size)", "size", [1, 5]).notna().all(axis=None)
    monkeypatch.setattr(models, "smallest_cell", lambda: 5)
    assert predicted(few, "yes ~ np.log(size)", "size", [1, 5]).isna().all(axis=None)
    assert predicted(PEOPLE, "yes ~ np.log(size)", "size", [1, 5]).notna().all(axis=None)


def test_how_few_real_respondents_a_model_has_is_not_told(monkeypatch):
    monkeypatch.setattr(models, "smallest_cell", lambda: 5)
    sizes = {n: logit_table(PEOPLE.head(n), {"a": "yes ~ np.log(size)"})["n"].iloc[0] for n in (0, 4, 5)}
    assert np.isnan(sizes[0]) and np.isnan(sizes[4]) and sizes[5] == 5


def test_groups_that_nobody_is_in_have_no_share():
    table = cross_table(PEOPLE.assign(policy=1), "policy", "yes", groups=[1, 0])
    assert table["base"].to_list() == [40, 0]
    assert table["share"].isna().to_list() == [False, True]
    assert np.isnan(difference((20, 40), (0, 0))).all()
