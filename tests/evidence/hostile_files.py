"""Files of references that were made to break their reader.

Each grows to whatever size is asked for.
"""

import json

#: {name: (format, function of a size in bytes that gives a text about as long)}.
HOSTILE = {}


def _hostile(known_as):
    def keep(make):
        HOSTILE[make.__name__] = (known_as, make)
        return make

    return keep


def _filled(piece, size, *, before="", after=""):
    """`piece` between `before` and `after`, as often as makes `size`.

    {n} in it is the number of the piece.
    """
    room = max(1, (size - len(before) - len(after)) // max(1, len(piece)))
    pieces = (
        (piece.replace("{n}", str(n)) for n in range(room)) if "{n}" in piece else [piece * room]
    )
    return f"{before}{''.join(pieces)}{after}"


# BibTeX ----------------------------------------------------------------------------------------


@_hostile("bibtex")
def macros_that_double(size):
    doubled = "".join(
        f"@string{{a{n + 1}=a{n}#a{n}}}\n" for n in range(min(2000, max(40, size // 40)))
    )
    return f'@string{{a0="x"}}\n{doubled}@article{{k, title=a39, note={{t}}}}\n'


@_hostile("bibtex")
def a_long_macro_in_many_entries(size):
    macro = "x{}" * (size // 6)
    return _filled(
        "@book{k, title={A title}, note=m}\n", size, before=f"@string{{m={{{macro}}}}}\n"
    )


@_hostile("bibtex")
def a_middling_macro_in_many_entries(size):
    return _filled(
        "@book{k, title={A title}, note=m # m # m}\n",
        size,
        before=f"@string{{m={{{'x{}' * 3000}}}}}\n",
    )


@_hostile("bibtex")
def a_long_parent_of_many_entries(size):
    parent = f"@book{{p, title={{Whole}}, abstract={{{'x{}' * (size // 6)}}}}}\n"
    return _filled("@inbook{k, title={A title}, crossref={p}}\n", size, before=parent)


@_hostile("bibtex")
def parents_in_a_ring(size):
    ring = (
        "@book{a{n}, crossref={a{n}}, title={A title}}\n@book{b{n}, crossref={c{n}}}\n@book{c{n},"
        " crossref={b{n}}}\n"
    )
    return _filled(ring, size)


@_hostile("bibtex")
def braces_within_braces(size):
    return f"@book{{k, title={{{'{' * (size // 2)}x{'}' * (size // 2)}}}}}"


@_hostile("bibtex")
def braces_around_an_address(size):
    return f"@book{{k, title={{T}}, url={{{'{' * (size // 2)}x{'}' * (size // 2)}}}}}"


@_hostile("bibtex")
def long_words_within_many_braces(size):
    return f"@book{{k, title={{{'{' * (size // 4)}{'x' * (size // 2)}{'}' * (size // 4)}}}}}"


@_hostile("bibtex")
def commands_within_commands(size):
    depth = size // 9
    return "@book{k, title={" + r"\textit{" * depth + "x" + "}" * depth + "}}"


@_hostile("bibtex")
def braces_that_never_close(size):
    return _filled("{", size, before="@book{k, title={T}, note=")


@_hostile("bibtex")
def fields_that_never_close(size):
    return _filled('a="{,', size, before="@book{k, title={T}, ", after="}" * (size // 10))


@_hostile("bibtex")
def fields_without_values(size):
    return _filled("a=,", size, before="@book{k, title={T}, ", after="}")


@_hostile("bibtex")
def blanks_before_a_key(size):
    return _filled(" ", size, before="@book{", after="={T}}")


@_hostile("bibtex")
def blanks_in_a_name(size):
    return _filled(" ", size, before="@book{k, title={T}, author={a", after="b}}")


@_hostile("bibtex")
def a_name_in_braces_that_never_end(size):
    return _filled("{}", size, before="@book{k, title={T}, author={{a", after="}b}}")


@_hostile("bibtex")
def names_without_end(size):
    return _filled("Abc{n}, D and ", size, before="@book{k, title={T}, author={", after="Z}}")


@_hostile("bibtex")
def many_entries_of_many_names(size):
    entry = f"@book{{k, title={{T}}, author={{{' and '.join(f'A{n}, B' for n in range(5000))}}}}}\n"
    return _filled(entry, size)


@_hostile("bibtex")
def words_of_a_name_without_end(size):
    return _filled("Aa ", size, before="@book{k, title={T}, author={", after="}}")


@_hostile("bibtex")
def commas_of_a_name_without_end(size):
    return _filled("a,", size, before="@book{k, title={T}, author={", after="}}")


@_hostile("bibtex")
def entries_that_only_begin(size):
    return _filled("@a{\n", size)


@_hostile("bibtex")
def entries_on_one_line(size):
    return _filled("@a{k,title=1}", size)


@_hostile("bibtex")
def macros_without_end(size):
    return _filled("@string{a{n}=1}\n", size, after="@book{k, title={T}}")


@_hostile("bibtex")
def fields_without_end(size):
    return _filled("a{n}=1,", size, before="@book{k, title={T}, ", after="}")


@_hostile("bibtex")
def accents_without_end(size):
    return _filled(r"\'{e}", size, before="@book{k, title={", after="}}")


# RIS -------------------------------------------------------------------------------------------


@_hostile("ris")
def editors_without_end(size):
    return _filled("ED  - A{n}, B\n", size, before="TY  - BOOK\nTI  - T\n", after="ER  - \n")


@_hostile("ris")
def authors_of_ris_without_end(size):
    return _filled("AU  - A{n}, B\n", size, before="TY  - BOOK\nTI  - T\n", after="ER  - \n")


@_hostile("ris")
def many_records_of_many_authors(size):
    authors = "".join(f"AU  - A{n}, B\n" for n in range(5000))
    return _filled(f"TY  - BOOK\nTI  - T\n{authors}ER  - \n", size)


@_hostile("ris")
def records_that_only_begin(size):
    return _filled("TY  - JOUR\n", size)


@_hostile("ris")
def a_line_of_blanks(size):
    return _filled(" ", size, before="TY  - JOUR\nTI  - T\nAU  - a", after="b\nER  - \n")


@_hostile("ris")
def years_without_end(size):
    return _filled("PY  - 2001\n", size, before="TY  - JOUR\nTI  - T\n", after="ER  - \n")


@_hostile("ris")
def addresses_of_ris_without_end(size):
    return _filled("UR  - doi.org/10.1/x\n", size, before="TY  - JOUR\nTI  - T\n", after="ER  - \n")


@_hostile("ris")
def a_year_of_many_words(size):
    return _filled("abc ", size, before="TY  - JOUR\nTI  - T\nPY  - 2001 ", after="\nER  - \n")


@_hostile("ris")
def an_isbn_of_semicolons(size):
    return _filled(f"TY  - BOOK\nTI  - T\nSN  - {';' * 9000}\nER  - \n", size)


@_hostile("ris")
def a_title_of_quotes(size):
    return _filled("TY  - BOOK\nTI  - T" + " 'a'a" * 1800 + "\nER  - \n", size)


@_hostile("ris")
def a_title_of_combining_marks(size):
    return _filled("TY  - BOOK\nTI  - a" + "\u0301\u0316" * 4900 + "\nER  - \n", size // 2)


@_hostile("ris")
def a_title_that_unfolds(size):
    return _filled("TY  - BOOK\nTI  - " + "\ufdfa" * 9900 + "\nER  - \n", size // 3)


@_hostile("ris")
def a_title_of_open_tags(size):
    return _filled("TY  - BOOK\nTI  - T" + "<i>" * 3300 + "\nER  - \n", size)


@_hostile("ris")
def a_name_of_many_words(size):
    return _filled(f"TY  - BOOK\nTI  - T\nAU  - {'Aa ' * 3300}\nER  - \n", size)


@_hostile("ris")
def many_works_of_one_title(size):
    return _filled(
        "TY  - BOOK\nTI  - A title that is long enough to name one work\nVL  - {n}\nER  - \n", size
    )


# MEDLINE ---------------------------------------------------------------------------------------


@_hostile("nbib")
def blanks_in_a_wrapping(size):
    return _filled(" ", size, before="PMID- 1\nTI  - T\n      <", after="x\n")


@_hostile("nbib")
def a_page_number_without_end(size):
    return _filled("9", size, before="PMID- 1\nTI  - T\nPG  - ", after="-1\n")


@_hostile("nbib")
def notices_of_medline_without_end(size):
    return _filled("RIN - J. 2010 Feb 6. PMID: {n}\n", size, before="PMID- 1\nTI  - T\n")


@_hostile("nbib")
def records_of_medline_that_only_begin(size):
    return _filled("PMID- 1\n", size)


@_hostile("nbib")
def addresses_without_end(size):
    return _filled("AID - 10.1/x [pii]\n", size, before="PMID- 1\nTI  - T\n")


# JSON ------------------------------------------------------------------------------------------


@_hostile("csl")
def numbers_instead_of_items(size):
    return _filled("1,", size, before="[", after="1]")


@_hostile("csl")
def a_long_item_before_many_short_ones(size):
    return _filled(
        "1,",
        size,
        before=json.dumps([{"title": "T", "abstract": "x" * (size // 2)}])[:-1] + ",",
        after="1]",
    )


@_hostile("csl")
def lists_within_lists(size):
    return _filled("[", size, before='[{"title": "T", "custom": ')


@_hostile("csl")
def lists_nested_as_deep_as_is_read(size):
    return _filled(
        '{"title": "T", "custom": {"a": ' + "[" * 900 + "]" * 900 + "}},",
        size,
        before="[",
        after="1]",
    )


@_hostile("csl")
def a_number_without_end(size):
    return _filled("9", size, before='[{"title": "T", "volume": ', after="}]")


@_hostile("csl")
def numbers_beyond_all_measure(size):
    item = (
        '{"title": "T", "issued": {"raw": 1e999, "circa": 1e999}, "custom": {"a": 1e999}, "volume":'
        " -1e999},"
    )
    return _filled(item, size, before="[", after="1]")


@_hostile("csl")
def names_of_csl_without_end(size):
    return _filled('{"family":"a{n}"},', size, before='[{"title": "T", "author": [', after="1]}]")


@_hostile("csl")
def fields_of_csl_without_end(size):
    return _filled('"a{n}":1,', size, before="[{", after='"title":"T"}]')


@_hostile("csl")
def a_date_without_end(size):
    return _filled("2", size, before='[{"title": "T", "issued": {"literal": "', after='"}}]')


@_hostile("csl")
def blanks_between_items(size):
    return _filled(" ", size, before='[{"title": "T"}', after="x")


@_hostile("crossref")
def works_that_are_nothing(size):
    return _filled("{},", size, before='{"message":{"items":[', after="{}]}}")


@_hostile("crossref")
def works_within_works(size):
    return _filled("[", size, before='{"message":{"title":["T"],"x":')


@_hostile("crossref")
def works_nested_as_deep_as_is_read(size):
    return _filled(
        '{"title":["T"],"x":' + "[" * 950 + "]" * 950 + "},",
        size,
        before='{"message":{"items":[',
        after="{}]}}",
    )


@_hostile("crossref")
def updates_without_end(size):
    update = '{"type":"retraction","DOI":"10.5555/a{n}"},'
    return _filled(
        update,
        size,
        before='{"message":{"title":["T"],"DOI":"10.5555/x","updated-by":[',
        after="{}]}}",
    )


@_hostile("crossref")
def a_number_of_crossref_without_end(size):
    return _filled("9", size, before='{"message":{"title":["T"],"volume":', after="}}")


@_hostile("crossref")
def types_that_are_lists(size):
    return _filled(
        '{"type":[],"title":["T"],"DOI":{}},', size, before='{"message":{"items":[', after="{}]}}"
    )


@_hostile("crossref")
def a_title_of_crossref_without_end(size):
    return _filled("&amp;<i>", size, before='{"message":{"title":["', after='"],"subtitle":["x"]}}')


# PubMed XML ------------------------------------------------------------------------------------

_BEGIN, _TITLE = (
    "<PubmedArticleSet>",
    "<PubmedArticle><MedlineCitation><PMID>1</PMID><Article><ArticleTitle>",
)
_END = "</ArticleTitle></Article></MedlineCitation></PubmedArticle></PubmedArticleSet>"


@_hostile("pubmed_xml")
def elements_a_thousand_deep(size):
    return f"{_BEGIN}{_TITLE}{'<i>' * 1000}x{'</i>' * 1000}{_END}"


@_hostile("pubmed_xml")
def elements_as_deep_as_the_file(size):
    return f"{_BEGIN}{_TITLE}{'<i>' * (size // 7)}x{'</i>' * (size // 7)}{_END}"


@_hostile("pubmed_xml")
def elements_without_end(size):
    return _filled("<i/>", size, before=_BEGIN + _TITLE, after=_END)


@_hostile("pubmed_xml")
def articles_that_are_empty(size):
    return _filled("<PubmedArticle/>", size, before=_BEGIN, after="</PubmedArticleSet>")


@_hostile("pubmed_xml")
def notices_of_pubmed_without_end(size):
    notice = '<CommentsCorrections RefType="RetractionIn"><PMID>{n}</PMID></CommentsCorrections>'
    head = _BEGIN + _TITLE + "T</ArticleTitle></Article><CommentsCorrectionsList>"
    end = "</CommentsCorrectionsList></MedlineCitation></PubmedArticle></PubmedArticleSet>"
    return _filled(notice, size, before=head, after=end)


@_hostile("pubmed_xml")
def attributes_without_end(size):
    return _filled(' a{n}="1"', size, before="<PubmedArticleSet", after="/>")


@_hostile("pubmed_xml")
def authors_of_pubmed_without_end(size):
    head = _BEGIN + _TITLE + "T</ArticleTitle><AuthorList>"
    end = "</AuthorList></Article></MedlineCitation></PubmedArticle></PubmedArticleSet>"
    return _filled("<Author><LastName>A{n}</LastName></Author>", size, before=head, after=end)


@_hostile("pubmed_xml")
def entities_that_double(size):
    entities = "".join(f'<!ENTITY a{n + 1} "&a{n};&a{n};">' for n in range(40))
    return f'<!DOCTYPE x [<!ENTITY a0 "x">{entities}]>{_BEGIN}{_TITLE}&a40;{_END}'


# Typed lists -----------------------------------------------------------------------------------

_TYPED = "Osei A, Berg B. Dry needling for neck pain: a trial. J Ex. 2020;7(1):10-19.\n"


@_hostile("paste")
def lines_that_are_words(size):
    return _filled("Abc A.\n", size, before="x" * (size // 2) + "\n" + _TYPED)


@_hostile("paste")
def short_lines_that_go_on(size):
    return _filled("Osei A.\nb c\n", size, before=_TYPED)


@_hostile("paste")
def one_line_without_end(size):
    return _filled("x", size, before=_TYPED)


@_hostile("paste")
def a_line_of_signs(size):
    return _filled("*", size, before=_TYPED)


@_hostile("paste")
def numbers_in_every_line(size):
    return _filled(_TYPED[:-1] + " PMID 1" * 800 + "\n", size)


@_hostile("paste")
def addresses_in_every_line(size):
    return _filled(_TYPED[:-1] + " http://a" * 600 + "\n", size)


@_hostile("paste")
def dates_in_every_line(size):
    return _filled("Title of a page. http://a.org/b. " + ". 2020" * 950 + "\n", size)


@_hostile("paste")
def imprints_in_every_line(size):
    return _filled("Osei A. Title." + ";2000:1" * 800 + "x\n", size)


@_hostile("paste")
def links_to_databases_in_every_line(size):
    return _filled(_TYPED[:-1] + " [PubMed]" * 600 + "x\n", size)


@_hostile("paste")
def people_in_every_line(size):
    return _filled("Osei A, " * 700 + "b. Title. J. 2020;1:2.\n", size)


@_hostile("paste")
def initials_in_every_line(size):
    return _filled("Osei A. " * 700 + "Title. J. 2020;1:2.\n", size)


@_hostile("paste")
def dois_in_every_line(size):
    return _filled(_TYPED[:-1] + " doi:10.1234/a" * 400 + "\n", size)


@_hostile("paste")
def journals_in_every_line(size):
    return _filled("Osei A. Title. J. " + "2000;1" * 900 + "<\n", size)


@_hostile("paste")
def groups_in_every_line(size):
    return _filled("Osei A; " * 700 + "Title. J. 2020;1:2.\n", size)


# Bytes -----------------------------------------------------------------------------------------


@_hostile("ris")
def letters_of_no_encoding(size):
    return b"TY  - JOUR\nTI  - T\nN1  - " + b"\xff" * size + b"\nER  - \n"


@_hostile("ris")
def halves_of_utf_16(size):
    return (
        b"\xff\xfe" + "TY  - JOUR\nTI  - T\nN1  - ".encode("utf-16-le") + b"\x00\xd8" * (size // 2)
    )


@_hostile("ris")
def line_ends_alone(size):
    return _filled("\r", size, before="TY  - JOUR\nTI  - T\n")


@_hostile("csl")
def halves_of_letters(size):
    return _filled(
        '{"title":"T\\ud800\\u0000","author":[{"family":"\\udfff","comma-suffix":"\\u0000"}]},',
        size,
        before="[",
        after="1]",
    )
