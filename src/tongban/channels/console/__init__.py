"""The console (管理): for those who keep the platform running."""

from tongban.channels.shell.render import NavEntry

NAV = [
    NavEntry("概况", "console.home", group="运行"),
    NavEntry(
        "失败投递", "console.dead_letters", permit="operations.read", group="运行", icon="warning"
    ),
    NavEntry("流程实例", "console.instances", permit="process.watch", group="运行", icon="chart"),
    NavEntry("任务", "console.jobs", permit="operations.read", group="运行", icon="clock"),
    NavEntry("留痕查询", "console.trace", permit="trace.read", group="监督", icon="search"),
    NavEntry(
        "事项管理",
        "console.items",
        permit="catalogue.read",
        group="基础数据",
        also=("/console/drafts", "/console/agreement"),
        icon="services",
    ),
    NavEntry("批量修改", "console.sets", permit="catalogue.read", group="基础数据", icon="edit"),
    NavEntry(
        "没有主题的事项", "console.themes", permit="catalogue.edit", group="基础数据", icon="help"
    ),
    NavEntry(
        "专区和导航", "console.zones", permit="catalogue.edit", group="基础数据", icon="place"
    ),
    NavEntry(
        "清单和标准材料",
        "console.lists",
        permit="catalogue.read",
        group="基础数据",
        also=("/console/entries", "/console/materials"),
        icon="list",
    ),
    NavEntry("导入", "console.imports", permit="catalogue.read", group="基础数据", icon="upload"),
    NavEntry(
        "上报待办", "console.refusals", permit="catalogue.edit", group="基础数据", icon="bell"
    ),
    NavEntry(
        "上报批次", "console.batches", permit="catalogue.exchange", group="基础数据", icon="globe"
    ),
    NavEntry(
        "目录质量", "console.quality", permit="catalogue.edit", group="基础数据", icon="check"
    ),
    NavEntry(
        "流程",
        "console.processes",
        permit="process.read",
        group="基础数据",
        also=("/console/migrations",),
        icon="next",
    ),
    NavEntry("规则", "console.rules", permit="rulebook.read", group="基础数据", icon="star"),
    NavEntry("日常用语", "console.words", permit="catalogue.edit", group="基础数据", icon="person"),
    NavEntry(
        "没有搜到的话", "console.misses", permit="catalogue.edit", group="基础数据", icon="search"
    ),
    NavEntry(
        "工作日历", "console.calendar", permit="calendar.edit", group="基础数据", icon="calendar"
    ),
]
