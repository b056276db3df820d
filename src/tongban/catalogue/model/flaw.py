"""What can be wrong or doubtful in a service guide, in words. Pure.

The rules follow the national code lists and the quality checks that cities run on their guides.
"""

import dataclasses
from dataclasses import dataclass

from tongban.foundation.errors import Problem

# A guide that breaks one of these cannot be taken over.
REFUSED: dict[str, str] = {
    "encoding": "这一行不是 UTF-8 编码（{guess}），请把文件另存为 UTF-8 后重新导入",
    "line_too_long": "这一行超过 {limit} MB，已跳过；请检查是否缺少换行",
    "json": "这一行不是完整的 JSON：第 {position} 个字符附近有错误",
    "json_depth": "这一行的 JSON 嵌套太深",
    "object": "每行应是一个 JSON 对象，这里是{found}",
    "nul": "“{field}”中有空字符（U+0000），请删除后重新导入",
    "missing": "缺少“{field}”，请补上",
    "type": "“{field}”应为{expected}，实际是{found}",
    "text_too_long": "“{field}”最多 {limit} 个字，实际有 {length} 个",
    "unknown_code": "“{field}”的值“{value}”不在代码表中；可用：{known}",
    "negative": "“{field}”不能是负数（{value}）",
    "too_large": "“{field}”不能大于 {limit}（{value}）",
    "unknown_material": "问题选项中的材料“{value}”不在材料清单里",
    "twice": "“{field}”中的“{value}”重复",
    "key": "“{field}”中的“{value}”只能由字母、数字、横线组成，最多 64 个",
    "schema": "“{field}”不是有效的表单定义（JSON Schema 2020-12，每个字段要有 title）",
    "duplicate": "与第 {line} 行是同一个事项，本行没有导入",
    "columns": "这一行有 {found} 列，表头有 {expected} 列",
    "merged": "这一行有左右合并的单元格（{cells}），请拆分后再导入",
    "formula": "“{field}”（{value}）的公式出错或还没有计算，请在表格软件中改正、计算并保存后再导入",
    "code_as_number": "“{field}”的值“{value}”被表格软件当作数字，编码已不完整；"
    "请把这一列设为文本格式，重新填写后再导入",
    "refused": "{reason}",
}
# These are taken over as they are, and told.
DOUBTFUL: dict[str, str] = {
    "promised_over_statutory": "承诺时限（{promised}）长于法定时限（{statutory}）",
    "no_limit": "没有办理时限",
    "unit_assumed": "没有写明时限单位，按工作日处理",
    "no_kind": "没有事项类型",
    "kind_conflict": "事项类型“{name}”与代码“{code}”不一致，以名称为准",
    "no_handling": "没有办件类型，按承诺件处理",
    "no_materials": "没有申请材料",
    "no_conditions": "没有申请条件",
    "vague_material": "材料“{name}”指向不明，申请人不知道要交什么",
    "no_telephone": "没有咨询电话",
    "same_telephone": "咨询电话与投诉电话相同（{telephone}）",
    "fee_missing": "写明收费，但没有收费项目和标准",
    "bare_steps": "办理流程只有环节名称",
    "credit_code": "实施编码中的统一社会信用代码“{code}”校验位不对",
    "own_code": "“{scheme}”{code} 不合这种编码的形式、长度或者校验位",
    "unknown_value": "“{field}”的值“{value}”不在代码表中，原文已保留；可在映射文件中对照",
    "not_a_number": "“{field}”的值“{value}”中没有可识别的数，原文已保留",
    "instant_limit": "时限写作“{value}”，按即办件、1 个工作日处理",
    "shared_code": "与第 {line} 行用同一个编码而名称不同，编码后加了区分码",
    "same_service": "与第 {line} 行（{code}）名称、部门、区划都相同而编码不同，请核对是否重复",
    "code_length": "编码“{code}”有 {length} 位，通常为 {expected} 位",
    "zeros_lost": "编码“{code}”只有 {length} 位数字，通常为 {expected} 位；"
    "前面的 0 可能被表格软件去掉了，请把这一列设为文本格式",
    "unknown_field": "不认识的字段“{field}”，内容已原样保留",
}


@dataclass(frozen=True, slots=True)
class Flaw:
    """One rule that a guide breaks. ``field`` is a path such as ``materials[2].name``."""

    field: str
    rule: str
    details: dict[str, object] = dataclasses.field(default_factory=dict)

    @property
    def refused(self) -> bool:
        return self.rule in REFUSED

    @property
    def message(self) -> str:
        """The message catalogue's key of the rule."""
        return REFUSED.get(self.rule) or DOUBTFUL[self.rule]

    @property
    def problem(self) -> Problem:
        return Problem(self.field, self.message, {"field": self.field, **self.details})

    @property
    def column(self) -> str:
        """The heading under which it stands in a table; empty in a file that has none."""
        return str(self.details.get("field", ""))
