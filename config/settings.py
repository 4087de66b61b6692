"""Settings, read from the environment; the defaults run the embedded portal on one machine.

`GANGYAO_MODE=embedded` (the default) keeps everything under `DATA_DIR` and makes its own secret.
`GANGYAO_MODE=production` refuses to start without a real secret, hosts, database and broker.
"""

from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from config.secret import embedded_secret

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

MODE = env.str("GANGYAO_MODE", "embedded")
if MODE not in {"embedded", "production"}:
    raise ImproperlyConfigured("GANGYAO_MODE must be «embedded» or «production».")
PRODUCTION = MODE == "production"

DATA_DIR = Path(env.str("DATA_DIR", str(BASE_DIR / "var")))
BUILD_DIR = Path(env.str("BUILD_DIR", str(BASE_DIR / "build")))
FONT_DIR = BUILD_DIR / "fonts"


def _required(name: str) -> str:
    """Return a variable that production cannot do without."""
    value = env.str(name, "")
    if not value:
        raise ImproperlyConfigured(f"Production needs the environment variable {name}.")
    return value


if PRODUCTION:
    SECRET_KEY = _required("SECRET_KEY")
    if len(SECRET_KEY) < 40 or len(set(SECRET_KEY)) < 12 or "change" in SECRET_KEY.lower():
        raise ImproperlyConfigured("SECRET_KEY is too short or still the example: make a new one.")
    ALLOWED_HOSTS = _required("ALLOWED_HOSTS").split(",")
    _required("DATABASE_URL")
    BROKER_URL = _required("BROKER_URL")
else:
    DATA_DIR.mkdir(parents=True, exist_ok=True)
    SECRET_KEY = env.str("SECRET_KEY", "") or embedded_secret(DATA_DIR / "secret")
    ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"])
    BROKER_URL = env.str("BROKER_URL", "filesystem://localhost")
DEBUG = False
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# --- What the house is made of -------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "knox",
    "rest_framework",
    "config",
    "core",
    "departments",
    "plans",
    "indicators",
    "tasks",
    "reports",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "core.middleware.LoginRequired",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "core.middleware.RequestContext",
    "core.middleware.Readable",
    "departments.middleware.ActingAs",
    "core.middleware.DomainErrors",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "departments.context.person",
            ],
            "builtins": ["core.templatetags.gy"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- Data ----------------------------------------------------------------------------------
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'gangyao.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # IMMEDIATE: a transaction that will write takes its place at the start, so that it waits
    # for its turn instead of failing half-way.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": (
        env.cache_url("CACHE_URL")
        if env.str("CACHE_URL", "")
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    )
}
MEDIA_ROOT = DATA_DIR / "files"
STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", str(DATA_DIR / "static")))
STATICFILES_DIRS = [path for path in (BASE_DIR / "static", BUILD_DIR / "static") if path.is_dir()]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o640
FILE_UPLOAD_HANDLERS = [
    "core.uploads.Capped",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
UPLOAD_MAX_BYTES = 20 * 1024 * 1024

# --- Jobs (core.work) ----------------------------------------------------------------------
HEARTBEAT_SECONDS = env.float("HEARTBEAT_SECONDS", 5.0)
STALE_SECONDS = env.float("STALE_SECONDS", 30.0)  # a running job silent this long is dead
RECONCILE_SECONDS = env.float("RECONCILE_SECONDS", 15.0)

# --- People --------------------------------------------------------------------------------
AUTH_USER_MODEL = "departments.User"
KNOX_TOKEN_MODEL = "departments.ApiToken"
# Knox would make a table for its own token model all the same, and bind it to our people.
MIGRATION_MODULES = {"knox": None}
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "departments.backends.RoleBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("UserAttributeSimilarityValidator", {}),
        ("MinimumLengthValidator", {"min_length": 10}),
        ("CommonPasswordValidator", {}),
        ("NumericPasswordValidator", {}),
    )
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.5  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "registration/locked.html"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
SESSION_COOKIE_AGE = 30 * 60
SESSION_SAVE_EVERY_REQUEST = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "core.views.csrf_failure"

# --- What a browser may do -----------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if PRODUCTION:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", True)
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", 31_536_000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    # The browsers' preload list is for names of the open internet, and cannot be taken back.
    SILENCED_SYSTEM_CHECKS = ["security.W021"]
    MIDDLEWARE.insert(0, "config.proxy.ClientAddress")
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT

# --- Language and clock --------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# --- Interfaces ----------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["departments.authentication.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["core.rest.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["core.rest.JSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["core.rest.StrictFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "core.rest.CursorPages",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "core.rest.problem",
    "PAGE_SIZE": 100,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "纲要通 API",
    "DESCRIPTION": (
        "Plans, tasks, indicators and reports of the science-literacy outline. Everything is read "
        "with a token and shows what its role may see; what is invisible answers 404. Lists come "
        "in cursor pages; `updated_since` follows changes, `format=csv` streams every filtered "
        "row. Each step of a period, an entry or an item of supervision is `POST …/{id}/{verb}/` "
        "with a token for writing; an `Idempotency-Key` makes a repeat harmless."
    ),
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_NAME_OVERRIDES": {
        "DepartmentKind": "departments.models.Department.Kind",
        "PlanKind": "plans.models.Plan.Kind",
        "PlanState": "plans.models.Plan.State",
        "ActionKind": "plans.models.Action.Kind",
        "RegionLevel": "departments.models.Region.Level",
        "IndicatorKind": "indicators.models.Indicator.Kind",
        "TargetOperator": "indicators.models.Target.Operator",
        "ObservationState": "indicators.models.Observation.State",
        "ObservationBasis": "indicators.models.Observation.Basis",
        "TargetBasis": "indicators.models.Target.Basis",
        "TaskKind": "tasks.models.Task.Kind",
        "PeriodState": "tasks.models.Period.State",
        "EventKind": "tasks.models.Event.Kind",
        "EntryKind": "tasks.models.Entry.Kind",
        "Rating": "tasks.models.entries.Rating",
        "EntryState": "tasks.models.Entry.State",
        "SupervisionState": "tasks.models.SupervisionItem.State",
        "ReportKind": "reports.models.Report.Kind",
        "ReportState": "reports.models.Report.State",
        "OpinionSaid": "reports.models.Opinion.SAID",
    },
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}
REST_KNOX = {"TOKEN_TTL": None, "AUTH_HEADER_PREFIX": "Token"}

# Published survey values come into every database when it is migrated; tests begin without them.
LOAD_PUBLISHED = env.bool("LOAD_PUBLISHED", True)

# --- Mail (core.mail, core.sending) --------------------------------------------------------
# Without a server, mails are written into a folder: nothing leaves a portal that is being tried.
EMAIL_HOST = env.str("EMAIL_HOST", "")
EMAIL_PORT = env.int("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = env.bool("EMAIL_USE_SSL", False)
# Seconds for each answer of the server; a mail takes a few, and must be through in STALE_SECONDS.
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", 5)
EMAIL_BACKEND = env.str(
    "EMAIL_BACKEND",
    f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'filebased'}.EmailBackend",
)
EMAIL_FILE_PATH = DATA_DIR / "mail"
EMAIL_SUBJECT_PREFIX = ""
MAIL_SECONDS = env.float("MAIL_SECONDS", 30.0)  # between two looks for mails that are due
# Under which address people open the portal: links in mails begin with it.
PORTAL_URL = env.str("PORTAL_URL", "http://127.0.0.1:8000").rstrip("/")
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "gangyao@localhost")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", "WARNING")},
}
