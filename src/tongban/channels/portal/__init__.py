"""The portal (门户): where people and businesses find a service, apply for it and follow it."""

from tongban.channels.shell.render import NavEntry

NAV = [
    NavEntry("首页", "portal.home", icon="home"),
    NavEntry(
        "办事",
        "portal.browse",
        icon="services",
        also=("/items", "/apply", "/search", "/departments", "/halls", "/zones", "/regions"),
    ),
    NavEntry("我的", "portal.my", icon="person"),
]
