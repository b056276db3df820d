"""The workbench (审批工作台): officers handle, review and decide cases here, all day."""

from tongban.channels.shell.render import NavEntry

NAV = [
    NavEntry("待办", "workbench.home", permit="cases.read", icon="list"),
    NavEntry("综合窗口", "counter.home", permit="cases.accept", icon="person"),
]
