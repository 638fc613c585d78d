"""Questions that touch every path to a message: values, changes, counts, lists, follow-ups, nothing found."""

QUESTIONS = (
    "What was my last LDL?",
    "How has my LDL changed since 2019?",
    "and before that?",
    "What about HDL?",
    "What was my highest A1c?",
    "How many visits did I have?",
    "What medicines am I taking?",
    "Why do I take atorvastatin?",
    "Am I allergic to penicillin?",
    "Have I ever had asthma?",
    "When was my last flu shot?",
    "What conditions do I have?",
    "What do my notes say about sleep?",
    "What is my weight?",
    "Do I have HIV?",
    "Summarise my history",
    "What happened in 2020?",
    "hypertension",
    "Is 96 good for me?",
)
