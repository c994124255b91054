"""Recording rules are put in the order in which their past can be computed."""

from hypothesis import given
from hypothesis import strategies as st

from dashgen.project.inspection import inspect_project
from dashgen.project.recording_levels import level_files, recording_levels
from dashgen.source.load import load_text
from tests.project.project import Project

RULE = "  - {{record: 'a:{0}:b', query: '{1}'}}\n"
READS = st.lists(st.sets(st.integers(0, 7), max_size=3), min_size=1, max_size=8)


def levels_of(folder, reads):
    rules = "".join(
        RULE.format(number, " + ".join([f"a:{read}:b" for read in sorted(names)] or ["up"]))
        for number, names in enumerate(reads)
    )
    project = Project(folder)
    project.write("dashgen.yaml", "specs: [specs]\n")
    project.write(
        "specs/rules.yaml", f"kind: AlertRules\ngroup: g\ndatasource: prometheus/x\nrules:\n{rules}"
    )
    return inspect_project(folder).groups


@given(READS)
def test_a_level_reads_only_what_the_levels_before_it_record(tmp_path_factory, reads):
    groups = levels_of(tmp_path_factory.mktemp("levels"), reads)
    levels = recording_levels(groups)
    before = set()
    for names in levels.levels:
        for name in names - levels.circular:
            read = {f"a:{number}:b" for number in reads[int(name.split(":")[1])] if number < len(reads)}
            assert read <= before
        before |= names
    assert before == {f"a:{number}:b" for number in range(len(reads))}


@given(READS)
def test_every_rule_is_in_one_file_as_it_is_in_the_rule_file(tmp_path_factory, reads):
    groups = levels_of(tmp_path_factory.mktemp("levels"), reads)
    files = level_files(groups, recording_levels(groups))
    written = [
        rule
        for file in files
        for group in load_text(file.path, file.content.decode()).documents[0].data["groups"]
        for rule in group["rules"]
    ]
    assert sorted(rule["record"] for rule in written) == sorted(f"a:{n}:b" for n in range(len(reads)))
