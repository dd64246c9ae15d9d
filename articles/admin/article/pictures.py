"""The admin of pictures. A picture is added and described once, and any article may show it."""

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from articles.models import ArticlePicture, Picture, PublishedPicture
from articles.pictures import processing, storage
from articles.public.converters import PICTURE_FILE
from articles.richtext.cleaning import TooMuchHtml, clean
from articles.richtext.headings import headings_in
from physiohub import policy
from physiohub.read_only import ReadOnlyAdmin

from .edits import RecordsEdits
from .naming import NamedRows
from .rows import RowForm, RowInline
from .single_rows import RowAdmin


class PictureForm(forms.ModelForm):
    """A form that checks the file before it is stored, and asks for a text alternative."""

    upload = forms.FileField(
        label=_("File"),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        help_text=format_lazy(
            _(
                "A JPEG, PNG or WebP of at most {size} MB. It is saved again, without the place and"
                " time it was taken."
            ),
            size=processing.MAX_BYTES // 1_000_000,
        ),
    )

    class Meta:
        model = Picture
        fields = ["alt", "is_decorative", "caption", "credit", "licence"]
        widgets = {
            "alt": forms.Textarea(attrs={"rows": 2}),
            "caption": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.prepared = None
        if self.instance.pk:
            self.fields["upload"].required = False
            self.fields["upload"].label = _("Another file in its place")

    def clean_upload(self):
        upload = self.cleaned_data["upload"]
        if upload:
            # One byte more than the limit is enough to see that a file is too large.
            try:
                self.prepared = processing.prepare(upload.read(processing.MAX_BYTES + 1))
            except processing.NotAPicture as refusal:
                raise forms.ValidationError(str(refusal), code="not_a_picture") from refusal
        return upload

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("is_decorative") and not cleaned.get("alt", "").strip():
            self.add_error(
                "alt",
                forms.ValidationError(
                    _(
                        "Say what the picture shows, or tick “decorative” if nobody would miss"
                        " anything without it."
                    ),
                    code="no_alt",
                ),
            )
        if self.errors and self.prepared:
            self.add_error(
                "upload",
                forms.ValidationError(
                    _("Choose the file again: browsers forget it."), code="again"
                ),
            )
        return cleaned


@admin.register(Picture)
class PictureAdmin(RecordsEdits, admin.ModelAdmin):
    form = PictureForm
    list_display = ["__str__", "thumbnail", "credit", "licence", "added_by", "added_at"]
    list_select_related = ["added_by"]
    search_fields = ["alt", "caption", "credit", "licence", "sha256"]
    fields = [
        "upload",
        "seen",
        "alt",
        "is_decorative",
        "caption",
        "credit",
        "licence",
        "size",
        "added_by",
        "added_at",
    ]
    readonly_fields = ["seen", "size", "added_by", "added_at"]

    def get_urls(self):
        file = path(
            f"file/{PICTURE_FILE}",
            self.admin_site.admin_view(self.file),
            name="articles_picture_file",
        )
        return [file, *super().get_urls()]

    def file(self, request, sha256, width, suffix):
        """Return any picture, published or not, to people who may see drafts."""
        if not policy.may(request.user, policy.SEE_PICTURES):
            raise PermissionDenied
        return _picture_file(request, sha256, width, suffix)

    def get_fields(self, request, obj=None):
        return (
            self.fields
            if obj
            else [name for name in self.fields if name not in self.readonly_fields]
        )

    def save_model(self, request, obj, form, change):
        obj.needs_alt = False  # the form asks for the words, or for a tick that none are needed
        if form.prepared:
            storage.write_files(obj, form.prepared, by=request.user, at=timezone.now())
        super().save_model(request, obj, form, change)

    @admin.display(description=_("how it looks"))
    def thumbnail(self, picture):
        return _image(picture, 0, "thumbnail", alt="")

    @admin.display(description=_("as it is now"))
    def seen(self, picture):
        return _image(picture, -1, "seen-picture", alt=picture.alt_shown)

    @admin.display(description=_("size"))
    def size(self, picture):
        return _("%(width)s × %(height)s pixels") % {
            "width": picture.width,
            "height": picture.height,
        }


@require_safe
@cache_control(private=True, no_store=True)
def _picture_file(request, sha256, width, suffix):
    return storage.response(sha256, width, suffix)


def _image(picture, which, css_class, *, alt):
    """Return an <img> of one of the picture's WebP files, at the address for drafts.

    `which` is 0 for the smallest file and -1 for the largest.
    """
    file = [file for file in picture.renditions if file["suffix"] == "webp"][which]
    address = reverse(
        "admin:articles_picture_file", args=[picture.sha256, file["width"], file["suffix"]]
    )
    return format_html(
        '<img src="{}" alt="{}" width="{}" height="{}" class="{}" loading="lazy">',
        address,
        alt,
        file["width"],
        file["height"],
        css_class,
    )


class PictureRowForm(RowForm):
    """A row that offers the headings of the text, also those just typed."""

    heading = forms.ChoiceField(
        label=ArticlePicture._meta.get_field("heading").verbose_name, required=False
    )

    alt = forms.CharField(
        label=Picture._meta.get_field("alt").verbose_name,
        help_text=Picture._meta.get_field("alt").help_text,
        required=False,
        max_length=Picture._meta.get_field("alt").max_length,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    class Meta:
        model = ArticlePicture
        fields = ["picture", "alt", "heading", "caption", "position"]

    def __init__(self, *args, body="", **kwargs):
        super().__init__(*args, **kwargs)
        picture = self.instance.picture if self.instance.picture_id else None
        # A picture may stand in other articles too. Its words are given here only if it has none.
        self.described = None  # the picture that a save gave its words
        self.fields["alt"].disabled = not (picture and picture.needs_alt)
        self.initial["alt"] = picture.alt if picture else ""
        self.fields["alt"].widget.attrs["aria-label"] = self.fields["alt"].label
        limit = ArticlePicture._meta.get_field("heading").max_length
        headings = dict.fromkeys(heading for heading in headings_in(body) if len(heading) <= limit)
        choices = [
            ("", _("at the top, before the text")),
            *((heading, heading) for heading in headings),
        ]
        if (stored := self.instance.heading) and stored not in headings:
            choices.append((stored, _("%s (not in the text any more)") % stored))
        self.fields["heading"].choices = choices
        self.fields["heading"].widget.attrs["aria-label"] = self.fields["heading"].label
        self.fields["heading"].help_text = _(
            "A new heading can be chosen once the article is saved."
        )

    def save(self, commit=True):
        row = super().save(commit)
        if (alt := self.cleaned_data.get("alt", "").strip()) and "alt" in self.changed_data:
            # Only one that still needs the words: somebody else may have given some since.
            needy = Picture.objects.filter(pk=self.instance.picture_id, needs_alt=True)
            if needy.update(alt=alt, needs_alt=False):
                self.described = self.instance.picture
        return row


class PictureRows(NamedRows):
    @cached_property
    def body(self):
        """The cleaned text as it is typed now; "" for a text that is refused."""
        typed = self.data.get("body") if self.is_bound else None
        try:
            return self.instance.body if typed is None else clean(typed)
        except TooMuchHtml:
            return ""

    def get_form_kwargs(self, index):
        return {**super().get_form_kwargs(index), "body": self.body}


class PictureInline(RowInline):
    model = ArticlePicture
    form = PictureRowForm
    formset = PictureRows
    autocomplete_fields = ["picture"]
    fields = ["thumbnail", "picture", "alt", "heading", "caption", "position"]
    readonly_fields = ["thumbnail"]

    @admin.display(description=_("how it looks"))
    def thumbnail(self, row):
        return _image(row.picture, 0, "thumbnail", alt="") if row.picture_id else ""


@admin.register(ArticlePicture)
class ArticlePictureAdmin(RowAdmin):
    autocomplete_fields = ["article", "picture"]
    search_fields = ["article__title", "picture__alt", "picture__caption"]


@admin.register(PublishedPicture)
class PublishedPictureAdmin(ReadOnlyAdmin):
    list_display = ["publication", "sha256"]
    list_select_related = ["publication__revision"]
    search_fields = ["sha256", "publication__slug"]
