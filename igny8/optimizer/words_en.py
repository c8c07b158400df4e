"""English words that the analyzer knows: function words, transitions, forms of the passive.

Put together for igny8 from grammar; how they are used stands in `prose` and `keyphrase`.
"""

from __future__ import annotations

# Words that carry no topic of their own: a keyphrase is what is left without them.
FUNCTION_WORDS = frozenset(
    str.split("""
    e.g i.e a an the i me my mine myself we us our ours ourselves you your yours yourself yourselves
    he him his himself she her hers herself it its itself they them their theirs themselves
    oneself this that these those such same other others another who whom whose which what
    whatever whichever whoever whomever when whenever where wherever why how however whence
    some somebody someone something somewhere any anybody anyone anything every everybody
    everyone everything everywhere each either neither both all none nobody nothing no not few
    fewer little less lot lots many more most much several enough plenty one two three four
    five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
    eighteen nineteen twenty hundred hundreds thousand thousands million millions billion
    billions first second third fourth fifth sixth seventh eighth ninth tenth last next aboard
    about above across after against along alongside amid among amongst around as at before
    behind below beneath beside besides between beyond by despite down during except for from
    in into like near of off on onto opposite out over past per since than through throughout
    till to toward towards under underneath unlike until up upon versus via with within
    without and but or nor so yet although because if lest once though unless whereas whether
    while albeit provided then else am is are was were be been being isn't aren't wasn't
    weren't do does did done doing don't doesn't didn't have has had having haven't hasn't
    hadn't can can't cannot could couldn't may might must shall shan't should shouldn't will
    won't would wouldn't ought needn't i'm i've i'll i'd you're you've you'll you'd he's he'll
    he'd she's she'll she'd it's it'll it'd we're we've we'll we'd they're they've they'll
    they'd that's there's here's what's let's get gets got getting gotten go goes going gone
    went come comes came coming make makes made making take takes took taken keep keeps kept
    keeping let lets put puts putting seem seems seemed appear appears appeared become becomes
    became becoming remain remains remained need needs want use used say says said saying
    tells told ask asks asked asking claimed stated mean means meant think thinks suggests
    suggested explain explains explained showed shown try tries tried able ago already also
    always again almost altogether anyway apart aside away back certainly clearly definitely
    early especially even eventually ever extremely fairly far finally fully generally here
    highly immediately indeed instead just later lately mainly maybe mostly namely nearly
    never nevertheless nonetheless now nowadays obviously occasionally often only otherwise
    perhaps previously probably quite rather really recently regularly relatively shortly
    simply sometimes somewhat soon still suddenly therefore there thereby thus too truly
    usually very well actually basically absolutely totally completely currently directly
    easily hence furthermore moreover meanwhile further forward accordingly consequently
    likewise similarly additionally afterwards particularly partly slightly good better best
    bad worse worst great big bigger biggest large larger largest small smaller smallest easy
    easier easiest hard harder hardest new newer newest old older oldest nice high low long
    longer short shorter simple real main major different important possible likely certain
    sure similar fast awesome special specific day days today tomorrow yesterday week weeks
    month months year years hour hours minute minutes times thing things stuff way ways kind
    kinds matter part parts piece pieces bit case aspect item items person percent tbsp oz lb
    kg ml mr mrs ms dr prof jr sr yes yeah ok okay oh wow please etc afterward aha amidst
    anymore anyone's apparently awful beautiful called commonly complete constantly contain
    contains current detail details discussed discusses eighteenth eleventh entire equally
    everyone's evidently explicitly faster fastest fifteenth following hereby higher highest
    idea including instance least longest lower lowest naturally necessary normal obvious
    one's ones oops ouch overall own particular phew previous recent seconds seriously
    shortest significantly simpler simplest someone's specifically surprisingly talked thrice
    tiny ton tons top trying turn turned turns twelfth twentieth twice ugh undoubtedly using
    usual whatsoever wherein whilst widely
    """)
)

