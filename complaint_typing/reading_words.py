"""In Chinese: what encodings, formats and times say of themselves in English, and why a run stopped."""

from __future__ import annotations

import re

_PHRASES = tuple(
    (re.compile(english), chinese)
    for english, chinese in (
        (r"byte order mark", "有字节顺序标记"),
        (r"plain ASCII", "全是 ASCII 字符"),
        (r"valid but for (\d+) bytes", r"除 \1 个字节外都有效"),
        (
            r"(\d+) of (\d+) lines with non-ASCII characters are valid, others are not",
            r"\2 个含非 ASCII 字符的行中 \1 行有效，其余无效",
        ),
        (r"valid, (\d+) non-ASCII characters", r"有效，含 \1 个非 ASCII 字符"),
        (r"frequency of usual characters: (.*)", r"按常用字的多少判定：\1"),
        (r"no encoding fits \((.*)\); read as UTF-8", r"没有合适的编码（\1），按 UTF-8 读"),
        (r"(\S+) usual characters; as (\S+) (\S+)", r"常用字占 \1；若按 \2 只占 \3"),
        (r"given as (.*)", r"指定为 \1"),
        (r"an Excel workbook", "Excel 工作簿"),
        (r"a Parquet file", "Parquet 文件"),
        (r"delimiter (.*), quote (.*), header in line (\d+)", r"分隔符 \1，引号 \2，表头在第 \3 行"),
        (r"sheet (.*) of (\d+), header in row (\d+)", r"工作表 \1（共 \2 个），表头在第 \3 行"),
        (r"JSON, one array of objects", "JSON，一个对象数组"),
        (r"JSON, the array of objects under (.*)", r"JSON，\1 下的对象数组"),
        (r"JSON, an object on each line", "JSON，每行一个对象"),
        (r"Parquet", "Parquet，按列存放的表"),
        (r"not a time", "不是时间"),
        (r"seconds since 1970", "1970年以来的秒数"),
        (r"milliseconds since 1970", "1970年以来的毫秒数"),
        (r"([DMYhms].*) or (.*) and zone", r"\1 或 \2，带时区"),
        (r"([DMYhms].*) or (.*)", r"\1 或 \2"),
        (r"([DMYhms].*) and zone", r"\1，带时区"),
        (r"memory is short", "内存不足"),
        (r"a worker process was killed, perhaps for lack of memory", "工作进程被终止，可能是内存不足"),
        (r"File too large for this system or for the limit of the process", "文件超出系统或进程的大小限制"),
        (r"No space left on device", "磁盘已满"),
        (r"Disk quota exceeded", "磁盘配额已用完"),
        (r"Input/output error", "读写磁盘出错"),
    )
)


def in_chinese(said: str) -> str:
    """A sentence of these in Chinese; what has no translation stays as it is.

    >>> in_chinese("valid, 512 non-ASCII characters")
    '有效，含 512 个非 ASCII 字符'
    >>> in_chinese("delimiter ',', quote '\\"', header in line 1, lines end in a lone CR")
    '分隔符 \\',\\'，引号 \\'"\\'，表头在第 1 行，行以单个 CR 结尾'
    """
    ending = re.fullmatch(r"(.*)(, lines end in a lone CR)", said)
    if ending:
        return in_chinese(ending[1]) + "，行以单个 CR 结尾"
    for english, chinese in _PHRASES:
        if english.fullmatch(said):
            return english.sub(chinese, said)
    return said
