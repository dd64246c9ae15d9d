"""The settings of the site. docs/settings.md says what each value from the environment means."""

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from articles.richtext.ckeditor import CKEDITOR_CONFIGS, SILENCED_EDITOR_CHECKS  # noqa: F401

from . import environment, request_limits

BASE_DIR = Path(__file__).resolve().parent.parent
environment.read_file(BASE_DIR / ".env")
environment.refuse_unsupported("REPLICA_URL")

# --- settings of the operator ------------------------------------------------------------------
DEBUG = environment.flag("DEBUG", default=False)
SECRET_KEY = environment.secret_key()
SITE_URL = environment.site_url(default="http://127.0.0.1:8000")
SITE_NAME = environment.text("SITE_NAME", "PhysioHub")
SITE_OPERATOR = environment.text("SITE_OPERATOR", "")
SITE_LICENCE = environment.text("SITE_LICENCE", "")
SITE_CONTACT = environment.contact("SITE_CONTACT")
SITE_COLOUR = environment.colour("SITE_COLOUR")
SITE_LOGO = environment.logo("SITE_LOGO", suffixes=(".svg", ".png", ".webp"))
EMERGENCY_NUMBER = environment.text("EMERGENCY_NUMBER", "999")
PAPER_SIZE = environment.paper_size("PAPER_SIZE")
ALLOWED_HOSTS = environment.allowed_hosts(
    default=["127.0.0.1", "localhost", urlsplit(SITE_URL).hostname or ""], debug=DEBUG
)
DATABASES = {"default": environment.database(default=f"sqlite:///{BASE_DIR / 'physiohub.sqlite3'}")}
CACHES = {
    "default": environment.cache("CACHE_URL"),
    # Rendered parts of pages, in the memory of each worker, so that after an update no page has a
    # part that an older template made.
    "pieces": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pieces",
        "OPTIONS": {"MAX_ENTRIES": 200},
    },
    # The changes between two published texts (articles.live.version_history), for the same reason.
    # This cache is separate, because a reader who goes through old versions must not push out
    # parts of pages or the counters of rate limits.
    "comparisons": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "comparisons",
        "OPTIONS": {"MAX_ENTRIES": 500},
    },
}
# Bytes of finished pages that each worker keeps at most (articles.public.finished_pages).
PAGE_MEMORY = environment.number("PAGE_MEMORY", default=16, most=4096) * 2**20
SHARED_CACHE_SECONDS = environment.number("SHARED_CACHE_SECONDS", default=0, most=86_400)
# Who is told when pages have changed, and with which header: a CDN or proxy that keeps them.
PURGE_URL = environment.web_address("PURGE_URL")
PURGE_HEADER = environment.header("PURGE_HEADER")
globals().update(environment.email(default="console://"))
DEFAULT_FROM_EMAIL = (
    environment.contact("EMAIL_FROM") or SITE_CONTACT or f"physiohub@{urlsplit(SITE_URL).hostname}"
)
SECOND_FACTOR = environment.second_factor(
    "SECOND_FACTOR", hosts=[urlsplit(SITE_URL).hostname or "", *ALLOWED_HOSTS]
)
REMEMBER_DEVICE_DAYS = environment.number("REMEMBER_DEVICE_DAYS", default=0, most=30)
DIGEST_HOUR = environment.hour("DIGEST_HOUR", default=7)
TASKS = environment.tasks()
LOOKUP = environment.lookup(default="on")
LOOKUP_CONTACT = environment.contact()

IS_HTTPS = SITE_URL.startswith("https://")
if DEBUG and IS_HTTPS:
    raise ImproperlyConfigured(
        'DEBUG is "true" while SITE_URL is public (https). Set DEBUG to "false".'
    )

