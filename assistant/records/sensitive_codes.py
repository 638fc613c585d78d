"""Codes that put a record into a sensitive value set. A modest list: only codes known for certain.

Not here on purpose: tobacco and nicotine (not `substance-use`), viral hepatitis, dementia, ordinary Pap and
HPV screening, HPV vaccine, medicines with mostly other uses (bupropion, trazodone, amitriptyline,
duloxetine, gabapentin, benzodiazepines, letrozole, tadalafil).
"""

HIV = "hiv"
SUBSTANCE = "substance-use"
MENTAL = "mental-health"
SEXUAL = "sexual-health"
REPRODUCTIVE = "reproductive"
GENETIC = "genetic"
VIOLENCE = "violence"

_SNOMED = {
    HIV: "86406008 62479008 165816005 91947003 31676001",
    SUBSTANCE: (
        "7200002 15167005 66590003 66214007 5602001 75544000 55680006 56876005 24165007 266707007 6525002"
        " 361055000 191816009 26416006 78267003 37344009 31956009"
    ),
    MENTAL: (
        "35489007 370143000 36923009 48694002 197480006 21897009 13746004 58214004 47505003"
        " 191736004 371631005"
        " 406506008 6471006 82313006 78667006 17226007 69322001 56882008 78004001 72366004 20010003"
        " 408856003"
        " 171207006 75516001 228557008 225337009 66344007 87512008 832007 231504006 112011000119102"
    ),
    SEXUAL: (
        "8098009 76272004 15628003 240589008 310861008 165829005 269828009 33839006 397803000 860914002"
    ),
    REPRODUCTIVE: (
        "72892002 77386006 19169002 17369002 35999006 79586000 47200007 398254007 11687002 65588006"
        " 424441002"
        " 424619006 169762003 183460006 10383002 714812005 386394001 65200003 68254000"
        " 755621000000101 169553002"
        " 252160004 169230002 274804006 225158009 31208007 66348005 443529005 271442007 134435003"
        " 177184002 454381000124105 237238006 267020005 16356006 8619003 6738008"
    ),
    GENETIC: "443529005",
    VIOLENCE: "706893006 386702006 397940009",
}
_LOINC = {
    HIV: ("75622-1 56888-1 20447-9 25836-8 7917-8 29893-5 5221-7 5222-5 24467-3 7918-6 30361-0 68961-2"),
    SUBSTANCE: (
        "72109-2 75626-2 68517-2 68518-0 68519-8 68520-6 96841-2 96842-0 96843-8 96844-6 88037-7"
        " 75889-6 82667-7"
        " 3426-4 19295-5 3397-7 5640-8"
    ),
    MENTAL: (
        "44249-1 44250-9 44251-7 44252-5 44253-3 44254-1 44255-8 44258-2 44259-0 44260-8 44261-6"
        " 69722-7 55757-9"
        " 55758-7 69737-5 70274-6 71354-5"
    ),
    SEXUAL: "76690-7 76691-5",
    REPRODUCTIVE: "82810-3 86645-9 11996-6 11977-6 8665-2 2106-3 2118-8 11778-8 21198-7 11640-0",
    GENETIC: "51969-4 81247-9 48018-6 55233-1 48004-6 21636-6",
    VIOLENCE: "76501-6 76499-3 76500-8 76502-4 76503-2",
}

CODES: dict[str, dict[str, str]] = {
    letter: {code: label for label, codes in table.items() for code in codes.split()}
    for letter, table in (("s", _SNOMED), ("l", _LOINC))
}
"""Letter of the system → code → value set."""

_ICD = {
    HIV: "B20 Z21 B9735 O987 R75 Z114 Z206 Z717",
    SUBSTANCE: (
        "F10 F11 F12 F13 F14 F15 F16 F18 F19 T40 T51 K70 Z7141 Z7151 O9931 O9932 R780 Y90 G312 I426 G621 K292"
    ),
    MENTAL: (
        "F20 F21 F22 F23 F24 F25 F28 F29 F30 F31 F32 F33 F34 F39 F40 F41 F42 F43 F44 F45 F48 F50 F53"
        " F54 F59 F60"
        " F63 F68 F69 F84 F90 F91 F92 F93 F94 F95 F98 F99 R4585 T1491 Z915 Z9151 O9934"
    ),
    SEXUAL: ("A50 A51 A52 A53 A54 A55 A56 A57 A58 A59 A60 A63 A64 Z113 Z202 F52 F64 F65 F66 N52 Z70 Z87890"),
    REPRODUCTIVE: ("O Z30 Z31 Z32 Z33 Z34 Z35 Z36 Z37 Z39 Z3A Z640 N97 N46 N96 Z9851 Z9852 Z8751 Z8759 Z975"),
    GENETIC: "Z14 Z15 Z137 Z3143 Z3144 Z8481",
    VIOLENCE: (
        "T74 T76 X92 X93 X94 X95 X96 X97 X98 X99 Y00 Y01 Y02 Y03 Y04 Y07 Y08 Y09 Z69 Z914 Z6281 O9A3"
        " O9A4 O9A5"
    ),
}
ICD_PREFIXES: dict[str, str] = {
    prefix: label for label, prefixes in _ICD.items() for prefix in prefixes.split()
}
"""ICD-10(-CM) code beginnings without the dot → value set; the longest that fits counts."""

ANTIRETROVIRALS = (
    "zidovudine lamivudine abacavir emtricitabine efavirenz dolutegravir bictegravir raltegravir"
    " elvitegravir"
    " rilpivirine darunavir atazanavir cobicistat lopinavir cabotegravir maraviroc etravirine"
    " doravirine nevirapine"
    " lenacapavir fostemsavir biktarvy truvada descovy genvoya stribild triumeq dovato juluca"
    " odefsey complera"
    " atripla symtuza prezista prezcobix isentress tivicay cabenuva apretude epzicom combivir tenofovir"
)
SUBSTANCE_MEDICINES = (
    "methadone buprenorphine suboxone zubsolv sublocade naltrexone vivitrol disulfiram antabuse"
    " acamprosate naloxone"
    " narcan lofexidine"
)
PSYCHIATRIC_MEDICINES = (
    "sertraline fluoxetine paroxetine citalopram escitalopram fluvoxamine venlafaxine desvenlafaxine"
    " vortioxetine"
    " vilazodone mirtazapine buspirone lithium aripiprazole quetiapine olanzapine risperidone paliperidone"
    " ziprasidone lurasidone clozapine haloperidol brexpiprazole cariprazine asenapine methylphenidate"
    " dexmethylphenidate amphetamine dextroamphetamine lisdexamfetamine atomoxetine zoloft prozac"
    " paxil celexa"
    " lexapro effexor abilify seroquel zyprexa risperdal adderall ritalin concerta vyvanse strattera"
)
SEXUAL_MEDICINES = "sildenafil vardenafil avanafil viagra levitra"
CONTRACEPTIVES = (
    "levonorgestrel norgestimate etonogestrel drospirenone norethindrone desogestrel norelgestromin"
    " ulipristal"
    " medroxyprogesterone norgestrel segesterone dienogest mifepristone misoprostol seasonique"
    " seasonale yaz yasmin"
    " kyleena mirena liletta skyla paragard nexplanon implanon nuvaring levora trinessa natazia jolivette"
    " estrostep novum menotropins menopur gonal clomiphene clomid cetrorelix ganirelix"
)
"""Names of medicines as they stand in titles; most RxNorm products have theirs there."""
