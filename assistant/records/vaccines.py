"""Plain names for common CVX vaccine codes: health cards carry the code without any words.

Used only where the source gives no name of its own.
"""

_NAMES = {
    "COVID-19 vaccine": "213 500",
    "COVID-19 vaccine (mRNA, Moderna)": "207 221 227 228 229 230 311 312",
    "COVID-19 vaccine (mRNA, Pfizer)": "208 217 218 219 300 301 302 308 309 310",
    "COVID-19 vaccine (AstraZeneca)": "210",
    "COVID-19 vaccine (Novavax)": "211 313",
    "COVID-19 vaccine (Janssen)": "212",
    "Influenza vaccine": "88 135 140 141 149 150 155 158 161 168 171 185 186 197 205",
    "Measles, mumps and rubella vaccine": "03",
    "Hepatitis B vaccine": "08 43 44 45 189",
    "Hepatitis A vaccine": "52 83 85",
    "Hepatitis A and B vaccine": "104",
    "Tetanus and diphtheria vaccine": "09 113 139",
    "Tetanus, diphtheria and pertussis vaccine (Tdap)": "115",
    "Diphtheria, tetanus and pertussis vaccine (DTaP)": "20 106 107",
    "Polio vaccine": "10 89",
    "Chickenpox vaccine": "21",
    "Shingles vaccine": "121 187 188",
    "Pneumococcal vaccine": "33 109 133 152 215 216",
    "HPV vaccine": "62 118 137 165",
    "Meningococcal vaccine": "32 108 114 136 147 162 163",
    "Haemophilus influenzae type b vaccine": "17 48 49",
    "Rotavirus vaccine": "116 119 122",
    "RSV vaccine": "303 304 305 314",
}
CVX_NAMES: dict[str, str] = {code: name for name, codes in _NAMES.items() for code in codes.split()}
"""CVX code → name."""
