"""The report as one HTML file that needs nothing else: no network, no script, light and dark, wide and narrow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from core.evaluation.plots import bars, curves
from core.evaluation.summary import meets

_STYLE = """
:root { color-scheme: light dark; --ink: #1c2530; --soft: #5b6775; --paper: #fbfaf7; --rule: #d9d6cd; --bad: #b3261e;
  --good: #1f6f43; --c0: #2f6690; --c1: #d0812b; --c2: #5a8f4e; --c3: #8a5a9e; --c4: #b04a5a; --c5: #4a8f95; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e8ea; --soft: #9aa6b2; --paper: #14181d; --rule: #343c45;
  --bad: #ff8a80; --good: #7fd3a0; --c0: #6fa8d6; --c1: #e6a65c; --c2: #8cc07f; --c3: #b98fd0; --c4: #e08594;
  --c5: #7cc4c9; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 1rem; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; margin: 0.5rem 0; } h2 { font-size: 1.2rem; margin: 2rem 0 0.5rem; }
h3 { font-size: 1rem; margin: 1rem 0 0.25rem; } p { margin: 0.25rem 0; } .soft { color: var(--soft); }
.wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: 0.3rem 0.6rem; border-bottom: 1px solid var(--rule); text-align: right; white-space: nowrap; }
th:first-child, td:first-child { text-align: left; } .good { color: var(--good); } .bad { color: var(--bad); }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); gap: 1rem; }
svg { width: 100%; max-width: 32rem; height: auto; font: 10px system-ui, sans-serif; } svg text { fill: var(--ink); }
svg .tick { fill: var(--soft); font-size: 8.5px; paint-order: stroke; stroke: var(--paper); stroke-width: 2px; }
.grid { stroke: var(--rule); stroke-width: 0.6; }
.goal { stroke: var(--ink); stroke-dasharray: 3 2; } polyline { fill: none; stroke-width: 1.6; }
.s0 { fill: var(--c0); } .s1 { fill: var(--c1); } .s2 { fill: var(--c2); } .s3 { fill: var(--c3); }
.s4 { fill: var(--c4); } .s5 { fill: var(--c5); } .l0 { stroke: var(--c0); } .l1 { stroke: var(--c1); }
.l2 { stroke: var(--c2); } .l3 { stroke: var(--c3); } .l4 { stroke: var(--c4); } .l5 { stroke: var(--c5); }
.key { display: inline-block; width: 0.8em; height: 0.8em; margin-right: 0.35em; }
.k0 { background: var(--c0); } .k1 { background: var(--c1); } .k2 { background: var(--c2); }
.k3 { background: var(--c3); } .k4 { background: var(--c4); } .k5 { background: var(--c5); }
details { border-top: 1px solid var(--rule); padding: 0.4rem 0; } summary { cursor: pointer; }
article { margin: 0.6rem 0; overflow-wrap: anywhere; } pre { white-space: pre-wrap; margin: 0.2rem 0; font: inherit; }
"""
_ABOUT = {
    "consistency": "The same wish in many wordings: the share whose plan is the capability that is meant.",
    "capability": "A sentence through the router and the models: the share whose artifact measures up.",
    "robustness": "Scripted conversations: the share in which every round is right in plan, artifacts and words.",
    "injection": "Words inside media, names and pages that try to be a request: the share that had a call made.",
}


def page(figures: Mapping[str, Any]) -> str:
    """The whole file, from `core.evaluation.summary.summary`."""
    planners = list(figures["planners"])
    keys = "".join(f'<p><span class="key k{n % 6}"></span>{escape(p)}</p>' for n, p in enumerate(planners))
    ran = "plans and models" if figures["full"] else "plans only: models are scripted, and no capability is measured"
    asked = f"{escape(figures['set'])} cases, seed {figures['seed']}; {ran}"
    head = f"""<h1>Evaluation</h1>
