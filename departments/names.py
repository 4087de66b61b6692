"""Department names as rules: what two spellings of one name have in common."""

import re
import unicodedata

_BLANKS = re.compile(r"[\s\u3000]+")
_GROUP = re.compile(
    r"(相关|有关|各有关|各相关|各)(部门|单位|成员单位)|部门和单位|^各(?!族)|^(其他|其它)(部门|单位)"
)


def normalise(name: str) -> str:
    """Return a name without layout blanks, in half-width letters and one kind of brackets."""
    return _BLANKS.sub("", unicodedata.normalize("NFKC", name)).strip("、，,。;；")


def is_group(name: str) -> bool:
    """Tell whether a printed name means a set of units (各镇（街道）, 相关部门和单位)."""
    return bool(_GROUP.search(normalise(name)))


# A stem in a name and what it says of the kind of unit; the first that matches counts.
_KINDS = (
    (re.compile(r"科协$|科学技术协会$"), "association"),
    (re.compile(r"委组织部|委宣传部|委网信办|委统战部|党校|委.*工委|党工委|委办公"), "party"),
    (re.compile(r"^团.?委$|共青团|总工会|妇联|妇女联合会|社科联|文联|残联|工商联|红十字"), "mass"),
    (
        re.compile(r"大学|学院|科学院|社科院|农科院|分院|研究院|研究所|电视台|支队|集团|公司"),
        "institution",
    ),
)


def kind_of(name: str) -> str:
    """Return the likely kind of a unit (a value of Department.Kind) from its name."""
    if is_group(name):
        return "group"
    plain = normalise(name)
    for pattern, kind in _KINDS:
        if pattern.search(plain):
            return kind
    return "government"


def spelling_key(name: str) -> str:
    """Return what spellings of one name share: 人力资源和社会保障局 is 人力资源社会保障局."""
    return normalise(name).replace("和", "")
