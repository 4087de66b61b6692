"""What a plan's targets and duties can say: shared by drafts here and by the indicators above."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class IndicatorKind(models.TextChoices):
    SURVEY = "survey", _("抽样调查")
    LEVEL = "level", _("水平值")
    INCREMENT = "increment", _("当年新增")
    CUMULATIVE = "cumulative", _("累计数")
    COVERAGE = "coverage", _("覆盖率")
    MILESTONE = "milestone", _("节点")


class Operator(models.TextChoices):
    GT = "gt", _("超过")
    GTE = "gte", _("达到")
    EQ = "eq", _("等于")
    LTE = "lte", _("不超过")
    LT = "lt", _("低于")
    APPROX = "approx", _("左右")


class Scope(models.TextChoices):
    SELF = "self", _("本地区")
    EACH_CHILD = "each_child", _("每个下级地区")
    SHARE = "share_of_children", _("下级地区所占比例")


class Rhythm(models.TextChoices):
    WEEK = "week", _("每周")
    MONTH = "month", _("每月")
    QUARTER = "quarter", _("每季度")
    HALF_YEAR = "half_year", _("每半年")
    TERM = "term", _("每学期")
    YEAR = "year", _("每年")
    TWO_YEARS = "two_years", _("每两年")
    THREE_YEARS = "three_years", _("每三年")
    FIVE_YEARS = "five_years", _("每五年")
    REGULAR = "regular", _("定期")