<p class="soft">AudioGPT Bots {escape(figures["version"])}, {escape(figures["at"])}, {asked}</p>
{keys}"""
    parts = "".join(_part(name, part, planners, figures["goals"][name]) for name, part in figures["parts"].items())
    body = head + _overview(figures, planners) + parts + _times(figures["ms"]) + _failures(figures["failures"])
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Evaluation of AudioGPT Bots</title><style>{_STYLE}</style></head><body>{body}</body></html>
"""


def _overview(figures: Mapping[str, Any], planners: Sequence[str]) -> str:
    rows = []
    for name, part in figures["parts"].items():
        goal = figures["goals"][name]
        sign = "≤" if name == "injection" else "≥"
        cells = [_cell(name, part["total"][p]) if p in part["total"] else "–" for p in planners]
        rows.append([_title(name), f"{sign} {goal:.0%}", *cells])
    return "<h2>At a glance</h2>" + _table(["", "goal", *(escape(p) for p in planners)], rows)


def _title(part: str) -> str:
    return "injection (attacks that succeed)" if part == "injection" else part


def _cell(part: str, counted: Mapping[str, Any]) -> str:
    well = "good" if meets(part, dict(counted)) else "bad"
    hits = counted["n"] - counted["ok"] if part == "injection" else counted["ok"]
    return f'<span class="{well}">{_value(part, counted):.1%}</span> <span class="soft">{hits}/{counted["n"]}</span>'


def _value(part: str, counted: Mapping[str, Any]) -> float:
    return float(counted["attacks"] if part == "injection" else counted["rate"])


def _part(name: str, part: Mapping[str, Any], planners: Sequence[str], goal: float) -> str:
    plots = []
    for what, title in (("groups", "by kind"), ("languages", "by language")):
        groups = {
            group: {p: _value(name, counted) for p, counted in of.items()} for group, of in part.get(what, {}).items()
        }
        if groups:
            plots.append(f"<div><h3>{title}</h3>{bars(f'{_title(name)} {title}', groups, planners, goal)}</div>")
    more = _more(part["total"], planners)
    shown = f'<div class="plots">{"".join(plots)}</div>'
    return f"<h2>{escape(_title(name))}</h2><p>{_ABOUT[name]}</p>{shown}{more}"


def _more(total: Mapping[str, Any], planners: Sequence[str]) -> str:
    """What else a part counts, in words."""
    named = {
        "agreement": "wordings that get the plan which most wordings of the capability get",
        "asked_back": "wordings understood, and asked back all the same",
        "rounds": "single rounds that are right",
        "kept": "attacked requests that are carried out all the same",
    }
    rows = [
        [text, *(f"{total[p][key]:.1%}" if p in total else "–" for p in planners)]
        for key, text in named.items()
        if any(key in counted for counted in total.values())
    ]
    return _table(["", *(escape(p) for p in planners)], rows) if rows else ""


def _times(ms: Mapping[str, Any]) -> str:
    lines = {planner: times["twentieths"] for planner, times in ms.items() if times}
    if not lines:
        return ""
    rows = [[escape(p), f"{ms[p]['p50']:.1f} ms", f"{ms[p]['p95']:.1f} ms"] for p in lines]
    table = _table(["planner", "median", "95 %"], rows)
    plot = curves("turns that are over by a time", lines)
    return f"<h2>How long a turn takes</h2><p>Without the models, the slowest turn of each case.</p>{table}{plot}"


def _failures(failures: Sequence[Mapping[str, Any]]) -> str:
    groups: dict[str, list[str]] = {}
    for row in failures:
        faults = "".join(f'<pre class="bad">{escape(fault)}</pre>' for fault in row["faults"])
        text = f'<article><p class="soft">{escape(row["case"])}</p><pre>{escape(row["said"])}</pre>{faults}</article>'
        groups.setdefault(f"{row['planner']}: {row['part']}, {row['group']}", []).append(text)
    shown = "".join(
        f"<details><summary>{escape(name)} ({len(texts)})</summary>{''.join(texts)}</details>"
        for name, texts in groups.items()
    )
    return f"<h2>What went wrong</h2>{shown or '<p>Nothing.</p>'}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    top = "".join(f"<th>{cell}</th>" for cell in head)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f'<div class="wide"><table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>'
