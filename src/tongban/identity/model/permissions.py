"""What the permissions are called that roles hold."""

from tongban.foundation.permissions import name_permissions
from tongban.identity.model.officers import ROLE_NAMES

PERMISSION_NAMES = {
    "cases.apply": "申请办事",
    "cases.own": "办理自己的办件",
    "evaluation.rate": "评价服务",
    "cases.read": "查阅办件",
    "trace.read": "查看留痕",
    "rulebook.read": "查阅规则",
    "process.read": "查看流程",
    "process.work": "办理流程环节",
    "process.start": "启动流程",
    "cases.accept": "收件和受理",
    "cases.deliver": "发放办理结果",
    "cases.review": "审查办件",
    "process.assign": "指派流程环节",
    "process.watch": "查看流程实例",
    "cases.decide": "决定办件",
    "rulebook.review": "审核规则",
    "catalogue.read": "查看事项目录",
    "catalogue.review": "审核事项目录",
    "process.skip": "跳过流程环节",
    "process.publish": "发布流程",
    "process.migrate": "迁移流程实例",
    "catalogue.edit": "编辑事项目录",
    "catalogue.import": "导入事项目录",
    "rulebook.edit": "编辑规则",
    "process.draft": "设计流程",
    "supervision.read": "查看监督信息",
    "evaluation.remedy": "整改差评",
    "operations.read": "查看运行状况",
    "operations.replay": "重新投递和重试任务",
    "calendar.edit": "维护工作日历",
    "process.operate": "处置流程实例",
    "process.message": "向流程发送消息",
    "catalogue.exchange": "管理上报批次",
    "identity.manage": "管理人员和授权",
}

# A role is a permission, too: a process names by it who does a step.
name_permissions(PERMISSION_NAMES | {f"role.{role}": name for role, name in ROLE_NAMES.items()})
