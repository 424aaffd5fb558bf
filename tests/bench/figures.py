"""Figures of all repetitions, their medians, and the ratios held against their floors."""

import statistics
from collections import defaultdict


class Figures:
    def __init__(self):
        self.values = defaultdict(dict)  # name -> repetition -> value
        self.units = {}

    def add(self, name, repetition, value, unit="/s"):
        self.values[name][repetition] = value
        self.units[name] = unit

    def median(self, name):
        return statistics.median(self.values[name].values())

    def has(self, *names):
        return all(self.values.get(name) for name in names)

    def ratio(self, over, under):
        """The median of the ratios within each repetition."""
        both = self.values[over].keys() & self.values[under].keys()
        return statistics.median(self.values[over][r] / self.values[under][r] for r in both)

    def table(self):
        lines = [f"{'what':58} {'median':>12} {'least':>12} {'most':>12}"]
        for name, values in self.values.items():
            shown = [statistics.median(values.values()), min(values.values()), max(values.values())]
            unit = self.units[name]
            lines.append(f"{name:58} " + " ".join(f"{format_value(v):>12}" for v in shown) + f" {unit}")
        return "\n".join(lines)


def format_value(value):
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2f}"


class Ratios:
    """What is promised: each at least, or for memory at most, its floor."""

    def __init__(self):
        self.rows = []

    def add(self, name, value, floor, aim, at_most=False):
        met = value <= floor if at_most else value >= floor
        self.rows.append((name, value, floor, aim, met, at_most))

    def table(self):
        lines = [f"{'ratio':72} {'value':>8} {'floor':>8} {'aim':>8}"]
        for name, value, floor, aim, met, at_most in self.rows:
            bound = "≤" if at_most else ""
            verdict = "met" if met else "missed"
            lines.append(f"{name:72} {value:8.2f} {bound + f'{floor:g}':>8} {bound + f'{aim:g}':>8}  {verdict}")
        return "\n".join(lines)

    def write(self, path):
        with open(path, "w") as file:
            for name, value, floor, _, met, _ in self.rows:
                file.write(f"{name}\t{value:.3f}\t{floor:g}\t{'met' if met else 'missed'}\n")
