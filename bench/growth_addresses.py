"""The addresses whose cost must not grow with the library, for a library of `make_library`."""

from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse


def growth_addresses():
    """Return {name: address}: pages of the article, the problem and the work that most name."""
    from articles.models import LiveArticle, LiveTotal, Publication, PublishedCitation

    live = LiveArticle.objects.order_by("pk")[0]
    twice = Publication.objects.live().filter(number=2).order_by("pk")[0]
    problem = LiveTotal.objects.filter(kind="condition").order_by("-pages")[0]
    named = PublishedCitation.objects.order_by().values("reference_uid")
    work = named.annotate(count=Count("pk")).order_by("-count")[0]["reference_uid"]
    pages = {
        name: reverse(f"articles:{name}")
        for name in (
            *("home", "article_list", "condition_list", "words", "reference_list"),
            *("sitemap", "feed", "about", "robots"),
        )
    }
    of_article = {name: reverse(f"articles:{name}", args=[live.slug]) for name in ("article",)}
    searches = {
        "rare word": live.other_names[0].split()[1],
        "mid word": problem.name.split()[0],
        "common word": "plan",
        "two letters": "st",
        "one letter": "a",
        "many words": "plan people you do it start booklet visit moves rest",
    }
    return {
        **pages,
        **of_article,
        "condition": reverse("articles:condition", args=[problem.slug]),
        "reference": reverse("articles:reference", args=[work]),
        "versions": reverse("articles:versions", args=[twice.slug]),
        "version": reverse("articles:version", args=[twice.slug, 1]),
        "not found": "/articles/nothing-is-here/",
        **{
            f"search: {name}": f"{reverse('articles:search')}?{urlencode({'q': words})}"
            for name, words in searches.items()
        },
    }
