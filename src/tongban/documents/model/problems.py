"""What can be wrong with an upload, in words that name the file, the rule and what to do."""

from tongban.foundation.errors import Problem

FIELD = "file"


def empty(name: str) -> Problem:
    return Problem(FIELD, "“{name}”是空文件，没有内容；请检查后重新选择", {"name": name})


def too_large(name: str, *, size: int, limit: int) -> Problem:
    return Problem(
        FIELD,
        "“{name}”有 {size} MB，超过单个文件 {limit} MB 的上限；请压缩，或分成几个文件上传",
        {"name": name, "size": f"{size / 2**20:.1f}", "limit": limit // 2**20},
    )


def unknown_type(name: str) -> Problem:
    return Problem(
        FIELD,
        "“{name}”的内容不是可以上传的格式；可以上传 PDF、JPG、PNG、WebP、OFD、DOCX、XLSX，"
        "请转换后再上传",
        {"name": name},
    )


def other_type(name: str, *, found: str) -> Problem:
    return Problem(
        FIELD,
        "“{name}”的内容是 {found} 格式，不能上传；可以上传 PDF、JPG、PNG、WebP、OFD、DOCX、XLSX，"
        "请转换后再上传",
        {"name": name, "found": found},
    )


def damaged(name: str) -> Problem:
    return Problem(
        FIELD, "“{name}”已损坏或不完整，无法打开；请重新生成或重新扫描后再上传", {"name": name}
    )


def locked(name: str) -> Problem:
    return Problem(FIELD, "“{name}”设有密码，工作人员无法打开；请去掉密码后再上传", {"name": name})


def too_complex(name: str) -> Problem:
    return Problem(
        FIELD, "“{name}”的结构过于复杂，无法检查；请另存为普通 PDF 后再上传", {"name": name}
    )


def active_pdf(name: str, *, found: str) -> Problem:
    return Problem(
        FIELD,
        "“{name}”里有会自动运行或向外发送的内容（{found}），不能上传；请用“打印为 PDF”另存后再上传",
        {"name": name, "found": found},
    )


def too_many_pages(name: str, *, pages: int, limit: int) -> Problem:
    return Problem(
        FIELD,
        "“{name}”有 {pages} 页，超过单个文件 {limit} 页的上限；请分成几个文件上传",
        {"name": name, "pages": pages, "limit": limit},
    )


def too_many_pixels(name: str, *, width: int, height: int, limit: int) -> Problem:
    return Problem(
        FIELD,
        "“{name}”的尺寸是 {width}×{height} 像素，超过 {limit} 百万像素的上限；请缩小图片后再上传",
        {"name": name, "width": width, "height": height, "limit": limit // 1_000_000},
    )


def too_much_unpacked(name: str, *, limit: int) -> Problem:
    return Problem(
        FIELD,
        "“{name}”解压后超过 {limit} MB 或压缩比异常，可能损害系统；"
        "请减少内容，或另存为 PDF 后再上传",
        {"name": name, "limit": limit // 2**20},
    )


def too_many_entries(name: str, *, count: int, limit: int) -> Problem:
    return Problem(
        FIELD,
        "“{name}”里有 {count} 个部件，超过 {limit} 个的上限；请减少内容，或另存为 PDF 后再上传",
        {"name": name, "count": count, "limit": limit},
    )


def macros(name: str) -> Problem:
    return Problem(
        FIELD, "“{name}”里有宏，不能上传；请另存为不含宏的文件或 PDF 后再上传", {"name": name}
    )


def embedded(name: str, *, found: str) -> Problem:
    return Problem(
        FIELD,
        "“{name}”里嵌有其他文件或程序（{found}），不能上传；"
        "请删去后重新保存，或另存为 PDF 后再上传",
        {"name": name, "found": found},
    )


def fetches(name: str, *, found: str) -> Problem:
    return Problem(
        FIELD,
        "“{name}”打开时会自动读取外部内容（{found}），不能上传；"
        "请断开外部链接，或另存为 PDF 后再上传",
        {"name": name, "found": found},
    )
