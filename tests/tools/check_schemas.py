#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds the schemas of specs and catalogs against icplan itself, by a validator that is not the one of the unit tests.

  check_schemas.py ICPLAN    run from anywhere; 77 where the module jsonschema is not installed

1. Every schema is one: it has an `$id` with its version, and the meta-schema takes it.
2. Every example names the schema that it belongs to, and that schema takes it. It refuses the broken ones.
3. Examples are damaged in every place that their schema describes: a key too many, a key too few, another type, a number out of range,
   another word. What icplan refuses as IC1010 to IC1014 the schema must refuse, and what the schema refuses icplan must.
4. What the commands print as JSON is what its schema describes, and without a key that the schema requires it is not.
"""
import copy
import json
import os
import re
import subprocess
import sys
import tempfile

try:
    import jsonschema
except ImportError:
    print("the Python module jsonschema is not installed")
    sys.exit(77)

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
SCHEMAS = os.path.join(ROOT, "catalogs", "schema")
# What the loader says of the form of a document. IC1015, decimals beyond those that are kept, is none of the schema's business: `multipleOf` 0.001
# makes validators that reckon in binary refuse 2.3.
OF_FORM = {"IC1010", "IC1011", "IC1012", "IC1013", "IC1014", "IC1016"}
BATCH = 100
# Examples that are wrong in their form.
BROKEN = {os.path.join("examples", "broken", "cluster.json")}

failures = []


def fail(text):
    failures.append(text)


def without_comments(text):
    """JSON without // comments, each replaced by as many blanks."""
    pattern = re.compile(r'"(?:[^"\\]|\\.)*"|//[^\n]*')
    return pattern.sub(lambda match: match.group(0) if match.group(0)[0] == '"' else " " * len(match.group(0)), text)


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return json.loads(without_comments(file.read()))


def load_schemas():
    validators = {}
    for name in sorted(os.listdir(SCHEMAS)):
        schema = read(os.path.join(SCHEMAS, name))
        kind = name.removesuffix(".schema.json")
        jsonschema.Draft7Validator.check_schema(schema)
        if not re.fullmatch(rf"urn:icplan:schema:{kind}:[1-9][0-9]*", schema.get("$id", "")):
            fail(f"{name} has no $id of its own with a version")
        validators[kind] = jsonschema.Draft7Validator(schema)
    return validators


def examples():
    for folder, _, names in sorted(os.walk(os.path.join(ROOT, "examples"))):
        for name in sorted(names):
            if name.endswith(".json"):
                yield os.path.relpath(os.path.join(folder, name), ROOT)


def check_examples(validators):
    """Returns the specs among the examples that their schema takes."""
    specs = []
    for path in examples():
        document = read(path)
        named = document.get("$schema", "")
        place = os.path.normpath(os.path.join(ROOT, os.path.dirname(path), named))
        if os.path.dirname(place) != SCHEMAS or not os.path.isfile(place):
            fail(f"{path} names no schema that is there: `{named}`")
            continue
        kind = os.path.basename(place).removesuffix(".schema.json")
        wrong = [error.message for error in validators[kind].iter_errors(document)]
        if path in BROKEN:
            if not wrong:
                fail(f"{path} is broken, but its schema takes it")
        elif wrong:
            fail(f"{path} is refused by its schema: {wrong[0]}")
        elif kind == "cluster":
            specs.append((path, document))
    if len(specs) < 40:
        fail(f"only {len(specs)} specs among the examples")
    return specs


def places(value, path=()):
    """Every value of a document with its path."""
    yield path, value
    if isinstance(value, dict):
        for key, member in value.items():
            yield from places(member, path + (key,))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from places(item, path + (index,))


def kind_of_place(path):
    return tuple("[]" if isinstance(step, int) else step for step in path)


def with_value(document, path, value):
    """A copy in which the value at the path is another; without one: in which it is left out."""
    changed = copy.deepcopy(document)
    holder = changed
    for step in path[:-1]:
        holder = holder[step]
    if value is None:
        del holder[path[-1]]
    else:
        holder[path[-1]] = value
    return changed


def damaged(document, path, value):
    """What can be wrong at one place: (what was done, the document)."""
    if isinstance(value, dict):
        yield "a key too many", with_value(document, path + ("zzzz",), 1)
    if not path:
        return
    if isinstance(path[-1], str):
        yield "left out", with_value(document, path, None)
    for other in ({"zzzz": 1}, [[]], "zzzz \u0001", True, -1, 0, 0.00001, 10**15):
        if type(other) is not type(value) or isinstance(value, (int, float, str)):
            yield f"{json.dumps(other)} in its place", with_value(document, path, other)


