"""Event files and TensorBoard's own code: pip install -r requirements-tensorboard.txt (Python 3.11 or newer).

python tensorboard_files.py golden            writes the records of packages/reporter-tensorboard/src/fixtures/golden.json
python tensorboard_files.py check             makes runs (tensorboard_files.mjs), then compares each of them as below
python tensorboard_files.py check FOLDER RUN  compares the event files of a folder with the run's events in an NDJSON file

`check` requires that TensorBoard's EventAccumulator finds every value that the events hold, under its tag, at its step
and time, and nothing else: scalars rounded to float32, histograms, texts and hyper-parameters exactly, PNGs pixel by
pixel as Pillow decodes them.
"""

import base64
import datetime
import html
import io
import json
import math
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image
from tensorboard.backend.event_processing import event_accumulator, plugin_event_accumulator
from tensorboard.compat.proto import event_pb2
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.plugins.histogram.summary_v2 import histogram_pb
from tensorboard.plugins.hparams import metadata, plugin_data_pb2, summary_v2 as hparams
from tensorboard.plugins.image import metadata as image_metadata
from tensorboard.plugins.scalar.summary_v2 import scalar_pb
from tensorboard.plugins.text.summary_v2 import text_pb
from tensorboard.summary.writer.record_writer import RecordWriter
from tensorboard.util import tensor_util

HERE = Path(__file__).resolve().parent
GOLDEN = HERE.parents[1] / "packages/reporter-tensorboard/src/fixtures/golden.json"


# The records as TensorBoard writes them


def golden():
    def record(**fields):
        out = io.BytesIO()
        RecordWriter(out).write(event_pb2.Event(**fields).SerializeToString(deterministic=True))
        return out.getvalue().hex()

    def values(step, *summaries):
        value = [v for summary in summaries for v in summary.value]
        return record(wall_time=1700000000.25, step=step, summary=Summary(value=value))

    images = Summary()
    images.value.add(
        tag="samples/digits",
        metadata=image_metadata.create_summary_metadata(None, None),
        tensor=tensor_util.make_tensor_proto([b"3", b"2", b"\x89PNG one", b"\x89PNG two"]),
    )
    end = plugin_data_pb2.HParamsPluginData(
        session_end_info=plugin_data_pb2.SessionEndInfo(status=2, end_time_secs=1700000009.5)
    )
    plain = Summary()
    plain.value.add(tag="loss", tensor=scalar_pb("loss", math.nan).value[0].tensor)
    start = event_pb2.SessionLog(status=event_pb2.SessionLog.START)
    records = {
        "version": record(wall_time=1700000000.25, file_version="brain.Event:2"),
        "restart": record(wall_time=1700000000.25, step=301, session_log=start),
        "scalars": values(7, scalar_pb("loss/step", 0.1), scalar_pb("größe/x", -math.inf)),
        "withoutMetadata": values(2**40, plain),
        "histogram": values(3, histogram_pb("w", np.arange(100.0) ** 2)),
        "constantHistogram": values(3, histogram_pb("w", np.full(5, 2.5))),
        "emptyHistogram": values(3, histogram_pb("w", np.array([]))),
        "text": values(0, text_pb("run/card", "# Größe\n| a | b |")),
        "images": values(9, images),
        "session": values(0, hparams.hparams_pb({"optimizer": "adam"}, "t0", 1700000000.25)),
        "number": values(0, hparams.hparams_pb({"learningRate": 0.1}, "t0", 1)),
        "truth": values(0, hparams.hparams_pb({"nesterov": False}, "t0", 1)),
        "end": values(0, hparams._summary_pb(metadata.SESSION_END_INFO_TAG, end)),
    }
    GOLDEN.parent.mkdir(parents=True, exist_ok=True)
    source = "tools/oracles/tensorboard_files.py, with TensorBoard's own protos, summaries and RecordWriter"
    GOLDEN.write_text(json.dumps({"source": source, **records}, indent=2) + "\n")
    print(f"{len(records)} records in {GOLDEN.name}")


# What a run's events say that the files hold


def number(x):
    return float(x) if not isinstance(x, str) else float(x.replace("Infinity", "inf"))


def array(packed):
    dtype = np.dtype(packed["dtype"]).newbyteorder("<")
    return np.frombuffer(base64.b64decode(packed["data"]), dtype).reshape(packed["shape"])


