"""docs/performance.md and its picture, from the figures that `make bench` saved beside them.

Pure: figures in, text out. A test makes both again from the saved figures.
"""

import json
import math
from html import escape

DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
#: The rows of the table of one page, and what they are called there.
_ROWS = {
    "nginx": "nginx sends the same bytes from a file",
    "bare": "a Django site that does nothing but send these bytes",
    "kept": "**PhysioHub, the page is kept**",
    "unchanged": "**PhysioHub, the reader has it and it has not changed**",
    "fresh": "**PhysioHub, the page is made for this reader**",
    "wagtail": "Wagtail with the same words",
}
_PAGES = {
    "home": "home",
    "article": "an article",
    "article_list": "all articles",
    "article_list, page 5": "all articles, page 5",
    "condition_list": "all problems",
    "condition": "one problem",
    "words": "word list",
    "privacy": "privacy",
    "sitemap": "sitemap",
    "sitemap_part": "sitemap, its first part",
    "feed": "feed",
    "handout": "handout",
    "versions": "versions of an article",
    "version": "one version",
    "reference_list": "all references",
    "reference": "one reference",
}
#: The lines of the picture: (what, its kind, its name there).
_LINES = (
    ("home", "fresh", "home"),
    ("article", "fresh", "an article"),
    ("article_list", "fresh", "all articles"),
    ("condition", "fresh", "one problem"),
    ("search, common word", "fresh", "search, common word"),
    ("publish it", "act", "publish an article"),
    ("article", "kept", "an article, kept"),
)


def write(figures, folder):
    """Save the figures, and the page and the picture made from them, in `folder`."""
    (folder / "performance.json").write_text(json.dumps(figures, indent=1) + "\n")
    (folder / "performance.md").write_text(page_of(figures))
    (folder / "performance.svg").write_text(picture_of(figures))


def page_of(figures):
    """Return docs/performance.md."""
    parts = [
        "# What it costs to run PhysioHub",
        _made_on(figures),
        "## In short",
        _in_short(figures),
        "## What to buy",
        _what_to_buy(figures),
        "## One page, beside the least it could cost",
        _one_page(figures),
        "## How it grows with the library",
        _growth(figures),
        "## How it was measured",
        _how(figures),
    ]
    return "\n\n".join(parts) + "\n"


def _number(value):
    """Return a figure as people read it, with as many digits as it is sure of."""
    if value is None:
        return ""
    digits = 3 if value < 0.1 else 2 if value < 1 else 1 if value < 100 else 0
    return f"{value:,.{digits}f}"


def _table(heads, rows):
    aligned = ["---", *["---:"] * (len(heads) - 1)]
    return "\n".join(f"| {' | '.join(map(str, row))} |" for row in [heads, aligned, *rows])


def _sizes(figures, database):
    return sorted(figures["growth"][database], key=int)


def _count(size):
    return f"{int(size):,}"


def _made_on(figures):
    machine = figures["machine"]
    busy = max(machine["load_before"] / machine["cores"], 0)
    beside = (
        " Other work ran on the machine at the time, so the pages a second are too low. The"
        " milliseconds of processor time suffer less."
        if busy > 0.3
        else ""
    )
    return (
        "`make bench WRITE=1` writes this page. Do not change it by hand.\n\n"
        f"Measured on {figures['date']}, on a machine with {machine['cores']} cores"
        f" ({machine['processor']}) and {machine['memory_gb']} GB of memory.{beside}"
    )


def _in_short(figures):
    lines = []
    for database, name in DATABASES.items():
        if database not in figures["one_page"]:
            continue
        rows = {row["name"]: row for row in figures["one_page"][database]["rows"]}
        kept, fresh, bare = (rows[key]["cpu_ms"]["1"] for key in ("kept", "fresh", "bare"))
        sizes = _sizes(figures, database)
        first, last = (
            figures["growth"][database][size]["pages"]["article"] for size in (sizes[0], sizes[-1])
        )
        lines.append(
            f"- **{name}**: most readers get a page that is kept. It takes {_number(kept)} ms of"
            f" one core, {_number(kept / bare)} times the least that Django can do. A page that is"
            f" made first takes {_number(fresh)} ms. With {_count(sizes[-1])} articles instead of"
            f" {_count(sizes[0])}, making an article page costs"
            f" {_number(last['fresh'] / first['fresh'])} times as much, and sending a kept one"
            f" {_number(last['kept'] / first['kept'])} times."
        )
    return "\n".join(lines)


