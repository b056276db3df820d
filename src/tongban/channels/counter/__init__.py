"""The counter (综合窗口): applications are taken in, checked, accepted; results are handed out."""

from tongban.channels.shell.render import NavEntry

NAV = [
    NavEntry("收件受理", "counter.home", permit="cases.accept", icon="list"),
    NavEntry("出件", "counter.delivery", permit="cases.deliver", icon="folder"),
    NavEntry("查找当事人", "counter.people", permit="cases.accept", icon="person"),
    NavEntry("审批工作台", "workbench.home", permit="cases.review", icon="work"),
]
