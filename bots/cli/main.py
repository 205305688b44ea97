"""The `audiogpt` command. Exit codes: 0 answered or refused, 1 something is broken, 2 wrong use."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bots.cli.output import dump, out, run, show_answer, table
from core import __version__, logs
from core.settings import Settings, load_settings

app = typer.Typer(
    help="AudioGPT Bots: understand and make speech, music, sound and pictures where people already talk.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
Attach = Annotated[list[Path] | None, typer.Option("--attach", help="A file to send along. Repeat for more.")]
OwnVoice = Annotated[
    list[Path] | None, typer.Option("--own-voice", help="A recording of your own voice, for it to be imitated.")
]
Out = Annotated[Path, typer.Option("--out", help="Folder for what is made.")]


def _settings(quiet: bool = False) -> Settings:
    async def load() -> Settings:
        return load_settings()

    settings = run(load())
    logs.set_up("ERROR" if quiet and settings.log_level.upper() == "INFO" else settings.log_level)
    return settings


@app.callback(invoke_without_command=True)
def _main(version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    if version:
        out.print(f"audiogpt {__version__}", highlight=False)
        raise typer.Exit


@app.command("run")
def run_command(
    open_browser: Annotated[bool, typer.Option("--open/--no-open", help="Open the page in a browser.")] = True,
) -> None:
    """Run everything on this machine: queue, worker and web page."""
    from bots.cli.serve import run_stack

    run(run_stack(_settings(), open_browser))


@app.command("bot")
def bot_command() -> None:
    """Run the adapters and the router only, against AUDIOGPT_NATS_URL. Several may run at once."""
    from bots.cli.serve import run_bot

    run(run_bot(_settings()))


@app.command("worker")
def worker_command(
    serve: Annotated[str, typer.Option(help="Capabilities or models, separated by commas.")] = "",
    device: Annotated[str, typer.Option(help="cpu, cuda:0, ...")] = "",
    slots: Annotated[int, typer.Option(help="Model processes; 0 is the setting's.")] = 0,
) -> None:
    """Run one worker: it dials out to AUDIOGPT_NATS_URL (or the stack on this machine) and serves models."""
    from bots.cli.work import run_worker

    settings = _settings()
    changes: dict[str, object] = {"device": device} if device else {}
    if slots:
        changes["worker_slots"] = slots
    run(run_worker(settings.model_copy(update=changes), [name.strip() for name in serve.split(",") if name.strip()]))


@app.command("ask")
def ask_command(
    text: Annotated[str, typer.Argument(help="What to ask, in words.")],
    attach: Attach = None,
    own_voice: OwnVoice = None,
    speak: Annotated[bool, typer.Option("--speak", help="Answer in speech too.")] = False,
    folder: Out = Path(),
    as_json: Json = False,
) -> None:
    """Send one message through the router and wait for the answer."""
    from bots.cli.ask import ask

    answer = run(ask(_settings(quiet=True), text, attach or [], own_voice or [], speak, folder))
    dump(answer) if as_json else show_answer(answer)


@app.command("do")
def do_command(
    capability: Annotated[str, typer.Argument(help="A capability's name; `audiogpt models` lists them.")],
    arg: Annotated[list[str] | None, typer.Option("--arg", help="NAME=VALUE. Repeat for more.")] = None,
    attach: Attach = None,
    own_voice: OwnVoice = None,
    folder: Out = Path(),
    as_json: Json = False,
) -> None:
    """Carry out one capability without the router."""
    from bots.cli.ask import do

    answer = run(do(_settings(quiet=True), capability, arg or [], attach or [], own_voice or [], folder))
    dump(answer) if as_json else show_answer(answer)


@app.command("route")
def route_command(
    jsonl: Annotated[str, typer.Option(help="File of messages, one JSON object a line; - is standard input.")] = "-",
) -> None:
    """Plan messages without carrying anything out: one JSON line each."""
    from bots.cli.ask import route

    for plan in run(route(_settings(quiet=True), jsonl)):
        dump(plan)


@app.command("replay")
def replay_command(
    what: Annotated[str, typer.Argument(help="An artifact's id, as /why tells it; or a file that was made here.")],
    attach: Annotated[
        list[Path] | None, typer.Option("--attach", help="What it was made from, where that is no longer kept.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Make something again by its recipe and compare: the same bytes, the same samples, or why not (exit code 1)."""
    from bots.cli.replay import CANNOT, DIFFERS, replay, show_verdict

    found = run(replay(_settings(quiet=True), what, attach or []))
    dump(found) if as_json else show_verdict(found)
    if found["verdict"] in (CANNOT, DIFFERS):
        raise typer.Exit(1)


