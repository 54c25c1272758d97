"""What a customer's words in a talk show: frozen patterns, zh and en, over folded text."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

Patterns = Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]

_YOU_ARE = (
    r"(?:(?:are|r) (?:you|u)|(?:you|u|ya)(?:'re| are| r| all| lot| people| guys)+|bunch of|pack of|such)"
)
_SOMEONE = r"(?:he|she|they|who|agent|driver|man|woman|manager|guy|lady)"
_NOT_FELT = r"(?<![不没别])"
_IF_NOT = r"(?:再不|要是还?不|如果还?不)[^,.!?]{1,12}[,. ]*[我咱]?(?:就|马上|立刻|现在|直接)[^,.!?]{0,8}"
_WELL_ZH = r"^[嗯恩哦噢啊唉哎,. ]*"
_NOTHING_ZH = r"^[嗯恩好的哦,. ]*(?:暂时|目前)?[没木]有?(?:别的|其[他它]|什么)?(?:事|问题)?[了啦哦]?[,.!~ ]*"
_WELL_EN = r"^(?:(?:well|oh|hm+|um|ok|okay)[,. ]+)?"

CUSTOMER: Patterns = MappingProxyType(
    {
        "insult": (
            (
                r"傻[逼比叉缺帽]|煞笔|沙雕|脑残|智障|白痴|蠢[货猪才驴]|蠢得|猪脑",
                r"狗(?:东西|屁|日的|腿子|眼看人)|放屁|去死|吃屎|脑子(?:被|进水|有病|有坑)",
                r"(?<![打翻谁先])滚(?:蛋|开|出去|远|回去|[!,.]|$)|你个头|死人脸|你他妈|他妈的",
                r"你妈[逼个了]|他娘的|谢谢你全家|tmd|cnm|nmsl|操你|日你[妈娘先仙]|草泥马|王八|混蛋|混账",
                r"畜生|牲口|人渣|败类|饭桶|窝囊废|废物|不要脸|无耻|丧尽天良|丧良心|没良心|黑心(?!棉)",
                r"死骗子|吸血鬼|北七|你们?这[家个间]?烂|烂公司|你们[^,.!?]{0,6}诈骗(?:集团|公司)",
                r"黑了心|缺大?德|最?不是(?:东西|人[!.])|奸商|强盗|土匪|黑店|骗人(?:机构|公司|平台)|骗钱的",
                r"[一这那][群帮伙](?:骗子|垃圾|废|蠢|猪|强盗|流氓|[吃混])|骗子(?:公司|平台|商家)",
                r"(?:^|[,.! ])骗子(?=[!,.]|$)",
                r"(?:你们?|都|就|纯|真)(?:都|就|全|真)?是(?:[一这那]?[群帮伙个])?大?(?:骗子|流氓)",
                r"睁(?:着)?眼(?:睛)?说瞎话|垃圾(?:公司|客服|平台|服务|玩意|商家)",
                r"(?:^|[,.! ])垃圾(?=[!.]|$)|(?:你们?|真是?|就是)(?:个|一堆|太)?垃圾(?![桶袋短分])",
                r"祝你们?[^,.!?]{0,8}(?:倒闭|破产|断子|不得好|拉肚|生病)",
            ),
            (
                rf"{_YOU_ARE} (?:\w+ ){{0,3}}(?:idiots?|morons?|imbeciles?|stupid|liars?|scammers?|crooks?)",
                rf"{_YOU_ARE} (?:\w+ ){{0,3}}(?:thieves|useless|pathetic|incompetent|clowns?|fools?|jokes?)",
                rf"{_YOU_ARE} (?:\w+ ){{0,3}}(?:disgrace|cowards?|criminals?)",
                r"(?:is|are|absolute|bloody|utter|total) (?:a |an )?(?:liars?|thief|thieves|idiots?|morons?)",
                r"(?:is|are|absolute|bloody|utter|total) (?:a |an )?(?:crooks?|clowns?|scum)",
                r"bastards?|arse ?holes?|ass ?holes?|morons|idiots|scumbags?|parasites|leeches|muppets?",
                r"con artists|shysters?",
                r"f+u+c*k+\w*|fkn|f\*+\w*|stfu|shut (?:the \w+ )?up|piss off|get stuffed|bull ?shit",
                r"go to hell|screw you|up yours",
                r"(?:lying|thieving|greedy|useless|incompetent|scam) (?:company|people|thieves|liars|lot)",
                r"(?:lying|thieving|greedy|useless|incompetent|scam) (?:crooks|outfit|app|shower|robots?)",
                r"(?:i )?hate you(?: all| lot| people)?|you (?:disgust|sicken) me",
                r"stick your \w+ (?:where|up)",
            ),
        ),
        "threat": (
            (
                r"弄死|打死你|宰了|砍[死了]?你|砸[了烂死]?你们|砸店|收拾你|有你们?好看|饶不了|别怪我",
                r"不客气了|同归于尽|一把火|[等走]着瞧",
                r"让你们?(?:好看|下岗|滚蛋|丢饭碗|吃不了兜着走|关门|倒闭|付出代价)",
                r"你们?(?:给我)?等着(?=[!.,]|$)|跟你们?没完",
            ),
            (
                r"you(?:'ll| will) (?:all )?(?:regret|be sorry|pay for|wish)",
                r"make (?:you|them) (?:regret|sorry|pay for)|or else|have your (?:job|head)",
                r"get you (?:fired|sacked)|watch your back|i know where you",
                r"(?:ruin|destroy|bury|smash) (?:you|your)|burn (?:you|your|the) \w* ?down",
            ),
        ),
        "contempt": (
            (
                r"你们?算什么|算老几|你们?(?:是个)?什么东西[!.?]|(?:听不懂|会不会[说讲]|能不能[说讲])人话",
                r"闭嘴|骗鬼|鬼才信|什么良心|有没有教养|脸往哪",
                r"你们?(?:是不是)?(?:有毛?病|神经病|聋了?|瞎了?[吗!?]|没长[眼耳脑]|没脑子|傻[吗?]|配吗|也配|懂个|懂什么|还有脸|要不要脸)",
                r"少(?:废话|啰嗦|罗嗦|来这套|忽悠|糊弄|扯|跟我)",
                r"别(?:废话|啰嗦|罗嗦|扯|跟我(?:扯|来这|装|打官腔)|把我当)|当我(?:是)?(?:傻|三岁|白痴)",
                r"耍我|把我当(?:猴|傻|猪)|[吃干]什么吃的|干嘛吃的|养你们|要你们?(?:干嘛|干什么|何用)",
                r"就你们?这(?:水平|态度|素质|德[性行])|打发(?:叫花子|要饭)",
                r"(?:良心|眼睛)(?:被狗|让狗|是用来|长到)|不长记性",
            ),
            (
                r"are you (?:deaf|stupid|blind|thick|brain ?dead|even (?:listening|human))",
                r"can you even read|learn to read",
                r"don'?t (?:you dare|patroni[sz]e me|insult my|play dumb|talk to me like)",
                r"(?:shame on|who do) you(?: think you are)?",
                r"(?:spare me|save (?:it|your breath|your (?:excuses|apolog\w+|script|sorry)))",
                r"cut the crap|get lost|get a real job|what(?:'s| is) wrong with you(?! people do)",
                r"what (?:are you|do you people)(?: even)? (?:good for|paid for|get paid)",
                r"stop (?:wasting my time|lying|reading (?:from )?(?:the|your|that) script)",
                r"you (?:have the|had the|'ve got the) nerve",
                r"(?:my (?:dog|cat)|a monkey|a child|a toddler) could",
                r"do you think i'?m (?:stupid|an idiot)|take me for (?:a fool|an idiot)",
            ),
        ),
        "ultimatum": (
            (
                rf"{_IF_NOT}(?:曝光|报警|起诉|告你|媒体|记者|法院|热搜)",
                r"否则[^,.!?]{0,6}(?:后果|法庭|法院|曝光|媒体|报警|告你|不客气)|后果自负",
                r"最后(?:通牒|一次机会|一次警告|警告)|(?:只)?给你们?[^,.!?]{0,4}(?:分钟|小时)",
            ),
            (
                r"(?:last|final) (?:warning|chance)",
                r"you(?:'ve| have) (?:got )?(?:until|till|\w+ (?:hours?|minutes?)) (?:to|or|before)",
                r"or (?:i'?ll|i will|i'?m going to|we'?ll) (?:see you in court|sue|call the police|expose)",
                r"or (?:i'?ll|i will|i'?m going to|we'?ll) go to the (?:press|papers)",
            ),
        ),
        "upset": (
            (
                rf"{_NOT_FELT}(?:生气|气死|气愤|气炸(?!锅)|气人|气坏|火大|来气|窝火|恼火|愤怒|着急|急死|急{{2,}}|焦急|焦虑|担心|揪心|害怕|失望)",
                rf"{_NOT_FELT}(?:心寒|寒[心了]|委屈|憋屈|憋气|难过|难受|伤心|崩溃|绝望|郁闷|后悔|恶心|抓狂|心慌|心酸|睡不[着好])",
                r"受不了|受够|无语|服了|好烦|烦[死躁透人]|心[烦累]|糟心|闹心|想哭|哭了|流泪|受罪|遭罪",
                r"真他妈|可[气恶恨]|忍无可忍|呜呜|太(?:过分|差|坑|离谱|气人|不像话|欺负人|让人|慢了|黑)",
                r"过分|离谱|不像话|坑[人爹死]|岂有此理|凭什么|欺[负骗]|逗我玩|什么(?:玩意|鬼|破|态度)",
                r"[让叫要劝]我[^,.!?]{0,2}(?:别[激生着]|不要[激生着]|冷静|消气|息怒)",
                r"怎么能?这样|搞什么|真是的|再也不|简直|要疯|疯了|把我当皮球|踢皮球",
            ),
            (
                r"angry|furious|livid|upset(?:ting)?|frustrat\w+|annoy\w+|irritat\w+|disappoint\w+|fed up",
                r"sick (?:and tired )?of|tired of|had enough|worried|anxious|scared|terrified",
                r"(?<!i'm )(?<!i am )afraid|stress(?:ed|ful)|exhaust\w+|in tears|crying|cried|humiliat\w+",
                r"heart ?broken|devastat\w+|desperate|unbelievable|ridiculous|outrageous|absurd",
                r"unacceptable|disgrace\w*|appall\w+|shocking|a joke|insane|nightmare|terrible|horrible",
                r"awful|the worst|disgust\w+|hopeless|betrayed|miserable|losing my mind|wits'? end",
                r"how dare|for (?:god|heaven|pity)'?s sake|kidding me|hurts|hurtful|gutted|pathetic",
                r"(?:tell|telling|told) me to (?:calm|relax|settle)",
                r"shambles|can'?t (?:believe|take|cope|stand|sleep|go on)",
            ),
        ),
        "outcry": ((r"[!?]{3,}",), ()),
        "press": (
            (
                r"快点|快些|赶紧|赶快|马上|立刻|立即|尽快|加急|急[!., ]*$|^急|[退赔还]我?钱|退款|赔偿",
                r"给我(?:退|办|处理|解决|换|发|修)|到底|[解处][决理]|给?个?说法|说话|人呢|回[话复答]|催",
                r"^[?!.~ ]*[?!][?!.~ ]*$",
            ),
            (
                r"now|hurry|immediately|asap|at once|refund|money back|my money",
                r"(?:fix|sort|replace) (?:it|this|mine)|do something|answer(?: me)?|come on|just do it",
            ),
        ),
        "assent": (
            (
                rf"{_WELL_ZH}对(?:的|啊|阿|呀|呢|啦|嘛|喔|哦|咯|齁|滴|头|对|就是|(?=[,.!~ ]|$))",
                rf"{_WELL_ZH}那?(?:没错|冇错|正是|可不(?:是[吗嘛]?|就)?|差不多|算是|确实|完全正确|必须的|还用说)",
                rf"{_WELL_ZH}(?:那?当然(?:是|[了啦啰嘛]|(?=[,.! ]|$))|那?肯定(?:[的啊呀]|(?=[,.! ]|$)))",
                rf"{_WELL_ZH}是(?:的|啊|阿|呀|呢|啦|嘛|喔|哦|滴|这样|这么(?:回|个)|这个意思|(?=[,.! ]|$))",
                rf"{_WELL_ZH}系(?:[呀啊啦嘅])?(?=[,.!~ ]|$)|^你?(?:总算|终于)听[懂明]",
                rf"{_WELL_ZH}就是(?:这样|这个|这么|啊|的|(?=[,.! ]|$))",
                rf"{_WELL_ZH}(?:[你您]?[说讲][的得]?(?:对|没错|是)|[嗯恩]+(?:[,.!~ ]|$|啊|呢))",
                r"^(?:废话[, ]*)?能不[^,.!?]{1,3}[吗嘛]|^废话[, ]*当然",
                r"[换搁]了?谁谁?(?:不|都)|谁不[急气恼火怒愤]",
            ),
            (
                rf"{_WELL_EN}(?:yes|yeah|yep|yup|yea|aye|correct|exactly|precisely|indeed)",
                rf"{_WELL_EN}(?:(?:absolutely|of course)(?! not)|right(?! (?:now|away|this|here)))",
                rf"{_WELL_EN}(?:(?:spot|bang|dead) on|(?:too|damn|dead) right|sure is|for sure)",
                rf"{_WELL_EN}that(?:'s about it| is about it| sums it up)",
                rf"{_WELL_EN}that(?:'s| is) (?:right|correct|it|true|exactly)",
                r"^(?:true|you'?re right|you(?:'ve)? got (?:it|that)|you could say (?:that|so)|pretty much)",
                r"^(?:more or less|mm+-?h?m*|uh-?huh|wouldn'?t you|who wouldn'?t)",
                r"^(?:i|it|they|he|she|we) (?:am|was|is|did|does|do|have|has|were)(?=[,.! ]*$|[,.])",
            ),
        ),
        "correct": (
            (
                r"不对|(?<![可是])不是(?![吗很太]|说)|错了|不是这样|我没有?说|没说过|你没(?:听|明白|理解|懂)",
                r"[听搞弄说讲记]错|[说讲弄搞]反|应该是|[^,.!?]{1,6}(?<![可是])不是[^,.!?]{1,6}",
            ),
            (
                r"^no|not (?:quite|exactly|really|what i|right)|wrong|that'?s not",
                r"you(?:'re| are) not listening|actually",
                r"you (?:didn'?t|don'?t|never) (?:listen|understand|get)|i (?:never|didn'?t) sa(?:y|id)",
            ),
        ),
        "refuse": (
            (
                r"不行|(?<!要)不(?:接受|同意|答应|认|干|满意|稀罕|够)|不要(?!紧|太|急|再)|没用",
                r"有[屁啥个]?什?么?用|不可能|谁要|糊弄|打发(?:我|谁)|又是(?:这|等)|还是[这那][套句]",
                r"算了吧|做梦|说得?好听|不需要你们|^不好(?=[,.! ]|$)",
                r"免谈|没门(?=[,.! ]|$)|门都没有|想得美|怎么行|唔[得好]",
                r"太[久长晚少](?=[了啦,.! ]|$)|等不[了起及]|这?算什么(?:解决|处理|办法)",
            ),
            (
                r"no way|not (?:good )?enough|won'?t (?:do|accept)",
                r"i (?:don'?t|do not) (?:want|accept|agree|care)|forget it|no deal",
                r"that'?s (?:useless|no (?:good|use|help)|not (?:good|acceptable|on))|not acceptable",
                r"i refuse|not interested|doesn'?t help|(?:^|(?<=[.!?] ))no(?=[.!]|$)|nope|absolutely not",
                r"not a chance|not happening|i don'?t think so|too (?:long|late|little)|can'?t wait",
            ),
        ),
        "accept": (
            (
                r"好[的吧嘞呀啊喔唷哟滴]|(?:^|[,.! 嗯哦额])好(?=[,.! ]|$)|行(?=[,.!吧 ]|$)|没问题|同意",
                r"(?<![候么样不还才我就])可以(?=[,.!的啊呀喔哦 ]|$)|没毛病|^得(?=[,.! ]|$)",
                r"就这[么样][办定吧]|就?照你说的|听你的|麻烦你|辛苦|那我等|等[你您]们?(?:的)?(?:消息|电话|回|答)|知道了",
                r"明白了|收到(?=[,.!谢 ]|$)|^成(?=[,.! ]|$)",
            ),
            (
                r"ok|okay|fine|great|perfect|agreed|deal|sure|that (?:works|helps)",
                r"sounds (?:good|fair|fine|reasonable)|fair enough",
                r"that would be (?:good|great|fine|ok|okay|lovely)",
                r"i'?ll (?:wait|take that|do that|accept)|al(?:l ?)?right|got it|i see|yes,? please",
                r"that(?:'ll| will) do|works for me|go ahead|please do(?=[.,! ]*$)|let'?s do (?:it|that)",
            ),
        ),
        "thank": (
            (r"谢[谢了啦过您你]|多谢|感谢|辛苦了",),
            (r"thanks?|thank you|thx|ty|cheers|appreciate (?:it|that|your|you)|grateful|much obliged",),
        ),
        "close": (
            (
                rf"{_NOTHING_ZH}$",
                rf"{_NOTHING_ZH}(?:谢|多谢|感谢|再见)",
                r"没有?(?:别的|其他|其它)(?:事|问题)?了|就这[样些][吧了]?[,.! ]*(?:谢|$)|不用了?,? ?谢",
                r"再见|拜拜|掰掰|^拜(?=[,.! ]|$)|^再会|(?:^|[,.! 那])先这样(?=[,.!吧了 ]|$)",
            ),
            (
                r"that(?:'s| is) (?:all|everything)|nothing else",
                r"no,? (?:that(?:'?s| is) it|thanks?|thank you|nothing)|good ?bye|bye|good ?night",
            ),
        ),
    }
)
"""For each kind the alternatives in zh and in en. Attack shows in `insult`, `threat`, `contempt` and
`ultimatum`; feeling in `upset` and `outcry`."""

REPORTED: tuple[tuple[str, ...], tuple[str, ...]] = (
    (
        r"(?:他|她|对方|老板娘?|店[员主]|师傅|司机|导游|医[师生]|保安|人员|客服|同事|经理|主管)们?[^.!?]{0,10}[说骂吼喊讲问回][^.!?]{0,14}$",
        r"(?:[说骂叫当喊]我|认成|原话|一句)[^.!?]{0,8}$",
    ),
    (
        rf"{_SOMEONE} (?:\w+ )?(?:said|says|told|called|calls)[^.!?]{{0,30}}$",
        r"(?:shouted|yelled)[^.!?]{0,30}$",
        r"(?:called|told|calls|calling) (?:me|us|my \w+)[^.!?]{0,30}$",
    ),
)
"""What stands before words that the customer only reports."""
