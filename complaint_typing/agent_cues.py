"""What an agent's words in a talk do: frozen patterns, zh and en, over folded text."""

from __future__ import annotations

from types import MappingProxyType

from .customer_cues import Patterns

_NEAR = r"[^,.!?没不无]{0,8}"
_DO = "办退查换修派送补转改催调跟"
_DO_LONG = "安排|提交|申请|联系|处理|反馈|登记|上报|取消|核实|跟进|补发|记录"

AGENT: Patterns = MappingProxyType(
    {
        "apology": (
            (r"抱歉|对不起|不好意思|致歉|道歉",),
            (r"sorry|apologi[sz]e|apologies|apology",),
        ),
        "invite": (
            (
                r"(?:慢慢|尽管|只管|继续|接着|从头|详细|具体|先)[说讲]|您[请说讲](?![的过了])|请您?[说讲]",
                r"[说讲]说(?:看|怎么|发生)?|讲讲|说出来|告诉我(?:是)?(?:发生|怎么|什么|出了)",
                r"[发出]生?了什么|怎么(?:回事|了)[,.!?]|什么(?:事|情况|问题)",
                r"什么[^,.!?]{0,3}(?:帮|为您|效劳|服务)|我[在都]?[^,.!?]{0,3}听着|在这儿听|我?在听|我在记|后来呢",
            ),
            (
                r"tell me|go (?:on|ahead)|start at the beginning|start from|take your time",
                r"i(?:'?m| am) (?:listening|all ears|with you|noting)|what(?:'s| has)? (?:happened|going on)",
                r"what is (?:the matter|wrong)|talk me through|say what you like|leave nothing out",
                r"how (?:can|may) i help|what can i (?:do|help)",
            ),
        ),
        "restate": (
            (
                r"复述|重复(?:一[下遍])|总结|概括|跟您(?:对|核对|确认|核实)|我(?:听到|理解|记下|记)的是",
                r"整理一下|捋一[下遍]|您的?意思是|您(?:是说|刚才说|说的是)|也就是说|照您说的|[念读]给您听",
                r"[说讲记理解述][的得](?:对|没错|准)[吗吧不]|对得上[吗吧]|对不对|有没有(?:漏|说错|记错)",
            ),
            (
                r"let me (?:repeat|recap|summari[sz]e|make sure)|(?:let me|to) (?:just )?check (?:that )?i",
                r"(?:say|read) (?:that|it) back",
                r"to (?:recap|sum up|summari[sz]e)|you(?:'re| are) saying|so what you'?re",
                r"what i(?:'m hearing| hear)|in other words|if i(?:'ve)? (?:understand|understood|got)",
                r"(?:have i got|did i get) (?:that|it|this)",
            ),
        ),
        "check": (
            (
                r"是(?:这样|这么回事|这个意思)[吗吧么]|[,.\s](?:对|是)[吗吧么]?[?.! ]*$",
                r"(?:是吗|是吧|对吗|对吧|是嘛|对么|是么|是不是|对不)[?.! ]*$",
            ),
            (
                r"is that (?:right|correct|it|so)|does that match|am i right|isn'?t it\?",
                r"(?:correct|right|yes|agreed)\?",
            ),
        ),
        "feeling": (
            (
                r"(?<![不别勿])(?:生气|着急|心急|焦急|焦虑|担心|揪心|失望|委屈|难受|难过|恼火|窝火|火大|抓狂|气愤|愤怒|不安|害怕|无奈|郁闷|憋屈|憋气|上火)",
                r"您(?:一定|肯定|心里)[^,.!?]{0,2}(?:很|特别|非常|又)(?:不|难|[委揪糟心烦气])",
                r"(?<![不别勿])(?:心寒|寒心|伤心|闹心|糟心|窝心|烦[心躁透]|不是滋味|不好受|不舒服|不痛快|气不过|急坏|[很又真]急)",
            ),
            (
                r"frustrat(?:ed|ing)|upset(?:ting)?|angry|annoy(?:ed|ing)|disappoint(?:ed|ing)",
                r"worr(?:ied|ying)|anxious|hurt(?:ful)?|let down|stress(?:ed|ful)|exhaust(?:ed|ing)",
                r"fed up|scared|frighten(?:ed|ing)|distress(?:ed|ing)|humiliat(?:ed|ing)",
                r"embarrass(?:ed|ing)|tired of|irritat(?:ed|ing)|infuriating|maddening|no fun|hard on you",
                r"(?:that|it|this|you) must (?:be|feel|have been) (?:(?:so|really|very|quite) )?"
                r"(?!(?:the|an?|some|your|my|our|his|her|in|on|at|here|there|wrong|right|sure)\b)[a-z]+",
                r"furious|outraged|weigh(?:s|ing|ed)? on you",
            ),
        ),
        "why": (
            (
                r"(?:对[您你])(?:来[说讲])?[^,.!?]{0,12}(?:重要|要紧|关键|急)",
                r"(?:这么|那么|如此)(?:重要|要紧|急)|等不[得起了]|不能再?[拖等]|必须[^,.!?]{0,6}(?:修好|通|到)|耽误不[得起]",
                r"(?:今天|立刻|马上)就?得[通用好办]|等着用|最(?:要紧|耽误|在意)",
                r"为什么(?:这么)?(?:急|要紧)",
            ),
            (
                r"matters? (?:so much|to you)|(?:so |how )important|important (?:to|for) you",
                r"can(?:'|no)t wait|urgent|has to (?:work|be)",
                r"you need (?:it|this|that) (?:today|now|by|before|for|working)",
                r"holding (?:anything|it|you|up)|why (?:it|this) (?:matters|is)",
            ),
        ),
        "wish": (
            (
                r"您(?:希望|想要|想怎|觉得怎|最希望|的想法|的诉求)|先听您的|听听您的|有什么(?:想法|要求)",
                r"什么样的结果|最好的结果",
                r"(?:怎样|怎么|如何)(?:处理|解决|办)?您?(?:才|会|就)?(?:满意|踏实|合适)|您心里就",
            ),
            (
                r"what would (?:you like|need to happen|be fair|make this right|the best)",
                r"what (?:outcome|result)|how would you like",
                r"what (?:do you want|are you hoping|would you call fair)",
                r"(?:would you (?:like|prefer)|whether you want) (?:us|me) to|you first",
            ),
        ),
        "offer": (
            (
                rf"我(?:现在|这就|马上|立刻|已经|已|来|可以|会|打算|能|先|这边|给您|帮您|替您)+[^,.!?没不无]{{0,6}}(?:[{_DO}]|{_DO_LONG})",
                rf"(?:这边|小妹|小二|妹子|我们){_NEAR}[帮给为替会来]{_NEAR}(?:[{_DO}]|{_DO_LONG})",
                rf"[为给帮替]您{_NEAR}(?:[{_DO}]|{_DO_LONG})",
                r"要么[^,.!?]{1,20}要么|您看(?:呢|行吗|可以吗|好吗|怎么样|这样)|建议您|可以(?:给|为|帮)您",
                r"[前内][^,.!?]{0,4}(?:到账|送到|上门|答复)|我打算|您来定",
            ),
            (
                r"i(?:'ll| will|'m going to| can|'d like to)(?! (?:see|hear|understand|imagine|tell|know))",
                r"i(?:'ve| have) (?:just )?(?:put|sent|arranged|booked|raised|asked|refunded)",
                r"we(?:'ll| will| can|'d like to| could)",
                r"let me (?:arrange|book|send|refund|get you|look|find)|here'?s what|what do you think",
                r"i'?m (?:putting|sending|arranging|booking|refunding)",
                r"(?:two|three|several) (?:ways|options)|which (?:suits|would you)|how about",
                r"would you (?:prefer|rather)|as a (?:gesture|one-off)|whichever suits",
            ),
        ),
        "prevent": (
            (
                r"您(?:那边|这边|这两天|同时|也|先)?[^,.!?]{0,6}(?:先把|先关|关上|存一份|备份|保留|别再|不要再|改密码|留好)",
                r"温馨提[醒示]|提醒您|以免|免得(?!记错|漏|听漏)|防止|避免(?:再|损失)",
            ),
            (
                r"meanwhile|in the meantime|until then|(?:turn|switch) off",
                r"(?:avoid|prevent) (?:any )?(?:further|more)|please keep",
                r"so (?:that )?(?:nothing|it (?:can'?t|doesn'?t)|no more)",
            ),
        ),
        "hush": (
            (
                r"冷静|消消气|息怒|平静一?[下点些]",
                r"(?:不要|别|不用|勿)(?:太|再|这么|先)?(?:生气|激动|着急|急|骂)",
                r"注意(?:您的)?(?:态度|用词|言辞|措辞)|理智一?点|讲点?道理",
            ),
            (
                r"calm(?:ing)? down|(?:stay|keep|remain) calm",
                r"no need to (?:shout|raise|be (?:rude|angry|upset)|get)|be reasonable",
                r"don'?t (?:be|get) (?:angry|upset|so)|(?:watch|mind) your (?:tone|language)",
            ),
        ),
    }
)
"""For each kind the alternatives in zh and in en."""
