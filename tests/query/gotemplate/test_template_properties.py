"""Whatever stands in a template: no crash, offsets within the text, and names that are where they say."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashgen.query.gotemplate import NOTIFICATION, PROMETHEUS_RULE, check_template, parse_template
from tests.fuzz.template_grammar import TemplateGrammar, mutated_template

pytestmark = pytest.mark.property
SETTINGS = settings(max_examples=300)
RANDOMS = st.randoms(use_true_random=False)


@SETTINGS
@given(RANDOMS)
def test_what_the_grammar_makes_and_what_changes_it_has_faults_within_the_text(random):
    template = TemplateGrammar(random).template()
    for text in (template, mutated_template(template, random)):
        for dialect in (PROMETHEUS_RULE, NOTIFICATION):
            for fault in check_template(text, dialect):
                assert 0 <= fault.offset <= len(text)
                assert fault.message
                assert fault.hint


@SETTINGS
@given(st.text(max_size=60))
def test_any_text_has_faults_within_it(text):
    for template in (text, "{{ " + text, "{{ if " + text + " }}{{ end }}"):
        for fault in check_template(template, NOTIFICATION):
            assert 0 <= fault.offset <= len(template)


@SETTINGS
@given(RANDOMS)
def test_a_sound_template_parses_and_its_names_are_where_they_say(random):
    text = TemplateGrammar(random, is_sound=True).template()
    template = parse_template(text)
    assert template.fault is None
    for name in template.names:
        written = text[name.start : name.end]
        if name.kind in {"variable", "function"}:
            assert written.startswith(name.name)
        elif name.kind == "field":
            assert written.startswith(f".{name.name}")
        assert all(field in written for field in name.fields)


@SETTINGS
@given(RANDOMS)
def test_a_template_without_its_last_end_is_refused(random):
    text = TemplateGrammar(random, is_sound=True).template()
    assert parse_template("{{ if true }}" + text).fault is not None
