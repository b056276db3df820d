"""The sheets on which an item is edited: which fields and lists of parts each of them has."""

from dataclasses import replace

from tongban import catalogue
from tongban.catalogue import (
    AGENCY_NATURES,
    KINDS,
    LEVELS,
    POWER_SOURCES,
    Audience,
    Basis,
    Code,
    Faq,
    Fee,
    Material,
    Need,
    Redress,
    Result,
    ReviewPoint,
    RiskPoint,
    Scenario,
    Section,
    SpecialProcedure,
    Step,
    known_schemes,
)
from tongban.channels.console.items.inputs import (
    Input,
    Options,
    Rows,
    Sheet,
    chosen,
    more,
    several,
)

UNITS = {"workday": "工作日", "day": "自然日", "hour": "小时", "minute": "分钟", "month": "月"}
TRUTH = {"": "未说明", "1": "是", "0": "否"}
NEEDS = {need.value: need.label for need in Need}

RISKS = Rows(
    "risks",
    RiskPoint,
    "text",
    "廉政风险点",
    (
        Input("text", "可能出什么问题"),
        chosen("level", "风险等级", {"": "未说明", "高": "高", "中": "中", "低": "低"}),
        Input("measures", "防控措施", "area"),
    ),
    prefix="r",
)
WIDGETS = {
    "text": "一行文字",
    "textarea": "多行文字",
    "number": "数字",
    "date": "日期",
    "choice": "单选",
    "checkbox": "打勾确认",
}
SOURCES = {
    "": "不自动填写",
    "holder.name": "姓名或者名称",
    "holder.id_number": "证件号码",
    "holder.telephone": "电话",
    "holder.address": "地址",
    "holder.credit_code": "统一社会信用代码",
    "holder.legal_representative": "法定代表人",
}
_FORMS: dict[Section, tuple[Input, ...]] = {
    Section.BASICS: (
        Input("name", "事项名称"),
        Input("short_name", "事项简称"),
        Input("everyday_words", "日常用语", "lines", "一行一个，老百姓怎么说就怎么写"),
        Input("summary", "一句话说明", "area"),
        Input("service_object", "服务对象", hint="自然人、企业法人…，用顿号分开"),
        chosen("audience", "面向", {one.value: one.label for one in Audience}),
        chosen("kind", "事项类型", {"": "未说明"} | KINDS),
        chosen("handling", "办件类型", {"instant": "即办件", "committed": "承诺件"}),
        chosen("status", "事项状态", {"published": "在用", "suspended": "暂停"}),
        Input("themes", "主题", "lines", "一行一个"),
        Input("life_events", "一件事", "lines", "一行一个"),
        Input("cross_region_scope", "通办范围"),
        *more(
            Input("person_themes", "面向自然人主题分类", "lines", "国家主题编码，一行一个，如 005"),
            Input("business_themes", "面向法人主题分类", "lines", "国家主题编码，一行一个，如 005"),
            Input("local_themes", "地方特色主题", "lines", "一行一个"),
            Input("town.code", "乡镇街道代码"),
            Input("town.name", "乡镇街道名称"),
            Input("village.code", "村居社区代码"),
            Input("village.name", "村居社区名称"),
        ),
    ),
    Section.LIMITS: (
        Input("statutory", "法定时限", "limit"),
        Input("statutory_note", "法定时限说明", "area"),
        Input("promised", "承诺时限", "limit"),
        Input("promised_note", "承诺时限说明", "area"),
        Input("visits", "跑几次", "number"),
        Input("visits_reason", "到现场的原因", "area"),
        Input("special_days", "特别程序天数", "number", "所有特别程序一共不计入时限的天数"),
    ),
    Section.CONDITIONS: (
        Input("conditions", "受理条件", "area"),
        Input("prohibitions", "不予受理的情形", "area"),
    ),
    Section.CHANNELS: (
        Input("channels.forms", "办理方式", "lines", "一行一个：窗口办理、网上办理、快递申请"),
        Input("channels.address", "地址", "area", "写到窗口或者门牌号"),
        Input("channels.hours", "办公时间", "area"),
        Input("channels.consult", "咨询方式"),
        Input("channels.consult_address", "咨询地址"),
        Input("channels.complaint", "监督投诉", hint="不能与咨询电话相同"),
        Input("channels.complaint_address", "投诉地址"),
        Input("online_apply", "可以网上申请", "tick"),
        Input("online_depth", "网上办理深度", "number", "1 至 4 级，4 级是全程网办"),
        Input("offers.in_hall", "进驻大厅", "truth"),
        Input("offers.appointment", "预约", "truth"),
        Input("offers.pay_online", "网上缴费", "truth"),
        Input("offers.express", "快递", "truth"),
        Input("offers.terminals", "自助终端", "truth"),
        Input("channels.website", "网址"),
        Input("channels.single_sign_on", "电脑端已接统一登录", "truth"),
        Input("channels.mobile_address", "移动端网址"),
        Input("channels.mobile_single_sign_on", "移动端已接统一登录", "truth"),
        *more(
            Input("offers.one_window", "综合窗口受理", "truth"),
            Input("offers.in_seconds", "秒批", "truth"),
            Input("offers.commitment", "告知承诺", "truth"),
            Input("offers.deferrable", "容缺受理", "truth"),
        ),
    ),
    Section.FEES: (Input("charged", "是否收费", "truth"), Input("fee_basis", "收费依据", "area")),
    Section.AUTHORITY: (
        Input("power", "对应的权力", hint="权力清单中的编码"),
        Input("base_code", "基本编码", hint="基本目录中的编码"),
        chosen("authority.source", "权力来源", {"": "未说明"} | POWER_SOURCES),
        several("authority.levels", "行使层级", LEVELS),
        Input("authority.content", "行使内容", "area"),
        Input("authority.division", "权限划分", "area"),
        Input("authority.quantity_limit", "数量限制"),
        Input("authority.punishments", "处罚的行为、种类、幅度", "area"),
        Input("agency.credit_code", "统一社会信用代码", hint="实施主体的代码"),
        chosen("agency.nature", "实施主体性质", {"": "未说明"} | AGENCY_NATURES),
        Input("agency.entrusted", "委托部门"),
        Input("agency.joint", "联办机构", "lines", "一行一个"),
        Input("intermediaries", "中介服务", "lines", "一行一个"),
        *more(
            Input("agency.entrusted_code", "委托部门代码"),
            Input("authority.system_level", "运行系统层级"),
        ),
    ),
}
_ROWS: dict[Section, Rows] = {
    Section.MATERIALS: Rows(
        "materials",
        Material,
        "name",
        "申请材料",
        (
            Input("name", "材料名称"),
            chosen("need", "必要性", NEEDS),
            Input("form", "形式"),
            Input("kind", "类型", hint="原件、复印件"),
            Input("source", "来源"),
            Input("originals", "原件份数", "number"),
            Input("copies", "复印件份数", "number"),
            Input("standard_material", "标准材料", "standard"),
            Input("accept_standard", "受理标准", "area"),
            Input("fill_notice", "填报须知", "area"),
            Input("exempt", "免提交", "tick"),
            Input("supplied_by", "由谁提供"),
            Input("blank_form", "空白表格", "file"),
            Input("sample", "样例", "file"),
            *more(
                Input("category", "类别", hint="证件证书证明、申请表格文书、其他"),
                Input("code", "材料编码"),
                Input("source_explain", "来源渠道说明", "area"),
                Input("paper_format", "纸质规格"),
                Input("basis", "要求依据"),
                Input("need_sign", "需要签名签章", "tick"),
                Input("sign_requirement", "签名签章"),
                Input("shareable", "可以共享", "tick"),
                Input("linked_certificate", "已关联电子证照", "tick"),
                Input("issuer", "出具机构"),
                Input("issuing_time", "出具要多久"),
                Input("obtained_how", "怎么开具", "area"),
                Input("obtained_where", "在哪里开具"),
                Input("used_for", "用来核对什么", "area"),
                Input("remark", "备注", "area"),
            ),
        ),
        key="m",
    ),
    Section.STEPS: Rows(
        "steps",
        Step,
        "name",
        "办理流程",
        (
            Input("name", "环节名称"),
            Input("limit", "时限", "limit"),
            Input("post", "岗位"),
            Input("standard", "审查标准", "area"),
            Input("result", "结果"),
        ),
    ),
    Section.FEES: Rows(
        "fees",
        Fee,
        "name",
        "收费项目",
        (
            Input("name", "收费项目"),
            Input("standard", "收费标准", "area"),
            Input("amount", "金额（分）", "number", "固定金额的才填"),
            Input("basis", "依据"),
            Input("remission", "减免"),
            Input("pay_online", "网上缴费", "tick"),
            *more(Input("remark", "备注", "area")),
        ),
    ),
    Section.RESULTS: Rows(
        "results",
        Result,
        "name",
        "办理结果",
        (
            Input("name", "结果名称"),
            Input("kind", "结果类型"),
            Input("validity", "有效期"),
            Input("sample", "样例", "file"),
            *more(Input("licence_type", "证照类型", hint="电子证照类型的编码")),
        ),
    ),
    Section.BASIS: Rows(
        "legal_basis",
        Basis,
        "law",
        "设定依据",
        (Input("law", "法律名称"), Input("clause", "条款"), Input("text", "条文", "area")),
    ),
    Section.QUESTIONS: Rows(
        "faq",
        Faq,
        "question",
        "常见问题",
        (Input("question", "问题"), Input("answer", "答案", "area")),
    ),
    Section.RIGHTS: Rows(
        "rights",
        Redress,
        "way",
        "救济途径",
        (
            Input("way", "方式", hint="行政复议、行政诉讼"),
            Input("organ", "机关"),
            Input("within", "期限"),
            Input("address", "地址"),
            Input("telephone", "电话"),
        ),
    ),
    Section.FORM: Rows(
        "form",
        catalogue.Field,
        "title",
        "申请表的字段",
        (
            Input("title", "字段名称"),
            chosen("widget", "填写方式", WIDGETS),
            Input("required", "必填", "tick"),
            Input("hint", "填写提示"),
            Input("options", "选项", "options", "单选才填，一行一个"),
            Input("form", "属于哪张表", hint="一个事项有几张表时填表名，情形中可以选用哪张表"),
            Input("section", "小标题"),
            chosen("source", "自动填写", SOURCES),
            Input("smallest", "最小值或最少字数", "number"),
            Input("largest", "最大值或最多字数", "number"),
        ),
        key="f",
        parts=lambda item: catalogue.fields_of(item.form),
        put=lambda item, fields: replace(item, form=catalogue.with_fields(item.form, fields)),
    ),
}
_ROWS[Section.SCENARIOS] = Rows(
    "scenarios",
    Scenario,
    "title",
    "常见情形",
    (
        Input("title", "情形名称", hint="办事人一看就懂，如“委托别人来办”"),
        Input("explanation", "说明", "area"),
        Input("answers", "选好的答案", "answers"),
    ),
    key="s",
    distinct=True,
)
_ROWS[Section.LIMITS] = Rows(
    "special_procedures",
    SpecialProcedure,
    "kind",
    "特别程序",
    (
        Input("kind", "种类", hint="听证、检验、专家评审…"),
        Input("days", "天数", "number"),
        Input("basis", "依据"),
    ),
)


def _schemes() -> Options:
    known = tuple((one.key, one.name) for one in known_schemes().values())
    return (*known, ("local_code", "地方编码"))


_ROWS[Section.AUTHORITY] = Rows(
    "codes",
    Code,
    "code",
    "各类编码",
    (
        Input("scheme", "编码种类", "choice", choices=_schemes),
        Input("code", "编码"),
    ),
)
SHEETS: dict[Section, Sheet] = {
    section: Sheet(_FORMS.get(section, ()), (_ROWS[section],) if section in _ROWS else ())
    for section in Section
}
# The business manual (业务手册) of one step.
MANUAL = Sheet(
    (
        Input("post", "岗位"),
        Input("standard", "审查标准", "area"),
        Input("discretion", "裁量基准", "area", "写明每一档的条件和幅度，或者填裁量规则的编码"),
        Input("counted", "计入办理时限", "tick"),
    ),
    (
        Rows(
            "review_points",
            ReviewPoint,
            "text",
            "审查要点",
            (
                Input("text", "看什么"),
                Input("standard", "标准", "area", "怎样算合格，能量化的写数字"),
                Input("basis", "依据"),
            ),
            prefix="p",
        ),
        RISKS,
    ),
)