def visible(text):
    """Text as the reporter shows it, for the characters that the runs of tensorboard_files.mjs have."""
    return re.sub(r"[\x00-\x1f\x7f-\x9f]", lambda m: f"\\x{ord(m[0]):02x}", text).replace("\u202e", "\\u{202e}")


def safe(text):
    """Names as the reporter writes them."""
    return visible(text).replace("<", "\\x3c").replace(">", "\\x3e")


def buckets(packed):
    rows = array(packed)
    if len(rows) > 1:
        return rows
    # As TensorBoard makes them from the numbers themselves.
    numbers = np.repeat(rows[0, 0], int(rows[0, 2])) if len(rows) else np.array([])
    return tensor_util.make_ndarray(histogram_pb("", numbers).value[0].tensor)


def expected(events):
    """By tag: plugin and [(step, wall time, value)]."""
    found = {}
    start = events[0]
    began = datetime.datetime.fromisoformat(start["time"].replace("Z", "+00:00")).timestamp()
    spent = 0 if start["from"] == 0 else None
    now, step, notices = began, start["from"], 0

    def add(tag, plugin, value, at):
        found.setdefault(safe(tag), (plugin, []))[1].append((at, now, value))

    add("_hparams_/session_start_info", "hparams", None, 0)
    add("run/card", "text", (start["run"], start["optimizer"]["name"]), start["from"])
    for event in events:
        if "timeMs" in event:
            spent = event["timeMs"] if spent is None else spent
            now = began + (event["timeMs"] - spent) / 1000
        step = event.get("step", step)
        kind = event["type"]
        if kind == "step":
            add("loss/step", "scalars", number(event["value"]), step)
            for name, x in event["hyper"].items():
                add(f"hyper/{name}", "scalars", number(x), step)
            for probe, x in event.get("probes", {}).items():
                group = {"parameterHistograms": "parameters", "gradientHistograms": "gradients"}.get(probe)
                if group is None:
                    add(f"probes/{probe}", "scalars", number(x), step)
                else:
                    for name, packed in x.items():
                        add(f"{group}/{name}", "histograms", buckets(packed), step)
        elif kind in ("epoch", "evaluation", "run-end"):
            step = event.get("steps", step)
            for part, metrics in event["metrics"].items():
                for name, x in metrics.items():
                    tag = {"epoch": f"{name}/{part}", "evaluation": f"evaluation/{part}.{name}"}
                    add(tag.get(kind, f"result/{part}.{name}"), "scalars", number(x), step)
        elif kind == "figure" and event["kind"] == "samples":
            add(f"samples/{event['title']}", "images", array(event["data"]["images"]), step)
            if "predicted" in event["data"]:
                add(f"predictions/{event['title']}", "text", (), step)
        elif kind == "figure" and event["kind"] == "confusion":
            add(f"confusion/{event['title']}", "text", tuple(map(str, array(event["data"]["counts"]).flat)), step)
        elif kind == "notice":
            notices += 1
            add(f"notices/{notices}", "text", (event["level"], event["message"]), step)
        if kind == "run-end":
            add("result/loss", "scalars", number(event["value"]), step)
            add("run/result", "text", (event["status"]["kind"], event["status"]["why"]), step)
            add("_hparams_/session_end_info", "hparams", None, 0)
    return found


def agrees(plugin, value, tensor):
    got = tensor_util.make_ndarray(tensor)
    if plugin == "scalars":
        # Bit for bit after rounding to float32.
        with np.errstate(over="ignore"):
            rounded = np.float32(value)
        return got.dtype == np.float32 and got.shape == () and np.array_equal(got, rounded, equal_nan=True)
    if plugin == "histograms":
        return got.dtype == np.float64 and np.array_equal(got, value)
    if plugin == "text":
        # Markdown has entities for the characters that mean something there.
        shown = html.unescape(got.item().decode())
        return got.shape == () and all(visible(word) in shown for word in value)
    if plugin == "images":
        width, height, *pngs = got
        if (int(width), int(height)) != (value.shape[2], value.shape[1]) or len(pngs) != len(value):
            return False
        low, high = value.min(), value.max()
        grey = np.floor(255 * (value.astype(float) - low) / (high - low) + 0.5).astype(np.uint8)
        return all(np.array_equal(np.asarray(Image.open(io.BytesIO(png))), g) for png, g in zip(pngs, grey))
    return got.size == 0