def _what_to_buy(figures):
    rows = []
    for database, name in DATABASES.items():
        for size in _sizes(figures, database) if database in figures["growth"] else ():
            at = figures["growth"][database][size]
            article = at["pages"]["article"]
            memory = (at["memory_mb"] or 0) + at["database_mb"] + 500
            rows.append(
                [
                    f"{_count(size)}, {name}",
                    f"{at['database_mb']:,} MB",
                    f"{at['memory_mb']:,} MB" if at["memory_mb"] else "",
                    f"{2 ** max(1, math.ceil(math.log2(memory / 1000)))} GB",
                    f"{10 + math.ceil(3 * at['database_mb'] / 1000)} GB",
                    _number_of_readers(article["kept"]),
                    _number_of_readers(article["fresh"]),
                ]
            )
    heads = [
        "articles, database",
        "the database takes",
        "the server takes",
        "memory to buy",
        "disk to buy",
        "pages a minute, kept",
        "pages a minute, made first",
    ]
    return (
        _table(heads, rows) + "\n\n"
        "- **Memory to buy** has room for the server, the whole database and 500 MB for the system."
        "\n- **Disk to buy** has room for the database, two copies of it, and 10 GB for the system,"
        " pictures and PDFs. Many large pictures need more.\n"
        "- **Pages a minute** is what one core sends while it is busy half of the time, so that a"
        " rush does not make readers wait. A page is made first when nobody has asked for it since"
        " the last change to anything public. Publishing once an hour, a site is near the first of"
        " both figures.\n"
        "- **Cores**: the pages a minute are those of one core, so count how many you need. Have a"
        " second: it makes PDFs and does what is timed.\n"
        "- **SQLite or PostgreSQL**: SQLite for one machine. PostgreSQL where several people write"
        " all day, or several machines serve one site."
    )


def _number_of_readers(milliseconds):
    """Return how many such pages a core sends in a minute, half busy; two digits are sure."""
    exact = 60_000 / milliseconds / 2
    step = 10 ** max(0, math.floor(math.log10(exact)) - 1)
    return f"{round(exact / step) * step:,}"


def _one_page(figures):
    parts = [
        "An article of the demonstration. A *kept* page was made before and is sent again, as long"
        " as nothing public has changed. The first column says how long one core works for one"
        " answer, in milliseconds, database included. The second says how many times the work of"
        " the Django site that does nothing else that is. The others say how many answers a second"
        " came back to one reader, and to 16 at once, from a machine that also had to play the"
        " readers."
    ]
    for database, name in DATABASES.items():
        if database not in figures["one_page"]:
            continue
        rows = {row["name"]: row for row in figures["one_page"][database]["rows"]}
        bare = rows["bare"]["cpu_ms"]["1"]
        body = [
            [
                words,
                _number(rows[key]["cpu_ms"]["1"]),
                _number(rows[key]["cpu_ms"]["1"] / bare),
                f"{rows[key]['rate']['1']:,.0f}",
                f"{rows[key]['rate']['16']:,.0f}",
            ]
            for key, words in _ROWS.items()
            if key in rows
        ]
        heads = [name, "ms of a core", "times the least", "a second, 1 reader", "16 readers"]
        parts.append(_table(heads, body))
    return "\n\n".join(parts)


def _growth(figures):
    parts = [
        "![Cost of pages by the size of the library](performance.svg)",
        "Milliseconds of one core for one answer. *Kept* is the same page sent again. Searches are"
        " never kept. The last column is the largest library beside the smallest, for pages that"
        " are made first.",
    ]
    for database, name in DATABASES.items():
        if database not in figures["growth"]:
            continue
        sizes = _sizes(figures, database)
        at = figures["growth"][database]
        heads = [name]
        for size in sizes:
            heads += [f"{_count(size)} articles", "kept"]
        parts.append(_table([*heads, "times"], [*_page_rows(at, sizes)]))
        heads = [f"{name}, editors", *(f"{_count(size)} articles" for size in sizes), "times"]
        acts = [
            [
                act,
                *(_number(at[size]["acts"][act]) for size in sizes),
                _number(at[sizes[-1]]["acts"][act] / at[sizes[0]]["acts"][act]),
            ]
            for act in at[sizes[0]]["acts"]
        ]
        parts.append(_table(heads, acts))
    return "\n\n".join(parts)


def _page_rows(at, sizes):
    names = dict.fromkeys(page for size in sizes for page in at[size]["pages"])
    for page in names:
        row, fresh = [_PAGES.get(page, page)], []
        for size in sizes:
            costs = at[size]["pages"].get(page, {"fresh": None, "kept": None})
            row += [_number(costs["fresh"]), _number(costs["kept"])]
            fresh += [costs["fresh"]] if costs["fresh"] else []
        yield [*row, _number(fresh[-1] / fresh[0]) if len(fresh) == len(sizes) else ""]


