"""What the offer must be like, by the firm's words: its form of delivery, somebody who comes, marks of the product."""

from datetime import date

import pytest

from services.matching import intake
from services.matching.intake import language
from shared.contracts.needs import Enterprise, Must, NeedRequest

AS_OF = date(2026, 11, 22)


def _must(text: str) -> Must:
    return intake.read(NeedRequest(text=text, enterprise=Enterprise(region="330106")), language.EMPTY, AS_OF).must


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("要部署在我们自己机房", ("on-premises",)),
        ("图纸不能传到外面", ("on-premises",)),
        ("数据不出厂", ("on-premises",)),
        ("案卷一张也不许传出去", ("on-premises",)),
        ("图只准待在厂里那台服务器上", ("on-premises",)),
        ("公有云领导不点头", ("on-premises", "private-cloud")),
        ("网页打开就能使的", ("saas",)),
        ("得坐教室里学", ("offline-event",)),
        ("要线下一起学的", ("offline-event",)),
        ("服务器要放自己厂里", ("on-premises",)),
        ("有没有手机上自己看的课", ("online-course",)),
        ("标书里有底价，不能传到外面的服务器上", ("on-premises",)),
        ("只能半夜在手机上看课", ("online-course",)),
        ("私有化部署", ("on-premises", "private-cloud")),
        ("不放公有云", ("on-premises", "private-cloud")),
        ("要私有云的", ("private-cloud",)),
        ("只要SaaS", ("saas",)),
        ("不想自己买服务器", ("saas",)),
        ("打开网页就能用的", ("saas",)),
        ("别让我再买服务器，网上用就行", ("saas",)),
        ("不买服务器，云上管的", ("saas",)),
        ("软件装在店里电脑上", ("on-premises",)),
        ("必须是云版", ("saas",)),
        ("要网页登录就能用的", ("saas",)),
        ("只能上线上的课", ("online-course",)),
        ("必须是教室里的线下课", ("offline-event",)),
        ("最好能本地部署", None),
        ("不要本地部署", None),
        ("想要一套好用的系统", None),
    ],
)
def test_forms_of_delivery(text: str, forms: tuple[str, ...] | None) -> None:
    found = _must(text).delivery
    assert (found and found.value) == forms


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("要能上门安装", True),
        ("特别需要上门安装", True),
        ("顾问要能到曲靖来", True),
        ("得派工程师来调", True),
        ("想请人到园区一家家走一遍", True),
        ("请个老师坐进我们直播间带两周", True),
        ("唔好派人嚟驻厂", None),
        ("新进厂的都要三级教育，手机上学完能考试", None),
        ("零担的，要上门提货", None),
        ("师傅得到厂里来看看", True),
        ("老师来我们车间教", True),
        ("先派人来现场勘察", True),
        ("马上来人", True),
        ("要人来装，教会我们的人", True),
        ("人要来调好才算数", True),
        ("得有人来手把手教", True),
        ("派个人来店里看看哪儿要改", True),
        ("住建局要求进场工人都刷脸", None),
        ("没人来装，自己弄的", None),
        ("线你们自己过来接", True),
        ("得有人在厂里带着我们用", True),
        ("想请人来村里手把手带", True),
        ("有老师来厂里教最好", None),
        ("老师要到寨子里来教", True),
        ("找个顾问住在厂里带我们改", True),
        ("把样机背过来试", True),
        ("派工程师蹲厂里一礼拜", True),
        ("得有人来给装好，教会我们", True),
        ("想来人把机器调好", True),
        ("老师一定要到俺厂里来看", True),
        ("被正版软件的人找上门了，要换正版", None),
        ("要你们派师傅上门来装", True),
        ("人必须驻在我们机房", True),
        ("工程师必须到场装", True),
        ("网上教也成，来人教也成", None),
        ("要坐教室里跟同学面对面", None),
        ("需要驻厂辅导三个月", True),
        ("不用上门，远程就行", None),
        ("最好能上门", None),
        ("货发到仓库才发现少了", None),
        ("图纸发到车间没人看", None),
        ("卖软件的上门推销了好几回", None),
        ("我们四十来人的厂", None),
    ],
)
def test_whether_somebody_must_come(text: str, wanted: bool | None) -> None:
    found = _must(text).onsite
    assert (found and found.value) == wanted


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("必须国产化", ("xinchuang",)),
        ("数据库操作系统都得国产", ("xinchuang",)),
        ("要适配麒麟系统", ("xinchuang",)),
        ("明年起系统得跑国产的", ("xinchuang",)),
        ("整套要换成国产，麒麟加达梦那种", ("xinchuang",)),
        ("系统要满足等保二级", ("mlps2",)),
        ("云平台要通过等保三级", ("mlps3",)),
        ("国产化，符合等保3级要求", ("xinchuang", "mlps3")),
        ("平台要符合个人信息保护法", ("pipl",)),
        ("供应商要有ISO27001", ("iso27001",)),
        ("你们家没有27001的证就不聊了", ("iso27001",)),
        ("人脸这些得照个人信息保护法来", ("pipl",)),
        ("五台龙芯配统信的也得装得上", ("xinchuang",)),
        ("网安来查，要做等保二级测评和备案", None),
        ("我们的系统要过等保二级才让上线", None),
        ("我们要过ISO27001认证", None),
        ("最好是国产的", None),
    ],
)
def test_marks_of_the_product(text: str, marks: tuple[str, ...] | None) -> None:
    found = _must(text).compliance
    assert (found and found.value) == marks
