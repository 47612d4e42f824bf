"""What people, marketplaces and authors might write to have a desk say or do something else."""

HOSTILE = (
    "<b>&{{7*7}}",
    "</b></blockquote><a href='tg://user?id=1'>click</a>",
    "{% for n in range(9) %}x{% endfor %}",
    "{{ config.__class__.__init__.__globals__ }}",
    "%(name)s %s {0} {name}",
    "&lt;i&gt; &amp;amp; &#x3C;",
    "<tg-spoiler>\u202egnp.exe",
    "[x](tg://user?id=1) `a` *b* _c_ ~d~ ||e||",
)
DONE_BY_A_TEMPLATE = ("49", "xxxxxxxxx")
"""What two of them would show, were they taken for templates."""
