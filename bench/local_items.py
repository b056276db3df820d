"""A table of local items: what a few thousand services say, county after county."""

import csv
import random
from collections.abc import Sequence
from pathlib import Path

DEPARTMENTS = ("公安局", "人力资源和社会保障局", "民政局", "市场监督管理局", "住房和城乡建设局",
               "自然资源局", "卫生健康局", "教育局")  # fmt: skip
PAPERS = ("申请书", "申请人身份证", "营业执照", "授权委托书", "经办人身份证", "不动产权证书",
          "劳动合同", "户口簿", "体检合格证明", "无犯罪记录证明", "承诺书", "近期照片")  # fmt: skip
COLUMNS = ("编码", "名称", "主项", "类型", "区划", "地区", "部门", "办件类型", "服务对象", "法定",
           "法定单位", "承诺", "承诺单位", "到场", "材料", "条件", "地址", "咨询",
           "投诉")  # fmt: skip
MAPPING = """
table = { separator = "\\t" }
[fields]
item_code = "编码"
name = "名称"
parent_name = "主项"
type = "类型"
region_code = "区划"
region = "地区"
department = "部门"
handling_type = "办件类型"
service_object = "服务对象"
statutory_days = "法定"
statutory_unit = "法定单位"
promised_days = "承诺"
promised_unit = "承诺单位"
on_site_visits = "到场"
materials = { column = "材料", split = "|" }
conditions = "条件"
"channels.address" = "地址"
"channels.consult" = "咨询"
"channels.complaint" = "投诉"
"""


def write_items(file: Path, made: Sequence[tuple[str, str]], *, number: int) -> None:
    """Write a table of local items: what each service says, county after county."""
    with file.open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream, delimiter="\t")
        table.writerow(COLUMNS)
        for i in range(number):
            county, place = divmod(i, len(made))
            name, main = made[place]
            region = f"45{county // 20 + 1:02d}{county % 20 + 1:02d}"
            of_text = random.Random(place)
            papers = "|".join(of_text.sample(PAPERS, 4))
            condition = f"申请人符合{main}的规定，申请材料齐全、符合法定形式。"
            table.writerow(
                (f"{region}-{place:05d}", name, main, "行政许可", region, f"第{county}县",
                 f"第{county}县{DEPARTMENTS[sum(map(ord, main)) % len(DEPARTMENTS)]}", "承诺件",
                 "自然人", of_text.randint(10, 30), "工作日", of_text.randint(1, 9), "工作日", "1",
                 papers, condition, f"第{county}县政务服务中心{place % 9 + 1}号窗口",
                 f"0770-{2000000 + i % 900000}", f"0770-{3000000 + i % 900000}")
            )  # fmt: skip