def all_damages(specs):
    """Each sort of place once, in the smallest spec that has it."""
    seen = set()
    for path, document in sorted(specs, key=lambda spec: (len(json.dumps(spec[1])), spec[0])):
        for place, value in list(places(document)):
            sort = (kind_of_place(place), type(value).__name__)
            # Names that the spec chooses are no keys.
            if sort in seen or (place and place[0] in ("expected", "$schema")):
                continue
            seen.add(sort)
            for what, changed in damaged(document, place, value):
                yield path, "/" + "/".join(map(str, place)) + ": " + what, changed


def findings_of(program, documents, folders):
    """The findings of icplan for each document, which lies where its own example lies, so that files beside it are found."""
    codes = [set() for _ in documents]
    with tempfile.TemporaryDirectory() as place:
        links = {}
        paths = []
        for index, (document, folder) in enumerate(zip(documents, folders)):
            if folder not in links:
                links[folder] = os.path.join(place, str(len(links)))
                os.mkdir(links[folder])
                for name in os.listdir(os.path.join(ROOT, folder)):
                    os.symlink(os.path.join(ROOT, folder, name), os.path.join(links[folder], name))
            paths.append(os.path.join(links[folder], f"damaged-{index}.json"))
            with open(paths[-1], "w", encoding="utf-8") as file:
                json.dump(document, file)
        for first in range(0, len(paths), BATCH):
            result = subprocess.run([program, "validate", "--format", "json", *paths[first : first + BATCH]], capture_output=True, text=True, check=False)
            if result.returncode not in (0, 1):
                fail(f"icplan ended with {result.returncode}: {result.stderr[-500:]}")
                continue
            for finding in json.loads(result.stdout):
                match = re.search(r"damaged-(\d+)\.json", finding.get("file") or "")
                if match:
                    codes[int(match.group(1))].add((finding["code"], finding["severity"], finding["message"]))
    return codes


def check_damages(program, validator, specs):
    cases = list(all_damages(specs))
    found = findings_of(program, [case[2] for case in cases], [os.path.dirname(case[0]) for case in cases])
    refused = 0
    for (path, what, document), findings in zip(cases, found):
        wrong = next(validator.iter_errors(document), None)
        refused += wrong is not None
        of_form = sorted(f"{code} {message}" for code, _, message in findings if code in OF_FORM)
        if wrong is None and of_form:
            fail(f"{path}{what}: the schema takes it, icplan does not: {of_form[0]}")
        if wrong is not None and not any(severity == "error" for _, severity, _ in findings):
            fail(f"{path}{what}: the schema refuses it, icplan does not: {wrong.message[:200]}")
    print(f"{len(specs)} specs, {len(cases)} damaged ones, {refused} of them refused by the schema")
    if refused < 500:
        fail("that is too few to prove anything")


# What prints the documents that have a schema.
COMMANDS = {
    "bandwidth": ["bandwidth"],
    "collectives": ["bandwidth", "--collectives"],
    "compare": ["compare", os.path.join("examples", "media-bands", "cluster.json")],
    "cost": ["cost"],
    "failures": ["failures"],
    "latency": ["latency"],
    "plan": ["plan"],
    "power": ["power"],
    "workloads": ["workloads"],
}
# Without pairs of nodes, and without a fabric that joins GPUs.
ODD = (
    {"name": "one", "nodes": [{"model": "nvidia-dgx-h100", "count": 1}], "fabrics": [{"topology": "single-switch", "leaf": "nvidia-qm9700"}]},
    {"name": "oob", "nodes": [{"model": "nvidia-dgx-h100", "count": 2}], "fabrics": [{"name": "oob", "topology": "access", "leaf": "nvidia-sn2201"}]},
)
PRINTED = ("tiny", "collapsed-core-pair", "site-prices", "workloads", "torus", "claude-inference", "co-packaged")


def check_documents(program, validators):
    checked = 0
    for kind, arguments in COMMANDS.items():
        for example in (*PRINTED, *ODD):
            named = isinstance(example, str)
            spec = os.path.join("examples", example, "cluster.json") if named else "-"
            command = [program, *arguments, spec, "--format", "json", "--quiet"]
            result = subprocess.run(command, input="" if named else json.dumps(example), capture_output=True, text=True, check=False, cwd=ROOT)
            document = json.loads(result.stdout)
            wrong = next(validators[kind].iter_errors(document), None)
            if wrong is not None:
                fail(f"{kind} of {example} is not what its schema says: {wrong.message[:200]}")
            if document["format"] != f"icplan.{kind}/1":
                fail(f"{kind} of {example} calls itself {document['format']}")
            for key in validators[kind].schema["required"]:
                if validators[kind].is_valid({name: value for name, value in document.items() if name != key}):
                    fail(f"the schema of {kind} takes a document without {key}")
            checked += 1
    print(f"{checked} documents are what their schemas say")


def main():
    if len(sys.argv) != 2:
        print(__doc__)
        return 2
    validators = load_schemas()
    specs = check_examples(validators)
    check_documents(os.path.realpath(sys.argv[1]), validators)
    check_damages(os.path.realpath(sys.argv[1]), validators["cluster"], specs)
    for failure in failures:
        print(failure)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
