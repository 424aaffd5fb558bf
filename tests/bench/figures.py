"""Figures of all repetitions, their medians, and the ratios held against their floors."""

import os
import statistics
from collections import defaultdict, namedtuple


class Figures:
    def __init__(self):
        self.values = defaultdict(dict)  # name -> repetition -> value
        self.units = {}

    def add(self, name, repetition, value, unit="/s"):
        self.values[name][repetition] = value
        self.units[name] = unit

    def median(self, name):
        return statistics.median(self.values[name].values())

    def has(self, name):
        return bool(self.values.get(name))

    def ratio(self, over, under):
        """The median of the ratios within each repetition; None when none has both."""
        overs, unders = self.values.get(over, {}), self.values.get(under, {})
        both = overs.keys() & unders.keys()
        return statistics.median(overs[r] / unders[r] for r in both) if both else None

    def table(self):
        lines = [f"{'what':58} {'median':>12} {'least':>12} {'most':>12}"]
        for name, values in self.values.items():
            shown = [statistics.median(values.values()), min(values.values()), max(values.values())]
            unit = self.units[name]
            lines.append(f"{name:58} " + " ".join(f"{format_value(v):>12}" for v in shown) + f" {unit}")
        return "\n".join(lines)


def format_value(value):
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2f}"


class Promise(namedtuple("Promise", "name over under floor aim at_most")):
    """A row of the ratios: what figure, over which other one, is at least (or at most) its floor."""

    def value(self, figures):
        """None when it couldn't be measured."""
        if self.under:
            return figures.ratio(self.over, self.under)
        return figures.median(self.over) if figures.has(self.over) else None

    @property
    def needs_postgres(self):
        return "PostgreSQL" in f"{self.over} {self.under}"


def at_least(name, over, under, floor, aim):
    return Promise(name, over, under, floor, aim, at_most=False)


def at_most(name, figure, bound, aim):
    return Promise(name, figure, None, bound, aim, at_most=True)


class Ratios:
    """What came of the promises. One that couldn't be measured is missed, with 0."""

    def __init__(self, promises, figures):
        self.rows = [self.row(promise, promise.value(figures)) for promise in promises]

    @staticmethod
    def row(promise, value):
        if value is None:
            return promise, 0.0, "missed"
        met = value <= promise.floor if promise.at_most else value >= promise.floor
        return promise, value, "met" if met else "missed"

    def table(self):
        lines = [f"{'ratio':72} {'value':>8} {'floor':>8} {'aim':>8}"]
        for promise, value, verdict in self.rows:
            bound = "≤" if promise.at_most else ""
            floor, aim = f"{bound}{promise.floor:g}", f"{bound}{promise.aim:g}"
            lines.append(f"{promise.name:72} {value:8.2f} {floor:>8} {aim:>8}  {verdict}")
        return "\n".join(lines)

    def write(self, path, keep_others):
        """Rows of earlier runs stay when `keep_others`, but for those of this one's names. Returns how many stay."""
        lines = read_lines(path) if keep_others else {}
        kept = len(lines.keys() - {promise.name for promise, _, _ in self.rows})
        for promise, value, verdict in self.rows:
            lines[promise.name] = f"{promise.name}\t{value:.3f}\t{promise.floor:g}\t{verdict}\n"
        with open(path + ".new", "w") as file:
            file.writelines(lines.values())
        os.replace(path + ".new", path)
        return kept


def read_lines(path):
    if not os.path.exists(path):
        return {}
    with open(path) as file:
        return {line.split("\t", 1)[0]: line for line in file}
