"""One table of the headers, English and Chinese, under which exports carry each contract column."""

from __future__ import annotations

import re
import unicodedata
from types import MappingProxyType

_TABLE = {
    "ticket_id": """
        ticket id|ticket number|ticket no|ticket #|ticket|case number|case id|case no|complaint id
        |complaint number|complaint no|conversation id|issue id|issue key|request id|incident number
        |reference number|id|工单编号|工单号|工单id|工单号码|工單編號|工單號|工單號碼|投诉编号|投诉单号
        |投诉id|投訴編號|投訴單號|客訴編號|客訴單號|案件编号|案件号|案件編號|案件號|案號|留言编号|留言編號
        |服务单号|服務單號|受理编号|受理编码|受理編號|会话id|會話id|诉求编号|訴求編號|事件编号|事件編號
        |流水号|流水號|单号|單號|编号|編號
        |個案編號|个案编号|登记编号|登記編號|review id
        """,
    "customer_id": """
        customer id|customer number|customer no|client id|requester id|contact id|user id|account id
        |account number|member id|buyer id|consumer id|caller id|author id|contact: id|requester|客户编号
        |客户id|客户号|客户代码|客户代号|客戶編號|客戶id|客戶號|客戶代號|客戶代碼|顾客编号|顧客編號|顧客代號
        |用户编号|用户id|用户号|用戶編號|用戶id|使用者id|使用者編號|会员编号|会员号|会员id|会员代号|會員編號
        |會員號|會員id|會員代號|留言用户|留言用戶|买家id|买家编号|買家id|投诉人编号|投诉人id|投訴人編號|账号
        |帳號
        |associated contact id|associated contact ids|外部联系人id|cust id
        """,
    "created_at": """
        created at|created|created date|created time|creation date|creation time|date created|created on
        |date/time opened|opened|opened at|open date|date opened|opened date|date received|received at
        |received date|submitted at|submitted on|submission date|requested at|conversation created at
        |conversation started at|started at|ticket created|ticket created at|timestamp|date/time|datetime
        |date|受理时间|受理時間|受理日期|创建时间|創建時間|建立時間|建立日期|创建日期|投诉时间|投诉日期
        |投訴時間|投訴日期|提交时间|提交時間|提交日期|留言时间|留言時間|来电时间|來電時間|反馈时间|反饋時間
        |反映时间|登记时间|登記時間|报案时间|進線時間|进线时间|立案时间|立案時間|诉求时间|訴求時間
        |工单创建时间|工單建立時間|日期|时间|時間
        |create date|complaint date|review date|消息时间|發送時間|发送时间|日期時間|日期时间
        """,
    "text": """
        description|ticket description|case description|complaint text|complaint|complaint description
        |complaint content|complaint details|consumer complaint narrative|complaint narrative|narrative
        |problem description|message body|message|body|content|comment|first comment|conversation body
        |details|issue description|feedback text|feedback|customer message|review text|review
        |投诉内容|投訴內容|投诉详情|投訴詳情|投诉正文|投诉描述|投訴描述|客訴內容|工单内容|工單內容|工单描述|工單描述|问题描述|問題描述|诉求内容|訴求內容|留言详情
        |留言內容|留言内容|反馈内容|反饋內容|反映内容|反映內容|案件内容|案件內容|案情|来信内容|來信內容
        |评论内容|評論內容|描述|正文|内文|內文|内容|內容|文本|详情|詳情
        |complaint body|what happened|first message|review body|消息内容|訊息內容|個案內容
        |个案内容|陳情內容|申诉内容|申訴內容|投诉事项|投訴事項|投诉内容摘要|投訴內容摘要
        """,
    "subject": """
        subject|title|summary|ticket subject|case subject|conversation title|headline|主题|主題|标题|標題
        |留言主题|留言主題|投诉主题|投訴主題|投诉标题|投訴標題|工单标题|工單標題|工单主题|工單主題|案由
        |诉求标题|訴求標題|来信标题|主旨
        |short description|case title|review headline|review title
        """,
    "channel": """
        case origin|source|ticket source|via|contact channel|channel type|support channel|渠道|管道|受理渠道
        |受理管道|来源|來源|投诉渠道|投訴管道|投诉来源|投訴來源|工单来源|工單來源|进线渠道|進線管道
        """,
    "category": """
        ticket type|case type|case reason|complaint category|complaint type|product category|issue type|type
        |topic|类别|類別|分类|分類|投诉类别|投訴類別|投诉分类|投诉类型|投訴類型|问题分类|問題分類|问题类型
        |問題類型|业务类型|業務類型|工单类型|工單類型|工单分类|工單分類|诉求类型|訴求類型
        |业务类别|業務類別
        """,
    "written_by": """
        author type|sender type|message author type|written by role|书写人|撰写人|撰寫人|发言方|發言方
        |发送方|發送方
        |书写者|書寫者
        """,
    "branch": """
        branch name|store|store name|outlet|网点|網點|分行|支行|门店|門市|分店|营业厅|營業廳|分支机构
        |分支機構|门店名称|門店名稱|营业网点
        """,
    "agent_id": """
        assignee id|assignee|agent|agent name|case owner|owner|owner id|assigned to|handled by
        |teammate assigned id|admin assignee id|ticket owner|case worker|坐席工号|座席工号|坐席编号|客服工号
        |客服编号|客服代號|客服編號|员工编号|員工編號|处理人|處理人|受理人|受理人员|受理人員|受理客服
        |客服人员|经办人|經辦人|专员编号|專員編號
        |处理人员编号|處理人員編號|处理人员|處理人員
        """,
    "agent_reply": """
        agent response|agent message|reply|response|first reply|company response|reply text|response text
        |resolution notes|答复意见|答覆意見|答复内容|答覆內容|回复内容|回覆內容|客服回复|客服回覆|回复|回覆
        |答复|答覆|官方回复|官方回覆|商家回复
        |客服答复|客服答覆|客服答復
        """,
    "strategy_done": """
        strategy applied|strategy used|action taken|actions taken|采取策略|採取策略|已采取措施|已採取措施
        |处理措施|處理措施
        |实际采取的策略|實際採取的策略|处理策略|處理策略
        """,
    "resolved_at": """
        resolved|resolved date|resolved time|resolution date|solved at|closed at
        |closed date|date closed|date/time closed|closed on|completed at|date resolved|conversation closed at
        |解决时间|解決時間|办结时间|辦結時間|结案时间|結案時間|结案日期|結案日期|完成时间|完成時間|关闭时间|關閉時間
        |处理完成时间|處理完成時間|归档时间
        |close date|ticket closed time|closed time|完结时间|完結時間|办结日期|辦結日期|resolution time
        """,
    "fault_found": """
        fault|at fault|our fault|company at fault|complaint upheld|upheld|substantiated|fault established
        |是否有责|是否有責|有责|有責|责任认定|責任認定|责任判定|責任判定|是否属实|是否屬實|是否成立
        |投诉是否成立
        """,
    "compensation": """
        goodwill|goodwill amount|goodwill paid|goodwill credit|compensation amount|compensation paid
        |gesture of goodwill|补偿金额|補償金額|补偿|補償|赔偿金额|賠償金額|补偿金|補償金|安抚金|慰问金
        |慰問金|善意补偿|善意補償|赠送金额|贈送金額
        |善意补偿金额|善意補償金額
        """,
    "currency": "currency code|currency iso code|币种|幣別|幣種|货币|貨幣",
    "satisfaction": """
        satisfaction score|satisfaction rating|csat|csat score|csat rating|customer satisfaction
        |conversation rating|survey rating|满意度|滿意度|满意度评分|滿意度評分|满意度评价|满意度得分
        |服务评分|服務評分|客户满意度|客戶滿意度|回访满意度
        """,
    "reopened": """
        is reopened|was reopened|reopen|re-opened|是否重开|是否重開|重开|重開|是否重新打开|重新打开|重新開啟
        |是否重复来电|二次投诉
        """,
    "language": "lang|locale|ticket language|detected language|语言|語言|语种|語種",
    "corrected_type": """
        corrected customer type|更正类型|更正類型|修正类型|修正類型|人工类型|人工類型
        |人工更正后的客户类型|人工更正後的客戶類型
        """,
    "customer_type": """
        labelled customer type|标注类型|標註類型|客户类型标注|客戶類型標註
        |客户类型|客戶類型
        """,
    "secondary_type": "secondary customer type|次要类型|次要類型",
    "emotional_mode": "情绪模式|情緒模式|情绪状态|情緒狀態",
    "risk_signals": "风险信号|風險信號|風險訊號",
    "collection": "语料集|語料集",
    "genre": "文体|文體|体裁|體裁",
    "industry": "行业|行業",
}

