"""What scipy, statsmodels and gbstats say of the cases on standard input: JSON in, JSON out, in their order."""

import json
import sys

import numpy as np
from gbstats.frequentist.tests import FrequentistConfig, SequentialConfig, SequentialTwoSidedTTest, TwoSidedTTest
from gbstats.gbstats import check_srm
from gbstats.models.statistics import RegressionAdjustedStatistic, SampleMeanStatistic, compute_theta
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import NormalIndPower
from statsmodels.stats.proportion import (
    confint_proportions_2indep,
    power_proportions_2indep,
    proportions_ztest,
)
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW


def proportions(case):
    (count_a, n_a), (count_b, n_b) = case["control"], case["treatment"]
    low, high = confint_proportions_2indep(
        count_b, n_b, count_a, n_a, compare="diff", method="newcomb", alpha=case["alpha"]
    )
    if count_a + count_b in (0, n_a + n_b):  # both tests refuse: there is nothing to tell apart
        return [1, 1, low, high]
    _, p_value = proportions_ztest([count_b, count_a], [n_b, n_a])
    table = [[count_a, n_a - count_a], [count_b, n_b - count_b]]
    return [p_value, stats.chi2_contingency(table, correction=False).pvalue, low, high]


def means(case):
    a, b = np.array(case["control"]), np.array(case["treatment"])
    test = stats.ttest_ind(b, a, equal_var=False)
    interval = test.confidence_interval(1 - case["alpha"])
    statsmodels = CompareMeans(DescrStatsW(b), DescrStatsW(a)).tconfint_diff(case["alpha"], usevar="unequal")
    growthbook = TwoSidedTTest(sample(a), sample(b), FrequentistConfig(difference_type="absolute", alpha=case["alpha"]))
    return [
        [test.pvalue, interval.low, interval.high],
        [test.pvalue, *statsmodels],
        [growthbook.p_value, *growthbook.confidence_interval],
    ]


def sequential(case):
    a, b = np.array(case["control"]), np.array(case["treatment"])
    config = SequentialConfig(
        difference_type="absolute", alpha=case["alpha"], sequential_tuning_parameter=case["tunedForUnits"]
    )
    test = SequentialTwoSidedTTest(sample(a), sample(b), config)
    return [test.p_value, *test.confidence_interval]


def adjusted(case):
    a, b = (paired(case[name], case[name + "Before"]) for name in ("control", "treatment"))
    theta = compute_theta(a, b)
    a.theta = b.theta = theta
    test = TwoSidedTTest(a, b, FrequentistConfig(difference_type="absolute", alpha=case["alpha"]))
    return [test.p_value, *test.confidence_interval]


def quantiles(case):
    level = case["level"]
    middles, errors = [], []
    for values in (case["control"], case["treatment"]):
        half = stats.norm.ppf(0.975) * np.sqrt(level * (1 - level) / len(values))
        low, middle, high = np.quantile(values, [level - half, level, level + half], method="inverted_cdf")
        middles.append(middle)
        errors.append((high - low) / (2 * stats.norm.ppf(0.975)))
    difference = stats.norm(middles[1] - middles[0], np.hypot(*errors))
    p_value = 2 * min(difference.cdf(0), difference.sf(0))
    return [p_value, *difference.interval(1 - case["alpha"])]


def sample_ratio(case):
    units, shares = np.array(case["units"]), np.array(case["shares"])
    return [stats.chisquare(units, units.sum() * shares).pvalue, check_srm(case["units"], case["shares"])]


def holm(case):
    return list(multipletests(case["pValues"], method="holm")[1])


def power(case):
    p, q, n, alpha = case["before"], case["after"], case["units"], case["alpha"]
    proportion = power_proportions_2indep(q - p, p, n, alpha=alpha, return_results=False)
    mean = NormalIndPower().power(case["effect"], n, alpha, alternative="two-sided")
    return [proportion, mean]


def sample(values):
    return SampleMeanStatistic(n=len(values), sum=values.sum(), sum_squares=(values**2).sum())


def paired(after, before):
    after, before = np.array(after), np.array(before)
    return RegressionAdjustedStatistic(
        n=len(after),
        post_statistic=sample(after),
        pre_statistic=sample(before),
        post_pre_sum_of_products=(after * before).sum(),
        theta=0,
    )


METHODS = (proportions, means, sequential, adjusted, quantiles, sample_ratio, holm, power)

cases = json.load(sys.stdin)
json.dump({method.__name__: [method(case) for case in cases[method.__name__]] for method in METHODS}, sys.stdout)
