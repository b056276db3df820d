"""The installation's own kinds of codes, from the file that TONGBAN_CODE_SCHEMES names."""

from tongban.foundation.messages import LANGUAGES, said
from tongban.main.settings import BadSetting, Settings


def take_up(settings: Settings) -> Settings:
    """Make the installation's own schemes known to this process. Return the settings.

    :raises BadSetting: if the file cannot be read, or says something that cannot be, naming the
        file, the scheme and the rule.
    """
    if (file := settings.code_schemes) is None:
        return settings
    # Loaded only here, because most installations do without, and starting is to be quick.
    from tongban import catalogue

    try:
        catalogue.add_schemes(catalogue.read_schemes(file.read_text(encoding="utf-8-sig")))
    except OSError as error:
        raise BadSetting(
            f"TONGBAN_CODE_SCHEMES={file}：不能读取 / cannot be read: {error.strerror}"
        ) from None
    except UnicodeDecodeError:
        raise BadSetting(f"TONGBAN_CODE_SCHEMES={file}：应为 UTF-8 编码 / must be UTF-8") from None
    except catalogue.BadSchemes as wrong:
        told = "\n".join(
            " / ".join(said(problem, language) for language in LANGUAGES)
            for problem in wrong.problems
        )
        raise BadSetting(f"TONGBAN_CODE_SCHEMES={file}：\n{told}") from None
    return settings