def check_hparams(run, start, end):
    contents = run.PluginTagToContent("hparams")
    info = metadata.parse_session_start_info_plugin_data(contents["_hparams_/session_start_info"])
    optimizer, got = start["optimizer"], {}
    for name, value in info.hparams.items():
        got[name] = getattr(value, value.WhichOneof("kind"))
    for name, value in {**optimizer["options"], **optimizer["hyper"]}.items():
        name = safe(name)
        if isinstance(value, (bool, int, float)):
            assert got[name] == value, f"hyper-parameter {name}: {got[name]}, expected {value}"
        elif isinstance(value, dict):
            assert json.loads(got[name]) == value, f"hyper-parameter {name}: {got[name]}, expected {value}"
        elif value is not None:
            assert isinstance(got[name], str), f"hyper-parameter {name}: {got[name]}, expected {value}"
    assert got["optimizer"] == safe(optimizer["name"]) and got["seed"] == start["seed"]
    assert info.group_name == safe(start["run"])
    if end:
        info = metadata.parse_session_end_info_plugin_data(contents["_hparams_/session_end_info"])
        assert info.status == (2 if end["status"]["kind"] == "diverged" else 1), info
    return len(got)


def accumulate(folder, library=plugin_event_accumulator):
    # 0: keep everything.
    return library.EventAccumulator(str(folder), size_guidance={"tensors": 0}).Reload()


def follow(folder, before):
    """What a live TensorBoard has of a folder, that has seen it as it was before its run went on from a checkpoint."""
    with tempfile.TemporaryDirectory() as seen:
        shutil.copytree(before, seen, dirs_exist_ok=True)
        run = accumulate(seen)
        # Written over, so that the file that the reader has open is cut.
        for file in sorted(folder.iterdir()):
            Path(seen, file.name).write_bytes(file.read_bytes())
        return run.Reload()


def check(folder, ndjson):
    # The reader that people use in scripts, and the one of TensorBoard itself.
    compare(accumulate(folder, event_accumulator), folder, ndjson, "read")
    compare(accumulate(folder), folder, ndjson, "shown")
    before = folder.with_suffix(".before")
    if before.exists():
        compare(follow(folder, before), folder, ndjson, "followed")


def compare(run, folder, ndjson, how):
    """Every value of the run's events is there, and no other. The sessions of a run that went on have their own times."""
    events = [json.loads(line) for line in Path(ndjson).read_text().splitlines()]
    files = sorted(p.name for p in folder.iterdir())
    want = expected(events)
    tags = {plugin: run.PluginTagToContent(plugin) for plugin, _ in want.values()}
    assert set(run.Tags()["tensors"]) == set(want), set(run.Tags()["tensors"]) ^ set(want)
    count = 0
    for tag, (plugin, points) in want.items():
        assert tag in tags[plugin], f"{tag} is not of plugin {plugin}"
        got = run.Tensors(tag)
        if len(files) > 1 and (tag == "run/card" or plugin == "hparams"):
            # Each session tells them, at step 0 or where it begins.
            got = got[:1]
        assert len(got) == len(points), f"{tag}: {len(got)} values, expected {len(points)}"
        for (step, wall, value), event in zip(points, got):
            assert event.step == step, f"{tag}: step {event.step}, expected {step}"
            assert agrees(plugin, value, event.tensor_proto), f"{tag} at step {step} differs"
            if len(files) == 1:
                assert abs(event.wall_time - wall) < 1e-6, f"{tag} at step {step}: time {event.wall_time}, expected {wall}"
            count += 1
    # TensorBoard keeps what it read first of a tag's metadata, and so a live one the end of the session before.
    end = events[-1] if events[-1]["type"] == "run-end" and how != "followed" else None
    hypers = check_hparams(run, events[0], end)
    print(f"{folder.name}, {how}: {len(files)} files, {len(want)} tags, {count} values, {hypers} hyper-parameters agree")


def main(arguments):
    if arguments == ["golden"]:
        golden()
    elif arguments == ["check"]:
        with tempfile.TemporaryDirectory() as out:
            subprocess.run(["node", HERE / "tensorboard_files.mjs", out], check=True)
            for ndjson in sorted(Path(out).glob("*.ndjson")):
                check(ndjson.with_suffix(""), ndjson)
    elif len(arguments) == 3 and arguments[0] == "check":
        check(Path(arguments[1]), arguments[2])
    else:
        sys.exit(__doc__)


main(sys.argv[1:])