@app.command("models")
def models_command(as_json: Json = False) -> None:
    """List every capability and what serves it: model, tier, licence, installed, served now."""
    from bots.cli.models import list_models, spoken
    from core.registry import registry

    settings = _settings(quiet=True)
    rows = run(list_models(settings))
    if as_json:
        dump(rows)
        return
    known = registry(settings).models
    listing = table("capability", "model", "tier", "licence", "state", last_folds=True)
    for row in rows:
        state = "served now" if row["served"] else "installed" if row["installed"] else row["missing"]
        model = known[row["model"]] if row["model"] else None
        lines = [row["model"] or "-", *(f"  {line}" for line in (spoken(model) if model else ()))]
        listing.add_row(row["capability"], "\n".join(lines), row["tier"] or "-", row["licence"] or "-", state)
    out.print(listing)


@app.command("doctor")
def doctor_command(as_json: Json = False) -> None:
    """Check that this machine is ready; each line is OK or says what to do."""
    from bots.cli.doctor import examine

    checks = run(examine(_settings(quiet=True)))
    if as_json:
        dump([{"check": c.name, "ok": c.ok, "message": c.message} for c in checks])
    else:
        for check in checks:
            mark = "[green]OK[/green]  " if check.ok else "[yellow]TO DO[/yellow]"
            out.print(f"{mark} {check.name}: {check.message}", highlight=False, soft_wrap=True)
    if any(check.vital and not check.ok for check in checks):
        raise typer.Exit(1)


@app.command("eval")
def eval_command(
    planner: Annotated[
        list[str] | None,
        typer.Option("--planner", help="embedded, or an endpoint's address, #MODEL behind it. Repeat to compare."),
    ] = None,
    part: Annotated[
        list[str] | None,
        typer.Option("--part", help="consistency, capability, robustness, injection. Repeat for more."),
    ] = None,
    full: Annotated[bool, typer.Option("--full", help="Run the models too: capability, and what is spoken.")] = False,
    seed: Annotated[int, typer.Option(help="Of slips of the fingers.")] = 0,
    case_set: Annotated[
        str, typer.Option("--set", help="development, held-out, or a folder of cases in their place.")
    ] = "development",
    cases: Annotated[list[Path] | None, typer.Option("--cases", help="A folder of further cases, in YAML.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with an interrupted run in --out.")] = False,
    folder: Annotated[Path, typer.Option("--out", help="Folder for the report.")] = Path("evaluation"),
    as_json: Json = False,
) -> None:
    """Evaluate planners, side by side: consistency, capability, robustness, injection. Writes report.html and .json."""
    from bots.cli.evaluate import run_evaluation, show_evaluation
    from core.evaluation.running import Options
    from core.evaluation.stage import EMBEDDED
    from core.evaluation.trials import PARTS

    planners, parts, folders = tuple(planner or [EMBEDDED]), tuple(part or PARTS), tuple(cases or ())
    options = Options(planners, parts, seed, full, folders, resume, case_set)
    figures = run(run_evaluation(_settings(quiet=True), options, folder))
    dump(figures) if as_json else show_evaluation(figures, folder)


@app.command("manifest")
def manifest_command(
    platform: Annotated[str, typer.Argument(help="discord, slack or telegram.")],
) -> None:
    """Print what a platform asks of whoever sets the bot up there: invite link, app manifest, steps."""
    from bots.cli.output import show_manifest

    show_manifest(platform, _settings(quiet=True))


def main() -> None:
    """Entry point of the `audiogpt` command."""
    app()
