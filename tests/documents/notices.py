"""One example of each notice, of a city that does not exist."""

from datetime import UTC, date, datetime
from typing import Any

from tongban.documents import Template

LAW = "《中华人民共和国行政许可法》第三十二条第一款"
COMMON: dict[str, Any] = {
    "unit": "云州市市场监督管理局",
    "item": "食品经营许可（新办）",
    "applicant": "云州市青禾餐饮管理有限公司",
    "number": "云市监受字〔2026〕12号",
    "issued_on": date(2026, 11, 22),
    "case_number": "990100-2611-0000012-K",
    "query_code": "7KM4XP",
    "tracking_url": "https://tongban.example/t/990100-2611-0000012-K",
    "contact": "云州市政务服务中心3号窗口，电话0990-12345678",
}
MATERIALS = [
    {"name": "食品经营许可申请书", "form": "电子", "originals": 1},
    {"name": "营业执照", "form": "免提交", "remark": "证照库调取"},
    {"name": "主要设备设施布局、操作流程等文件", "form": "电子", "copies": 1},
]
DATA: dict[Template, dict[str, Any]] = {
    Template.SUBMISSION_RECEIPT: {
        "submitted_at": datetime(2026, 11, 22, 1, 5, tzinfo=UTC),
        "materials": MATERIALS,
        "notice_due_on": date(2026, 11, 27),
    },
    Template.ONE_OFF: {
        "materials": MATERIALS,
        "scenario": "经营项目：餐饮服务",
        "conditions": "有与经营规模相适应的固定场所。",
        "visits": "0 次",
        "promised": "8个工作日",
        "where": "云州市政务服务中心3号窗口",
    },
    Template.ACCEPTANCE: {
        "applied_on": date(2026, 11, 20),
        "accepted_on": date(2026, 11, 22),
        "statutory": "20个工作日",
        "promised": "8个工作日",
        "due_on": date(2026, 12, 2),
        "not_counted": "现场核查（5个工作日）",
        "fee": "不收费",
        "materials": MATERIALS,
        "basis": LAW + "第五项",
    },
    Template.CORRECTION: {
        "applied_on": date(2026, 11, 20),
        "missing": [
            {
                "name": "营业执照",
                "wrong": "照片模糊，统一社会信用代码无法辨认",
                "remedy": "重新拍摄，四角完整、文字清晰",
            },
            {"name": "布局图", "wrong": "没有标明面积", "remedy": "标明各功能区面积并签名"},
            {"name": "联系电话", "wrong": "号码少一位", "remedy": "填写十一位手机号码"},
        ],
        "deadline": date(2026, 12, 11),
        "how": "在“我的办件”中在线补正，或者到政务服务中心窗口补正。",
        "consequence": "逾期没有补正的，视为撤回申请，今后可以重新提出。",
        "basis": LAW + "第四项",
    },
    Template.NOT_ACCEPTED: {
        "applied_on": date(2026, 11, 20),
        "reason": "该经营场所位于临江县，不属于本机关职权范围。",
        "where_to_go": "请向临江县市场监督管理局申请：临江县政务服务中心二楼6号窗口。",
        "reconsideration": "云州市人民政府",
        "court": "云州市城关区人民法院",
        "basis": LAW + "第二项",
    },
    Template.GRANT: {
        "accepted_on": date(2026, 11, 22),
        "content": "准予你单位从事食品经营活动。经营项目：热食类食品制售。",
        "result": "食品经营许可证JY29901000012345",
        "valid": "2026年11月25日至2031年11月24日",
        "delivery": "电子证照已发放至“我的证照”",
        "conditions": "在经营场所的显著位置悬挂许可证正本。\n许可事项变化的，及时申请变更。",
        "basis": "《中华人民共和国食品安全法》第三十五条",
    },
    Template.REFUSAL: {
        "accepted_on": date(2026, 11, 22),
        "reason": "一、经现场核查，加工场所面积6平方米，与申报不符。\n二、未设置清洗消毒设施。",
        "reconsideration": "云州市人民政府",
        "court": "云州市城关区人民法院",
        "basis": "《中华人民共和国行政许可法》第三十八条第二款",
    },
    Template.WITHDRAWAL: {
        "applied_on": date(2026, 11, 20),
        "withdrawn_on": date(2026, 11, 22),
        "reason": "经营场所变更，重新选址后再申请",
        "returned": "纸质材料一份已当面退还",
    },
    Template.TRANSFER: {
        "sender": "云州市政务服务中心综合窗口",
        "receiver": "云州市市场监督管理局行政审批科",
        "materials": MATERIALS,
    },
    Template.DELIVERY: {
        "documents": [
            {"name": "准予决定书", "number": "云市监准字〔2026〕9号"},
            {"name": "食品经营许可证", "number": "JY29901000012345"},
        ],
        "way": "窗口领取",
        "receiver": "林小禾（经办人）",
        "place": "云州市政务服务中心3号窗口",
        "delivered_at": datetime(2026, 11, 22, 2, 30, tzinfo=UTC),
    },
}
