"""What the spellings of one unit share, and which place a name begins with."""

import pytest

from departments.names import chain_of, is_group, kind_of, take_apart, unit_key

PLACES = {"申省", "子市", "子东县"}
SAME_UNIT = [
    ["团市委", "共青团子市委员会", "共青团子市委", "共青团市委", "团子市委"],
    ["市妇联", "子市妇联", "子市妇女联合会", "妇联"],
    ["市科协", "子市科学技术协会", "申省子市科协"],
    ["市总工会", "总工会"],
    ["市人力资源社会保障局", "市人力资源和社会保障局", "市人社局", "子市人力社保局"],
    ["市卫生计生委", "市卫计委", "市卫生和计划生育委员会"],
    ["市文广新局", "市文化广电新闻出版局"],
    ["市发改委", "市发展改革委", "市发展和改革委员会", "发展改革委"],
    ["市教育局", "子市教育局", "教育局"],
    ["市委宣传部", "中共子市委宣传部", "子市委宣传部", "市委 宣传部"],
    ["市委网信办", "市网信办", "市委网络安全和信息化委员会办公室", "市互联网信息办公室"],
    ["市委市直机关工委", "市直机关工委", "市直属机关工作委员会", "市直机关党工委"],
    ["市经济和信息化委", "市经信委", "市经济和信息化委员会"],
    ["市住房城乡建设局", "市住房和城乡建设局", "市住建局"],
    ["市公安局交警支队", "市交警支队"],
    ["市市场监管局", "市市场监督管理局", "市场监管局"],
    ["市国资委", "市国有资产监督管理委员会"],
    ["市委文明办", "市精神文明建设委员会办公室", "市文明办"],
    ["市教育局（市语委办）", "市教育局"],
    ["总工会", "工会", "市总工会"],
    ["某某街道", "某某街道办事处"],
    ["子市税务局", "国家税务总局子市税务局", "市税务局"],
]


def meant(name: str) -> str:
    return take_apart(name, PLACES).key


@pytest.mark.parametrize("spellings", SAME_UNIT, ids=lambda names: names[0])
def test_spellings_of_one_unit_share_a_key(spellings: list[str]) -> None:
    assert {meant(name) for name in spellings} == {meant(spellings[0])}


def test_different_units_keep_different_keys() -> None:
    keys = [meant(names[0]) for names in SAME_UNIT]
    assert len(set(keys)) == len(keys) - 2  # 市教育局 and 总工会 stand there twice
    assert meant("市委") != meant("市政府") != meant("市委办公室")
    assert meant("市委办公室") != meant("市政府办公室")


@pytest.mark.parametrize(
    ("name", "places", "word", "core"),
    [
        ("市教育局", (), "市", "教育局"),
        ("申省子市教育局", ("申省", "子市"), None, "教育局"),
        ("省科协", (), "省", "科协"),
        ("某某区教育局", ("某某区",), None, "教育局"),
        ("共青团某某区委", ("某某区",), None, "团委"),
        ("市场监管局", (), None, "市场监管局"),
        ("市政管理局", (), None, "市政管理局"),
        ("市政府", (), "市", "政府"),
        ("乡村振兴局", (), None, "乡村振兴局"),
        ("城市管理局", (), None, "城市管理局"),
        ("住房城乡建设局", (), None, "住房城乡建设局"),
        ("高新区管委会", (), None, "高新区管委会"),
        ("社区学院", (), None, "社区学院"),
        ("某某理工大学", (), None, "某某理工大学"),
        ("某某镇", ("某某镇",), None, "政府"),
        ("某某街道办事处", ("某某街道",), None, "办事处"),
        ("师市党委宣传部", (), "师市", "宣传部"),
        ("师范学院", (), None, "师范学院"),
        ("兵团科协", (), "兵团", "科协"),
    ],
)
def test_a_name_is_taken_apart(
    name: str, places: tuple[str, ...], word: str | None, core: str
) -> None:
    found = take_apart(name, PLACES)
    assert (found.places, found.word, found.core) == (places, word, core)


@pytest.mark.parametrize(
    "name",
    [
        "区县科协", "各县（市、区）科协", "县（市、区）政府", "各区县人民政府", "市州科协",
        "乡镇（街道）", "成员单位", "领导小组各成员单位", "其他成员单位", "有关高校", "新闻媒体",
        "市直各部门", "高校", "辖区企业", "涉农区人民政府", "市科协各学会",
    ],
)  # fmt: skip
def test_sets_of_units_are_groups(name: str) -> None:
    assert is_group(name)


@pytest.mark.parametrize("name", ["市科协", "市民族宗教事务局", "各族青年联合会", "学校后勤管理处"])
def test_units_are_no_groups(name: str) -> None:
    assert not is_group(name)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("市科学技术协会", "association"),
        ("市老科协", "mass"),
        ("市精神文明建设指导委员会办公室", "party"),
        ("市委", "party"),
        ("市委教育工作委员会", "party"),
        ("市归国华侨联合会", "mass"),
        ("市第一中学", "institution"),
        ("市科技馆", "institution"),
        ("某某一中", "institution"),
        ("区科协", "association"),
        ("高新区科协", "mass"),
        ("市融媒体中心", "institution"),
        ("市市场监督管理局", "government"),
    ],
)
def test_kinds_of_the_wider_genre(name: str, kind: str) -> None:
    assert kind_of(name) == kind


@pytest.mark.parametrize(
    ("printed", "chain"),
    [
        ("某省某市某区", [("某省", "province"), ("某市", "city"), ("某区", "county")]),
        ("枣庄市市中区", [("枣庄市", "city"), ("市中区", "county")]),
        ("新乡市", [("新乡市", "city")]),
        ("景德镇市", [("景德镇市", "city")]),
        ("沙市区", [("沙市区", "county")]),
        ("某某自治州某某市", [("某某自治州", "city"), ("某某市", "county")]),
        ("阿拉善盟阿拉善左旗", [("阿拉善盟", "city"), ("阿拉善左旗", "county")]),
        ("广西壮族自治区", [("广西壮族自治区", "province")]),
        ("某县某某镇", [("某县", "county"), ("某某镇", "town")]),
    ],
)
def test_a_place_is_split_into_its_levels(printed: str, chain: list[tuple[str, str]]) -> None:
    assert chain_of(printed) == chain


def test_long_nonsense_is_read_at_once() -> None:
    for text in ("市" * 100_000, "教育和" * 50_000, "区委" * 50_000, "（" * 100_000):
        take_apart(text, PLACES)
        is_group(text)
        kind_of(text)
        unit_key(text)
        chain_of(text)
