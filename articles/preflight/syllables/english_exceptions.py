"""English words that the rules of `english` would count wrong, and what stands for words.

Simple forms follow by themselves: plurals, past tenses, -ing, -ly and the like. Try a change with
`bench/bench_reading_grade.py`.
"""

#: {syllables: words}
EXCEPTIONS = {
    1: """
    ain't aren't can't don't hm hmm juan rein shan't tongue weren't won't
    """,
    2: """
    acne aged bloodshed brilliance business cafe canyon cashier catholic chloe choir chocolate
    cleveland colonel comeback crooked diamond evening farewell frontier fruity giant guinea
    headaches herpes jagged joel jose learned leonard liar louis louise maybe mrs naked naive noah
    opera premier psyche ragged rugged samuel soldier someone sovereign stomachaches toothaches
    triage wednesday wicked wretched
    """,
    3: """
    alias alien ammonia anime atheist cereal compliant diego element fascia fiance finale forensic
    forestry forever heroin heroine karate lineage linear mercedes messiah nuclear oasis ohio
    placebo pneumonia recipe reliant seattle sesame sierra silhouette suicide tenement tokyo
    valuable vegetable vehement vienna virginia wherever wyoming
    """,
    4: """
    california catastrophe coefficient diabetes initiative laboratory pennsylvania
    """,
    6: """
    iliotibial
    """,
}

#: First parts of compounds with a silent "e": "lifestyle", "somebody".
FIRST_PARTS = """
    bare base bone care case cheese date drive else eye face fire fore frame game gate grape
    guide hole home hope horse house ice life like lime line live love make mile more name nice
    nine none note nurse one pace phone pipe place police price rule safe scare shape share side
    size smoke some space spokes state stone store take there time tire trade ware wave where
    white whole wide wine wire
"""

#: Short forms that are read as words, in small letters: {syllables: short forms}
SHORT_FORMS = {
    1: "ft hr hrs lb lbs ms oz st",
    2: "dr jr mr nsaid nsaids ok prof sr vs",
    3: "kg kgs mg",
    4: "cm etc km ml mm",
}

#: Words people write in capitals to stress them. Other capitals that begin with a vowel are read
#: letter by letter.
STRESSED = """
    a aids all also always an and any are as ask at avoid be by call do each eat end even ever every
    for go he if in inside is it me my no of off on once only open or our out over she so to under
    until up use we you
"""