ALIASES = MappingProxyType(
    {column: (column, *(alias.strip() for alias in names.split("|"))) for column, names in _TABLE.items()}
)
"""Contract column -> its headers, the best known first; a column's own name always leads."""

_IGNORED = str.maketrans("", "", " \r\n\v\f_.-*\u200b\u200e\u200f\u2060\ufeff\xad")


def normalised(header: str) -> str:
    """A header as it is compared: NFKC, case folded, blanks, underscores, dots and hyphens left out.

    >>> normalised(" Created_At "), normalised("Ｃａｓｅ Number"), normalised("Date/Time Opened")
    ('createdat', 'casenumber', 'date/timeopened')
    """
    return unicodedata.normalize("NFKC", header.strip()).casefold().translate(_IGNORED)


NORMALISED = MappingProxyType(
    {
        normalised(alias): (rank, column)
        for column, names in reversed([*ALIASES.items()])
        for rank, alias in reversed(list(enumerate(names)))
    }
)
"""Normalised alias -> (its rank, 0 for the contract name; contract column)."""

_PLAIN, _OTHER = re.compile(r"[\x00-\x7f]+"), re.compile(r"[^\x00-\x7f]+")
_AROUND = " /|()[]-"
_LONGEST = 60


def known_as(header: str) -> tuple[int, str]:
    """Rank of a header among the aliases of a contract column, and that column; 0 and "" where it is none.

    A name in two languages is known where both say the same column.

    >>> known_as("投诉内容")[1], known_as("工单编号 / Ticket No.")[1], known_as("Ticket 状态")
    ('text', 'ticket_id', (0, ''))
    """
    found = NORMALISED.get(normalised(header))
    if found is None and len(header) <= _LONGEST and _PLAIN.search(header) and _OTHER.search(header):
        wide = unicodedata.normalize("NFKC", header)
        parts = (normalised(other.sub(" ", wide).strip(_AROUND)) for other in (_OTHER, _PLAIN))
        first, second = (NORMALISED.get(part, (0, "")) for part in parts)
        found = min(first, second) if first[1] == second[1] else None
    return found or (0, "")