# A word or phrase of these ties its sentence to what stands around it. By what they express.
_TRANSITIONS_BY_MEANING = {
    "addition": """
        additionally, also, another, as well as, besides, equally, equally important,
        further, furthermore, in addition, likewise, moreover, not only, together with, what
        is more, what's more
    """,
    "contrast": """
        albeit, although, anyway, as opposed to, at the same time, be that as it may, but,
        conversely, despite, different from, either way, even if, even so, even though, even
        when, however, in any case, in contrast, in spite of, instead, nevertheless,
        nonetheless, nor, notwithstanding, on one hand, on the contrary, on the other hand,
        otherwise, rather, rather than, regardless, still, than, though, unlike, whereas,
        while
    """,
    "cause": """
        accordingly, as a result, because, because of, consequently, due to, for that
        reason, for the same reason, for this purpose, for this reason, given that, hence,
        in order to, on account of, owing to, since, so, so as to, so that, therefore, thus,
        to that end, to this end, with this in mind
    """,
    "condition": """
        as long as, as much as, if, if anything, if necessary, if not, if possible, if so,
        in case, in that case, in the event that, in this case, lest, only if, provided
        that, so long as, unless, when possible, whether
    """,
    "time": """
        after a while, after that, afterward, afterwards, all at once, all of a sudden, as
        soon as, at first, at last, at length, at this point, at this time, before, before
        that, before this, by the time, by then, concurrently, during, earlier, earlier on,
        eventually, ever since, finally, firstly, following, formerly, from now on, from
        then on, from time to time, henceforth, in the first place, in the long run, in the
        meantime, in the second place, in time, initially, last, last of all, lastly, later,
        later on, meanwhile, now that, occasionally, previously, prior to, secondly,
        shortly, shortly after, simultaneously, since then, so far, soon, soon after,
        subsequently, suddenly, then, thereafter, thirdly, this time, till, to begin with,
        until, until now, until recently, until then, when, whenever
    """,
    "example": """
        as shown above, chiefly, e.g., especially, for example, for instance, for one thing,
        i.e., in detail, in particular, in the same way, including, mostly, namely, note
        that, particularly, primarily, specifically, such as, that is, to clarify, to
        demonstrate, to explain, to illustrate, to list, to repeat
    """,
    "summary": """
        after all, all in all, all things considered, altogether, basically, by and large,
        for the most part, generally, in a word, in brief, in conclusion, in effect, in
        essence, in general, in other words, in short, in sum, in summary, on balance, on
        the whole, overall, to conclude, to sum up, to summarize
    """,
    "emphasis": """
        above all, actually, as a matter of fact, at any rate, at least, certainly,
        emphatically, evidently, explicitly, in fact, in reality, in truth, indeed, last but
        not least, not to mention, obviously, of course, significantly, surely,
        surprisingly, to be sure, to emphasize, undoubtedly, unquestionably, without a
        doubt, without doubt
    """,
    "comparison": """
        as if, as though, by comparison, by the same token, comparatively, compared to,
        correspondingly, even more, identically, in like manner, similarly, so as
    """,
}
TRANSITIONS = tuple(
    sorted(
        " ".join(phrase.split())
        for phrases in _TRANSITIONS_BY_MEANING.values()
        for phrase in phrases.split(",")
    )
)

# Both parts in one sentence, in any order.
TWO_PART_TRANSITIONS = (
    ("both", "and"),
    ("either", "or"),
    ("neither", "nor"),
)

# Sentences that begin with these are told apart by their second word.
BEGINNING_EXCEPTIONS = frozenset(
    str.split("the a an this that these those one two three four five six seven eight nine ten")
)

# Full stops after these do not end a sentence.
ABBREVIATIONS = frozenset(
    str.split("""
    mr mrs ms mx dr prof sr jr st rev hon gen col maj cpt lt sgt pvt adm gov sen rep mt no e.g i.e
    vs esq fr br msgr viz a.d b.c
    """)
)

AUXILIARIES = frozenset(
    str.split("""
    am is are was were be been being isn't aren't wasn't weren't i'm you're he's she's it's
    we're they're that's what's get gets got gotten getting
    """)
)

# A clause ends before these.
CLAUSE_STARTERS = frozenset(
    str.split("""
    and or but because since although though while whereas when whenever where wherever if
    unless until till before after as than that which who whom whose what how why whether once
    lest provided during to
    """)
)

# Words in -ing that are no verbs, so no clause begins with them.
ING_NOUNS = frozenset(
    str.split("""
    anything something thing king ring cling being getting
    """)
)

# Directly before a participle, these make it an adjective or a noun: "the painted wall".
PARTICIPLE_BLOCKERS = frozenset(
    str.split("""
    the a an this that these those my your his her its our their no some every many much few
    several all more most less enough whose which what to having about above across against
    along among around at before behind below beneath beside between beyond by for from in
    into like near of off on onto over through throughout toward towards under until upon with
    without as first second third fourth fifth have has kind
    """)
)

# Words in -ed that are no participle, or that describe rather than report an action.
NO_PARTICIPLES = frozenset(
    str.split("""
    bed bleed breed creed deed embed exceed feed greed heed hundred indeed infrared kindred
    need newlywed proceed reed sacred seed shed shred so-called speed steed succeed tweed weed
    naked jagged hatred biped based concerned excited talented related unrelated unlimited
    dogged specified ratified unified verified studied freed unbounded undefined unfinished
    provided qualified ashamed located armored horned mystified clarified fortified notified
    classified simplified justified certified amplified purified horrified occupied denied
    varied accompanied queried
    """)
)

IRREGULAR_PARTICIPLES = frozenset(
    str.split("""
    arisen awoken beaten beat become begun bent bet bid bidden bitten bled blown bought bound
    bred broadcast broken brought built burnt burst bust cast caught chosen clung come cost
    crept cut dealt done drawn dreamt driven drunk dug dwelt eaten fallen felt fit fled flown
    flung forbidden forecast foregone foreseen foretold forgiven forgotten forsaken fought
    found frozen given gone gotten ground grown had handwritten heard held hewn hidden hit
    hung hurt inlaid input interwoven kept knelt knit known laid lain leant leapt learnt left
    lent let lit lost made meant met misled misread misspelt misspent mistaken misunderstood
    mown offset outdone outgrown outsold overcome overdone overdrawn overeaten overheard
    overlaid overpaid overridden overrun overseen overshot oversold overtaken overthrown paid
    partaken preset proven put quit read rebuilt recast redone redrawn reheard remade resent
    reset resold retaken rethought retold rewound rewritten rid ridden risen run rung said sat
    sawn seen sent set sewn shaken shaven shone shot shown shrunk shut slain slept slid slit
    slung smelt sold sought sown spat spelt spent spilt split spoilt spoken spread sprung spun
    stolen stood stricken striven strewn struck stuck stung stunk sublet sung sunk swept
    swollen sworn swum swung taken taught thought thrown thrust told torn trodden typeset
    undergone understood undertaken underwritten undone unwound upheld upset wed wept wet
    withdrawn withheld withstood woken won worn wound woven written wrung proofread
    """)
)