# --- what the site is made of ------------------------------------------------------------------
INSTALLED_APPS = [
    # Before the app of the admin, so that our admin templates are found first.
    "physiohub.apps.PhysioHubConfig",
    "django_tasks",
    "django_tasks_db",  # before articles, whose admin shows its tables
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "articles.apps.ArticlesConfig",
    "references.apps.ReferencesConfig",
    "taggit",
    "ckeditor",
    "django.forms",  # its templates, for FORM_RENDERER below
    "physiohub.apps.OurAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "physiohub.static.StaticFilesConfig",
]
MIDDLEWARE = [
    "articles.public.finished_pages.FinishedPages",  # first: what is kept has passed all the others
    "csp.middleware.CSPMiddleware",  # first: redirects and early errors carry the policy too
    "django.middleware.security.SecurityMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "physiohub.compression.CompressPublicPages",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "physiohub.languages.ReadersLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "articles.accounts.sessions.EndsOldLogIns",
    "physiohub.request_limits.RequestLimits",  # before anything reads what was sent
    "articles.accounts.recording.RemembersWhoActs",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # Templates of the operator come first: their pages/privacy.html replaces ours.
        "DIRS": [*environment.folder("OWN_TEMPLATES"), BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "physiohub.template_loading.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                ),
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "physiohub.branding.site",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"  # widgets may have templates of ours
ROOT_URLCONF = "physiohub.urls"
WSGI_APPLICATION = "physiohub.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- languages and time ------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish")), ("ar", _("Arabic"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["physiohub.formats"]
LANGUAGE_COOKIE_NAME = "__Host-language" if IS_HTTPS else "language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
LANGUAGE_COOKIE_SECURE = IS_HTTPS
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
USE_TZ = True
TIME_ZONE = environment.text("TIME_ZONE", "UTC")

# --- files -------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "static-collected"
STATICFILES_DIRS = [BASE_DIR / "physiohub" / "assets"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "physiohub.static.Storage"},
}
if DEBUG:
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
# Pictures. Those of drafts are here too, so no web server may serve this folder.
# articles.pictures.storage serves the pictures that readers may have.
MEDIA_ROOT = environment.media_root(
    "MEDIA_ROOT", default=BASE_DIR / "media", static=[STATIC_ROOT, *STATICFILES_DIRS]
)

# How much one request may send.
DATA_UPLOAD_MAX_MEMORY_SIZE = request_limits.MOST_BYTES
DATA_UPLOAD_MAX_NUMBER_FIELDS = request_limits.MOST_FIELDS
DATA_UPLOAD_MAX_NUMBER_FILES = request_limits.MOST_FILES

# --- who gets in -------------------------------------------------------------------------------
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",  # reads hashes made before
]
# Wrong codes are counted where wrong passwords are (articles.accounts.log_ins). What django-otp
# does by itself would lock a person out everywhere.
OTP_TOTP_THROTTLE_FACTOR = OTP_STATIC_THROTTLE_FACTOR = 0
OTP_TOTP_SYNC = False  # phones have the right time, and a code of half a minute ago is taken
OTP_TOTP_ISSUER = SITE_NAME
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
SESSION_COOKIE_NAME = "__Host-session" if IS_HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if IS_HTTPS else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 60 * 60
LONGEST_IDLE = timedelta(minutes=environment.number("IDLE_MINUTES", default=30, least=5, most=720))
# Somebody whose token has expired with their log-in must not lose an article.
CSRF_FAILURE_VIEW = "articles.admin.conflicts.resending.csrf_failure"
CSRF_TRUSTED_ORIGINS = [SITE_URL] if IS_HTTPS else []
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_HTTPS else None
SECURE_HSTS_SECONDS = 63_072_000 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_HTTPS
SECURE_HSTS_PRELOAD = IS_HTTPS
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"

# Nothing from another host, and nothing inline: scripts and styles are files of this site.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}

# What no page here needs, no page can ask for, and no script that slipped in either.
PERMISSIONS_POLICY: dict[str, list[str]] = {
    "accelerometer": [],
    "camera": [],
    "display-capture": [],
    "geolocation": [],
    "gyroscope": [],
    "hid": [],
    "magnetometer": [],
    "microphone": [],
    "midi": [],
    "payment": [],
    "serial": [],
    "usb": [],
    "xr-spatial-tracking": [],
}

RICH_TEXT_EDITOR = "articles.richtext.ckeditor"

SILENCED_SYSTEM_CHECKS = [*SILENCED_EDITOR_CHECKS]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
