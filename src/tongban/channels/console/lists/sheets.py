"""The sheets on which entries of the lists are edited."""

from tongban.catalogue import (
    KINDS,
    LEVELS,
    POWER_SOURCES,
    Access,
    Accountability,
    Basis,
    List,
    Responsibility,
    Status,
)
from tongban.channels.console.items.inputs import Input, Rows, Sheet, chosen, several
from tongban.channels.console.items.sheets import RISKS

_NAME = Input("name", "名称")
_NOTE = Input("note", "备注", "area")
_STATUS = chosen("status", "状态", {status.value: status.label for status in Status})
_KIND = chosen("kind", "类型", {"": "未说明"} | KINDS)
_LEVELS = several("levels", "行使层级", LEVELS)
_BASIS = Rows(
    "legal_basis",
    Basis,
    "law",
    "依据",
    (Input("law", "法律名称"), Input("clause", "条款"), Input("text", "条文", "area")),
    prefix="b",
)
SHEETS: dict[List, Sheet] = {
    List.DIRECTORY: Sheet(
        (_NAME, _KIND, Input("parent", "主项", hint="主项的基本编码"), _LEVELS, _NOTE, _STATUS),
        (_BASIS,),
    ),
    List.POWER: Sheet(
        (
            _NAME,
            _KIND,
            Input("base_code", "基本编码", hint="基本目录中的编码"),
            chosen("source", "权力来源", {"": "未说明"} | POWER_SOURCES),
            _LEVELS,
            Input("subject", "行使对象"),
            Input("content", "行使内容", "area"),
            Input("flow", "运行流程", "area"),
            _NOTE,
            _STATUS,
        ),
        (_BASIS, RISKS),
    ),
    List.DUTY: Sheet(
        (
            _NAME,
            Input("power", "对应的权力", hint="权力清单中的编码"),
            Input("telephone", "监督电话"),
            _NOTE,
            _STATUS,
        ),
        (
            Rows(
                "responsibilities",
                Responsibility,
                "text",
                "责任事项",
                (
                    Input("stage", "环节", hint="受理、审查、决定、送达、事后监管"),
                    Input("text", "责任内容", "area"),
                    Input("basis", "依据"),
                ),
                prefix="d",
            ),
            Rows(
                "accountability",
                Accountability,
                "text",
                "追责情形",
                (Input("text", "情形", "area"), Input("basis", "依据")),
                prefix="a",
            ),
        ),
    ),
    List.NEGATIVE: Sheet(
        (
            _NAME,
            chosen("access", "准入", {access.value: access.label for access in Access}),
            Input("sector", "行业"),
            Input("measure", "管理措施", "area"),
            Input("words", "日常说法", "lines", "一行一个，开店的人怎么说就怎么写"),
            Input("items", "对应的服务", "lines", "一行一个事项编码"),
            _NOTE,
            _STATUS,
        ),
        (_BASIS,),
    ),
    List.INTERMEDIARY: Sheet(
        (
            _NAME,
            Input("provider", "由谁提供"),
            Input("payer", "由谁付费"),
            Input("fee", "收费标准"),
            Input("days", "天数", "number"),
            Input("result", "结果"),
            _NOTE,
            _STATUS,
        ),
        (_BASIS,),
    ),
    List.MATERIAL: Sheet(
        (
            _NAME,
            Input("category", "材料类别", hint="证件证书证明、申请表格文书、其他"),
            Input("aliases", "别名", "lines", "一行一个，各部门对它的叫法"),
            Input("source_department", "来源部门"),
            Input("licence_type", "电子证照"),
            Input("shareable", "可以共享", "tick"),
            _NOTE,
            _STATUS,
        )
    ),
}
