"""Articles are templates that others write: a check refuses what is odd, before the sandbox."""

from dataclasses import replace

import pytest
from jinja2 import TemplateError

from knowledge.facts import Facts
from knowledge.library.personalisation import RenderError, render, template_faults
from tests.support.libraries import an_article

ESCAPES = (
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ linked.__init__.__globals__ }}",
    "{{ (linked | attr('__class__')) }}",
    "{{ linked['__class__'] }}",
    "{{ self._TemplateReference__context }}",
    "{{ cycler.__init__.__globals__.os.popen('id') }}",
    "{{ lipsum.__globals__ }}",
    "{% import 'os' as os %}{{ os }}",
    "{% include '/etc/passwd' %}",
    "{% set x = [] %}{{ x.append(1) }}",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "{% for a in range(10 ** 9) %}{% endfor %}",
    "{{ 9 ** 9 ** 9 }}",
    "{{ 'a' * 10 ** 9 }}",
    "{{ '%1000000000d' % 1 }}",
    "{{ ['a', 'b'] | map('upper') | list }}",
    "{% filter upper %}a{% endfilter %}",
    "{% for a in missing %}{% for b in missing %}{% endfor %}{% endfor %}",
    "{{ 'x'.format(linked) }}",
)


@pytest.mark.parametrize("text", ESCAPES)
def test_the_template_check_refuses_every_escape_from_the_sandbox(text: str) -> None:
    assert list(template_faults(text)) != []


@pytest.mark.parametrize("text", ESCAPES[:-1])
def test_the_sandbox_holds_even_without_the_check(text: str) -> None:
    with pytest.raises((RenderError, TemplateError)):
        render(replace(an_article("tea", "how"), short=text), Facts(linked=True))
