"""What tools from outside the project may import from its tests: these names and their arguments
stay.

Everything else in tests/ and in articles/ may move. A tool that drives a running site needs people
who can log in, and articles that can be published.
"""

from django.contrib.auth.models import Group, User

from articles.accounts import logging_in
from articles.models import Citation
from articles.review import reviewing
from physiohub import roles
from tests import builders


def an_editor(username, password):
    """An account in the role of an editor, who logs in to the admin with `password`."""
    user = User.objects.create_user(username, "", password, is_staff=True)
    user.groups.add(Group.objects.get(name=roles.EDITOR))
    return user


def logged_in(client, account):
    """Log in with a client of Django's tests, as if password and code had been typed.

    A tool that logs in on the pages of a site of its own starts that with SECOND_FACTOR=off, which
    only a site takes that nobody but this machine reaches.
    """
    client.force_login(account)
    session = client.session
    logging_in.mark_as_whole(session)
    session.save()


def a_draft_ready_for_review(*, by, checked_by, **fields):
    """An article with every part a page must have, owned by `by`, its evidence checked by
    `checked_by`.

    `fields` are those of articles.models.Article, such as title, slug and body.
    """
    article = builders.a_draft(by=by, **fields)
    for citation in Citation.objects.filter(claim__article=article):
        reviewing.check_evidence(citation, by=checked_by, at=builders.NOON)
    return article