def _how(figures):
    machine = figures["machine"]
    return (
        f"- The server is that of `make run`: `{machine['server']}`. Python"
        f" {machine['python']}, Django {machine['django']}.\n"
        f"- The things of one table were asked in turn, {machine['rounds']} rounds of"
        f" {_number(machine['seconds'])} seconds each, half as long for the tables of growth,"
        " where a library of each size was asked in turn.\n"
        "- The milliseconds are the processor time of all processes of the server and of"
        " PostgreSQL, divided by the number of answers. They change less than seconds do"
        " while other things run.\n"
        "- The libraries are made by `manage.py make_library`. Their words are drawn by lot. The"
        " problem and the reference are those that most pages name.\n"
        "- The figures themselves are in `performance.json`. This page is made from them, and a"
        " test sees that it was.\n\n"
        "`make bench` prints this page for your machine and changes nothing; `QUICK=1` takes two"
        " minutes and is rough; `SIZES=100,10000,100000` measures other sizes;"
        " `POSTGRES=postgres://user:password@127.0.0.1:5432/` measures PostgreSQL too; `WAGTAIL=1`"
        " installs Wagtail in a temporary folder and measures it; `LIBRARIES=folder` keeps the"
        " libraries for the next time; `WRITE=1` writes this page."
    )


# --- the picture -------------------------------------------------------------------------------
_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 800, 400, 70, 230, 50, 50
_STYLE = """
  text { font: 13px system-ui, sans-serif; fill: #222; }
  .title { font-weight: 600; font-size: 15px; }
  .grid { stroke: #ddd; }
  .line { fill: none; stroke-width: 2.2; }
  @media (prefers-color-scheme: dark) { text { fill: #e6e6e6; } .grid { stroke: #444; } }
"""
#: Read on white and on black.
_COLOURS = ("#2f81c9", "#c4531c", "#2a9d5c", "#a05bc4", "#b8860b", "#d0457b", "#7a8a94")


def picture_of(figures):
    """Return the SVG of the growth: one field for each database, both axes logarithmic."""
    databases = [name for name in DATABASES if name in figures["growth"]]
    fields = [
        _field(figures, database, number * _HEIGHT) for number, database in enumerate(databases)
    ]
    height = _HEIGHT * len(databases)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img">\n'
        "<title>What pages cost by the number of articles</title>\n"
        "<desc>The figures are in the tables below the picture.</desc>\n"
        f"<style>{_STYLE}</style>\n" + "\n".join(fields) + "\n</svg>\n"
    )


def _lines_of(figures, database):
    """[(name, [(size, milliseconds)…])…] of what the picture shows."""
    found = []
    for what, kind, name in _LINES:
        points = []
        for size in _sizes(figures, database):
            at = figures["growth"][database][size]
            value = at["acts"].get(what) if kind == "act" else at["pages"].get(what, {}).get(kind)
            points += [(int(size), value)] if value else []
        found.append((name, points))
    return [line for line in found if line[1]]


def _field(figures, database, top):
    lines = _lines_of(figures, database)
    sizes = [math.log10(int(size)) for size in _sizes(figures, database)]
    values = [math.log10(value) for _name, points in lines for _size, value in points]
    low, high = math.floor(min(values)), math.ceil(max(values))
    first, across = sizes[0], max(sizes[-1] - sizes[0], 1)

    def x(size):
        return _LEFT + (_WIDTH - _LEFT - _RIGHT) * (math.log10(size) - first) / across

    def y(value):
        room = _HEIGHT - _TOP - _BOTTOM
        return top + _TOP + room * (high - math.log10(value)) / max(high - low, 1)

    drawn = [
        f'<text class="title" x="{_LEFT}" y="{top + 24}">{DATABASES[database]}:'
        " milliseconds of one core for one page</text>"
    ]
    for power in range(low, high + 1):
        at = y(10**power)
        drawn.append(
            f'<path class="grid" d="M{_LEFT} {at:.1f}H{_WIDTH - _RIGHT}"/>'
            f'<text x="{_LEFT - 8}" y="{at + 4:.1f}" text-anchor="end">{10**power:,g}</text>'
        )
    for size in _sizes(figures, database):
        drawn.append(
            f'<text x="{x(int(size)):.1f}" y="{top + _HEIGHT - 24}" text-anchor="middle">'
            f"{_count(size)} articles</text>"
        )
    places = _apart({name: y(points[-1][1]) + 4 for name, points in lines})
    for (name, points), colour in zip(lines, _COLOURS, strict=False):
        path = "L".join(f"{x(size):.1f} {y(value):.1f}" for size, value in points)
        dots = "".join(
            f'<circle cx="{x(size):.1f}" cy="{y(value):.1f}" r="3.5" fill="{colour}"/>'
            for size, value in points
        )
        said = f"{escape(name)}, {_number(points[-1][1])}"
        drawn.append(
            f'<path class="line" stroke="{colour}" d="M{path}"/>{dots}'
            f'<text x="{_WIDTH - _RIGHT + 22}" y="{places[name]:.1f}">{said}</text>'
            f'<path class="line" stroke="{colour}" d="M{_WIDTH - _RIGHT + 8}'
            f' {places[name] - 4:.1f}h10"/>'
        )
    return "\n".join(drawn)


def _apart(places):
    """Move labels down until none is over another."""
    found, last = {}, -math.inf
    for name, place in sorted(places.items(), key=lambda one: one[1]):
        last = max(place, last + 16)
        found[name] = last
    return found
